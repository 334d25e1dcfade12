//! Messages of sample alerts as snapshots, and messages of hostile ones.

use super::*;
use crate::model::actor::Level;
use crate::model::alert::Alert;
use crate::model::article::{Article, Language};
use crate::model::change::{ChangeKind, Rung};
use crate::model::mention::{Kind, Mention, Status};
use crate::model::moment::Moment;

fn reader() -> Reader {
    Reader {
        zone: TimeZone::get("Europe/Berlin").unwrap(),
        host: "openline.example.org".to_owned(),
        language: Language::En,
        glossary: Arc::default(),
    }
}

fn shown(alert: &Alert) -> Message {
    message(alert, &Templates::embedded(), &reader())
}

fn snapshot(name: &str, alert: &Alert) {
    let message = shown(alert);
    insta::assert_snapshot!(format!("{name}_text"), format!("{}\n\n{}", message.subject, message.text));
    insta::assert_snapshot!(format!("{name}_html"), message.html);
    insta::assert_snapshot!(format!("{name}_terminal"), terminal::alert(alert, false));
}

#[test]
fn a_postponement_reads_well() {
    snapshot("postponed", &sample::postponed());
}

#[test]
fn a_held_call_reads_well() {
    snapshot("held_call", &sample::held_call());
}

#[test]
fn a_word_alert_reads_well() {
    snapshot("word_match", &sample::word_match());
}

fn chinese() -> Reader {
    let glossary = Arc::new(Glossary::of(&crate::lexicon::Lexicon::embedded()));
    Reader { zone: TimeZone::get("Asia/Shanghai").unwrap(), language: Language::Zh, glossary, ..reader() }
}

#[test]
fn a_chinese_reader_reads_chinese() {
    for (name, alert) in [
        ("zh_postponed", sample::postponed()),
        ("zh_held_call", sample::held_call()),
        ("zh_words", sample::word_match()),
    ] {
        let message = message(&alert, &Templates::embedded(), &chinese());
        insta::assert_snapshot!(name, format!("{}\n\n{}", message.subject, message.text));
        assert!(message.html.contains("lang=\"zh-CN\"") && message.html.contains("消息来源"), "{}", message.html);
        for english in ["Sources", "History", "Sent because", "minister level", "press", "WHAT", "Washington"] {
            assert!(
                !message.html.contains(english) && !message.text.contains(english),
                "{english} in {}",
                message.text
            );
        }
    }
}

#[test]
fn a_digest_groups_its_alerts_by_contact_in_both_languages() {
    let mut digest = sample::digest();
    let mut again = digest.alerts[0].clone();
    again.0.id = crate::model::ids::AlertId::of(&["again"]);
    digest.alerts.push(again);
    for (name, reader) in [("digest", reader()), ("zh_digest", chinese())] {
        let message = super::digest(&digest, &Templates::embedded(), &reader);
        insta::assert_snapshot!(name, format!("{}\n\n{}", message.subject, message.text));
        assert_eq!(message.html.matches("<h2").count(), 3, "one head a contact");
        assert_eq!(message.html.matches("class=\"quote\"").count(), 4, "evidence of every alert");
        assert!(
            message.html.contains("<mark")
                && message.html.contains("href=\"https:&#x2f;&#x2f;example.org&#x2f;postponed\"")
        );
    }
    insta::assert_snapshot!("digest_html", super::digest(&digest, &Templates::embedded(), &reader()).html);
    let payload = view::digest(&digest);
    assert_eq!((payload["type"].as_str(), payload["data"].as_array().unwrap().len()), (Some("digest"), 4));
    assert_eq!(payload["data"][0]["type"], "contact.status");
}

#[test]
fn a_huge_digest_shows_less_of_each_alert() {
    let mut digest = sample::digest();
    let first = digest.alerts[0].clone();
    digest.alerts = (0..50)
        .map(|number| {
            let mut one = first.clone();
            one.0.id = crate::model::ids::AlertId::of(&[&number.to_string()]);
            one.0.item.url = Some(format!("https://example.org/{}", "a".repeat(1900)));
            let Subject::Contact { contact, evidence, .. } = &mut one.0.subject else { unreachable!() };
            contact.id = crate::model::ids::ContactId::of(&[&number.to_string()]);
            evidence.sentence = "会".repeat(5000);
            one
        })
        .collect();
    let message = super::digest(&digest, &Templates::embedded(), &chinese());
    assert!(message.html.len() <= 100_000 && message.text.len() <= 100_000);
    assert_eq!(message.html.matches("<h2").count(), 50, "every contact is named");
    assert_eq!(message.text.matches("【").count() + message.text.matches('[').count(), 50);
}

#[test]
fn a_digest_prints_no_markup_of_an_article() {
    let mut digest = sample::digest();
    let Subject::Contact { contact, evidence, .. } = &mut digest.alerts[0].0.subject else { unreachable!() };
    contact.place = Some("<b>x</b>".to_owned());
    evidence.sentence = "<script>alert(1)</script>".to_owned();
    digest.alerts[0].0.item.title = "</a><img src=x>".to_owned();
    digest.alerts[0].0.item.url = Some("javascript:alert(1)".to_owned());
    for reader in [reader(), chinese()] {
        let html = super::digest(&digest, &Templates::embedded(), &reader).html;
        for bad in ["<script>", "<img", "<b>x", "javascript:"] {
            assert!(!html.contains(bad), "{bad}");
        }
    }
}

#[test]
fn subjects_say_status_people_form_and_date() {
    assert_eq!(shown(&sample::postponed()).subject, "[POSTPONED] Blinken – Beijing visit (was 5–6 Feb)");
    assert_eq!(shown(&sample::held_call()).subject, "[HELD] Blinken, Qin Gang – call, 14 Jun");
    assert_eq!(
        shown(&sample::word_match()).subject,
        "[openline] export-controls: Commerce adds chip makers to the entity list"
    );
}

#[test]
fn changes_that_leave_the_status_have_a_word_and_a_line_of_their_own() {
    let rung = |level, kind| Rung { level, kind };
    let (minister, deputy) = (rung(Level::Minister, Kind::Visit), rung(Level::ViceMinister, Kind::Visit));
    let call = rung(Level::Minister, Kind::Call);
    let cases = [
        (ChangeKind::Denied, "[DENIED]", "a side denies it"),
        (ChangeKind::Overdue, "[OVERDUE]", "overdue: postponed, its date has passed, and nobody reports it"),
        (ChangeKind::OneSided, "[ONE-SIDED]", "one-sided: one side alone has reported it"),
        (
            ChangeKind::LevelChanged { from: minister, to: deputy },
            "[DOWNGRADED]",
            "downgraded: minister → vice-minister",
        ),
        (ChangeKind::LevelChanged { from: deputy, to: minister }, "[UPGRADED]", "upgraded: vice-minister → minister"),
        (ChangeKind::LevelChanged { from: minister, to: call }, "[DOWNGRADED]", "downgraded: visit → call"),
    ];
    for (kind, tag, line) in cases {
        let mut alert = sample::postponed();
        let name = kind.name();
        let Subject::Contact { change, .. } = &mut alert.subject else { unreachable!() };
        *change = kind;
        let message = shown(&alert);
        assert!(message.subject.starts_with(tag), "{}", message.subject);
        assert!(message.text.contains(line) && message.html.contains(line), "{}", message.text);
        let payload = view::payload(&alert);
        assert_eq!(payload["type"], format!("contact.{name}"));
        assert_eq!(payload["data"]["change"]["from"].is_null(), name != "level");
    }
}

#[test]
fn subjects_say_which_date_was_given_up() {
    let day = |month, day| Moment::day(jiff::civil::date(2023, month, day));
    let subject = |status, moment, planned, change| {
        let mut alert = sample::postponed();
        let Subject::Contact { contact, change: was, .. } = &mut alert.subject else { unreachable!() };
        (contact.status, contact.moment, contact.planned, *was) = (status, moment, planned, change);
        shown(&alert).subject
    };
    let moved = |from| ChangeKind::Moved { from, to: day(6, 18) };
    let visit = "Blinken – Beijing visit";
    let cases = [
        (Status::Scheduled, Some(day(6, 18)), Some(day(2, 5)), moved(None), ", 18 Jun (was 5 Feb)"),
        (Status::Scheduled, Some(day(6, 18)), None, moved(Some(day(6, 17))), ", 18 Jun (was 17 Jun)"),
        (Status::Held, Some(day(6, 18)), Some(day(2, 5)), ChangeKind::Opened, ", 18 Jun"),
        (Status::Postponed, Some(day(6, 18)), Some(day(2, 5)), ChangeKind::Opened, " (was 5 Feb, now 18 Jun)"),
        (Status::Postponed, Some(day(2, 5)), None, ChangeKind::Opened, " (was 5 Feb)"),
        (Status::Cancelled, None, None, ChangeKind::Opened, ""),
        (Status::Declined, Some(day(6, 2)), None, ChangeKind::Opened, " (for 2 Jun)"),
        (Status::Proposed, None, Some(day(2, 5)), ChangeKind::Opened, " (was 5 Feb)"),
    ];
    for (status, moment, planned, change, tail) in cases {
        let tag = status.name().to_uppercase();
        assert_eq!(subject(status, moment, planned, change), format!("[{tag}] {visit}{tail}"));
    }
}

#[test]
fn a_flood_stays_small() {
    let mut alert = sample::postponed();
    let Subject::Contact { contact, .. } = &mut alert.subject else { unreachable!() };
    for number in 0..2000 {
        let mut source = contact.sources.first().cloned().unwrap();
        source.item.item = crate::model::ids::ItemId::of(&["flood", &number.to_string()]);
        source.item.title = "标题<&>\"'".repeat(1000);
        contact.sources.push(source);
        contact.history.push(contact.history.first().cloned().unwrap());
        contact.parties.push(contact.parties.first().cloned().unwrap());
    }
    let matched = alert.matched.first().cloned().unwrap();
    alert.matched = vec![matched; 500];
    let message = shown(&alert);
    assert!(message.html.len() < 100_000 && message.html.contains("<mark"), "{}", message.html.len());
    assert!(message.text.len() < 30_000 && message.text.contains("and 1994 more"), "{}", message.text.len());
    assert!(view::payload(&alert).to_string().len() < 1_000_000);
}

proptest::proptest! {
    #[test]
    fn any_strings_give_a_whole_message(text in "\\PC{0,300}|[ -~\\r\\n\u{202e}<>{}%&]{0,300}", start in 0usize..400, length in 0usize..400) {
        let mut alert = sample::held_call();
        alert.item.title.clone_from(&text);
        alert.item.url = Some(text.clone());
        let Subject::Contact { contact, evidence, .. } = &mut alert.subject else { unreachable!() };
        contact.place = Some(text.clone());
        contact.kind = Kind::Meeting;
        for party in &mut contact.parties {
            party.name = Some(text.clone());
        }
        evidence.sentence = text;
        evidence.span.start = start;
        for fired in &mut evidence.fired {
            (fired.span.start, fired.span.end) = (start + length / 3, start + length);
        }
        let message = shown(&alert);
        proptest::prop_assert!(message.html.ends_with("</html>") && message.html.len() < 100_000);
        proptest::prop_assert_eq!(message.html.matches("<table").count(), 3);
        proptest::prop_assert!(message.preheader.chars().count() <= 90);
        proptest::prop_assert_eq!(message.subject.lines().count(), 1);
        proptest::prop_assert_eq!(message.text.find('\u{202e}'), None);
        proptest::prop_assert!(terminal::alert(&alert, false).lines().count() <= 6);
        proptest::prop_assert!(view::payload(&alert).get("data").is_some());
    }
}

#[test]
fn the_first_ninety_characters_say_who_what_when_source() {
    let message = shown(&sample::postponed());
    assert_eq!(message.preheader, "Blinken: Beijing visit postponed (was 5–6 Feb). State Department");
    assert!(message.text.starts_with(&message.preheader));
    for alert in [sample::postponed(), sample::held_call(), sample::word_match(), hostile()] {
        assert!(shown(&alert).preheader.chars().count() <= 90, "{}", shown(&alert).preheader);
    }
}

/// A sample whose every string of an article is an attack.
fn hostile() -> Alert {
    let attack = "</td><script>alert(1)</script>\"'onmouseover=x {{ 7*7 }} \u{202e}evil\u{202c}\r\nBcc: victim@example.org\r\n.\r\n\u{1b}[2J";
    let mut alert = sample::postponed();
    alert.item.title = attack.repeat(50);
    alert.item.feed_title = attack.to_owned();
    alert.item.url = Some("javascript:alert(document.cookie)".to_owned());
    for matched in &mut alert.matched {
        matched.words.push(attack.to_owned());
    }
    let Subject::Contact { contact, evidence, .. } = &mut alert.subject else { unreachable!() };
    contact.place = Some(attack.to_owned());
    for party in &mut contact.parties {
        party.name = Some(attack.to_owned());
        party.office = Some(attack.to_owned());
    }
    for source in &mut contact.sources {
        source.item.title = attack.to_owned();
        source.item.url = Some("https://example.org/?q=\"><img src=x onerror=alert(1)>".to_owned());
    }
    evidence.sentence = attack.repeat(200);
    alert
}

#[test]
fn hostile_strings_stay_text() {
    let message = shown(&hostile());
    let html = &message.html;
    assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("javascript:"));
    assert!(!html.contains("\"'onmouseover") && html.contains("&lt;script&gt;"));
    assert!(html.contains("{{ 7*7 }}"), "an article's text is not a template");
    assert!(html.len() < 100_000, "{}", html.len());
    for text in [&message.subject, &message.text, html, &message.preheader, &terminal::alert(&hostile(), false)] {
        assert!(!text.contains(['\u{202e}', '\u{202c}', '\r', '\u{1b}']), "{text}");
        assert!(!text.lines().any(|line| line.starts_with("Bcc:") || line == "."), "{text}");
    }
    assert!(!message.subject.contains('\n') && message.subject.chars().count() <= 200);
}

#[test]
fn html_loads_nothing_and_knows_the_dark() {
    for alert in [sample::postponed(), sample::held_call(), sample::word_match()] {
        let html = shown(&alert).html;
        for remote in ["<img", "<link", "@import", "url(", "<iframe", "src="] {
            assert!(!html.contains(remote), "{remote}");
        }
        assert!(html.contains("prefers-color-scheme: dark") && html.contains("name=\"color-scheme\""));
        assert!(html.len() < 20_000, "{}", html.len());
    }
}

#[test]
fn threads_go_by_contact_and_subject_stems_stay() {
    let first = sample::postponed();
    let mut later = first.clone();
    let Subject::Contact { contact, .. } = &mut later.subject else { unreachable!() };
    contact.status = crate::model::mention::Status::Cancelled;
    let stem = |message: &Message| message.subject.split("] ").nth(1).map(str::to_owned);
    assert_eq!(shown(&first).thread_root, shown(&later).thread_root);
    assert_eq!(stem(&shown(&first)), stem(&shown(&later)));
}

#[test]
fn a_template_of_the_users_wins_and_a_failing_one_gives_way() {
    let load = |name: &str, text: &str| Templates::load(&[(name.to_owned(), text.to_owned())]).unwrap();
    let own = load("mail.txt", "{{ tag }} {{ headline }}");
    assert_eq!(message(&sample::held_call(), &own, &reader()).text, "HELD Blinken, Qin Gang – call, 14 Jun");
    let fragile = load("mail.txt", "{{ 10 // (10 - history | length) if status == 'postponed' else 'x' }}");
    let mut alert = sample::postponed();
    let Subject::Contact { contact, .. } = &mut alert.subject else { unreachable!() };
    let entry = contact.history.first().cloned().unwrap();
    contact.history = vec![entry; 10];
    assert!(message(&alert, &fragile, &reader()).text.starts_with("Blinken: Beijing visit postponed"));
}

#[test]
fn the_payload_is_what_receivers_were_promised() {
    let payload = view::payload(&sample::postponed());
    insta::assert_snapshot!("postponed_payload", serde_json::to_string_pretty(&payload).unwrap());
    assert_eq!(view::payload(&sample::word_match()).get("type").unwrap(), "item.matched");
}

#[test]
fn a_mention_is_what_the_line_protocol_says() {
    let Subject::Contact { contact, evidence, .. } = sample::held_call().subject else { unreachable!() };
    let article = Article {
        id: "zh-001".to_owned(),
        url: None,
        feed: None,
        tier: None,
        language: Language::Zh,
        published: sample::held_call().raised,
        dated: true,
        zone: TimeZone::UTC,
        title: String::new(),
        summary: evidence.sentence.clone(),
        content: String::new(),
        from_page: false,
    };
    let mention = Mention {
        kind: contact.kind,
        status: contact.status,
        novelty: contact.novelty,
        level: contact.level,
        parties: contact.parties.clone(),
        moment: contact.moment,
        place: None,
        attribution: None,
        voices: Vec::new(),
        confidence: 0.940_000_1,
        evidence,
    };
    let codes = super::codes::codes(mention.kind, mention.status, false);
    insta::assert_snapshot!(
        "mention",
        serde_json::to_string_pretty(&view::mention(&mention, &article, codes)).unwrap()
    );
}

#[test]
fn a_table_is_aligned_by_columns_not_by_characters() {
    let contact = |alert: Alert| match alert.subject {
        Subject::Contact { contact, .. } => *contact,
        Subject::Item { .. } => unreachable!(),
    };
    let (visit, mut call) = (contact(sample::postponed()), contact(sample::held_call()));
    call.parties.reverse();
    for party in &mut call.parties {
        party.name = Some("秦刚\u{1b}[31m".to_owned());
    }
    insta::assert_snapshot!("table", terminal::table(&[&visit, &call], false));
    assert_eq!(terminal::columns("秦刚 x"), 6);
    assert_eq!(terminal::table(&[], false), "WHEN  STATUS  KIND  WHO  WHERE");
}
