//! How much an alert matters: what a rule says of it, else the usual judgement by change, status and level.

use super::contact::Case;
use crate::model::actor::Level;
use crate::model::alert::Severity;
use crate::model::mention::{Kind, Novelty, Status};
use crate::shape::Table;

/// What a rule says of the severity of its alerts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Severities {
    /// In the order of the file: the first that fits decides. Where none does, [`usual`] does.
    grades: Vec<Grade>,
}

/// One line of a rule's severities.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Grade {
    is: Severity,
    kinds: Vec<Kind>,
    statuses: Vec<Status>,
    changes: Vec<String>,
    min_level: Level,
}

impl Severities {
    /// Reads `severity`: one name for all, or tables of which the first that fits decides.
    pub(super) fn read(table: &mut Table, changes: &[(&str, &'static str)]) -> Self {
        let names = Severity::ALL.map(|severity| (severity.name(), severity));
        let any = |is: Severity| Grade {
            is,
            kinds: Kind::ALL.to_vec(),
            statuses: Vec::new(),
            changes: Vec::new(),
            min_level: Level::Official,
        };
        if table.opt_len("severity").is_none() {
            return Self { grades: table.choice("severity", &names).map(any).into_iter().collect() };
        }
        let read = |mut grade: Table| {
            grade.require(&["is"]);
            let is = grade.choice("is", &names).unwrap_or_default();
            let kinds = grade.choices("kinds", &Kind::ALL.map(|kind| (kind.name(), kind)));
            let statuses = grade.choices("statuses", &Status::ALL.map(|status| (status.name(), status)));
            let changes: Option<Vec<&str>> = grade.choices("changes", changes);
            let least = grade.choice("min_level", &Level::ALL.map(|level| (level.name(), level)));
            grade.finish();
            Grade {
                kinds: kinds.unwrap_or_else(|| Kind::ALL.to_vec()),
                statuses: statuses.unwrap_or_default(),
                changes: changes.unwrap_or_default().into_iter().map(str::to_owned).collect(),
                min_level: least.unwrap_or(Level::Official),
                ..any(is)
            }
        };
        Self { grades: table.tables("severity").into_iter().map(read).collect() }
    }

    pub(super) fn of(&self, case: &Case<'_>) -> Severity {
        let fits = |grade: &&Grade| {
            grade.kinds.contains(&case.kind)
                && (grade.statuses.is_empty() || grade.statuses.contains(&case.status))
                && (grade.changes.is_empty() || grade.changes.iter().any(|name| name == case.change))
                && case.level >= grade.min_level
        };
        self.grades.iter().find(fits).map_or_else(|| usual(case), |grade| grade.is)
    }

    /// What it says of an item that matched by words alone.
    pub(super) fn of_item(&self) -> Severity {
        let plain = |grade: &&Grade| grade.statuses.is_empty() && grade.changes.is_empty();
        self.grades.iter().find(plain).map_or(Severity::Notice, |grade| grade.is)
    }
}

/// The usual severity of a change.
///
/// | | leader | minister | vice-minister | official |
/// |---|---|---|---|---|
/// | called off, refused or denied | critical | critical | notice | info |
/// | new, and certain: announced, under way, held | critical | notice | info | info |
/// | new, but only proposed | notice | info | info | info |
/// | runs its course, or moves to another date | notice | notice | info | info |
/// | one more source, one side silent | info | info | info | info |
/// | overdue | notice | info | info | info |
///
/// The reason: what surprises a desk is a meeting of leaders that nobody expected, and a meeting that everybody expected
/// and that does not take place; that an announced one takes place surprises nobody. What a text recalls as history is
/// of no urgency at all.
fn usual(case: &Case<'_>) -> Severity {
    use Severity::{Critical, Info, Notice};
    let by_level = |leader, minister, vice| match case.level {
        Level::Leader => leader,
        Level::Minister => minister,
        Level::ViceMinister => vice,
        Level::Official => Info,
    };
    if case.novelty == Novelty::Background {
        return Info;
    }
    let off = matches!(case.status, Status::Postponed | Status::Cancelled | Status::Declined);
    match case.change {
        "corroborated" | "one_sided" => Info,
        "overdue" => by_level(Notice, Info, Info),
        "denied" => by_level(Critical, Critical, Notice),
        "date" if !off => by_level(Notice, Notice, Info),
        _ if off => by_level(Critical, Critical, Notice),
        "opened" | "level" if case.status == Status::Proposed => by_level(Notice, Info, Info),
        "opened" | "level" => by_level(Critical, Notice, Info),
        _ => by_level(Notice, Notice, Info),
    }
}
