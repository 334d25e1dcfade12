//! `openline eval`: how well the extractor reads annotated documents.

mod report;
mod score;

use super::document::Document;
use super::extract::alerting;
use crate::lexicon::Lexicon;
use crate::pipeline;
use crate::rules::RuleSet;
use crate::text::sentences;
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;

/// How to print the score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Score the extractor on annotated documents (JSON lines).
#[derive(Clone, Debug, Args)]
pub(super) struct Eval {
    /// Files of annotated documents.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// List every disagreement with its text.
    #[arg(long)]
    errors: bool,
    /// Print how often contacts are right, by their confidence.
    #[arg(long)]
    calibration: bool,
    /// How to print the score.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

impl Eval {
    /// 0 where all files were read, 1 where one could not be or held a malformed line.
    pub(super) fn run(self) -> ExitCode {
        let lexicon = Lexicon::embedded();
        let rules = RuleSet::builtin(&[]);
        let now = super::now();
        let mut score = score::Score::default();
        let mut well = true;
        for path in &self.files {
            let text = match std::fs::read_to_string(path) {
                Ok(text) => text,
                Err(error) => {
                    eprintln!("cannot read {}: {error}", path.display());
                    well = false;
                    continue;
                }
            };
            for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
                let document: Document = match serde_json::from_str(line) {
                    Ok(document) => document,
                    Err(error) => {
                        eprintln!("{}:{}: {error}", path.display(), index + 1);
                        well = false;
                        continue;
                    }
                };
                let (article, _) = document.article(index + 1, now);
                if sentences::of(&article).is_empty() {
                    eprintln!("{}:{}: no text; a document has title, summary or content", path.display(), index + 1);
                    well = false;
                    continue;
                }
                let reading = pipeline::read(&article, &lexicon);
                let alerted: Vec<usize> = reading
                    .mentions
                    .iter()
                    .enumerate()
                    .filter(|(_, mention)| !alerting(mention, &article, &rules).is_empty())
                    .map(|(at, _)| at)
                    .collect();
                score.add(&article, document.alert, &document.events, &reading, &alerted);
            }
        }
        match self.format {
            Format::Text => {
                say!("{}", report::text(&score, self.errors).trim_end());
                if self.calibration {
                    say!("{}", report::calibration(&score).trim_end());
                }
            }
            Format::Json => say!("{}", report::json(&score, self.errors)),
        }
        if well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
