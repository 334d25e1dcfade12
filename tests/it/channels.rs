//! One contract for every kind of channel, then what each promises besides.

use crate::harness::smtp::{Answer, Phase, Smtp};
use crate::harness::webhook::{Receiver, Reply};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use mail_parser::{HeaderValue, MessageParser, MimeHeaders};
use openline::deliver::email::{Email, Spec as EmailSpec, Tls};
use openline::deliver::secret::Secret;
use openline::deliver::terminal::Terminal;
use openline::deliver::webhook::{Spec as WebhookSpec, Webhook};
use openline::deliver::{ALL, Channel, Outgoing};
use openline::model::alert::{Alert, Subject};
use openline::model::delivery::{AttemptResult, Failure};
use openline::model::ids::DeliveryId;
use openline::net::allow::Allow;
use openline::net::client::{Client, Limits};
use openline::net::guard::Guard;
use openline::render::{Reader, Templates, sample};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const KEYS: [&str; 2] =
    ["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="];
const HEADERS: [&str; 13] = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "List-ID",
    "Reply-To",
    "MIME-Version",
    "Content-Type",
];
const LIMIT: Duration = Duration::from_secs(20);

/// What a receiver is told to do with the next attempt.
#[derive(Clone, Copy, Debug)]
enum Will {
    Accept,
    RefuseForNow,
    RefuseForEver,
}

/// A channel with its receiver.
struct Rig {
    channel: Box<dyn Channel>,
    tell: Box<dyn Fn(Will)>,
    /// Ids of the attempts that reached the receiver whole, and of none else.
    accepted: Box<dyn Fn() -> Vec<String>>,
    /// Whether the kind knows refusals for ever.
    refuses: bool,
}

async fn rig(kind: &str) -> Rig {
    match kind {
        "email" => {
            let smtp = Arc::new(Smtp::start().await);
            let (told, asked) = (Arc::clone(&smtp), Arc::clone(&smtp));
            Rig {
                channel: Box::new(email(&smtp, |_| ())),
                tell: Box::new(move |will| match will {
                    Will::Accept => (),
                    Will::RefuseForNow => told.script(Phase::Rcpt, Answer::Line("451 4.7.1 greylisted".into())),
                    Will::RefuseForEver => told.script(Phase::Rcpt, Answer::Line("550 5.1.1 no such user".into())),
                }),
                accepted: Box::new(move || {
                    let ids = asked.mails().into_iter().map(|mail| {
                        let parsed = MessageParser::default().parse(&mail.data).unwrap();
                        parsed.message_id().unwrap().split('@').next().unwrap().to_owned()
                    });
                    ids.collect()
                }),
                refuses: true,
            }
        }
        "webhook" => {
            let receiver = Arc::new(Receiver::start().await);
            let (told, asked) = (Arc::clone(&receiver), Arc::clone(&receiver));
            let statuses = Arc::new(Mutex::new(Vec::new()));
            let kept = Arc::clone(&statuses);
            Rig {
                channel: Box::new(webhook(&receiver, &KEYS)),
                tell: Box::new(move |will| {
                    let status = match will {
                        Will::Accept => 200,
                        Will::RefuseForNow => 503,
                        Will::RefuseForEver => 410,
                    };
                    kept.lock().unwrap().push(status);
                    told.script(Reply::status(status));
                }),
                accepted: Box::new(move || {
                    let requests = asked.requests().into_iter().zip(statuses.lock().unwrap().clone());
                    requests
                        .filter(|(_, status)| *status == 200)
                        .map(|(request, _)| request.header("webhook-id").to_owned())
                        .collect()
                }),
                refuses: true,
            }
        }
        "terminal" => {
            let (lines, broken) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(false)));
            let (kept, breaks) = (Arc::clone(&lines), Arc::clone(&broken));
            let sink = move |text: &str| {
                if std::mem::take(&mut *breaks.lock().unwrap()) {
                    return Err(std::io::ErrorKind::BrokenPipe.into());
                }
                kept.lock().unwrap().push(text.to_owned());
                Ok(())
            };
            Rig {
                channel: Box::new(Terminal::new("test", false, Box::new(sink))),
                tell: Box::new(move |will| *broken.lock().unwrap() = !matches!(will, Will::Accept)),
                // A terminal has no identifiers to show.
                accepted: Box::new(move || vec!["d1".to_owned(); lines.lock().unwrap().len()]),
                refuses: false,
            }
        }
        other => panic!("the contract has no rig for the channel kind {other}"),
    }
}

#[tokio::test]
async fn every_kind_of_channel_keeps_the_contract() {
    for kind in ALL {
        let rig = rig(kind).await;
        let channel = rig.channel.as_ref();
        assert_eq!(channel.id(), "test", "{kind}");
        assert_eq!(channel.recipients().len(), 1, "{kind}");
        let recipient = channel.recipients().first().unwrap().clone();
        let out = |attempt| outgoing(sample::postponed(), &recipient, "d1", attempt);

        (rig.tell)(Will::RefuseForNow);
        let failure = failed(channel.send(&out(1)).await);
        assert!(failure.retry && !failure.reason.is_empty(), "{kind}: {failure:?}");
        assert_eq!((rig.accepted)(), [""; 0], "{kind}");

        for attempt in 2..=3 {
            (rig.tell)(Will::Accept);
            let result = channel.send(&out(attempt)).await;
            assert!(matches!(result, AttemptResult::Sent { .. }), "{kind}: {result:?}");
        }
        assert_eq!((rig.accepted)(), ["d1", "d1"], "{kind}: the id is the same on every attempt");

        if rig.refuses {
            (rig.tell)(Will::RefuseForEver);
            assert!(!failed(channel.send(&out(4)).await).retry, "{kind}");
        }
        channel.close().await;
    }
}

fn failed(result: AttemptResult) -> Failure {
    match result {
        AttemptResult::Failed(failure) => failure,
        AttemptResult::Sent { receipt } => panic!("sent: {receipt}"),
    }
}

fn outgoing(alert: Alert, recipient: &str, delivery: &str, attempt: u32) -> Outgoing {
    Outgoing {
        delivery: DeliveryId::new(delivery),
        attempt,
        recipient: recipient.to_owned(),
        alert,
        created: "2023-02-03T16:42:05Z".parse().unwrap(),
        now: Timestamp::now(),
    }
}

fn email(smtp: &Smtp, adjust: impl FnOnce(&mut EmailSpec)) -> Email {
    let mut spec = EmailSpec {
        id: "test".to_owned(),
        host: "127.0.0.1".to_owned(),
        port: smtp.port(),
        tls: Tls::None,
        user: None,
        password: None,
        from: "openline 警报 <openline@example.org>".parse().unwrap(),
        to: vec!["Désk <desk@example.org>".parse().unwrap()],
        reply_to: Some("editor@example.org".parse().unwrap()),
        timeout: SignedDuration::from_secs(10),
    };
    adjust(&mut spec);
    let reader = Reader { zone: TimeZone::UTC, host: "openline.example.org".to_owned() };
    Email::new(spec, Templates::embedded(), reader).unwrap()
}

fn webhook(receiver: &Receiver, secrets: &[&str]) -> Webhook {
    let guard = Guard::new(vec![Allow::host("127.0.0.1", Some(receiver.port()))]);
    let client = Client::new(guard, "openline-test", Limits::default()).unwrap();
    let spec = WebhookSpec {
        id: "test".to_owned(),
        url: receiver.url("/hook/T0KEN").parse().unwrap(),
        secrets: secrets.iter().map(|secret| Secret::new(*secret)).collect(),
    };
    Webhook::new(spec, client).unwrap()
}

/// An alert whose strings try to leave their place.
fn hostile() -> Alert {
    let attack = "x\r\n.\r\nMAIL FROM:<evil@example.org>\r\nRCPT TO:<victim@example.org>\r\nDATA\r\nBcc: victim@example.org\r\n\r\n<script>alert(1)</script>\n.\n.\r";
    let mut alert = sample::postponed();
    alert.item.title = attack.to_owned();
    alert.item.feed_title = attack.to_owned();
    alert.item.url = Some(format!("https://example.org/{attack}"));
    let Subject::Contact { contact, evidence, .. } = &mut alert.subject else { panic!("the sample has no contact") };
    contact.place = Some(attack.to_owned());
    for party in &mut contact.parties {
        party.name = Some(attack.to_owned());
    }
    evidence.sentence = format!("{attack}{}", "long ".repeat(2000));
    alert
}

#[tokio::test]
async fn a_mail_reads_back_as_it_was_meant() {
    let smtp = Smtp::start().await;
    let channel = email(&smtp, |_| ());
    channel.send(&outgoing(sample::postponed(), "desk@example.org", "d1", 1)).await;
    let mails = smtp.wait_for(1, LIMIT).await;
    let mail = mails.first().unwrap();
    assert_eq!(
        (mail.from.as_str(), mail.to.as_slice()),
        ("openline@example.org", ["desk@example.org".to_owned()].as_slice())
    );

    let parsed = MessageParser::default().parse(&mail.data).unwrap();
    let Subject::Contact { contact, .. } = sample::postponed().subject else { panic!("the sample has no contact") };
    let root = format!("{}@openline.example.org", contact.id);
    assert_eq!(parsed.message_id(), Some("d1@openline.example.org"));
    assert_eq!(parsed.references().as_text(), Some(root.as_str()));
    assert_eq!(parsed.in_reply_to().as_text(), Some(root.as_str()));
    assert_eq!(parsed.subject(), Some("[POSTPONED] Blinken – Beijing visit (was 5–6 Feb)"));
    assert_eq!(parsed.date().unwrap().to_rfc3339(), "2023-02-03T16:42:05Z");
    assert_eq!(parsed.from().unwrap().first().unwrap().name(), Some("openline 警报"));
    assert_eq!(parsed.to().unwrap().first().unwrap().name(), Some("Désk"));
    assert_eq!(parsed.reply_to().unwrap().first().unwrap().address(), Some("editor@example.org"));
    assert_eq!(parsed.header("Auto-Submitted").and_then(HeaderValue::as_text), Some("auto-generated"));
    assert_eq!(parsed.header("X-Auto-Response-Suppress").and_then(HeaderValue::as_text), Some("All"));
    assert!(parsed.header_raw("List-Id").unwrap().contains("<alerts.openline.example.org>"));

    let kinds: Vec<&str> = parsed.parts.iter().filter_map(|part| part.content_type()?.subtype()).collect();
    assert_eq!(kinds, ["alternative", "plain", "html"], "text stands first");
    assert!(
        parsed.body_text(0).unwrap().starts_with("Blinken: Beijing visit postponed (was 5–6 Feb). State Department")
    );
    assert!(parsed.body_html(0).unwrap().contains("<mark"));
    assert_lines_are_short(&mail.data);
}

fn assert_lines_are_short(data: &[u8]) {
    for line in data.split(|byte| *byte == b'\n') {
        assert!(line.len() <= 998 && line.is_ascii(), "a line of {} bytes", line.len());
    }
    assert!(!data.windows(2).any(|pair| pair.ends_with(b"\n") && !pair.starts_with(b"\r")), "a bare line feed");
}

#[tokio::test]
async fn nothing_that_an_article_says_becomes_a_command_or_a_header() {
    let smtp = Smtp::start().await;
    let channel = email(&smtp, |_| ());
    for delivery in ["d1", "d2"] {
        let result = channel.send(&outgoing(hostile(), "desk@example.org", delivery, 1)).await;
        assert!(matches!(result, AttemptResult::Sent { .. }), "{result:?}");
    }
    let mails = smtp.wait_for(2, LIMIT).await;
    assert_eq!(mails.len(), 2);
    for mail in &mails {
        assert_eq!((mail.from.as_str(), mail.to.len()), ("openline@example.org", 1));
        let parsed = MessageParser::default().parse(&mail.data).unwrap();
        assert!(parsed.bcc().is_none() && parsed.cc().is_none());
        let names: Vec<&str> = parsed.headers_raw().map(|(name, _)| name).collect();
        assert_eq!(names, HEADERS);
        assert!(!parsed.body_html(0).unwrap().contains("<script"));
        assert!(parsed.body_text(0).unwrap().contains("MAIL FROM:<evil@example.org>"), "it stays text");
        assert_lines_are_short(&mail.data);
    }
    let verbs: Vec<String> = smtp.commands().iter().map(|line| line.chars().take(4).collect()).collect();
    assert_eq!(verbs, ["EHLO", "MAIL", "RCPT", "DATA", "NOOP", "MAIL", "RCPT", "DATA"]);
    assert_eq!(smtp.connections(), 1, "the connection is used again");
}

#[tokio::test]
async fn a_template_that_prints_dots_ends_no_message() {
    let smtp = Smtp::start().await;
    let text = "first\n.\nMAIL FROM:<evil@example.org>\r\n.\r\n..two\n.one\r.\r\n";
    let templates = Templates::load(&[("mail.txt".to_owned(), text.to_owned())]).unwrap();
    let spec = EmailSpec {
        id: "test".to_owned(),
        host: "localhost".to_owned(),
        port: smtp.port(),
        tls: Tls::None,
        user: None,
        password: None,
        from: "a@example.org".parse().unwrap(),
        to: vec!["desk@example.org".parse().unwrap()],
        reply_to: None,
        timeout: SignedDuration::from_secs(10),
    };
    let reader = Reader { zone: TimeZone::UTC, host: "openline.example.org".to_owned() };
    let channel = Email::new(spec, templates, reader).unwrap();
    channel.send(&outgoing(sample::held_call(), "desk@example.org", "d1", 1)).await;
    let mails = smtp.wait_for(1, LIMIT).await;
    let parsed = MessageParser::default().parse(&mails.first().unwrap().data).unwrap();
    assert!(
        parsed
            .body_text(0)
            .unwrap()
            .replace('\r', "")
            .starts_with("first\n.\nMAIL FROM:<evil@example.org>\n.\n..two\n.one")
    );
    assert_eq!(smtp.commands().len(), 4, "{:?}", smtp.commands());
}

#[tokio::test]
async fn smtp_failures_are_told_apart() {
    let line = |text: &str| Answer::Line(text.to_owned());
    let cases = [
        (Phase::Greeting, line("421 4.3.2 not now"), true),
        (Phase::Greeting, line("554 5.3.2 no service"), true),
        (Phase::Greeting, Answer::Drop, true),
        (Phase::Ehlo, line("502 5.5.1 what"), true),
        (Phase::Mail, line("450 4.1.8 later"), true),
        (Phase::Mail, line("550 5.7.1 not you"), false),
        (Phase::Mail, line("530 5.7.0 log in first"), true),
        (Phase::Rcpt, line("452 4.2.2 mailbox full"), true),
        (Phase::Rcpt, line("550 5.1.1 no such user"), false),
        (Phase::Data, line("451 4.3.0 later"), true),
        (Phase::Data, line("554 5.7.1 refused"), false),
        (Phase::Message, line("552 5.3.4 too big"), false),
        (Phase::Message, line("451 4.7.0 later"), true),
        (Phase::Message, Answer::Drop, true),
    ];
    let smtp = Smtp::start().await;
    let channel = email(&smtp, |_| ());
    for (phase, answer, retry) in cases {
        channel.close().await;
        smtp.script(phase, answer.clone());
        let failure = failed(channel.send(&outgoing(sample::held_call(), "desk@example.org", "d1", 1)).await);
        assert_eq!(failure.retry, retry, "{phase:?} {answer:?}: {}", failure.reason);
        if let Answer::Line(line) = &answer {
            assert!(failure.reason.contains(line.split(' ').next().unwrap()), "{}", failure.reason);
        }
        assert!(failure.reason.contains("127.0.0.1"), "{}", failure.reason);
    }
    assert_eq!(smtp.mails().len(), 0);
    drop(smtp);
    assert!(failed(channel.send(&outgoing(sample::held_call(), "desk@example.org", "d1", 1)).await).retry);
}

#[tokio::test]
async fn a_late_answer_is_never_read_as_the_next_messages() {
    let smtp = Smtp::start().await;
    let channel = email(&smtp, |spec| spec.timeout = SignedDuration::from_secs(1));
    smtp.script(Phase::Message, Answer::Hold);
    let failure = failed(channel.send(&outgoing(sample::held_call(), "desk@example.org", "d1", 1)).await);
    assert!(failure.retry && failure.reason.contains("within 1 s"), "{}", failure.reason);
    smtp.release();
    smtp.script(Phase::Rcpt, Answer::Line("550 5.1.1 no such user".into()));
    let failure = failed(channel.send(&outgoing(sample::held_call(), "desk@example.org", "d2", 1)).await);
    assert!(!failure.retry, "{}", failure.reason);
    assert_eq!(smtp.connections(), 2, "a connection that was cut off is not used again");
}

#[tokio::test]
async fn a_parked_connection_that_the_relay_closed_is_replaced() {
    let smtp = Smtp::start().await;
    let channel = email(&smtp, |_| ());
    let mut out = outgoing(sample::held_call(), "desk@example.org", "d1", 1);
    channel.send(&out).await;
    out.now += SignedDuration::from_mins(10);
    channel.send(&out).await;
    assert_eq!((smtp.mails().len(), smtp.connections()), (2, 2));
    assert_eq!(smtp.mails().iter().map(|mail| mail.connection).collect::<Vec<_>>(), [1, 2]);
}

#[tokio::test]
async fn a_password_never_shows_in_a_reason() {
    let smtp = Smtp::start().await;
    let channel = email(&smtp, |spec| {
        spec.user = Some("openline".to_owned());
        spec.password = Some(Secret::new("correct horse"));
    });
    smtp.script(Phase::Auth, Answer::Line("535 5.7.8 bad login: {auth} correct horse".into()));
    let failure = failed(channel.send(&outgoing(sample::held_call(), "desk@example.org", "d1", 1)).await);
    assert!(failure.retry && failure.reason.contains("535"), "{}", failure.reason);
    assert!(smtp.commands().iter().any(|line| line.starts_with("AUTH PLAIN AG9wZW5saW5lAGNvcnJlY3QgaG9yc2U=")));
    for shown in [failure.reason.as_str(), &format!("{channel:?}")] {
        assert!(!shown.contains("horse") && !shown.contains("AG9wZW5s") && !shown.contains("aG9yc2U"), "{shown}");
    }
    let result = channel.send(&outgoing(sample::held_call(), "desk@example.org", "d1", 2)).await;
    assert!(matches!(result, AttemptResult::Sent { .. }), "{result:?}");
}

#[tokio::test]
async fn starttls_is_required_where_it_is_asked_for() {
    let smtp = Smtp::start().await;
    let channel = email(&smtp, |spec| {
        spec.tls = Tls::Starttls;
        spec.user = Some("openline".to_owned());
        spec.password = Some(Secret::new("correct horse"));
    });
    let failure = failed(channel.send(&outgoing(sample::held_call(), "desk@example.org", "d1", 1)).await);
    assert!(failure.retry && failure.reason.contains("STARTTLS"), "{}", failure.reason);
    assert!(!smtp.commands().iter().any(|line| line.starts_with("AUTH") || line.starts_with("MAIL")));
}

#[tokio::test]
async fn a_webhook_is_signed_by_every_key_and_says_what_happened() {
    let receiver = Receiver::start().await;
    let channel = webhook(&receiver, &KEYS);
    channel.send(&outgoing(hostile(), "test", "d1", 1)).await;
    let requests = receiver.requests();
    let request = requests.first().unwrap();
    assert_eq!(request.path, "/hook/T0KEN");
    assert_eq!(request.header("content-type"), "application/json");
    assert_eq!(request.header("webhook-id"), "d1");
    assert_eq!(request.header("webhook-signature").split(' ').count(), 2);
    for key in KEYS {
        standardwebhooks::Webhook::new(key).unwrap().verify(&request.body, &request.headers).unwrap();
    }
    let stranger = standardwebhooks::Webhook::new("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap();
    assert!(stranger.verify(&request.body, &request.headers).is_err());
    let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
    assert_eq!(body, openline::render::view::payload(&hostile()));
    assert_eq!(body.get("type").unwrap(), "contact.status");
}

#[tokio::test]
async fn a_webhook_obeys_retry_after_and_follows_no_redirect() {
    let receiver = Receiver::start().await;
    let channel = webhook(&receiver, &KEYS);
    let busy =
        Reply { headers: vec![("retry-after", "120".to_owned())], body: "slow down".to_owned(), ..Reply::status(429) };
    receiver.script(busy);
    let failure = failed(channel.send(&outgoing(sample::held_call(), "test", "d1", 1)).await);
    assert_eq!((failure.retry, failure.after), (true, Some(SignedDuration::from_secs(120))));
    assert!(failure.reason.contains("429") && failure.reason.contains("slow down"), "{}", failure.reason);

    receiver.script(Reply { headers: vec![("location", receiver.url("/elsewhere"))], ..Reply::status(307) });
    let failure = failed(channel.send(&outgoing(sample::held_call(), "test", "d1", 2)).await);
    assert!(failure.retry && failure.reason.contains("307"), "{}", failure.reason);
    assert!(receiver.requests().iter().all(|request| request.path == "/hook/T0KEN"));
    assert!(!failure.reason.contains("T0KEN") && !format!("{channel:?}").contains("T0KEN"));
}

#[tokio::test]
async fn the_guard_stands_before_webhooks_too() {
    let receiver = Receiver::start().await;
    let client = Client::new(Guard::default(), "openline-test", Limits::default()).unwrap();
    let url = receiver.url("/hook/T0KEN").parse().unwrap();
    let spec = WebhookSpec { id: "test".to_owned(), url, secrets: vec![Secret::new(KEYS[0])] };
    let channel = Webhook::new(spec, client).unwrap();
    let failure = failed(channel.send(&outgoing(sample::held_call(), "test", "d1", 1)).await);
    assert!(failure.reason.contains("refused") && !failure.reason.contains("T0KEN"), "{}", failure.reason);
    assert!(receiver.requests().is_empty());
}
