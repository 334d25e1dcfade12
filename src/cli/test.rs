//! `openline test`: runs the tests that stand beside the rules.

use crate::config;
use crate::pipeline::{self, Rehearsal};
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

/// Run the tests that stand beside the rules, and say which fail and why.
#[derive(Clone, Debug, Args)]
pub(super) struct Test {
    /// The configuration file; without it the usual places are tried.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Files of rules instead of the configured rules.
    #[arg(long, value_name = "FILE")]
    rules: Vec<PathBuf>,
    /// Name the tests that pass, too.
    #[arg(long, short)]
    verbose: bool,
}

impl Test {
    /// 0 where all pass, 1 where one fails, 78 where the configuration or a rule is wrong.
    pub(super) fn run(self) -> ExitCode {
        let loaded = match config::load_with(&super::sought(self.config), &self.rules) {
            Ok(loaded) => loaded,
            Err(found) => return super::refuse(&found),
        };
        let rules = &loaded.config.rules;
        let (mut tests, mut failed, mut untested) = (0_usize, 0_usize, Vec::new());
        for rule in rules.rules() {
            if rule.tests.is_empty() {
                untested.push(rule.id.as_str());
            }
            for example in &rule.tests {
                tests += 1;
                let Rehearsal { wrong, why } = pipeline::rehearse(rule, rules, example, &loaded.lexicon);
                let words = crate::render::plain::line(&example.report.text, 100);
                match wrong {
                    None if self.verbose => say!("ok      {}  {}  {words}", example.place, rule.id),
                    None => {}
                    Some(wrong) => {
                        failed += 1;
                        say!("FAILED  {}  {}  {words}", example.place, rule.id);
                        say!("        {wrong}");
                        why.iter().for_each(|line| say!("        - {}", crate::render::plain::line(line, 300)));
                    }
                }
            }
        }
        if !untested.is_empty() {
            say!("without tests: {}", untested.join(", "));
        }
        say!("{tests} tests of {} rules, {failed} failed", rules.rules().len());
        if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
