//! A mistake in a file of the user's: where, what, and how to mend it.

use std::fmt;

/// One mistake. Every check gathers all of them before it answers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file as the user named it, or `<embedded>/…`.
    pub file: String,
    /// Line from 1; 0 where the whole file is meant.
    pub line: usize,
    /// Column in characters from 1; 0 where the whole line or file is meant.
    pub column: usize,
    /// What is wrong, as a lower-case fragment.
    pub what: String,
    /// What to do about it.
    pub remedy: String,
}

impl Problem {
    /// A problem of a whole file.
    #[must_use]
    pub fn file(file: impl Into<String>, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { file: file.into(), line: 0, column: 0, what: what.into(), remedy: remedy.into() }
    }

    /// A problem at a byte offset of a file's text.
    #[must_use]
    pub fn at(
        file: impl Into<String>,
        text: &str,
        offset: usize,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        let (line, column) = line_column(text, offset);
        Self { file: file.into(), line, column, what: what.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.what)?;
        if self.remedy.is_empty() { Ok(()) } else { write!(f, "; {}", self.remedy) }
    }
}

/// Line and column (both from 1, columns in characters) of a byte offset; an offset past the end is the end.
#[must_use]
pub fn line_column(text: &str, offset: usize) -> (usize, usize) {
    let mut end = offset.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = text.get(..end).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_characters() {
        let text = "a = 1\né = x\n";
        assert_eq!(line_column(text, text.find('x').unwrap()), (2, 5));
        assert_eq!(line_column(text, 999), (3, 1));
        assert_eq!(line_column(text, 7), (2, 1));
        let p = Problem::at("f.toml", text, 0, "unknown key `a`", "did you mean `b`?");
        assert_eq!(p.to_string(), "f.toml:1:1: unknown key `a`; did you mean `b`?");
    }
}
