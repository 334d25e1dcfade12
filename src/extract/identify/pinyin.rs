//! Whether a word may be a Chinese given name, by its spelling.

/// Whether a word is one or two syllables of Hanyu Pinyin without tones.
pub(super) fn pinyin(word: &str) -> bool {
    if word.is_empty() || word.len() > 12 || !word.bytes().all(|b| b.is_ascii_lowercase() || b == b'\'' || b == b'-') {
        return false;
    }
    let word: String = word.chars().filter(char::is_ascii_lowercase).collect();
    if syllable(&word) {
        return true;
    }
    (1..word.len()).any(|cut| match (word.get(..cut), word.get(cut..)) {
        (Some(a), Some(b)) => syllable(a) && syllable(b),
        _ => false,
    })
}

fn syllable(text: &str) -> bool {
    const INITIALS: [&str; 24] = [
        "zh", "ch", "sh", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "r", "z", "c", "s",
        "y", "w", "",
    ];
    const FINALS: [&str; 35] = [
        "a", "o", "e", "ai", "ei", "ao", "ou", "an", "en", "ang", "eng", "ong", "i", "ia", "ie", "iao", "iu", "ian",
        "in", "iang", "ing", "iong", "u", "ua", "uo", "uai", "ui", "uan", "un", "uang", "ue", "ve", "v", "er", "ueng",
    ];
    INITIALS.iter().any(|initial| text.strip_prefix(initial).is_some_and(|rest| FINALS.contains(&rest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pinyin_names() {
        for name in ["wenbin", "yi", "jinping", "yanchao", "keqiang", "lifeng", "weidong"] {
            assert!(pinyin(name), "{name}");
        }
        for word in ["says", "meets", "hosts", "urges", "visits", "trump", "lands"] {
            assert!(!pinyin(word), "{word}");
        }
    }
}
