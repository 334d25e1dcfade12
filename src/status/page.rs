//! The status page: contacts, feeds and outbox as one HTML document without scripts.

use crate::model::contact::Contact;
use crate::render;
use minijinja::{AutoEscape, Environment, context};

/// One feed on the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeedLine {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Last success, in words.
    pub last_ok: Option<String>,
    /// The last failure.
    pub error: Option<String>,
    /// When it last listed old items under new ids, in words, while it does.
    pub flood: Option<String>,
    /// Where it has moved for good, while its configured address is another.
    pub moved: Option<String>,
    /// How often it is polled, in words.
    pub every: String,
    /// Next poll, in words; nothing while it is being polled.
    pub due: Option<String>,
    /// Why then, in words.
    pub why: String,
}

/// One delivery that was given up. Whose it was is not said: the page knows no passwords.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GivenUp {
    /// The beginning of its id, for `openline outbox show`.
    pub id: String,
    /// Its channel.
    pub channel: String,
    /// When it was queued, in words.
    pub since: String,
    /// Attempts made.
    pub attempts: u32,
}

/// What the page shows.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// The program's version.
    pub version: &'static str,
    /// The time, in words.
    pub now: String,
    /// Contacts, the latest report first.
    pub contacts: Vec<Contact>,
    /// Feeds by id.
    pub feeds: Vec<FeedLine>,
    /// Deliveries waiting.
    pub queued: u64,
    /// Deliveries given up.
    pub buried: u64,
    /// The latest of them.
    pub given_up: Vec<GivenUp>,
    /// Tasks that make no progress.
    pub late: Vec<&'static str>,
    /// Since when nothing can be reached, in words, while that is so.
    pub offline: Option<String>,
}

/// Renders the page; every text of a feed is escaped.
pub(super) fn html(snapshot: &Snapshot) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    let contacts: Vec<_> = snapshot
        .contacts
        .iter()
        .map(|contact| {
            let names = |side: usize| {
                contact.parties.get(side).map(|party| {
                    party.name.clone().or(party.office.clone()).unwrap_or_else(|| party.side.code().to_owned())
                })
            };
            let who: Vec<String> = (0..contact.parties.len()).filter_map(names).collect();
            context! {
                id => contact.id.as_str().get(..12),
                kind => contact.kind.name(),
                status => contact.status.name(),
                novelty => contact.novelty.name(),
                who => who.join(", "),
                start => contact.moment.and_then(|moment| moment.start_text()),
                end => contact.moment.and_then(|moment| moment.end_text()),
                place => contact.place.as_deref(),
                sources => contact.sources.len(),
                reported => render::reported(contact),
                one_sided => contact.one_sided().is_some(),
                within => contact.within.as_ref().and_then(|visit| visit.as_str().get(..12)),
                title => contact.sources.last().map(|source| source.item.title.as_str()),
            }
        })
        .collect();
    let given_up: Vec<_> = (snapshot.given_up.iter())
        .map(|one| context! { id => &one.id, channel => &one.channel, since => &one.since, attempts => one.attempts })
        .collect();
    let feeds: Vec<_> = snapshot
        .feeds
        .iter()
        .map(|feed| {
            context! {
                id => &feed.id, title => &feed.title, last_ok => &feed.last_ok, error => &feed.error, flood => &feed.flood, due => &feed.due,
                moved => &feed.moved, every => &feed.every, why => &feed.why,
            }
        })
        .collect();
    environment.render_str(
        include_str!("page.html"),
        context! {
            version => snapshot.version, now => &snapshot.now, contacts => contacts, feeds => feeds,
            given_up => given_up,
            queued => snapshot.queued, buried => snapshot.buried, late => snapshot.late.join(", "),
            offline => &snapshot.offline,
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_is_escaped() {
        let feed = FeedLine { id: "a".to_owned(), error: Some("<script>x</script>".to_owned()), ..FeedLine::default() };
        let given_up = vec![GivenUp { id: "0123".to_owned(), channel: "<desk>".to_owned(), ..GivenUp::default() }];
        let snapshot = Snapshot { feeds: vec![feed], buried: 2, given_up, ..Snapshot::default() };
        let html = html(&snapshot).expect("the template renders");
        assert!(html.contains("&lt;script&gt;x") && !html.contains("<script>"), "{html}");
        assert!(html.contains("2 given up") && html.contains("&lt;desk&gt;"), "{html}");
    }
}
