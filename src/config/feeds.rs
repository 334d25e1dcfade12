//! Reads `[[feed]]` tables: of source packs, of `sources.d` and of the configuration itself.

use super::poll::{Poll, first_run, full_text, interval};
use super::request::{self, FeedSecret};
use super::settings::zone;
use crate::model::article::Language;
use crate::model::feed::{FeedSpec, Tier};
use crate::model::ids::FeedId;
use crate::model::pace::Priority;
use crate::shape::{Place, Placed, Table, is_id, remedy_for};
use jiff::tz::TimeZone;
use url::Url;

/// The feeds read so far.
#[derive(Debug, Default)]
pub(super) struct Feeds {
    read: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    id: String,
    place: Place,
    url_place: Place,
    /// Absent where something was wrong with the feed; its id is known all the same.
    spec: Option<FeedSpec>,
    secrets: Vec<(FeedSecret, Place)>,
    pack: bool,
}

impl Feeds {
    /// Reads the `[[feed]]` tables of a file. A feed outside the packs takes the place of one in a pack.
    pub(super) fn take(&mut self, root: &mut Table, poll: &Poll, pack: bool) {
        for table in root.tables("feed") {
            let Some(entry) = read(table, poll, pack) else { continue };
            let same = self.read.iter().position(|other| other.id == entry.id);
            match same.and_then(|position| self.read.get(position).map(|other| (position, other))) {
                Some((position, other)) if other.pack && !pack => {
                    self.read.remove(position);
                }
                Some((_, other)) => entry.place.complain(
                    format!("feed `{}` is there twice", entry.id),
                    format!("the first is at {}; give one of them another id", other.place.line()),
                ),
                None => {}
            }
            self.read.push(entry);
        }
    }

    /// The ids, also of feeds with something wrong.
    pub(super) fn ids(&self) -> Vec<String> {
        self.read.iter().map(|entry| entry.id.clone()).collect()
    }

    /// The feeds without those that are not wanted, and the secrets of their requests with their places. Complains of unwanted ones that do not exist and of addresses
    /// that are there twice.
    pub(super) fn finish(self, without: &[Placed<String>]) -> (Vec<FeedSpec>, Vec<(FeedSecret, Place)>) {
        let ids = self.ids();
        for name in without {
            if !ids.contains(&name.value) {
                let remedy = remedy_for(name, ids.iter().map(String::as_str));
                name.place.complain(format!("there is no feed `{}`", name.escape_debug()), remedy);
            }
        }
        let (mut kept, mut secrets): (Vec<FeedSpec>, Vec<_>) = (Vec::new(), Vec::new());
        for entry in self.read {
            let Some(spec) = entry.spec else { continue };
            if without.iter().any(|name| name.value == entry.id) {
                continue;
            }
            match kept.iter().find(|other| other.url == spec.url && other.id != spec.id) {
                Some(other) => entry.url_place.complain(
                    format!("feed `{}` has the address of feed `{}`", spec.id, other.id),
                    "leave one of them out; `without` drops feeds of a pack",
                ),
                None => {
                    kept.push(spec);
                    secrets.extend(entry.secrets);
                }
            }
        }
        (kept, secrets)
    }
}

fn read(mut table: Table, poll: &Poll, pack: bool) -> Option<Entry> {
    table.require(&["id", "url", "tier"]);
    let id = table.placed_str("id");
    if let Some(id) = id.as_ref().filter(|id| !is_id(id)) {
        id.place.complain(
            format!("`{}` is no id of a feed", id.escape_debug()),
            "use 1 to 64 lower-case letters, digits and hyphens, a letter or digit first",
        );
    }
    let url = table.placed_str("url").and_then(|text| address(&text));
    let title = table.str("title").filter(|title| !title.trim().is_empty());
    let tier = table.choice("tier", &Tier::ALL.map(|tier| (tier.name(), tier)));
    let language = table.choice("language", &[("en", Language::En), ("zh", Language::Zh)]);
    let zone = match table.placed_str("zone") {
        Some(name) => zone(&name),
        None => Some(TimeZone::UTC),
    };
    let interval = interval(&mut table, poll.min_interval).unwrap_or(poll.interval);
    let priority = table.choice("priority", &Priority::ALL.map(|priority| (priority.name(), priority)));
    let first_run = table.placed_str("first_run").and_then(|text| first_run(&text)).unwrap_or(poll.first_run);
    let full_text = full_text(&mut table).unwrap_or(poll.full_text);
    let name = id.as_ref().map(|id| id.value.as_str()).unwrap_or_default();
    let (request, secrets) = request::read(&mut table, name);
    // When somebody last looked at the feed, and what was seen: for the people who keep the packs.
    let _ = (table.has("seen"), table.has("checked"), table.has("note"));
    let (place, url_place) = (table.place("id"), table.place("url"));
    table.finish();
    let id = id?.value;
    let spec = match (url, tier, zone) {
        (Some(url), Some(tier), Some(zone)) => Some(FeedSpec {
            id: FeedId::new(id.clone()),
            title: title.unwrap_or_default(),
            url: url.into(),
            tier,
            language,
            zone,
            interval: interval.or_start(),
            first_run,
            pace: poll.pace(interval, priority.unwrap_or(usual(tier))),
            request,
            full_text,
        }),
        _ => None,
    };
    Some(Entry { id, place, url_place, spec, secrets, pack })
}

/// The priority of a feed that sets none.
fn usual(tier: Tier) -> Priority {
    match tier {
        Tier::OfficialUs | Tier::OfficialCn => Priority::High,
        Tier::Wire | Tier::Press => Priority::Normal,
        Tier::Blog => Priority::Low,
    }
}

/// An absolute http or https address without a password; a problem where it is none.
pub(super) fn address(text: &Placed<String>) -> Option<Url> {
    let remedy = "write an address such as \"https://www.example.org/feed.xml\"";
    match Url::parse(text.trim()) {
        Err(error) => text.place.complain(format!("not an address: {error}"), remedy),
        Ok(url) if !matches!(url.scheme(), "http" | "https") => {
            text.place.complain(format!("an address of the scheme `{}`", url.scheme()), "only http and https are read");
        }
        Ok(url) if !url.username().is_empty() || url.password().is_some() => {
            text.place.complain("an address with a user or password", "passwords do not stand in this file");
        }
        Ok(url) => return Some(url),
    }
    None
}
