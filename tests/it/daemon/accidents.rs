//! Accidents inside the daemon: a channel that panics, a daemon that must end although something hangs.

use super::{ANNOUNCED, BEGIN, configuration};
use crate::harness::app::App;
use crate::harness::origin::{Origin, rss};
use crate::harness::smtp::Smtp;
use futures_util::future::BoxFuture;
use jiff::SignedDuration;
use openline::daemon::clock::SteppedClock;
use openline::deliver::{Channel, Outgoing};
use openline::model::delivery::AttemptResult;
use openline::store::{Pile, Store};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use tempfile::TempDir;

/// A channel whose first attempts panic.
#[derive(Debug)]
struct Clumsy {
    recipients: [String; 1],
    panics: u32,
    attempts: Arc<AtomicU32>,
    closed: Arc<AtomicUsize>,
}

impl Channel for Clumsy {
    fn id(&self) -> &str {
        "mail"
    }

    fn recipients(&self) -> &[String] {
        &self.recipients
    }

    fn send<'a>(&'a self, _out: &'a Outgoing) -> BoxFuture<'a, AttemptResult> {
        let number = self.attempts.fetch_add(1, Ordering::SeqCst);
        assert!(number >= self.panics, "this attempt panics");
        Box::pin(async { AttemptResult::Sent { receipt: "taken".to_owned() } })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        self.closed.fetch_add(1, Ordering::SeqCst);
        Box::pin(async {})
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_attempt_that_panics_is_made_again_and_channels_are_closed_at_the_end() {
    let (origin, smtp, state) = (Origin::start().await, Smtp::start().await, TempDir::new().unwrap());
    origin.set("first", rss("First", &[]));
    let clock = SteppedClock::new(BEGIN.parse().unwrap());
    let (attempts, closed) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicUsize::new(0)));
    let recipients = ["desk".to_owned()];
    let clumsy = Clumsy { recipients, panics: 1, attempts: Arc::clone(&attempts), closed: Arc::clone(&closed) };
    let text = configuration(&origin, &smtp, None, &["first"]);
    let mut app =
        App::start_with(&text, state.path(), clock.clone(), |live| live.channels = vec![Arc::new(clumsy)]).await;
    app.first_round(1).await;
    origin.set("first", rss("First", &[ANNOUNCED]));
    assert_eq!(app.round(1).await.alerts, 1);
    assert!(!app.attempted().await, "the first attempt panics");
    clock.advance(SignedDuration::from_secs(10));
    assert!(app.attempted().await, "the second comes after seconds, not after the lease of a quarter of an hour");
    app.stop().await;
    assert_eq!((attempts.load(Ordering::SeqCst), closed.load(Ordering::SeqCst)), (2, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delivery_that_always_ends_the_program_is_given_up() {
    let (origin, smtp, state) = (Origin::start().await, Smtp::start().await, TempDir::new().unwrap());
    origin.set("first", rss("First", &[]));
    let clock = SteppedClock::new(BEGIN.parse().unwrap());
    let text = configuration(&origin, &smtp, None, &["first"]);
    // The relay of this configuration is gone: the delivery stays in the outbox.
    let dead = text.replace(&format!("port = {}", smtp.port()), "port = 1");
    let mut app = App::start(&dead, state.path(), clock.clone()).await;
    app.first_round(1).await;
    origin.set("first", rss("First", &[ANNOUNCED]));
    assert_eq!(app.round(1).await.alerts, 1);
    assert!(!app.attempted().await);
    app.stop().await;
    // As if the program had been killed during each of the following attempts.
    clock.advance(SignedDuration::from_hours(1));
    for _ in 0..10 {
        let store = Store::open(state.path()).await.unwrap();
        let now = openline::daemon::clock::Clock::now(&clock);
        store.recover(now).await.unwrap();
        assert_eq!(store.claim(now, SignedDuration::from_mins(15), 9, &[]).await.unwrap().len(), 1);
        store.close().await;
    }
    let mut app = App::start(&text, state.path(), clock).await;
    assert!(!app.attempted().await);
    app.stop().await;
    assert!(smtp.mails().is_empty(), "it is not tried an eleventh time");
    let store = Store::open_read_only(state.path()).await.unwrap();
    assert_eq!(store.outbox(Pile::Buried, 9).await.unwrap().len(), 1);
}
