//! Tags and texts of a document that may not be well-formed: a tokenizer that never fails and never looks back.

use std::borrow::Cow;

/// One token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'t> {
    /// Text up to the next markup, references unresolved.
    Text(&'t str),
    /// The inside of a CDATA section.
    CData(&'t str),
    /// A start tag: its qualified name, its attributes as written, and whether it closes itself.
    Open(&'t str, &'t str, bool),
    /// An end tag's qualified name.
    Close(&'t str),
    /// The name after `<!DOCTYPE`.
    Doctype(&'t str),
    /// A document that ends inside of markup.
    Cut,
}

/// Reads tokens one after another; every byte is looked at a bounded number of times.
#[derive(Debug)]
pub(super) struct Tokens<'t> {
    text: &'t str,
    at: usize,
    quotes: Quotes,
    /// Whether no section's end is left, so that none is sought again.
    sections_over: bool,
}

impl<'t> Tokens<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0, quotes: Quotes::default(), sections_over: false }
    }

    /// Where the next token begins, in bytes.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Takes the text up to `end` and passes over it; the whole rest where `end` never comes.
    fn until(&mut self, end: &str) -> (&'t str, bool) {
        let rest = self.rest();
        match rest.split_once(end) {
            Some((inside, _)) => {
                self.at += inside.len() + end.len();
                (inside, true)
            }
            None => {
                self.at = self.text.len();
                (rest, false)
            }
        }
    }

    fn declaration(&mut self) -> Token<'t> {
        let rest = self.rest();
        let name = rest.get("<!DOCTYPE".len()..).unwrap_or_default().trim_start();
        let name = name.split(|c: char| c.is_whitespace() || matches!(c, '>' | '[')).next().unwrap_or_default();
        // An internal subset stands in brackets and holds `>` itself.
        let end = rest.find(['>', '[']).unwrap_or(rest.len());
        if rest.get(end..).is_some_and(|tail| tail.starts_with('[')) {
            let (_, closed) = self.until("]");
            let (_, ended) = self.until(">");
            return if closed && ended { Token::Doctype(name) } else { Token::Cut };
        }
        let (_, ended) = self.until(">");
        if ended { Token::Doctype(name) } else { Token::Cut }
    }

    fn open(&mut self) -> Option<Token<'t>> {
        let start = self.at + 1;
        let name_end = start + name_length(self.text.get(start..).unwrap_or_default());
        if name_end == start {
            return None;
        }
        let bytes = self.text.as_bytes();
        let mut at = name_end;
        let mut after_equals = false;
        let end = loop {
            match bytes.get(at) {
                None => {
                    self.at = self.text.len();
                    return Some(Token::Cut);
                }
                Some(b'>') => break at,
                // A tag that was never closed ends where the next one begins.
                Some(b'<') => break at,
                Some(quote @ (b'"' | b'\'')) if after_equals => {
                    let close = self.quotes.next(bytes, at + 1, *quote);
                    let value = close.and_then(|close| bytes.get(at + 1..close)).unwrap_or_default();
                    // A value with a whole tag in it is a quotation mark that was never closed.
                    let tag = value.iter().position(|b| *b == b'<').and_then(|at| value.get(at..));
                    let broken = tag.is_some_and(|tag| tag.contains(&b'>'));
                    at = close.filter(|_| !broken).map_or(at + 1, |close| close + 1);
                    after_equals = false;
                }
                Some(b'=') => {
                    after_equals = true;
                    at += 1;
                }
                Some(b) => {
                    after_equals = after_equals && b.is_ascii_whitespace();
                    at += 1;
                }
            }
        };
        self.at = end + usize::from(bytes.get(end) == Some(&b'>'));
        let attributes = self.text.get(name_end..end).unwrap_or_default();
        let (attributes, empty) = match attributes.strip_suffix('/') {
            Some(inside) => (inside, true),
            None => (attributes, false),
        };
        Some(Token::Open(self.text.get(start..name_end).unwrap_or_default(), attributes, empty))
    }
}

impl<'t> Iterator for Tokens<'t> {
    type Item = Token<'t>;

    fn next(&mut self) -> Option<Token<'t>> {
        loop {
            let rest = self.rest();
            if rest.is_empty() {
                return None;
            }
            if !rest.starts_with('<') {
                let length = rest.find('<').unwrap_or(rest.len());
                self.at += length;
                return Some(Token::Text(rest.get(..length).unwrap_or_default()));
            }
            if let Some(inside) = rest.strip_prefix("<!--") {
                self.at = self.text.len() - inside.len();
                if !self.until("-->").1 {
                    return Some(Token::Cut);
                }
            } else if let Some(inside) = rest.strip_prefix("<![CDATA[") {
                self.at = self.text.len() - inside.len();
                // A section that never ends would swallow all items after it: what is in it is read as markup then.
                let end = if self.sections_over { None } else { section_end(inside) };
                let Some((data, end)) = end.and_then(|end| Some((inside.get(..end)?, end))) else {
                    self.sections_over = true;
                    continue;
                };
                self.at += end + "]]>".len();
                return Some(Token::CData(data));
            } else if rest.starts_with("<?") {
                if !self.until(">").1 {
                    return Some(Token::Cut);
                }
            } else if rest.get(..9).is_some_and(|head| head.eq_ignore_ascii_case("<!DOCTYPE")) {
                return Some(self.declaration());
            } else if rest.starts_with("<!") {
                if !self.until(">").1 {
                    return Some(Token::Cut);
                }
            } else if let Some(inside) = rest.strip_prefix("</") {
                let length = name_length(inside);
                self.at += 2 + length;
                if !self.until(">").1 {
                    return Some(Token::Cut);
                }
                if length > 0 {
                    return Some(Token::Close(inside.get(..length).unwrap_or_default()));
                }
            } else if let Some(token) = self.open() {
                return Some(token);
            } else {
                // A bare `<` is text, with what follows up to the next markup.
                let length = rest.get(1..).and_then(|tail| tail.find('<')).map_or(rest.len(), |at| at + 1);
                self.at += length;
                return Some(Token::Text(rest.get(..length).unwrap_or_default()));
            }
        }
    }
}

/// Splits a start tag's attributes into names and raw values; at most 64 are read.
pub(super) fn attributes(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '/' | '='));
        let name_end = rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len());
        let (name, after) = rest.split_at_checked(name_end)?;
        if name.is_empty() {
            return None;
        }
        let Some(value) = after.trim_start().strip_prefix('=') else {
            rest = after;
            return Some((name, ""));
        };
        let value = value.trim_start();
        let quoted = value.strip_prefix(['"', '\'']).zip(value.chars().next());
        let (value, tail) = quoted.and_then(|(inside, quote)| inside.split_once(quote)).unwrap_or_else(|| {
            let end = value.find(char::is_whitespace).unwrap_or(value.len());
            value.split_at_checked(end).unwrap_or_default()
        });
        rest = tail;
        Some((name, value))
    })
    .take(64)
}

/// Whether there is a start tag of an item anywhere, comments aside.
pub(super) fn names_an_item(text: &str) -> bool {
    let outside = |(at, piece): (usize, &str)| {
        let piece = if at == 0 { Some(piece) } else { piece.split_once("-->").map(|(_, after)| after) };
        piece.unwrap_or_default().split('<').skip(1).any(|tag| {
            let name = tag.get(..name_length(tag)).unwrap_or_default();
            let local = name.rsplit(':').next().unwrap_or_default();
            local.eq_ignore_ascii_case("item") || local.eq_ignore_ascii_case("entry")
        })
    };
    text.split("<!--").enumerate().any(outside)
}

/// A name in lower case, as most are already.
pub(super) fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|b| b.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

/// Where a section ends: brackets are rare, so that they are sought and not the whole mark.
fn section_end(text: &str) -> Option<usize> {
    text.match_indices(']').map(|(at, _)| at).find(|at| text.get(*at..).is_some_and(|rest| rest.starts_with("]]>")))
}

/// Remembers where the next quotation mark of each kind stands, so that unclosed ones cost no second search.
#[derive(Debug, Default)]
struct Quotes {
    known: [Option<Option<usize>>; 2],
}

impl Quotes {
    fn next(&mut self, bytes: &[u8], from: usize, quote: u8) -> Option<usize> {
        let known = self.known.get_mut(usize::from(quote == b'\''))?;
        if !matches!(known, Some(None)) && !matches!(known, Some(Some(at)) if *at >= from) {
            let found = bytes.get(from..).and_then(|rest| rest.iter().position(|b| *b == quote)).map(|at| from + at);
            *known = Some(found);
        }
        known.flatten()
    }
}

/// Length of the name at the start of a text; 0 where it starts with none.
fn name_length(text: &str) -> usize {
    let first = text.chars().next().is_some_and(|c| c.is_alphabetic() || matches!(c, '_' | ':'));
    if !first {
        return 0;
    }
    let plain =
        text.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b':' | b'-' | b'.')).count();
    if text.as_bytes().get(plain).is_none_or(u8::is_ascii) {
        return plain;
    }
    text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | ':' | '-' | '.'))).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<Token<'_>> {
        Tokens::new(text).collect()
    }

    #[test]
    fn well_formed_markup_is_split() {
        assert_eq!(
            tokens(
                "<?xml v?><!DOCTYPE rss [<!ENTITY a \"b\">]><a x='1>2' y=\"z\">t<![CDATA[<c>]]><!-- <d> --><b/></a>"
            ),
            [
                Token::Doctype("rss"),
                Token::Open("a", " x='1>2' y=\"z\"", false),
                Token::Text("t"),
                Token::CData("<c>"),
                Token::Open("b", "", true),
                Token::Close("a")
            ]
        );
        assert_eq!(
            attributes(" x='1>2' y = \"z\" bare u=v").collect::<Vec<_>>(),
            [("x", "1>2"), ("y", "z"), ("bare", ""), ("u", "v")]
        );
    }

    #[test]
    fn broken_markup_is_survived() {
        assert_eq!(tokens("1 < 2 <b"), [Token::Text("1 "), Token::Text("< 2 "), Token::Cut]);
        assert_eq!(tokens("a <3 b</t>"), [Token::Text("a "), Token::Text("<3 b"), Token::Close("t")]);
        assert_eq!(tokens("<a x=\"1>t</a>"), [Token::Open("a", " x=\"1", false), Token::Text("t"), Token::Close("a")]);
        let p = tokens("<p c=\"x>t</p><a h=\"y\">");
        assert_eq!(p.first(), Some(&Token::Open("p", " c=\"x", false)));
        assert_eq!(p.last(), Some(&Token::Open("a", " h=\"y\"", false)));
        assert_eq!(tokens("<a <b>"), [Token::Open("a", " ", false), Token::Open("b", "", false)]);
        assert_eq!(tokens("<!-- x"), [Token::Cut]);
        assert_eq!(tokens("<![CDATA[x"), [Token::Text("x")]);
        assert_eq!(tokens("<![CDATA[x</t><b>"), [Token::Text("x"), Token::Close("t"), Token::Open("b", "", false)]);
        assert_eq!(tokens("</>x"), [Token::Text("x")]);
        assert_eq!(tokens("</ a>"), []);
    }
}
