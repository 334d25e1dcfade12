//! Many deliveries at once: how long they take, in how much memory, and that nobody waits for a receiver that is dead.
//!
//! `tests/burden` runs this with 10,000; `cargo test` with few.

use crate::harness::app::{App, loaded};
use axum::Router;
use axum::extract::State;
use axum::routing::post;
use jiff::Timestamp;
use openline::daemon::clock::SteppedClock;
use openline::model::delivery::{Delivery, DeliveryState};
use openline::model::ids::{AlertId, DeliveryId};
use openline::render::sample;
use openline::store::Store;
use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// Receivers of each kind: more dead and silent ones together than attempts run at the same time.
const RECEIVERS: usize = 10;
const BEGIN: &str = "2023-01-17T12:00:00Z";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_outbox_drains_and_nobody_waits_for_the_dead() {
    let count: usize = std::env::var_os("OPENLINE_BURDEN").map_or(200, |text| text.to_str().unwrap().parse().unwrap());
    let (taken, mut servers) = (Arc::new(AtomicUsize::new(0)), JoinSet::new());
    let sink = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let living = sink.local_addr().unwrap();
    let router = Router::new().route("/", post(take)).with_state(Arc::clone(&taken));
    servers.spawn(async move { axum::serve(sink, router).await.unwrap() });
    let mute = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent = mute.local_addr().unwrap();
    servers.spawn(async move {
        let mut held = Vec::new();
        while let Ok((stream, _)) = mute.accept().await {
            held.push(stream);
        }
    });

    let mut text = "sources = []\n[poll]\ntimeout = \"2s\"\n[http]\nallow = [\"127.0.0.1\"]\n".to_owned();
    for (kind, address) in
        [("dead", "127.0.0.1:1".to_owned()), ("silent", silent.to_string()), ("living", living.to_string())]
    {
        for number in 0..RECEIVERS {
            let _ = write!(
                text,
                "[[channel]]\nid = \"{kind}-{number}\"\ntype = \"webhook\"\nurl = \"http://{address}/\"\nsecret_env = \"HOOK_SECRET\"\n"
            );
        }
    }
    assert_eq!(loaded(&text).config.channels.len(), 3 * RECEIVERS);
    let state = TempDir::new().unwrap();
    fill(&state, count).await;
    let before = resident();
    let begun = Instant::now();
    let app = App::start(&text, state.path(), SteppedClock::new(BEGIN.parse().unwrap())).await;
    // A tenth of the patience that ten thousand need is more than enough for few.
    let limit = Duration::from_secs(30 + count as u64 / 20);
    while taken.load(Ordering::SeqCst) < count {
        assert!(begun.elapsed() < limit, "{} of {count} within {limit:?}", taken.load(Ordering::SeqCst));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let (took, after) = (begun.elapsed(), resident());
    app.stop().await;
    println!(
        "{count} deliveries to {RECEIVERS} receivers, {} more waiting for {} dead and silent ones: {:.1} s, {:.1} ms each; \
         resident memory {} MiB before, {} MiB at most",
        2 * RECEIVERS * 5,
        2 * RECEIVERS,
        took.as_secs_f64(),
        took.as_secs_f64() * 1000.0 / count as f64,
        before >> 10,
        after >> 10,
    );
}

async fn take(State(taken): State<Arc<AtomicUsize>>) {
    taken.fetch_add(1, Ordering::SeqCst);
}

/// Queues five deliveries for each dead and silent receiver, and then `count` for the living ones.
async fn fill(state: &TempDir, count: usize) {
    let store = Store::open(state.path()).await.unwrap();
    let created: Timestamp = BEGIN.parse().unwrap();
    let lists = [("dead", RECEIVERS * 5), ("silent", RECEIVERS * 5), ("living", count)];
    for (kind, many) in lists {
        let (mut number, mut left) = (0, many);
        while left > 0 {
            let mut alert = sample::postponed();
            alert.id = AlertId::of(&[kind, &number.to_string()]);
            let batch = left.min(RECEIVERS);
            let deliveries: Vec<Delivery> = (0..batch)
                .map(|receiver| {
                    let channel = format!("{kind}-{receiver}");
                    Delivery {
                        id: DeliveryId::of(&[alert.id.as_str(), &channel]),
                        alert: alert.id.clone(),
                        digest: None,
                        recipient: channel.clone(),
                        channel,
                        state: DeliveryState::Queued,
                        attempts: 0,
                        due: created,
                        created,
                    }
                })
                .collect();
            store.raise(&alert, &deliveries).await.unwrap();
            left -= batch;
            number += 1;
        }
    }
    store.close().await;
}

/// The most memory that this process has had, in KiB (proc(5), `VmHWM`).
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or_default()
}
