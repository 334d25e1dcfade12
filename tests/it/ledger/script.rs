//! Short scripts of reports, and where they end: the language of the ledger's small tests.
//!
//! A report is a line `item publication status kind | US people | CN people | date | place`; lines of one item are one
//! item. `~held` recalls; `?2023-06-18` is inferred; `w:2023-06-12..2023-06-18` is a week; a person may be
//! followed by `:leader`, `:vice-minister` or `:official` (a minister otherwise), `@defense secretary` is an office,
//! `-` is nobody. A visit's visitor is the side that names somebody, the US where both do; `CN>` before the people turns it.
//! An end is a line `status kind date place | sources | history`.

use crate::story::places;
use jiff::Timestamp;
use openline::ledger::{Book, settle};
use openline::model::actor::{Level, Party, Side};
use openline::model::change::Change;
use openline::model::contact::{Contact, ItemRef};
use openline::model::feed::Tier;
use openline::model::ids::{FeedId, ItemId};
use openline::model::mention::{Evidence, Fired, Kind, Mention, Novelty, Status};
use openline::model::moment::{Grain, Moment};
use openline::model::span::{Field, Span};

/// One item and its mentions.
pub(crate) type Report = (ItemRef, Vec<Mention>);

/// Runs a script and compares where it ends.
#[track_caller]
pub(crate) fn check(script: &str, expected: &[&str]) {
    let (book, _) = run(&reports(script));
    assert_eq!(ends(&book), expected, "{script}");
}

/// Settles reports in the order given.
pub(crate) fn run(reports: &[Report]) -> (Book, Vec<Change>) {
    let mut book = Book::with_places(places());
    let now = Timestamp::MAX;
    let changes = reports.iter().flat_map(|(item, mentions)| settle(&mut book, item, mentions, now)).collect();
    (book, changes)
}

/// Reads a script.
pub(crate) fn reports(script: &str) -> Vec<Report> {
    let mut reports: Vec<Report> = Vec::new();
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [head, us, cn, date, place] = cells[..] else { panic!("five cells: {line}") };
        let words: Vec<&str> = head.split_whitespace().collect();
        let [id, published, status, kind] = words[..] else { panic!("four words: {line}") };
        let told = mention(status, kind, us, cn, date, place);
        match reports.last_mut() {
            Some((item, mentions)) if item.item.as_str() == id => mentions.push(told),
            _ => reports.push((item(id, published), vec![told])),
        }
    }
    reports
}

/// The contacts of a book as lines, by date and first report.
pub(crate) fn ends(book: &Book) -> Vec<String> {
    let mut contacts: Vec<&Contact> = book.contacts().collect();
    contacts.sort_by_key(|contact| (contact.first_reported, contact.moment.map(|moment| moment.start()), contact.kind));
    contacts.into_iter().map(end).collect()
}

fn end(contact: &Contact) -> String {
    let sources: Vec<&str> = contact.sources.iter().map(|source| source.item.item.as_str()).collect();
    let entry = |entry: &openline::model::contact::Transition| {
        format!("{}@{}", entry.change.name(), entry.item.as_ref().unwrap().as_str())
    };
    let history: Vec<String> = contact.history.iter().map(entry).collect();
    format!("{} | {} | {}", state(contact), sources.join(" "), history.join(" "))
}

/// Status, form, date and place.
pub(crate) fn state(contact: &Contact) -> String {
    let recalled = if contact.novelty == Novelty::Background { "~" } else { "" };
    let date = match contact.moment {
        None => "-".to_owned(),
        Some(moment) => match (moment.start_text(), moment.end_text()) {
            (Some(start), Some(end)) if start != end => format!("{start}..{end}"),
            (start, _) => start.unwrap_or_else(|| "year".to_owned()),
        },
    };
    let place = contact.place.as_deref().unwrap_or("-");
    format!("{recalled}{} {} {date} {place}", contact.status.name(), contact.kind.name())
}

fn mention(status: &str, kind: &str, us: &str, cn: &str, date: &str, place: &str) -> Mention {
    let (status, novelty) = match status.strip_prefix('~') {
        Some(status) => (status, Novelty::Background),
        None => (status, Novelty::New),
    };
    let kind = Kind::from_name(kind).unwrap();
    let (us, turned) = us.strip_prefix("CN>").map_or((us, false), |us| (us.trim(), true));
    let (americans, chinese) = (parties(Side::US, us), parties(Side::CN, cn));
    let turned = turned || (kind == Kind::Visit && us == "-" && cn != "-");
    let top = |parties: &[Party]| parties.iter().filter_map(|party| party.level).max();
    let level = match (top(&americans), top(&chinese)) {
        (Some(a), Some(b)) => a.min(b),
        (a, b) => a.or(b).unwrap_or(Level::ViceMinister),
    };
    let span = Span { field: Field::Title, start: 0, end: 1 };
    Mention {
        kind,
        status: Status::from_name(status).unwrap(),
        novelty,
        level,
        parties: if turned { [chinese, americans].concat() } else { [americans, chinese].concat() },
        moment: moment(date),
        place: (place != "-").then(|| place.to_owned()),
        attribution: None,
        voices: Vec::new(),
        confidence: 0.9,
        evidence: Evidence {
            sentence: "A sentence.".to_owned(),
            span,
            fired: vec![Fired { rule: "script".to_owned(), span }],
            on_page: false,
        },
    }
}

fn parties(side: Side, names: &str) -> Vec<Party> {
    if names == "-" {
        return vec![Party::side_only(side)];
    }
    let party = |name: &str| {
        let (name, level) = name.split_once(':').unwrap_or((name, "minister"));
        let mut party = Party { level: Level::from_name(level), ..Party::side_only(side) };
        match name.strip_prefix('@') {
            Some(office) => party.office = Some(office.to_owned()),
            None => party.name = Some(name.to_owned()),
        }
        party
    };
    names.split(',').map(|name| party(name.trim())).collect()
}

fn moment(date: &str) -> Option<Moment> {
    let day = |text: &str| text.parse().unwrap();
    if date == "-" {
        return None;
    }
    if let Some(date) = date.strip_prefix('?') {
        return moment(date).map(Moment::inferred);
    }
    if let Some((start, end)) = date.strip_prefix("w:").and_then(|date| date.split_once("..")) {
        return Some(Moment::new(day(start), day(end), Grain::Week));
    }
    Some(match (date.len(), date.split_once("..")) {
        (4, _) => Moment::new(day(&format!("{date}-01-01")), day(&format!("{date}-12-31")), Grain::Year),
        (7, _) => Moment::month(day(&format!("{date}-01"))),
        (_, Some((start, ""))) => Moment::day(day(start)).open_ended(),
        (_, Some((start, end))) => Moment::new(day(start), day(end), Grain::Day),
        (_, None) => Moment::day(day(date)),
    })
}

fn item(id: &str, published: &str) -> ItemRef {
    let published: Timestamp = format!("{published}:00Z").parse().unwrap();
    ItemRef {
        item: ItemId::new(id),
        feed: FeedId::new("feed"),
        feed_title: "Feed".to_owned(),
        tier: Tier::Press,
        url: None,
        title: "A title".to_owned(),
        published,
        seen: published,
    }
}
