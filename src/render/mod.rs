//! Alerts as subject, text, HTML, JSON and lines of a terminal.
//!
//! Everything here is total: an alert always becomes a message, whatever its strings hold. Strings of articles are
//! cleaned by [`plain`] and escaped by the template engine; only http and https addresses become links.

pub mod brief;
pub mod codes;
mod phrase;
pub mod plain;
mod quote;
pub mod sample;
mod scene;
mod templates;
pub mod terminal;
pub mod view;

pub use templates::Templates;

use crate::model::alert::{Alert, Subject};
use jiff::tz::TimeZone;
use scene::Scene;

/// For whom a message is rendered.
#[derive(Clone, Debug)]
pub struct Reader {
    /// The zone of the times shown, beside Washington's and Beijing's.
    pub zone: TimeZone,
    /// The domain of message identifiers and of the list identifier.
    pub host: String,
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
}

/// Renders an alert. A template of the user's that fails on this alert gives way to the embedded one.
#[must_use]
pub fn message(alert: &Alert, templates: &Templates, reader: &Reader) -> Message {
    let scene = Scene::of(alert, &reader.zone);
    let thread_root = match &alert.subject {
        Subject::Contact { contact, .. } => contact.id.to_string(),
        Subject::Item { .. } => alert.item.item.to_string(),
    };
    let (subject, text, html) = templates.render(&scene);
    Message { subject, text, html, thread_root, preheader: scene.lead }
}

#[cfg(test)]
mod tests;
