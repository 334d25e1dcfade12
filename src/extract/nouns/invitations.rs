//! "an invitation to Beijing", "Washington's invitation to Mr Wang": a visit that somebody is asked to make.

use crate::extract::discourse::{Parts, other_side};
use crate::extract::find::{Found, Scene};
use crate::extract::place::{self, Spot};
use crate::extract::status::Real;
use crate::lexicon::words::Class;

impl Scene<'_> {
    /// The visit that an invitation at a token is to; nothing where an infinitive tells it ("an invitation to visit").
    pub(in crate::extract) fn invitation(&self, at: usize) -> Option<Found> {
        let (class, len, noun) = self.parse.class(at)?;
        if class != Class::Propose || !noun || !self.line.low(at).starts_with("invitation") {
            return None;
        }
        let end = self.reach(at + len);
        let next = at + len;
        let infinitive =
            (next..(next + 6).min(end + 3)).any(|k| self.line.low(k) == "to" && self.parse.verb(k + 1).is_some());
        if infinitive {
            return None;
        }
        let (mut reality, _) = self.noun_reality(at, len);
        let guests = self
            .noun_objects(at, len, end)
            .into_iter()
            .find(|(prep, group)| matches!(prep.as_str(), "to" | "for") && !self.is_state_adjective(*group));
        let spot = place::destination(self.line, self.cast, next, end, &["to"]);
        let visitors = match (&guests, &spot) {
            (Some((_, group)), _) => self.group_parts(*group),
            // "accepted an invitation to Beijing": the one who accepts or declines it.
            (None, Some(_)) => self.subject_for(at, &reality).map_or_else(Parts::default, |g| self.group_parts(g)),
            (None, None) => return None,
        };
        let side = visitors.us.first().or(visitors.cn.first())?.side;
        let accepted = self.governed_by(&reality, Class::Plan);
        if guests.is_none() && !accepted && reality.real != Real::Declined {
            return None;
        }
        if !matches!(reality.real, Real::Declined | Real::Cancelled | Real::None) {
            reality.real = if accepted { Real::Future } else { Real::Weak };
        }
        let spot = spot.or_else(|| {
            let home = self.cast.lexicon.states.iter().find(|s| s.side == other_side(side))?;
            let capital =
                (0..at).rev().find_map(|k| place::at(self.line, self.cast, k).filter(|s| s.country == Some(home.side)));
            Some(capital.unwrap_or(Spot { at, name: home.name.clone(), country: Some(home.side), rank: 1 }))
        });
        match self.visit(at, len, "visit.invitation", visitors, spot, reality, None) {
            found @ Found::Candidates(_) => Some(found),
            Found::Refused(_) => None,
        }
    }
}
