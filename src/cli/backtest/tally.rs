//! What one file of rules would have sent: by week, in all, and which.

use super::entry::Past;
use crate::model::alert::{Alert, Severity, Subject};
use crate::model::article::Language;
use crate::model::change::Change;
use crate::pipeline::{self, Decision};
use crate::render::{self, Reader, Templates};
use crate::rules::{RuleSet, Waiting};
use jiff::SignedDuration;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// Alerts that are remembered by name; more are counted.
const REMEMBERED: usize = 50_000;

/// The rules and what they sent.
#[derive(Debug)]
pub(super) struct Tally {
    pub(super) name: String,
    rules: RuleSet,
    waiting: Waiting,
    /// Age from which an item releases nothing that waits.
    max_age: SignedDuration,
    told: HashSet<(String, String)>,
    threads: HashSet<String>,
    pub(super) weeks: BTreeMap<Date, Week>,
    pub(super) alerts: usize,
    pub(super) by_severity: BTreeMap<Severity, usize>,
    pub(super) by_rule: BTreeMap<String, usize>,
    /// The alerts in their order.
    pub(super) sent: Vec<Sent>,
    /// Alerts of documents that are annotated, and those of them that the annotation calls right.
    pub(super) judged: usize,
    pub(super) right: usize,
    /// Documents that should alert, and those of them that did.
    pub(super) wanted: usize,
    pub(super) met: usize,
}

/// One week's counts.
#[derive(Clone, Debug, Default)]
pub(super) struct Week {
    pub(super) items: usize,
    pub(super) alerts: usize,
    pub(super) critical: usize,
    threads: HashSet<String>,
}

impl Week {
    /// Contacts and items that were told of.
    pub(super) fn threads(&self) -> usize {
        self.threads.len()
    }

    /// Counts another week to this one.
    pub(super) fn add(&mut self, other: &Self) {
        self.items += other.items;
        self.alerts += other.alerts;
        self.critical += other.critical;
        self.threads.extend(other.threads.iter().cloned());
    }
}

/// One alert, in words.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    /// What it tells of, by which two files of rules are compared.
    pub(super) key: String,
    pub(super) day: Date,
    pub(super) severity: Severity,
    pub(super) subject: String,
    pub(super) source: String,
    pub(super) right: Option<bool>,
}

impl Tally {
    pub(super) fn new(name: String, rules: RuleSet, max_age: SignedDuration) -> Self {
        Self {
            name,
            rules,
            waiting: Waiting::default(),
            max_age,
            told: HashSet::new(),
            threads: HashSet::new(),
            weeks: BTreeMap::new(),
            alerts: 0,
            by_severity: BTreeMap::new(),
            by_rule: BTreeMap::new(),
            sent: Vec::new(),
            judged: 0,
            right: 0,
            wanted: 0,
            met: 0,
        }
    }

    /// Judges what an item changed. A `silent` one alerts nobody, and one that is not `counted` stands before the time
    /// that is asked for.
    pub(super) fn take(&mut self, past: &Past, changes: &[Change], silent: bool, counted: bool, templates: &Templates) {
        let now = past.item.seen;
        let mut decision = Decision { changes: changes.to_vec(), ..Decision::default() };
        if !silent {
            let raised = self.rules.raise(&past.article, &past.item, changes, now);
            (decision.alerts, decision.unconfirmed) = (raised.alerts, raised.unconfirmed);
        }
        pipeline::confirm(&mut decision, &mut self.waiting, &self.rules, self.max_age, now);
        let new: Vec<Alert> = decision.alerts.into_iter().filter(|alert| self.is_new(alert)).collect();
        if !counted {
            return;
        }
        let day = week(TimeZone::UTC.to_datetime(past.item.published).date());
        self.weeks.entry(day).or_default().items += 1;
        if past.right == Some(true) {
            self.wanted += 1;
            self.met += usize::from(!new.is_empty());
        }
        for alert in new {
            self.count(&alert, past, day, templates);
        }
    }

    /// Judges what time alone changed.
    pub(super) fn by_time(&mut self, past: &Past, change: &Change, counted: bool, templates: &Templates) {
        if !counted {
            return;
        }
        let raised = self.rules.alerts(&past.article, &past.item, std::slice::from_ref(change), past.item.seen);
        let day = week(TimeZone::UTC.to_datetime(past.item.seen).date());
        for alert in raised.iter().filter(|alert| matches!(alert.subject, Subject::Contact { .. })) {
            if self.is_new(alert) {
                self.count(alert, past, day, templates);
            }
        }
    }

    /// Alerts that still wait for a further source.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Contacts and items told of in all.
    pub(super) fn threads(&self) -> usize {
        self.threads.len()
    }

    /// Whether somebody is told who was not told of it before.
    fn is_new(&mut self, alert: &Alert) -> bool {
        let told = alert.told().to_string();
        let named = alert.matched.iter().flat_map(|matched| &matched.channels);
        let channels: Vec<String> = named.cloned().chain([String::new()]).collect();
        // Every one is noted, not the first alone.
        let new: Vec<bool> = channels.into_iter().map(|channel| self.told.insert((told.clone(), channel))).collect();
        new.contains(&true)
    }

    fn count(&mut self, alert: &Alert, past: &Past, day: Date, templates: &Templates) {
        self.alerts += 1;
        *self.by_severity.entry(alert.severity).or_default() += 1;
        for matched in &alert.matched {
            *self.by_rule.entry(matched.rule.clone()).or_default() += 1;
        }
        let thread = match &alert.subject {
            Subject::Contact { contact, .. } => contact.id.to_string(),
            Subject::Item { .. } => alert.item.item.to_string(),
        };
        let week = self.weeks.entry(day).or_default();
        week.alerts += 1;
        week.critical += usize::from(alert.severity == Severity::Critical);
        week.threads.insert(thread.clone());
        self.threads.insert(thread);
        if let Some(right) = past.right {
            self.judged += 1;
            self.right += usize::from(right);
        }
        if self.sent.len() < REMEMBERED {
            let reader = Reader {
                zone: TimeZone::UTC,
                host: "backtest.invalid".to_owned(),
                language: Language::En,
                glossary: Arc::default(),
            };
            self.sent.push(Sent {
                key: alert.told().to_string(),
                day: TimeZone::UTC.to_datetime(past.item.published).date(),
                severity: alert.severity,
                subject: render::message(alert, templates, &reader).subject,
                source: past.item.feed_title.clone(),
                right: past.right,
            });
        }
    }
}

/// The Monday of a day's week.
fn week(day: Date) -> Date {
    let back = i64::from(day.weekday().since(Weekday::Monday));
    day.saturating_sub(jiff::Span::new().days(back))
}
