//! `openline explain --list`: every rule of the extractor and every alert rule, with what it says.

use super::account::Docs;
use crate::rules::RuleSet;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Families in the order of the list, with what they are.
const FAMILIES: [(&str, &str); 10] = [
    ("contact", "results: what the extractor gives"),
    ("visit", "triggers of visits"),
    ("meeting", "triggers of meetings"),
    ("call", "triggers of calls"),
    ("talks", "triggers of talks"),
    ("status", "what the words around a trigger make of it"),
    ("novelty", "why a contact is background"),
    ("salience", "whom a sentence leaves out"),
    ("time", "dates"),
    ("reject", "why a trigger makes no contact"),
];

/// The list for people.
pub(super) fn text(docs: &Docs, rules: &RuleSet) -> String {
    let mut out = String::new();
    for (family, what) in FAMILIES {
        let _ = writeln!(out, "{family}.*: {what}");
        for rule in docs.rules.iter().filter(|rule| rule.family() == family) {
            let _ = writeln!(out, "  {:<32} {}", rule.name, rule.doc);
        }
        out.push('\n');
    }
    let _ = writeln!(out, "Alert rules, as configured");
    for rule in rules.rules() {
        let state = if rule.enabled { "" } else { " (switched off)" };
        let _ = writeln!(out, "  {:<32} {}{state}", rule.id, rule.description);
    }
    out
}

/// The list for programs: `extractor` and `alert`, each a list of rules.
pub(super) fn json(docs: &Docs, rules: &RuleSet) -> String {
    let extractor = docs.rules.iter().map(|rule| json!({"rule": rule.name, "doc": rule.doc})).collect::<Value>();
    let alert = rules.rules().iter().map(
        |rule| json!({"rule": rule.id, "doc": rule.description, "enabled": rule.enabled, "channels": rule.channels}),
    );
    json!({"extractor": extractor, "alert": alert.collect::<Value>()}).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;

    #[test]
    fn no_family_is_left_out() {
        let docs = Docs::of(&Lexicon::embedded());
        for rule in &docs.rules {
            assert!(FAMILIES.iter().any(|(family, _)| *family == rule.family()), "{}", rule.name);
        }
    }
}
