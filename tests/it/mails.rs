//! The mail of every status and change in both languages, and a digest: whole, small, without anything remote, and led
//! by who, what, when and source. With `MAILS_TO` naming a folder they are left there to be drawn: tests/pictures/make.

use jiff::civil::date;
use jiff::tz::TimeZone;
use openline::lexicon::Lexicon;
use openline::model::actor::Level;
use openline::model::alert::{Alert, Subject};
use openline::model::article::Language;
use openline::model::change::{ChangeKind, Rung};
use openline::model::contact::{Contact, Transition};
use openline::model::digest::{Digest, HeldBy};
use openline::model::ids::ContactId;
use openline::model::mention::{Kind, Status};
use openline::model::moment::{Grain, Moment};
use openline::render::{self, Glossary, Message, Reader, Templates, sample};
use regex::Regex;
use std::sync::Arc;

#[test]
fn the_mail_of_every_kind_is_whole_and_led_by_who_what_when_and_source() {
    let alerts = every_kind();
    for (language, zone) in [(Language::En, "America/New_York"), (Language::Zh, "Asia/Shanghai")] {
        let glossary = Arc::new(Glossary::of(&Lexicon::embedded()));
        let zone = TimeZone::get(zone).unwrap();
        let reader = Reader { zone, host: "openline.example.org".to_owned(), language, glossary };
        for (name, alert, lead) in &alerts {
            let message = render::message(alert, &Templates::embedded(), &reader);
            whole(name, &message);
            match (language, &alert.subject) {
                (Language::En, _) => assert_eq!(&message.preheader, lead, "{name}"),
                (_, Subject::Contact { .. }) => assert!(message.preheader.contains("布林肯"), "{}", message.preheader),
                (_, Subject::Item { .. }) => assert!(message.preheader.contains("6月14日"), "{}", message.preheader),
            }
            let denier = if language == Language::Zh { "美国予以否认" } else { "US denies it" };
            assert_eq!(message.text.contains(denier), *name == "denied", "{}", message.text);
            leave(name, language, &message);
        }
        let alerts = alerts.iter().map(|(_, alert, _)| alert.clone()).zip(HeldBy::ALL.into_iter().cycle());
        let digest = Digest { alerts: alerts.collect(), ..sample::digest() };
        let message = render::digest(&digest, &Templates::embedded(), &reader);
        whole("digest", &message);
        assert_eq!(message.html.matches("<h2").count(), digest.alerts.len(), "one head a contact");
        leave("digest", language, &message);
    }
}

/// Name, alert and lead in English of one alert a status, a change and a hardship.
fn every_kind() -> Vec<(&'static str, Alert, &'static str)> {
    let day = |month, day| Moment::day(date(2023, month, day));
    let june = Moment::new(date(2023, 6, 18), date(2023, 6, 19), Grain::Day);
    let from = |from, to| ChangeKind::StatusChanged { from, to };
    let rung = |level, kind| Rung { level, kind };
    let (minister, deputy) = (rung(Level::Minister, Kind::Visit), rung(Level::ViceMinister, Kind::Visit));
    let scheduled = Status::Scheduled;
    let mut all = vec![
        (
            "proposed",
            visit("proposed", Status::Proposed, None, ChangeKind::Opened),
            "Blinken: Beijing visit proposed. State Department",
        ),
        (
            "scheduled",
            visit("scheduled", scheduled, Some(june), from(Status::Proposed, scheduled)),
            "Blinken: Beijing visit scheduled 18–19 Jun. State Department",
        ),
        (
            "underway",
            visit("underway", Status::Underway, Some(june), from(scheduled, Status::Underway)),
            "Blinken: Beijing visit underway 18–19 Jun. State Department",
        ),
        (
            "held",
            visit("held", Status::Held, Some(june), from(Status::Underway, Status::Held)),
            "Blinken: Beijing visit held 18–19 Jun. State Department",
        ),
        ("postponed", sample::postponed(), "Blinken: Beijing visit postponed (was 5–6 Feb). State Department"),
        (
            "cancelled",
            visit("cancelled", Status::Cancelled, Some(june), from(scheduled, Status::Cancelled)),
            "Blinken: Beijing visit cancelled (was 18–19 Jun). State Department",
        ),
        (
            "declined",
            visit("declined", Status::Declined, Some(day(6, 2)), from(Status::Proposed, Status::Declined)),
            "Blinken: Beijing visit declined (for 2 Jun). State Department",
        ),
        (
            "date",
            visit("date", scheduled, Some(june), ChangeKind::Moved { from: Some(day(6, 11)), to: june }),
            "Blinken: Beijing visit scheduled 18–19 Jun (was 11 Jun). State Department",
        ),
        (
            "level",
            visit("level", scheduled, Some(june), ChangeKind::LevelChanged { from: minister, to: deputy }),
            "Blinken: Beijing visit 18–19 Jun downgraded. State Department",
        ),
        (
            "denied",
            visit("denied", scheduled, Some(june), ChangeKind::Denied),
            "Blinken: Beijing visit 18–19 Jun denied. State Department",
        ),
        (
            "overdue",
            visit("overdue", scheduled, Some(june), ChangeKind::Overdue),
            "Blinken: Beijing visit 18–19 Jun overdue. State Department",
        ),
        (
            "one-sided",
            visit("one-sided", Status::Held, Some(june), ChangeKind::OneSided),
            "Blinken: Beijing visit 18–19 Jun one-sided. State Department",
        ),
        ("call", sample::held_call(), "Blinken, Qin Gang: call held 14 Jun. 外交部"),
        ("words", sample::word_match(), "Commerce adds chip makers to the entity list. Commerce desk, 13 Jun"),
    ];
    let mut long = visit("long", Status::Proposed, None, ChangeKind::Opened);
    long.item.url = Some(format!("https://example.org/{}", "unbroken".repeat(40)));
    long.item.title = format!("https://example.org/{}", "unbroken".repeat(15));
    if let Subject::Contact { contact, evidence, .. } = &mut long.subject {
        contact.place = Some("Donaudampfschifffahrtsgesellschaftshaus".to_owned());
        contact.parties.iter_mut().for_each(|party| party.office = Some("Under".repeat(12)));
        evidence.sentence = format!("{} {}", evidence.sentence, "unbroken".repeat(20));
    }
    all.push(("long", long, "Blinken: Donaudampfschifffahrtsges… proposed. State Department"));
    all
}

/// The sample's visit as it stands after another change.
fn visit(name: &str, status: Status, moment: Option<Moment>, what: ChangeKind) -> Alert {
    let mut alert = sample::postponed();
    let Subject::Contact { change, contact, .. } = &mut alert.subject else { unreachable!("the sample is a contact") };
    let entry = |number, change, status| {
        let first = contact.history.first().unwrap();
        Transition { number, change, status, moment, ..first.clone() }
    };
    contact.history = match &what {
        ChangeKind::Opened => vec![entry(1, ChangeKind::Opened, status)],
        ChangeKind::StatusChanged { from, .. } => {
            vec![entry(1, ChangeKind::Opened, *from), entry(2, what.clone(), status)]
        }
        _ => vec![entry(1, ChangeKind::Opened, status), entry(2, what.clone(), status)],
    };
    let deny = what == ChangeKind::Denied;
    contact.sources.iter_mut().flat_map(|source| &mut source.statements).for_each(|said| said.denies = deny);
    let contact: &mut Contact = contact;
    (contact.id, contact.status, contact.moment, contact.planned) =
        (ContactId::of(&["mails", name]), status, moment, None);
    *change = what;
    alert
}

/// Every element is closed where it was opened, and nothing is fetched or run.
fn whole(name: &str, message: &Message) {
    let html = &message.html;
    let mut open: Vec<&str> = Vec::new();
    for tag in Regex::new(r"<(/?)([a-z0-9]+)[^>]*>").unwrap().captures_iter(html) {
        let (_, [end, element]) = tag.extract();
        match (end.is_empty(), element) {
            (_, "meta" | "br") => {}
            (true, element) => open.push(element),
            (false, element) => assert_eq!(open.pop(), Some(element), "{name}"),
        }
    }
    assert!(open.is_empty(), "{name}: {open:?}");
    assert!(html.len() < 100_000, "{name}: {} bytes", html.len());
    for bad in ["<img", "<script", "<link", "<iframe", "url(", "src=", "@import"] {
        assert!(!html.contains(bad), "{name}: {bad}");
    }
    let characters = message.preheader.chars().count();
    assert!((12..=90).contains(&characters), "{name}: {}", message.preheader);
    assert!(!message.text.contains("()") && !message.text.contains("（）"), "{name}: {}", message.text);
}

/// Leaves a mail for the eye, where a folder is named.
fn leave(name: &str, language: Language, message: &Message) {
    if let Some(folder) = std::env::var_os("MAILS_TO") {
        let tail = if language == Language::Zh { "zh" } else { "en" };
        std::fs::write(std::path::Path::new(&folder).join(format!("{name}.{tail}.html")), &message.html).unwrap();
    }
}
