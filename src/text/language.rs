//! Which language a text is in, by its script.

use crate::model::article::Language;

/// Share of Han characters among letters from which a text is held to be Chinese.
///
/// One Han character carries as much as four or five Latin letters, so a Chinese text that quotes English names
/// stays well above it, and an English text that quotes a Chinese name well below.
const HAN_SHARE: f64 = 0.2;

/// Characters of each field that are looked at.
const SAMPLE: usize = 1000;

/// Detects the language of an item's fields; English where nothing speaks for Chinese.
///
/// Japanese (kana) and Korean (hangul) are not Chinese, whatever Han characters they hold.
#[must_use]
pub fn detect(fields: &[&str]) -> Language {
    let (mut han, mut other_cjk, mut letters) = (0_u32, 0_u32, 0_u32);
    for text in fields {
        let head = text.as_bytes().get(..SAMPLE).unwrap_or(text.as_bytes());
        if head.is_ascii() {
            letters += head.iter().map(|byte| u32::from(byte.is_ascii_alphabetic())).sum::<u32>();
            continue;
        }
        for c in text.chars().take(SAMPLE) {
            match c {
                _ if c.is_ascii() => letters += u32::from(c.is_ascii_alphabetic()),
                '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{323af}' => han += 1,
                '\u{3040}'..='\u{30ff}' | '\u{ac00}'..='\u{d7af}' => other_cjk += 1,
                _ if c.is_alphabetic() => letters += 1,
                _ => {}
            }
        }
    }
    let all = f64::from(han + other_cjk + letters);
    if f64::from(han) > all * HAN_SHARE && other_cjk * 5 < han { Language::Zh } else { Language::En }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_tell() {
        assert_eq!(detect(&["Blinken met 王毅 in Vienna"]), Language::En);
        assert_eq!(detect(&["美国国务卿布林肯（Antony Blinken）18日抵达北京"]), Language::Zh);
        assert_eq!(detect(&["岸田首相は北京を訪問した"]), Language::En);
        assert_eq!(detect(&[""]), Language::En);
    }
}
