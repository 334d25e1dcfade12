//! The markup of nearly every feed, read without a tokenizer: tags and references whose form leaves no doubt.
//!
//! Whatever a browser would read in some other way than it looks (comments, scripts, unclosed quotes, references without
//! their semicolon) is left to the tokenizer; a property compares the two.

use super::Prose;

/// Turns HTML of that kind into prose; nothing where the tokenizer is to read it.
pub(super) fn to_text(text: &str) -> Option<String> {
    let prose = Prose::default();
    let mut rest = text;
    loop {
        let end = rest.find(['<', '&']).unwrap_or(rest.len());
        let (run, markup) = rest.split_at_checked(end)?;
        prose.text(run);
        if markup.is_empty() {
            return Some(prose.finish());
        }
        rest = match markup.strip_prefix('<') {
            Some(inside) => {
                let (name, after) = tag(inside)?;
                prose.breaks(&name);
                after
            }
            None => {
                let (c, after) = reference(markup.strip_prefix('&')?)?;
                prose.text(c.encode_utf8(&mut [0; 4]));
                after
            }
        };
    }
}

/// Elements whose content is not read as other text is, or not at all.
const OTHER: [&str; 13] = [
    "script",
    "style",
    "iframe",
    "noscript",
    "textarea",
    "title",
    "svg",
    "template",
    "object",
    "select",
    "math",
    "xmp",
    "plaintext",
];
/// The longest name of an element that is read here.
const NAME: usize = 16;

/// The lower-case name of a tag, of which the `<` is gone, and what follows it.
fn tag(inside: &str) -> Option<(String, &str)> {
    let inside = inside.strip_prefix('/').unwrap_or(inside);
    let length = inside.bytes().take(NAME).take_while(u8::is_ascii_alphanumeric).count();
    let (name, mut rest) = inside.split_at_checked(length)?;
    let name = name.to_ascii_lowercase();
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) || OTHER.contains(&name.as_str()) {
        return None;
    }
    loop {
        let trimmed = rest.trim_ascii_start();
        if let Some(after) = trimmed.strip_prefix('>').or_else(|| trimmed.strip_prefix("/>")) {
            return Some((name, after));
        }
        if trimmed.len() == rest.len() {
            return None;
        }
        rest = attribute(trimmed)?;
    }
}

/// What follows an attribute.
fn attribute(text: &str) -> Option<&str> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '.');
    let rest = text.trim_start_matches(is_name);
    if rest.len() == text.len() {
        return None;
    }
    let Some(value) = rest.trim_ascii_start().strip_prefix('=') else { return Some(rest) };
    let value = value.trim_ascii_start();
    for quote in ['"', '\''] {
        if let Some(inside) = value.strip_prefix(quote) {
            return Some(inside.split_once(quote)?.1);
        }
    }
    let rest = value.trim_start_matches(|c: char| is_name(c) || matches!(c, '%' | '#'));
    (rest.len() < value.len()).then_some(rest)
}

/// The character of a reference, of which the `&` is gone, and what follows it.
fn reference(text: &str) -> Option<(char, &str)> {
    if text.starts_with(' ') {
        return Some(('&', text));
    }
    // The longest is `#x10ffff`.
    let end = text.bytes().take(9).position(|byte| byte == b';')?;
    let (name, after) = text.split_at_checked(end)?;
    let c = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        _ => {
            let number = name.strip_prefix('#')?;
            let hex = number.strip_prefix(['x', 'X']);
            let digits = hex.unwrap_or(number);
            let value = u32::from_str_radix(digits, if hex.is_some() { 16 } else { 10 }).ok()?;
            // Numbers below mean controls, or what windows-1252 has in their place.
            let plain =
                digits.bytes().all(|b| b.is_ascii_hexdigit()) && (value >= 0xa0 || (0x20..0x7f).contains(&value));
            char::from_u32(value).filter(|_| plain)?
        }
    };
    Some((c, after.strip_prefix(';')?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_feeds_write_is_read_here_and_what_leaves_doubt_is_not() {
        let text = "<p class=\"a>b\">One &amp; two&#8217;s</p>\n<P><a href='x?a=1&amp;b'>Three</a><br/>f & <img src=1.jpg alt />";
        assert_eq!(to_text(text).unwrap(), "One & two\u{2019}s\n\nThree\nf &");
        for doubt in
            ["<!-- a -->", "a < b", "&hellip;", "&amp b", "<script>", "<a href=\"x", "<a b=c'd>", "<a\"b>", "&#150;"]
        {
            assert_eq!(to_text(doubt), None, "{doubt}");
        }
    }

    proptest! {
        #[test]
        fn the_tokenizer_reads_the_same(pieces in proptest::collection::vec(prop_oneof![
            "[ a-zA-Z0-9\n\r\t\u{a0}\u{200b}\u{ad}\u{4e2d}.,;&#<>/='\"-]{0,12}",
            Just("<p>".to_owned()), Just("</p>".to_owned()), Just("<br/>".to_owned()), Just("&amp;".to_owned()),
            Just("<LI class = 'x' y>".to_owned()), Just("&#x2019;".to_owned()), Just("&nbsp;".to_owned()),
            "<[a-z]{1,4}( [a-z]{1,3}(=(\"[^\"]{0,4}\"|'[^']{0,4}'|[a-z]{1,3}))?){0,2} ?/?>", "</[a-zA-Z0-9]{1,4} ?>", "&#x?[0-9a-f]{1,6};",
        ], 0..12)) {
            let text = pieces.concat();
            if let Some(read) = to_text(&text) {
                prop_assert_eq!(read, super::super::tokenized(&text), "{}", text);
            }
        }
    }
}
