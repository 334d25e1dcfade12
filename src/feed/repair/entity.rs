//! References to characters: the five of XML, numbers, and the named ones of HTML 4 that feeds use undeclared.

use super::Repairs;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What a reference stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reference {
    /// A character that XML knows without a declaration, or one given by number.
    Plain(char),
    /// A character that only HTML names.
    Html(char),
    /// A number that no document may hold.
    Illegal,
}

/// Resolves what stands between `&` and `;`; nothing where it is no reference.
pub(super) fn resolve(name: &str) -> Option<Reference> {
    if let Some(number) = name.strip_prefix('#') {
        let digits = number.strip_prefix(['x', 'X']);
        let value = digits.map_or_else(|| number.parse::<u32>(), |digits| u32::from_str_radix(digits, 16));
        let shaped = digits.unwrap_or(number);
        if shaped.is_empty() || !shaped.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        return Some(
            value
                .ok()
                .map(windows_1252)
                .and_then(char::from_u32)
                .filter(|c| legal(*c))
                .map_or(Reference::Illegal, Reference::Plain),
        );
    }
    match name {
        "lt" => Some(Reference::Plain('<')),
        "gt" => Some(Reference::Plain('>')),
        "amp" => Some(Reference::Plain('&')),
        "quot" => Some(Reference::Plain('"')),
        "apos" => Some(Reference::Plain('\'')),
        _ => NAMED.get(name).copied().map(Reference::Html),
    }
}

/// A text with its references resolved.
pub(super) fn decoded(raw: &str) -> String {
    let mut text = String::new();
    resolve_all(raw, &mut text, &mut Repairs::default());
    text
}

/// Longest name between `&` and `;` that is looked up.
const REFERENCE: usize = 32;

/// Resolves references; what is none stays as it is, its ampersand a character like any other.
pub(super) fn resolve_all(raw: &str, out: &mut String, repairs: &mut Repairs) {
    let mut pieces = raw.split('&');
    out.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let end = piece.bytes().take(REFERENCE).position(|b| b == b';');
        let (name, after) = match end {
            Some(end) => (piece.get(..end).unwrap_or_default(), piece.get(end + 1..).unwrap_or_default()),
            None => ("", piece),
        };
        match resolve(name) {
            Some(Reference::Plain(c)) => out.push(c),
            Some(Reference::Html(c)) => {
                repairs.note("entities");
                out.push(c);
            }
            Some(Reference::Illegal) => repairs.note("control"),
            None => {
                repairs.note("entities");
                out.push('&');
                out.push_str(piece);
                continue;
            }
        }
        out.push_str(after);
    }
}

/// Whether XML 1.0 allows a character (production 2).
pub(super) fn legal(c: char) -> bool {
    !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// Whether all characters of a text may stand in it as they are; bytes decide nearly always.
pub(super) fn all_proper(text: &str) -> bool {
    let bytes = text.as_bytes();
    // Without early exits inside of a piece, the compiler looks at many bytes at once.
    let control = |piece: &[u8]| piece.iter().fold(false, |any, b| any | ((*b < b' ') & !matches!(*b, 9 | 10 | 13)));
    // U+0080 to U+009F begin with C2, U+FFFE and U+FFFF with EF BF.
    let doubtful = |(a, b): (&u8, &u8)| ((*a == 0xc2) & (*b < 0xa0)) | ((*a == 0xef) & (*b == 0xbf));
    let pairs = bytes.iter().zip(bytes.iter().skip(1));
    !bytes.chunks(256).any(control)
        && (!pairs.fold(false, |any, pair| any | doubtful(pair)) || text.chars().all(proper))
}

/// Whether a character may stand in a text as it is: legal, and no control character of Latin-1.
pub(super) fn proper(c: char) -> bool {
    legal(c) && !('\u{80}'..='\u{9f}').contains(&c)
}

/// What stands for a character that may not stay: nothing, or what windows-1252 has in its place.
pub(super) fn mended(c: char) -> Option<char> {
    if legal(c) { char::from_u32(windows_1252(u32::from(c))) } else { None }
}

/// Numbers from 128 to 159 mean windows-1252, as every browser reads them (HTML, numeric character references).
fn windows_1252(value: u32) -> u32 {
    let byte = u8::try_from(value).ok().filter(|byte| (0x80..=0x9f).contains(byte));
    let Some(byte) = byte else { return value };
    let bytes = [byte];
    let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes);
    text.chars().next().map_or(value, u32::from)
}

static NAMED: LazyLock<HashMap<&'static str, char>> = LazyLock::new(|| {
    let pairs = HTML4.split(", ").filter_map(|pair| pair.split_once(' '));
    pairs.filter_map(|(name, code)| Some((name, char::from_u32(u32::from_str_radix(code, 16).ok()?)?))).collect()
});

/// Name and code point in hexadecimal (HTML 4.01, section 24), without those of XML.
const HTML4: &str = "\
    AElig c6, Aacute c1, Acirc c2, Agrave c0, Alpha 391, Aring c5, Atilde c3, Auml c4, Beta 392, Ccedil c7, \
    Chi 3a7, Dagger 2021, Delta 394, ETH d0, Eacute c9, Ecirc ca, Egrave c8, Epsilon 395, Eta 397, Euml cb, \
    Gamma 393, Iacute cd, Icirc ce, Igrave cc, Iota 399, Iuml cf, Kappa 39a, Lambda 39b, Mu 39c, Ntilde d1, \
    Nu 39d, OElig 152, Oacute d3, Ocirc d4, Ograve d2, Omega 3a9, Omicron 39f, Oslash d8, Otilde d5, Ouml d6, \
    Phi 3a6, Pi 3a0, Prime 2033, Psi 3a8, Rho 3a1, Scaron 160, Sigma 3a3, THORN de, Tau 3a4, Theta 398, \
    Uacute da, Ucirc db, Ugrave d9, Upsilon 3a5, Uuml dc, Xi 39e, Yacute dd, Yuml 178, Zeta 396, aacute e1, \
    acirc e2, acute b4, aelig e6, agrave e0, alefsym 2135, alpha 3b1, and 2227, ang 2220, aring e5, asymp 2248, \
    atilde e3, auml e4, bdquo 201e, beta 3b2, brvbar a6, bull 2022, cap 2229, ccedil e7, cedil b8, cent a2, \
    chi 3c7, circ 2c6, clubs 2663, cong 2245, copy a9, crarr 21b5, cup 222a, curren a4, dArr 21d3, dagger 2020, \
    darr 2193, deg b0, delta 3b4, diams 2666, divide f7, eacute e9, ecirc ea, egrave e8, empty 2205, emsp 2003, \
    ensp 2002, epsilon 3b5, equiv 2261, eta 3b7, eth f0, euml eb, euro 20ac, exist 2203, fnof 192, forall 2200, \
    frac12 bd, frac14 bc, frac34 be, frasl 2044, gamma 3b3, ge 2265, hArr 21d4, harr 2194, hearts 2665, \
    hellip 2026, iacute ed, icirc ee, iexcl a1, igrave ec, image 2111, infin 221e, int 222b, iota 3b9, iquest bf, \
    isin 2208, iuml ef, kappa 3ba, lArr 21d0, lambda 3bb, lang 2329, laquo ab, larr 2190, lceil 2308, ldquo 201c, \
    le 2264, lfloor 230a, lowast 2217, loz 25ca, lrm 200e, lsaquo 2039, lsquo 2018, macr af, mdash 2014, \
    micro b5, middot b7, minus 2212, mu 3bc, nabla 2207, nbsp a0, ndash 2013, ne 2260, ni 220b, not ac, \
    notin 2209, nsub 2284, ntilde f1, nu 3bd, oacute f3, ocirc f4, oelig 153, ograve f2, oline 203e, omega 3c9, \
    omicron 3bf, oplus 2295, or 2228, ordf aa, ordm ba, oslash f8, otilde f5, otimes 2297, ouml f6, para b6, \
    part 2202, permil 2030, perp 22a5, phi 3c6, pi 3c0, piv 3d6, plusmn b1, pound a3, prime 2032, prod 220f, \
    prop 221d, psi 3c8, rArr 21d2, radic 221a, rang 232a, raquo bb, rarr 2192, rceil 2309, rdquo 201d, real 211c, \
    reg ae, rfloor 230b, rho 3c1, rlm 200f, rsaquo 203a, rsquo 2019, sbquo 201a, scaron 161, sdot 22c5, sect a7, \
    shy ad, sigma 3c3, sigmaf 3c2, sim 223c, spades 2660, sub 2282, sube 2286, sum 2211, sup 2283, sup1 b9, \
    sup2 b2, sup3 b3, supe 2287, szlig df, tau 3c4, there4 2234, theta 3b8, thetasym 3d1, thinsp 2009, thorn fe, \
    tilde 2dc, times d7, trade 2122, uArr 21d1, uacute fa, uarr 2191, ucirc fb, ugrave f9, uml a8, upsih 3d2, \
    upsilon 3c5, uuml fc, weierp 2118, xi 3be, yacute fd, yen a5, yuml ff, zeta 3b6, zwj 200d, zwnj 200c";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn improper_characters_are_found_by_bytes_as_by_characters() {
        for code in (0..0x3000).chain(0xe000..0x1_0010) {
            let Some(c) = char::from_u32(code) else { continue };
            assert_eq!(all_proper(&format!("a{c}b")), proper(c), "{code:x}");
        }
    }

    #[test]
    fn references_are_resolved() {
        assert_eq!(resolve("amp"), Some(Reference::Plain('&')));
        assert_eq!(resolve("nbsp"), Some(Reference::Html('\u{a0}')));
        assert_eq!(resolve("zwnj"), Some(Reference::Html('\u{200c}')));
        assert_eq!(resolve("AElig"), Some(Reference::Html('\u{c6}')));
        assert_eq!(resolve("#20013"), Some(Reference::Plain('\u{4e2d}')));
        assert_eq!(resolve("#x4E2D"), Some(Reference::Plain('\u{4e2d}')));
        assert_eq!(resolve("#146"), Some(Reference::Plain('\u{2019}')));
        assert_eq!(resolve("#0"), Some(Reference::Illegal));
        assert_eq!(resolve("#xD800"), Some(Reference::Illegal));
        assert_eq!(resolve("#99999999999999"), Some(Reference::Illegal));
        assert_eq!(resolve("#x"), None);
        assert_eq!(resolve("#+5"), None);
        assert_eq!(resolve("T"), None);
        assert_eq!(NAMED.len(), 248);
    }

    #[test]
    fn bytes_tell_what_characters_tell() {
        let odd =
            ["\u{0}", "\u{8}", "\t", "\u{b}", "\r\n", "\u{1f}", " ", "\u{7f}", "\u{80}", "\u{85}", "\u{9f}", "\u{a0}"];
        let more = ["\u{ff}", "\u{fffd}", "\u{fffe}", "\u{ffff}", "\u{1f600}", "\u{4e2d}", "", "\u{ff0c}", "\u{ffe5}"];
        for c in odd.iter().chain(&more) {
            for text in
                [(*c).to_owned(), format!("{}{c}", "a".repeat(255)), format!("{c}\u{e9}"), format!("\u{e9}{c}a")]
            {
                assert_eq!(all_proper(&text), text.chars().all(proper), "{text:?}");
            }
        }
    }
}
