//! No text, and no order of its own words, makes the extractor panic.

use super::{LEXICON, article};
use openline::extract::extract;
use proptest::prelude::{ProptestConfig, prop, prop_assert, proptest};

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_it_panic(title in "\\PC{0,80}", content in "\\PC{0,400}") {
        let reading = extract(&article(&title, &content), &LEXICON);
        prop_assert!(reading.trace.trees.len() == reading.mentions.len());
    }

    #[test]
    fn no_order_of_its_own_words_makes_it_panic(words in prop::collection::vec(prop::sample::select(WORDS), 0..120)) {
        let text = words.join(" ");
        let reading = extract(&article(&text, &text), &LEXICON);
        prop_assert!(reading.trace.trees.len() == reading.mentions.len());
    }
}

/// Words on which the rules turn.
const WORDS: &[&str] = &[
    "Blinken",
    "Wang Yi",
    "Xi",
    "Jinping",
    "He",
    "he",
    "his",
    "her",
    "they",
    "the pair",
    "the two leaders",
    "counterpart",
    "US",
    "China",
    "Chinese",
    "Beijing",
    "Washington",
    "to",
    "meet",
    "met",
    "visit",
    "visited",
    "trip",
    "talks",
    "call",
    "called",
    "off",
    "on",
    "for",
    "with",
    "between",
    "and",
    "of",
    "in",
    "by",
    ",",
    ".",
    ":",
    ";",
    "—",
    "“",
    "”",
    "'s",
    "’s",
    "that",
    "who",
    "which",
    "when",
    "after",
    "before",
    "if",
    "will",
    "would",
    "may",
    "not",
    "no",
    "has",
    "had",
    "been",
    "was",
    "is",
    "be",
    "postponed",
    "cancelled",
    "declined",
    "plans",
    "invited",
    "request",
    "said",
    "on Friday",
    "June 18",
    "next week",
    "last month",
    "the",
    "a",
    "first",
    "secretary of state",
    "minister",
    "former",
    "president",
    "Mr",
    "Gen.",
    "phone",
    "spoke",
    "held",
    "hosts",
    "received",
    "back",
    "hold",
    "put",
    "refused",
    "denied",
    "there",
    "é",
    "北京",
];
