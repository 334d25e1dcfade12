//! Judges changes, mentions and items by the rules, each with the reason.

use super::contact::Case;
use super::excerpt;
use super::fold::Folded;
use super::verdict::{Judgement, Verdict};
use super::words::{Words, WordsVerdict};
use super::{Rule, RuleSet};
use crate::model::article::Article;
use crate::model::change::Change;
use crate::model::contact::ItemRef;
use crate::model::feed::Tier;
use crate::model::mention::{Evidence, Mention};
use std::cell::OnceCell;

/// A text, its source, and its folded form once a rule asks for words.
#[derive(Clone, Debug)]
pub(super) struct Text<'a> {
    article: &'a Article,
    folded: OnceCell<Folded>,
    feed: Option<&'a str>,
    tier: Option<Tier>,
}

impl<'a> Text<'a> {
    pub(super) fn of(article: &'a Article) -> Self {
        Self { article, folded: OnceCell::new(), feed: article.feed.as_deref(), tier: article.tier }
    }

    pub(super) fn from(article: &'a Article, item: &'a ItemRef) -> Self {
        Self { feed: Some(item.feed.as_str()), tier: Some(item.tier), ..Self::of(article) }
    }

    /// Whether a rule listens to where the text comes from.
    pub(super) fn is_heard_by(&self, rule: &Rule) -> bool {
        match (self.feed, self.tier) {
            (Some(feed), Some(tier)) => rule.listens(feed, tier),
            _ => rule.feeds.is_empty() && rule.tiers.is_empty(),
        }
    }

    fn judge(&self, words: &Words) -> WordsVerdict {
        words.judge_folded(self.article, self.folded.get_or_init(|| Folded::of(self.article)))
    }
}

impl RuleSet {
    /// What every rule says of a mention, as if it caused a change of the given name (see
    /// [`ChangeKind::NAMES`](crate::model::change::ChangeKind::NAMES)). The feed and the tier are the article's. A rule
    /// that asks for several sources holds it.
    #[must_use]
    pub fn judge_mention(&self, mention: &Mention, change: &str, article: &Article) -> Vec<Judgement> {
        let text = Text::of(article);
        let case = Case::of_mention(mention, change);
        let judge = |rule: &Rule| {
            let verdict = rule.judge_case(&text, &case, &mention.evidence);
            Judgement { rule: rule.id.clone(), verdict: rule.unless_held(verdict, || false) }
        };
        self.rules.iter().map(judge).collect()
    }

    /// What every rule says of a change that the article caused. The feed and the tier are the change's item's.
    #[must_use]
    pub fn judge_change(&self, change: &Change, article: &Article) -> Vec<Judgement> {
        let text = Text::from(article, &change.item);
        let case = Case::of_change(change);
        let judge = |rule: &Rule| {
            let verdict = rule.judge_case(&text, &case, &change.evidence);
            let verdict = rule.unless_held(verdict, || rule.is_confirmed(change, &change.kind));
            Judgement { rule: rule.id.clone(), verdict }
        };
        self.rules.iter().map(judge).collect()
    }

    /// What every rule says of the item's words alone. The feed and the tier are the article's.
    #[must_use]
    pub fn judge_item(&self, article: &Article) -> Vec<Judgement> {
        let text = Text::of(article);
        let judge = |rule: &Rule| Judgement { rule: rule.id.clone(), verdict: rule.judge_item(&text).0 };
        self.rules.iter().map(judge).collect()
    }
}

impl Rule {
    pub(super) fn judge_case(&self, text: &Text<'_>, case: &Case<'_>, evidence: &Evidence) -> Verdict {
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

    pub(super) fn judge_item(&self, text: &Text<'_>) -> (Verdict, Option<String>) {
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

    /// Whether it listens to a feed of this tier.
    pub(super) fn listens(&self, feed: &str, tier: Tier) -> bool {
        (self.feeds.is_empty() || self.feeds.iter().any(|wanted| wanted == feed))
            && (self.tiers.is_empty() || self.tiers.contains(&tier))
    }

    fn unless_held(&self, verdict: Verdict, confirmed: impl Fn() -> bool) -> Verdict {
        match &self.confirmation {
            Some(need) if verdict.is_match() && !confirmed() => Verdict::Unconfirmed { wanted: need.to_string() },
            _ => verdict,
        }
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
