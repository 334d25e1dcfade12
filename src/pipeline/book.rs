//! The ledger's book, filled with the contacts that are known and with what the lexicon knows of places.

use crate::ledger::{Book, Places};
use crate::lexicon::Lexicon;
use crate::model::contact::Contact;

/// A book of known contacts that knows which city lies in which country, and which venue where.
#[must_use]
pub fn book(lexicon: &Lexicon, contacts: impl IntoIterator<Item = Contact>) -> Book {
    let mut book = Book::with_places(places(lexicon));
    for contact in contacts {
        book.insert(contact);
    }
    book
}

/// Cities and regions, and venues, each with the name of the country that holds it.
fn places(lexicon: &Lexicon) -> Places {
    let country = |side| lexicon.states.iter().find(|state| state.side == side).map(|state| state.name.as_str());
    let pairs = |venues: bool| -> Vec<(&str, &str)> {
        lexicon
            .places
            .iter()
            .filter(|place| place.kind != "country" && (place.kind == "venue") == venues)
            .filter_map(|place| Some((place.name.as_str(), country(place.country?)?)))
            .collect()
    };
    Places::new(&pairs(false)).with_venues(&pairs(true))
}
