//! The lexicon seen from another pair of states: the same words, in which that pair stands where the United States and
//! China stand otherwise.
//!
//! The extractor reads contacts between two sides, which it knows as the United States and China. For another pair that a
//! rule asks for, the lexicon is read again with the sides exchanged: Russia's offices and people become those of the first
//! side and Japan's those of the second, and whatever is American or Chinese becomes a third country's. What is read is
//! then given its own names back. Words that only Washington's departments use ("the State Department said") count for
//! nothing there.

use super::{Lexicon, load};
use crate::model::actor::Side;

/// One pair's view.
#[derive(Debug)]
pub struct View {
    pair: [Side; 2],
    lexicon: Box<Lexicon>,
}

/// Lists of words that say which of the two usual sides speaks.
const OF_THE_USUAL_SIDES: [&str; 5] = ["issuer_us", "issuer_cn", "issuer_state", "issuer_treasury", "issuer_defense"];

impl View {
    /// The words as the extractor is to read them for this pair.
    #[must_use]
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// The side that one of the extractor's two stands for.
    #[must_use]
    pub fn side(&self, read: Side) -> Side {
        let [first, second] = self.pair;
        match read {
            Side::US => first,
            Side::CN => second,
            other => other,
        }
    }
}

impl Lexicon {
    /// Adds the views of other pairs; `overlay` are the files over the embedded ones from which this lexicon was loaded.
    pub fn watch(&mut self, pairs: &[[Side; 2]], overlay: &[(String, String)]) {
        for pair in pairs {
            let known = self.others.iter().any(|view| view.pair == *pair);
            // What loaded once loads again.
            if let (false, Ok(lexicon)) = (known, load(overlay)) {
                self.others.push(View { pair: *pair, lexicon: Box::new(lexicon.seen_by(*pair)) });
            }
        }
    }

    /// Takes over the views of another lexicon of the same files that this one lacks.
    pub fn absorb(&mut self, other: Self) {
        for view in other.others {
            if !self.others.iter().any(|known| known.pair == view.pair) {
                self.others.push(view);
            }
        }
    }

    fn seen_by(mut self, pair: [Side; 2]) -> Self {
        for state in &mut self.states {
            state.side = seen(state.side, pair);
        }
        for office in &mut self.offices {
            office.side = seen(office.side, pair);
        }
        for person in &mut self.people {
            person.side = seen(person.side, pair);
        }
        for body in &mut self.bodies {
            body.side = seen(body.side, pair);
        }
        for place in &mut self.places {
            place.country = place.country.map(|country| seen(country, pair));
        }
        for list in OF_THE_USUAL_SIDES {
            self.words.lists.remove(list);
        }
        self
    }
}

/// What a side is in the view of a pair. `XA` and `XB` are codes that ISO 3166-1 leaves to users.
fn seen(side: Side, [first, second]: [Side; 2]) -> Side {
    if side == first {
        return Side::US;
    }
    if side == second {
        return Side::CN;
    }
    let other = match side {
        Side::US => Side::new("XA"),
        Side::CN => Side::new("XB"),
        _ => None,
    };
    other.unwrap_or(side)
}
