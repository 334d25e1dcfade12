//! What the index finds, beside what an automaton over the same names finds.

use super::*;
use aho_corasick::AhoCorasickBuilder;
use proptest::prelude::*;

fn gazetteer(names: &[(&str, bool)]) -> Gazetteer {
    let mut builder = Builder::default();
    for (at, (name, case)) in names.iter().enumerate() {
        builder.add(name, Target::Place(at), *case);
    }
    builder.build()
}

/// The same by an automaton: every match, then word boundaries and case, the longest first. A name with an apostrophe is
/// also meant where the text has the curly one.
fn slowly(names: &[(&str, bool)], text: &str) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    let curly =
        names.iter().filter(|(name, _)| name.contains('\'')).map(|(name, case)| (name.replace('\'', "’"), *case));
    let names: Vec<(String, bool)> =
        names.iter().map(|(name, case)| ((*name).to_owned(), *case)).chain(curly).collect();
    let automaton =
        AhoCorasickBuilder::new().ascii_case_insensitive(true).build(names.iter().map(|(name, _)| name)).unwrap();
    for hit in automaton.find_overlapping_iter(text) {
        let before = text.get(..hit.start()).and_then(|t| t.chars().next_back());
        let after = text.get(hit.end()..).and_then(|t| t.chars().next());
        let (name, case) = &names[hit.pattern().as_usize()];
        let written = text.get(hit.start()..hit.end()).unwrap();
        if !before.is_some_and(is_word) && !after.is_some_and(is_word) && (!*case || same_case(name, written)) {
            found.push((hit.start(), hit.end()));
        }
    }
    found.sort_by_key(|(start, end)| (*start, std::cmp::Reverse(*end)));
    found.dedup();
    let mut kept: Vec<(usize, usize)> = Vec::new();
    for hit in found {
        if kept.last().is_none_or(|last| last.1 <= hit.0) {
            kept.push(hit);
        }
    }
    kept
}

const NAMES: [(&str, bool); 14] = [
    ("US", true),
    ("U.S.", true),
    ("Xi", true),
    ("Xi Jinping", true),
    ("foreign minister", false),
    ("minister", false),
    ("South China Sea", true),
    ("China", true),
    ("Erdoğan", true),
    ("chargé d'affaires", false),
    ("US-China", false),
    ("US embassy", false),
    ("US envoy", false),
    ("Xi's", true),
];

#[test]
fn the_longest_name_wins_and_case_matters_where_it_is_asked_for() {
    let found = gazetteer(&NAMES);
    let words = |text: &'static str| found.find(text).map(|hit| hit.written).collect::<Vec<_>>();
    assert_eq!(words("XI JINPING met us in the South China Sea"), ["XI JINPING", "South China Sea"]);
    assert_eq!(
        words("Foreign Minister Xi, U.S. chargé d'affaires"),
        ["Foreign Minister", "Xi", "U.S.", "chargé d'affaires"]
    );
    assert_eq!(words("Chinas, USA, xi, Xi_2, aXi; Erdoğan’s"), ["Erdoğan"]);
    assert!(words("").is_empty());
}

proptest! {
    #[test]
    fn what_is_found_is_what_an_automaton_finds(
        parts in prop::collection::vec(
            prop_oneof![
                prop::sample::select(vec![
                    "US", "us", "U.S.", "Xi", "XI", "Jinping", "foreign", "Minister", "South", "China", "Sea",
                    "Erdoğan", "erdoğan", "chargé d'affaires", "embassy", "env", "oy", "'s", " ", " ", " ", ".", "_", "ğ", "’s", "-", "王",
                ]).prop_map(str::to_owned),
                any::<String>(),
            ],
            0..30,
        )
    ) {
        let text = parts.concat();
        let found: Vec<(usize, usize)> = gazetteer(&NAMES).find(&text).map(|hit| (hit.start, hit.end)).collect();
        prop_assert_eq!(found, slowly(&NAMES, &text));
    }
}
