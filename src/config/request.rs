//! Reads what a feed's requests carry: headers, cookies, user, proxy; their secrets are read later, by [`with_secrets`].

use super::feeds::address;
use super::secret::{SecretRef, Variables, named};
use crate::model::feed::FeedSpec;
use crate::model::ids::FeedId;
use crate::model::request::{Proxy, Request};
use crate::model::secret::Secret;
use crate::shape::{Place, Placed, Table};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::path::Path;

/// A secret of a feed's requests, and where it is to be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedSecret {
    /// The feed.
    pub feed: FeedId,
    /// What it is.
    pub part: Part,
    /// Where it is.
    pub from: SecretRef,
}

/// What a secret of a feed's requests is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The password of this user, asked for by the feed's server.
    Password(String),
    /// The password of this user, asked for by the proxy.
    ProxyPassword(String),
    /// A line of cookies, as `Cookie` carries them.
    Cookies,
    /// Lines of headers, each a name, a colon and a value.
    Headers,
}

/// What is to be said of a secret: its number in the list, and a lower-case fragment without it.
pub type Noted = (usize, String);

/// Headers that openline sets itself, or that belong to the connection.
const OURS: &[&str] = &[
    "accept-encoding",
    "connection",
    "content-length",
    "expect",
    "host",
    "if-modified-since",
    "if-none-match",
    "keep-alive",
    "proxy-authorization",
    "range",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Reads the keys of a `[[feed]]` table; the secrets that it names come with their places.
pub(super) fn read(table: &mut Table, feed: &str) -> (Request, Vec<(FeedSecret, Place)>) {
    let mut secrets = Vec::new();
    let mut keep = |part: Part, found: Option<Placed<SecretRef>>| {
        let secret = |from| FeedSecret { feed: FeedId::new(feed), part, from };
        secrets.extend(found.map(|found| (secret(found.value), found.place)));
    };
    if let Some(user) = login(table, "user", "password") {
        let found = named(table, "password", "password_credential", Some("user"));
        keep(Part::Password(user), found);
    }
    keep(Part::Cookies, named(table, "cookies", "cookies_credential", None));
    keep(Part::Headers, named(table, "secret_headers", "secret_headers_credential", None));
    let proxy = table.placed_str("proxy").and_then(|text| {
        let url = address(&text)?;
        if url.path() != "/" || url.query().is_some() {
            text.place.complain(
                "a proxy with a path",
                "write its host and port alone, such as \"http://proxy.example.org:3128\"",
            );
        }
        Some(Proxy { url: url.into(), login: None })
    });
    if let Some(user) = login(table, "proxy_user", "proxy_password") {
        if !table.has("proxy") {
            table.complain("proxy_user", "a user of a proxy, and no proxy", "name it in `proxy`");
        }
        let found = named(table, "proxy_password", "proxy_password_credential", Some("proxy_user"));
        keep(Part::ProxyPassword(user), found);
    }
    let user_agent = table.placed_str("user_agent").filter(|text| {
        let fits = !text.is_empty() && text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        if !fits {
            text.place.complain("not the name of a program", "use printable ASCII characters");
        }
        fits
    });
    let any_certificate = table.bool("insecure_accept_any_certificate").unwrap_or(false);
    let headers = table.table("headers").map(headers).unwrap_or_default();
    (Request { user_agent: user_agent.map(|text| text.value), headers, proxy, any_certificate }, secrets)
}

/// The feeds with the secrets of their requests, and what others may read of these.
///
/// `folder` is where relative paths start.
///
/// # Errors
/// Of each secret that cannot be had or used, its number in `secrets` and why, as a lower-case fragment without it.
pub fn with_secrets(
    feeds: &[FeedSpec],
    secrets: &[FeedSecret],
    folder: &Path,
    variables: &Variables,
) -> Result<(Vec<FeedSpec>, Vec<Noted>), Vec<Noted>> {
    let (mut feeds, mut warnings, mut problems) = (feeds.to_vec(), Vec::new(), Vec::new());
    for (number, secret) in secrets.iter().enumerate() {
        let Some(spec) = feeds.iter_mut().find(|spec| spec.id == secret.feed) else { continue };
        let lines = match secret.from.read(folder, variables) {
            Ok(found) => {
                warnings.extend(found.warning.map(|warning| (number, warning)));
                found.lines
            }
            Err(why) => {
                problems.push((number, why));
                continue;
            }
        };
        if let Err(why) = put(&mut spec.request, &secret.part, &lines) {
            problems.push((number, why));
        }
    }
    if problems.is_empty() { Ok((feeds, warnings)) } else { Err(problems) }
}

fn put(request: &mut Request, part: &Part, lines: &[Secret]) -> Result<(), String> {
    let first = lines.first().map(Secret::expose).unwrap_or_default();
    match part {
        Part::Password(user) => {
            let text = format!("Basic {}", STANDARD.encode(format!("{user}:{first}")));
            request.headers.push(("authorization".to_owned(), Secret::new(text)));
        }
        Part::ProxyPassword(user) => {
            if let Some(proxy) = &mut request.proxy {
                proxy.login = Some((user.clone(), Secret::new(first)));
            }
        }
        Part::Cookies => {
            let joined =
                lines.iter().map(|line| line.expose().trim().trim_end_matches(';')).collect::<Vec<_>>().join("; ");
            if !is_value(&joined) || !joined.contains('=') {
                return Err("these are no cookies: each line holds `name=value`, several with `; ` between".to_owned());
            }
            request.headers.push(("cookie".to_owned(), Secret::new(joined)));
        }
        Part::Headers => {
            for (number, line) in (1..).zip(lines) {
                let bad = |why| Err(format!("its line {number} {why}"));
                let Some((name, value)) = line.expose().split_once(':') else {
                    return bad("is no header: a name, a colon and a value");
                };
                let (name, value) = (name.trim().to_ascii_lowercase(), value.trim());
                if let Err(why) = judge(&name, value) {
                    return bad(why);
                }
                if name == "authorization" && request.headers.iter().any(|(other, _)| *other == name) {
                    return bad("is a second authorization beside `user`");
                }
                request.headers.push((name, Secret::new(value)));
            }
        }
    }
    Ok(())
}

/// A user's name, which goes before a password; the password must be named beside it.
fn login(table: &mut Table, user: &str, password: &str) -> Option<String> {
    let found = table.placed_str(user);
    if found.is_none() && !table.has(user) {
        let keys = ["file", "env", "credential"].map(|kind| format!("{password}_{kind}"));
        if let Some(key) = keys.iter().find(|key| table.has(key)) {
            table.complain(key, "a password without a user", format!("name the user in `{user}`"));
        }
        return None;
    }
    let found = found?;
    if found.is_empty() || found.contains(':') || found.chars().any(char::is_control) {
        found.place.complain("not the name of a user", "it has no colon and is not empty");
        return None;
    }
    Some(found.value)
}

/// The headers that stand in the open.
fn headers(mut table: Table) -> Vec<(String, Secret)> {
    let mut found = Vec::new();
    for key in table.keys() {
        let Some(value) = table.placed_str(&key) else { continue };
        let name = key.to_ascii_lowercase();
        if matches!(name.as_str(), "authorization" | "cookie") {
            let remedy = if name == "cookie" {
                "put them into a file and name that as `cookies_file`"
            } else {
                "use `user` and `password_file`, or put the line `Authorization: …` into a file and name that as `secret_headers_file`"
            };
            value.place.complain(format!("a secret header, `{name}`, does not stand in this file"), remedy);
        } else if let Err(why) = judge(&name, &value) {
            key.place.complain(format!("the header `{}` {why}", key.escape_debug()), "leave it out or give another");
        } else {
            found.push((name, Secret::new(value.value)));
        }
    }
    table.finish();
    found
}

/// Whether a feed may have a header of this lower-case name and value.
fn judge(name: &str, value: &str) -> Result<(), &'static str> {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || !name.bytes().all(token) {
        Err("has no name that HTTP can carry")
    } else if name == "user-agent" {
        Err("has a key of its own, `user_agent`")
    } else if name == "cookie" {
        Err("has keys of its own, `cookies_file` and the like")
    } else if OURS.contains(&name) {
        Err("is openline's to set")
    } else if !is_value(value) {
        Err("has a value that HTTP cannot carry")
    } else {
        Ok(())
    }
}

/// Visible ASCII, spaces and tabs (RFC 9110, section 5.5).
fn is_value(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\t'))
}
