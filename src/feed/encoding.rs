//! Bytes to text: byte-order mark, then HTTP charset, then XML declaration, then a guess, whichever fits the bytes.

mod code_page;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use code_page::CodePage;
use encoding_rs::{
    EUC_JP, EUC_KR, Encoding, GBK, MACINTOSH, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251, WINDOWS_1252, X_MAC_CYRILLIC,
};
use std::borrow::Cow;

/// A body as text, borrowed where it was text already.
#[derive(Debug)]
pub(super) struct Decoded<'b> {
    pub(super) text: Cow<'b, str>,
    /// The encoding's lower-case name, where it had to be changed from what was declared or from UTF-8.
    pub(super) repair: Option<String>,
}

/// How many bytes the guess looks at.
const SAMPLE: usize = 512_000;
/// Where a declaration or a language may stand.
const HEAD: usize = 4_096;

/// Decodes a body. Nothing is refused: bytes that fit no encoding become U+FFFD.
pub(super) fn decode<'b>(body: &'b [u8], content_type: Option<&str>) -> Decoded<'b> {
    if let Some((text, name)) = utf32(body) {
        return Decoded { text: text.into(), repair: Some(format!("encoding:{name}")) };
    }
    // An escape character means ISO-2022-JP, whose bytes are all ASCII.
    if wide(body).is_none() && body.is_ascii() && !body.contains(&0x1b) {
        let text = std::str::from_utf8(body).unwrap_or_default();
        return Decoded { text: text.into(), repair: None };
    }
    let labels = [content_type.and_then(charset).map(str::to_owned), declaration(body)];
    let [http, declared] = labels.each_ref().map(|label| label.as_deref().and_then(encoding_of));
    if let Some(page) = CodePage::of_ebcdic(body).or_else(|| code_page(body, &labels)) {
        return Decoded { text: page.decode(body).into(), repair: Some(format!("encoding:{}", page.name)) };
    }
    let (encoding, body) = choose(body, http, declared);
    let (text, _) = encoding.decode_without_bom_handling(body);
    let as_declared = http.is_none_or(|e| e == UTF_8) && declared.is_none_or(|e| e == UTF_8);
    let plain = encoding == UTF_8 && (as_declared || body.is_ascii());
    let repair = (!plain || text.contains('\u{fffd}')).then(|| format!("encoding:{}", name(encoding)));
    Decoded { text, repair }
}

/// The encoding of a label, with the ways of writing some that the web's standard does not list.
fn encoding_of(label: &str) -> Option<&'static Encoding> {
    let label = label.trim();
    Encoding::for_label(label.as_bytes()).or_else(|| {
        let label = label.to_ascii_lowercase().replace('_', "-");
        match label.as_str() {
            "ms-cyrl" => Some(WINDOWS_1251),
            "macroman" | "mac-roman" => Some(MACINTOSH),
            "maccyrillic" | "mac-cyrillic" => Some(X_MAC_CYRILLIC),
            label => Encoding::for_label(label.as_bytes()),
        }
    })
}

/// The old code page that is declared, where no other declaration is known and the bytes are not plainly something else.
fn code_page(body: &[u8], labels: &[Option<String>; 2]) -> Option<&'static CodePage> {
    let known =
        labels.iter().flatten().any(|label| encoding_of(label).is_some_and(|e| e != UTF_8 && e != WINDOWS_1252));
    if known || Encoding::for_bom(body).is_some() || wide(body).is_some() || std::str::from_utf8(body).is_ok() {
        return None;
    }
    labels.iter().flatten().find_map(|label| CodePage::of_label(label)).filter(|page| !page.is_whole())
}

/// UTF-32, which the web's standard leaves out, by its mark or by the zero bytes around the first character.
fn utf32(body: &[u8]) -> Option<(String, &'static str)> {
    let (little, body) = match body {
        [0xff, 0xfe, 0, 0, rest @ ..] => (true, rest),
        [0, 0, 0xfe, 0xff, rest @ ..] => (false, rest),
        [b'<' | b'{', 0, 0, 0, ..] => (true, body),
        [0, 0, 0, b'<' | b'{', ..] => (false, body),
        _ => return None,
    };
    let character = |unit: &[u8; 4]| {
        let code = if little { u32::from_le_bytes(*unit) } else { u32::from_be_bytes(*unit) };
        char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
    };
    let (units, _) = body.as_chunks::<4>();
    Some((units.iter().map(character).collect(), if little { "utf-32le" } else { "utf-32be" }))
}

fn choose<'b>(
    body: &'b [u8],
    http: Option<&'static Encoding>,
    declared: Option<&'static Encoding>,
) -> (&'static Encoding, &'b [u8]) {
    if let Some((encoding, length)) = Encoding::for_bom(body) {
        return (encoding, body.get(length..).unwrap_or_default());
    }
    if let Some(encoding) = wide(body) {
        return (encoding, body);
    }
    // A declaration that could be read as bytes cannot be true where it says UTF-16.
    let narrow = |encoding: &&'static Encoding| *encoding != UTF_16LE && *encoding != UTF_16BE;
    let utf8 = Utf8Count::of(body);
    if utf8.is_certain() {
        // An escape character means ISO-2022-JP, whose bytes are all ASCII.
        let escaped = body.contains(&0x1b);
        let stateful =
            [http, declared].into_iter().flatten().find(|e| escaped && !e.is_ascii_compatible() && narrow(e));
        return (stateful.unwrap_or(UTF_8), body);
    }
    for encoding in by_trust(http, declared).into_iter().flatten().filter(narrow) {
        if encoding.decode_without_bom_handling_and_without_replacement(body).is_some() && !has_c1(encoding, body) {
            return (encoding, body);
        }
    }
    // Broken UTF-8 is still UTF-8 where most of it is whole.
    if utf8.is_likely() {
        return (UTF_8, body);
    }
    (guess(body), body)
}

/// The two declarations, the server's first, unless it looks like the default that servers add to everything:
/// Latin-1, or any single-byte encoding where the document names one in which few texts are valid by chance.
fn by_trust(http: Option<&'static Encoding>, declared: Option<&'static Encoding>) -> [Option<&'static Encoding>; 2] {
    match (http, declared) {
        (Some(h), Some(d)) if h.is_single_byte() && (h == WINDOWS_1252 || !d.is_single_byte()) => [declared, http],
        _ => [http, declared],
    }
}

/// Whether single-byte text decodes to control characters, which no text holds: then the declaration is wrong.
fn has_c1(encoding: &'static Encoding, body: &[u8]) -> bool {
    let (text, _) = encoding.decode_without_bom_handling(body);
    encoding.is_single_byte() && text.chars().any(|c| ('\u{80}'..='\u{9f}').contains(&c) && c != '\u{85}')
}

/// UTF-16 or UTF-32 without a mark, by the zero bytes around the first `<`.
fn wide(body: &[u8]) -> Option<&'static Encoding> {
    match body {
        [b'<' | b'{', 0, next, 0, ..] if *next != 0 => Some(UTF_16LE),
        [0, b'<' | b'{', 0, next, ..] if *next != 0 => Some(UTF_16BE),
        _ => None,
    }
}

fn guess(body: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    let sample = body.get(..SAMPLE).unwrap_or(body);
    detector.feed(sample, true);
    let guess = detector.guess(region(body), Utf8Detection::Deny);
    // Korean and Japanese text of the EUC family lies in the same bytes; what is not that, but common Chinese
    // characters throughout, is Chinese: the detector takes short texts for Shift_JIS.
    if guess != EUC_KR && guess != EUC_JP && is_common_chinese(sample) { GBK } else { guess }
}

/// Whether nearly all pairs of bytes over ASCII are characters of the first level of GB 2312, the 3,755 most common
/// ones in rows 16 to 55, or its punctuation in rows 1 to 3.
fn is_common_chinese(sample: &[u8]) -> bool {
    let (mut pairs, mut common) = (0_usize, 0_usize);
    let mut bytes = sample.iter().copied();
    while let Some(lead) = bytes.find(|b| !b.is_ascii()) {
        pairs += 1;
        let trail = bytes.next().unwrap_or(0xff);
        common += usize::from(matches!(lead, 0xb0..=0xd7 | 0xa1..=0xa3) && trail >= 0xa1);
    }
    pairs > 1 && common * 20 >= pairs * 19
}

/// The country that speaks the feed's declared language: the detector's hint.
fn region(body: &[u8]) -> Option<&'static [u8]> {
    let head = body.get(..HEAD).unwrap_or(body);
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    let after = text.split_once("<language>").map(|(_, after)| after.trim_start())?;
    let hints: [(&str, &[u8]); 8] = [
        ("zh-tw", b"tw"),
        ("zh-hk", b"hk"),
        ("zh", b"cn"),
        ("ja", b"jp"),
        ("ko", b"kr"),
        ("ru", b"ru"),
        ("uk", b"ua"),
        ("pl", b"pl"),
    ];
    hints.into_iter().find(|(tag, _)| after.starts_with(tag)).map(|(_, tld)| tld)
}

/// How much of a body is whole UTF-8 and how much is broken.
struct Utf8Count {
    whole: usize,
    longer: usize,
    broken: usize,
}

impl Utf8Count {
    fn of(body: &[u8]) -> Self {
        let mut count = Self { whole: 0, longer: 0, broken: 0 };
        if std::str::from_utf8(body).is_ok() {
            // The first byte of each character says how long it is; a few characters suffice.
            for piece in body.chunks(128) {
                count.whole += usize::from(piece.iter().map(|b| u8::from(*b >= 0xc0)).sum::<u8>());
                count.longer += usize::from(piece.iter().map(|b| u8::from(*b >= 0xe0)).sum::<u8>());
                if count.longer > 0 || count.whole > 4 {
                    break;
                }
            }
            return count;
        }
        let mut chunks = body.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            for c in chunk.valid().chars().filter(|c| !c.is_ascii()) {
                count.whole += 1;
                count.longer += usize::from(c.len_utf8() > 2);
            }
            // A character cut in half at the very end is truncation, not another encoding.
            let cut = chunks.peek().is_none() && chunk.invalid().first().is_some_and(|b| *b >= 0xc2) && count.whole > 0;
            count.broken += usize::from(!chunk.invalid().is_empty() && !cut);
        }
        count
    }

    /// Valid throughout, and more than the few two-byte characters that GBK text may look like.
    fn is_certain(&self) -> bool {
        self.broken == 0 && (self.whole == 0 || self.longer > 0 || self.whole > 4)
    }

    fn is_likely(&self) -> bool {
        self.whole > 0 && self.whole >= self.broken.saturating_mul(4)
    }
}

fn charset(content_type: &str) -> Option<&str> {
    let lower = content_type.to_ascii_lowercase();
    let at = lower.find("charset=")? + "charset=".len();
    let value = content_type.get(at..)?.trim_start();
    let value = value.split([';', ',', ' ']).next()?;
    Some(value.trim_matches(['"', '\'']))
}

/// The encoding that an XML declaration or an HTML page's `<meta>` names, wherever in the head it stands.
fn declaration(body: &[u8]) -> Option<String> {
    let head = body.get(..HEAD).unwrap_or(body);
    let head: Cow<'_, str> = match std::str::from_utf8(head) {
        Ok(text) if !head.contains(&0) => Cow::Borrowed(text),
        _ => head.iter().map(|b| char::from(*b)).filter(|c| *c != '\0').collect(),
    };
    xml_declaration(&head).or_else(|| html_declaration(&head))
}

fn xml_declaration(head: &str) -> Option<String> {
    let declaration = head.split_once("<?xml")?.1.split_once('>')?.0;
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value.split(quote).nth(1).map(str::to_owned)
}

/// `<meta charset="gbk">`, `<meta http-equiv="Content-Type" content="text/html; charset=gbk">`.
fn html_declaration(head: &str) -> Option<String> {
    let lower = head.to_ascii_lowercase();
    lower.split("<meta").skip(1).find_map(|rest| {
        let tag = rest.split('>').next()?;
        let value = tag.split_once("charset")?.1.trim_start().strip_prefix('=')?.trim_start();
        let label = value.trim_start_matches(['"', '\'']).split(['"', '\'', ';', ' ', '/']).next()?;
        (!label.is_empty()).then(|| label.to_owned())
    })
}

/// GBK is read as its superset, so that is what is named.
fn name(encoding: &'static Encoding) -> String {
    match encoding.name() {
        "GBK" => "gb18030".to_owned(),
        name => name.to_ascii_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{BIG5, GB18030, SHIFT_JIS};

    const CHINESE: &str = "<title>\u{4e2d}\u{56fd}\u{5916}\u{4ea4}\u{90e8}\u{53d1}\u{8a00}\u{4eba}\u{5ba3}\u{5e03}\u{738b}\u{6bc5}\u{8bbf}\u{95ee}</title>";
    const RUSSIAN: &str = "<title>\u{413}\u{43b}\u{430}\u{432}\u{430} \u{41c}\u{418}\u{414} \u{43f}\u{440}\u{438}\u{435}\u{445}\u{430}\u{43b} \u{432} \u{41f}\u{435}\u{43a}\u{438}\u{43d}</title>";

    fn encoded(declared: &str, text: &str, encoding: &'static Encoding) -> Vec<u8> {
        let text = format!("<?xml version=\"1.0\"{declared}?>{text}");
        encoding.encode(&text).0.into_owned()
    }

    #[test]
    fn declarations_are_believed_where_they_fit_the_bytes() {
        let cases = [
            (encoded("", CHINESE, UTF_8), None, CHINESE, None),
            (encoded(" encoding=\"UTF-8\"", CHINESE, GB18030), None, CHINESE, Some("encoding:gb18030")),
            (encoded(" encoding='gb2312'", CHINESE, GB18030), None, CHINESE, Some("encoding:gb18030")),
            (encoded("", CHINESE, GB18030), Some("text/xml; charset=GBK"), CHINESE, Some("encoding:gb18030")),
            (encoded("", CHINESE, GB18030), None, CHINESE, Some("encoding:gb18030")),
            (
                encoded(" encoding='gbk'", CHINESE, GB18030),
                Some("text/xml; charset=iso-8859-1"),
                CHINESE,
                Some("encoding:gb18030"),
            ),
            (encoded(" encoding=\"gbk\"", CHINESE, UTF_8), None, CHINESE, Some("encoding:utf-8")),
            (encoded(" encoding=\"utf-8\"", RUSSIAN, WINDOWS_1251), None, RUSSIAN, Some("encoding:windows-1251")),
            (encoded(" encoding=\"iso-8859-1\"", RUSSIAN, UTF_8), None, RUSSIAN, Some("encoding:utf-8")),
            (encoded(" encoding=\"big5\"", "\u{53f0}\u{7063}", BIG5), None, "\u{53f0}\u{7063}", Some("encoding:big5")),
            (
                encoded(" encoding=\"shift_jis\"", "\u{65e5}\u{672c}", SHIFT_JIS),
                None,
                "\u{65e5}\u{672c}",
                Some("encoding:shift_jis"),
            ),
            (
                encoded(" encoding=\"euc-jp\"", "\u{65e5}\u{672c}", EUC_JP),
                None,
                "\u{65e5}\u{672c}",
                Some("encoding:euc-jp"),
            ),
            (
                encoded("", "caf\u{e9} \u{2013} d\u{e9}j\u{e0}", WINDOWS_1252),
                Some("text/xml; charset=\"iso-8859-1\""),
                "caf\u{e9} \u{2013}",
                Some("encoding:windows-1252"),
            ),
        ];
        for (bytes, http, expected, repair) in cases {
            let decoded = decode(&bytes, http);
            assert!(decoded.text.contains(expected), "{}", decoded.text);
            assert_eq!(decoded.repair.as_deref(), repair, "{}", decoded.text);
        }
    }

    #[test]
    fn short_texts_without_a_true_declaration_are_guessed() {
        let cases = [
            ("\u{4e2d}\u{56fd}\u{5916}\u{4ea4}\u{90e8}", GB18030, "encoding:gb18030"),
            ("\u{738b}\u{6bc5}\u{4f1a}\u{89c1}\u{7f8e}\u{56fd}\u{5ba2}\u{4eba}\u{3002}", GB18030, "encoding:gb18030"),
            (
                "\u{d55c}\u{bbf8} \u{c815}\u{c0c1}\u{d68c}\u{b2f4} \u{c624}\u{b298} \u{c5f4}\u{b9b0}\u{b2e4}",
                EUC_KR,
                "encoding:euc-kr",
            ),
            (
                "\u{65e5}\u{4e2d}\u{5916}\u{76f8}\u{4f1a}\u{8ac7}\u{306f}\u{6765}\u{9031}\u{3067}\u{3059}",
                SHIFT_JIS,
                "encoding:shift_jis",
            ),
            (
                "\u{65e5}\u{4e2d}\u{5916}\u{76f8}\u{4f1a}\u{8ac7}\u{306f}\u{6765}\u{9031}\u{3067}\u{3059}",
                EUC_JP,
                "encoding:euc-jp",
            ),
            (
                "\u{4e2d}\u{570b}\u{5916}\u{4ea4}\u{90e8}\u{767c}\u{8a00}\u{4eba}\u{8868}\u{793a}\u{5c07}\u{6703}\u{8ac7}\u{8207}\u{8a2a}\u{554f}",
                BIG5,
                "encoding:big5",
            ),
            (RUSSIAN, WINDOWS_1251, "encoding:windows-1251"),
        ];
        for (text, encoding, repair) in cases {
            let body = encoded(" encoding=\"utf-8\"", text, encoding);
            let decoded = decode(&body, None);
            assert_eq!(decoded.repair.as_deref(), Some(repair), "{text}: {}", decoded.text);
            assert!(decoded.text.contains(text));
        }
    }

    #[test]
    fn wide_text_is_found_with_and_without_a_mark() {
        let text = "<?xml version=\"1.0\" encoding=\"UTF-16\"?><rss>\u{4e2d}</rss>";
        let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked = [&[0xfe, 0xff], be.as_slice()].concat();
        for (bytes, name) in [(be, "encoding:utf-16be"), (le, "encoding:utf-16le"), (marked, "encoding:utf-16be")] {
            let decoded = decode(&bytes, Some("text/xml; charset=utf-8"));
            assert_eq!(decoded.text, text);
            assert_eq!(decoded.repair.as_deref(), Some(name));
        }
    }

    #[test]
    fn broken_utf8_stays_utf8() {
        let mut bytes = format!("<title>{}</title>", "\u{4e2d}\u{56fd}".repeat(20)).into_bytes();
        bytes.insert(10, 0xff);
        let decoded = decode(&bytes, None);
        assert!(decoded.text.contains("\u{4e2d}\u{56fd}\u{4e2d}"));
        assert_eq!(decoded.repair.as_deref(), Some("encoding:utf-8"));
        let whole = format!("<title>{}", "\u{4e2d}\u{56fd}".repeat(20));
        let cut = decode(whole.as_bytes().get(..whole.len() - 1).unwrap(), None);
        assert!(cut.text.contains("\u{4e2d}\u{56fd}\u{4e2d}"));
    }
}
