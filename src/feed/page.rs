//! A web page where a feed was expected: what is it, and which feeds does it name?

use super::Unreadable;
use super::repair::tags;

/// Most feeds named in the message.
const MOST: usize = 5;
/// Longest address named.
const LONGEST: usize = 300;

/// How far into a page its kind is sought, in bytes.
const SEARCH: usize = 262_144;

/// Says that a page is no feed, of what kind it is, and what to do.
pub(super) fn unreadable(page: &str) -> Unreadable {
    let feeds = feeds(page);
    let (what, remedy) = match kind(page, !feeds.is_empty()) {
        Kind::Wall => (
            "the body is a page that checks for bots, not a feed",
            "the site takes openline for one: give the feed a User-Agent, headers or cookies that the site accepts, ask \
             the publisher for access, or take the same news from another address",
        ),
        Kind::Login => (
            "the body is a page to log in, not a feed",
            "give the feed a user and a password or a cookie, or an address that needs no account",
        ),
        Kind::Missing => (
            "the body is an HTML page that says that there is nothing at the address",
            "look for the feed's new address on the site",
        ),
        Kind::Other if feeds.is_empty() => {
            ("the body is an HTML page, not a feed", "it declares no feed; look for an RSS or Atom link on the site")
        }
        Kind::Other => ("the body is an HTML page, not a feed", ""),
    };
    let named = if feeds.is_empty() { String::new() } else { format!("it declares {}", feeds.join(", ")) };
    let remedy = [remedy, &named].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ");
    Unreadable::new(what, remedy)
}

/// What a page wants of its reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Proof that it is no program.
    Wall,
    /// Name and password.
    Login,
    /// Nothing: there is no such page.
    Missing,
    /// To be read.
    Other,
}

/// What only the pages of bot filters hold, in lower case.
const WALLS: &[&str] = &[
    // Cloudflare.
    "/cdn-cgi/challenge-platform/",
    "cf-browser-verification",
    "cf-chl-",
    "_cf_chl_opt",
    "<title>attention required! | cloudflare",
    "<title>just a moment...",
    // Akamai, Imperva, PerimeterX, DataDome, DDoS-Guard, Sucuri, AWS.
    "errors.edgesuite.net",
    "_incapsula_resource",
    "px-captcha",
    "captcha-delivery.com",
    "<title>ddos-guard",
    "sucuri_cloudproxy_js",
    "awswafintegration",
    "<title>pardon our interruption",
    "checking your browser before accessing",
    "enable javascript and cookies to continue",
    // Chinese filters: Knownsec, Alibaba, 360, Tencent.
    "__jsl_clearance",
    "acw_sc__v2",
    "wzws-waf-cgi",
    "waf-captcha",
    "\u{4eba}\u{673a}\u{9a8c}\u{8bc1}",
    "<title>\u{5b89}\u{5168}\u{9a8c}\u{8bc1}",
    "<title>\u{8bbf}\u{95ee}\u{9a8c}\u{8bc1}",
];
/// Beginnings of titles over forms to log in.
const LOGINS: &[&str] = &["log in", "login", "sign in", "\u{767b}\u{5f55}", "\u{767b}\u{9304}"];
/// What stands in the titles of pages that say that there is nothing.
const MISSING: &[&str] = &["404", "not found", "\u{9875}\u{9762}\u{4e0d}\u{5b58}\u{5728}", "\u{627e}\u{4e0d}\u{5230}"];

/// Whether a page is a bot wall. Forms for a password stand in the corner of many an article.
pub(super) fn is_wall(page: &str) -> bool {
    kind(page, true) == Kind::Wall
}

/// A page that declares feeds is one to be read, whatever form stands in its corner.
fn kind(page: &str, declares: bool) -> Kind {
    let head: String = page.chars().take(SEARCH).collect::<String>().to_lowercase();
    if WALLS.iter().any(|mark| head.contains(mark)) {
        return Kind::Wall;
    }
    let title = head.split_once("<title").and_then(|(_, rest)| rest.split_once('>')).map(|(_, rest)| rest);
    let title = title.and_then(|rest| rest.split('<').next()).unwrap_or_default().trim();
    let is_password = |(name, attributes): (&str, Vec<(&str, &str)>)| {
        name == "input" && attributes.iter().any(|(key, value)| *key == "type" && value.trim() == "password")
    };
    if MISSING.iter().any(|mark| title.contains(mark)) {
        Kind::Missing
    } else if !declares && (LOGINS.iter().any(|mark| title.starts_with(mark)) || tags(&head).any(is_password)) {
        Kind::Login
    } else {
        Kind::Other
    }
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

    #[test]
    fn pages_are_told_for_what_they_are() {
        let feed = "<link rel=alternate type=application/rss+xml href=/feed>";
        for (page, words) in [
            ("<title>Just a moment...</title>", "checks for bots"),
            ("<script src=\"/cdn-cgi/challenge-platform/h/b/x.js\"></script>", "User-Agent"),
            ("<script>document.cookie='__jsl_clearance=1'</script>", "checks for bots"),
            ("<title>\u{5b89}\u{5168}\u{9a8c}\u{8bc1}</title>", "checks for bots"),
            ("<title>Sign in - Example</title>", "to log in"),
            ("<title>X</title><form><INPUT name=p TYPE=\"Password\"></form>", "a user and a password"),
            ("<title>404 - Not Found</title>", "nothing at the address"),
            ("<title>News</title>", "declares no feed"),
        ] {
            let told = unreadable(&format!("<html><head>{page}</head></html>")).to_string();
            assert!(told.contains(words), "{page}: {told}");
        }
        let told = unreadable(&format!("<title>News</title>{feed}<input type=password>")).to_string();
        assert_eq!(told, "the body is an HTML page, not a feed; it declares /feed");
    }
}
