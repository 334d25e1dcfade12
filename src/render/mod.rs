//! Alerts as subject, text, HTML, JSON and lines of a terminal.
//!
//! Everything here is total: an alert always becomes a message, whatever its strings hold. Strings of articles are
//! cleaned by [`plain`] and escaped by the template engine; only http and https addresses become links.

pub mod brief;
mod chinese;
pub mod codes;
mod digest;
mod glossary;
mod phrase;
pub mod plain;
mod quote;
pub mod sample;
mod scene;
mod templates;
pub mod terminal;
mod tongue;
pub mod view;
mod voices;

pub use glossary::Glossary;
pub use templates::Templates;
pub use voices::reported;

use crate::model::alert::{Alert, Severity, Subject};
use crate::model::article::Language;
use crate::model::digest::Digest;
use digest::DigestScene;
use jiff::tz::TimeZone;
use scene::Scene;
use std::sync::Arc;
use tongue::Tongue;

/// For whom a message is rendered.
#[derive(Clone, Debug)]
pub struct Reader {
    /// The zone of the times shown, beside Washington's and Beijing's.
    pub zone: TimeZone,
    /// The domain of message identifiers and of the list identifier.
    pub host: String,
    /// The language of fixed words, names and dates.
    pub language: Language,
    /// The names that a reader of Chinese reads.
    pub glossary: Arc<Glossary>,
}

impl Reader {
    fn tongue(&self) -> Tongue<'_> {
        Tongue { language: self.language, names: &self.glossary }
    }
}

/// An alert ready for a channel that carries prose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// One line of at most 200 characters.
    pub subject: String,
    /// The text form. Its first line is `preheader`.
    pub text: String,
    /// The HTML form, a whole document under 100 kB without remote resources.
    pub html: String,
    /// What the messages of one thread share: the contact's id, or the item's for a word alert.
    pub thread_root: String,
    /// Who, what, when and source in at most 90 characters.
    pub preheader: String,
    /// How much it matters, for a channel that can say so.
    pub severity: Severity,
}

/// Renders an alert. A template of the user's that fails on this alert gives way to the embedded one.
#[must_use]
pub fn message(alert: &Alert, templates: &Templates, reader: &Reader) -> Message {
    let scene = Scene::of(alert, reader.tongue(), &reader.zone);
    let thread_root = match &alert.subject {
        Subject::Contact { contact, .. } => contact.id.to_string(),
        Subject::Item { .. } => alert.item.item.to_string(),
    };
    let own = alert.matched.iter().find_map(|matched| matched.subject.as_deref());
    let (subject, text, html) = templates.render(&scene, own);
    Message { subject, text, html, thread_root, preheader: scene.lead, severity: alert.severity }
}

/// Renders a digest: its alerts grouped by contact, each with its evidence. It starts a thread of its own.
#[must_use]
pub fn digest(digest: &Digest, templates: &Templates, reader: &Reader) -> Message {
    let scene = DigestScene::of(digest, reader.tongue(), &reader.zone);
    let (text, html) = templates.render_digest(&scene);
    Message {
        subject: scene.subject,
        text,
        html,
        thread_root: digest.id.to_string(),
        preheader: scene.lead,
        severity: digest.alerts.iter().map(|(alert, _)| alert.severity).max().unwrap_or_default(),
    }
}

/// A message that says of itself, in its subject and first of all, that it is a trial.
#[must_use]
pub fn marked(message: Message, mark: &str) -> Message {
    let words = format!("[{mark}] This is a trial. Nothing happened.");
    let at = message.html.find("<body").and_then(|start| {
        let tail = message.html.get(start..)?;
        Some(start + tail.find('>')? + 1)
    });
    let mut html = message.html;
    if let Some(at) = at {
        html.insert_str(at, &format!("<p style=\"font:bold 16px sans-serif;margin:8px\">{words}</p>"));
    }
    Message {
        subject: plain::cut(&format!("[{mark}] {}", message.subject), 200),
        text: format!("{words}\n\n{}", message.text),
        html,
        ..message
    }
}

#[cfg(test)]
mod tests;
