//! The research codes of a mention: the kind and status, and whether it takes place in a third country.

use crate::lexicon::Lexicon;
use crate::model::actor::Side;
use crate::model::mention::Mention;
use crate::render::codes::{self, Codes};

/// The CAMEO and PLOVER codes of a mention.
#[must_use]
pub fn codes(mention: &Mention, lexicon: &Lexicon) -> Codes {
    let country = mention.place.as_deref().and_then(|place| country(place, lexicon));
    let third = country.is_some_and(|side| mention.parties.iter().all(|party| party.side != side));
    codes::codes(mention.kind, mention.status, third)
}

/// The country in which a place lies.
fn country(place: &str, lexicon: &Lexicon) -> Option<Side> {
    let known = lexicon.places.iter().find(|known| known.name == place).and_then(|known| known.country);
    known.or_else(|| lexicon.states.iter().find(|state| state.name == place).map(|state| state.side))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_of_cities_and_of_states() {
        let lexicon = Lexicon::embedded();
        assert_eq!(country("Vienna", &lexicon), Side::new("AT"));
        assert_eq!(country("Beijing", &lexicon), Some(Side::CN));
        assert_eq!(country("South Korea", &lexicon), Side::new("KR"));
        assert_eq!(country("Atlantis", &lexicon), None);
    }
}
