//! Faults of webhooks: answers that refuse, redirect or ask for patience, and connections that break at every step.

use super::{End, carry, compare, end, table};
use crate::channels::{KEYS, outgoing};
use futures_util::future::join_all;
use openline::deliver::secret::Secret;
use openline::deliver::webhook::{Format, Spec, Webhook};
use openline::net::allow::Allow;
use openline::net::client::{Client, Limits};
use openline::net::guard::Guard;
use openline::render::sample;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

const FAULTS: [&str; 14] = [
    "3xx",
    "400",
    "401",
    "404",
    "410",
    "429",
    "500",
    "503",
    "silence",
    "disconnect",
    "broken answer",
    "cut answer",
    "slow",
    "garbage",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_of_a_webhook_loses_nothing() {
    let ends: Vec<End> = join_all(FAULTS.map(fault)).await;
    for (fault, end) in FAULTS.iter().zip(&ends) {
        let expected = match *fault {
            "410" => End::GivenUp,
            // The status has come; what follows it is of no account.
            "slow" | "cut answer" => End::AtOnce,
            // The receiver has taken it and could not say so.
            "silence" | "disconnect" | "broken answer" | "garbage" => End::Twice,
            _ => End::Retried,
        };
        assert_eq!(*end, expected, "{fault}");
    }
    let rows: Vec<(&str, Vec<Option<End>>)> =
        FAULTS.iter().zip(ends).map(|(fault, end)| (*fault, vec![Some(end)])).collect();
    compare("webhook faults", &table("webhook: the receiver's", &["arrives"], &rows));
}

/// The first request meets the fault, every later one is taken. A receiver that answers with a refusal has not taken it.
async fn fault(fault: &'static str) -> End {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let taken = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&taken);
    let mut server = JoinSet::new();
    server.spawn(async move {
        let (mut first, mut held) = (true, Vec::new());
        while let Ok((mut stream, _)) = listener.accept().await {
            let Some(id) = request(&mut stream).await else { continue };
            let now = std::mem::replace(&mut first, false);
            let refuses = fault.parse::<u16>().is_ok() || fault == "3xx";
            if !(now && refuses) {
                kept.lock().unwrap().push(id);
            }
            let answer = if now { answer(fault) } else { Some("HTTP/1.1 204 No Content\r\n\r\n".to_owned()) };
            match (answer, now && fault == "slow") {
                (None, _) if fault == "silence" => held.push(stream),
                (None, _) => {}
                (Some(answer), slow) => {
                    for byte in answer.bytes() {
                        let _ = stream.write_all(&[byte]).await;
                        if slow {
                            // The slowness is what the test is about.
                            tokio::time::sleep(Duration::from_millis(4)).await;
                        }
                    }
                }
            }
        }
    });
    let guard = Guard::new(vec![Allow::host("127.0.0.1", Some(address.port()))]);
    let patience = if fault == "silence" { 2 } else { 60 };
    let limits = Limits { total: Duration::from_secs(patience), ..Limits::default() };
    let client = Client::new(guard, "openline-test", limits).unwrap();
    let url = format!("http://{address}/hook").parse().unwrap();
    let spec = Spec { id: "test".to_owned(), url, format: Format::Standard, secrets: vec![Secret::new(KEYS[0])] };
    let channel = Webhook::new(spec, client).unwrap();
    let (sent, attempts, _) = carry(&channel, &outgoing(sample::held_call(), "test", "d1", 1)).await;
    drop(server);
    let taken = taken.lock().unwrap();
    end(sent, attempts, &taken)
}

/// What the receiver answers; nothing where it says nothing.
fn answer(fault: &str) -> Option<String> {
    let status = |line: &str| Some(format!("HTTP/1.1 {line}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"));
    match fault {
        "3xx" => Some("HTTP/1.1 308 Moved\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n".to_owned()),
        "silence" | "disconnect" => None,
        "broken answer" => Some("HTTP/1.1 20".to_owned()),
        "cut answer" => Some("HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\nhalf of".to_owned()),
        "slow" => status("200 OK"),
        "garbage" => Some("\u{0}\u{1}<<no answer>>\r\n\r\n".to_owned()),
        code => status(&format!("{code} Refused")),
    }
}

/// Reads a request whole; its `webhook-id`.
async fn request(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let value = |name: &str| {
                let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with(name))?;
                line.split_once(": ").map(|(_, value)| value.to_owned())
            };
            let length: usize = value("content-length:")?.parse().ok()?;
            if body.len() >= length {
                return value("webhook-id:");
            }
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}
