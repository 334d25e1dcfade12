//! The tests that stand beside a rule: a text, its date, and whether the rule is to tell of it.

use crate::model::alert::Severity;
use crate::model::article::Language;
use crate::model::change::ChangeKind;
use crate::model::feed::Tier;
use crate::model::mention::{Kind, Status};
use crate::shape::{Place, Table};
use jiff::Timestamp;

/// One test of one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// `file:line`, for messages.
    pub place: String,
    /// What was reported before, in the order of the file.
    pub before: Vec<Report>,
    /// The report that is judged.
    pub report: Report,
    /// What the rule is to make of it.
    pub expect: Expect,
    /// The status of the contact that is told, where the test says.
    pub status: Option<Status>,
    /// Its kind.
    pub kind: Option<Kind>,
    /// The change that is told.
    pub change: Option<&'static str>,
    /// The severity of the alert.
    pub severity: Option<Severity>,
}

/// What a rule is to make of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// It tells of it.
    Alert,
    /// It holds it until further sources confirm it.
    Held,
    /// Neither.
    None,
}

impl Expect {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Alert, Self::Held, Self::None];

    /// The name used in rules.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Alert => "alert",
            Self::Held => "held",
            Self::None => "none",
        }
    }
}

/// One item of a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The headline; may be empty.
    pub title: String,
    /// The text.
    pub text: String,
    /// When it was published.
    pub published: Timestamp,
    /// The feed; one of its own where the test names none.
    pub feed: Option<String>,
    /// The tier; press where the test names none, or that which the rule listens to.
    pub tier: Option<Tier>,
    /// The language; found out where absent.
    pub language: Option<Language>,
}

/// Reads `tests` of a rule; what is wrong with one is noted, and it is left out.
pub(super) fn read(rule: &mut Table) -> Vec<Example> {
    rule.tables("tests").into_iter().filter_map(one).collect()
}

fn one(mut table: Table) -> Option<Example> {
    table.require(&["expect"]);
    let place: Place = table.place("text");
    let before = table.tables("before").into_iter().map(|mut table| {
        let report = report(&mut table);
        table.finish();
        report
    });
    let before: Vec<Option<Report>> = before.collect();
    let report = report(&mut table);
    let expect = table.choice("expect", &Expect::ALL.map(|expect| (expect.name(), expect)));
    let status = table.choice("status", &Status::ALL.map(|status| (status.name(), status)));
    let kind = table.choice("kind", &Kind::ALL.map(|kind| (kind.name(), kind)));
    let change = table.choice("change", &ChangeKind::NAMES.map(|name| (name, name)));
    let severity = table.choice("severity", &Severity::ALL.map(|severity| (severity.name(), severity)));
    if expect == Some(Expect::None) {
        for key in ["status", "kind", "change", "severity"] {
            if table.has(key) {
                table.complain(key, format!("`{key}` of an alert that is not to be"), "leave it out");
            }
        }
    }
    let _ = table.has("note");
    table.finish();
    let before = before.into_iter().collect::<Option<Vec<Report>>>()?;
    let latest = before.iter().map(|report| report.published).max();
    let (report, expect) = (report?, expect?);
    if latest.is_some_and(|latest| latest > report.published) {
        place.complain("what is `before` was published after the report itself", "set the dates right");
        return None;
    }
    Some(Example { place: place.line(), before, report, expect, status, kind, change, severity })
}

fn report(table: &mut Table) -> Option<Report> {
    table.require(&["text", "published"]);
    let title = table.str("title").unwrap_or_default();
    let (text, published) = (table.str("text"), table.instant("published"));
    let feed = table.str("feed");
    let tier = table.choice("tier", &Tier::ALL.map(|tier| (tier.name(), tier)));
    let language = table.choice("language", &[("en", Language::En), ("zh", Language::Zh)]);
    if text.as_ref().is_some_and(|text| text.trim().is_empty()) && title.trim().is_empty() {
        table.complain("text", "a test without words", "write what an item may say");
        return None;
    }
    Some(Report { title, text: text?, published: published?, feed, tier, language })
}
