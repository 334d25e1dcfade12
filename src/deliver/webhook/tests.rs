//! The signature's known answer, the settings' flaws, and the table of answers.

use super::*;
use crate::render::sample;
use jiff::SignedDuration;

const KEY: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

fn spec(secrets: &[&str]) -> Spec {
    Spec {
        id: "hook".to_owned(),
        url: "https://hooks.example.org/T0KEN".parse().unwrap(),
        format: Format::Standard,
        secrets: secrets.iter().map(|secret| Secret::new(*secret)).collect(),
    }
}

#[test]
fn the_signature_is_the_standards_own_example() {
    let body = r#"{"email":"test@example.com","username":"test_user"}"#;
    let now = Timestamp::from_second(1_649_367_553).unwrap();
    let keys = [Secret::new(KEY), Secret::new(KEY)];
    let headers = signed(&keys, "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk", now, body).unwrap();
    let value = |name: &str| headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let once = "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=";
    assert_eq!(value("webhook-signature"), Some(format!("{once} {once}").as_str()));
    assert_eq!(value("webhook-timestamp"), Some("1649367553"));
    assert_eq!(value("webhook-id"), Some("msg_27UH4WbU6Z5A5EzD8u03UvzRbpk"));
}

#[test]
fn settings_are_checked_and_never_printed() {
    assert_eq!(spec(&[KEY]).flaws(), []);
    assert_eq!(spec(&[]).flaws().len(), 1);
    assert_eq!(spec(&["C2FVsBQIhrscChlQIMV+b5sSYspob7oD", "whsec_!!", "whsec_YWJj", KEY]).flaws().len(), 3);
    let mut odd = spec(&[KEY]);
    odd.url = "ftp://example.org/".parse().unwrap();
    assert_eq!(odd.flaws().len(), 1);
    let printed = format!("{:?} {:?}", spec(&[KEY]), spec(&["whsec_!!secret"]).flaws());
    assert!(!printed.contains("T0KEN") && !printed.contains("C2FV") && !printed.contains("!!secret"), "{printed}");
}

#[test]
fn answers_are_judged_by_their_status() {
    let judged =
        |status| judge(&Answer { status, retry_after: Some(SignedDuration::from_secs(9)), excerpt: "x".into() });
    for status in [200, 201, 202, 204, 299] {
        assert!(matches!(judged(status), AttemptResult::Sent { .. }), "{status}");
    }
    for status in [100, 301, 302, 307, 400, 401, 403, 404, 408, 413, 425, 429, 500, 502, 503, 504, 599] {
        let AttemptResult::Failed(failure) = judged(status) else { panic!("{status} was a success") };
        assert!(failure.retry && failure.after == Some(SignedDuration::from_secs(9)), "{status}");
        assert!(failure.reason.contains(&status.to_string()));
    }
    let silent = |status, said: &str| match judge(&Answer { status, retry_after: None, excerpt: said.to_owned() }) {
        AttemptResult::Failed(failure) => failure.after.map(|wait| wait.as_secs()),
        AttemptResult::Sent { receipt } => panic!("sent: {receipt}"),
    };
    assert_eq!([429, 502, 503, 504].map(|status| silent(status, "")), [Some(30); 4], "a breather where none is named");
    assert_eq!([400, 500, 501, 505].map(|status| silent(status, "")), [None; 4]);
    assert_eq!(silent(429, r#"{"ok":false,"error_code":429,"parameters":{"retry_after":35}}"#), Some(35));
    let AttemptResult::Failed(failure) = judged(410) else { panic!("410 was a success") };
    assert!(!failure.retry);
}

fn out(alert: crate::model::alert::Alert) -> Outgoing {
    Outgoing {
        delivery: crate::model::ids::DeliveryId::new("d1"),
        attempt: 1,
        recipient: "hook".to_owned(),
        load: alert.into(),
        zone: jiff::tz::TimeZone::UTC,
        language: crate::model::article::Language::En,
        mark: None,
        created: Timestamp::UNIX_EPOCH,
        now: Timestamp::UNIX_EPOCH,
    }
}

fn formats() -> [(Format, &'static str); 4] {
    [
        (Format::Alertmanager, "bearer"),
        (Format::Slack, "https://hooks.slack.example/services/T/B/X"),
        (Format::Ntfy { topic: "openline".to_owned() }, "tk_1"),
        (Format::Telegram { chat: "@desk".to_owned() }, "1234:ABC_d-e"),
    ]
}

fn body(format: &Format, secret: &str, out: &Outgoing) -> serde_json::Value {
    let spec = Spec { format: format.clone(), ..spec(&[secret]) };
    assert_eq!(spec.flaws(), [], "{format:?}");
    serde_json::from_str(&format.request(&spec, out).unwrap().1).unwrap()
}

#[test]
fn every_format_has_its_golden_bodies() {
    for (format, secret) in formats() {
        let mut said = String::new();
        for alert in [sample::postponed(), sample::held_call(), sample::word_match()] {
            said += &serde_json::to_string_pretty(&body(&format, secret, &out(alert))).unwrap();
            said += "\n";
        }
        insta::assert_snapshot!(format.name(), said);
    }
}

/// A digest of so many alerts, whose titles are as given.
fn digest(count: usize, title: &str) -> Outgoing {
    let whole = sample::digest();
    let held = whole.alerts.first().unwrap().1;
    let alerts = (1..=count).map(|number| {
        let mut alert = sample::word_match();
        alert.item.title = format!("{number} {title}");
        (alert, held)
    });
    let digest = crate::model::digest::Digest { alerts: alerts.collect(), ..whole };
    Outgoing { load: digest.into(), ..out(sample::word_match()) }
}

#[test]
fn a_digest_says_how_many_alerts_it_does_not_name() {
    for (format, secret) in formats().into_iter().skip(1) {
        let said = body(&format, secret, &digest(15, "on chips"));
        insta::assert_snapshot!(format!("digest_{}", format.name()), serde_json::to_string_pretty(&said).unwrap());
        assert!(said.to_string().contains("15 alerts; 5 more"), "{said}");
        // What finds no room is counted, and nothing is cut in two.
        let said = body(&format, secret, &digest(15, &"长".repeat(300))).to_string();
        let more: usize = said.split("15 alerts; ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
        let named = (1..=15).filter(|number| said.contains(&format!("{number} 长"))).count();
        assert!(named >= 7 && named + more == 15, "{}: {named} named, {more} more", format.name());
    }
}

#[test]
fn every_format_says_that_a_trial_is_one() {
    for (format, secret) in formats().into_iter().chain([(Format::Standard, KEY)]) {
        let trial = Outgoing { mark: Some("DRILL".to_owned()), ..out(sample::postponed()) };
        assert!(body(&format, secret, &trial).to_string().contains("DRILL"), "{format:?}");
        assert!(!body(&format, secret, &out(sample::postponed())).to_string().contains("DRILL"), "{format:?}");
    }
}

/// An alert whose strings are far too long and try to leave their place.
fn monster() -> crate::model::alert::Alert {
    use crate::model::alert::Subject;
    let attack = format!("<!channel> </b>&<a href=\"x\"> \u{1f600}\u{202e}|{}", "長い😀&<>".repeat(3000));
    let mut alert = sample::postponed();
    alert.item.title = attack.clone();
    alert.item.feed_title = attack.clone();
    alert.item.url = Some(format!("https://example.org/?a=1&b=\"<|>{}", "x".repeat(1900)));
    if let Subject::Contact { contact, evidence, .. } = &mut alert.subject {
        contact.place = Some(attack.clone());
        for party in &mut contact.parties {
            (party.name, party.office) = (Some(attack.clone()), Some(attack.clone()));
        }
        evidence.sentence = attack;
    }
    alert
}

/// Lengths of everything that a receiver bounds, with the bounds.
#[test]
fn what_is_too_long_is_cut_and_what_means_something_is_escaped() {
    let tags = regex::Regex::new("<(/?b|/?blockquote|a href=\"[^\"<>]*\"|/a)>").unwrap();
    let cut = regex::Regex::new("&(?:[^alg]|$)").unwrap();
    for alert in [monster(), {
        let mut word = sample::word_match();
        word.item.title = "<b>&😀".repeat(5000);
        word
    }] {
        let slack = body(&formats()[1].0, formats()[1].1, &out(alert.clone()));
        let chars = |value: &serde_json::Value| value.as_str().unwrap().chars().count();
        assert!(chars(&slack["text"]) <= 4000);
        for block in slack["blocks"].as_array().unwrap() {
            let texts = block["text"].as_object().into_iter().map(|text| &text["text"]);
            let limit = if block["type"] == "header" { 150 } else { 3000 };
            texts.for_each(|text| assert!(chars(text) <= limit));
            for field in block["fields"].as_array().into_iter().flatten() {
                assert!(chars(&field["text"]) <= 2000 && block["fields"].as_array().unwrap().len() <= 10);
            }
            for element in block["elements"].as_array().into_iter().flatten() {
                assert!(chars(&element["text"]) <= 3000);
            }
        }
        // The header is plain text, in which nothing means anything.
        let text = slack["blocks"].as_array().unwrap().iter().skip(1).map(ToString::to_string).collect::<String>();
        let text = text + slack["text"].as_str().unwrap();
        assert!(!text.contains("<!") && !text.contains("<b>") && !text.contains("</b>"), "{text}");

        let ntfy = body(&formats()[2].0, formats()[2].1, &out(alert.clone()));
        assert!(ntfy["message"].as_str().unwrap().len() <= 4096 && ntfy["title"].as_str().unwrap().len() <= 250);

        let telegram = body(&formats()[3].0, formats()[3].1, &out(alert.clone()));
        let text = telegram["text"].as_str().unwrap();
        let bare = tags.replace_all(text, "").into_owned();
        assert!(!bare.contains('<') && !bare.contains('>'), "{bare}");
        let read = bare.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        assert!(read.encode_utf16().count() <= 4096, "{}", read.encode_utf16().count());
        assert!(!cut.is_match(&bare), "an escape was cut in two");
    }
}

#[test]
fn addresses_and_tokens_go_where_each_receiver_wants_them() {
    let with = |format: &Format, secrets: &[&str]| Spec { format: format.clone(), ..spec(secrets) };
    let [alertmanager, slack, ntfy, telegram] = formats().map(|(format, _)| format);
    let address = |spec: &Spec| spec.format.address(spec).map(String::from);
    assert_eq!(
        address(&with(&telegram, &["12:AB"])).as_deref(),
        Some("https://hooks.example.org/T0KEN/bot12:AB/sendMessage"),
        "a relay's path stays, with a slash at its end or without"
    );
    let root = Spec { url: "https://api.telegram.org/".parse().unwrap(), ..with(&telegram, &["12:AB"]) };
    assert_eq!(address(&root).as_deref(), Some("https://api.telegram.org/bot12:AB/sendMessage"));
    assert_eq!(
        address(&with(&slack, &["https://hooks.slack.example/s/1"])).as_deref(),
        Some("https://hooks.slack.example/s/1")
    );
    assert_eq!(address(&with(&ntfy, &["t"])).as_deref(), Some("https://hooks.example.org/T0KEN"));
    for (format, secrets, flaws) in [
        (&alertmanager, &[][..], 0),
        (&alertmanager, &["a", "b"], 1),
        (&ntfy, &["a\r\nx: y"], 1),
        (&telegram, &[], 1),
        (&telegram, &["../../x"], 1),
        (&slack, &["http://hooks.slack.example/"], 1),
        (&slack, &[], 0),
    ] {
        assert_eq!(with(format, secrets).flaws().len(), flaws, "{format:?} {secrets:?}");
    }
    let headers = ntfy.request(&with(&ntfy, &["tk_1"]), &out(sample::held_call())).unwrap().0;
    assert!(headers.contains(&("authorization".to_owned(), "Bearer tk_1".to_owned())));
}
