//! No rule without a line on what it says: every name in the sources and in the corpora's traces is registered.

use openline::extract::registry;
use openline::lexicon::Lexicon;
use openline::model::article::Language;
use openline::model::reading::Node;
use openline::pipeline;
use openline::text::{Source, prepare};
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn every_rule_named_in_the_sources_is_registered() {
    let lexicon = Lexicon::embedded();
    let known: BTreeMap<String, String> = registered(&lexicon);
    let families: BTreeSet<&str> = known.keys().filter_map(|name| name.split('.').next()).collect();
    let literal = Regex::new(r#""([a-z]+)\.([a-z][a-z-]*)""#).unwrap();
    let (mut seen, mut lost) = (0, BTreeSet::new());
    for folder in ["src/extract", "src/temporal"] {
        for path in sources(Path::new(folder)) {
            let text = fs::read_to_string(&path).unwrap();
            for name in literal.captures_iter(&text) {
                if families.contains(&name[1]) {
                    seen += 1;
                    let name = format!("{}.{}", &name[1], &name[2]);
                    // `starts_with("visit.arrive")` asks for a rule by the beginning of its name.
                    if !known.keys().any(|rule| rule.starts_with(&name)) {
                        lost.insert(format!("{name} in {}", path.display()));
                    }
                }
            }
        }
    }
    assert!(seen > 80, "only {seen} names were found in the sources");
    assert!(lost.is_empty(), "add a line for each to src/extract/registry.rs:\n{lost:#?}");
    for (name, doc) in &known {
        assert!(doc.len() > 2 && doc.len() < 240 && !doc.contains('\n'), "{name}: {doc}");
    }
}

#[test]
fn every_rule_in_a_trace_is_registered() {
    let lexicon = Lexicon::embedded();
    let known = registered(&lexicon);
    let mut met = BTreeSet::new();
    for name in ["en", "fresh", "held-out", "third", "stories"] {
        for document in documents(name) {
            let text = |key: &str| document[key].as_str().unwrap_or_default().to_owned();
            let (title, summary, content) = (text("title"), text("summary"), text("content"));
            let source = Source {
                id: "x",
                url: None,
                feed: None,
                tier: None,
                language: Some(Language::En),
                published: text("published").parse().ok(),
                zone: jiff::tz::TimeZone::UTC,
                title: &title,
                summary: &summary,
                content: &content,
            };
            let reading = pipeline::read(&prepare(source, jiff::Timestamp::UNIX_EPOCH), &lexicon);
            for mention in &reading.mentions {
                met.extend(mention.evidence.fired.iter().map(|fired| fired.rule.clone()));
            }
            for rejected in &reading.trace.rejected {
                met.extend([rejected.rule.clone(), rejected.trigger.rule.clone()]);
            }
            for tree in &reading.trace.trees {
                walk(tree, &mut met);
            }
        }
    }
    assert!(met.len() > 50, "the corpora's traces name only {} rules", met.len());
    let lost: Vec<_> = met.iter().filter(|name| !known.contains_key(*name)).collect();
    assert!(lost.is_empty(), "{lost:?}");
}

fn registered(lexicon: &Lexicon) -> BTreeMap<String, String> {
    let rules = registry::rules(lexicon);
    let known: BTreeMap<String, String> =
        rules.iter().map(|rule| (rule.name.to_string(), rule.doc.to_string())).collect();
    assert_eq!(known.len(), rules.len(), "a rule is registered twice");
    known
}

fn documents(name: &str) -> Vec<serde_json::Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/corpus/{name}.jsonl"));
    fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn walk(node: &Node, met: &mut BTreeSet<String>) {
    met.insert(node.rule.clone());
    for child in &node.children {
        walk(child, met);
    }
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found
}
