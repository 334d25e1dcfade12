//! The extractor's score on the annotated documents may only rise; each trigger has a phrase that fires and a near miss.

mod battery;
mod chaos;
mod items;
mod readings;

use openline::extract::extract;
use openline::lexicon::Lexicon;
use openline::model::article::{Article, Language};
use openline::model::mention::{Mention, Novelty};
use openline::text::{Source, prepare};
use serde::Deserialize;
use serde_json::Value;
use std::process::Command;
use std::sync::LazyLock;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::embedded);

fn article(title: &str, content: &str) -> Article {
    dated("2023-06-14", title, content)
}

fn dated(day: &str, title: &str, content: &str) -> Article {
    let published = format!("{day}T18:00:00Z").parse().unwrap();
    let source = Source {
        id: "phrase",
        url: None,
        feed: None,
        tier: None,
        language: Some(Language::En),
        published: Some(published),
        zone: jiff::tz::TimeZone::UTC,
        title,
        summary: "",
        content,
    };
    prepare(source, published)
}

fn news(text: &str) -> Vec<Mention> {
    // A line without a closing mark is a headline.
    let article = if text.ends_with('.') { article("", text) } else { article(text, "") };
    extract(&article, &LEXICON).mentions.into_iter().filter(|m| m.novelty == Novelty::New).collect()
}

fn score(file: &str) -> Value {
    let out = Command::new(env!("CARGO_BIN_EXE_openline"))
        .args(["eval", &format!("tests/corpus/{file}"), "--format", "json"])
        .output()
        .unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).unwrap()
}

/// The figure at a path of keys is at least the floor.
#[track_caller]
fn at_least(score: &Value, keys: &[&str], floor: f64) {
    let value = keys.iter().fold(score, |value, key| &value[*key]).as_f64().unwrap();
    assert!(value >= floor, "{keys:?} fell to {value:.3}, below {floor:.3}");
}

#[test]
fn the_english_corpus_keeps_its_score() {
    let score = score("en.jsonl");
    at_least(&score, &["alert", "f1"], 0.99);
    at_least(&score, &["event", "f1"], 0.89);
    at_least(&score, &["headline"], 0.96);
    at_least(&score, &["kind"], 0.95);
    at_least(&score, &["start"], 0.94);
    at_least(&score, &["place"], 0.93);
    at_least(&score, &["level"], 0.98);
    assert!(score["background_leak"].as_f64().unwrap() < 0.02);
}

#[test]
fn the_held_out_corpus_keeps_its_score() {
    let score = score("held-out.jsonl");
    at_least(&score, &["alert", "f1"], 0.99);
    at_least(&score, &["event", "f1"], 0.90);
    at_least(&score, &["place"], 0.94);
    assert!(score["background_leak"].as_f64().unwrap() < 0.02);
    at_least(&score, &["start"], 0.91);
}

/// At first sight the third set gave alert F1 0.945 and event F1 0.653; its errors have been read since, and the constructions
/// behind them built.
#[test]
fn the_third_corpus_keeps_its_score() {
    let score = score("third.jsonl");
    at_least(&score, &["alert", "f1"], 0.98);
    at_least(&score, &["event", "f1"], 0.93);
    at_least(&score, &["start"], 0.91);
    at_least(&score, &["place"], 0.86);
}

/// At first sight the fourth set gave alert F1 0.872 and event F1 0.509.
#[test]
fn the_fourth_corpus_keeps_its_score() {
    let score = score("fourth.jsonl");
    at_least(&score, &["alert", "f1"], 0.98);
    at_least(&score, &["event", "f1"], 0.80);
    at_least(&score, &["start"], 0.85);
    at_least(&score, &["place"], 0.87);
}

/// At first sight the fifth set gave alert F1 0.864 and event F1 0.529.
#[test]
fn the_fifth_corpus_keeps_its_score() {
    let score = score("fifth.jsonl");
    at_least(&score, &["alert", "f1"], 0.97);
    at_least(&score, &["event", "f1"], 0.73);
    at_least(&score, &["start"], 0.77);
    at_least(&score, &["place"], 0.84);
}

/// The sixth set: at first sight alert F1 0.974, event F1 0.652. Its errors have been read since.
#[test]
fn the_sixth_corpus_keeps_its_score() {
    let score = score("sixth.jsonl");
    at_least(&score, &["alert", "f1"], 0.97);
    at_least(&score, &["event", "f1"], 0.76);
    at_least(&score, &["start"], 0.80);
    at_least(&score, &["place"], 0.77);
}

/// The seventh set: at first sight alert F1 0.932 and event F1 0.667.
#[test]
fn the_seventh_corpus_keeps_its_score() {
    let score = score("seventh.jsonl");
    at_least(&score, &["alert", "f1"], 0.93);
    at_least(&score, &["event", "f1"], 0.66);
}

/// The eighth set: at first sight alert F1 0.949 and event F1 0.545.
#[test]
fn the_eighth_corpus_keeps_its_score() {
    let score = score("eighth.jsonl");
    at_least(&score, &["alert", "f1"], 0.94);
    at_least(&score, &["event", "f1"], 0.54);
}

/// The ninth set as it was at first sight: alert F1 0.935, event F1 0.705. Nobody has read its errors yet.
#[test]
fn the_ninth_corpus_keeps_its_score() {
    let score = score("ninth.jsonl");
    at_least(&score, &["alert", "f1"], 0.93);
    at_least(&score, &["event", "f1"], 0.70);
}

#[test]
fn the_fresh_corpus_keeps_its_score() {
    let score = score("fresh.jsonl");
    at_least(&score, &["alert", "f1"], 0.99);
    at_least(&score, &["event", "f1"], 0.90);
    at_least(&score, &["headline"], 0.97);
    at_least(&score, &["start"], 0.88);
    at_least(&score, &["place"], 0.88);
    at_least(&score, &["kind"], 0.98);
}

#[test]
fn the_measuring_stick_is_read_exactly() {
    let score = score("measuring-stick.jsonl");
    for keys in [["alert", "f1"], ["event", "f1"]] {
        at_least(&score, &keys, 1.0);
    }
    for key in ["kind", "start", "place", "level", "headline"] {
        at_least(&score, &[key], 1.0);
    }
    let text = std::fs::read_to_string("tests/corpus/measuring-stick.jsonl").unwrap();
    for line in text.lines() {
        let document: Value = serde_json::from_str(line).unwrap();
        let field = |key: &str| document[key].as_str().unwrap_or_default().to_owned();
        let (title, summary, content) = (field("title"), field("summary"), field("content"));
        let published = field("published").parse().unwrap();
        let source = Source {
            id: "stick",
            url: None,
            feed: None,
            tier: None,
            language: None,
            published: Some(published),
            zone: jiff::tz::TimeZone::UTC,
            title: &title,
            summary: &summary,
            content: &content,
        };
        let mentions = extract(&prepare(source, published), &LEXICON).mentions;
        let mut given: Vec<(String, String, String)> = mentions
            .iter()
            .map(|m| (m.kind.name().to_owned(), m.status.name().to_owned(), m.novelty.name().to_owned()))
            .collect();
        let key = |event: &Value, name: &str| event[name].as_str().unwrap_or_default().to_owned();
        let events = document["events"].as_array().unwrap();
        let mut wanted: Vec<(String, String, String)> =
            events.iter().map(|e| (key(e, "kind"), key(e, "status"), key(e, "novelty"))).collect();
        given.sort();
        wanted.sort();
        assert_eq!(given, wanted, "{title}");
    }
}

#[derive(Debug, Deserialize)]
struct Phrases {
    phrase: Vec<Phrase>,
}

#[derive(Debug, Deserialize)]
struct Phrase {
    rule: String,
    fires: String,
    reads: String,
    misses: String,
}

#[test]
fn every_trigger_fires_and_spares_its_near_miss() {
    let text = std::fs::read_to_string("tests/corpus/en/phrases.toml").unwrap();
    let phrases: Phrases = toml::from_str(&text).unwrap();
    let mut wrong = Vec::new();
    for phrase in &phrases.phrase {
        let given = news(&phrase.fires);
        let fits = given.iter().any(|m| {
            format!("{} {}", m.kind.name(), m.status.name()) == phrase.reads
                && m.evidence.fired.iter().any(|f| f.rule == phrase.rule)
        });
        if !fits {
            let said: Vec<String> =
                given.iter().map(|m| format!("{:?} {:?} {:?}", m.kind, m.status, m.evidence.fired)).collect();
            wrong.push(format!("{}: `{}` should read {}: {said:?}", phrase.rule, phrase.fires, phrase.reads));
        }
        for m in news(&phrase.misses) {
            wrong
                .push(format!("{}: `{}` should give nothing: {:?} {:?}", phrase.rule, phrase.misses, m.kind, m.status));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_data_file_of_the_folder_is_embedded() {
    let mut folder = Vec::new();
    for part in ["actors", "en"] {
        for entry in std::fs::read_dir(format!("src/lexicon/data/{part}")).unwrap() {
            folder.push(format!("{part}/{}", entry.unwrap().file_name().to_string_lossy()));
        }
    }
    let mut embedded: Vec<String> =
        openline::lexicon::embedded::FILES.iter().map(|(name, _)| (*name).to_owned()).collect();
    folder.sort();
    embedded.sort();
    assert_eq!(folder, embedded);
}

#[test]
fn an_overlay_replaces_adds_and_is_refused_with_a_place() {
    let file = |text: &str| ("lexicon.d/mine.toml".to_owned(), text.to_owned());
    let added = "[[person]]\nid = \"us-jane-example\"\nside = \"US\"\nname = \"Jane Example\"\n\
                 offices = [{ office = \"us-secretary-of-state\", from = \"2023-01\" }]\n";
    let lexicon = openline::lexicon::load(&[file(added)]).unwrap();
    assert!(lexicon.people.iter().any(|p| p.name == "Jane Example" && p.terms.len() == 1));
    let problems = openline::lexicon::load(&[file("[[person]]\nid = \"x\"\nnmae = \"y\"\n")]).unwrap_err();
    assert!(problems.iter().any(|p| p.line == 3 && p.what.contains("nmae")), "{problems:?}");
}

#[test]
fn a_malformed_line_is_answered_and_the_run_goes_on() {
    use std::io::Write;
    use std::process::Stdio;
    let mut child = Command::new(env!("CARGO_BIN_EXE_openline"))
        .arg("extract")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = "{\"id\":\"a\",\"published\":\"2023-06-14\",\"title\":\"Blinken to visit Beijing on June 18\"}\nnot json\n{\"id\":\"c\"}\n";
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let out = child.wait_with_output().unwrap();
    assert_eq!(out.status.code(), Some(1));
    let answers: Vec<Value> =
        String::from_utf8(out.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), 3);
    assert_eq!(answers[0]["contacts"][0]["start"], "2023-06-18");
    assert_eq!(answers[0]["alerts"][0]["rule"], "us-china-high-level");
    assert_eq!(answers[1]["line"], 2);
    assert!(answers[1]["error"].is_string());
    assert_eq!(answers[2]["id"], "c");
}

#[test]
fn chinese_is_refused_honestly() {
    let mut text = article("布林肯将访问北京", "");
    text.language = Language::Zh;
    let reading = extract(&text, &LEXICON);
    assert!(reading.mentions.is_empty());
    assert!(reading.problems.iter().any(|p| p.contains("Chinese is not read yet")));
}

#[test]
fn every_span_stands_in_its_article() {
    let text =
        "BEIJING — Blinken’s “visit” to Beijing, planned for June 18, has been postponed, the State Department said.";
    let article = article("Blinken postpones trip to Beijing", text);
    let reading = extract(&article, &LEXICON);
    assert_eq!(reading.trace.trees.len(), reading.mentions.len());
    assert!(!reading.mentions.is_empty());
    for mention in &reading.mentions {
        assert!(!mention.evidence.fired.is_empty());
        for fired in &mention.evidence.fired {
            assert!(!article.text(fired.span).is_empty(), "{fired:?}");
        }
    }
}
