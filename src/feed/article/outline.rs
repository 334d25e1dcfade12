//! A page made safe for whoever looks for its main text: balanced markup of few elements, bounded in depth and size.
//!
//! Parsers of pages repair what is unclosed, crossed or misplaced, at a cost that a hostile page may choose (quadratic for
//! crossed formatting, a stack for depth). So the tokens are written anew before such a parser sees them: what only looks
//! different is dropped, tables become boxes, every element is closed in its order. What the head says is noted on the way.

use super::head::Head;
use crate::text::attributes;
use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::{Rawtext, Rcdata, ScriptData};
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use std::cell::RefCell;

/// Deepest nesting that is kept; what lies deeper is kept as text.
const DEPTH: usize = 60;
/// Elements after which a page is read no further; the longest live blogs have some 5,000.
const ELEMENTS: usize = 12_000;
/// Bytes of text after which a page is read no further, as of any field that is read.
const TEXT: usize = crate::text::FIELD_CAP;
/// Bytes after which it is looked whether enough was read.
const PIECE: usize = 64 << 10;
/// Attributes of an element, and characters of each, that are kept.
const ATTRIBUTES: usize = 6;
const VALUE: usize = 200;

/// Elements whose content is no prose.
const DROPPED: [&str; 17] = [
    "script", "style", "noscript", "iframe", "svg", "math", "template", "object", "select", "textarea", "canvas",
    "video", "audio", "button", "datalist", "map", "dialog",
];
/// Elements that are kept by their name.
const KEPT: [&str; 24] = [
    "article",
    "section",
    "main",
    "div",
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "blockquote",
    "pre",
    "figure",
    "figcaption",
    "aside",
    "header",
    "footer",
    "nav",
    "address",
    "a",
];
/// Elements that are kept as boxes.
const BOXES: [&str; 18] = [
    "table", "tbody", "thead", "tfoot", "tr", "td", "th", "caption", "dl", "dt", "dd", "details", "summary", "form",
    "fieldset", "center", "hgroup", "menu",
];
/// Attributes by which main text is told from the rest.
const TELLING: [&str; 8] = ["class", "id", "role", "itemprop", "hidden", "aria-hidden", "style", "href"];

/// Goes through a page once, in linear time: its head, and its body written anew.
pub(super) fn outline(page: &str) -> (Head, String) {
    let tokenizer = Tokenizer::new(Sink::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    let page = attributes::few(page);
    let mut rest: &str = &page;
    while !rest.is_empty() && !tokenizer.sink.0.borrow().full() {
        let (piece, behind) = rest.split_at(rest.floor_char_boundary(PIECE));
        input.push_back(StrTendril::from_slice(piece));
        let _ = tokenizer.feed(&input);
        rest = behind;
    }
    tokenizer.end();
    let State { head, mut html, mut open, .. } = tokenizer.sink.0.into_inner();
    while let Some(name) = open.pop() {
        close(&mut html, name);
    }
    (head, format!("<html><body>{html}</body></html>"))
}

#[derive(Debug, Default)]
struct Sink(RefCell<State>);

/// What the text that comes is part of.
#[derive(Debug, Default, PartialEq, Eq)]
enum Within {
    #[default]
    Prose,
    Title,
    Data,
}

#[derive(Debug, Default)]
struct State {
    head: Head,
    html: String,
    /// Names of the elements that are open, the outermost first.
    open: Vec<&'static str>,
    /// Open elements that lie too deep to be kept.
    deeper: usize,
    /// Open elements whose content is dropped.
    dropped: usize,
    elements: usize,
    within: Within,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.0.borrow_mut();
        match token {
            Token::CharacterTokens(text) => state.text(&text),
            Token::TagToken(tag) => return state.tag(&tag),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl State {
    fn full(&self) -> bool {
        self.elements >= ELEMENTS || self.html.len() >= TEXT
    }

    fn text(&mut self, text: &str) {
        match self.within {
            Within::Data => self.head.more_data(text),
            Within::Title => self.head.more_title(text),
            Within::Prose if self.dropped == 0 && !self.full() => escape(&mut self.html, text.chars()),
            Within::Prose => {}
        }
    }

    fn tag(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name: &str = &tag.name;
        let starts = tag.kind == TagKind::StartTag;
        if let (Within::Data | Within::Title, false) = (&self.within, starts) {
            self.head.data_ends();
            self.within = Within::Prose;
        }
        if DROPPED.contains(&name) {
            if starts && (!tag.self_closing || name == "script") {
                self.dropped += 1;
            } else if !starts {
                self.dropped = self.dropped.saturating_sub(1);
            }
        }
        if starts {
            self.head.tag(name, |wanted| value(tag, wanted));
            match name {
                "script" => {
                    if value(tag, "type").is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/ld+json")) {
                        self.within = Within::Data;
                    }
                    return TokenSinkResult::RawData(ScriptData);
                }
                "style" | "iframe" | "noscript" => return TokenSinkResult::RawData(Rawtext),
                "textarea" => return TokenSinkResult::RawData(Rcdata),
                "title" if self.dropped == 0 => {
                    self.within = Within::Title;
                    return TokenSinkResult::RawData(Rcdata);
                }
                _ => {}
            }
        }
        if self.dropped == 0 {
            if starts { self.start(name, tag) } else { self.end(name) }
        }
        TokenSinkResult::Continue
    }

    fn start(&mut self, name: &str, tag: &Tag) {
        if matches!(name, "br" | "hr") && !self.full() {
            self.elements += 1;
            self.html.push_str(if name == "br" { "<br>" } else { "<hr>" });
            return;
        }
        let Some(name) = kept(name) else { return };
        match name {
            "a" => self.leave("a", &[]),
            "li" => self.leave("li", &["ul", "ol"]),
            _ => {}
        }
        if name != "a" {
            // No block stands in a paragraph.
            self.leave("p", &[]);
        }
        if self.deeper > 0 || self.open.len() >= DEPTH || self.full() {
            self.deeper += 1;
            return;
        }
        self.elements += 1;
        self.open.push(name);
        self.html.push('<');
        self.html.push_str(name);
        for attribute in tag.attrs.iter().filter(|a| TELLING.contains(&&*a.name.local)).take(ATTRIBUTES) {
            self.html.push(' ');
            self.html.push_str(&attribute.name.local);
            self.html.push_str("=\"");
            escape(&mut self.html, attribute.value.chars().take(VALUE));
            self.html.push('"');
        }
        self.html.push('>');
    }

    fn end(&mut self, name: &str) {
        let Some(name) = kept(name) else { return };
        if self.deeper > 0 {
            self.deeper -= 1;
        } else {
            self.leave(name, &[]);
        }
    }

    /// Closes the innermost element of a name with all that is open in it, unless one of `bounds` is.
    fn leave(&mut self, name: &str, bounds: &[&str]) {
        let Some(at) = self.open.iter().rposition(|open| *open == name || bounds.contains(open)) else { return };
        if self.deeper > 0 || self.open.get(at).is_none_or(|open| *open != name) {
            return;
        }
        for inner in self.open.drain(at..).rev() {
            close(&mut self.html, inner);
        }
    }
}

/// The name under which an element is kept.
fn kept(name: &str) -> Option<&'static str> {
    let kept = KEPT.into_iter().find(|kept| *kept == name);
    kept.or_else(|| BOXES.contains(&name).then_some("div"))
}

fn close(html: &mut String, name: &str) {
    html.push_str("</");
    html.push_str(name);
    html.push('>');
}

fn escape(html: &mut String, text: impl Iterator<Item = char>) {
    for c in text {
        match c {
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '&' => html.push_str("&amp;"),
            '"' => html.push_str("&quot;"),
            '\0' => {}
            c => html.push(c),
        }
    }
}

fn value<'a>(tag: &'a Tag, name: &str) -> Option<&'a str> {
    tag.attrs.iter().find(|attribute| &*attribute.name.local == name).map(|attribute| &*attribute.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn body(page: &str) -> String {
        let (_, html) = outline(page);
        html.trim_start_matches("<html><body>").trim_end_matches("</body></html>").to_owned()
    }

    #[test]
    fn markup_is_balanced_and_plain() {
        assert_eq!(body("<p>a<p>b <b>c</i></p>"), "<p>a</p><p>b c</p>");
        assert_eq!(body("<div class=x onclick=y>a<span>b</div>c</div>"), "<div class=\"x\">ab</div>c");
        assert_eq!(body("<a href='/x'>a<a>b"), "<a href=\"/x\">a</a><a>b</a>");
        assert_eq!(body("<ul><li>a<li>b<ul><li>c</ul></ul>"), "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>");
        assert_eq!(body("<table>t<tr><td>a</table>"), "<div>t<div><div>a</div></div></div>");
        assert_eq!(body("<p><a>x<div>y"), "<p><a>x</a></p><div>y</div>");
        assert_eq!(body("a<script>'<p>'</script><style>p</style><svg><p>no</svg>b &lt;p&gt;"), "ab &lt;p&gt;");
        assert_eq!(body("<title>T</title><p>x"), "<p>x</p>");
    }

    #[test]
    fn depth_and_number_are_bounded_and_the_text_is_kept() {
        let deep = body(&format!("{}x{}y", "<div>".repeat(50_000), "</div>".repeat(50_000)));
        assert_eq!(deep, format!("{}x{}y", "<div>".repeat(DEPTH), "</div>".repeat(DEPTH)));
        let many = body(&"<p>a".repeat(100_000));
        assert_eq!(many.matches("<p>").count(), ELEMENTS);
    }

    proptest! {
        #[test]
        fn whatever_comes_is_balanced(tokens in prop::collection::vec(prop::sample::select(vec![
            "<p>", "</p>", "<div>", "</div>", "<a>", "</a>", "<li>", "</li>", "<ul>", "</ul>", "<table>", "<td>", "</table>",
            "<b>", "<h1>", "</h1>", "<br>", "<script>", "</script>", "<svg>", "</svg>", "x", "<title>", "</title>", "<pre>",
        ]), 0..200)) {
            let html = body(&tokens.concat());
            let mut open = Vec::new();
            for tag in html.split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
                match tag.strip_prefix('/') {
                    Some(name) => prop_assert_eq!(open.pop(), Some(name)),
                    None if tag == "br" => {}
                    None => open.push(tag),
                }
                prop_assert!(open.len() <= DEPTH);
            }
            prop_assert!(open.is_empty());
        }
    }
}
