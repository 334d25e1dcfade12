//! An explanation as text, in colours or with brackets.

use super::account::{Account, Piece, Step};
use std::fmt::Write as _;

/// The whole explanation of one article.
pub(super) fn text(account: &Account, colour: bool) -> String {
    let mut out = String::new();
    let paint =
        |code: &str, text: &str| if colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() };
    let dated = if account.dated { "" } else { " (no date given: the time of reading)" };
    let _ = writeln!(out, "{} · {} · published {}{dated}", account.id, account.language, account.published);
    let _ = writeln!(out, "{}\n", paint(if account.alerts { "1" } else { "2" }, &account.decision));
    for (name, pieces) in &account.fields {
        let marked: String = pieces.iter().map(|piece| marked(piece, colour)).collect();
        let _ = writeln!(out, "{name}: {marked}");
    }
    if account.contacts.is_empty() {
        let _ = writeln!(out, "\nNo contact found.");
    }
    for (number, told) in account.contacts.iter().enumerate() {
        let _ = writeln!(
            out,
            "\n[{}] {} {} · {} · level {} · {} · {} · {} · confidence {}",
            number + 1,
            told.novelty,
            told.kind,
            paint("1", told.status),
            told.level,
            told.who,
            told.when,
            told.place,
            told.confidence,
        );
        let _ = writeln!(out, "    “{}”", told.sentence);
        let _ = writeln!(out, "    {}: {}", told.tree.rule, told.tree.note);
        for child in &told.tree.steps {
            step(&mut out, child, 3, &paint);
        }
        for (rule, alerts, why) in &told.verdicts {
            let verdict = if *alerts { paint("1;32", "ALERTS") } else { paint("2", "silent") };
            let _ = writeln!(out, "    {verdict}: rule {rule}: {why}");
        }
    }
    for (rule, why) in &account.words {
        let _ = writeln!(out, "\n{} by words alone: rule {rule}: {why}", paint("1;32", "ALERTS"));
    }
    if !account.rejected.is_empty() {
        let _ = writeln!(out, "\nRejected:");
        for turned in &account.rejected {
            let _ = writeln!(out, "    {} on “{}”: {}: {}", turned.trigger, turned.text, turned.rule, turned.why);
        }
    }
    for problem in &account.problems {
        let _ = writeln!(out, "\nNot understood: {problem}");
    }
    out
}

fn step(out: &mut String, step_: &Step, depth: usize, paint: &impl Fn(&str, &str) -> String) {
    let note = if step_.note.is_empty() { String::new() } else { format!(": {}", step_.note) };
    let rule = paint(colour_of(family(&step_.rule)), &step_.rule);
    let on = if step_.text.is_empty() { String::new() } else { format!(" on “{}”", step_.text) };
    let _ = writeln!(out, "{}{rule}{on}{note}", "  ".repeat(depth.min(12)));
    for child in &step_.steps {
        step(out, child, depth + 1, paint);
    }
}

fn marked(piece: &Piece, colour: bool) -> String {
    match &piece.family {
        None => piece.text.clone(),
        Some(family) if colour => format!("\u{1b}[{}m{}\u{1b}[0m", colour_of(family), piece.text),
        // Without colours only what made a contact is marked.
        Some(_) if piece.contact.is_some() => format!("[{}]", piece.text),
        Some(_) => piece.text.clone(),
    }
}

fn family(rule: &str) -> &str {
    rule.split('.').next().unwrap_or_default()
}

/// The colour of a family, as a parameter of SGR (ECMA-48).
fn colour_of(family: &str) -> &'static str {
    match family {
        "status" => "1;36",
        "novelty" => "1;35",
        "time" => "1;34",
        "reject" => "2;4",
        _ => "1;33",
    }
}
