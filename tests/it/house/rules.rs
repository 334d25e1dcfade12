//! The rules of the house as one pure function over a file's path and text.

use super::code::{self, Path};

/// Modules by floor, lowest first. A module imports only strictly lower floors or itself.
pub(super) const FLOORS: [&[&str]; 12] = [
    &["model"],
    &["text", "cadence", "shape"],
    &["lexicon", "temporal"],
    &["extract"],
    &["ledger", "rules", "render"],
    &["pipeline"],
    &["observe", "net"],
    &["feed", "store", "deliver"],
    &["config"],
    &["status"],
    &["daemon"],
    &["cli"],
];

/// The highest floor that is pure.
const PURE: usize = 5;

/// The longest file, in lines.
const LINES: usize = 400;

/// Names that say nothing about what a module holds.
const EMPTY_NAMES: [&str; 6] = ["utils", "helpers", "common", "misc", "types", "manager"];

/// Crates that do I/O, read the clock, roll dice or log.
const IMPURE_CRATES: [&str; 16] = [
    "axum",
    "fastrand",
    "getrandom",
    "hyper",
    "lettre",
    "log",
    "rand",
    "reqwest",
    "rustls",
    "sd_notify",
    "sqlx",
    "tokio",
    "tokio_util",
    "tracing",
    "tracing_subscriber",
    "uuid",
];

/// Parts of the standard library that do the same.
const IMPURE_STD: [&str; 6] = ["env", "fs", "net", "os", "process", "thread"];

/// Where types may derive `Serialize`: views, stored shapes, payloads, the control protocol.
const SERIALISING: [&str; 7] = ["render/view", "store/", "deliver/", "config/", "status/", "daemon/", "cli/"];

/// What a rule forbids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// An import from a higher floor.
    Upward,
    /// An import from a sibling on the same floor.
    Sideways,
    /// A top module, or an import, that stands on no floor.
    NoFloor,
    /// I/O, clock, chance or logs in a pure floor.
    Impure,
    /// Serialisation in the model.
    SerdeInModel,
    /// `Serialize` outside of the places that speak to the world.
    Serialize,
    /// SQL outside of the store.
    Sql,
    /// No `//!` sentence on the first line.
    FirstLine,
    /// A file that is too long.
    Length,
    /// A module name that says nothing.
    Name,
    /// A path of somebody's machine.
    Workplace,
}

/// One broken rule: where and what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Breach {
    pub(super) rule: Rule,
    pub(super) path: String,
    pub(super) line: usize,
    pub(super) what: String,
}

impl std::fmt::Display for Breach {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {:?}: {}", self.path, self.line, self.rule, self.what)
    }
}

/// Every breach of a Rust file; `path` is relative to the package, with `/`.
pub(super) fn of_source(path: &str, text: &str) -> Vec<Breach> {
    let mut found = Vec::new();
    let mut breach = |rule, line, what: String| found.push(Breach { rule, path: path.to_owned(), line, what });

    let first = text.lines().next().unwrap_or_default();
    let is_map = path == "src/lib.rs" && first.starts_with("#![doc = include_str!(");
    if !is_map && first.strip_prefix("//!").is_none_or(|rest| rest.trim().is_empty()) {
        breach(Rule::FirstLine, 1, "the first line must be `//!` and say why the file exists".to_owned());
    }
    let lines = text.lines().count();
    if lines > LINES {
        breach(Rule::Length, lines, format!("{lines} lines; at most {LINES}: split by noun"));
    }
    let stem = path.strip_suffix(".rs").unwrap_or(path);
    for name in stem.split('/').filter(|part| EMPTY_NAMES.contains(part)) {
        breach(Rule::Name, 1, format!("`{name}` says nothing: name the file by its noun"));
    }
    let (paths, modules) = code::read(text);
    for (name, line) in modules.into_iter().filter(|(name, _)| EMPTY_NAMES.contains(&name.as_str())) {
        breach(Rule::Name, line, format!("`mod {name}` says nothing: name the module by its noun"));
    }
    let Some(inner) = stem.strip_prefix("src/") else { return found };
    let mut module: Vec<String> = inner.split('/').map(str::to_owned).collect();
    if module.last().is_some_and(|last| last == "mod") {
        module.pop();
    }
    if path == "src/lib.rs" || module.last().is_some_and(|last| last == "tests") {
        return found;
    }
    let own = module.first().cloned().unwrap_or_default();
    let floor = if path == "src/main.rs" { Some(FLOORS.len()) } else { floor_of(&own) };
    let Some(floor) = floor else {
        breach(Rule::NoFloor, 1, format!("`{own}` stands on no floor: give it one in the floors of this test"));
        return found;
    };
    for path in &paths {
        let name = path.segments.join("::");
        if let Some(target) = target_of(path, &module).filter(|target| *target != own) {
            match floor_of(&target) {
                None => breach(Rule::NoFloor, path.line, format!("`{name}` names no module of the house")),
                Some(there) if there > floor => {
                    breach(Rule::Upward, path.line, format!("`{name}`: floor {floor} imports floor {there}"));
                }
                Some(there) if there == floor => {
                    breach(Rule::Sideways, path.line, format!("`{name}`: siblings of floor {floor} never meet"));
                }
                Some(_) => {}
            }
        }
        if floor <= PURE && is_impure(path) {
            breach(Rule::Impure, path.line, format!("`{name}` in a pure floor: take it as an argument"));
        }
        let crate_name = path.segments.iter().find(|segment| !segment.is_empty());
        let outside = path.import || path.segments.len() > 1;
        let serialises = path.segments.iter().any(|segment| segment == "Serialize");
        if own == "model" && (serialises || outside && crate_name.is_some_and(|name| name == "serde")) {
            breach(Rule::SerdeInModel, path.line, format!("`{name}`: the model is not serialised, views are"));
        } else if serialises && !SERIALISING.iter().any(|place| inner.starts_with(place)) {
            breach(Rule::Serialize, path.line, format!("`{name}`: only views and stored shapes are serialised"));
        }
        if floor > PURE && own != "store" && outside && crate_name.is_some_and(|name| name == "sqlx") {
            breach(Rule::Sql, path.line, format!("`{name}`: rows are read and written in store alone"));
        }
    }
    found
}

/// Every line of any tracked text that names a folder of the machine it was written on.
pub(super) fn of_text(path: &str, text: &str) -> Vec<Breach> {
    // Put together here, so that this file does not breach its own rule.
    let rooted = [concat!("/wo", "rk/"), concat!("/tmp/", "wt")];
    let anywhere = concat!("../", "shared");
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        // The tail of an address such as https://host/x does not count: a path begins after a space, quote or the like.
        let names_root = |root: &&&str| {
            line.match_indices(**root).any(|(at, _)| {
                let before = line.get(..at).and_then(|head| head.chars().next_back());
                before.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '/' | '.' | '-' | '_' | '~' | '%'))
            })
        };
        let hit = rooted.iter().find(names_root).copied().or_else(|| line.contains(anywhere).then_some(anywhere));
        if let Some(hit) = hit {
            let what = format!("`{hit}` is a path of one machine");
            found.push(Breach { rule: Rule::Workplace, path: path.to_owned(), line: number + 1, what });
        }
    }
    found
}

fn floor_of(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

/// The top module that a path leads to, where it leads into this package.
fn target_of(path: &Path, module: &[String]) -> Option<String> {
    let mut here: Vec<&str> = module.iter().chain(&path.inside).map(String::as_str).collect();
    let mut segments = path.segments.iter().map(String::as_str).peekable();
    match *segments.peek()? {
        "crate" | "openline" => {
            here.clear();
            segments.next();
        }
        "self" => {
            segments.next();
        }
        "super" => {
            while segments.next_if_eq(&"super").is_some() {
                here.pop();
            }
        }
        _ => return None,
    }
    // A bare `crate`, `super` or `self`, as in `pub(crate)`, leads nowhere.
    segments.peek()?;
    here.extend(segments);
    here.first().map(|first| (*first).to_owned())
}

fn is_impure(path: &Path) -> bool {
    let segments: Vec<&str> = path.segments.iter().map(String::as_str).filter(|s| !s.is_empty()).collect();
    let outside = path.import || path.segments.len() > 1;
    match segments.as_slice() {
        [krate, ..] if outside && IMPURE_CRATES.contains(krate) => true,
        ["std", "*"] => true,
        ["std", part, ..] if IMPURE_STD.contains(part) => true,
        ["std", "time", "Instant" | "*", ..] | ["time", "Instant", ..] => true,
        [.., "now"] if path.segments.len() > 1 => true,
        all => all.iter().any(|s| matches!(*s, "SystemTime" | "RandomState")),
    }
}
