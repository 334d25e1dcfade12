//! How sure a reading is: what speaks for it and against it, added up.

use super::candidate::Candidate;
use super::status::Real;
use crate::model::mention::{Kind, Status};

/// What the sentences that tell of a contact have in common, gathered as they are put together.
#[derive(Clone, Debug)]
pub(super) struct Support {
    /// Sentences that tell of it, the headline among them.
    pub(super) sentences: usize,
    /// A headline tells of it.
    pub(super) title: bool,
    /// A sentence of the text tells of it.
    pub(super) text: bool,
    /// A sentence of the first paragraph, or the summary, tells of it.
    pub(super) lead: bool,
    /// Two sentences give it statuses that do not follow from one another.
    pub(super) at_odds: bool,
    /// One sentence names somebody of each side itself, a visit's visitor and goal.
    pub(super) named: bool,
    /// One sentence has it under a verb or predicate that says what became of it.
    pub(super) governed: bool,
    /// One sentence dates it by the day.
    pub(super) dated: bool,
    /// The status of the first sentence.
    pub(super) status: Option<Status>,
}

impl Support {
    /// Of one sentence.
    pub(super) fn new(c: &Candidate) -> Self {
        let known = |side| c.parts.of(side).iter().any(|p| p.person.is_some() && !p.inferred);
        let (us, cn) = (known(crate::model::actor::Side::US), known(crate::model::actor::Side::CN));
        let named = match c.kind {
            Kind::Visit => (us || cn) && c.place_rank > 0,
            _ => us && cn,
        };
        Self {
            sentences: 1,
            title: c.headline,
            text: !c.headline,
            lead: !c.headline && c.paragraph == 0,
            at_odds: false,
            named: named && !c.anaphoric && !c.parts.unknown && !c.parts.other,
            governed: !matches!(c.real, Real::Bare) && !c.given,
            dated: c.moment.is_some_and(|m| m.grain() == crate::model::moment::Grain::Day),
            status: Some(c.status),
        }
    }

    /// Takes in another sentence's.
    pub(super) fn join(&mut self, other: &Self) {
        self.sentences += other.sentences;
        self.title |= other.title;
        self.text |= other.text;
        self.lead |= other.lead;
        self.at_odds |= other.at_odds || self.status != other.status;
        self.named |= other.named;
        self.governed |= other.governed;
        self.dated |= other.dated;
    }
}
