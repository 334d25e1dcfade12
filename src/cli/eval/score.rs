//! The score: alerts, events and their fields, counted over documents. Pure.

use crate::cli::document::Annotated;
use crate::model::actor::{Level, Side};
use crate::model::article::Article;
use crate::model::mention::{Mention, Novelty};
use crate::model::reading::Reading;

/// Counts of right, wrong and missed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) right: usize,
    pub(super) wrong: usize,
    pub(super) missed: usize,
}

impl Counts {
    /// Share of what was given that is right.
    pub(super) fn precision(self) -> f64 {
        ratio(self.right, self.right + self.wrong)
    }

    /// Share of what should have been given that was.
    pub(super) fn recall(self) -> f64 {
        ratio(self.right, self.right + self.missed)
    }

    /// Their harmonic mean.
    pub(super) fn f1(self) -> f64 {
        ratio(2 * self.right, 2 * self.right + self.wrong + self.missed)
    }
}

/// Agreement of a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Share {
    pub(super) yes: usize,
    pub(super) of: usize,
}

impl Share {
    fn add(&mut self, yes: bool) {
        self.yes += usize::from(yes);
        self.of += 1;
    }

    /// The share.
    pub(super) fn value(self) -> f64 {
        ratio(self.yes, self.of)
    }
}

/// A document on which the extractor and the annotation disagree.
#[derive(Clone, Debug)]
pub(super) struct Disagreement {
    pub(super) id: String,
    pub(super) what: String,
    pub(super) text: String,
}

/// The whole score.
#[derive(Clone, Debug, Default)]
pub(super) struct Score {
    pub(super) documents: usize,
    pub(super) alerts: Counts,
    pub(super) headline: Share,
    pub(super) events: Counts,
    pub(super) kind: Share,
    pub(super) start: Share,
    pub(super) place: Share,
    pub(super) level: Share,
    pub(super) leak: Share,
    pub(super) errors: Vec<Disagreement>,
    /// Of each new contact given, its confidence and whether it is right.
    pub(super) sure: Vec<(f64, bool)>,
}

/// Lower bounds of the classes of confidence in the reliability table.
pub(super) const CLASSES: [f64; 6] = [0.0, 0.5, 0.6, 0.7, 0.8, 0.9];

impl Score {
    /// The reliability table: of each class of confidence, how many contacts were given with it and how many are right.
    pub(super) fn reliability(&self) -> Vec<(f64, Share)> {
        let class = |low: f64, high: f64| {
            let mut share = Share::default();
            self.sure.iter().filter(|(sure, _)| *sure >= low && *sure < high).for_each(|(_, right)| share.add(*right));
            share
        };
        let highs = CLASSES.iter().skip(1).copied().chain([f64::INFINITY]);
        CLASSES.iter().zip(highs).map(|(low, high)| (*low, class(*low, high))).collect()
    }

    /// Counts one document.
    pub(super) fn add(
        &mut self,
        article: &Article,
        alert: bool,
        gold: &[Annotated],
        reading: &Reading,
        alerted: &[usize],
    ) {
        let found = &reading.mentions;
        self.documents += 1;
        let before = self.events.missed + self.alerts.missed;
        let mut notes: Vec<(String, String)> = Vec::new();
        match (alert, !alerted.is_empty()) {
            (true, true) => {
                self.alerts.right += 1;
                let hit = alerted
                    .iter()
                    .filter_map(|at| found.get(*at))
                    .any(|m| gold.iter().any(|g| g.novelty == "new" && g.status == m.status.name() && shares(g, m)));
                self.headline.add(hit);
                if !hit {
                    notes.push((
                        "headline: no alerted contact has the status and a person of a new event".to_owned(),
                        article.title.clone(),
                    ));
                }
            }
            (true, false) => {
                self.alerts.missed += 1;
                notes.push(("ALERT MISSED".to_owned(), article.title.clone()));
            }
            (false, true) => {
                self.alerts.wrong += 1;
                notes.push(("ALERT WRONG".to_owned(), article.title.clone()));
            }
            (false, false) => {}
        }
        let wanted: Vec<&Annotated> = gold.iter().filter(|g| g.novelty == "new" && high(&g.level)).collect();
        let given: Vec<&Mention> = found
            .iter()
            .filter(|m| m.novelty == Novelty::New && m.level >= Level::ViceMinister && m.between(Side::US, Side::CN))
            .collect();
        let pairs = assign(&wanted, &given);
        for (g, m) in &pairs {
            let (Some(gold), Some(mention)) = (wanted.get(*g), given.get(*m)) else { continue };
            self.events.right += 1;
            self.kind.add(gold.kind == mention.kind.name());
            let start = mention.moment.as_ref().and_then(|m| m.start_text());
            let end = mention.moment.as_ref().and_then(|m| m.end_text());
            let to_grain = matches!((&gold.start, &start), (Some(g), Some(s)) if s.starts_with(g.as_str()));
            let same_start =
                gold.start == start || to_grain || (gold.start.is_none() && gold.end.is_some() && gold.end == end);
            self.start.add(same_start);
            let same_place =
                gold.place.as_deref().map(str::to_lowercase) == mention.place.as_deref().map(str::to_lowercase);
            self.place.add(same_place);
            self.level.add(gold.level == mention.level.name());
            if gold.kind != mention.kind.name() || !same_start || !same_place || gold.level != mention.level.name() {
                notes.push((
                    format!("field: wanted {}", annotated(gold)),
                    format!("given {} | {}", told(mention), mention.evidence.sentence),
                ));
            }
        }
        for (index, gold) in wanted.iter().enumerate() {
            if !pairs.iter().any(|(g, _)| *g == index) {
                self.events.missed += 1;
                notes.push((format!("missed: {}", annotated(gold)), gold.evidence.clone()));
            }
        }
        for (index, mention) in given.iter().enumerate() {
            self.sure.push((mention.confidence, pairs.iter().any(|(_, m)| *m == index)));
            if !pairs.iter().any(|(_, m)| *m == index) {
                self.events.wrong += 1;
                let rules: Vec<&str> = mention.evidence.fired.iter().map(|f| f.rule.as_str()).collect();
                notes.push((
                    format!("wrong: {} [{}]", told(mention), rules.join(" ")),
                    mention.evidence.sentence.clone(),
                ));
            }
        }
        for gold in gold.iter().filter(|g| g.novelty == "background") {
            let leaks = given.iter().enumerate().any(|(index, m)| {
                !pairs.iter().any(|(_, p)| *p == index)
                    && gold.status == m.status.name()
                    && gold.kind == m.kind.name()
                    && shares(gold, m)
            });
            self.leak.add(leaks);
            if leaks {
                notes.push((format!("leak: {}", annotated(gold)), gold.evidence.clone()));
            }
        }
        if self.events.missed + self.alerts.missed > before {
            for r in &reading.trace.rejected {
                let words = article.text(r.trigger.span);
                notes.push((format!("rejected: {} on `{words}`: {}", r.trigger.rule, r.rule), r.why.clone()));
            }
        }
        self.errors.extend(notes.into_iter().map(|(what, text)| Disagreement { id: article.id.clone(), what, text }));
    }
}

/// One-to-one pairs of annotated and given events: first those that agree in kind and date, then the rest.
fn assign(wanted: &[&Annotated], given: &[&Mention]) -> Vec<(usize, usize)> {
    let mut candidates: Vec<(u8, usize, usize)> = Vec::new();
    for (g, gold) in wanted.iter().enumerate() {
        for (m, mention) in given.iter().enumerate() {
            if gold.status == mention.status.name() && shares(gold, mention) {
                let kind = u8::from(gold.kind == mention.kind.name());
                let start = mention.moment.as_ref().and_then(|m| m.start_text());
                let date = u8::from(start.is_some() && start == gold.start);
                candidates.push((4 - 2 * kind - date, g, m));
            }
        }
    }
    candidates.sort_unstable();
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (_, g, m) in candidates {
        if !pairs.iter().any(|(pg, pm)| *pg == g || *pm == m) {
            pairs.push((g, m));
        }
    }
    pairs
}

/// Whether somebody is shared, or nobody is named on the annotated side.
fn shares(gold: &Annotated, mention: &Mention) -> bool {
    let named: Vec<&String> = gold.us.iter().chain(&gold.cn).filter(|name| !generic(name)).collect();
    if named.is_empty() {
        return true;
    }
    mention
        .parties
        .iter()
        .filter_map(|p| p.name.as_deref())
        .any(|given| named.iter().any(|name| same_name(name, given)))
}

/// Whether an annotation names an office or a side instead of a person.
fn generic(name: &str) -> bool {
    let first = name.split_whitespace().next().unwrap_or_default();
    matches!(first, "US" | "U.S." | "Chinese" | "China" | "American" | "China's")
}

/// The same surname and the same first letter ("James" and "Jim" Mattis), or the same name.
fn same_name(a: &str, b: &str) -> bool {
    let ends = |name: &str| {
        let parts: Vec<&str> = name.split_whitespace().collect();
        (parts.first().and_then(|p| p.chars().next()), parts.last().map(|p| p.to_lowercase()))
    };
    a.eq_ignore_ascii_case(b) || ends(a) == ends(b)
}

fn high(level: &str) -> bool {
    Level::from_name(level).is_some_and(|level| level >= Level::ViceMinister)
}

fn annotated(g: &Annotated) -> String {
    format!(
        "{} {} {} us={:?} cn={:?} {}..{} @{}",
        g.kind,
        g.status,
        g.level,
        g.us,
        g.cn,
        g.start.as_deref().unwrap_or("-"),
        g.end.as_deref().unwrap_or("-"),
        g.place.as_deref().unwrap_or("-")
    )
}

fn told(m: &Mention) -> String {
    let names = |side: Side| {
        m.side(side)
            .map(|p| p.name.clone().or_else(|| p.office.clone()).unwrap_or_else(|| "?".to_owned()))
            .collect::<Vec<_>>()
    };
    format!(
        "{:.2} {} {} {} us={:?} cn={:?} {}..{} @{}",
        m.confidence,
        m.kind.name(),
        m.status.name(),
        m.level.name(),
        names(Side::US),
        names(Side::CN),
        m.moment.as_ref().and_then(|x| x.start_text()).unwrap_or_else(|| "-".to_owned()),
        m.moment.as_ref().and_then(|x| x.end_text()).unwrap_or_else(|| "-".to_owned()),
        m.place.as_deref().unwrap_or("-")
    )
}

#[expect(clippy::cast_precision_loss, reason = "counts of documents are far below 2^52")]
fn ratio(a: usize, b: usize) -> f64 {
    if b == 0 { 0.0 } else { a as f64 / b as f64 }
}
