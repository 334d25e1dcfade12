//! Contacts without a word for a contact: what one official tells another, what both agree on.

use super::Found;
use super::trigger::VerbTrigger;
use crate::extract::discourse::{Part, Parts, other_side};
use crate::extract::place::{self, Spot};
use crate::extract::status::Real;
use crate::model::actor::{Level, Side};
use crate::model::mention::Kind;
use crate::model::moment::Grain;

/// Days before publication within which what was said is news.
const FRESH_DAYS: i32 = 3;

impl VerbTrigger<'_, '_> {
    /// "Yellen told Premier Li on Friday that …"; "Kerry Assures China", written from Beijing.
    pub(super) fn tell(&self) -> Option<Found> {
        let told = self.objects.iter().find(|(prep, _)| self.spec.with.contains(prep.as_str()))?;
        let (mut parts, object) = (self.subjects(), self.scene.group_parts(told.1));
        if !self.news() || parts.both() || object.both() {
            return None;
        }
        parts.merge(&object);
        let phone =
            (self.at..self.limit.max(self.end)).any(|k| self.scene.line.is(self.scene.cast.lexicon, "phone", k));
        let people = [Side::US, Side::CN].iter().all(|side| parts.of(*side).iter().any(|p| p.person.is_some()));
        if phone && people && !parts.other {
            // "informed Wang by telephone".
            let mut found = self.exchange(parts, None);
            if let Some(Found::Candidates(list)) = &mut found {
                list.iter_mut().for_each(|c| (c.kind, c.place) = (Kind::Call, None));
            }
            return found;
        }
        let plain = ["t", "inf"].iter().any(|stem| self.scene.line.low(self.at).starts_with(stem));
        // A delegation is told something to its face as one man is.
        let there = |p: &Part| p.person.is_some() || p.label.as_deref().is_some_and(sent);
        let people = [Side::US, Side::CN].map(|side| parts.of(side).iter().any(there));
        let spot = self.spot();
        match people {
            // A reproach may be made in a speech; to tell or assure somebody takes two.
            [true, true] if plain || spot.is_some() => {}
            [true, false] | [false, true] => {
                // A visitor in the other's capital who presses "China".
                let visitor = if people == [true, false] { Side::US } else { Side::CN };
                let abroad = self.scene.dateline.is_some_and(|d| d.country == Some(other_side(visitor)) && d.rank == 3);
                let told = self.scene.line.headline && !plain && object.of(other_side(visitor)).iter().any(|p| p.state);
                let minister = parts.of(visitor).iter().any(|p| p.level >= Some(Level::ViceMinister));
                if !(abroad && told && minister) || parts.other {
                    return None;
                }
            }
            _ => return None,
        }
        self.exchange(parts, spot)
    }

    /// "Gates and Liang agreed in Beijing on Monday that …".
    pub(super) fn agree(&self) -> Option<Found> {
        let mut parts = self.subjects();
        if !parts.both() {
            for (_, group) in self.objects.iter().filter(|(prep, _)| prep == "with") {
                parts.merge(&self.scene.group_parts(*group));
            }
        }
        let people = [Side::US, Side::CN].iter().all(|side| parts.of(*side).iter().any(|p| p.person.is_some()));
        let spot = self.spot()?;
        if !people || parts.other || !self.news() || self.scene.line.headline {
            return None;
        }
        self.exchange(parts, Some(spot))
    }

    /// Told as done: in the past, or in a headline's present.
    fn news(&self) -> bool {
        let done = match self.reality.real {
            Real::Past => true,
            Real::Present => self.scene.line.headline,
            _ => false,
        };
        let protest =
            (0..self.scene.line.toks.len()).any(|k| self.scene.line.is(self.scene.cast.lexicon, "protest", k));
        done && !protest && !self.verb.passive && !self.reality.given && !self.verb.perfect
    }

    /// A city in the clause, else the dateline's.
    fn spot(&self) -> Option<Spot> {
        let segment = self.scene.parse.segment_of(self.at);
        let from = self.scene.parse.segments.get(segment).map_or(0, |s| s.from);
        let here = place::within(self.scene.line, self.scene.cast, from, self.end, self.at);
        let near = here.or_else(|| self.scene.neighbour_place(segment)).filter(|s| s.rank > 1);
        near.or_else(|| self.scene.dateline.filter(|d| d.rank == 3).cloned())
    }

    /// The contact, where the sentence dates it to the last days or is a headline.
    fn exchange(&self, parts: Parts, spot: Option<Spot>) -> Option<Found> {
        // Somebody is at home in a dateline; a place that the sentence names is where both are.
        let home = |s: &Spot| s.country == Some(Side::US) && self.scene.dateline.is_some_and(|d| d == s);
        let there = |p: &Part| p.person.is_some() || p.label.as_deref().is_some_and(sent);
        let people = [Side::US, Side::CN].iter().all(|side| parts.of(*side).iter().any(there));
        let kind = if people && spot.as_ref().is_some_and(|s| !home(s)) { Kind::Meeting } else { self.spec.kind };
        let mut found = self.contact(kind, &self.spec.id, parts);
        let Found::Candidates(list) = &mut found else { return None };
        let today = self.scene.cast.date;
        for c in list.iter_mut() {
            let age = c.moment.filter(|m| m.grain() == Grain::Day).and_then(|m| m.end().until(today).ok());
            let fresh = age.is_some_and(|span| (-1..=FRESH_DAYS).contains(&span.get_days()));
            if !(fresh || self.scene.line.headline && c.moment.is_none()) {
                return None;
            }
            if c.place.is_none()
                && let Some(s) = &spot
                && (kind == Kind::Meeting || !people)
            {
                c.place = Some(s.name.clone());
                c.place_rank = s.rank;
            }
        }
        Some(found)
    }
}

/// Whether a label names people who were sent together.
fn sent(label: &str) -> bool {
    let low = label.to_lowercase();
    low.split(' ').any(|w| matches!(w, "delegation" | "group" | "lawmakers" | "senators" | "congressmen" | "team"))
}
