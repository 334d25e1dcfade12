//! Conjugation: the five forms of an English verb from its lemma, irregular ones from data.

use std::collections::HashMap;

/// A form of a verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// Infinitive and plain present: "meet".
    Base,
    /// Third person: "meets".
    Third,
    /// Past tense: "met".
    Past,
    /// Past participle: "met".
    Participle,
    /// Present participle: "meeting".
    Ing,
}

/// The forms of a lemma, each with the form it is; irregular lines are `base third past participle ing`.
#[must_use]
pub fn forms(lemma: &str, irregular: &HashMap<String, Vec<[String; 5]>>) -> Vec<(String, Form)> {
    const ORDER: [Form; 5] = [Form::Base, Form::Third, Form::Past, Form::Participle, Form::Ing];
    if let Some(lines) = irregular.get(lemma) {
        return lines.iter().flat_map(|line| line.iter().cloned().zip(ORDER)).collect();
    }
    regular(lemma).into_iter().zip(ORDER).collect()
}

/// Whether a text holds a letter or digit at all.
#[must_use]
pub fn is_word(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

fn regular(lemma: &str) -> [String; 5] {
    let vowel = |c: char| "aeiou".contains(c);
    let mut back = lemma.chars().rev();
    let (last, before) = (back.next().unwrap_or('x'), back.next().unwrap_or('x'));
    let stem = |cut: usize| lemma.get(..lemma.len().saturating_sub(cut)).unwrap_or(lemma).to_owned();
    let third = if last == 'y' && !vowel(before) {
        stem(1) + "ies"
    } else if last == 's' || last == 'x' || last == 'z' || lemma.ends_with("ch") || lemma.ends_with("sh") || last == 'o'
    {
        lemma.to_owned() + "es"
    } else {
        lemma.to_owned() + "s"
    };
    let past = if last == 'e' {
        lemma.to_owned() + "d"
    } else if last == 'y' && !vowel(before) {
        stem(1) + "ied"
    } else {
        lemma.to_owned() + "ed"
    };
    let ing = if last == 'e' && before != 'e' { stem(1) + "ing" } else { lemma.to_owned() + "ing" };
    [lemma.to_owned(), third, past.clone(), past, ing]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regular_and_irregular_verbs() {
        let none = HashMap::new();
        let words = |lemma: &str| forms(lemma, &none).into_iter().map(|(word, _)| word).collect::<Vec<_>>();
        assert_eq!(words("arrive"), ["arrive", "arrives", "arrived", "arrived", "arriving"]);
        assert_eq!(words("carry"), ["carry", "carries", "carried", "carried", "carrying"]);
        assert_eq!(words("delay"), ["delay", "delays", "delayed", "delayed", "delaying"]);
        assert_eq!(words("agree"), ["agree", "agrees", "agreed", "agreed", "agreeing"]);
        let line = ["meet", "meets", "met", "met", "meeting"].map(str::to_owned);
        let irregular = HashMap::from([("meet".to_owned(), vec![line])]);
        assert_eq!(forms("meet", &irregular).get(2), Some(&("met".to_owned(), Form::Past)));
    }
}
