//! One wanted text while it is being gathered, and what its tag's attributes say about it.

use super::Repairs;
use super::draft::escape;
use super::entity::{decoded, mended, resolve_all};
use super::names::{Field, is_void};
use super::token::attributes;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A text on its way into an item or into the feed's head.
#[derive(Debug)]
pub(super) struct Leaf {
    pub(super) field: Field,
    pub(super) rank: u8,
    /// Whether a guid may serve as the link.
    pub(super) permalink: bool,
    text: String,
    /// XHTML: text is markup's text.
    markup: bool,
    /// One `div` around it all is not part of it (RFC 4287, section 3.1.1.3).
    wrapped: bool,
    /// The text may be given in base64 (Atom 0.3 by its mode; RFC 4287, section 4.1.3.3, by its type).
    packed: bool,
    /// The value of an attribute that stands in for an empty text.
    instead: String,
}

impl Leaf {
    pub(super) fn new(field: Field, rank: u8, attrs: &str) -> Self {
        let mut leaf = Self {
            field,
            rank,
            permalink: true,
            text: String::new(),
            markup: false,
            wrapped: false,
            packed: false,
            instead: String::new(),
        };
        for (key, value) in attributes(attrs) {
            match key {
                "type" => {
                    leaf.markup |= value.contains("xhtml");
                    leaf.wrapped = value.trim() == "xhtml";
                    leaf.packed |= is_packed(value);
                }
                "mode" if value == "xml" => leaf.markup = true,
                "mode" => leaf.packed = value == "base64",
                "isPermaLink" => leaf.permalink = !value.trim().eq_ignore_ascii_case("false"),
                "term" | "label" if field == Field::Category && leaf.instead.is_empty() => {
                    leaf.instead = decoded(value)
                }
                _ => {}
            }
        }
        leaf
    }

    /// Adds text; inside of markup it is escaped again, for there it is the markup's text.
    pub(super) fn add(&mut self, raw: &str, references: bool, in_markup: bool, repairs: &mut Repairs) {
        let escaped = self.markup || in_markup;
        match (references, escaped) {
            (false, false) => self.text.push_str(raw),
            (false, true) => escape(raw, &mut self.text),
            (true, false) => resolve_all(raw, &mut self.text, repairs),
            (true, true) => {
                let mut plain = String::new();
                resolve_all(raw, &mut plain, repairs);
                escape(&plain, &mut self.text);
            }
        }
    }

    /// Keeps a start tag as markup of the text.
    pub(super) fn open(&mut self, local: &str, attrs: &str) {
        self.text.push('<');
        self.text.push_str(local);
        // Declarations of namespaces mean nothing in HTML.
        if attrs.contains("xmlns") {
            for (key, value) in attributes(attrs).filter(|(key, _)| !key.starts_with("xmlns")) {
                let quote = if value.contains('"') { '\'' } else { '"' };
                self.text.extend([" ", key, "="]);
                self.text.push(quote);
                self.text.push_str(value);
                self.text.push(quote);
            }
        } else {
            self.text.push_str(attrs.trim_end());
        }
        self.text.push('>');
    }

    /// Keeps an end tag as markup of the text.
    pub(super) fn close(&mut self, name: &str) {
        let local = name.split_once(':').map_or(name, |(_, local)| local).to_ascii_lowercase();
        if !is_void(&local) {
            self.text.push_str("</");
            self.text.push_str(&local);
            self.text.push('>');
        }
    }

    /// The text, as given.
    pub(super) fn finish(self) -> String {
        let text = if self.wrapped { without_div(&self.text).to_owned() } else { self.text };
        let text = if self.packed { plain(&text).unwrap_or(text) } else { text };
        if text.trim().is_empty() { self.instead } else { text }
    }
}

/// The address of an Atom link that leads to the page, and its rank: HTML before other formats, and last of all a
/// link to something near the page.
pub(super) fn alternate(attrs: &str) -> Option<(String, u8)> {
    let (mut href, mut rel, mut kind) = (None, "alternate", "");
    for (key, value) in attributes(attrs) {
        match key {
            "href" => href = Some(decoded(value)),
            "rel" => rel = value.trim(),
            "type" => kind = value.trim(),
            _ => {}
        }
    }
    let page = kind.is_empty() || kind.contains("html");
    let rank = match rel.rsplit('/').next().unwrap_or_default().to_ascii_lowercase().as_str() {
        "" | "alternate" => u8::from(!page),
        "related" | "via" | "self" => 4,
        _ => return None,
    };
    href.map(|href| (href, rank))
}

/// Whether content is not text: a picture, or a document elsewhere.
pub(super) fn is_foreign(attrs: &str) -> bool {
    attributes(attrs).any(|(key, value)| match key {
        "type" => ["image/", "audio/", "video/", "multipart/"].iter().any(|kind| value.starts_with(kind)),
        "src" => true,
        _ => false,
    })
}

/// Whether a text of this media type is given in base64.
fn is_packed(kind: &str) -> bool {
    kind.contains('/') && !kind.starts_with("text/") && !kind.ends_with("xml")
}

fn plain(base64: &str) -> Option<String> {
    let packed: String = base64.chars().filter(|c| !c.is_whitespace()).collect();
    let text = String::from_utf8(STANDARD.decode(packed).ok()?).ok()?;
    Some(text.chars().filter_map(mended).collect())
}

/// XHTML without the one `div` that Atom demands around it.
fn without_div(markup: &str) -> &str {
    let inside = || {
        let rest = markup.trim().strip_prefix("<div")?;
        let (_, rest) = rest.split_once('>')?;
        rest.strip_suffix("</div>")
    };
    inside().filter(|inside| !inside.contains("<div")).unwrap_or(markup)
}
