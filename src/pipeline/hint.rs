//! Whether what a feed gives of an item only hints at a contact, so that the article's page should decide.

use crate::lexicon::Lexicon;
use crate::lexicon::gazetteer::{NameKind, Target};
use crate::lexicon::words::{Frame, Meaning, Phrase};
use crate::model::actor::{Level, Side};
use crate::model::article::Article;
use crate::model::mention::{Kind, Mention, Novelty};
use crate::model::reading::Reading;
use crate::text::{sentences, tokens};
use std::collections::BTreeSet;
use std::fmt;

/// Characters of a feed's own content from which it is held to be the whole article.
const WHOLE: usize = 1_500;
/// Sentences that are looked at: what a feed gives without the whole article is shorter.
const SENTENCES: usize = 60;

/// What an item hints at, or why it hints at nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hint {
    /// A contact was read, and its date, or the place where people meet, was not said.
    Open(&'static str),
    /// A word of contact was passed over only because it was not said who takes part, or who goes where.
    Passed(String),
    /// Both sides are named, and a word of contact; no contact was read.
    BothSides,
    /// An official of one side alone is named in a sentence with a word of contact, and nobody of a third state.
    OneSide(Side),
    /// None.
    Nothing(NoHint),
}

/// Why an item hints at nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoHint {
    /// The feed gives the whole article.
    Whole,
    /// What was read says when and where.
    Complete,
    /// What was found is no contact for other reasons than what is missing.
    Refused,
    /// No side is named beside a word of contact.
    Nobody,
}

impl Hint {
    /// Whether it is one.
    #[must_use]
    pub const fn is_some(&self) -> bool {
        !matches!(self, Self::Nothing(_))
    }
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open(what) => write!(f, "the {what} of a contact is not said"),
            Self::Passed(rule) => write!(f, "a word of contact was passed over by {rule}"),
            Self::BothSides => write!(f, "both sides are named beside a word of contact"),
            Self::OneSide(side) => write!(f, "an official of {side} is named beside a word of contact"),
            Self::Nothing(NoHint::Whole) => write!(f, "the feed gives the whole article"),
            Self::Nothing(NoHint::Complete) => write!(f, "what was read says when and where"),
            Self::Nothing(NoHint::Refused) => write!(f, "what was found is no contact, whatever the page adds"),
            Self::Nothing(NoHint::Nobody) => write!(f, "no side is named beside a word of contact"),
        }
    }
}

/// Rejections for want of what a longer text may say.
const WANTING: [&str; 7] = [
    "reject.one-side",
    "reject.no-visitor",
    "reject.nobody",
    "reject.unknown-owner",
    "reject.no-destination",
    "reject.vague",
    "reject.question",
];

/// What an item hints at, by its article as the feed gives it and what was read in that. Linear in the text.
#[must_use]
pub fn hint(article: &Article, reading: &Reading, lexicon: &Lexicon) -> Hint {
    if article.content.chars().nth(WHOLE).is_some() {
        return Hint::Nothing(NoHint::Whole);
    }
    let mut news = reading.mentions.iter().filter(|mention| mention.novelty == Novelty::New).peekable();
    let is_news = news.peek().is_some();
    if let Some(what) = news.find_map(missing) {
        return Hint::Open(what);
    }
    if is_news {
        return Hint::Nothing(NoHint::Complete);
    }
    let mut rejected = reading.trace.rejected.iter();
    if let Some(wanting) = rejected.find(|rejected| WANTING.contains(&rejected.rule.as_str())) {
        return Hint::Passed(wanting.rule.clone());
    }
    if !(reading.mentions.is_empty() && reading.denied.is_empty() && reading.trace.rejected.is_empty()) {
        return Hint::Nothing(NoHint::Refused);
    }
    by_words(article, lexicon)
}

/// What a contact lacks.
fn missing(mention: &Mention) -> Option<&'static str> {
    if mention.moment.is_none() {
        Some("date")
    } else if mention.place.is_none() && mention.kind != Kind::Call {
        Some("place")
    } else {
        None
    }
}

/// What a sentence names.
#[derive(Debug, Default)]
struct Named {
    /// Sides, by whatever name.
    sides: BTreeSet<Side>,
    /// Sides of which a person or an office of rank is named.
    officials: BTreeSet<Side>,
    /// People and bodies, of whatever side: two of one side meet at home.
    actors: BTreeSet<(bool, usize)>,
    third: bool,
}

fn by_words(article: &Article, lexicon: &Lexicon) -> Hint {
    let (mut all, mut one, mut word) = (BTreeSet::new(), None, false);
    for sentence in sentences::of(article).iter().take(SENTENCES) {
        let text = article.text(sentence.span);
        let named = named(text, lexicon);
        let strength = contact_word(text, lexicon);
        all.extend(named.sides.iter().copied());
        word |= strength.is_some();
        let alone = named.officials.first().copied().filter(|side| named.sides.iter().all(|other| other == side));
        let is_home = named.actors.len() > 1;
        if strength == Some(true) && !named.third && !is_home {
            one = one.or(alone);
        }
    }
    if !word || all.is_empty() {
        Hint::Nothing(NoHint::Nobody)
    } else if all.contains(&Side::US) && all.contains(&Side::CN) {
        Hint::BothSides
    } else {
        one.map_or(Hint::Nothing(NoHint::Nobody), Hint::OneSide)
    }
}

fn named(text: &str, lexicon: &Lexicon) -> Named {
    let mut named = Named::default();
    for found in lexicon.gazetteer.find(text) {
        for target in found.targets() {
            let (side, official) = match target {
                Target::State(at, _) => (lexicon.states.get(at).map(|state| state.side), false),
                Target::Office(at, whose) => {
                    let office = lexicon.offices.get(at);
                    let ranks = office.is_some_and(|office| office.level >= Level::ViceMinister);
                    (office.map(|office| office.side).filter(|_| whose), ranks)
                }
                Target::Person(at) => {
                    named.actors.insert((true, at));
                    (lexicon.people.get(at).map(|person| person.side), true)
                }
                // Surnames are words, too ("He", "May"); with the rest of a name they are found as people.
                Target::Surname(at) => {
                    let person = lexicon.people.get(at).filter(|person| !person.ambiguous);
                    if person.is_some() {
                        named.actors.insert((true, at));
                    }
                    (person.map(|person| person.side), true)
                }
                Target::Body(at) => {
                    named.actors.insert((false, at));
                    (lexicon.bodies.get(at).map(|body| body.side), false)
                }
                Target::Place(at) => (lexicon.places.get(at).and_then(|place| place.country), false),
                Target::Blocker(_) | Target::BlockerName(_) => {
                    named.third = true;
                    (None, false)
                }
                Target::BlockerSurname(_) => (None, false),
            };
            match side {
                Some(side @ (Side::US | Side::CN)) => {
                    named.sides.insert(side);
                    if official {
                        named.officials.insert(side);
                    }
                }
                // Where they meet is no party.
                Some(_) if !matches!(target, Target::Place(_) | Target::State(_, NameKind::Capital)) => {
                    named.third = true
                }
                _ => {}
            }
        }
    }
    named
}

/// Whether a text holds a word of contact: `true` for one that means little else, `false` for one that may.
fn contact_word(text: &str, lexicon: &Lexicon) -> Option<bool> {
    let words = &lexicon.words;
    let lower: Vec<String> = tokens::tokens(text).iter().map(|token| token.text.to_lowercase()).collect();
    let mut found = None;
    for (at, word) in lower.iter().enumerate() {
        let behind = |more: usize| lower.get(at + more).map(String::as_str);
        let noun = match words.phrase(word, behind) {
            Some((_, Phrase::Noun(noun))) => words.nouns.get(noun).map(|noun| !noun.weak),
            _ => None,
        };
        let verb = words.verb_forms(word).iter().flat_map(|(lemma, _)| words.senses(*lemma)).filter_map(|sense| {
            let Meaning::Trigger(verb) = sense.meaning else { return None };
            let fits = sense.particles.iter().enumerate().all(|(n, particle)| behind(n + 1) == Some(particle));
            match words.verbs.get(verb).filter(|_| fits)?.frame {
                Frame::Meet | Frame::Host | Frame::Phone => Some(true),
                Frame::Go | Frame::Speak | Frame::Invite | Frame::Send => Some(false),
                Frame::Leave | Frame::Tell | Frame::Agree => None,
            }
        });
        found = verb.chain(noun).chain(found).max();
        if found == Some(true) {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::article::Language;
    use crate::text::{Source, prepare};
    use jiff::tz::TimeZone;

    fn of(title: &str, summary: &str, content: &str, lexicon: &Lexicon) -> Hint {
        let now = "2023-01-17T12:00:00Z".parse().expect("a time");
        let source = Source {
            id: "x",
            url: None,
            feed: None,
            tier: None,
            language: Some(Language::En),
            published: Some(now),
            zone: TimeZone::UTC,
            title,
            summary,
            content,
        };
        let article = prepare(source, now);
        hint(&article, &crate::pipeline::read(&article, lexicon), lexicon)
    }

    #[test]
    fn hints_and_what_is_none() {
        let lexicon = Lexicon::embedded();
        for title in [
            "Blinken to visit Beijing",
            "Yellen arrives for talks with counterpart",
            "Blinken to hold talks in Munich on Saturday",
            "Wang Yi holds meeting on the sidelines in Munich",
            "Jake Sullivan meets top diplomat in Vienna",
            "Beijing confirms high-level dialogue with Washington, details inside",
        ] {
            assert!(of(title, "", "", &lexicon).is_some(), "{title}: {}", of(title, "", "", &lexicon));
        }
        for title in [
            "The harvest was late",
            "US stocks rise on strong earnings",
            "China's exports fell in December",
            "Wang Yi meets Kenya's foreign minister in Nairobi",
            "Blinken holds talks with Israel's Netanyahu",
            "The council met on Tuesday to discuss the budget",
            "President Xi Jinping inspected a steel works",
            "He met his friend. May is near.",
        ] {
            assert!(!of(title, "", "", &lexicon).is_some(), "{title}: {}", of(title, "", "", &lexicon));
        }
        let complete = "US Secretary of State Antony Blinken will meet Chinese Foreign Minister Qin Gang in Munich on February 18.";
        assert_eq!(of(complete, "", "", &lexicon), Hint::Nothing(NoHint::Complete));
        let whole = format!("Blinken to visit Beijing. {}", "The harvest was late. ".repeat(100));
        assert_eq!(of("Blinken to visit Beijing", "", &whole, &lexicon), Hint::Nothing(NoHint::Whole));
    }
}
