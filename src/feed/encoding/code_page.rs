//! Code pages older than the web, which its encoding standard leaves out: those of DOS, of old Macintoshes, and EBCDIC.
//!
//! Only a declaration brings them in; nothing is guessed to be one of them.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A code page of one byte a character.
#[derive(Debug)]
pub(super) struct CodePage {
    /// Its lower-case name (IANA, where registered there).
    pub(super) name: &'static str,
    /// What its bytes stand for: all 256 of them, or the upper 128 where the lower are ASCII.
    characters: Vec<char>,
}

impl CodePage {
    /// The code page of a label, however it writes its hyphens and its capitals.
    pub(super) fn of_label(label: &str) -> Option<&'static Self> {
        let plain: String = label.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
        LABELS.get(plain.as_str()).and_then(|at| PAGES.get(*at))
    }

    /// The code page of a document whose first bytes are `<?xm` in EBCDIC (XML 1.0, appendix F.1).
    pub(super) fn of_ebcdic(body: &[u8]) -> Option<&'static Self> {
        if !body.starts_with(&[0x4c, 0x6f, 0xa7, 0x94]) {
            return None;
        }
        let common = Self::of_label("ibm037")?;
        // The letters of a declaration are the same in all of them.
        let head = common.decode(body.get(..super::HEAD).unwrap_or(body));
        let declared = super::xml_declaration(&head).and_then(|label| Self::of_label(&label));
        Some(declared.filter(|page| page.is_whole()).unwrap_or(common))
    }

    /// Whether it is no extension of ASCII.
    pub(super) fn is_whole(&self) -> bool {
        self.characters.len() == 256
    }

    /// The text of bytes; U+FFFD for those that stand for nothing.
    pub(super) fn decode(&self, body: &[u8]) -> String {
        let below = 256 - self.characters.len();
        let character = |byte: &u8| match usize::from(*byte).checked_sub(below) {
            Some(at) => self.characters.get(at).copied().unwrap_or(char::REPLACEMENT_CHARACTER),
            None => char::from(*byte),
        };
        body.iter().map(character).collect()
    }
}

/// A line a page: its name, its labels, and its characters in four hexadecimal digits each, from the tables of Unicode
/// (unicode.org/Public/MAPPINGS/VENDORS).
const TABLES: &str = include_str!("code_pages.txt");

static PAGES: LazyLock<Vec<CodePage>> = LazyLock::new(|| {
    let columns = TABLES.lines().filter_map(|line| line.split_once(' '));
    let page = |(name, rest): (&'static str, &'static str)| {
        let digits = rest.split_once(' ').map_or("", |(_, digits)| digits).as_bytes();
        let character = |code: &[u8]| {
            let code = std::str::from_utf8(code).ok().and_then(|code| u32::from_str_radix(code, 16).ok());
            code.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)
        };
        CodePage { name, characters: digits.chunks(4).map(character).collect() }
    };
    columns.map(page).collect()
});

static LABELS: LazyLock<HashMap<&'static str, usize>> = LazyLock::new(|| {
    let labels = TABLES.lines().map(|line| line.split(' ').nth(1).unwrap_or_default()).enumerate();
    labels.flat_map(|(at, labels)| labels.split(',').map(move |label| (label, at))).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_whole() {
        assert!(PAGES.len() > 20);
        for page in PAGES.iter() {
            assert!(matches!(page.characters.len(), 128 | 256), "{}", page.name);
            assert!(CodePage::of_label(page.name).is_some_and(|found| found.name == page.name), "{}", page.name);
        }
    }

    #[test]
    fn labels_and_bytes_are_known() {
        for (label, bytes, text) in [
            ("IBM437", &b"\x80a"[..], "\u{c7}a"),
            ("cp_866", b"", ""),
            ("csIBM855", b"\x80", "\u{452}"),
            ("cp850", b"\xff", "\u{a0}"),
            ("ebcdic-cp-us", b"\xc1\x81\x4c", "Aa<"),
            ("mac-central-europe", b"\x81", "\u{100}"),
        ] {
            let found = CodePage::of_label(label);
            assert_eq!(found.map(|page| page.decode(bytes)).unwrap_or_default(), text, "{label}");
        }
        assert!(CodePage::of_label("utf-8").is_none());
    }
}
