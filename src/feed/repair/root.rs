//! What the root element announces: dialect, namespace, language, base.

use super::entity::decoded;
use super::names::{Dialect, Ns};
use super::scope::{Resolved, Scopes};
use super::token::attributes;
use url::Url;

/// A feed's root element.
#[derive(Debug)]
pub(super) struct Root<'t> {
    pub(super) dialect: Dialect,
    /// The name of the repair that its oddity calls for.
    pub(super) repair: Option<&'static str>,
    /// Language tag; empty where it names none.
    pub(super) language: String,
    /// Address of the site (CDF); empty where it names none.
    pub(super) link: String,
    /// What relative addresses are relative to.
    pub(super) base: Option<Url>,
    prefix: &'t str,
    ns: Option<Ns>,
}

impl<'t> Root<'t> {
    /// Reads a start tag; nothing where it is not that of a feed.
    pub(super) fn read(prefix: &'t str, local: &str, attrs: &str, scopes: &Scopes<'t>) -> Option<Self> {
        let dialect = match local {
            "rss" | "rdf" | "channel" => Dialect::Rss,
            // A lone entry is a document of its own in Atom (RFC 4287, section 2).
            "feed" | "entry" => Dialect::Atom,
            _ => return None,
        };
        let ns = match scopes.resolve(prefix) {
            Resolved::Known(ns) => Some(ns),
            Resolved::Supplied(_) | Resolved::Undeclared => None,
        };
        let (language, link) = (String::new(), String::new());
        let mut root = Self { dialect, repair: None, language, link, base: None, prefix, ns };
        let mut version = None;
        for (key, value) in attributes(attrs) {
            match key.to_ascii_lowercase().as_str() {
                "version" => version = Some(value.trim()),
                "xml:lang" => root.language = decoded(value),
                "xml:base" | "base" => root.base = Url::parse(decoded(value).trim()).ok(),
                "href" => root.link = decoded(value),
                _ => {}
            }
        }
        root.repair = match (local, version) {
            // The versions that strict parsers accept.
            ("rss", Some("2.0" | "0.91" | "0.92")) => None,
            ("rss", _) => Some("version"),
            ("feed", Some("0.3")) => Some("atom:0.3"),
            _ => None,
        };
        Some(root)
    }

    /// Whether a namespace is the one in which this feed's own elements stand.
    pub(super) fn owns(&self, prefix: &str, ns: Ns) -> bool {
        match ns {
            Ns::Own | Ns::Rss => true,
            Ns::Atom if self.dialect == Dialect::Atom => true,
            // The root's own choice, by the root's prefix alone: extensions may be as unknown.
            ns => (prefix, Some(ns)) == (self.prefix, self.ns),
        }
    }
}
