//! Alerts and contacts on a terminal: few lines, aligned columns, no control character but our own colours.

use super::glossary::Glossary;
use super::phrase;
use super::plain;
use super::quote::Piece;
use super::scene::Scene;
use super::tongue::Tongue;
use crate::model::alert::Alert;
use crate::model::article::Language;
use crate::model::contact::Contact;
use crate::model::digest::Digest;
use crate::model::mention::Status;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Facts of a scene that are no people.
const FACTS: [&str; 7] = ["Kind", "Status", "When", "Was planned", "Where", "Reported by", "During"];

const BOLD: &str = "1";
const SOFT: &str = "2";
const MARK: &str = "1;33";

/// An alert in three to six lines, the last without a line end; times are UTC's, Washington's and Beijing's.
#[must_use]
pub fn alert(alert: &Alert, colour: bool) -> String {
    let names = Glossary::default();
    let tongue = Tongue { language: Language::En, names: &names };
    let scene = Scene::of(alert, tongue, &TimeZone::UTC);
    let paint = |code: &str, text: &str| paint(colour, code, text);
    let mut lines = vec![format!("{} {}", paint(hue(scene.tone), &scene.tag), paint(BOLD, &scene.headline))];
    if !scene.change.is_empty() {
        let people = scene.facts.iter().filter(|(label, _)| !FACTS.contains(&label.as_str()));
        let people: Vec<String> = people.map(|(label, value)| format!("{label} {value}")).collect();
        lines.push(format!("  {}", scene.change));
        lines.push(format!("  {}", plain::cut(&people.join("; "), 240)));
        let by = scene.facts.iter().filter(|(label, _)| label == "Reported by");
        lines.extend(by.map(|(_, by)| format!("  reported by {by}")));
    }
    if !scene.quote.is_empty() {
        let said = |piece: &Piece| if piece.marked { paint(MARK, &piece.text) } else { piece.text.clone() };
        lines.push(format!("  “{}”", scene.quote.iter().map(said).collect::<String>()));
        lines.extend(scene.on_page.then(|| format!("  {}", paint(SOFT, "on the article's page"))));
    }
    if let Some(source) = scene.sources.first() {
        lines.push(format!("  {}", paint(SOFT, &format!("{}, {}, {}", source.feed, source.tier, source.times))));
        lines.extend(source.url.as_ref().map(|url| format!("  {url}")));
    }
    lines.join("\n")
}

/// A digest: a head line, then its alerts.
#[must_use]
pub fn digest(digest: &Digest, colour: bool) -> String {
    let head = format!("{} alerts at {}", digest.alerts.len(), minute(digest.at));
    let alerts = digest.alerts.iter().map(|(one, _)| alert(one, colour));
    std::iter::once(paint(colour, BOLD, &head)).chain(alerts).collect::<Vec<_>>().join("\n\n")
}

/// A time to the minute, in UTC, as lists and the status page give it.
#[must_use]
pub fn minute(at: Timestamp) -> String {
    TimeZone::UTC.to_datetime(at).strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// Contacts as a table of when, status, kind, who and where, in the order given; a head line, then one line each.
#[must_use]
pub fn table(contacts: &[&Contact], colour: bool) -> String {
    let head = ["WHEN", "STATUS", "KIND", "WHO", "WHERE"].map(str::to_owned);
    let rows: Vec<[String; 5]> = contacts.iter().map(|contact| row(contact)).collect();
    let mut widths = [0; 5];
    for row in std::iter::once(&head).chain(&rows) {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(columns(cell));
        }
    }
    let line = |row: &[String; 5], status: Option<Status>| {
        let cells = row.iter().zip(widths).enumerate().map(|(index, (cell, width))| {
            let pad = " ".repeat(width - columns(cell));
            let code = match (index, status) {
                (_, None) => BOLD,
                (1, Some(status)) => hue(status.name()),
                _ => "",
            };
            format!("{}{pad}", if code.is_empty() { cell.clone() } else { paint(colour, code, cell) })
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let body = rows.iter().zip(contacts).map(|(row, contact)| line(row, Some(contact.status)));
    std::iter::once(line(&head, None)).chain(body).collect::<Vec<_>>().join("\n")
}

/// Columns that a text takes on a terminal: two for each East Asian wide character, none for a combining mark.
///
/// The ranges are those of Unicode's `EastAsianWidth.txt` with value W or F that news uses, and the main blocks of marks.
#[must_use]
pub fn columns(text: &str) -> usize {
    let width = |c: char| match u32::from(c) {
        0x300..=0x36f | 0x200c..=0x200d | 0x20d0..=0x20ff | 0xfe00..=0xfe0f => 0,
        0x1100..=0x115f | 0x2e80..=0x303e | 0x3041..=0xa4cf | 0xa960..=0xa97c | 0xac00..=0xd7a3 => 2,
        0xf900..=0xfaff | 0xfe30..=0xfe6f | 0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x1f300..=0x1faff => 2,
        0x20000..=0x3fffd => 2,
        _ => 1,
    };
    text.chars().map(width).sum()
}

fn row(contact: &Contact) -> [String; 5] {
    let when = match (&contact.moment, &contact.planned) {
        (Some(moment), _) => phrase::moment_text(moment, None),
        (None, Some(planned)) => format!("was {}", phrase::moment_text(planned, None)),
        (None, None) => "–".to_owned(),
    };
    let place = contact.place.as_deref().map(|place| plain::line(place, 32)).unwrap_or_default();
    [
        when,
        contact.status.name().to_owned(),
        contact.kind.name().to_owned(),
        phrase::who(contact, 4),
        if place.is_empty() { "–".to_owned() } else { place },
    ]
}

/// SGR codes (ECMA-48) of a status, or of the tag of a change that leaves it.
fn hue(tone: &str) -> &'static str {
    match Status::from_name(tone) {
        Some(Status::Scheduled) => "1;34",
        Some(Status::Underway) => "1;35",
        Some(Status::Held) => "1;32",
        Some(Status::Postponed) => "1;33",
        Some(Status::Cancelled | Status::Declined) => "1;31",
        Some(Status::Proposed) => "1;36",
        None => match tone {
            "overdue" | "downgraded" => "1;33",
            "denied" => "1;31",
            _ => "1;36",
        },
    }
}

fn paint(colour: bool, code: &str, text: &str) -> String {
    if colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
}
