//! What the demo prints: each step as it happens, then the timeline, the mails and what to type next.

use super::story::{Item, Story};
use crate::model::contact::Contact;
use crate::render::terminal;
use jiff::tz::TimeZone;
use mail_parser::{Message, MessageParser};
use std::net::SocketAddr;
use std::path::Path;

/// The mail that is shown whole: the first whose subject begins so.
const SHOWN: &str = "[POSTPONED]";

/// What is about to happen.
pub(super) fn opening(story: &Story, feeds: &SocketAddr) {
    say!(
        "openline demo: {} sources on http://{feeds}/, January to June 2023, real HTTP, SMTP and webhooks on loopback.\n",
        story.outlets.len()
    );
}

/// What stood in the feeds at first sight.
pub(super) fn baseline(items: &[&Item]) {
    say!("first sight of the feeds: {} items learnt, nobody is told:", items.len());
    for item in items {
        say!("        {}", item.title);
    }
}

/// One item and what came of it.
pub(super) fn step(story: &Story, item: &Item, mails: &[Vec<u8>]) {
    let outlet =
        story.outlets.iter().find(|outlet| outlet.id == item.outlet).map_or("", |outlet| outlet.title.as_str());
    let day = TimeZone::UTC.to_datetime(item.time()).strftime("%d %b").to_string();
    say!("{day}  {outlet}: {}", item.title);
    for mail in mails {
        say!("        → mail: {}", subject(mail));
    }
}

/// Timeline, mails, figures, one mail whole, what next.
pub(super) fn closing(contacts: &[Contact], mails: &[Vec<u8>], polls: (usize, usize), calls: (usize, usize)) {
    say!("\nThe contacts that the ledger holds, and how each moved:\n");
    let rows: Vec<&Contact> = contacts.iter().collect();
    say!("{}", terminal::table(&rows, false));
    for contact in contacts.iter().filter(|contact| contact.history.len() > 1) {
        let moves: Vec<String> = contact
            .history
            .iter()
            .map(|entry| format!("{} {}", TimeZone::UTC.to_datetime(entry.at).strftime("%d %b"), entry.status.name()))
            .collect();
        say!("  {}: {}", contact.kind.name(), moves.join(" → "));
    }
    say!("\nMails received, each in the thread of its contact:\n");
    for mail in mails {
        say!("  {}   thread {}", subject(mail), thread(mail));
    }
    say!(
        "\n{} requests, {} of them answered 304; {} mails; {} webhook calls with a good signature, {} with a bad one.",
        polls.0,
        polls.1,
        mails.len(),
        calls.0,
        calls.1
    );
    if let Some(mail) = mails.iter().find(|mail| subject(mail).starts_with(SHOWN)) {
        say!("\nOne mail whole, its text part:\n");
        show(mail);
    }
    say!(
        "\nWhat next:\n  \
         openline run                       watch the built-in sources, alerts on this terminal\n  \
         openline explain FILE|URL|-        see how an article is read, and why it alerts or not\n  \
         openline check                     check your configuration; config/openline.toml is the manual of every key\n  \
         openline demo --mails FOLDER       the demo's mails as files, to open in a mail program"
    );
}

/// Writes each mail as a file.
pub(super) fn write(folder: &Path, mails: &[Vec<u8>]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for (number, mail) in mails.iter().enumerate() {
        std::fs::write(folder.join(format!("{:02}.eml", number + 1)), mail)?;
    }
    Ok(())
}

fn parse(mail: &[u8]) -> Option<Message<'_>> {
    MessageParser::default().parse(mail)
}

fn subject(mail: &[u8]) -> String {
    parse(mail).and_then(|message| message.subject().map(str::to_owned)).unwrap_or_else(|| "(no subject)".to_owned())
}

/// The first letters of the thread's root.
fn thread(mail: &[u8]) -> String {
    let message = parse(mail);
    let root =
        message.as_ref().and_then(|message| message.references().as_text_list().and_then(|list| list.first().cloned()));
    root.map(|root| root.chars().take(8).collect()).unwrap_or_default()
}

fn show(mail: &[u8]) {
    let Some(message) = parse(mail) else { return };
    for name in ["From", "To", "Subject", "Date", "Message-ID", "References", "Auto-Submitted"] {
        if let Some(value) = message.header_raw(name) {
            let value = if name == "Subject" { subject(mail) } else { value.trim().replace("\r\n", "") };
            say!("  {name}: {value}");
        }
    }
    say!("");
    for line in message.body_text(0).unwrap_or_default().lines() {
        say!("  {line}");
    }
}
