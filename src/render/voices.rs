//! Who says so: by which side a contact is reported, in one line and in the words of each.

use super::phrase;
use super::plain;
use super::tongue::Tongue;
use crate::model::actor::Side;
use crate::model::contact::{Account, Contact};
use jiff::tz::TimeZone;
use minijinja::{Value, context};

/// Longest quote, in characters: as the ledger keeps it.
const QUOTE_MAX: usize = 300;

/// By whom a contact is reported: `US and Chinese officials`, `US officials alone (one-sided)`, `the press alone`; and who
/// denies it.
#[must_use]
pub fn reported(contact: &Contact) -> String {
    let (mut says, mut denies, mut silent) = (Vec::new(), Vec::new(), 0);
    for (side, account) in contact.accounts() {
        match account {
            Some(account) if account.denies => denies.push(people(side)),
            Some(_) => says.push(people(side)),
            None => silent += 1,
        }
    }
    let by = match says.as_slice() {
        [] => "the press alone".to_owned(),
        [one] if silent > 0 || !denies.is_empty() => format!("{one} officials alone (one-sided)"),
        several => format!("{} officials", several.join(" and ")),
    };
    if denies.is_empty() { by } else { format!("{by}; denied by {} officials", denies.join(" and ")) }
}

/// What one side says, as strings for templates.
#[derive(Clone, Debug)]
pub(super) struct Said {
    /// `US`, `China`.
    pub(super) side: String,
    pub(super) denies: bool,
    /// Who speaks, and where it was read.
    pub(super) who: String,
    pub(super) times: String,
    pub(super) quote: String,
    pub(super) url: Option<String>,
}

impl Said {
    /// The words of each side that has spoken, on the contact as it stands now.
    pub(super) fn all(contact: &Contact, tongue: Tongue<'_>, zone: &TimeZone) -> Vec<Self> {
        contact.accounts().filter_map(|(_, account)| Some(Self::of(&account?, tongue, zone))).collect()
    }

    fn of(account: &Account<'_>, tongue: Tongue<'_>, zone: &TimeZone) -> Self {
        let feed = plain::line(&account.report.feed_title, 60);
        let speaker = account.statement.speaker.as_deref().map(|who| plain::line(who, phrase::NAME_MAX));
        let who = match speaker.filter(|who| !who.is_empty()) {
            Some(speaker) if tongue.is_chinese() => format!("{speaker}，见{feed}"),
            Some(speaker) => format!("{speaker}, in {feed}"),
            None => feed,
        };
        Self {
            side: tongue.side(account.side),
            denies: account.denies,
            who,
            times: tongue.times(account.report.published, zone),
            quote: plain::line(&account.statement.quote, QUOTE_MAX),
            url: account.report.url.as_deref().and_then(plain::link),
        }
    }

    /// As the template engine takes it.
    pub(super) fn value(&self) -> Value {
        context! {
            side => &self.side, denies => self.denies, who => &self.who, times => &self.times, quote => &self.quote,
            url => self.url.as_deref(),
        }
    }
}

/// `US`, `Chinese`; of others the code.
fn people(side: Side) -> String {
    if side == Side::CN { "Chinese".to_owned() } else { side.code().to_owned() }
}
