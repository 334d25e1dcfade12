//! The files' shape, key by key: what each table may hold, with the place of every value.

use super::verbs::is_word;
use crate::model::actor::{Level, Side};
use crate::shape::{Page, Placed, Table};
use jiff::civil::Date;

/// A table of a file with its id and the place it stands at.
pub(super) type Named<T> = (Placed<String>, T);

#[derive(Debug, Default)]
pub(super) struct Raw {
    pub(super) states: Vec<Named<RawState>>,
    pub(super) offices: Vec<Named<RawOffice>>,
    pub(super) people: Vec<Named<RawPerson>>,
    pub(super) bodies: Vec<Named<RawBody>>,
    pub(super) blockers: Vec<Named<RawBlocker>>,
    pub(super) places: Vec<Named<RawPlace>>,
    pub(super) nouns: Vec<Named<RawNoun>>,
    pub(super) verbs: Vec<Named<RawVerb>>,
    pub(super) predicates: Vec<Named<RawPredicate>>,
    pub(super) lists: Vec<Named<Vec<Placed<String>>>>,
}

#[derive(Debug)]
pub(super) struct RawState {
    pub(super) side: Option<Side>,
    pub(super) name: String,
    pub(super) zh: Option<String>,
    pub(super) names: Vec<Placed<String>>,
    pub(super) adjectives: Vec<Placed<String>>,
    pub(super) people: Vec<Placed<String>>,
    pub(super) capital: Vec<Placed<String>>,
    pub(super) metonyms: Vec<Placed<String>>,
}

#[derive(Debug)]
pub(super) struct RawOffice {
    pub(super) side: Option<Side>,
    pub(super) title: String,
    pub(super) zh: Option<String>,
    pub(super) level: Option<Level>,
    pub(super) titles: Vec<Placed<String>>,
    pub(super) explicit: Vec<Placed<String>>,
    pub(super) abbreviations: Vec<Placed<String>>,
    pub(super) counterparts: Vec<Placed<String>>,
    pub(super) singular: bool,
}

#[derive(Debug)]
pub(super) struct RawTerm {
    pub(super) office: Placed<String>,
    pub(super) from: Option<Date>,
    pub(super) until: Option<Date>,
}

#[derive(Debug)]
pub(super) struct RawPerson {
    pub(super) side: Option<Side>,
    pub(super) name: String,
    pub(super) zh: Option<String>,
    pub(super) aliases: Vec<Placed<String>>,
    pub(super) surname: Option<String>,
    pub(super) ambiguous: bool,
    pub(super) terms: Vec<RawTerm>,
}

#[derive(Debug)]
pub(super) struct RawBody {
    pub(super) side: Option<Side>,
    pub(super) name: String,
    pub(super) names: Vec<Placed<String>>,
    pub(super) role: String,
    pub(super) level: Option<Level>,
}

#[derive(Debug)]
pub(super) struct RawBlocker {
    pub(super) words: Vec<Placed<String>>,
    pub(super) names: Vec<Placed<String>>,
    pub(super) surnames: Vec<Placed<String>>,
}

#[derive(Debug)]
pub(super) struct RawPlace {
    pub(super) names: Vec<Placed<String>>,
    pub(super) kind: String,
    pub(super) country: Option<Side>,
    pub(super) city: Option<String>,
}

#[derive(Debug)]
pub(super) struct RawNoun {
    pub(super) kind: String,
    pub(super) forms: Vec<Placed<String>>,
    pub(super) not_before: Vec<Placed<String>>,
    pub(super) not_after: Vec<Placed<String>>,
    pub(super) level: Option<Level>,
    pub(super) weak: bool,
}

#[derive(Debug)]
pub(super) struct RawVerb {
    pub(super) kind: String,
    pub(super) frame: String,
    pub(super) verbs: Vec<Placed<String>>,
    pub(super) with: Vec<Placed<String>>,
    pub(super) needs: Vec<Placed<String>>,
}

#[derive(Debug)]
pub(super) struct RawPredicate {
    pub(super) class: String,
    pub(super) verbs: Vec<Placed<String>>,
    pub(super) nouns: Vec<Placed<String>>,
    pub(super) phrases: Vec<Placed<String>>,
}

/// Reads one file; every mistake is left on the page.
pub(super) fn read(page: &Page, raw: &mut Raw) {
    let Some(mut root) = page.root() else { return };
    for mut t in root.tables("state") {
        let row = RawState {
            side: t.placed_str("id").and_then(|id| Side::new(&id)),
            name: t.str("name").unwrap_or_default(),
            zh: first(&mut t, "zh"),
            names: t.list_str("names"),
            adjectives: t.list_str("adjectives"),
            people: t.list_str("people"),
            capital: t.list_str("capital"),
            metonyms: t.list_str("metonyms"),
        };
        ignore(&mut t, &["role", "note"]);
        keep(t, "id", row, &mut raw.states);
    }
    for mut t in root.tables("office") {
        let row = RawOffice {
            side: side(&mut t),
            title: t.str("title").unwrap_or_default(),
            zh: first(&mut t, "zh"),
            level: level(&mut t),
            titles: t.list_str("titles"),
            explicit: t.list_str("explicit"),
            abbreviations: t.list_str("abbreviations"),
            counterparts: t.list_str("counterparts"),
            singular: t.bool("singular").unwrap_or(false),
        };
        ignore(&mut t, &["note"]);
        keep(t, "id", row, &mut raw.offices);
    }
    for mut t in root.tables("person") {
        let row = person(&mut t);
        keep(t, "id", row, &mut raw.people);
    }
    for mut t in root.tables("body") {
        let row = RawBody {
            side: side(&mut t),
            name: t.str("name").unwrap_or_default(),
            names: t.list_str("names"),
            role: t.str("role").unwrap_or_default(),
            level: level(&mut t),
        };
        ignore(&mut t, &["zh", "note"]);
        keep(t, "id", row, &mut raw.bodies);
    }
    for mut t in root.tables("blocker") {
        let row =
            RawBlocker { words: t.list_str("words"), names: t.list_str("names"), surnames: t.list_str("surnames") };
        ignore(&mut t, &["zh", "note"]);
        keep(t, "id", row, &mut raw.blockers);
    }
    for mut t in root.tables("place") {
        let mut names = t.list_str("names");
        names.extend(t.placed_str("name"));
        let row = RawPlace {
            names,
            kind: t.str("kind").unwrap_or_default(),
            country: t.str("country").and_then(|code| Side::new(&code)),
            city: t.str("city"),
        };
        ignore(&mut t, &["zone", "zh", "note"]);
        keep(t, "name", row, &mut raw.places);
    }
    words(&mut root, raw);
    root.finish();
}

fn words(root: &mut Table, raw: &mut Raw) {
    for mut t in root.tables("noun") {
        let row = RawNoun {
            kind: t.str("kind").unwrap_or_default(),
            forms: t.list_str("forms"),
            not_before: t.list_str("not_before"),
            not_after: t.list_str("not_after"),
            level: level(&mut t),
            weak: t.bool("weak").unwrap_or(false),
        };
        keep(t, "id", row, &mut raw.nouns);
    }
    for mut t in root.tables("verb") {
        let row = RawVerb {
            kind: t.str("kind").unwrap_or_default(),
            frame: t.str("frame").unwrap_or_default(),
            verbs: t.list_str("verbs"),
            with: t.list_str("with"),
            needs: t.list_str("needs"),
        };
        keep(t, "id", row, &mut raw.verbs);
    }
    for mut t in root.tables("predicate") {
        let row = RawPredicate {
            class: t.str("class").unwrap_or_default(),
            verbs: t.list_str("verbs"),
            nouns: t.list_str("nouns"),
            phrases: t.list_str("phrases"),
        };
        keep(t, "id", row, &mut raw.predicates);
    }
    for mut t in root.tables("list") {
        let row = t.list_str("words");
        keep(t, "id", row, &mut raw.lists);
    }
}

fn person(t: &mut Table) -> RawPerson {
    let mut terms = Vec::new();
    for mut o in t.tables("offices") {
        if let Some(office) = o.placed_str("office") {
            terms.push(RawTerm { office, from: day(&mut o, "from", false), until: day(&mut o, "until", true) });
        }
        ignore(&mut o, &["acting", "certain", "note"]);
        o.finish();
    }
    let row = RawPerson {
        side: side(t),
        name: t.str("name").unwrap_or_default(),
        zh: first(t, "zh"),
        aliases: t.list_str("aliases"),
        surname: t.str("surname"),
        ambiguous: t.bool("ambiguous").unwrap_or(false),
        terms,
    };
    ignore(t, &["note"]);
    row
}

/// The first of a list of names: the usual one.
fn first(t: &mut Table, key: &str) -> Option<String> {
    t.list_str(key).into_iter().next().map(|name| name.value)
}

fn keep<T>(mut t: Table, key: &str, row: T, into: &mut Vec<Named<T>>) {
    t.require(&[key]);
    if let Some(id) = t.placed_str(key) {
        if is_word(&id) {
            into.push((id, row));
        } else {
            id.place.complain("an empty name", "write a name");
        }
    }
    t.finish();
}

fn ignore(t: &mut Table, keys: &[&str]) {
    for key in keys {
        t.has(key);
    }
}

/// A day, a month (its first or last day) or a year.
fn day(t: &mut Table, key: &str, last: bool) -> Option<Date> {
    let text = t.placed_str(key)?;
    let full = match (text.value.len(), last) {
        (4, false) => format!("{}-01-01", text.value),
        (4, true) => format!("{}-12-31", text.value),
        (7, _) => format!("{}-01", text.value),
        _ => text.value.clone(),
    };
    match full.parse::<Date>() {
        Ok(date) if last && text.value.len() == 7 => Some(date.last_of_month()),
        Ok(date) => Some(date),
        Err(_) => {
            text.place.complain(
                format!("`{key}` cannot be \"{}\"", text.value),
                "write a day, a month or a year: 2024-01-31",
            );
            None
        }
    }
}

fn side(t: &mut Table) -> Option<Side> {
    let code = t.placed_str("side")?;
    let side = Side::new(&code);
    if side.is_none() {
        code.place.complain(format!("`{}` is no ISO 3166 code", code.value), "write US or CN");
    }
    side
}

fn level(t: &mut Table) -> Option<Level> {
    t.choice("level", &Level::ALL.map(|level| (level.name(), level)))
}
