//! Nine steps of a mail's way by six faults, half of the recipients refused, TLS that breaks, patience at the final dot.

use super::{End, carry, compare, end, table};
use crate::channels::{email, outgoing};
use crate::harness::smtp::{Answer, Phase, Smtp};
use futures_util::future::join_all;
use jiff::SignedDuration;
use mail_parser::MessageParser;
use openline::deliver::Channel;
use openline::deliver::email::Tls;
use openline::deliver::secret::Secret;
use openline::model::delivery::AttemptResult;
use openline::render::sample;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const FAULTS: [&str; 6] = ["4xx", "5xx", "silence", "disconnect", "slow", "garbage"];

/// The steps; connecting has no answer of its own, so that only silence and disconnection are faults of it.
const STEPS: [(&str, Option<Phase>); 9] = [
    ("connection", None),
    ("greeting", Some(Phase::Greeting)),
    ("EHLO", Some(Phase::Ehlo)),
    ("AUTH", Some(Phase::Auth)),
    ("MAIL", Some(Phase::Mail)),
    ("RCPT", Some(Phase::Rcpt)),
    ("DATA", Some(Phase::Data)),
    ("in the message", Some(Phase::Body)),
    ("after the final dot", Some(Phase::Message)),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_at_every_step_of_a_mail_loses_nothing() {
    let mut rows = Vec::new();
    for (name, phase) in STEPS {
        let ends = join_all(FAULTS.map(|fault| async move {
            match phase {
                None => connection(fault).await,
                Some(phase) => Some(step(phase, fault).await),
            }
        }));
        rows.push((name, ends.await));
    }
    for (name, ends) in &rows {
        for (fault, end) in FAULTS.iter().zip(ends) {
            let expected: &[Option<End>] = match (*name, *fault) {
                // The relay had the message in hand and did not say so in a way that can be read.
                ("after the final dot", "silence" | "disconnect" | "garbage") | ("in the message", "garbage") => {
                    &[Some(End::Twice)]
                }
                (_, "slow") => &[Some(End::AtOnce), None],
                // A refusal of the session speaks of the server, not of the message (RFC 4954 section 6).
                ("greeting" | "EHLO" | "AUTH", "5xx") => &[Some(End::Retried)],
                (_, "5xx") => &[Some(End::GivenUp), None],
                _ => &[Some(End::Retried), None],
            };
            assert!(expected.contains(end), "{name}, {fault}: {end:?}");
        }
    }
    compare("mail faults", &table("mail: fault at", &FAULTS, &rows));
}

/// One fault at the first attempt, and a healthy relay from then on.
async fn step(phase: Phase, fault: &str) -> End {
    let smtp = Smtp::start().await;
    let channel = email(&smtp, |spec| {
        spec.user = Some("openline".to_owned());
        spec.password = Some(Secret::new("correct horse"));
        // Only silence is waited out; what is slow must have the time that a busy machine takes.
        let patience = SignedDuration::from_secs(if fault == "silence" { 2 } else { 60 });
        (spec.timeout, spec.patience) = (patience, patience);
    });
    let answer = match fault {
        "4xx" => Answer::Line("451 4.3.0 later".to_owned()),
        "5xx" => Answer::Line("554 5.0.0 never".to_owned()),
        "silence" => Answer::Hold,
        "disconnect" => Answer::Drop,
        "slow" => Answer::Slow,
        _ => Answer::Garbage,
    };
    let taken = phase == Phase::Message && matches!(answer, Answer::Hold | Answer::Drop | Answer::Garbage);
    smtp.script(phase, if taken { Answer::Taken(Box::new(answer)) } else { answer });
    let out = outgoing(sample::held_call(), "desk@example.org", "d1", 1);
    let (sent, attempts, _) = carry(&channel, &out).await;
    end(sent, attempts, &ids(&smtp))
}

/// Faults of the connection itself: nobody listens, nobody answers, or it is closed at once.
async fn connection(fault: &str) -> Option<End> {
    let smtp = Smtp::start().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    // The first connection meets the fault, every later one the relay.
    let first = match fault {
        "silence" => true,
        "disconnect" => false,
        _ => return None,
    };
    let relay = smtp.port();
    let mut proxy = tokio::task::JoinSet::new();
    proxy.spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let held = first.then_some(stream);
        loop {
            let (mut near, _) = listener.accept().await.unwrap();
            let mut far = tokio::net::TcpStream::connect(("127.0.0.1", relay)).await.unwrap();
            let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
            let _ = &held;
        }
    });
    let channel = email(&smtp, |spec| {
        spec.port = port;
        spec.timeout = SignedDuration::from_secs(1);
    });
    let (sent, attempts, _) = carry(&channel, &outgoing(sample::held_call(), "desk@example.org", "d1", 1)).await;
    let ended = end(sent, attempts, &ids(&smtp));
    drop(proxy);
    Some(ended)
}

fn ids(smtp: &Smtp) -> Vec<String> {
    let parse = |data: &[u8]| MessageParser::default().parse(data).unwrap().message_id().unwrap().to_owned();
    smtp.mails().iter().map(|mail| parse(&mail.data)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_of_the_recipients_refused_costs_the_others_nothing() {
    let smtp = Smtp::start().await;
    let to: Vec<String> = (0..6).map(|number| format!("desk{number}@example.org")).collect();
    let channel = email(&smtp, |spec| spec.to = to.iter().map(|one| one.parse().unwrap()).collect());
    for (number, recipient) in to.iter().enumerate() {
        if number % 2 == 1 {
            smtp.script(Phase::Rcpt, Answer::Line("550 5.1.1 no such user".to_owned()));
        }
        let out = outgoing(sample::held_call(), recipient, &format!("d{number}"), 1);
        let sent = matches!(channel.send(&out).await, AttemptResult::Sent { .. });
        assert_eq!(sent, number % 2 == 0, "{recipient}");
    }
    let reached: Vec<String> = smtp.mails().into_iter().flat_map(|mail| mail.to).collect();
    assert_eq!(reached, ["desk0@example.org", "desk2@example.org", "desk4@example.org"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tls_that_breaks_sends_nothing_in_the_open() {
    for tls in [Tls::Starttls, Tls::Implicit] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let mut relay = tokio::task::JoinSet::new();
        relay.spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut heard = Vec::new();
            if tls == Tls::Starttls {
                stream.write_all(b"220 test.invalid\r\n").await.unwrap();
                for answer in ["250-test.invalid\r\n250 STARTTLS\r\n", "220 go on\r\n"] {
                    let mut line = [0; 512];
                    let count = stream.read(&mut line).await.unwrap();
                    heard.extend_from_slice(&line[..count]);
                    stream.write_all(answer.as_bytes()).await.unwrap();
                }
            }
            stream.write_all(b"this is no TLS at all, whatever the client may think of it\r\n").await.unwrap();
            // Until the client goes.
            let _ = stream.read_to_end(&mut heard).await;
            heard
        });
        let smtp = Smtp::start().await;
        let channel = email(&smtp, |spec| {
            (spec.port, spec.tls) = (port, tls);
            spec.user = Some("openline".to_owned());
            spec.password = Some(Secret::new("correct horse"));
        });
        let result = channel.send(&outgoing(sample::held_call(), "desk@example.org", "d1", 1)).await;
        let AttemptResult::Failed(failure) = result else { panic!("it was sent without TLS") };
        assert!(failure.retry, "{}", failure.reason);
        let heard = String::from_utf8_lossy(&relay.join_next().await.unwrap().unwrap()).into_owned();
        assert!(!heard.contains("AUTH") && !heard.contains("MAIL"), "{heard}");
    }
}

#[tokio::test]
async fn the_answer_to_the_final_dot_may_take_longer_than_all_before_it() {
    let smtp = Smtp::start().await;
    let channel = email(&smtp, |spec| {
        spec.timeout = SignedDuration::from_secs(1);
        spec.patience = SignedDuration::from_secs(60);
    });
    smtp.script(Phase::Message, Answer::Hold);
    let out = outgoing(sample::held_call(), "desk@example.org", "d1", 1);
    let release = async {
        // Past the time limit of everything before the dot.
        tokio::time::sleep(Duration::from_millis(1300)).await;
        smtp.release();
    };
    let (result, ()) = tokio::join!(channel.send(&out), release);
    assert!(matches!(result, AttemptResult::Sent { .. }), "{result:?}");
    assert_eq!(smtp.mails().len(), 1);
}
