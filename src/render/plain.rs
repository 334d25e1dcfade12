//! Strings of strangers made safe to show: one line, no controls, no hidden characters, a sane length.

use unicode_segmentation::UnicodeSegmentation;
use url::Url;

/// Longest address that becomes a link, in bytes; longer ones are as good as broken in mail clients.
const LINK_MAX: usize = 2000;

/// Most combining marks kept on one letter; more would be drawn over the lines above and below. No language needs more.
const MARKS_MAX: usize = 4;

/// One line of at most `max` characters: white space collapsed, controls and hidden characters removed,
/// cut between graphemes with an ellipsis.
#[must_use]
pub fn line(text: &str, max: usize) -> String {
    cut(spaced(text, max).trim(), max)
}

/// Like [`line()`], but white space at both ends becomes one space instead of vanishing and nothing is cut:
/// for pieces of a sentence that are put together again.
#[must_use]
pub fn piece(text: &str) -> String {
    spaced(text, usize::MAX)
}

/// Cuts a cleaned line to at most `max` characters, between graphemes, the last of them an ellipsis.
#[must_use]
pub fn cut(text: &str, max: usize) -> String {
    if text.chars().nth(max).is_none() {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut left = max.saturating_sub(1);
    for grapheme in text.graphemes(true) {
        let length = grapheme.chars().count();
        if length > left {
            break;
        }
        left -= length;
        kept.push_str(grapheme);
    }
    kept.truncate(kept.trim_end().len());
    kept.push('…');
    kept
}

/// Cuts a cleaned text between graphemes so that `measure` of it is at most `max`: bytes, UTF-16 units or what else a
/// receiver counts. What was cut ends with an ellipsis.
#[must_use]
pub fn fit(text: &str, max: usize, measure: fn(&str) -> usize) -> String {
    if measure(text) <= max {
        return text.to_owned();
    }
    let mut left = max.saturating_sub(measure("…"));
    let mut kept = String::new();
    for grapheme in text.graphemes(true) {
        let length = measure(grapheme);
        if length > left {
            break;
        }
        left -= length;
        kept.push_str(grapheme);
    }
    kept.truncate(kept.trim_end().len());
    kept.push('…');
    kept
}

/// The address, where it is an absolute http or https one that may be shown as a link.
#[must_use]
pub fn link(address: &str) -> Option<String> {
    if address.len() > LINK_MAX {
        return None;
    }
    let url = Url::parse(address.trim()).ok()?;
    let safe = matches!(url.scheme(), "http" | "https") && url.host().is_some() && url.as_str().len() <= LINK_MAX;
    safe.then(|| url.into())
}

/// Whether a character shows nothing itself but changes how others show: controls, directional marks and overrides,
/// zero-width spaces, soft hyphens, tags.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// White space collapsed, hidden characters and heaps of combining marks dropped; stops one character after `max`, so
/// that a huge text costs little.
fn spaced(text: &str, max: usize) -> String {
    let mut out = String::new();
    let mut count = 0;
    let mut pending = false;
    let mut marks = 0;
    for c in text.chars() {
        marks = if is_mark(c) { marks + 1 } else { 0 };
        if marks > MARKS_MAX {
            continue;
        }
        if c.is_whitespace() {
            pending = true;
        } else if !is_hidden(c) {
            if pending {
                out.push(' ');
                count += 1;
                pending = false;
            }
            out.push(c);
            count += 1;
            if count > max.saturating_add(1) {
                return out;
            }
        }
    }
    if pending {
        out.push(' ');
    }
    out
}

/// Combining marks that are drawn over their letter: the blocks that Unicode names "Combining Diacritical Marks" and
/// "Combining Half Marks".
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}'
        | '\u{fe20}'..='\u{fe2f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_no_breaks_controls_or_overrides() {
        assert_eq!(line("  a\r\nBcc: x@y\u{2028}b\tc\u{7} ", 80), "a Bcc: x@y b c");
        assert_eq!(line("safe\u{202e}gnp.exe\u{200b}\u{feff}", 80), "safegnp.exe");
        assert_eq!(piece(" and\n"), " and ");
        assert_eq!(line("\u{1b}[31mred", 80), "[31mred");
    }

    #[test]
    fn a_cut_falls_between_graphemes() {
        assert_eq!(line("国务卿布林肯", 4), "国务卿…");
        assert_eq!(line("abcd", 4), "abcd");
        assert_eq!(line("abc de", 5), "abc…");
        assert_eq!(line(&format!("e{}x", "\u{301}".repeat(500)), 80), "e\u{301}\u{301}\u{301}\u{301}x");
        assert_eq!(line("xe\u{301}\u{301}\u{301}y", 4), "x…");
        assert_eq!(line(&"a".repeat(1_000_000), 10).chars().count(), 10);
    }

    #[test]
    fn a_text_is_cut_to_what_a_receiver_counts() {
        assert_eq!(fit("国务卿布林肯", 12, str::len), "国务卿…");
        assert_eq!(fit("国务卿", 9, str::len), "国务卿");
        let units = |text: &str| text.encode_utf16().count();
        assert_eq!(fit("😀😀😀", 5, units), "😀😀…");
        assert!(fit(&"👩‍👩‍👧".repeat(50), 40, str::len).len() <= 40);
    }

    #[test]
    fn only_web_addresses_become_links() {
        assert_eq!(link(" https://example.org/a b ").as_deref(), Some("https://example.org/a%20b"));
        assert_eq!(link("javascript:alert(1)"), None);
        assert_eq!(link("data:text/html,x"), None);
        assert_eq!(link("/relative"), None);
        assert_eq!(link("https://example.org/\"onx=\"").as_deref(), Some("https://example.org/%22onx=%22"));
        assert_eq!(link(&format!("https://example.org/{}", "a".repeat(3000))), None);
    }
}
