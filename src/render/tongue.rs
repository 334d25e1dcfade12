//! Says what messages say in the reader's language.

use super::glossary::Glossary;
use super::phrase::When;
use super::{chinese, phrase, plain, voices};
use crate::model::actor::{Party, Side};
use crate::model::article::Language;
use crate::model::change::ChangeKind;
use crate::model::contact::Contact;
use crate::model::feed::Tier;
use crate::model::moment::Moment;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A language, with the names that it has for people and places.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tongue<'a> {
    pub(super) language: Language,
    pub(super) names: &'a Glossary,
}

impl Tongue<'_> {
    /// Whether it is Chinese.
    pub(super) fn is_chinese(&self) -> bool {
        self.language == Language::Zh
    }

    /// One of two texts.
    pub(super) fn pick<'t>(&self, english: &'t str, chinese: &'t str) -> &'t str {
        if self.is_chinese() { chinese } else { english }
    }

    /// Who and what: `Blinken – Beijing visit`.
    pub(super) fn headline(&self, contact: &Contact, names: usize) -> String {
        match self.language {
            Language::En => format!("{} – {}", phrase::who(contact, names), phrase::what(contact)),
            Language::Zh => chinese::headline(self.names, contact, names),
        }
    }

    /// When, as the tail of a headline.
    pub(super) fn when(&self, contact: &Contact, change: Option<&ChangeKind>, year: i16) -> String {
        match self.language {
            Language::En => phrase::when(contact, change, year),
            Language::Zh => chinese::when(&When::of(contact, change), year),
        }
    }

    /// The word that stands for an alert, from its tone.
    pub(super) fn tag(&self, tone: &str, contact: &Contact) -> String {
        match self.language {
            Language::En => tone.to_uppercase(),
            Language::Zh => chinese::tag(tone, contact.kind).to_owned(),
        }
    }

    /// What moved, in one line.
    pub(super) fn change(&self, change: &ChangeKind, status: crate::model::mention::Status, of: &Contact) -> String {
        match self.language {
            Language::En => phrase::change(change, status),
            Language::Zh => chinese::change(change, status, of.kind),
        }
    }

    /// An interval of days.
    pub(super) fn moment(&self, moment: &Moment) -> String {
        match self.language {
            Language::En => phrase::moment_text(moment, None),
            Language::Zh => chinese::moment_text(moment, None),
        }
    }

    /// A day and time of the reader's clock.
    pub(super) fn stamp(&self, at: Timestamp, zone: &TimeZone) -> String {
        match self.language {
            Language::En => zone.to_datetime(at).strftime("%-d %b %Y %H:%M").to_string(),
            Language::Zh => chinese::stamp(at, zone),
        }
    }

    /// A day of the reader's calendar, without its year.
    pub(super) fn day(&self, at: Timestamp, zone: &TimeZone) -> String {
        let day = zone.to_datetime(at);
        match self.language {
            Language::En => day.strftime("%-d %b").to_string(),
            Language::Zh => format!("{}月{}日", day.month(), day.day()),
        }
    }

    /// A moment of time in the reader's zone, Washington's and Beijing's.
    pub(super) fn times(&self, at: Timestamp, zone: &TimeZone) -> String {
        match self.language {
            Language::En => phrase::times(at, zone),
            Language::Zh => chinese::times(self.names, at, zone),
        }
    }

    /// The kind of a source.
    pub(super) fn tier(&self, tier: Tier) -> &'static str {
        match self.language {
            Language::En => phrase::tier(tier),
            Language::Zh => chinese::tier(tier),
        }
    }

    /// Kind and level.
    pub(super) fn form(&self, contact: &Contact) -> String {
        match self.language {
            Language::En => format!("{}, {} level", contact.kind.name(), contact.level.name()),
            Language::Zh => format!("{}，{}", chinese::kind(contact.kind), chinese::level(contact.level)),
        }
    }

    /// The status.
    pub(super) fn status(&self, contact: &Contact) -> String {
        match self.language {
            Language::En => contact.status.name().to_owned(),
            Language::Zh => chinese::status(contact.status, contact.kind).to_owned(),
        }
    }

    /// A state.
    pub(super) fn side(&self, side: Side) -> String {
        match self.language {
            Language::En => phrase::side(side),
            Language::Zh => chinese::side(self.names, side),
        }
    }

    /// A party in full.
    pub(super) fn party(&self, party: &Party) -> String {
        match self.language {
            Language::En => phrase::party(party),
            Language::Zh => chinese::party(self.names, party),
        }
    }

    /// An interval with its year and how it is known.
    pub(super) fn moment_long(&self, moment: &Moment) -> String {
        match self.language {
            Language::En => phrase::moment_long(moment),
            Language::Zh => chinese::moment_long(moment),
        }
    }

    /// By whom a contact is reported.
    pub(super) fn reported(&self, contact: &Contact) -> String {
        match self.language {
            Language::En => voices::reported(contact),
            Language::Zh => chinese::reported(self.names, contact),
        }
    }

    /// A place.
    pub(super) fn place(&self, name: &str) -> String {
        match self.language {
            Language::En => plain::line(name, 80),
            Language::Zh => chinese::place(self.names, name),
        }
    }
}
