//! Reads `[[channel]]` tables.

use super::feeds::address;
use super::secret::Secret;
use super::settings::is_host;
use crate::shape::{Place, Placed, Table, is_id};
use lettre::message::Mailbox;
use std::net::IpAddr;
use std::path::PathBuf;
use url::{Host, Url};

/// A channel, checked. Its secret is still to be read.
#[derive(Clone, Debug, PartialEq)]
pub struct ChannelSpec {
    /// Its name.
    pub id: String,
    /// How it delivers.
    pub way: Way,
}

/// How a channel delivers.
#[derive(Clone, Debug, PartialEq)]
pub enum Way {
    /// By mail.
    Email(EmailSpec),
    /// By webhook.
    Webhook(WebhookSpec),
}

/// A mail channel.
#[derive(Clone, Debug, PartialEq)]
pub struct EmailSpec {
    /// The server's name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is secured.
    pub tls: Tls,
    /// User and where their password is; absent where none is sent.
    pub login: Option<(String, Secret)>,
    /// The sender.
    pub from: Mailbox,
    /// The recipients; never empty.
    pub to: Vec<Mailbox>,
}

/// How a connection to a mail server is secured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// STARTTLS, required (RFC 3207).
    Starttls,
    /// From the first byte (RFC 8314).
    Implicit,
    /// Not at all; loopback only.
    None,
}

/// A webhook channel.
#[derive(Clone, Debug, PartialEq)]
pub struct WebhookSpec {
    /// The address.
    pub url: Url,
    /// Where the signing secret is.
    pub secret: Secret,
}

/// The channels read so far.
#[derive(Debug, Default)]
pub(super) struct Channels {
    ids: Vec<(String, Place)>,
    specs: Vec<ChannelSpec>,
    secrets: Vec<(Secret, Place)>,
}

impl Channels {
    /// Reads the `[[channel]]` tables of a file.
    pub(super) fn take(&mut self, root: &mut Table) {
        for table in root.tables("channel") {
            self.read(table);
        }
    }

    /// The ids, also of channels with something wrong.
    pub(super) fn ids(&self) -> Vec<String> {
        self.ids.iter().map(|(id, _)| id.clone()).collect()
    }

    /// The channels, and every secret with the place that names it.
    pub(super) fn finish(self) -> (Vec<ChannelSpec>, Vec<(Secret, Place)>) {
        (self.specs, self.secrets)
    }

    fn read(&mut self, mut table: Table) {
        table.require(&["id", "type"]);
        let id = self.id(&mut table);
        let way = match table.choice("type", &[("email", 'e'), ("webhook", 'w')]) {
            Some('e') => {
                let spec = self.email(&mut table).map(Way::Email);
                table.finish();
                spec
            }
            Some(_) => {
                let spec = self.webhook(&mut table).map(Way::Webhook);
                table.finish();
                spec
            }
            // Which keys it may hold depends on the type, so that nothing can be said of them.
            None => None,
        };
        if let (Some(id), Some(way)) = (id, way) {
            self.specs.push(ChannelSpec { id, way });
        }
    }

    fn id(&mut self, table: &mut Table) -> Option<String> {
        let id = table.placed_str("id")?;
        if !is_id(&id) {
            id.place.complain(
                format!("`{}` is no id of a channel", id.escape_debug()),
                "use 1 to 64 lower-case letters, digits and hyphens, a letter or digit first",
            );
        }
        if let Some((_, first)) = self.ids.iter().find(|(other, _)| *other == id.value) {
            id.place.complain(
                format!("channel `{}` is there twice", id.value),
                format!("the first is at {}; give one of them another id", first.line()),
            );
        } else {
            self.ids.push((id.value.clone(), id.place));
        }
        Some(id.value)
    }

    fn email(&mut self, table: &mut Table) -> Option<EmailSpec> {
        table.require(&["host", "from", "to"]);
        let host = table.placed_str("host");
        let host = host.filter(|host| {
            let fits = is_host(host) || host.parse::<IpAddr>().is_ok();
            if !fits {
                host.place.complain(
                    format!("`{}` is no host", host.escape_debug()),
                    "write a name or an address; the port has a key of its own",
                );
            }
            fits
        });
        let tls = table.choice("tls", &[("starttls", Tls::Starttls), ("implicit", Tls::Implicit), ("none", Tls::None)]);
        let tls = tls.unwrap_or(Tls::Starttls);
        if tls == Tls::None && host.as_ref().is_some_and(|host| !is_loopback(host)) {
            table.complain(
                "tls",
                "mail without TLS would leave this machine in the clear",
                "use \"starttls\" or \"implicit\"; \"none\" is for localhost",
            );
        }
        let port = table.int("port", 1..=65_535).and_then(|port| u16::try_from(port).ok());
        let port = port.unwrap_or(match tls {
            Tls::Starttls => 587,
            Tls::Implicit => 465,
            Tls::None => 25,
        });
        let user = table.str("user");
        let secret = self.secret(table, "password", user.is_some());
        if user.is_none() && secret.is_some() {
            table.complain("user", "a password without a user", "name the `user`, or leave the password out");
        }
        let from = table.placed_str("from").and_then(|text| mailbox(&text));
        let written = table.opt_list_str("to");
        if written.as_ref().is_some_and(Vec::is_empty) {
            table.complain("to", "`to` is empty, so that nobody would be told", "name at least one address");
        }
        let to: Vec<Mailbox> = written.unwrap_or_default().iter().filter_map(mailbox).collect();
        let login = match (user, secret) {
            (Some(user), Some(secret)) => Some((user, secret)),
            _ => None,
        };
        Some(EmailSpec { host: host?.value, port, tls, login, from: from?, to })
    }

    fn webhook(&mut self, table: &mut Table) -> Option<WebhookSpec> {
        table.require(&["url"]);
        let url = table.placed_str("url").and_then(|text| {
            let url = address(&text)?;
            let local = match url.host() {
                Some(Host::Domain(name)) => is_loopback(name),
                Some(Host::Ipv4(ip)) => ip.is_loopback(),
                Some(Host::Ipv6(ip)) => ip.is_loopback(),
                None => false,
            };
            if url.scheme() == "http" && !local {
                text.place.complain("a webhook without TLS", "use https; http is for localhost");
            }
            Some(url)
        });
        let secret = self.secret(table, "secret", true);
        Some(WebhookSpec { url: url?, secret: secret? })
    }

    /// Reads `<name>_file`, `<name>_env` or `credential`: exactly one where it is needed, at most one otherwise.
    fn secret(&mut self, table: &mut Table, name: &str, needed: bool) -> Option<Secret> {
        let keys = [format!("{name}_file"), format!("{name}_env"), "credential".to_owned()];
        let [file, env, credential] = &keys;
        if table.has(name) {
            table.complain(
                name,
                format!("a {name} does not stand in this file"),
                format!("put it into a file and name that as `{file}`, or use `{env}` or `credential`"),
            );
        }
        let present: Vec<&String> = keys.iter().filter(|key| table.has(key)).collect();
        let key = match present.as_slice() {
            [key] => (*key).clone(),
            [] => {
                if needed && !table.has(name) {
                    let what = format!("no {name} is named");
                    table.complain("id", what, format!("name one of `{file}`, `{env}` and `credential`"));
                }
                return None;
            }
            [_, second, ..] => {
                table.complain(second, format!("more than one {name} is named"), "keep one of them");
                return None;
            }
        };
        let text = table.placed_str(&key)?;
        let plain = !text.is_empty() && !text.contains(['/', '\0', '=']);
        let secret = if key == *file {
            Secret::File(PathBuf::from(&text.value))
        } else if !plain {
            text.place.complain(format!("`{}` is no name", text.escape_debug()), "write the name alone");
            return None;
        } else if key == *env {
            Secret::Env(text.value)
        } else {
            let _ = credential;
            Secret::Credential(text.value)
        };
        self.secrets.push((secret.clone(), text.place));
        Some(secret)
    }
}

fn mailbox(text: &Placed<String>) -> Option<Mailbox> {
    let found = text.parse::<Mailbox>().ok();
    if found.is_none() {
        text.place.complain(
            format!("`{}` is no mail address", text.escape_debug()),
            "write \"desk@example.org\" or \"The Desk <desk@example.org>\"",
        );
    }
    found
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
