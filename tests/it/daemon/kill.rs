//! The program killed at random points, and started again until all is delivered: nothing is lost, and what is repeated
//! bears the id of the first.

use super::configuration;
use crate::harness::origin::{Origin, rss};
use crate::harness::process::Process;
use crate::harness::smtp::Smtp;
use jiff::tz::TimeZone;
use mail_parser::MessageParser;
use std::collections::BTreeMap;
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::Instant;

/// Feeds, each asked every ten seconds: several fall due in every short life of the daemon.
const FEEDS: usize = 40;
/// Rounds, unless `OPENLINE_KILLS` says otherwise; `tests/kills` makes 300.
const ROUNDS: u64 = 30;
/// Items published before the first kill, so that so many alerts are in flight; one more comes with each round.
const BURST: u64 = 500;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kill_at_random_points_loses_nothing() {
    let rounds = std::env::var_os("OPENLINE_KILLS").map_or(ROUNDS, |text| text.to_str().unwrap().parse().unwrap());
    let (origin, smtp) = (Origin::start().await, Smtp::start().await);
    let folder = TempDir::new().unwrap();
    let (config, state) = (folder.path().join("openline.toml"), folder.path().join("state"));
    let names: Vec<String> = (0..FEEDS).map(|number| format!("feed-{number}")).collect();
    let feeds: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut text = configuration(&origin, &smtp, None, &feeds);
    text = text.replace("interval = \"15m\"", "interval = \"10s\"\nmin_interval = \"10s\"\nhost_spacing = \"0s\"");
    text.push_str("[[rule]]\nid = \"marked\"\n[rule.words]\nany = [\"zebraflare\"]\n");
    std::fs::write(&config, text).unwrap();
    let item = |number: u64| {
        let now = openline::daemon::clock::Clock::now(&openline::daemon::clock::SystemClock);
        let now = TimeZone::UTC.to_datetime(now).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        format!("<item><title>zebraflare {number}</title><guid>item-{number}</guid><pubDate>{now}</pubDate></item>")
    };
    let body = |items: &[String]| {
        let all: String = items.iter().rev().cloned().collect();
        rss("Feed", &[]).replace("</channel>", &format!("{all}</channel>"))
    };
    let mut items = vec![Vec::new(); FEEDS];
    feeds.iter().for_each(|feed| origin.set(feed, body(&[])));
    // The baseline is taken in peace.
    let process = Process::run(folder.path(), &config, &state, &[]);
    let deadline = Instant::now() + Duration::from_secs(30);
    while origin.seen().len() < FEEDS {
        assert!(Instant::now() < deadline, "the baseline is taken");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    process.signal("TERM");
    assert_eq!(process.wait(Duration::from_secs(20)).0, Some(0));

    for number in 0..BURST {
        items[usize::try_from(number).unwrap() % FEEDS].push(item(number));
    }
    for (feed, items) in feeds.iter().zip(&items) {
        origin.set(feed, body(items));
    }
    let total = usize::try_from(BURST + rounds).unwrap();

    // Points in time that differ in each round, the same in each run of the test.
    let mut chance: u64 = 0x9e37_79b9_7f4a_7c15;
    for number in 0..rounds {
        let turn = usize::try_from(number).unwrap() % FEEDS;
        items[turn].push(item(BURST + number));
        origin.set(feeds[turn], body(&items[turn]));
        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        let process = Process::run(folder.path(), &config, &state, &[]);
        // Between the start and well past the delivery: reading, writing and sending are all hit.
        tokio::time::sleep(Duration::from_millis(50 + chance % 1_200)).await;
        process.signal("KILL");
        drop(process);
    }
    let under_fire = smtp.mails().len();
    let process = Process::run(folder.path(), &config, &state, &[]);
    let deadline = Instant::now() + Duration::from_secs(120);
    let mut delivered: BTreeMap<String, Vec<String>> = BTreeMap::new();
    while delivered.len() < total {
        assert!(Instant::now() < deadline, "{} of {total} alerts were delivered", delivered.len());
        tokio::time::sleep(Duration::from_millis(50)).await;
        delivered.clear();
        for mail in smtp.mails() {
            let mail = MessageParser::default().parse(&mail.data).unwrap();
            let (subject, id) = (mail.subject().unwrap().to_owned(), mail.message_id().unwrap().to_owned());
            delivered.entry(subject).or_default().push(id);
        }
    }
    process.signal("TERM");
    assert_eq!(process.wait(Duration::from_secs(20)).0, Some(0));
    let repeats: usize = delivered.values().map(|ids| ids.len() - 1).sum();
    for (subject, ids) in &delivered {
        assert!(ids.iter().all(|id| id == &ids[0]), "{subject} was repeated under another id: {ids:?}");
    }
    assert!(under_fire > 0, "the daemon lived long enough between the kills to send");
    println!(
        "{rounds} kills: {} alerts delivered, {under_fire} mails sent between the kills, {repeats} repeated, each with the \
         id of the first",
        delivered.len()
    );
}
