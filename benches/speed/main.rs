//! How fast articles are read, beside a bare aho-corasick scan of the same bytes in the same run.
//!
//! `cargo bench --bench speed` prints a table of ratios, then divan's figures of each call alone. What is timed is the
//! library's call, from an item's raw text to its reading; JSON is left out. `SPEED_KIND=us-china cargo bench --bench
//! speed` compares one kind alone, for profilers.

#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads its setting and the clock")]

mod background;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder};
use background::{Story, html, stories};
use divan::counter::{BytesCount, ItemsCount};
use openline::lexicon::Lexicon;
use openline::pipeline;
use openline::text::{Source, prepare};
use std::hint::black_box;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// Time for each side of a comparison in each round.
const ROUND: Duration = Duration::from_millis(60);
/// Rounds of a comparison; the median of their ratios is printed.
const ROUNDS: usize = 15;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::embedded);
/// Every name of the lexicon in one automaton, as the crate chooses it, with nothing done about a match but counting.
static BARE: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let names: Vec<&str> = LEXICON.gazetteer.names().collect();
    AhoCorasickBuilder::new().ascii_case_insensitive(true).build(names).expect("the names fit an automaton")
});

fn main() {
    println!("{} names in the automaton\n", BARE.patterns_len());
    println!(
        "{:<24} {:>10} {:>12} {:>12} {:>12} {:>10}",
        "texts", "articles", "bare MB/s", "read MB/s", "articles/s", "bare/read"
    );
    let only = std::env::var("SPEED_KIND").ok();
    for kind in KINDS.into_iter().filter(|kind| only.as_deref().is_none_or(|only| only == *kind)) {
        compare(kind);
    }
    if only.is_some() {
        return;
    }
    println!("\n{:<24} {:>10} {:>12} {:>14}", "one text of", "bytes", "ms", "ns a byte");
    for name in ["contacts", "triggers alone", "plain"] {
        growth(name);
    }
    println!();
    divan::main();
}

/// The kinds of text.
const KINDS: [&str; 4] = ["background", "background-html", "us-china", "us-china-no-alert"];

struct Text {
    title: String,
    summary: String,
    content: String,
}

impl Text {
    fn bytes(&self) -> usize {
        self.title.len() + self.summary.len() + self.content.len()
    }

    fn scan(&self) -> usize {
        [&self.title, &self.summary, &self.content].into_iter().map(|text| BARE.find_iter(text.as_str()).count()).sum()
    }

    fn read(&self) -> usize {
        let source = Source {
            id: "bench",
            url: None,
            feed: None,
            tier: None,
            language: None,
            published: Some(jiff::Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_hours(24 * 19_700)),
            zone: jiff::tz::TimeZone::UTC,
            title: &self.title,
            summary: &self.summary,
            content: &self.content,
        };
        let article = prepare(source, jiff::Timestamp::UNIX_EPOCH);
        pipeline::read(&article, &LEXICON).mentions.len()
    }
}

fn texts(kind: &str) -> Vec<Text> {
    let made = |story: Story| Text { title: story.title, summary: String::new(), content: story.content };
    match kind {
        "background" => stories(400).into_iter().map(made).collect(),
        "background-html" => {
            let marked = |story: Story| Story { content: html(&story), title: story.title };
            stories(400).into_iter().map(marked).map(made).collect()
        }
        "us-china" => corpus(true),
        _ => corpus(false),
    }
}

/// The annotated documents that raise an alert, or those that name both sides and raise none.
fn corpus(alert: bool) -> Vec<Text> {
    let files = [include_str!("../../tests/corpus/en.jsonl"), include_str!("../../tests/corpus/held-out.jsonl")];
    let files = if alert { &files[..1] } else { &files[..] };
    let documents = files.iter().flat_map(|file| file.lines());
    let documents = documents.map(|line| serde_json::from_str::<serde_json::Value>(line).expect("the corpus is JSON"));
    documents
        .filter(|document| alert || document["alert"] != true)
        .map(|document| {
            let text = |key: &str| document[key].as_str().unwrap_or_default().to_owned();
            Text { title: text("title"), summary: text("summary"), content: text("content") }
        })
        .collect()
}

/// Both calls in turn over the same texts, and the median of the rounds' ratios.
fn compare(kind: &str) {
    let texts = texts(kind);
    let bytes: usize = texts.iter().map(Text::bytes).sum();
    let (mut bare, mut read, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let a = per_pass(|| texts.iter().map(Text::scan).sum());
        let b = per_pass(|| texts.iter().map(Text::read).sum());
        // The first round warms up.
        if round > 0 {
            bare.push(a);
            read.push(b);
            ratios.push(b / a);
        }
    }
    let rate = |seconds: f64| bytes as f64 / seconds / 1e6;
    let (a, b) = (median(bare), median(read));
    println!(
        "{kind:<24} {:>10} {:>12.1} {:>12.1} {:>12.0} {:>10.2}",
        texts.len(),
        rate(a),
        rate(b),
        texts.len() as f64 / b,
        median(ratios)
    );
}

/// Seconds that a pass takes, over as many as fit a round.
fn per_pass(mut pass: impl FnMut() -> usize) -> f64 {
    let begun = Instant::now();
    let mut passes = 0_u32;
    while passes == 0 || begun.elapsed() < ROUND {
        black_box(pass());
        passes += 1;
    }
    begun.elapsed().as_secs_f64() / f64::from(passes)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// One text of growing length: what a byte costs must not grow with it.
fn growth(name: &str) {
    for kilobytes in [16, 64, 256, 1024] {
        let bytes = kilobytes * 1024;
        let unit = match name {
            "contacts" => {
                "US Secretary of State Antony Blinken met Foreign Minister Wang Yi in Beijing on Monday. He left.\n"
            }
            "triggers alone" => "US China visit talks call met (",
            _ => "The harvest in the valley was late, and the growers of the region waited for rain until the autumn. ",
        };
        let text = Text { title: String::new(), summary: String::new(), content: unit.repeat(bytes / unit.len()) };
        let seconds = median((0..5).map(|_| per_pass(|| text.read())).collect());
        println!("{name:<24} {bytes:>10} {:>12.2} {:>14.2}", seconds * 1e3, seconds * 1e9 / bytes as f64);
    }
}

#[divan::bench(args = KINDS)]
fn bare_scan(bencher: divan::Bencher<'_, '_>, kind: &str) {
    let texts = texts(kind);
    let bytes: usize = texts.iter().map(Text::bytes).sum();
    bencher.counter(BytesCount::new(bytes)).bench(|| texts.iter().map(Text::scan).sum::<usize>());
}

#[divan::bench(args = KINDS)]
fn read(bencher: divan::Bencher<'_, '_>, kind: &str) {
    let texts = texts(kind);
    bencher.counter(ItemsCount::new(texts.len())).bench(|| texts.iter().map(Text::read).sum::<usize>());
}

#[divan::bench]
fn start_up() -> usize {
    Lexicon::embedded().people.len()
}
