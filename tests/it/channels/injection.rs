//! SMTP injection, tried through every field that a mail has: the dialogue keeps its commands and the mail its headers.
//!
//! RUSTSEC-2026-0561 is one way of it in the mail library: bodies given as raw bytes pass lone line ends on. Ours never are.

use super::{email, outgoing};
use crate::harness::smtp::Smtp;
use jiff::tz::TimeZone;
use mail_parser::MessageParser;
use openline::deliver::Channel;
use openline::deliver::email::{Email, Mailbox, Spec, Tls, Transport};
use openline::model::alert::{Alert, Subject};
use openline::model::delivery::AttemptResult;
use openline::render::{Templates, sample};

/// Ends of lines as one relay or another reads them, with what would follow.
const ATTACKS: [&str; 9] = [
    "x\r\nRCPT TO:<victim@example.org>\r\n",
    "x\r\n.\r\nMAIL FROM:<evil@example.org>\r\n",
    "x\n.\nRCPT TO:<victim@example.org>\nDATA\n",
    "x\r.\rRCPT TO:<victim@example.org>\rDATA\r",
    "x\r\n.\nMAIL FROM:<evil@example.org>\r\n",
    "x\n.\r\nMAIL FROM:<evil@example.org>\r\n",
    "x\r\n\r\nBcc: victim@example.org\r\n",
    "x\u{85}.\u{85}Bcc: victim@example.org\u{2028}.\u{2029}",
    "x\0\r\n.\0\r\nQUIT\r\n\u{c}\u{b}.\r\n",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_field_of_an_alert_reaches_the_dialogue() {
    for attack in ATTACKS {
        for (field, alert) in fields(attack) {
            try_it(&format!("{field}: {attack:?}"), alert, |_| (), Templates::embedded()).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_setting_and_no_template_reaches_the_dialogue() {
    for attack in ATTACKS {
        let named = |address: &str| Mailbox::new(Some(attack.to_owned()), address.parse().unwrap());
        let said = |what: &str| format!("{what}: {attack:?}");
        try_it(
            &said("from"),
            sample::postponed(),
            |spec| spec.from = named("openline@example.org"),
            Templates::embedded(),
        )
        .await;
        try_it(
            &said("to"),
            sample::postponed(),
            |spec| spec.to = vec![named("desk@example.org")],
            Templates::embedded(),
        )
        .await;
        let reply = |spec: &mut Spec| spec.reply_to = Some(named("editor@example.org"));
        try_it(&said("reply_to"), sample::postponed(), reply, Templates::embedded()).await;
        for file in ["subject.txt", "mail.txt", "mail.html"] {
            let text = format!("{attack}{attack}end");
            let Ok(templates) = Templates::load(&[(file.to_owned(), text)]) else { continue };
            try_it(&said(file), sample::postponed(), |_| (), templates).await;
        }
    }
    // Addresses cannot hold a line's end at all.
    for address in
        ["a\r\nb@example.org", "a@example.org\r\nRCPT TO:<b@example.org>", "<a@example.org>\nx", "a@ex\0mple.org"]
    {
        assert!(address.parse::<Mailbox>().is_err(), "{address:?}");
    }
    let bad = Spec {
        id: "test".to_owned(),
        transport: Transport::Smtp,
        host: "localhost\r\nRCPT".to_owned(),
        port: 25,
        tls: Tls::None,
        user: None,
        password: None,
        from: "a@example.org".parse().unwrap(),
        to: vec!["b@example.org".parse().unwrap()],
        reply_to: None,
        timeout: jiff::SignedDuration::from_secs(1),
        patience: jiff::SignedDuration::from_secs(1),
    };
    let reader = |host: &str| openline::render::Reader {
        zone: TimeZone::UTC,
        host: host.to_owned(),
        language: openline::model::article::Language::En,
        glossary: std::sync::Arc::default(),
    };
    assert!(Email::new(bad.clone(), Templates::embedded(), reader("example.org")).is_err());
    let good = Spec { host: "localhost".to_owned(), ..bad };
    assert!(Email::new(good, Templates::embedded(), reader("example.org\r\nRCPT TO:<x@y>")).is_err());
}

/// Sends an alert; whatever comes of it, the relay must have heard the commands of one mail and no more.
async fn try_it(what: &str, alert: Alert, adjust: impl Fn(&mut Spec), templates: Templates) {
    let smtp = Smtp::start().await;
    let mut spec = None;
    drop(email(&smtp, |usual| spec = Some(usual.clone())));
    spec.iter_mut().for_each(adjust);
    let reader = openline::render::Reader {
        zone: TimeZone::UTC,
        host: "openline.example.org".to_owned(),
        language: openline::model::article::Language::En,
        glossary: std::sync::Arc::default(),
    };
    // A name with a line's end in it is a flaw of the settings; nothing is sent at all.
    let Ok(channel) = Email::new(spec.unwrap(), templates, reader) else {
        return assert!(what.starts_with("from") || what.starts_with("to") || what.starts_with("reply_to"), "{what}");
    };
    let mut out = outgoing(alert, "desk@example.org", "d1", 1);
    out.mark = Some("TEST".to_owned());
    let result = channel.send(&out).await;
    let verbs: Vec<String> = smtp.commands().iter().map(|line| line.chars().take(4).collect()).collect();
    let mails = smtp.mails();
    match result {
        AttemptResult::Sent { .. } => {
            assert_eq!(verbs, ["EHLO", "MAIL", "RCPT", "DATA"], "{what}");
            let [mail] = mails.as_slice() else { panic!("{what}: {} mails", mails.len()) };
            assert_eq!(
                (mail.from.as_str(), mail.to.as_slice()),
                ("openline@example.org", ["desk@example.org".to_owned()].as_slice()),
                "{what}"
            );
            let parsed = MessageParser::default().parse(&mail.data).unwrap();
            assert!(parsed.bcc().is_none() && parsed.cc().is_none(), "{what}");
            assert!(parsed.headers_raw().count() <= 15, "{what}: {:?}", parsed.headers_raw().collect::<Vec<_>>());
            let lone = |pair: &[u8]| (pair[0] == b'\r') != (pair[1] == b'\n');
            assert!(
                !mail.data.windows(2).any(|pair| lone(pair) && (pair[0] == b'\r' || pair[1] == b'\n')),
                "{what}: a lone line end"
            );
        }
        AttemptResult::Failed(failure) => {
            assert!(mails.is_empty() && verbs.is_empty() && !failure.retry, "{what}: {verbs:?} {}", failure.reason);
        }
    }
}

/// The alert with the attack in each of its strings in turn.
fn fields(attack: &str) -> Vec<(&'static str, Alert)> {
    let mut all = Vec::new();
    let mut with = |name: &'static str, edit: &dyn Fn(&mut Alert, String)| {
        for mut alert in [sample::postponed(), sample::word_match()] {
            edit(&mut alert, attack.to_owned());
            all.push((name, alert));
        }
    };
    with("item.title", &|alert, text| alert.item.title = text);
    with("item.feed_title", &|alert, text| alert.item.feed_title = text);
    with("item.url", &|alert, text| alert.item.url = Some(format!("https://example.org/{text}")));
    with("matched.rule", &|alert, text| alert.matched.iter_mut().for_each(|one| one.rule.clone_from(&text)));
    with("matched.words", &|alert, text| alert.matched.iter_mut().for_each(|one| one.words = vec![text.clone()]));
    with("matched.channels", &|alert, text| alert.matched.iter_mut().for_each(|one| one.channels = vec![text.clone()]));
    with("subject", &|alert, text| match &mut alert.subject {
        Subject::Item { excerpt } => *excerpt = text,
        Subject::Contact { contact, evidence, .. } => {
            contact.place = Some(text.clone());
            for party in &mut contact.parties {
                (party.name, party.office, party.person) = (Some(text.clone()), Some(text.clone()), Some(text.clone()));
            }
            for source in &mut contact.sources {
                (source.quote, source.item.title) = (text.clone(), text.clone());
            }
            evidence.sentence = text;
        }
    });
    all
}
