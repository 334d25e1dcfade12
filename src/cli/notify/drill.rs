//! A drill: the daemon itself, on a feed of this process and a ledger that is thrown away, with the user's own channels.

use super::{Outcome, trials};
use crate::config::{self, Loaded, Texts};
use crate::daemon::clock::SteppedClock;
use crate::daemon::event::{Event, Events};
use crate::daemon::live::Live;
use crate::daemon::schedule::Tempo;
use crate::daemon::{self, Parts};
use crate::model::delivery::{AttemptResult, Failure};
use crate::net::allow::Allow;
use crate::rules::RuleSet;
use crate::store::{Keep, Pile, Store};
use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// How far before the present the drill's clock begins: past the feed's next poll, so that its last step is the present,
/// with which receivers compare a signature's time.
const BEFORE: SignedDuration = SignedDuration::from_mins(40);
/// Time for a poll of our own feed.
const POLL: Duration = Duration::from_secs(30);
/// Time for one attempt at delivery: the longest that a channel may take.
const ATTEMPT: Duration = Duration::from_secs(20 * 60);

/// Holds the drill; how each recipient fared.
///
/// # Errors
/// In words, where something on the way failed before a channel was asked.
pub(super) async fn hold(
    mut loaded: Loaded,
    wanted: Option<&str>,
    build: impl Fn(&Loaded) -> Result<Live, String>,
) -> Result<Vec<Outcome>, String> {
    let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await.map_err(|error| error.to_string())?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    let shown = Arc::new(Mutex::new(document("")));
    let page = Arc::clone(&shown);
    let answer = move || async move {
        ([(CONTENT_TYPE, "application/rss+xml")], page.lock().unwrap_or_else(PoisonError::into_inner).clone())
    };
    let mut serving = JoinSet::new();
    let server = axum::serve(listener, Router::new().route("/drill.xml", get(answer)));
    serving.spawn(server.into_future());

    let text = format!(
        "sources = []\n[[feed]]\nid = \"drill\"\nurl = \"http://{address}/drill.xml\"\ntitle = \"openline drill\"\n\
         tier = \"wire\"\nlanguage = \"en\"\ninterval = \"15m\"\n"
    );
    let main = ("drill.toml".to_owned(), text);
    let own = config::parse(&Texts { main, ..Texts::default() }).map_err(|found| super::problems::show(&found))?;
    loaded.config.feeds = own.feeds;
    loaded.config.http.allow.push(Allow::host("127.0.0.1", Some(address.port())));
    let mut live = build(&loaded)?;
    live.channels = trials(&live, wanted, "DRILL")?;
    live.rules = RuleSet::builtin(&live.channels.iter().map(|channel| channel.id().to_owned()).collect::<Vec<_>>());
    // Everybody is told at once, whatever the hour.
    live.policies = BTreeMap::new();
    live.inhibitions = Vec::new();
    // A buried delivery's notice would count as one of the attempts.
    live.notices = None;
    let expected: usize = live.channels.iter().map(|channel| channel.recipients().len()).sum();

    let folder = tempfile::tempdir().map_err(|error| format!("no temporary folder: {error}"))?;
    let store = Store::open(folder.path()).await.map_err(|error| error.to_string())?;
    let now = super::super::now();
    let clock = SteppedClock::new(now.saturating_sub(BEFORE).unwrap_or(now));
    let (sender, mut events) = mpsc::channel(4096);
    let parts = Parts {
        live,
        feeds: loaded.config.feeds.clone(),
        store,
        clock: Arc::new(clock.clone()),
        tempo: Tempo { concurrency: 1, ..Tempo::default() },
        status: None,
        events: Events::to(sender),
        once: false,
        seed: 0,
        keep: Keep { items: SignedDuration::from_hours(24), mentions: None, contacts: None },
        reload: Box::new(|| Err("a drill does not reload".to_owned())),
    };
    let (stop, (_reload, reloads)) = (CancellationToken::new(), mpsc::channel(1));
    serving.spawn({
        let stop = stop.clone();
        async move { daemon::run(parts, stop, reloads).await.map_err(std::io::Error::other) }
    });
    let walked = walk(&shown, &clock, now, expected, &mut events).await;
    let outcomes = read(folder.path()).await;
    stop.cancel();
    let _ended = tokio::time::timeout(Duration::from_secs(20), serving.join_next()).await;
    walked?;
    outcomes
}

/// Baseline, item, alert, one attempt for each recipient.
async fn walk(
    shown: &Mutex<String>,
    clock: &SteppedClock,
    now: Timestamp,
    expected: usize,
    events: &mut mpsc::Receiver<Event>,
) -> Result<(), String> {
    polled(events).await?;
    *shown.lock().unwrap_or_else(PoisonError::into_inner) = document(&item(now));
    clock.advance_to(now);
    match polled(events).await? {
        0 => return Err("the drill's item made no alert: the extractor did not read it as a contact".to_owned()),
        alerts => say!("feed polled, item read, {alerts} alert raised"),
    }
    let mut attempts = 0;
    while attempts < expected {
        match tokio::time::timeout(ATTEMPT, events.recv()).await {
            Ok(Some(Event::Attempted { .. })) => attempts += 1,
            Ok(Some(_)) => {}
            Ok(None) => return Err("the daemon ended early".to_owned()),
            Err(_late) => return Err("an attempt at delivery did not end".to_owned()),
        }
    }
    Ok(())
}

/// Waits for a poll; the alerts it made.
async fn polled(events: &mut mpsc::Receiver<Event>) -> Result<usize, String> {
    loop {
        match tokio::time::timeout(POLL, events.recv()).await {
            Ok(Some(Event::Polled { error: None, alerts, .. })) => return Ok(alerts),
            Ok(Some(Event::Polled { error: Some(error), .. })) => return Err(format!("the drill's feed: {error}")),
            Ok(Some(_)) => {}
            Ok(None) => return Err("the daemon ended early".to_owned()),
            Err(_late) => return Err("the drill's feed was not polled in time".to_owned()),
        }
    }
}

/// What the drill's outbox says of each delivery.
async fn read(folder: &std::path::Path) -> Result<Vec<Outcome>, String> {
    let store = Store::open_read_only(folder).await.map_err(|error| error.to_string())?;
    let mut outcomes = Vec::new();
    for pile in [Pile::Sent, Pile::Waiting, Pile::Buried] {
        for parcel in store.outbox(pile, u32::MAX).await.map_err(|error| error.to_string())? {
            let unknown = || Failure { reason: "no attempt was made".to_owned(), retry: true, after: None };
            let result = parcel.attempts.last().map(|attempt| attempt.result.clone());
            outcomes.push(Outcome {
                channel: parcel.delivery.channel,
                recipient: parcel.delivery.recipient,
                result: result.unwrap_or_else(|| AttemptResult::Failed(unknown())),
            });
        }
    }
    store.close().await;
    Ok(outcomes)
}

fn document(item: &str) -> String {
    format!("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>openline drill</title>{item}</channel></rss>")
}

/// A made-up item that is another on every drill, so that no mail program takes its alert for one it knows.
fn item(now: Timestamp) -> String {
    let date = TimeZone::UTC.to_datetime(now).strftime("%a, %d %b %Y %H:%M:%S GMT");
    format!(
        "<item><guid>drill-{}</guid><title>[DRILL] A made-up visit, to try openline out</title>\
         <description>US Secretary of State Marco Rubio will visit Beijing next week, the State Department said.\
         </description><pubDate>{date}</pubDate></item>",
        now.as_millisecond()
    )
}
