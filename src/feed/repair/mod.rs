//! Bytes that a strict parser would refuse, die of or misread, made a plain Atom document that it cannot stumble on.
//!
//! One pass over the text, linear in its length: whatever the dialect, the wanted texts are gathered per item and
//! written out anew, so that nothing a feed does with nesting, prefixes, entities or extensions reaches the parser.

mod draft;
mod entity;
mod hints;
mod json;
mod leaf;
mod names;
mod root;
mod scope;
mod stack;
mod token;
mod xml;

use super::Unreadable;
use super::encoding::decode;
use super::page;
use crate::model::feed::{FeedFormat, Hints};

/// A repaired feed.
#[derive(Debug)]
pub(super) struct Repaired {
    /// An Atom 1.0 document in UTF-8.
    pub(super) document: String,
    /// The format that the source had.
    pub(super) format: FeedFormat,
    /// What was repaired, each once, in the order of discovery.
    pub(super) repairs: Vec<String>,
    /// Whether the source has elements that should have become items.
    pub(super) promised: bool,
    /// What the feed says of its own schedule.
    pub(super) hints: Hints,
}

/// The start tags of a page with their attributes, for whoever looks for something in it.
pub(super) fn tags(page: &str) -> impl Iterator<Item = (&str, Vec<(&str, &str)>)> {
    token::Tokens::new(page).filter_map(|token| match token {
        token::Token::Open(name, attributes, _) => Some((name, token::attributes(attributes).collect())),
        _ => None,
    })
}

/// The names of repairs, each kept once.
#[derive(Debug, Default)]
struct Repairs(Vec<String>);

/// Most repairs named; a hostile document could name one a prefix.
const MOST_REPAIRS: usize = 32;
/// Most items read of one feed, so that a document of empty items cannot fill the memory.
const MOST_ITEMS: usize = 5_000;

impl Repairs {
    fn note(&mut self, name: &str) {
        if self.0.len() < MOST_REPAIRS && !self.0.iter().any(|held| held == name) {
            self.0.push(name.to_owned());
        }
    }
}

/// Repairs a body of any format.
///
/// # Errors
/// Where it is no feed at all.
pub(super) fn repair(body: &[u8], content_type: Option<&str>) -> Result<Repaired, Unreadable> {
    if body.starts_with(&[0x1f, 0x8b]) {
        return Err(Unreadable::new(
            "the body is compressed, and the server does not say so",
            "look for an address of the feed that does not end in .gz, or tell the publisher",
        ));
    }
    let decoded = decode(body, content_type);
    let mut repairs = Repairs::default();
    if let Some(name) = &decoded.repair {
        repairs.note(name);
    }
    let mut text = decoded.text;
    if !entity::all_proper(&text) {
        text = text.chars().filter_map(entity::mended).collect();
        repairs.note("control");
    }
    let trimmed = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if trimmed.is_empty() {
        return Err(Unreadable::new("the body is empty", "ask the publisher, or try the address in a browser"));
    }
    let junk = trimmed.find('<');
    // Where there is a tag, braces matter at the very beginning alone.
    let braces = if junk.is_some() { trimmed.get(..1).unwrap_or_default() } else { trimmed };
    let brace = braces.find(['{', '[']);
    let neither = || {
        Unreadable::new(
            "the body is neither XML nor JSON",
            "check that the address is that of a feed, not of an image, an archive or a text file",
        )
    };
    match (junk, brace) {
        (None, None) => Err(neither()),
        (_, Some(0)) => json::repair(trimmed, 0, repairs),
        (None, Some(brace)) => json::repair(trimmed, brace, repairs).map_err(|_| neither()),
        _ => {
            let start = junk.unwrap_or_default();
            let declared = trimmed.get(start..).unwrap_or_default();
            if start > 0 || (trimmed.len() < text.len() && declared.starts_with("<?xml")) {
                repairs.note("prologue");
            }
            xml::repair(declared, repairs).map_err(|found| match found {
                xml::NoFeed::Page => page::unreadable(declared),
                xml::NoFeed::Root(root) => Unreadable::new(
                    format!("the root element <{root}> is not that of a feed"),
                    "check the address: RSS starts with <rss> or <rdf:RDF>, Atom with <feed>",
                ),
                xml::NoFeed::Nothing => Unreadable::new(
                    "the body holds no element",
                    "check that the address is that of a feed, or ask the publisher",
                ),
            })
        }
    }
}

#[cfg(test)]
mod tests;
