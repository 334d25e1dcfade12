//! Reads the settings of a mail channel: relay, program or folder.

use super::{Way, secret};
use crate::config::secret::SecretRef;
use crate::config::settings::is_host;
use crate::deliver::Flaw;
use crate::deliver::email::{self, Form, Mailbox, Tls, Transport};
use crate::deliver::secret::Secret;
use crate::shape::{Placed, Table};
use jiff::SignedDuration;
use std::net::IpAddr;
use std::path::PathBuf;

/// Time for one attempt up to the message, where the channel sets none.
const MAIL_TIMEOUT: SignedDuration = SignedDuration::from_secs(60);
/// Time for the message and the answer to its final dot, where the channel sets none (RFC 5321 section 4.5.3.2.6).
const MAIL_PATIENCE: SignedDuration = SignedDuration::from_mins(10);
/// Where Unix keeps the program that takes mails (Filesystem Hierarchy Standard 3.0, section 4.11).
const SENDMAIL: &str = "/usr/sbin/sendmail";

/// Reads a mail channel; the place is that of its password.
pub(super) fn read(table: &mut Table, id: String) -> Option<(Way, Option<Placed<SecretRef>>)> {
    let transport = transport(table);
    let relay = transport == Some(Transport::Smtp);
    table.require(if relay { &["host", "from", "to"] } else { &["from", "to"] });
    if !relay {
        for key in ["host", "port", "tls", "user", "password_file", "password_env", "credential", "patience"] {
            if table.has(key) {
                table.complain(key, format!("`{key}` speaks of a relay"), "leave it out, or set transport to \"smtp\"");
            }
        }
    }
    let host = table.placed_str("host").filter(|host| {
        let fits = is_host(host) || host.parse::<IpAddr>().is_ok();
        if !fits {
            let what = format!("`{}` is no host", host.escape_debug());
            host.place.complain(what, "write a name or an address; the port has a key of its own");
        }
        fits
    });
    let tls = table.choice("tls", &Tls::ALL.map(|tls| (tls.name(), tls))).unwrap_or(Tls::Starttls);
    let port = table.int("port", 1..=65_535).and_then(|port| u16::try_from(port).ok());
    let user = table.str("user");
    let password = secret(table, "password", user.is_some());
    if user.is_none() && password.is_some() {
        table.complain("user", "a password without a user", "name the `user`, or leave the password out");
    }
    let from = table.placed_str("from").and_then(|text| mailbox(&text));
    let written = table.opt_list_str("to");
    let to: Vec<Mailbox> = written.iter().flatten().filter_map(mailbox).collect();
    // Of a list whose addresses are all wrong, those have been spoken of.
    let told = written.is_none_or(|written| to.len() < written.len());
    let reply_to = table.placed_str("reply_to").and_then(|text| mailbox(&text));
    let timeouts = SignedDuration::from_secs(1)..=SignedDuration::from_mins(10);
    let timeout = table.duration("timeout", timeouts.clone()).unwrap_or(MAIL_TIMEOUT);
    let patience = table.duration("patience", timeouts).unwrap_or(MAIL_PATIENCE);
    // Where a part is wrong, something right stands in for it, so that the rest can be judged all the same.
    let whole = (host.is_some() || !relay) && from.is_some() && transport.is_some();
    let spec = email::Spec {
        id,
        transport: transport.unwrap_or_default(),
        host: host.map_or_else(|| "localhost".to_owned(), |host| host.value),
        port: port.unwrap_or(match tls {
            Tls::Starttls => 587,
            Tls::Implicit => 465,
            Tls::None => 25,
        }),
        tls,
        // Stands in for the password until that is read.
        password: user.as_ref().map(|_| Secret::new("")),
        user,
        from: from.unwrap_or_else(|| "openline@localhost".parse().expect("this is an address")),
        to,
        reply_to,
        timeout,
        patience,
    };
    for Flaw { key, what, remedy } in spec.flaws() {
        if !(told && key == "to") {
            table.complain(key, what, remedy);
        }
    }
    let spec = email::Spec { password: None, ..spec };
    whole.then_some((Way::Email(spec), password))
}

/// Reads by what mails leave; nothing where that is wrong.
fn transport(table: &mut Table) -> Option<Transport> {
    let kinds = ["smtp", "sendmail", "folder"].map(|kind| (kind, kind));
    let kind = if table.has("transport") { table.choice("transport", &kinds) } else { Some("smtp") };
    let (program, path) = (table.str("program"), table.str("path"));
    let args = table.opt_list_str("args").map(|args| args.into_iter().map(|arg| arg.value).collect());
    let form = table.choice("form", &[("maildir", Form::Maildir), ("eml", Form::Eml)]);
    let stray = |table: &mut Table, keys: &[&str], of: &str| {
        for key in keys {
            if table.has(key) {
                table.complain(key, format!("`{key}` speaks of a {of}"), "leave it out, or set `transport` to that");
            }
        }
    };
    match kind? {
        "smtp" => {
            stray(table, &["program", "args"], "sendmail");
            stray(table, &["path", "form"], "folder");
            Some(Transport::Smtp)
        }
        "sendmail" => {
            stray(table, &["path", "form"], "folder");
            let program = PathBuf::from(program.unwrap_or_else(|| SENDMAIL.to_owned()));
            Some(Transport::Sendmail { program, args: args.unwrap_or_else(|| vec!["-i".to_owned()]) })
        }
        _ => {
            stray(table, &["program", "args"], "sendmail");
            table.require(&["path"]);
            let (path, form) = (PathBuf::from(path?), form.unwrap_or(Form::Maildir));
            Some(Transport::Folder { path, form })
        }
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
