//! A contact as one trigger tells it, before the sentences of an article are put together.

use super::confidence::Support;
use super::discourse::{Part, Parts};
use super::status::Real;
use crate::model::actor::{Level, Side};
use crate::model::mention::{Fired, Kind, Status, Voice};
use crate::model::moment::Moment;
use crate::model::span::Span;

/// One candidate.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) kind: Kind,
    pub(super) parts: Parts,
    /// The visitor's side, for a visit.
    pub(super) visitor: Option<Side>,
    pub(super) real: Real,
    pub(super) status: Status,
    pub(super) background: bool,
    pub(super) given: bool,
    pub(super) soft: bool,
    /// Taken for granted: "in last week's call".
    pub(super) presupposed: bool,
    /// Going on now, whatever day is named.
    pub(super) is_now: bool,
    /// "meetings", "calls": several, or a habit.
    pub(super) plural: bool,
    pub(super) when: bool,
    /// Number of the paragraph in a body; 0 in title and summary.
    pub(super) paragraph: usize,
    pub(super) was_planned: bool,
    pub(super) moment: Option<Moment>,
    /// When it was put off, called off or refused, where the text says so.
    pub(super) decided: Option<Moment>,
    pub(super) place: Option<String>,
    /// The country of a visit, for tours of several cities.
    pub(super) country: Option<String>,
    /// How exact the place is: 1 country, 2 venue, 3 city, 4 settled.
    pub(super) place_rank: u8,
    /// Days that the journey lasts, where its noun says so: "a five-day visit".
    pub(super) days: Option<i32>,
    /// Level that the words imply where nobody is named.
    pub(super) hint: Option<Level>,
    pub(super) line: usize,
    pub(super) headline: bool,
    pub(super) fired: Vec<Fired>,
    pub(super) sentence: String,
    pub(super) span: Span,
    /// Days from its last day to publication.
    pub(super) age: Option<i32>,
    /// Participants were taken from earlier sentences.
    pub(super) anaphoric: bool,
    /// A formal delegation of legislators takes part.
    pub(super) formal: bool,
    /// Told by the way, in a clause that only describes somebody.
    pub(super) aside: bool,
    /// Its sentence denies it.
    pub(super) denied: bool,
    /// What the sentences that tell of it have in common.
    pub(super) support: Option<Support>,
    /// Who says so.
    pub(super) voices: Vec<Voice>,
}

impl Candidate {
    /// Parts of the visitor, or of both sides.
    pub(super) fn people(&self) -> impl Iterator<Item = &Part> {
        self.parts.us.iter().chain(&self.parts.cn).filter(|p| p.person.is_some())
    }

    /// The ids of the people of one side.
    pub(super) fn persons(&self, side: Side) -> Vec<usize> {
        self.parts.of(side).iter().filter_map(|p| p.person).collect()
    }
}

/// A trigger that gave no candidate, and why.
#[derive(Clone, Debug)]
pub(super) struct Refused {
    pub(super) rule: String,
    pub(super) span: Span,
    pub(super) reject: &'static str,
    pub(super) why: &'static str,
}
