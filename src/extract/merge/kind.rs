//! What kind of contact two tellings of one make together.

use super::{loose, tidy};
use crate::extract::candidate::Candidate;
use crate::model::actor::Level;
use crate::model::mention::Kind;

/// A call is the most particular; then talks by their own name; then a meeting.
pub(super) fn kind(a: &Candidate, b: &Candidate) -> Kind {
    let loose_a = loose(a);
    if loose_a {
        return b.kind;
    }
    if loose(b) {
        return a.kind;
    }
    if a.kind == Kind::Call || b.kind == Kind::Call {
        return Kind::Call;
    }
    let leaders = [a, b].iter().any(|c| c.people().any(|p| p.level == Some(Level::Leader)));
    if !leaders && (tidy::is_round(a) || tidy::is_round(b)) {
        return Kind::Talks;
    }
    let round = |c: &Candidate| c.kind == Kind::Talks && c.fired.first().is_some_and(|f| f.rule == "talks.noun");
    if round(a) || round(b) {
        return Kind::Talks;
    }
    let people = a.people().next().is_some() && b.people().next().is_some();
    if people { Kind::Meeting } else { Kind::Talks }
}
