//! What an explanation says of one article, before it is written as text, JSON or HTML.

use crate::extract::registry::{self, Rule};
use crate::lexicon::Lexicon;
use crate::model::article::Article;
use crate::model::mention::Mention;
use crate::model::reading::{Node, Reading};
use crate::model::span::{Field, Span};
use crate::rules::{Judgement, RuleSet};
use std::collections::HashMap;

/// The extractor's rules with what they say.
#[derive(Debug)]
pub(super) struct Docs {
    /// All of them, in the registry's order.
    pub(super) rules: Vec<Rule>,
    index: HashMap<String, usize>,
}

impl Docs {
    /// The rules that a lexicon's reading may name.
    pub(super) fn of(lexicon: &Lexicon) -> Self {
        let rules = registry::rules(lexicon);
        let index = rules.iter().enumerate().map(|(at, rule)| (rule.name.clone().into_owned(), at)).collect();
        Self { rules, index }
    }

    /// What a rule says.
    fn doc(&self, name: &str) -> &str {
        self.index.get(name).and_then(|at| self.rules.get(*at)).map_or("", |rule| &rule.doc)
    }
}

/// One article explained. Texts of the article are cleaned of controls, not escaped.
#[derive(Debug)]
pub(super) struct Account {
    pub(super) id: String,
    pub(super) language: &'static str,
    pub(super) published: String,
    /// Whether the article itself says when it was published.
    pub(super) dated: bool,
    /// The fields that hold text, cut at the words of the rules.
    pub(super) fields: Vec<(&'static str, Vec<Piece>)>,
    /// The decision, in one sentence.
    pub(super) decision: String,
    pub(super) alerts: bool,
    pub(super) contacts: Vec<Told>,
    /// Rules that match by words alone: name and why.
    pub(super) words: Vec<(String, String)>,
    pub(super) rejected: Vec<Turned>,
    pub(super) problems: Vec<String>,
}

/// A stretch of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) text: String,
    /// The family of the rule that fired on it: `visit`, `status`, `time`, `reject` and so on; none for plain text.
    pub(super) family: Option<String>,
    /// The rule.
    pub(super) rule: String,
    /// The number of the contact that rests on it, from 1.
    pub(super) contact: Option<usize>,
}

/// A contact that was found.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) kind: &'static str,
    pub(super) status: &'static str,
    pub(super) novelty: &'static str,
    pub(super) level: &'static str,
    pub(super) who: String,
    pub(super) when: String,
    pub(super) place: String,
    pub(super) confidence: String,
    pub(super) sentence: String,
    pub(super) tree: Step,
    /// What each alert rule says of it.
    pub(super) verdicts: Vec<(String, bool, String)>,
}

/// A step of a derivation.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) rule: String,
    pub(super) span: Span,
    /// Its words; empty where it rests on none.
    pub(super) text: String,
    pub(super) note: String,
    pub(super) steps: Vec<Step>,
}

/// A trigger that made no contact.
#[derive(Debug)]
pub(super) struct Turned {
    pub(super) trigger: String,
    pub(super) span: Span,
    pub(super) text: String,
    pub(super) rule: String,
    pub(super) why: String,
}

impl Account {
    /// Explains a reading.
    pub(super) fn of(article: &Article, reading: &Reading, rules: &RuleSet, docs: &Docs) -> Self {
        let contacts: Vec<Told> = reading
            .mentions
            .iter()
            .enumerate()
            .map(|(at, mention)| told(mention, reading.trace.trees.get(at), article, rules, docs))
            .collect();
        let matched = |judgement: &Judgement| judgement.verdict.is_match();
        let words: Vec<(String, String)> = rules
            .judge_item(article)
            .into_iter()
            .filter(matched)
            .map(|judgement| (judgement.rule, clean(&judgement.verdict.to_string())))
            .collect();
        let decision = decision(&contacts, &words);
        Self {
            id: clean(&article.id),
            language: article.language.code(),
            published: article.published.to_string(),
            dated: article.dated,
            fields: Field::ALL
                .into_iter()
                .filter(|field| !article.field(*field).is_empty())
                .map(|field| (field.name(), pieces(article, field, reading)))
                .collect(),
            alerts: !words.is_empty() || contacts.iter().any(|told| told.verdicts.iter().any(|(_, yes, _)| *yes)),
            decision,
            contacts,
            words,
            rejected: reading
                .trace
                .rejected
                .iter()
                .map(|rejected| Turned {
                    trigger: rejected.trigger.rule.clone(),
                    span: rejected.trigger.span,
                    text: clean(article.text(rejected.trigger.span)),
                    rule: rejected.rule.clone(),
                    why: rejected.why.clone(),
                })
                .collect(),
            problems: reading.problems.clone(),
        }
    }
}

/// Text of strangers without the controls that would move a terminal's cursor.
pub(super) fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || *c == '\n').collect()
}

fn told(mention: &Mention, tree: Option<&Node>, article: &Article, rules: &RuleSet, docs: &Docs) -> Told {
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
    let fired = |rule: &str, span| Step {
        rule: rule.to_owned(),
        span,
        text: clean(article.text(span)),
        note: docs.doc(rule).to_owned(),
        steps: Vec::new(),
    };
    let tree = tree.map(|node| step(node, article, docs)).unwrap_or_else(|| Step {
        steps: mention.evidence.fired.iter().map(|f| fired(&f.rule, f.span)).collect(),
        ..fired(&format!("contact.{}", mention.kind.name()), mention.evidence.span)
    });
    Told {
        kind: mention.kind.name(),
        status: mention.status.name(),
        novelty: mention.novelty.name(),
        level: mention.level.name(),
        who: who.join(", "),
        when,
        place: mention.place.as_deref().map_or_else(|| "place unknown".to_owned(), clean),
        confidence: format!("{:.2}", mention.confidence),
        sentence: clean(&mention.evidence.sentence),
        tree,
        verdicts: rules
            .judge_mention(mention, "opened", article)
            .into_iter()
            .map(|judgement| (judgement.rule, judgement.verdict.is_match(), clean(&judgement.verdict.to_string())))
            .collect(),
    }
}

fn step(node: &Node, article: &Article, docs: &Docs) -> Step {
    let note = if node.note.is_empty() { docs.doc(&node.rule).to_owned() } else { clean(&node.note) };
    let text = if registry::is_wordless(&node.rule) { "" } else { article.text(node.span) };
    Step {
        rule: node.rule.clone(),
        span: node.span,
        text: clean(text),
        note,
        steps: node.children.iter().map(|child| step(child, article, docs)).collect(),
    }
}

/// Who is told of what, or that nobody is.
fn decision(contacts: &[Told], words: &[(String, String)]) -> String {
    let by_contact = contacts.iter().enumerate().flat_map(|(at, told)| {
        let matched = told.verdicts.iter().filter(|(_, yes, _)| *yes);
        matched.map(move |(rule, _, _)| format!("rule {rule} on contact {}", at + 1))
    });
    let by_words = words.iter().map(|(rule, _)| format!("rule {rule} by words alone"));
    let told: Vec<String> = by_contact.chain(by_words).collect();
    if told.is_empty() {
        "No alert.".to_owned()
    } else {
        format!("Alerts, where it is not known yet: {}.", told.join("; "))
    }
}

/// A field's text cut at the words of the rules: those of contacts first, those of rejections where they are free.
fn pieces(article: &Article, field: Field, reading: &Reading) -> Vec<Piece> {
    let family = |rule: &str| rule.split('.').next().unwrap_or_default().to_owned();
    let mut marks: Vec<(Span, String, &str, Option<usize>)> = Vec::new();
    for (at, mention) in reading.mentions.iter().enumerate() {
        for fired in mention.evidence.fired.iter().filter(|fired| !registry::is_wordless(&fired.rule)) {
            marks.push((fired.span, family(&fired.rule), &fired.rule, Some(at + 1)));
        }
    }
    for rejected in &reading.trace.rejected {
        marks.push((rejected.trigger.span, family(&rejected.rule), &rejected.rule, None));
    }
    marks.retain(|(span, ..)| span.field == field && span.start < span.end);
    // At one place: contacts before rejections, the longest first.
    marks.sort_by_key(|(span, _, _, contact)| (contact.is_none(), span.start, std::cmp::Reverse(span.end)));
    let mut kept: Vec<(Span, String, &str, Option<usize>)> = Vec::new();
    let (mut of_contacts, mut end) = (0, 0);
    for mark in marks {
        let free = if mark.3.is_some() {
            mark.0.start >= end
        } else {
            // Both lists are in order: the contact's mark that could overlap is the first that ends behind this start.
            while kept.get(of_contacts).is_some_and(|k| k.3.is_some() && k.0.end <= mark.0.start) {
                of_contacts += 1;
            }
            let clear = kept.get(of_contacts).is_none_or(|k| k.3.is_none() || k.0.start >= mark.0.end);
            clear && kept.last().is_none_or(|last| last.3.is_some() || last.0.end <= mark.0.start)
        };
        if free {
            end = mark.0.end;
            kept.push(mark);
        }
    }
    kept.sort_by_key(|(span, ..)| span.start);
    let text = article.field(field);
    let plain = |text: &str| Piece { text: clean(text), family: None, rule: String::new(), contact: None };
    let mut found = Vec::new();
    let mut at = 0;
    for (span, family, rule, contact) in kept {
        let before = text.get(at..span.start).unwrap_or_default();
        if !before.is_empty() {
            found.push(plain(before));
        }
        let words = clean(text.get(span.start..span.end).unwrap_or_default());
        found.push(Piece { text: words, family: Some(family), rule: rule.to_owned(), contact });
        at = span.end;
    }
    let rest = text.get(at..).unwrap_or_default();
    if !rest.is_empty() {
        found.push(plain(rest));
    }
    found
}
