//! `openline extract`: documents in, contacts and alerts out, one JSON object a line, in order.

use super::document::Document;
use crate::config::{self, Sought};
use crate::lexicon::Lexicon;
use crate::model::article::Article;
use crate::model::mention::Mention;
use crate::model::problem::Problem;
use crate::pipeline;
use crate::render::view;
use crate::rules::{RuleSet, Verdict};
use clap::Args;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::io::{self, BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

/// Lines that are read together when they are ready.
const BATCH: usize = 512;
/// Bytes of input looked at together.
const BUFFER: usize = 1 << 20;

/// Read documents (JSON lines) from standard input and write what they say of contacts.
#[derive(Clone, Debug, Args)]
pub(super) struct Extract {
    /// The configuration file: its rules and its lexicon overlay are used.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// A rules file instead of the configured rules.
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
}

impl Extract {
    /// 0 where every line was read, 1 where one was malformed, 78 where the configuration is.
    pub(super) fn run(self) -> ExitCode {
        let (lexicon, rules) = match self.load() {
            Ok(loaded) => loaded,
            Err(found) => return super::refuse(&found),
        };
        let input = BufReader::with_capacity(BUFFER, io::stdin().lock());
        match stream(input, io::stdout().lock(), &lexicon, &rules) {
            Ok(true) => ExitCode::SUCCESS,
            Ok(false) => ExitCode::FAILURE,
            // A reader that has gone away wants no more.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("cannot read the documents: {error}");
                ExitCode::FAILURE
            }
        }
    }

    /// Without a configuration that is named, the built-in lexicon and rules are meant, whatever is installed.
    fn load(&self) -> Result<(Arc<Lexicon>, RuleSet), Vec<Problem>> {
        let rules: Vec<PathBuf> = self.rules.iter().cloned().collect();
        let sought = match &self.config {
            Some(_) => super::sought(self.config.clone()),
            None => Sought::default(),
        };
        let loaded = config::load_with(&sought, &rules)?;
        Ok((loaded.lexicon, loaded.config.rules))
    }
}

/// Answers every line; whether all were well-formed. What is read is answered before more is waited for.
fn stream(mut input: impl Peek, mut output: impl Write, lexicon: &Lexicon, rules: &RuleSet) -> io::Result<bool> {
    let mut well = true;
    let mut line = 0;
    loop {
        let mut batch: Vec<(usize, Vec<u8>)> = Vec::new();
        loop {
            let mut bytes = Vec::new();
            if input.read_until(b'\n', &mut bytes)? == 0 {
                break;
            }
            line += 1;
            if !bytes.iter().all(u8::is_ascii_whitespace) {
                batch.push((line, bytes));
            }
            if batch.len() >= BATCH || !input.line_is_ready() {
                break;
            }
        }
        if batch.is_empty() {
            if input.at_end()? {
                return Ok(well);
            }
            continue;
        }
        for (good, answer) in answers(&batch, lexicon, rules) {
            well &= good;
            output.write_all(answer.as_bytes())?;
            output.write_all(b"\n")?;
        }
        output.flush()?;
    }
}

/// A buffered input that can say whether a whole line waits in its buffer.
trait Peek: BufRead {
    fn line_is_ready(&self) -> bool;

    fn at_end(&mut self) -> io::Result<bool> {
        self.fill_buf().map(<[u8]>::is_empty)
    }
}

impl<R: io::Read> Peek for BufReader<R> {
    fn line_is_ready(&self) -> bool {
        self.buffer().contains(&b'\n')
    }
}

/// The answers to a batch, in order, on all cores where the batch is worth it.
fn answers(batch: &[(usize, Vec<u8>)], lexicon: &Lexicon, rules: &RuleSet) -> Vec<(bool, String)> {
    let now = super::now();
    let one = |(line, bytes): &(usize, Vec<u8>)| answer(*line, bytes, lexicon, rules, now);
    super::cores::map(batch, one)
}

fn answer(line: usize, bytes: &[u8], lexicon: &Lexicon, rules: &RuleSet, now: Timestamp) -> (bool, String) {
    let document: Document = match serde_json::from_slice(bytes) {
        Ok(document) => document,
        Err(error) => return (false, json!({"line": line, "error": error.to_string()}).to_string()),
    };
    let (article, mut problems) = document.article(line, now);
    let reading = pipeline::read(&article, lexicon);
    problems.extend(reading.problems.iter().cloned());
    let contacts: Vec<Value> =
        reading.mentions.iter().map(|m| view::mention(m, &article, pipeline::codes(m, lexicon))).collect();
    let mut alerts = Vec::new();
    for (index, mention) in reading.mentions.iter().enumerate() {
        for rule in alerting(mention, &article, rules) {
            alerts.push(json!({"rule": rule, "contact": index}));
        }
    }
    for judgement in rules.judge_item(&article) {
        if matches!(judgement.verdict, Verdict::Matches { .. }) {
            alerts.push(json!({"rule": judgement.rule, "contact": null}));
        }
    }
    let mut out = serde_json::Map::new();
    out.insert("id".to_owned(), json!(article.id));
    out.insert("language".to_owned(), json!(article.language.code()));
    if let Some(url) = &document.url {
        out.insert("url".to_owned(), json!(url));
    }
    if let Some(feed) = &document.feed {
        out.insert("feed".to_owned(), json!(feed));
    }
    out.insert("contacts".to_owned(), Value::Array(contacts));
    out.insert("alerts".to_owned(), Value::Array(alerts));
    out.insert("problems".to_owned(), json!(problems));
    (true, Value::Object(out).to_string())
}

/// The rules that would alert on a mention met for the first time.
pub(super) fn alerting(mention: &Mention, article: &Article, rules: &RuleSet) -> Vec<String> {
    rules
        .judge_mention(mention, "opened", article)
        .into_iter()
        .filter(|j| matches!(j.verdict, Verdict::Matches { .. }))
        .map(|j| j.rule)
        .collect()
}
