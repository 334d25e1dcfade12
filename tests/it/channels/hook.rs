//! What the webhook channel promises besides the contract: signatures, waits, no redirects, the guard.

use super::{KEYS, failed, hostile, outgoing, webhook};
use crate::harness::webhook::{Receiver, Reply};
use jiff::SignedDuration;
use openline::deliver::Channel;
use openline::deliver::secret::Secret;
use openline::deliver::webhook::{Format, Spec as WebhookSpec, Webhook};
use openline::net::client::{Client, Limits};
use openline::net::guard::Guard;
use openline::render::sample;

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
    let spec =
        WebhookSpec { id: "test".to_owned(), url, format: Format::Standard, secrets: vec![Secret::new(KEYS[0])] };
    let channel = Webhook::new(spec, client).unwrap();
    let failure = failed(channel.send(&outgoing(sample::held_call(), "test", "d1", 1)).await);
    assert!(failure.reason.contains("refused") && !failure.reason.contains("T0KEN"), "{}", failure.reason);
    assert!(receiver.requests().is_empty());
}
