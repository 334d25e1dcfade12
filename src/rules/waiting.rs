//! Alerts that wait until further sources confirm what they tell.
//!
//! A rule with `min_sources` or `corroboration` does not tell of a contact at its first report: the alert is held. It is
//! released when enough other sources tell of the contact within the rule's time. The time has no end of its own: a
//! rumour of Monday that nobody repeats stays held, and when an agency and a ministry report the same visit on Thursday,
//! within the time of each other, it goes out then, since otherwise it would never. A move of a contact that is still
//! held takes its place, so that what goes out is where the contact stands; a move of a contact that was confirmed is
//! held by itself until another source says the same.

use super::confirm::Says;
use super::contact::Case;
use super::{Rule, RuleSet};
use crate::model::alert::{Alert, Subject};
use crate::model::change::Change;
use crate::model::ids::{AlertId, ContactId};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// How long an alert is held that nobody confirms; a contact of which a quarter passed without a word is no news.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 90);

/// Time between two looks for what is too old.
const SWEEP: SignedDuration = SignedDuration::from_hours(24);

/// One alert of one rule that waits.
#[derive(Clone, Debug, PartialEq)]
pub struct Unconfirmed {
    /// The alert as it would have gone out: of one rule, about a contact.
    pub alert: Alert,
    /// Whether the contact itself is unconfirmed, so that any report of it will do; else only what has changed is.
    pub opening: bool,
}

impl Unconfirmed {
    /// The contact and the rule, by which it is known.
    #[must_use]
    pub fn key(&self) -> Option<UnconfirmedKey> {
        let Subject::Contact { contact, .. } = &self.alert.subject else { return None };
        Some((contact.id.clone(), self.alert.matched.first()?.rule.clone()))
    }
}

/// A contact and a rule.
pub type UnconfirmedKey = (ContactId, String);

/// All that is held.
#[derive(Clone, Debug, Default)]
pub struct Waiting {
    held: BTreeMap<UnconfirmedKey, Unconfirmed>,
    touched: BTreeSet<UnconfirmedKey>,
    /// When what is too old was last let go.
    swept: Option<Timestamp>,
}

impl Waiting {
    /// What was held when the program ended, without what is too old by now.
    #[must_use]
    pub fn restore(held: impl IntoIterator<Item = Unconfirmed>, now: Timestamp) -> Self {
        let mut waiting = Self::default();
        for held in held {
            let Some(key) = held.key() else { continue };
            if now.duration_since(held.alert.raised) > KEPT {
                waiting.touched.insert(key);
            } else {
                waiting.held.insert(key, held);
            }
        }
        waiting
    }

    /// How many wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.held.len()
    }

    /// Whether nothing waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// Takes what an item's changes made the rules hold and tell, and gives the alerts that its report releases.
    ///
    /// The first sight of a feed, itself silent, may still confirm what another one told; the changes of an item that is
    /// too old are not given.
    pub fn settle(
        &mut self,
        rules: &RuleSet,
        held: Vec<Unconfirmed>,
        told: &[Alert],
        changes: &[Change],
        now: Timestamp,
    ) -> Vec<Alert> {
        self.sweep(now);
        for alert in told {
            let Subject::Contact { contact, .. } = &alert.subject else { continue };
            for matched in &alert.matched {
                self.drop(&(contact.id.clone(), matched.rule.clone()));
            }
        }
        for mut held in held {
            let Some(key) = held.key() else { continue };
            held.opening |= self.held.get(&key).is_some_and(|known| known.opening);
            self.touched.insert(key.clone());
            self.held.insert(key, held);
        }
        changes.iter().filter_map(|change| self.release(rules, change, now)).collect()
    }

    /// What changed since the last call: what is held now under each key, or nothing.
    pub fn take_touched(&mut self) -> Vec<(UnconfirmedKey, Option<Unconfirmed>)> {
        let keys = std::mem::take(&mut self.touched);
        keys.into_iter().map(|key| (key.clone(), self.held.get(&key).cloned())).collect()
    }

    /// The alert that a change's report releases, with all the rules that held it.
    fn release(&mut self, rules: &RuleSet, change: &Change, now: Timestamp) -> Option<Alert> {
        let contact = &change.contact;
        let from = (contact.id.clone(), String::new());
        let keys: Vec<UnconfirmedKey> =
            self.held.range(from..).map(|(key, _)| key).take_while(|key| key.0 == contact.id).cloned().collect();
        let mut released: Option<Alert> = None;
        for key in keys {
            let Some(held) = self.held.get(&key) else { continue };
            let Some(rule) = rules.rules().iter().find(|rule| rule.id == key.1 && rule.enabled) else {
                // A reload took the rule away.
                self.drop(&key);
                continue;
            };
            let Some(alert) = confirmed(rule, held, change, now) else { continue };
            self.drop(&key);
            released = Some(match released {
                None => alert,
                Some(mut first) => {
                    first.severity = first.severity.max(alert.severity);
                    first.matched.extend(alert.matched);
                    first
                }
            });
        }
        released
    }

    /// Lets go what is too old, once a day.
    fn sweep(&mut self, now: Timestamp) {
        if self.swept.is_some_and(|at| now.duration_since(at) < SWEEP) {
            return;
        }
        self.swept = Some(now);
        let old = self.held.iter().filter(|(_, held)| now.duration_since(held.alert.raised) > KEPT);
        let old: Vec<UnconfirmedKey> = old.map(|(key, _)| key.clone()).collect();
        old.iter().for_each(|key| self.drop(key));
    }

    fn drop(&mut self, key: &UnconfirmedKey) {
        if self.held.remove(key).is_some() {
            self.touched.insert(key.clone());
        }
    }
}

/// The held alert as it goes out, where the rule still wants it and the contact is confirmed by now.
fn confirmed(rule: &Rule, held: &Unconfirmed, change: &Change, now: Timestamp) -> Option<Alert> {
    let Subject::Contact { change: kind, evidence, confidence, .. } = &held.alert.subject else { return None };
    let contact = &change.contact;
    let says = if held.opening { Says::Something } else { Says::of(kind.name()) };
    if rule.confirmation.as_ref().is_some_and(|need| !need.holds(contact, says, change.item.published)) {
        return None;
    }
    // The state that goes out is today's, which the rule must want too.
    let case = Case::of_contact(contact, kind.name(), crate::model::mention::Novelty::New, *confidence);
    rule.contact.as_ref().filter(|wanted| wanted.refusal(&case).is_none())?;
    let number = contact.version().to_string();
    let words = held.alert.matched.first().map(|matched| matched.words.clone()).unwrap_or_default();
    Some(Alert {
        id: AlertId::of(&["contact", contact.id.as_str(), &number, "confirmed"]),
        severity: rule.severity.of(&case),
        matched: vec![rule.matched(words)],
        subject: Subject::Contact {
            change: kind.clone(),
            contact: Box::new(contact.clone()),
            evidence: evidence.clone(),
            confidence: *confidence,
        },
        raised: now,
        ..held.alert.clone()
    })
}
