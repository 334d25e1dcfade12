//! A TOML table read key by key: every unknown key, wrong type and wrong value becomes a Problem at its place.
//!
//! One [`Page`] is one file's text. Its root [`Table`] is asked for the keys that it may hold; each getter answers
//! `None` where the key is absent or wrong, and a wrong one leaves a [`Problem`] on the page. Keys that nobody asked
//! for are reported by [`Table::finish`]. All problems of the page come out of [`Page::problems`], in reading order.
//!
//! ```
//! use openline::shape::Page;
//! let page = Page::new("feeds.toml", "[[feed]]\nid = 'a'\nurll = 'https://a.example/'\n");
//! if let Some(mut root) = page.root() {
//!     for mut feed in root.tables("feed") {
//!         feed.require(&["id", "url"]);
//!         let (_id, _url) = (feed.str("id"), feed.str("url"));
//!         feed.finish();
//!     }
//!     root.finish();
//! }
//! let said: Vec<String> = page.problems().iter().map(ToString::to_string).collect();
//! assert_eq!(said, [
//!     "feeds.toml:1:1: missing key `url`; every [[feed]] needs it",
//!     "feeds.toml:3:1: unknown key `urll`; did you mean `url`?",
//! ]);
//! ```

mod duration;
mod suggest;
mod table;
mod tape;
mod value;

pub use duration::{duration, duration_text};
pub use suggest::{closest, remedy_for};
pub use table::Table;

use crate::model::problem::Problem;
use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::Deref;
use std::rc::Rc;
use toml::de::DeTable;

/// One file's text with the problems found in it so far. Clones share the problems.
#[derive(Clone, Debug)]
pub struct Page(Rc<Inner>);

#[derive(Debug)]
struct Inner {
    file: String,
    text: Cow<'static, str>,
    /// The values, where the build script read them already.
    tape: Option<&'static [u8]>,
    problems: RefCell<Vec<(usize, Problem)>>,
}

impl Page {
    /// Takes a file's name, as the user knows it, and its text.
    #[must_use]
    pub fn new(file: &str, text: &str) -> Self {
        let text = Cow::Owned(text.to_owned());
        Self(Rc::new(Inner { file: file.to_owned(), text, tape: None, problems: RefCell::default() }))
    }

    /// Takes a file that ships with the program, and the tape that the build script made of it. Its keys are not
    /// checked again: the tests read the same file as [`Page::new`] takes it.
    #[must_use]
    pub fn built_in(file: &str, text: &'static str, tape: &'static [u8]) -> Self {
        let (text, tape) = (Cow::Borrowed(text), Some(tape));
        Self(Rc::new(Inner { file: file.to_owned(), text, tape, problems: RefCell::default() }))
    }

    /// Whether its keys are known to be right.
    fn is_right(&self) -> bool {
        self.0.tape.is_some()
    }

    /// Reads the text as TOML. Where it is none, the answer is `None` and the page holds every mistake of syntax,
    /// one a line.
    #[must_use]
    pub fn root(&self) -> Option<Table> {
        if let Some(entries) = self.0.tape.and_then(tape::read) {
            return Some(Table::new(self.clone(), Rc::new(entries), 0, String::new()));
        }
        let (table, errors) = DeTable::parse_recoverable(&self.0.text);
        let mut last_line = 0;
        for error in &errors {
            let at = error.span().map_or(0, |span| span.start);
            let problem = Problem::at(
                &self.0.file,
                &self.0.text,
                at,
                format!("not TOML: {}", error.message()),
                "see https://toml.io for the syntax; strings need quotes",
            );
            if problem.line != last_line {
                last_line = problem.line;
                self.0.problems.borrow_mut().push((at, problem));
            }
        }
        if !errors.is_empty() {
            return None;
        }
        Some(Table::new(self.clone(), Rc::new(value::entries(table.get_ref())), 0, String::new()))
    }

    /// Notes a problem at a byte offset of the text.
    pub fn complain(&self, at: usize, what: impl Into<String>, remedy: impl Into<String>) {
        let problem = Problem::at(&self.0.file, &self.0.text, at, what, remedy);
        self.0.problems.borrow_mut().push((at, problem));
    }

    /// Everything found so far, by place.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut found = self.0.problems.borrow().clone();
        found.sort_by_key(|(at, _)| *at);
        found.into_iter().map(|(_, problem)| problem).collect()
    }

    /// The file's name.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.0.file
    }
}

/// Whether a text is an id as the user's files use them: 1 to 64 lower-case letters, digits and hyphens, not a hyphen
/// first.
#[must_use]
pub fn is_id(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=64).contains(&text.len()) && text.bytes().all(fits) && !text.starts_with('-')
}

/// Where a value stands, kept to complain of it later, as when it clashes with another file.
#[derive(Clone, Debug)]
pub struct Place {
    page: Page,
    at: usize,
}

impl Place {
    /// Notes a problem here.
    pub fn complain(&self, what: impl Into<String>, remedy: impl Into<String>) {
        self.page.complain(self.at, what, remedy);
    }

    /// A problem here that is not noted on the page: a warning.
    #[must_use]
    pub fn problem(&self, what: impl Into<String>, remedy: impl Into<String>) -> Problem {
        let inner = &self.page.0;
        Problem::at(&inner.file, &inner.text, self.at, what, remedy)
    }

    /// `file:line`, for messages elsewhere that point here.
    #[must_use]
    pub fn line(&self) -> String {
        let (line, _) = crate::model::problem::line_column(&self.page.0.text, self.at);
        format!("{}:{line}", self.page.file())
    }
}

/// A value and its place. It derefs to the value.
#[derive(Clone, Debug)]
pub struct Placed<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub place: Place,
}

impl<T> Deref for Placed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

#[cfg(test)]
mod tests;
