//! Runs the tests that stand beside a rule through the whole of reading and deciding.

use super::{Decision, book, confirm, decide, read};
use crate::ledger::Book;
use crate::lexicon::Lexicon;
use crate::model::alert::{Alert, Subject};
use crate::model::article::Article;
use crate::model::contact::ItemRef;
use crate::model::feed::Tier;
use crate::model::ids::{FeedId, ItemId};
use crate::model::reading::Reading;
use crate::rules::{Example, Expect, Report, Rule, RuleSet, Waiting};
use crate::text::{Source, prepare};
use jiff::SignedDuration;
use jiff::tz::TimeZone;

/// Rejected candidates that are named where a test fails.
const REJECTED: usize = 3;

/// What came of one test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rehearsal {
    /// What is not as the test wants it; nothing where it passed.
    pub wrong: Option<String>,
    /// Why the rule told or did not, one line a contact and reason.
    pub why: Vec<String>,
}

/// Runs one test of a rule, as if the rule were on and there were no other, with an empty ledger.
#[must_use]
pub fn rehearse(rule: &Rule, rules: &RuleSet, example: &Example, lexicon: &Lexicon) -> Rehearsal {
    let rules = rules.only(&rule.id);
    let mut stage = Stage { rules: &rules, rule, lexicon, book: book(lexicon, []), waiting: Waiting::default() };
    for (number, report) in example.before.iter().enumerate() {
        let _ = stage.play(report, number);
    }
    let (article, reading, decision, held) = stage.play(&example.report, example.before.len());
    let found = match (decision.alerts.is_empty(), held) {
        (false, _) => Expect::Alert,
        (true, true) => Expect::Held,
        (true, false) => Expect::None,
    };
    let wrong = if found != example.expect {
        Some(format!("expected {}, found {}", example.expect.name(), found.name()))
    } else if found == Expect::Alert {
        let misfits: Vec<Option<String>> = decision.alerts.iter().map(|alert| misfit(alert, example)).collect();
        if misfits.iter().any(Option::is_none) { None } else { misfits.into_iter().flatten().next() }
    } else {
        None
    };
    let why = if wrong.is_some() { reasons(&rules, &article, &reading, &decision) } else { Vec::new() };
    Rehearsal { wrong, why }
}

/// A ledger, what waits, and the one rule.
struct Stage<'a> {
    rules: &'a RuleSet,
    rule: &'a Rule,
    lexicon: &'a Lexicon,
    book: Book,
    waiting: Waiting,
}

impl Stage<'_> {
    /// Plays one report; whether the rule holds it stands last.
    fn play(&mut self, report: &Report, number: usize) -> (Article, Reading, Decision, bool) {
        // Where nothing is said, the reports come from where the rule listens, each from a feed of its own.
        let feed = report.feed.clone().or_else(|| self.rule.feeds.get(number).or(self.rule.feeds.last()).cloned());
        let feed = feed.unwrap_or_else(|| format!("source-{}", number + 1));
        let tier = report.tier.or_else(|| self.rule.tiers.first().copied()).unwrap_or(Tier::Press);
        let item = ItemRef {
            item: ItemId::of(&[&feed, &number.to_string(), &report.title, &report.text]),
            feed: FeedId::new(feed.as_str()),
            feed_title: feed.clone(),
            tier,
            url: None,
            title: report.title.clone(),
            published: report.published,
            seen: report.published,
        };
        let source = Source {
            id: item.item.as_str(),
            url: None,
            feed: Some(&feed),
            tier: Some(tier),
            language: report.language,
            published: Some(report.published),
            zone: TimeZone::UTC,
            title: &report.title,
            summary: &report.text,
            content: "",
        };
        let article = prepare(source, report.published);
        let reading = read(&article, self.lexicon);
        let now = report.published;
        let mut decision = decide(&reading, &article, &item, &mut self.book, self.rules, now, false);
        let held = !decision.unconfirmed.is_empty();
        confirm(&mut decision, &mut self.waiting, self.rules, SignedDuration::MAX, now);
        (article, reading, decision, held)
    }
}

/// In what an alert differs from what the test says of it.
fn misfit(alert: &Alert, example: &Example) -> Option<String> {
    let said = |what: &str, wanted: &str, is: &str| Some(format!("expected the {what} {wanted}, found {is}"));
    if let Some(wanted) = example.severity.filter(|wanted| *wanted != alert.severity) {
        return said("severity", wanted.name(), alert.severity.name());
    }
    let Subject::Contact { change, contact, .. } = &alert.subject else {
        let asked = example.status.is_some() || example.kind.is_some() || example.change.is_some();
        return asked.then(|| "expected a contact, found words alone".to_owned());
    };
    if let Some(wanted) = example.status.filter(|wanted| *wanted != contact.status) {
        return said("status", wanted.name(), contact.status.name());
    }
    if let Some(wanted) = example.kind.filter(|wanted| *wanted != contact.kind) {
        return said("kind", wanted.name(), contact.kind.name());
    }
    example.change.filter(|wanted| *wanted != change.name()).and_then(|wanted| said("change", wanted, change.name()))
}

fn reasons(rules: &RuleSet, article: &Article, reading: &Reading, decision: &Decision) -> Vec<String> {
    let mut why = Vec::new();
    for change in &decision.changes {
        let contact = &change.contact;
        let what = format!("{} {} ({})", contact.kind.name(), contact.status.name(), change.kind.name());
        for judgement in rules.judge_change(change, article) {
            why.push(format!("{what}: {}; {}", judgement.verdict, change.reason));
        }
    }
    if decision.changes.is_empty() {
        for mention in &reading.mentions {
            let what = format!("{} {}", mention.kind.name(), mention.status.name());
            why.push(format!("{what}: the ledger knows it already, and nothing has changed"));
        }
    }
    if reading.mentions.is_empty() {
        why.push("no contact was read in it".to_owned());
        for rejected in reading.trace.rejected.iter().take(REJECTED) {
            why.push(format!("rejected by {}: {}", rejected.rule, rejected.why));
        }
    }
    if rules.rules().iter().any(|rule| rule.contact.is_none()) {
        why.extend(rules.judge_item(article).into_iter().map(|judgement| format!("words: {}", judgement.verdict)));
    }
    why.extend(reading.problems.iter().cloned());
    why
}
