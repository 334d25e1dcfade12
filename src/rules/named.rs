//! What rules name: ids, feeds, channels, people, subjects; each must be known.

use super::Known;
use super::fold::fold;
use crate::shape::{Placed, Table, closest, remedy_for};

/// Longest template of a subject, in bytes: ten times the longest subject.
const SUBJECT_MAX: usize = 2_000;

/// The id of a rule; a problem where it has another form.
pub(super) fn id(table: &mut Table, what: &str) -> Option<String> {
    let id = table.str("id")?;
    if crate::shape::is_id(&id) {
        return Some(id);
    }
    table.complain(
        "id",
        format!("`{}` is no id of a {what}", id.escape_debug()),
        "use 1 to 64 lower-case letters, digits and hyphens, a letter or digit first",
    );
    None
}

/// Those of the names that are known, all where any may be; a problem for each other.
pub(super) fn check(what: &str, named: &[Placed<String>], known: &[String], open: bool) -> Vec<String> {
    let mut found = Vec::new();
    for name in named {
        if open || known.contains(&name.value) {
            found.push(name.value.clone());
        } else {
            let remedy = remedy_for(name, known.iter().map(String::as_str));
            name.place.complain(format!("there is no {what} `{}`", name.escape_debug()), remedy);
        }
    }
    found
}

/// Complains of people whom the lexicon does not know: no contact could ever name them. Known are ids, whole names, and
/// single words of names, such as a surname.
pub(super) fn people(named: &[Placed<String>], known: &[String]) {
    for name in named {
        if let Some(remedy) = nobody(name, known) {
            name.place.complain(format!("there is no person `{}`", name.escape_debug()), remedy);
        }
    }
}

/// The remedy where a name is nobody's of those known; nothing where it is somebody's, or where none are known.
pub(super) fn nobody(name: &str, known: &[String]) -> Option<String> {
    let wanted = fold(name.trim());
    let is = |known: &String| {
        let folded = fold(known);
        folded == wanted || (known.contains(' ') && folded.split(' ').any(|word| word == wanted))
    };
    if known.is_empty() || known.iter().any(is) {
        return None;
    }
    let words = known.iter().flat_map(|name| name.split(' '));
    let near = closest(name, known.iter().map(String::as_str)).or_else(|| closest(name, words));
    Some(near.map_or_else(
        || "write an id or a name of the lexicon, or add the person in lexicon.d".to_owned(),
        |near| format!("did you mean `{near}`?"),
    ))
}

/// Whether two names are the same but for upper and lower case and the like.
pub(super) fn same(one: &str, other: &str) -> bool {
    fold(one) == fold(other)
}

/// Complains of a template of a subject that cannot be read, or that fails on a sample alert.
pub(super) fn subject(written: &Placed<String>, known: &Known) {
    let remedy = "write text with fields of the templates, such as \"{{ tag }} {{ headline }}\"";
    if written.trim().is_empty() || written.len() > SUBJECT_MAX {
        written.place.complain("a subject that is empty or far too long", remedy);
        return;
    }
    let found = match known.subject {
        Some(check) => check(written),
        None => {
            let engine = minijinja::Environment::new();
            engine.template_from_str(written).map(|_| ()).map_err(|error| error.to_string())
        }
    };
    if let Err(why) = found {
        written.place.complain(format!("the subject is no template: {why}"), remedy);
    }
}
