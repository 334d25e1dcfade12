//! Whether an article names both sides at all: one pass over its text, before sentences, which ends as soon as both are
//! found. Nine items in ten go no further.

use crate::lexicon::Lexicon;
use crate::lexicon::gazetteer::{Found, Target};
use crate::model::actor::Side;
use crate::model::article::Article;
use crate::model::span::Field;

/// What names a side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Sign {
    /// Nothing.
    #[default]
    None,
    /// A title that several states' officials bear: "the president", "the foreign minister".
    Shared,
    /// A title that only one side's officials bear here, though others may elsewhere: "the premier".
    Title,
    /// The state, a person, a body, a place, or a title with its state.
    Name,
}

#[derive(Clone, Copy, Debug, Default)]
struct Signs {
    us: Sign,
    cn: Sign,
    /// A third state, or an actor of one, is named.
    third: bool,
}

impl Signs {
    /// Whether a contact of the two sides may be told of. A shared title may mean a side's own official only where the
    /// other side is named and no third state is, whose official it would be.
    fn both(self) -> bool {
        match (self.us.min(self.cn), self.us.max(self.cn)) {
            (Sign::Name | Sign::Title, _) => true,
            (Sign::Shared, Sign::Name) => self.cn == Sign::Name && !self.third,
            _ => false,
        }
    }
}

/// Whether an article names both sides, or one beside titles that may mean the other.
pub(super) fn both_named(article: &Article, lexicon: &Lexicon) -> bool {
    let mut signs = Signs::default();
    for field in Field::ALL {
        let text = article.field(field);
        // A title directly before a name is that person's: "President Xi Jinping" names no other president.
        let mut title: Option<Found<'_>> = None;
        for found in lexicon.gazetteer.find(text) {
            if let Some(title) =
                title.take().filter(|title| text.get(title.end..found.start) != Some(" ") || !is_name(found))
            {
                note(&mut signs, text, title, lexicon);
            }
            if found.targets().all(|target| matches!(target, Target::Office(_, false))) {
                title = Some(found);
            } else {
                note(&mut signs, text, found, lexicon);
            }
            if signs.us == Sign::Name && signs.cn == Sign::Name {
                return true;
            }
        }
        if let Some(title) = title {
            note(&mut signs, text, title, lexicon);
        }
    }
    if signs.both() {
        return true;
    }
    // "For immediate release": the text speaks for a government without naming it.
    let speaks = |list: &str| {
        let cues = || lexicon.words.entries(list);
        cues().next().is_some() && Field::ALL.into_iter().any(|field| holds(article.field(field), cues()))
    };
    // It gives a side to titles alone, so there must be one, and the other side must be there.
    let titled = |sign: Sign, other: Sign| (Sign::Shared..Sign::Name).contains(&sign) && other >= Sign::Title;
    titled(signs.us, signs.cn) && speaks("issuer_us") || titled(signs.cn, signs.us) && speaks("issuer_cn")
}

fn is_name(found: Found<'_>) -> bool {
    found.targets().any(|target| {
        matches!(target, Target::Person(_) | Target::Surname(_) | Target::BlockerName(_) | Target::BlockerSurname(_))
    })
}

fn note(signs: &mut Signs, text: &str, found: Found<'_>, lexicon: &Lexicon) {
    for target in found.targets() {
        let (side, sign) = match target {
            Target::State(s, _) => {
                let side = lexicon.states.get(s).map(|s| s.side);
                signs.third |= side.is_some_and(|side| side != Side::US && side != Side::CN);
                (side, Sign::Name)
            }
            Target::Office(o, true) => (lexicon.offices.get(o).map(|o| o.side), Sign::Name),
            Target::Office(o, false) => {
                let side = lexicon.offices.get(o).map(|o| o.side);
                let shared = found.targets().any(|other| match other {
                    Target::Office(o, _) => lexicon.offices.get(o).map(|o| o.side) != side,
                    _ => false,
                });
                (side, if shared { Sign::Shared } else { Sign::Title })
            }
            Target::Surname(_) if is_pronoun(text, found, lexicon) => continue,
            Target::Person(p) | Target::Surname(p) => (lexicon.people.get(p).map(|p| p.side), Sign::Name),
            Target::Body(b) => (lexicon.bodies.get(b).map(|b| b.side), Sign::Name),
            Target::Place(p) => (lexicon.places.get(p).and_then(|p| p.country), Sign::Name),
            Target::Blocker(_) | Target::BlockerName(_) => {
                signs.third = true;
                continue;
            }
            Target::BlockerSurname(_) => continue,
        };
        if side == Some(Side::US) {
            signs.us = signs.us.max(sign);
        } else if side == Some(Side::CN) {
            signs.cn = signs.cn.max(sign);
        }
    }
}

/// A surname that is a word ("He", "So", "May") names nobody where it begins a sentence and no title stands before it.
fn is_pronoun(text: &str, found: Found<'_>, lexicon: &Lexicon) -> bool {
    let before = text.get(..found.start).unwrap_or_default();
    let begins = match before.trim_end_matches([' ', '\t', '\u{a0}']).chars().next_back() {
        None | Some('\n' | '\r' | '!' | '?' | ':' | ';' | '"' | '“' | '”' | '…') => true,
        // "Mr. He", "Gen. He" are abbreviated titles; "he said. He" is none.
        Some('.') => !after_title(before),
        Some(_) => false,
    };
    begins && lexicon.words.is("word_surnames", &found.written.to_lowercase())
}

/// Whether a text ends with a short word that begins with a capital, and a full stop.
fn after_title(before: &str) -> bool {
    let mut letters = 0;
    for c in before.trim_end().trim_end_matches('.').chars().rev() {
        if !c.is_alphanumeric() {
            return false;
        }
        letters += 1;
        if c.is_uppercase() {
            return true;
        }
        if letters > 6 {
            return false;
        }
    }
    false
}

/// Whether a text holds one of these entries of a list, in any case.
fn holds<'a>(text: &str, entries: impl Iterator<Item = &'a [String]>) -> bool {
    let low = text.to_lowercase();
    entries.into_iter().any(|words| low.contains(&words.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::article::Language;
    use crate::text::{Source, prepare};
    use jiff::Timestamp;
    use jiff::tz::TimeZone;

    #[test]
    fn both_sides_or_one_beside_titles_that_may_mean_the_other() {
        let lexicon = Lexicon::embedded();
        let named = |content: &str| {
            let source = Source {
                id: "x",
                url: None,
                feed: None,
                tier: None,
                language: Some(Language::En),
                published: None,
                zone: TimeZone::UTC,
                title: "",
                summary: "",
                content,
            };
            both_named(&prepare(source, Timestamp::UNIX_EPOCH), &lexicon)
        };
        for text in [
            "US and China",
            "Blinken flew to Shanghai.",
            "Yellen met the vice premier.",
            "Wang Yi met the Secretary of State.",
            "Xi Jinping received the President.",
            "Office of the Press Secretary: the President met Vice Premier Liu.",
            "Mr Blinken told Mr. He so.",
            "U.S. officials said. Gen. He agreed.",
        ] {
            assert!(named(text), "{text}");
        }
        for text in [
            "",
            "The harvest was late.",
            "President Trump signed the bill. He left for Ohio.",
            "President Xi Jinping inspected a steel works.",
            "President Xi Jinping met the president of Kenya in Beijing.",
            "The president met the foreign minister.",
            "Biden spoke. He said so. May is near.",
            "Chinatown, usual, Ushuaia",
        ] {
            assert!(!named(text), "{text}");
        }
    }
}
