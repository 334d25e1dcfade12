//! Ids of items that stay the same from poll to poll, whatever the feed does with guids and tracking parameters.

use crate::model::ids::{FeedId, ItemId};
use jiff::Timestamp;
use std::collections::{HashMap, HashSet};
use url::Url;

/// What an item may be known by.
#[derive(Debug)]
pub(super) struct Marks<'a> {
    pub(super) guid: Option<&'a str>,
    pub(super) link: Option<&'a str>,
    pub(super) title: &'a str,
    pub(super) published: Option<Timestamp>,
    pub(super) text: &'a str,
}

/// Gives each item its id: the hash of feed and guid, else of feed and canonical link, else of feed, title and date.
///
/// A guid that several items with different links share is no guid: their links count with it.
/// Nothing stands where an item is the repetition of an earlier one.
pub(super) fn ids(feed: &FeedId, items: &[Marks<'_>]) -> Vec<Option<ItemId>> {
    let links: Vec<Option<String>> = items.iter().map(|item| item.link.map(canonical)).collect();
    let mut owners: HashMap<&str, &Option<String>> = HashMap::new();
    let mut shared: HashSet<&str> = HashSet::new();
    for (item, link) in items.iter().zip(&links) {
        let Some(guid) = item.guid else { continue };
        if *owners.entry(guid).or_insert(link) != link {
            shared.insert(guid);
        }
    }
    let mut seen = HashSet::new();
    let id = |(item, link): (&Marks<'_>, &Option<String>)| {
        let feed = feed.as_str();
        let id = match (item.guid, link) {
            (Some(guid), Some(link)) if shared.contains(guid) => ItemId::of(&[feed, "guid+link", guid, link]),
            (Some(guid), _) => ItemId::of(&[feed, "guid", guid]),
            (None, Some(link)) => ItemId::of(&[feed, "link", link]),
            (None, None) => {
                let date = item.published.map(|date| date.to_string()).unwrap_or_default();
                // Without a title the text has to do; without a date two equal titles are one item.
                let words = if item.title.is_empty() { item.text } else { item.title };
                ItemId::of(&[feed, "title", words, &date])
            }
        };
        seen.insert(id.clone()).then_some(id)
    };
    items.iter().zip(&links).map(id).collect()
}

/// Query parameters that say where a reader came from, not what is read.
const TRACKING: &[&str] = &[
    "fbclid",
    "gclid",
    "dclid",
    "msclkid",
    "mc_cid",
    "mc_eid",
    "igshid",
    "ocid",
    "cmpid",
    "ns_campaign",
    "ns_mchannel",
    "ns_source",
    "ns_linkname",
    "ftag",
    "smid",
    "taid",
    "xtor",
    "at_medium",
    "at_campaign",
    "traffic_source",
];

/// One form for the many in which a page's address is given: no scheme, fragment, tracking or default port.
#[must_use]
pub fn canonical(link: &str) -> String {
    let Ok(mut url) = Url::parse(link.trim()) else { return link.trim().to_owned() };
    url.set_fragment(None);
    let is_tracking = |key: &str| key.starts_with("utm_") || TRACKING.contains(&key);
    if url.query_pairs().any(|(key, _)| is_tracking(&key)) {
        let kept: Vec<(String, String)> = url
            .query_pairs()
            .filter(|(key, _)| !is_tracking(key))
            .map(|(k, v)| (k.into_owned(), v.into_owned()))
            .collect();
        url.set_query(None);
        if !kept.is_empty() {
            url.query_pairs_mut().extend_pairs(kept);
        }
    }
    let text = String::from(url);
    match text.split_once("://") {
        Some(("http" | "https", rest)) => rest.to_owned(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks<'a>(guid: Option<&'a str>, link: Option<&'a str>, title: &'a str) -> Marks<'a> {
        Marks { guid, link, title, published: None, text: "" }
    }

    fn ids_of(items: &[Marks<'_>]) -> Vec<Option<ItemId>> {
        ids(&FeedId::new("f"), items)
    }

    #[test]
    fn links_are_compared_without_what_does_not_matter() {
        assert_eq!(canonical("HTTP://A.example:80/x?utm_source=rss&id=1#top"), "a.example/x?id=1");
        assert_eq!(canonical("https://a.example/x?utm_source=rss"), "a.example/x");
        assert_eq!(canonical("https://a.example/x?b=%2F"), "a.example/x?b=%2F");
        assert_eq!(canonical(" not a link "), "not a link");
    }

    #[test]
    fn a_shared_guid_is_told_apart_by_link_and_a_repetition_is_dropped() {
        let a = marks(Some("g"), Some("http://a.example/1"), "A");
        let b = marks(Some("g"), Some("http://a.example/2"), "B");
        let found = ids_of(&[a, b]);
        assert!(found.iter().all(Option::is_some));
        assert_ne!(found.first(), found.last());
        let again = ids_of(&[
            marks(Some("g"), Some("http://a.example/1"), "A"),
            marks(Some("g"), Some("https://a.example/1"), "A2"),
        ]);
        assert_eq!(again.last(), Some(&None));
    }

    #[test]
    fn the_feed_is_part_of_the_id() {
        let one = ids(&FeedId::new("one"), &[marks(None, None, "T")]);
        let two = ids(&FeedId::new("two"), &[marks(None, None, "T")]);
        assert_ne!(one, two);
        assert_eq!(one, ids(&FeedId::new("one"), &[marks(None, None, "T")]));
    }
}
