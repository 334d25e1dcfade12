//! Judges changes, mentions and items by the rules, and makes the alerts.

use super::contact::Case;
use super::excerpt;
use super::fold::Folded;
use super::verdict::{Judgement, Verdict};
use super::words::{Words, WordsVerdict};
use super::{Rule, RuleSet};
use crate::model::alert::{Alert, Matched, Severity, Subject};
use crate::model::article::Article;
use crate::model::change::{Change, ChangeKind};
use crate::model::contact::ItemRef;
use crate::model::feed::Tier;
use crate::model::ids::AlertId;
use crate::model::mention::{Evidence, Mention};
use jiff::Timestamp;
use std::cell::OnceCell;

/// A text, its source, and its folded form once a rule asks for words.
#[derive(Clone, Debug)]
struct Text<'a> {
    article: &'a Article,
    folded: OnceCell<Folded>,
    feed: Option<&'a str>,
    tier: Option<Tier>,
}

impl<'a> Text<'a> {
    fn of(article: &'a Article) -> Self {
        Self { article, folded: OnceCell::new(), feed: article.feed.as_deref(), tier: article.tier }
    }

    fn from(article: &'a Article, item: &'a ItemRef) -> Self {
        Self { feed: Some(item.feed.as_str()), tier: Some(item.tier), ..Self::of(article) }
    }

    fn judge(&self, words: &Words) -> WordsVerdict {
        words.judge_folded(self.article, self.folded.get_or_init(|| Folded::of(self.article)))
    }
}

impl RuleSet {
    /// The alerts that an article raises: one a change that some contact rule wants, and at most one for the item
    /// itself, which holds all the rules that ask for words alone and matched.
    ///
    /// The feed and the tier are the item's. `changes` are those that the article caused.
    #[must_use]
    pub fn alerts(&self, article: &Article, item: &ItemRef, changes: &[Change], now: Timestamp) -> Vec<Alert> {
        let text = Text::from(article, item);
        let mut alerts: Vec<Alert> =
            changes.iter().filter_map(|change| self.alert_of_change(&text, item, change, now)).collect();
        alerts.extend(self.alert_of_item(&text, item, now));
        alerts
    }

    /// What every rule says of a mention, as if it caused a change of the given name (see
    /// [`ChangeKind::NAMES`]). The feed and the tier are the article's.
    #[must_use]
    pub fn judge_mention(&self, mention: &Mention, change: &str, article: &Article) -> Vec<Judgement> {
        let text = Text::of(article);
        let case = Case::of_mention(mention, change);
        let judge = |rule: &Rule| Judgement {
            rule: rule.id.clone(),
            verdict: rule.judge_case(&text, &case, &mention.evidence),
        };
        self.rules.iter().map(judge).collect()
    }

    /// What every rule says of a change that the article caused. The feed and the tier are the change's item's.
    #[must_use]
    pub fn judge_change(&self, change: &Change, article: &Article) -> Vec<Judgement> {
        let text = Text::from(article, &change.item);
        let case = Case::of_change(change);
        let judge =
            |rule: &Rule| Judgement { rule: rule.id.clone(), verdict: rule.judge_case(&text, &case, &change.evidence) };
        self.rules.iter().map(judge).collect()
    }

    /// What every rule says of the item's words alone. The feed and the tier are the article's.
    #[must_use]
    pub fn judge_item(&self, article: &Article) -> Vec<Judgement> {
        let text = Text::of(article);
        let judge = |rule: &Rule| Judgement { rule: rule.id.clone(), verdict: rule.judge_item(&text).0 };
        self.rules.iter().map(judge).collect()
    }

    fn alert_of_change(&self, text: &Text<'_>, item: &ItemRef, change: &Change, now: Timestamp) -> Option<Alert> {
        let case = Case::of_change(change);
        let matched: Vec<Matched> = self
            .rules
            .iter()
            .filter_map(|rule| match rule.judge_case(text, &case, &change.evidence) {
                Verdict::Matches { words } => Some(rule.matched(words)),
                _ => None,
            })
            .collect();
        let subject = Subject::Contact {
            change: change.kind.clone(),
            contact: Box::new(change.contact.clone()),
            evidence: change.evidence.clone(),
            confidence: change.confidence,
        };
        let id = alert_id(change, item);
        (!matched.is_empty()).then(|| Alert {
            id,
            matched,
            severity: Severity::default(),
            subject,
            item: item.clone(),
            raised: now,
        })
    }

    fn alert_of_item(&self, text: &Text<'_>, item: &ItemRef, now: Timestamp) -> Option<Alert> {
        let mut matched = Vec::new();
        let mut first_excerpt = None;
        for rule in &self.rules {
            if let (Verdict::Matches { words }, excerpt) = rule.judge_item(text) {
                matched.push(rule.matched(words));
                first_excerpt = first_excerpt.or(excerpt);
            }
        }
        let subject = Subject::Item { excerpt: first_excerpt.unwrap_or_default() };
        let id = AlertId::of(&["item", item.item.as_str()]);
        (!matched.is_empty()).then(|| Alert {
            id,
            matched,
            severity: Severity::default(),
            subject,
            item: item.clone(),
            raised: now,
        })
    }
}

impl Rule {
    fn judge_case(&self, text: &Text<'_>, case: &Case<'_>, evidence: &Evidence) -> Verdict {
        if let Some(refusal) = self.refusal(text) {
            return refusal;
        }
        let Some(contact) = &self.contact else { return Verdict::WordsOnly };
        if let Some(refusal) = contact.refusal(case) {
            return refusal;
        }
        let mut words = trigger_words(text.article, evidence);
        match self.words.as_ref().map(|wanted| text.judge(wanted)) {
            None => Verdict::Matches { words },
            Some(WordsVerdict::Matches { words: more, .. }) => {
                words.extend(more);
                Verdict::Matches { words }
            }
            Some(WordsVerdict::Missing(word)) => Verdict::WordMissing(word),
            Some(WordsVerdict::Forbidden(word)) => Verdict::WordForbidden(word),
        }
    }

    fn judge_item(&self, text: &Text<'_>) -> (Verdict, Option<String>) {
        if let Some(refusal) = self.refusal(text) {
            return (refusal, None);
        }
        let (None, Some(wanted)) = (&self.contact, &self.words) else { return (Verdict::ContactOnly, None) };
        match text.judge(wanted) {
            WordsVerdict::Matches { words, excerpt } => (Verdict::Matches { words }, Some(excerpt)),
            WordsVerdict::Missing(word) => (Verdict::WordMissing(word), None),
            WordsVerdict::Forbidden(word) => (Verdict::WordForbidden(word), None),
        }
    }

    /// What is asked of any text: that the rule is on and listens to its source.
    fn refusal(&self, text: &Text<'_>) -> Option<Verdict> {
        if !self.enabled {
            return Some(Verdict::Disabled);
        }
        if !self.feeds.is_empty() && !text.feed.is_some_and(|feed| self.feeds.iter().any(|wanted| wanted == feed)) {
            return Some(Verdict::FeedNotWanted { feed: text.feed.map(str::to_owned) });
        }
        if !self.tiers.is_empty() && !text.tier.is_some_and(|tier| self.tiers.contains(&tier)) {
            return Some(Verdict::TierNotWanted { tier: text.tier });
        }
        None
    }

    fn matched(&self, words: Vec<String>) -> Matched {
        Matched { rule: self.id.clone(), words, channels: self.channels.clone() }
    }
}

/// The alert's id: contact and history number. A corroboration adds no history, so that its item tells it apart.
fn alert_id(change: &Change, item: &ItemRef) -> AlertId {
    let number = change.contact.version().to_string();
    let contact = change.contact.id.as_str();
    match change.kind {
        ChangeKind::Corroborated => AlertId::of(&["contact", contact, &number, "corroborated", item.item.as_str()]),
        _ => AlertId::of(&["contact", contact, &number]),
    }
}

/// Words shown of one contact's evidence.
const WORDS: usize = 6;

/// The words on which the extractor's rules fired, the trigger first, each once.
fn trigger_words(article: &Article, evidence: &Evidence) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for fired in &evidence.fired {
        let word = excerpt::shortened(article.text(fired.span), 64);
        if !word.is_empty() && words.len() < WORDS && !words.contains(&word) {
            words.push(word);
        }
    }
    words
}
