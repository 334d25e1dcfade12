//! Reads the settings of webhooks and of commands.

use super::{Way, secret};
use crate::config::feeds::address;
use crate::config::secret::SecretRef;
use crate::deliver::webhook::{self, Format};
use crate::deliver::{Flaw, command};
use crate::shape::{Placed, Table};
use jiff::SignedDuration;
use std::path::PathBuf;
use url::{Host, Url};

/// Time for one run of a command, where the channel sets none.
const COMMAND_TIMEOUT: SignedDuration = SignedDuration::from_secs(30);
/// Stands in for an address that is not known yet, so that the rest can be judged.
const EXAMPLE: &str = "https://example.invalid/";

/// Reads a webhook; the place is that of its secret.
pub(super) fn webhook(table: &mut Table, id: String) -> Option<(Way, Option<Placed<SecretRef>>)> {
    let format = format(table);
    let usual = format.as_ref().map_or(Some(EXAMPLE), Format::usual_address);
    // Slack's address is a secret as a whole, and may be given as one.
    let hidden =
        format == Some(Format::Slack) && ["secret_file", "secret_env", "credential"].iter().any(|key| table.has(key));
    if usual.is_none() && !hidden {
        table.require(&["url"]);
    }
    let given = table.has("url");
    let url = table.placed_str("url").and_then(|text| {
        let url = address(&text)?;
        let local = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        };
        if url.scheme() == "http" && !local {
            text.place.complain("a webhook without TLS", "use https; http is for localhost");
        }
        if matches!(format, Some(Format::Ntfy { .. })) && url.path() != "/" {
            let what = "ntfy takes what openline posts at the server's root alone, and this address has a path";
            text.place.complain(what, "end it after the server's name; the topic has a key of its own, `topic`");
        }
        if hidden {
            text.place.complain("for slack a secret is the whole address, and `url` is another", "keep one of the two");
        }
        Some(url)
    });
    // Whoever is signed for must have a key; a token is needed by some and forbidden to none.
    let needed = matches!(format, Some(Format::Standard | Format::Telegram { .. }));
    let secret = secret(table, "secret", needed);
    let stand_in = || Url::parse(usual.unwrap_or(EXAMPLE)).ok();
    let url = if given { url? } else { stand_in()? };
    if needed && secret.is_none() || usual.is_none() && !given && !hidden {
        return None;
    }
    let spec = webhook::Spec { id, url, format: format?, secrets: Vec::new() };
    Some((Way::Webhook(spec), secret))
}

/// Reads the form of the body and what it needs; nothing where that is wrong.
fn format(table: &mut Table) -> Option<Format> {
    let names = Format::NAMES.map(|name| (name, name));
    let name = if table.has("format") { table.choice("format", &names) } else { Some("standard") };
    let (topic, chat) = (table.placed_str("topic"), table.placed_str("chat"));
    for (key, of) in [("topic", "ntfy"), ("chat", "telegram")] {
        if table.has(key) && name != Some(of) {
            table.complain(
                key,
                format!("`{key}` is a key of the format {of}"),
                "leave it out, or set `format` to that",
            );
        }
    }
    let fits = |text: &str, odd: &[u8]| {
        (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || odd.contains(&byte))
    };
    match name? {
        "standard" => Some(Format::Standard),
        "alertmanager" => Some(Format::Alertmanager),
        "slack" => Some(Format::Slack),
        "ntfy" => {
            table.require(&["topic"]);
            let topic = topic?;
            if !fits(&topic, b"_-") {
                topic
                    .place
                    .complain("this is no topic of ntfy", "use 1 to 64 letters, digits, hyphens and underscores");
                return None;
            }
            Some(Format::Ntfy { topic: topic.value })
        }
        _ => {
            table.require(&["chat"]);
            let chat = chat?;
            if !fits(&chat, b"_-@") {
                chat.place.complain("this is no chat of Telegram", "write its number as text, or \"@channel\"");
                return None;
            }
            Some(Format::Telegram { chat: chat.value })
        }
    }
}

/// Reads a command.
pub(super) fn command(table: &mut Table, id: String) -> Option<(Way, Option<Placed<SecretRef>>)> {
    table.require(&["program"]);
    let program = table.str("program").map(PathBuf::from);
    let args = table.list_str("args").into_iter().map(|arg| arg.value).collect();
    let timeouts = SignedDuration::from_secs(1)..=SignedDuration::from_mins(10);
    let timeout = table.duration("timeout", timeouts).unwrap_or(COMMAND_TIMEOUT);
    let spec = command::Spec { id, program: program?, args, timeout };
    for Flaw { key, what, remedy } in spec.flaws() {
        table.complain(key, what, remedy);
    }
    Some((Way::Command(spec), None))
}
