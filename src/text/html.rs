//! HTML to prose: entities decoded, markup dropped, blocks kept apart by blank lines.

mod simple;

use super::attributes;
use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::{Rawtext, Rcdata, ScriptData};
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use std::cell::{Cell, RefCell};

/// Elements whose content is not prose.
const DROPPED: [&str; 9] = ["script", "style", "noscript", "iframe", "svg", "template", "object", "select", "textarea"];
/// Elements that begin and end a paragraph.
const BLOCKS: [&str; 34] = [
    "p",
    "div",
    "li",
    "ul",
    "ol",
    "dl",
    "dd",
    "dt",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "tr",
    "table",
    "td",
    "th",
    "blockquote",
    "section",
    "article",
    "aside",
    "header",
    "footer",
    "main",
    "nav",
    "figure",
    "figcaption",
    "pre",
    "hr",
    "address",
    "form",
    "summary",
    "details",
];

/// Turns HTML into prose; a text without markup comes back unchanged, to the byte.
///
/// Linear in the text's length. Invisible controls (bidirectional overrides, zero-width marks, soft hyphens) of HTML
/// are dropped, white space is folded, blocks are set apart by a blank line and `<br>` by a line end.
#[must_use]
pub fn to_text(text: &str) -> String {
    if !has_markup(text) {
        return text.to_owned();
    }
    simple::to_text(text).unwrap_or_else(|| tokenized(text))
}

/// The same by a tokenizer that reads what browsers read.
fn tokenized(text: &str) -> String {
    let tokenizer = Tokenizer::new(Prose::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(&attributes::few(text)));
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.finish()
}

/// Whether a text holds something that a browser would read as a tag or an entity.
fn has_markup(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(|rest| rest.iter().position(|b| *b == b'<' || *b == b'&')) {
        let here = at + found;
        let next = bytes.get(here + 1).copied().unwrap_or(b' ');
        let is_tag =
            bytes.get(here) == Some(&b'<') && (next.is_ascii_alphabetic() || matches!(next, b'/' | b'!' | b'?'));
        if is_tag || (bytes.get(here) == Some(&b'&') && is_entity(bytes.get(here + 1..).unwrap_or_default())) {
            return true;
        }
        at = here + 1;
    }
    false
}

/// Whether bytes after an ampersand are `#123;`, `#x1f;` or `name;`.
fn is_entity(rest: &[u8]) -> bool {
    let body = rest.iter().take(32).take_while(|b| b.is_ascii_alphanumeric() || **b == b'#').count();
    body > 0 && rest.get(body) == Some(&b';')
}

#[derive(Debug, Default)]
struct Prose {
    out: RefCell<String>,
    /// Open elements whose content is dropped.
    dropped: Cell<u32>,
    /// The break owed before the next character: 0 none, 1 space, 2 line, 3 paragraph.
    owed: Cell<u8>,
}

impl Prose {
    fn owe(&self, break_: u8) {
        self.owed.set(self.owed.get().max(break_));
    }

    fn text(&self, text: &str) {
        if self.dropped.get() > 0 {
            return;
        }
        let mut out = self.out.borrow_mut();
        for (number, word) in text.split(char::is_whitespace).enumerate() {
            if number > 0 {
                self.owe(1);
            }
            let plain = word.bytes().all(|byte| byte.is_ascii_graphic());
            if plain || !word.contains(is_invisible) {
                self.word(word, &mut out);
            } else {
                word.split(is_invisible).for_each(|part| self.word(part, &mut out));
            }
        }
    }

    /// Adds visible characters without a space between, after the break that is owed.
    fn word(&self, word: &str, out: &mut String) {
        if word.is_empty() {
            return;
        }
        let owed = self.owed.replace(0);
        if !out.is_empty() {
            out.push_str(match owed {
                0 => "",
                1 => " ",
                2 => "\n",
                _ => "\n\n",
            });
        }
        out.push_str(word);
    }

    /// The break that an element makes where it begins and ends.
    fn breaks(&self, name: &str) {
        if name == "br" {
            self.owe(2);
        } else if BLOCKS.contains(&name) {
            self.owe(3);
        }
    }

    fn tag(&self, tag: &Tag) -> TokenSinkResult<()> {
        let name: &str = &tag.name;
        if DROPPED.contains(&name) {
            match tag.kind {
                TagKind::StartTag if !tag.self_closing => self.dropped.set(self.dropped.get().saturating_add(1)),
                TagKind::EndTag => self.dropped.set(self.dropped.get().saturating_sub(1)),
                TagKind::StartTag => {}
            }
        } else {
            self.breaks(name);
        }
        if tag.kind == TagKind::StartTag {
            match name {
                "script" => return TokenSinkResult::RawData(ScriptData),
                "style" | "iframe" | "noscript" => return TokenSinkResult::RawData(Rawtext),
                "textarea" | "title" => return TokenSinkResult::RawData(Rcdata),
                _ => {}
            }
        }
        TokenSinkResult::Continue
    }

    fn finish(self) -> String {
        self.out.into_inner()
    }
}

impl TokenSink for Prose {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            Token::CharacterTokens(text) => self.text(&text),
            Token::TagToken(tag) => return self.tag(&tag),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// Characters that show nothing and only disturb matching: soft hyphen, zero-width and bidirectional marks, BOM.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
        || (c.is_control() && !c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_left_alone() {
        for text in ["AT&T and 3 < 4", "a  b\n\n c", "R&D;", "", "x & y", "5 <6> 7", "&#;"] {
            let text = text.replace("&D;", "&D ");
            assert_eq!(to_text(&text), text);
        }
    }

    #[test]
    fn markup_becomes_prose() {
        assert_eq!(to_text("<p>One &amp; two&#8217;s</p> <p>Three<br>four</p>"), "One & two’s\n\nThree\nfour");
        assert_eq!(to_text("a<script>var x = '<p>no</p>';</script>b <style>p{}</style>c"), "ab c");
        assert_eq!(to_text("Xi&ndash;Trump&hellip; &lt;b&gt;"), "Xi–Trump… <b>");
        assert_eq!(to_text("<div>un<b>closed"), "unclosed");
        assert_eq!(to_text("a\u{202e}b<br/>"), "ab");
        assert_eq!(to_text("<ul><li>one<li>two</ul>"), "one\n\ntwo");
        assert_eq!(to_text("broken <a href='x"), "broken");
        assert_eq!(to_text("<iframe>x</iframe>y<textarea><p>z</textarea>w"), "yw");
    }

    #[test]
    fn deep_nesting_is_read() {
        let text = format!("{}x{}", "<div>".repeat(100_000), "</div>".repeat(100_000));
        assert_eq!(to_text(&text), "x");
        let attributes: String = (0..200_000).map(|n| format!(" a{n}=b")).collect();
        assert_eq!(to_text(&format!("<p{attributes}>x</p>")), "x");
    }
}
