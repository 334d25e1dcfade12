//! `openline explain`: an article with what was found in it, which rule fired on which words, and why it alerts or not.

mod account;
mod json;
mod list;
mod page;
mod prose;

use super::input::{self, Unread};
use crate::config;
use crate::model::mention::Mention;
use crate::pipeline;
use account::{Account, Docs};
use clap::{Args, ValueEnum};
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

/// Show an article with what was found in it, which rule fired on which words, and why it alerts or not.
#[derive(Clone, Debug, Args)]
pub(super) struct Explain {
    /// A file (plain text, HTML, or one JSON document a line as `openline extract` reads), an http(s) address, or `-`
    #[arg(required_unless_present = "list")]
    input: Option<String>,
    /// List every rule of the extractor and every alert rule, with what it says, and end
    #[arg(long, conflicts_with_all = ["input", "published", "language"])]
    list: bool,
    /// What to write: text, JSON (one object a document and line), or one self-contained HTML page
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Publication date, RFC 3339 or a day; today where the document has none
    #[arg(long)]
    published: Option<String>,
    /// Language of the text: en or zh; found out where absent
    #[arg(long)]
    language: Option<String>,
    /// Configuration file
    #[arg(long)]
    config: Option<PathBuf>,
    /// A host or network that may be fetched though it is private, with or without a port
    #[arg(long)]
    allow_private: Vec<String>,
    /// Colours: auto, always, never
    #[arg(long, default_value = "auto", value_parser = ["auto", "always", "never"])]
    color: String,
}

/// How an explanation is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Html,
}

impl Explain {
    /// 0 when the input could be read.
    pub(super) fn run(self) -> ExitCode {
        let loaded = match config::load_with(&super::sought(self.config.clone()), &[]) {
            Ok(loaded) => loaded,
            Err(found) => return super::refuse(&found),
        };
        let docs = Docs::of(&loaded.lexicon);
        let Some(input) = &self.input else {
            let written = match self.format {
                Format::Text => list::text(&docs, &loaded.config.rules),
                Format::Json => list::json(&docs, &loaded.config.rules),
                Format::Html => return super::misused("--list writes text or JSON, no HTML"),
            };
            say!("{}", written.trim_end());
            return ExitCode::SUCCESS;
        };
        let (published, language) = (self.published.as_deref(), self.language.as_deref());
        let mut allow = loaded.config.http.allow.clone();
        match super::allowed(&self.allow_private) {
            Ok(more) => allow.extend(more),
            Err(why) => return super::misused(&why),
        }
        let documents = match input::read(input, published, language, allow) {
            Ok(documents) => documents,
            Err(Unread::Misused(why)) => return super::misused(&why),
            Err(Unread::Unavailable(why)) => {
                eprintln!("openline: {why}");
                return ExitCode::from(super::UNAVAILABLE);
            }
        };
        let mut shown = Vec::new();
        for (number, document) in documents.iter().enumerate() {
            let (article, problems) = document.article(number + 1, super::now());
            for problem in problems {
                eprintln!("openline: document {}: {problem}", number + 1);
            }
            let reading = pipeline::read(&article, &loaded.lexicon);
            let account = Account::of(&article, &reading, &loaded.config.rules, &docs);
            match self.format {
                Format::Text => say!("{}", prose::text(&account, self.coloured())),
                Format::Json => {
                    let codes = |mention: &Mention| pipeline::codes(mention, &loaded.lexicon);
                    say!("{}", json::object(&account, &article, &reading, codes));
                }
                Format::Html => shown.push(account),
            }
        }
        if self.format == Format::Html {
            match page::html(&shown) {
                Ok(html) => say!("{}", html.trim_end()),
                Err(error) => {
                    eprintln!("openline: the page cannot be written: {error}");
                    return ExitCode::FAILURE;
                }
            }
        }
        ExitCode::SUCCESS
    }

    fn coloured(&self) -> bool {
        match self.color.as_str() {
            "always" => true,
            "never" => false,
            _ => std::io::stdout().is_terminal(),
        }
    }
}
