//! Shows problems: the message, the line it speaks of, and a caret below the place.

use crate::config::EMBEDDED;
use crate::model::problem::Problem;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Widest part of a line that is shown, in characters.
const WIDTH: usize = 120;

/// All problems as text, each with its line where the file can be read again.
#[must_use]
pub fn show(problems: &[Problem]) -> String {
    let mut texts: BTreeMap<&str, Option<String>> = BTreeMap::new();
    let mut shown = String::new();
    for problem in problems {
        let text = texts.entry(&problem.file).or_insert_with(|| match problem.file.as_str() {
            file if file == EMBEDDED.0 => Some(EMBEDDED.1.to_owned()),
            file => std::fs::read_to_string(file).ok(),
        });
        shown.push_str(&one(problem, text.as_deref()));
    }
    shown
}

/// One problem: its message and, where the file's text is given and has the line, the line with a caret.
#[must_use]
pub fn one(problem: &Problem, text: Option<&str>) -> String {
    let mut shown = match problem.line {
        0 => format!("{}: {}; {}\n", problem.file, problem.what, problem.remedy),
        _ => format!("{problem}\n"),
    };
    let text = text.map(|text| text.strip_prefix('\u{feff}').unwrap_or(text));
    let line = problem.line.checked_sub(1).and_then(|number| text?.lines().nth(number));
    let Some(line) = line else { return shown };
    let line = masked(line);
    // A long line is shown from a little before the place; what is left out on either side is marked.
    let column = problem.column.saturating_sub(1).min(line.chars().count());
    let skipped = if line.chars().count() > WIDTH { column.saturating_sub(WIDTH / 3) } else { 0 };
    let mut body: String = line.chars().skip(skipped).take(WIDTH).map(plain).collect();
    let mut indent = column - skipped;
    if skipped > 0 {
        body.insert(0, '…');
        indent += 1;
    }
    if line.chars().count() > skipped + WIDTH {
        body.push('…');
    }
    let number = problem.line.to_string();
    let gutter = " ".repeat(number.len());
    let under: String = body.chars().take(indent).map(|character| " ".repeat(width(character))).collect();
    // Writing to a String cannot fail.
    let _ = writeln!(shown, "  {number} | {body}\n  {gutter} | {under}^");
    shown
}

/// The line without what may be a secret: the value of a key that sounds like one, and the password of an address.
fn masked(line: &str) -> String {
    let key = line.split('=').next().unwrap_or_default().trim().to_lowercase();
    let secret = ["password", "secret", "token", "passwd", "api_key", "apikey"];
    let by_reference = key.ends_with("_file") || key.ends_with("_env");
    if line.contains('=') && !by_reference && secret.iter().any(|word| key.contains(word)) {
        let head: String = line.chars().take_while(|character| *character != '=').collect();
        return format!("{head}= ***");
    }
    let Some((before, rest)) = line.split_once("://") else { return line.to_owned() };
    let end = rest.find(['/', '"', '\'', '?', '#']).unwrap_or(rest.len());
    let after_user = rest.get(..end).and_then(|authority| authority.rfind('@')).and_then(|at| rest.get(at..));
    // The path of a webhook is often its secret.
    let shown = after_user.unwrap_or(rest);
    let shown = match shown.find('/') {
        Some(slash) => format!("{}/***", shown.get(..slash).unwrap_or_default()),
        None => shown.to_owned(),
    };
    format!("{before}://{}{shown}", if after_user.is_some() { "***" } else { "" })
}

fn plain(character: char) -> char {
    if character.is_control() { ' ' } else { character }
}

/// Columns that a terminal gives a character: two for the wide ones of East Asia.
fn width(character: char) -> usize {
    match character {
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{303e}'
        | '\u{3041}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(line: usize, column: usize) -> Problem {
        Problem { file: "f.toml".to_owned(), line, column, what: "what".to_owned(), remedy: "remedy".to_owned() }
    }

    #[test]
    fn the_caret_stands_below_the_place() {
        let shown = one(&at(2, 5), Some("a = 1\nbb = 2\n"));
        assert_eq!(shown, "f.toml:2:5: what; remedy\n  2 | bb = 2\n    |     ^\n");
        let shown = one(&at(1, 4), Some("\"会谈\" = 2\n"));
        assert_eq!(shown, "f.toml:1:4: what; remedy\n  1 | \"会谈\" = 2\n    |      ^\n");
        assert_eq!(one(&at(0, 0), Some("a = 1\n")), "f.toml: what; remedy\n");
        assert_eq!(one(&at(9, 1), Some("a = 1\n")), "f.toml:9:1: what; remedy\n");
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let line = format!("{}!{}", "x".repeat(500), "y".repeat(500));
        let shown = one(&at(1, 501), Some(&line));
        let rows: Vec<&str> = shown.lines().collect();
        assert_eq!(rows[1].chars().count(), "  1 | ".len() + WIDTH + 2);
        let caret = rows[2].chars().position(|character| character == '^');
        assert_eq!(rows[1].chars().position(|character| character == '!'), caret);
    }

    #[test]
    fn secrets_are_not_shown() {
        let shown = one(&at(1, 1), Some("password = \"hunter2\" # hunter2\n"));
        assert!(!shown.contains("hunter2"), "{shown}");
        let shown = one(&at(1, 1), Some("url = \"https://me:hunter2@example.org/x@y\"\n"));
        assert!(!shown.contains("hunter2") && shown.contains("example.org"), "{shown}");
        let shown = one(&at(1, 1), Some("password_file = \"/etc/openline/secret\"\n"));
        assert!(shown.contains("/etc/openline/secret"), "{shown}");
    }
}
