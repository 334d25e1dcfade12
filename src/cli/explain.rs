//! `openline explain`: an article with what was found in it, which rule fired on which words, and why it alerts or not.

use super::input::{self, Unread};
use crate::config;
use crate::model::article::Article;
use crate::model::mention::Mention;
use crate::model::reading::{Node, Reading};
use crate::model::span::{Field, Span};
use crate::pipeline;
use crate::rules::RuleSet;
use clap::Args;
use std::fmt::Write as _;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

/// Show an article with what was found in it, which rule fired on which words, and why it alerts or not.
#[derive(Clone, Debug, Args)]
pub(super) struct Explain {
    /// A file (plain text, HTML, or one JSON document a line as `openline extract` reads), an http(s) address, or `-`
    input: String,
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

impl Explain {
    /// 0 when the input could be read.
    pub(super) fn run(self) -> ExitCode {
        let loaded = match config::load(&super::sought(self.config)) {
            Ok(loaded) => loaded,
            Err(found) => return super::refuse(&found),
        };
        let (published, language) = (self.published.as_deref(), self.language.as_deref());
        let mut allow = loaded.config.http.allow.clone();
        match super::allowed(&self.allow_private) {
            Ok(more) => allow.extend(more),
            Err(why) => return super::misused(&why),
        }
        let documents = match input::read(&self.input, published, language, allow) {
            Ok(documents) => documents,
            Err(Unread::Misused(why)) => return super::misused(&why),
            Err(Unread::Unavailable(why)) => {
                eprintln!("openline: {why}");
                return ExitCode::from(super::UNAVAILABLE);
            }
        };
        let colour = match self.color.as_str() {
            "always" => true,
            "never" => false,
            _ => std::io::stdout().is_terminal(),
        };
        for (number, document) in documents.iter().enumerate() {
            let (article, problems) = document.article(number + 1, super::now());
            for problem in problems {
                eprintln!("openline: document {}: {problem}", number + 1);
            }
            let reading = pipeline::read(&article, &loaded.lexicon);
            say!("{}", explain(&article, &reading, &loaded.config.rules, colour));
        }
        ExitCode::SUCCESS
    }
}

/// The whole explanation of one article.
fn explain(article: &Article, reading: &Reading, rules: &RuleSet, colour: bool) -> String {
    let mut out = String::new();
    let dated = if article.dated { "" } else { " (no date given: the time of reading)" };
    let _ = writeln!(out, "{} · {} · published {}{dated}\n", article.id, article.language.code(), article.published);
    for field in Field::ALL {
        if !article.field(field).is_empty() {
            let _ = writeln!(out, "{}", marked(article, field, reading, colour));
        }
    }
    if reading.mentions.is_empty() {
        let _ = writeln!(out, "\nNo contact found.");
    }
    for (number, mention) in reading.mentions.iter().enumerate() {
        let _ = writeln!(out, "\n[{}] {}", number + 1, summary(mention));
        let _ = writeln!(out, "    “{}”", clean(&mention.evidence.sentence));
        if let Some(tree) = reading.trace.trees.get(number) {
            node(&mut out, article, tree, 2);
        } else {
            for fired in &mention.evidence.fired {
                let _ = writeln!(out, "    {} on “{}”", fired.rule, clean(article.text(fired.span)));
            }
        }
        for judgement in rules.judge_mention(mention, "opened", article) {
            let verdict = if judgement.verdict.is_match() { "ALERTS" } else { "silent" };
            let _ = writeln!(out, "    {verdict}: rule {}: {}", judgement.rule, judgement.verdict);
        }
    }
    for judgement in rules.judge_item(article).iter().filter(|judgement| judgement.verdict.is_match()) {
        let _ = writeln!(out, "\nALERTS by words alone: rule {}: {}", judgement.rule, judgement.verdict);
    }
    if !reading.trace.rejected.is_empty() {
        let _ = writeln!(out, "\nRejected:");
        for rejected in &reading.trace.rejected {
            let words = clean(article.text(rejected.trigger.span));
            let _ = writeln!(out, "    {} on “{words}”: {}: {}", rejected.trigger.rule, rejected.rule, rejected.why);
        }
    }
    for problem in &reading.problems {
        let _ = writeln!(out, "\nNot understood: {problem}");
    }
    out
}

/// One line on a mention.
fn summary(mention: &Mention) -> String {
    let who: Vec<String> = mention
        .parties
        .iter()
        .map(|party| {
            let name = party.name.as_deref().or(party.office.as_deref()).unwrap_or("unnamed");
            format!("{} ({})", clean(name), party.side)
        })
        .collect();
    let when = match mention.moment.map(|moment| (moment.start_text(), moment.end_text())) {
        Some((Some(start), Some(end))) if start != end => format!("{start} to {end}"),
        Some((Some(start), _)) => start,
        Some((None, _)) => "about a year known only".to_owned(),
        None => "date unknown".to_owned(),
    };
    format!(
        "{} {} · {} · level {} · {} · {} · {} · confidence {:.2}",
        mention.novelty.name(),
        mention.kind.name(),
        mention.status.name(),
        mention.level.name(),
        who.join(", "),
        when,
        mention.place.as_deref().map_or_else(|| "place unknown".to_owned(), clean),
        mention.confidence,
    )
}

fn node(out: &mut String, article: &Article, tree: &Node, depth: usize) {
    let words = clean(article.text(tree.span));
    let note = if tree.note.is_empty() { String::new() } else { format!(": {}", clean(&tree.note)) };
    let _ = writeln!(out, "{}{} on “{words}”{note}", "  ".repeat(depth.min(12)), tree.rule);
    for child in &tree.children {
        node(out, article, child, depth + 1);
    }
}

/// A field's text with the words of every rule that fired marked, in colour or between brackets.
fn marked(article: &Article, field: Field, reading: &Reading, colour: bool) -> String {
    let text = article.field(field);
    let mut spans: Vec<Span> = reading
        .mentions
        .iter()
        .flat_map(|mention| mention.evidence.fired.iter().map(|fired| fired.span))
        .filter(|span| span.field == field && span.start < span.end)
        .collect();
    spans.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
    let (open, close) = if colour { ("\u{1b}[1;33m", "\u{1b}[0m") } else { ("[", "]") };
    let mut out = format!("{}: ", field.name());
    let mut at = 0;
    for span in spans {
        if span.start < at {
            continue;
        }
        out.push_str(&clean(text.get(at..span.start).unwrap_or_default()));
        out.push_str(open);
        out.push_str(&clean(text.get(span.start..span.end).unwrap_or_default()));
        out.push_str(close);
        at = span.end;
    }
    out.push_str(&clean(text.get(at..).unwrap_or_default()));
    out
}

/// Text of strangers without the controls that would move a terminal's cursor.
fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || *c == '\n').collect()
}
