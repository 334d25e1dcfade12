//! The report of a backtest: a table by week, what was sent in all, samples, and what two files of rules differ in.

use super::shelf::Shelf;
use super::tally::{Sent, Tally, Week};
use crate::render::plain;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::{BTreeMap, HashSet};

/// Rows of the table; a longer time is told by month, then by year.
const ROWS: usize = 60;
/// Columns of the longest bar.
const BAR: usize = 32;

/// Prints everything on standard output.
pub(super) fn report(tallies: &[Tally], shelf: &Shelf, since: Option<Timestamp>, samples: usize) {
    let from = since.map(|since| format!(", those since {since} judged")).unwrap_or_default();
    let lost = if shelf.lost == 0 { String::new() } else { format!(", {} could not be read", shelf.lost) };
    say!("{}{from}{lost}", count(shelf.len(), "item"));
    for tally in tallies {
        say!("");
        sum(tally);
        table(&tally.weeks);
        show("samples", &spread(&tally.sent.iter().collect::<Vec<_>>(), samples));
    }
    if let [one, other] = tallies {
        difference(one, other, samples);
    }
}

fn sum(tally: &Tally) {
    say!("{}: {}, {}", tally.name, count(tally.alerts, "alert"), count(tally.threads(), "thread"));
    let list = |pairs: Vec<String>| pairs.join(", ");
    if tally.alerts > 0 {
        let severities = tally.by_severity.iter().rev().map(|(severity, count)| format!("{count} {}", severity.name()));
        say!("  by severity: {}", list(severities.collect()));
        let rules = tally.by_rule.iter().map(|(rule, count)| format!("{rule} {count}"));
        say!("  by rule: {}", list(rules.collect()));
    }
    if tally.waiting() > 0 {
        say!("  held for a further source that did not come: {}", tally.waiting());
    }
    if tally.judged > 0 {
        let share = 100.0 * tally.right as f64 / tally.judged as f64;
        say!("  annotated: {} of {} alerts are right ({share:.1} %)", tally.right, tally.judged);
    }
    if tally.wanted > 0 {
        say!(
            "  annotated: {} of {} documents that should alert did; a contact that is known alerts no second time",
            tally.met,
            tally.wanted
        );
    }
}

/// Weeks, months or years, whichever fit, each with a bar of its alerts.
fn table(weeks: &BTreeMap<Date, Week>) {
    if weeks.is_empty() {
        return;
    }
    let (title, rows) = rows(weeks);
    let most = rows.values().map(|row| row.alerts).max().unwrap_or(0).max(1);
    say!("  {title:<10}  {:>7}  {:>6}  {:>7}  {:>8}", "items", "alerts", "threads", "critical");
    for (name, row) in &rows {
        // Rounded up, so that one alert among many is seen.
        let bar = "█".repeat((row.alerts * BAR).div_ceil(most));
        let line = format!(
            "  {name:<10}  {:>7}  {:>6}  {:>7}  {:>8}  {bar}",
            row.items,
            row.alerts,
            row.threads(),
            row.critical
        );
        say!("{}", line.trim_end());
    }
}

fn rows(weeks: &BTreeMap<Date, Week>) -> (&'static str, BTreeMap<String, Week>) {
    let by = |name: &dyn Fn(Date) -> String| {
        let mut rows: BTreeMap<String, Week> = BTreeMap::new();
        for (day, week) in weeks {
            rows.entry(name(*day)).or_default().add(week);
        }
        rows
    };
    let by_week = by(&|day| day.to_string());
    if by_week.len() <= ROWS {
        return ("week of", by_week);
    }
    let by_month = by(&|day| day.strftime("%Y-%m").to_string());
    if by_month.len() <= ROWS { ("month", by_month) } else { ("year", by(&|day| day.year().to_string())) }
}

fn difference(one: &Tally, other: &Tally, samples: usize) {
    let keys = |tally: &Tally| tally.sent.iter().map(|sent| sent.key.clone()).collect::<HashSet<_>>();
    let (ours, theirs) = (keys(one), keys(other));
    let only = |tally: &'_ Tally, others: &HashSet<String>| -> Vec<Sent> {
        tally.sent.iter().filter(|sent| !others.contains(&sent.key)).cloned().collect()
    };
    let (mine, yours) = (only(one, &theirs), only(other, &ours));
    say!("");
    say!("difference: {} by both", count(ours.intersection(&theirs).count(), "alert"));
    for (tally, sent) in [(one, &mine), (other, &yours)] {
        say!("  only by {}: {}", tally.name, count(sent.len(), "alert"));
        show("", &spread(&sent.iter().collect::<Vec<_>>(), samples));
    }
}

/// Some of them, evenly spread, in order.
fn spread<'a>(sent: &[&'a Sent], count: usize) -> Vec<&'a Sent> {
    if sent.len() <= count || count == 0 {
        return sent.iter().take(count).copied().collect();
    }
    (0..count).filter_map(|number| sent.get(number * sent.len() / count).copied()).collect()
}

fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

fn show(title: &str, sent: &[&Sent]) {
    if !sent.is_empty() && !title.is_empty() {
        say!("  {title}");
    }
    for one in sent {
        let right = match one.right {
            Some(true) => "  right",
            Some(false) => "  WRONG",
            None => "",
        };
        let (severity, subject) = (one.severity.name(), plain::line(&one.subject, 110));
        say!("    {}  {severity:<8}  {subject}  ({}){right}", one.day, plain::line(&one.source, 40));
    }
}
