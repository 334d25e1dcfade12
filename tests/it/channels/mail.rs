//! What the mail channel promises besides the contract: mails read back, failures told apart, nothing injected.

use super::{email, failed, hostile, outgoing};
use crate::harness::smtp::{Answer, Phase, Smtp};
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use mail_parser::{HeaderValue, MessageParser, MimeHeaders};
use openline::deliver::Channel;
use openline::deliver::email::{Email, Spec as EmailSpec, Tls, Transport};
use openline::deliver::secret::Secret;
use openline::model::alert::Subject;
use openline::model::article::Language;
use openline::model::delivery::AttemptResult;
use openline::render::{Reader, Templates, sample};
use std::sync::Arc;
use std::time::Duration;

const HEADERS: [&str; 15] = [
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
    "X-Openline-Severity",
    "Importance",
    "Reply-To",
    "MIME-Version",
    "Content-Type",
];
const LIMIT: Duration = Duration::from_secs(20);

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
        transport: Transport::Smtp,
        host: "localhost".to_owned(),
        port: smtp.port(),
        tls: Tls::None,
        user: None,
        password: None,
        from: "a@example.org".parse().unwrap(),
        to: vec!["desk@example.org".parse().unwrap()],
        reply_to: None,
        timeout: SignedDuration::from_secs(10),
        patience: SignedDuration::from_secs(10),
    };
    let reader = Reader {
        zone: TimeZone::UTC,
        host: "openline.example.org".to_owned(),
        language: Language::En,
        glossary: Arc::default(),
    };
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
    let channel = email(&smtp, |spec| spec.patience = SignedDuration::from_secs(1));
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
