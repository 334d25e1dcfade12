//! A web page where a feed was expected: which feeds does it name?

use super::Unreadable;
use super::repair::tags;

/// Most feeds named in the message.
const MOST: usize = 5;
/// Longest address named.
const LONGEST: usize = 300;

/// Says that a page is no feed, and which feeds it declares.
pub(super) fn unreadable(page: &str) -> Unreadable {
    let feeds = feeds(page);
    let remedy = if feeds.is_empty() {
        "it declares no feed; look for an RSS or Atom link on the site".to_owned()
    } else {
        format!("it declares {}", feeds.join(", "))
    };
    Unreadable::new("the body is an HTML page, not a feed", remedy)
}

/// The addresses of the feeds that a page declares by `<link rel="alternate">`.
fn feeds(page: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (name, attributes) in tags(page) {
        if name.eq_ignore_ascii_case("body") || found.len() >= MOST {
            break;
        }
        if !name.eq_ignore_ascii_case("link") {
            continue;
        }
        let value =
            |wanted: &str| attributes.iter().find(|(key, _)| key.eq_ignore_ascii_case(wanted)).map(|(_, v)| v.trim());
        let kind = value("type").unwrap_or_default().to_ascii_lowercase();
        let is_feed = ["rss", "atom", "feed+json"].iter().any(|feed| kind.contains(feed));
        let alternate = value("rel").is_some_and(|rel| rel.to_ascii_lowercase().contains("alternate"));
        if let Some(href) = value("href").filter(|href| is_feed && alternate && !href.is_empty()) {
            let href: String = href.replace("&amp;", "&").chars().filter(|c| !c.is_control()).take(LONGEST).collect();
            if !found.contains(&href) {
                found.push(href);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declared_feeds_are_named() {
        let page = "<!doctype html><html><head><LINK REL='alternate' type=\"application/rss+xml\" href=\"/feed?a=1&amp;b=2\">\
                    <link rel=stylesheet href=x.css><link rel=alternate type=application/atom+xml href=/atom></head>\
                    <body><link rel=alternate type=application/rss+xml href=/late></body></html>";
        assert_eq!(feeds(page), ["/feed?a=1&b=2", "/atom"]);
        assert!(unreadable(page).to_string().contains("/feed?a=1&b=2, /atom"));
        assert!(unreadable("<html></html>").to_string().contains("declares no feed"));
    }
}
