//! One contract for every kind of channel, then what each promises besides.

mod hook;
mod injection;
mod mail;
mod transports;

use crate::harness::smtp::{Answer, Phase, Smtp};
use crate::harness::webhook::{Receiver, Reply};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use mail_parser::MessageParser;
use openline::deliver::command::{Command, Spec as CommandSpec};
use openline::deliver::email::{Email, Spec as EmailSpec, Tls, Transport};
use openline::deliver::secret::Secret;
use openline::deliver::terminal::Terminal;
use openline::deliver::webhook::{Format, Spec as WebhookSpec, Webhook};
use openline::deliver::{ALL, Channel, Outgoing};
use openline::model::alert::{Alert, Subject};
use openline::model::article::Language;
use openline::model::delivery::{AttemptResult, Failure};
use openline::model::ids::DeliveryId;
use openline::net::allow::Allow;
use openline::net::client::{Client, Limits};
use openline::net::guard::Guard;
use openline::render::{Reader, Templates, sample};
use std::sync::{Arc, Mutex};

pub(crate) const KEYS: [&str; 2] =
    ["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="];

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
        "command" => {
            let folder = tempfile::tempdir().unwrap();
            let script = "echo refused >&2; read will < will; rm -f will; \
                          case $will in now) exit 75;; ever) exit 64;; *) cat > /dev/null; echo \"$OPENLINE_DELIVERY\" >> taken;; esac";
            let script = format!("cd '{}' && {script}", folder.path().display());
            let args = vec!["-c".to_owned(), script];
            let timeout = SignedDuration::from_secs(10);
            let spec = CommandSpec { id: "test".to_owned(), program: "/bin/sh".into(), args, timeout };
            let (will, taken) = (folder.path().join("will"), folder.path().join("taken"));
            Rig {
                channel: Box::new(Command::new(spec).unwrap()),
                tell: Box::new(move |told| {
                    let word = match told {
                        Will::Accept => "yes",
                        Will::RefuseForNow => "now",
                        Will::RefuseForEver => "ever",
                    };
                    std::fs::write(&will, format!("{word}\n")).unwrap();
                }),
                accepted: Box::new(move || {
                    let _kept = &folder;
                    std::fs::read_to_string(&taken).unwrap_or_default().lines().map(str::to_owned).collect()
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

#[expect(clippy::disallowed_methods, reason = "receivers of webhooks compare the signed time with their own clock")]
pub(crate) fn outgoing(alert: Alert, recipient: &str, delivery: &str, attempt: u32) -> Outgoing {
    Outgoing {
        delivery: DeliveryId::new(delivery),
        attempt,
        recipient: recipient.to_owned(),
        load: alert.into(),
        zone: TimeZone::UTC,
        language: Language::En,
        mark: None,
        created: "2023-02-03T16:42:05Z".parse().unwrap(),
        now: Timestamp::now(),
    }
}

pub(crate) fn email(smtp: &Smtp, adjust: impl FnOnce(&mut EmailSpec)) -> Email {
    let mut spec = EmailSpec {
        id: "test".to_owned(),
        transport: Transport::Smtp,
        host: "127.0.0.1".to_owned(),
        port: smtp.port(),
        tls: Tls::None,
        user: None,
        password: None,
        from: "openline 警报 <openline@example.org>".parse().unwrap(),
        to: vec!["Désk <desk@example.org>".parse().unwrap()],
        reply_to: Some("editor@example.org".parse().unwrap()),
        timeout: SignedDuration::from_secs(10),
        patience: SignedDuration::from_secs(10),
    };
    adjust(&mut spec);
    let reader = Reader {
        zone: TimeZone::UTC,
        host: "openline.example.org".to_owned(),
        language: Language::En,
        glossary: Arc::default(),
    };
    Email::new(spec, Templates::embedded(), reader).unwrap()
}

fn webhook(receiver: &Receiver, secrets: &[&str]) -> Webhook {
    let guard = Guard::new(vec![Allow::host("127.0.0.1", Some(receiver.port()))]);
    let client = Client::new(guard, "openline-test", Limits::default()).unwrap();
    let spec = WebhookSpec {
        id: "test".to_owned(),
        url: receiver.url("/hook/T0KEN").parse().unwrap(),
        format: Format::Standard,
        secrets: secrets.iter().map(|secret| Secret::new(*secret)).collect(),
    };
    Webhook::new(spec, client).unwrap()
}

/// An alert whose strings try to leave their place.
pub(crate) fn hostile() -> Alert {
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
