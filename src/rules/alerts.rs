//! Makes the alerts of an article: one a change that some contact rule wants, one for the words of the item itself.

use super::contact::Case;
use super::judge::Text;
use super::verdict::Verdict;
use super::{Rule, RuleSet, Unconfirmed};
use crate::model::alert::{Alert, Matched, Severity, Subject};
use crate::model::article::Article;
use crate::model::change::{Change, ChangeKind};
use crate::model::contact::ItemRef;
use crate::model::ids::AlertId;
use crate::model::mention::Novelty;
use jiff::Timestamp;

/// What an article makes the rules say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Raised {
    /// What is to be told.
    pub alerts: Vec<Alert>,
    /// What waits for further sources; see [`super::Waiting`].
    pub unconfirmed: Vec<Unconfirmed>,
}

impl RuleSet {
    /// The alerts that an article raises: one a change that some contact rule wants, and at most one for the item
    /// itself, which holds all the rules that ask for words alone and matched.
    ///
    /// The feed and the tier are the item's. `changes` are those that the article caused.
    #[must_use]
    pub fn alerts(&self, article: &Article, item: &ItemRef, changes: &[Change], now: Timestamp) -> Vec<Alert> {
        self.raise(article, item, changes, now).alerts
    }

    /// The same, with what rules hold that ask for more than one source.
    #[must_use]
    pub fn raise(&self, article: &Article, item: &ItemRef, changes: &[Change], now: Timestamp) -> Raised {
        let text = Text::from(article, item);
        let mut raised = Raised::default();
        for change in changes {
            self.raise_change(&text, item, change, now, &mut raised);
        }
        raised.alerts.extend(self.alert_of_item(&text, item, now));
        raised
    }

    fn raise_change(&self, text: &Text<'_>, item: &ItemRef, change: &Change, now: Timestamp, raised: &mut Raised) {
        let mut alert: Option<Alert> = None;
        for rule in &self.rules {
            let heard = rule.first_hearing(text, change);
            let kind = heard.unwrap_or(&change.kind);
            let case = Case::of_contact(&change.contact, kind.name(), change.novelty, change.confidence);
            let (words, confirmed) = match rule.judge_case(text, &case, &change.evidence) {
                Verdict::Matches { words } => (words, rule.is_confirmed(change, kind)),
                _ => continue,
            };
            let severity = rule.severity.of(&case);
            let id = alert_id(change, heard.is_some(), item);
            let one = alert_of(change, id, kind, rule.matched(words), severity, item, now);
            if !confirmed {
                raised.unconfirmed.push(Unconfirmed { alert: one, opening: *kind == ChangeKind::Opened });
                continue;
            }
            alert = Some(match alert.take() {
                None => one,
                Some(mut first) => {
                    first.severity = first.severity.max(severity);
                    first.matched.extend(one.matched);
                    if heard.is_some() {
                        (first.id, first.subject) = (one.id, one.subject);
                    }
                    first
                }
            });
        }
        raised.alerts.extend(alert);
    }

    fn alert_of_item(&self, text: &Text<'_>, item: &ItemRef, now: Timestamp) -> Option<Alert> {
        let mut matched = Vec::new();
        let mut severity = Severity::Info;
        let mut first_excerpt = None;
        for rule in &self.rules {
            if let (Verdict::Matches { words }, excerpt) = rule.judge_item(text) {
                matched.push(rule.matched(words));
                severity = severity.max(rule.severity.of_item());
                first_excerpt = first_excerpt.or(excerpt);
            }
        }
        let subject = Subject::Item { excerpt: first_excerpt.unwrap_or_default() };
        let id = AlertId::of(&["item", item.item.as_str()]);
        (!matched.is_empty()).then(|| Alert { id, matched, severity, subject, item: item.clone(), raised: now })
    }
}

impl Rule {
    /// What a report that moves nothing is to a rule that listens to some sources alone, where it is the first of them
    /// that tells of the contact's last move: that move. Without it, a rule that listens to a ministry would hear nothing
    /// of a visit that an agency reported an hour before.
    fn first_hearing<'a>(&self, text: &Text<'_>, change: &'a Change) -> Option<&'a ChangeKind> {
        let last = change.contact.history.last()?;
        if change.kind != ChangeKind::Corroborated || (self.feeds.is_empty() && self.tiers.is_empty()) {
            return None;
        }
        let opened = last.change == ChangeKind::Opened;
        let before = change.contact.sources.iter().any(|source| {
            source.item.item != change.item.item
                && source.novelty == Novelty::New
                && self.listens(source.item.feed.as_str(), source.item.tier)
                && (opened || source.item.published >= last.at || source.status == change.contact.status)
        });
        let told_by = change.contact.sources.iter().find(|source| source.item.item == change.item.item);
        let says_it = told_by.is_some_and(|source| opened || source.status == change.contact.status);
        (text.is_heard_by(self) && says_it && !before).then_some(&last.change)
    }

    /// Whether enough sources tell of a change.
    pub(super) fn is_confirmed(&self, change: &Change, kind: &ChangeKind) -> bool {
        use super::confirm::{Confirmation, Says};
        let needless = Confirmation::needs_no_report(kind.name());
        let holds = |need: &Confirmation| match kind {
            // Time alone brought them: the contact was confirmed at one time or other.
            ChangeKind::Overdue | ChangeKind::OneSided => need.ever_held(&change.contact),
            _ => need.holds(&change.contact, Says::of(kind.name()), change.item.published),
        };
        needless || self.confirmation.as_ref().is_none_or(holds)
    }

    pub(super) fn matched(&self, words: Vec<String>) -> Matched {
        Matched { rule: self.id.clone(), words, channels: self.channels.clone(), subject: self.subject.clone() }
    }
}

fn alert_of(
    change: &Change,
    id: AlertId,
    kind: &ChangeKind,
    matched: Matched,
    severity: Severity,
    item: &ItemRef,
    now: Timestamp,
) -> Alert {
    let subject = Subject::Contact {
        change: kind.clone(),
        contact: Box::new(change.contact.clone()),
        evidence: change.evidence.clone(),
        confidence: change.confidence,
    };
    Alert { id, matched: vec![matched], severity, subject, item: item.clone(), raised: now }
}

/// The alert's id: contact and history number. A corroboration adds no history, so that its item tells it apart.
fn alert_id(change: &Change, heard: bool, item: &ItemRef) -> AlertId {
    let number = change.contact.version().to_string();
    let contact = change.contact.id.as_str();
    match change.kind {
        ChangeKind::Corroborated if heard => AlertId::of(&["contact", contact, &number, "heard", item.item.as_str()]),
        ChangeKind::Corroborated => AlertId::of(&["contact", contact, &number, "corroborated", item.item.as_str()]),
        _ => AlertId::of(&["contact", contact, &number]),
    }
}
