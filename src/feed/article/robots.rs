//! What a site's robots.txt allows (RFC 9309), remembered for a day.
//!
//! The crates that read robots.txt cost what a hostile file chooses: quadratic matching, or an automaton for each of its
//! lines. Here a line costs what it is long: a pattern's pieces are sought from left to right, and none is sought twice.

use crate::model::request::Request;
use crate::net::client::{Ask, Client};
use crate::net::error::NetError;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use url::Url;

/// How long a robots.txt is believed (RFC 9309, section 2.4: no more than 24 hours).
const AGE: SignedDuration = SignedDuration::from_hours(24);
/// How long it is believed that one could not be had.
const UNREACHABLE_AGE: SignedDuration = SignedDuration::from_mins(30);
/// Bytes that are read (RFC 9309, section 2.5: at least 500 KiB).
const SIZE: usize = 512 << 10;
/// Rules of a file that are kept.
const RULES: usize = 5_000;
/// Bytes of an address that are compared.
const PATH: usize = 4_096;
/// Sites that are remembered.
const SITES: usize = 1_000;

/// Whether a page may be fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// It may.
    Allowed,
    /// robots.txt forbids it.
    Forbidden,
    /// robots.txt could not be had, which forbids everything (RFC 9309, section 2.3.1.4).
    Unreachable,
}

/// The robots.txt of many sites. Clones share one table.
#[derive(Clone, Debug, Default)]
pub struct Robots {
    sites: Arc<Mutex<HashMap<String, Site>>>,
}

#[derive(Clone, Debug)]
struct Site {
    read: Timestamp,
    /// Nothing where it could not be had.
    rules: Option<Arc<Rules>>,
}

impl Robots {
    /// Whether a page may be fetched, where its site's robots.txt is known and fresh.
    #[must_use]
    pub fn known(&self, page: &Url, agent: &str, now: Timestamp) -> Option<Permission> {
        let key = site(page, agent)?;
        let site = self.with(|sites| sites.get(&key).cloned())?;
        let age = now.duration_since(site.read);
        let believed = if site.rules.is_some() { AGE } else { UNREACHABLE_AGE };
        // A clock that was set back makes nothing fresh for ever.
        if age < SignedDuration::ZERO || age >= believed {
            return None;
        }
        Some(match site.rules {
            Some(rules) if rules.allow(page) => Permission::Allowed,
            Some(_) => Permission::Forbidden,
            None => Permission::Unreachable,
        })
    }

    /// Whether a page may be fetched; its site's robots.txt is fetched where it is not known. `home` is the feed's address.
    pub async fn ask(
        &self,
        client: &Client,
        agent: &str,
        page: &Url,
        (request, home): (&Request, &Url),
        now: Timestamp,
    ) -> Permission {
        if let Some(known) = self.known(page, agent, now) {
            return known;
        }
        let (Some(key), Ok(url)) = (site(page, agent), page.join("/robots.txt")) else {
            return Permission::Unreachable;
        };
        let headers: &[(&str, &[u8])] = &[("accept", b"text/plain, */*;q=0.5")];
        let rules = match client.ask(Ask { url: &url, headers, request, home }).await {
            Ok(response) => match response.status {
                200 => Some(Rules::read(&response.body, agent)),
                429 | 500.. => None,
                _ => Some(Rules::default()),
            },
            // More than five redirects: as if there were none (RFC 9309, section 2.3.1.2).
            Err(NetError::Redirects { .. }) => Some(Rules::default()),
            Err(_) => None,
        };
        let site = Site { read: now, rules: rules.map(Arc::new) };
        self.with(|sites| {
            if sites.len() >= SITES
                && let Some(oldest) = sites.iter().min_by_key(|(_, site)| site.read).map(|(key, _)| key.clone())
            {
                sites.remove(&oldest);
            }
            sites.insert(key, site);
        });
        self.known(page, agent, now).unwrap_or(Permission::Unreachable)
    }

    fn with<T>(&self, act: impl FnOnce(&mut HashMap<String, Site>) -> T) -> T {
        // The table is whole after any panic: every change is one call.
        act(&mut self.sites.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Scheme, host and port, each of which has a robots.txt of its own (RFC 9309, section 2.3), and the product for which it was
/// read.
fn site(page: &Url, agent: &str) -> Option<String> {
    let (host, port) = (page.host_str()?, page.port_or_known_default()?);
    Some(format!("{} {}://{host}:{port}", product(agent).to_ascii_lowercase(), page.scheme()))
}

/// The rules of one file for one agent.
#[derive(Debug, Default, PartialEq, Eq)]
struct Rules(Vec<Rule>);

#[derive(Debug, PartialEq, Eq)]
struct Rule {
    allow: bool,
    pattern: String,
}

impl Rules {
    /// Those of the groups that name the agent's product; of those for everybody where none does.
    fn read(body: &[u8], agent: &str) -> Self {
        let product = product(agent);
        let text = String::from_utf8_lossy(body.get(..SIZE).map_or(body, whole_lines));
        let (mut own, mut general): (Vec<Rule>, Vec<Rule>) = (Vec::new(), Vec::new());
        let (mut named, mut everybody, mut in_rules, mut ever) = (false, false, false, false);
        for line in text.trim_start_matches('\u{feff}').split(['\n', '\r']) {
            let line = line.split('#').next().unwrap_or_default();
            let Some((key, value)) = line.split_once(':') else { continue };
            let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
            match key.as_str() {
                "user-agent" => {
                    if in_rules {
                        (named, everybody, in_rules) = (false, false, false);
                    }
                    let is_own = !product.is_empty() && self::product(value).eq_ignore_ascii_case(product);
                    named |= is_own;
                    ever |= is_own;
                    everybody |= value.starts_with('*');
                }
                "allow" | "disallow" => {
                    in_rules = true;
                    if value.is_empty() {
                        continue;
                    }
                    for (wanted, rules) in [(named, &mut own), (everybody, &mut general)] {
                        if wanted && rules.len() < RULES {
                            rules.push(Rule { allow: key == "allow", pattern: encoded(value) });
                        }
                    }
                }
                _ => {}
            }
        }
        Self(if ever { own } else { general })
    }

    /// The longest pattern that matches decides; of two as long, the one that allows.
    fn allow(&self, page: &Url) -> bool {
        let query = page.query().map(|query| format!("?{query}")).unwrap_or_default();
        let path = encoded(&format!("{}{query}", page.path()));
        let path = path.get(..PATH).unwrap_or(&path);
        let matching = self.0.iter().filter(|rule| matches(&rule.pattern, path));
        let longest = matching.max_by_key(|rule| (rule.pattern.len(), rule.allow));
        path == "/robots.txt" || longest.is_none_or(|rule| rule.allow)
    }
}

/// A text that was cut off without its last line, which might forbid more than the whole one.
fn whole_lines(text: &[u8]) -> &[u8] {
    text.iter().rposition(|byte| *byte == b'\n').and_then(|end| text.get(..end)).unwrap_or_default()
}

/// The product's name at the head of a user agent: letters, hyphens and underscores.
fn product(agent: &str) -> &str {
    let end = agent.find(|c: char| !(c.is_ascii_alphabetic() || matches!(c, '-' | '_'))).unwrap_or(agent.len());
    agent.get(..end).unwrap_or_default()
}

/// A path with everything beyond ASCII in percent form, and the digits of that form in upper case.
fn encoded(path: &str) -> String {
    let bytes = path.as_bytes();
    let mut out = String::with_capacity(path.len());
    let mut after: u8 = 0;
    for byte in bytes {
        match byte {
            b'%' => {
                after = 3;
                out.push('%');
            }
            0x80.. => out.push_str(&format!("%{byte:02X}")),
            _ if after > 0 => out.push(char::from(byte.to_ascii_uppercase())),
            _ => out.push(char::from(*byte)),
        }
        after = after.saturating_sub(1);
    }
    out
}

/// Whether a pattern (`*` for anything, `$` at its end for the end) matches the beginning of a path. Linear in both.
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, ends) = pattern.strip_suffix('$').map_or((pattern, false), |pattern| (pattern, true));
    let mut pieces = pattern.split('*');
    let Some(mut rest) = path.strip_prefix(pieces.next().unwrap_or_default()) else { return false };
    let mut last = None;
    for piece in pieces {
        if let Some(before) = last.replace(piece) {
            match rest.split_once(before) {
                Some((_, after)) => rest = after,
                None => return false,
            }
        }
    }
    match (last, ends) {
        (None, true) => rest.is_empty(),
        (None, false) => true,
        (Some(last), true) => rest.ends_with(last),
        (Some(last), false) => rest.contains(last),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::Instant;

    fn allowed(file: &str, path: &str) -> bool {
        let page = Url::parse("https://a.example/").unwrap().join(path).unwrap();
        Rules::read(file.as_bytes(), "openline/0.1 (+mailto:x@example.org)").allow(&page)
    }

    #[test]
    fn the_longest_pattern_of_the_own_group_decides() {
        let file = "\u{feff}# all\nUser-agent: *\nDisallow: /\n\nUSER-AGENT: other\nuser-agent: OpenLine/2\nAllow: /news/open\r\n\
                    Disallow: /news # no\nDisallow: /*.pdf$\nDisallow:\n";
        for (path, expected) in [
            ("/", true),
            ("/news/1", false),
            ("/news/open/1", true),
            ("/a.pdf", false),
            ("/a.pdf?x", true),
            ("/robots.txt", true),
        ] {
            assert_eq!(allowed(file, path), expected, "{path}");
        }
        assert!(!allowed("user-agent: *\ndisallow: /", "/x"));
        assert!(allowed("user-agent: *\ndisallow: /", "/robots.txt"));
        assert!(allowed("user-agent: openline\nuser-agent: b\ndisallow:\n\nuser-agent: *\ndisallow: /", "/x"));
        assert!(allowed("user-agent: *\ndisallow: /a\nallow: /a", "/a"), "the one that allows");
        assert!(!allowed("user-agent: *\ndisallow: /caf\u{e9}%2f", "/caf%C3%A9%2Fx"));
        assert!(allowed("<html>no file</html>", "/x") && allowed("", "/x"));
    }

    #[test]
    fn patterns() {
        for (pattern, path, expected) in [
            ("/fish*", "/fish.html", true),
            ("/*.php", "/index.php?x", true),
            ("/*.php$", "/a.php/", false),
            ("/fish*.php", "/fishheads/catfish.php?p", true),
            ("/fish*.php", "/Fish.PHP", false),
            ("*/x", "/a/x", true),
            ("/a**b$", "/acb", true),
            ("$", "/", false),
            ("/a*b*b$", "/ab", false),
        ] {
            assert_eq!(matches(pattern, path), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn a_hostile_file_is_read_in_time() {
        let line = format!("disallow: /{}*z\n", "*a".repeat(2_000));
        let file = format!("user-agent: *\n{}", line.repeat(200));
        let start = Instant::now();
        assert!(allowed(&file, &format!("/{}b", "a".repeat(4_000))));
        let many = format!("user-agent: *\n{}", "disallow: /*x*y*z\n".repeat(200_000));
        assert!(allowed(&many, &format!("/{}", "x".repeat(4_000))));
        assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
    }
}
