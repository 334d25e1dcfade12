//! Tags with few attributes: a tokenizer compares each attribute of a tag with all before it, so a tag of a hundred thousand
//! would take minutes.

use std::borrow::Cow;

/// Attributes of a tag that are kept; no honest one has half as many.
const MOST: usize = 48;

/// What a byte of a tag is part of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum In {
    Text,
    /// The tag's name, white space, or a slash.
    Gap,
    Name,
    /// Behind an equals sign.
    Equals,
    Quoted(u8),
    Unquoted,
}

/// The text with the attributes of each tag behind the first `MOST` left out; unchanged where no tag has as many. Linear.
#[must_use]
pub fn few(text: &str) -> Cow<'_, str> {
    let mut kept: Option<String> = None;
    let (mut state, mut count, mut from) = (In::Text, 0_usize, 0_usize);
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().copied().enumerate() {
        let next = bytes.get(at + 1).copied().unwrap_or_default();
        let (before, is_end) = (state, state != In::Text && byte == b'>' && !matches!(state, In::Quoted(_)));
        state = match (state, byte) {
            (In::Text, b'<') if next.is_ascii_alphabetic() || next == b'/' => {
                count = 0;
                // The name is no attribute.
                In::Unquoted
            }
            (In::Text, _) => In::Text,
            _ if is_end => In::Text,
            (In::Quoted(quote), _) if byte == quote => In::Gap,
            (In::Quoted(quote), _) => In::Quoted(quote),
            (In::Equals, b'"' | b'\'') => In::Quoted(byte),
            (In::Equals, _) if byte.is_ascii_whitespace() => In::Equals,
            (In::Equals, _) => In::Unquoted,
            (In::Unquoted, _) if byte.is_ascii_whitespace() || byte == b'/' && count == 0 => In::Gap,
            (In::Unquoted, _) => In::Unquoted,
            (In::Name, b'=') => In::Equals,
            (_, b'/') => In::Gap,
            _ if byte.is_ascii_whitespace() => {
                if before == In::Name {
                    In::Name
                } else {
                    In::Gap
                }
            }
            (In::Name, _) if !bytes.get(at.wrapping_sub(1)).is_some_and(u8::is_ascii_whitespace) => In::Name,
            _ => {
                count += 1;
                if count == MOST + 1 {
                    kept.get_or_insert_default().push_str(text.get(from..at).unwrap_or_default());
                }
                In::Name
            }
        };
        if is_end && count > MOST {
            from = at;
        }
    }
    match kept {
        None => Cow::Borrowed(text),
        // A tag that never ends is none.
        Some(kept) if state != In::Text && count > MOST => Cow::Owned(kept),
        Some(mut kept) => {
            kept.push_str(text.get(from..).unwrap_or_default());
            Cow::Owned(kept)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_tags_of_many_attributes_lose_some() {
        let many = |count: usize| (0..count).map(|n| format!(" a{n}='>{n}' b{n} = x c{n}")).collect::<String>();
        let long = format!("é<p{}>text</p><b>x", many(1_000));
        let short = few(&long);
        assert_eq!(short, format!("é<p{} >text</p><b>x", many(MOST / 3)));
        for text in
            ["", "a < b, c > d", "<p class=\"a>b\" title='x\"y'>é</p>", "<a href=x/y/z?a=b>", "<br/><", "<p", "</p x>"]
        {
            assert_eq!(few(text), text);
        }
        assert_eq!(few(&format!("x<p{}", many(50))), format!("x<p{} ", many(MOST / 3)));
    }

    proptest! {
        #[test]
        fn what_is_left_has_few(tokens in prop::collection::vec(prop::sample::select(vec![
            "<p", ">", " ", "a", "=", "'", "\"", "/", "é", "<", " b=c", " d",
        ]), 0..400)) {
            let text = tokens.concat();
            let once = few(&text);
            prop_assert!(once.len() <= text.len());
            prop_assert_eq!(few(&once), once.as_ref());
        }
    }
}
