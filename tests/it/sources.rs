//! The shipped source pack: every entry complete, unique and honest about where its address was read.

use openline::model::feed::Tier;
use std::collections::BTreeSet;
use std::path::Path;

const KEYS: [&str; 8] = ["checked", "id", "language", "seen", "tier", "title", "url", "zone"];

#[test]
fn every_shipped_source_is_complete_and_unique() {
    let feeds = feeds();
    assert!(feeds.len() >= 40, "only {} feeds", feeds.len());
    let (mut ids, mut urls) = (BTreeSet::new(), BTreeSet::new());
    for feed in &feeds {
        let id = text(feed, "id");
        let keys: Vec<&str> = feed.keys().map(String::as_str).collect::<BTreeSet<_>>().into_iter().collect();
        assert_eq!(keys, KEYS, "{id}");
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!((1..=64).contains(&id.len()) && id.chars().all(plain), "id {id}");
        assert!(ids.insert(id.to_owned()), "{id} stands twice");

        let url = url::Url::parse(text(feed, "url")).unwrap();
        assert!(matches!(url.scheme(), "http" | "https") && url.domain().is_some(), "{id}: {url}");
        assert!(url.username().is_empty() && url.password().is_none() && url.port().is_none(), "{id}: {url}");
        assert!(
            urls.insert(format!("{}{}", url.domain().unwrap(), &url[url::Position::BeforePath..])),
            "{url} stands twice"
        );

        assert!(Tier::from_name(text(feed, "tier")).is_some(), "{id}: tier {}", text(feed, "tier"));
        assert!(matches!(text(feed, "language"), "en" | "zh"), "{id}");
        assert!(jiff::tz::TimeZone::get(text(feed, "zone")).is_ok(), "{id}: zone {}", text(feed, "zone"));
        assert!(!text(feed, "title").trim().is_empty(), "{id}");
    }
}

#[test]
fn every_shipped_source_says_where_it_was_read_and_claims_no_check() {
    for feed in feeds() {
        let (id, seen) = (text(&feed, "id"), text(&feed, "seen"));
        assert!(seen.len() > 20, "{id}: `seen` is too short to be a place: {seen}");
        assert_eq!(feed.get("checked"), Some(&toml::Value::Boolean(false)), "{id}: who polled it, and when?");
    }
}

#[test]
fn every_kind_and_language_of_source_is_in_the_pack() {
    let feeds = feeds();
    for tier in Tier::ALL {
        assert!(feeds.iter().any(|feed| text(feed, "tier") == tier.name()), "no {} source", tier.name());
    }
    for tier in ["official_cn", "wire", "press"] {
        let in_chinese = |feed: &toml::Table| text(feed, "tier") == tier && text(feed, "language") == "zh";
        assert!(feeds.iter().any(in_chinese), "no {tier} source in Chinese");
    }
}

#[track_caller]
fn text<'a>(feed: &'a toml::Table, key: &str) -> &'a str {
    feed.get(key).and_then(toml::Value::as_str).unwrap_or_else(|| panic!("no text `{key}` in {feed:?}"))
}

fn feeds() -> Vec<toml::Table> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/sources/us-china.toml");
    let pack: toml::Table = std::fs::read_to_string(path).unwrap().parse().unwrap();
    assert_eq!(pack.keys().collect::<Vec<_>>(), ["feed"]);
    pack.get("feed")
        .and_then(toml::Value::as_array)
        .unwrap()
        .iter()
        .map(|feed| feed.as_table().unwrap().clone())
        .collect()
}
