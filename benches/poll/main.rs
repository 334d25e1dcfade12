//! What a poll costs, as processes: openline with its store, reading and a rule, beside the least poller there is.
//!
//! `cargo bench --bench poll` starts an origin on loopback, then each of the two against it, and prints the CPU time of a
//! cold cycle, of one in which nothing is new, and of one in which one feed in a hundred has a new item. Linux alone: it
//! reads `/proc`. `POLL_FEEDS=10000` sets the number of feeds.

#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads its setting and the clock")]

mod bare;
mod origin;

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Polls at a time, of both.
const CONCURRENCY: usize = 64;
/// One feed of so many has a new item in the third cycle.
const EVERY: usize = 100;
/// A cycle has ended when all feeds were asked and the process was quiet for so long.
const QUIET: Duration = Duration::from_millis(1_500);
/// Longest wait for a cycle.
const PATIENCE: Duration = Duration::from_secs(300);

#[tokio::main]
async fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["origin", feeds] => origin::run(feeds.parse().expect("a number of feeds")).await,
        ["bare", list, concurrency] => bare::run(list, concurrency.parse().expect("a number of polls")).await,
        _ => compare().await,
    }
}

async fn compare() {
    let feeds = std::env::var("POLL_FEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(2_000);
    let folder = tempfile::TempDir::new().expect("a folder");
    let own = std::env::current_exe().expect("the path of this program");
    println!("{feeds} feeds, {CONCURRENCY} polls at a time; CPU in ms a feed\n");
    println!(
        "{:<10} {:>8} {:>8} {:>8} {:>9} {:>13} {:>7}",
        "", "cold", "idle", "trickle", "peak MB", "conditional", "alerts"
    );
    let mut costs = Vec::new();
    for name in ["bare", "openline"] {
        let mut server =
            Command::new(&own).args(["origin", &feeds.to_string()]).stdout(Stdio::piped()).spawn().expect("an origin");
        let mut port = String::new();
        BufReader::new(server.stdout.take().expect("its output")).read_line(&mut port).expect("its port");
        let base = format!("http://127.0.0.1:{}", port.trim());
        let (mut poller, kick) = if name == "bare" {
            let list = folder.path().join("addresses");
            let addresses: String = (0..feeds).map(|number| format!("{base}/feed/{number}\n")).collect();
            std::fs::write(&list, addresses).expect("the list can be written");
            let child =
                Command::new(&own).arg("bare").arg(list).arg(CONCURRENCY.to_string()).spawn().expect("it starts");
            let mut kick = Command::new("kill");
            kick.args(["-HUP", &child.id().to_string()]);
            (child, kick)
        } else {
            let config = configure(folder.path(), &base, feeds);
            let openline = |words: &[&str]| {
                let mut command = Command::new(env!("CARGO_BIN_EXE_openline"));
                command.args(words).arg("--config").arg(&config).stdout(Stdio::null());
                command
            };
            (openline(&["run"]).spawn().expect("it starts"), openline(&["feeds", "refresh", "--all"]))
        };
        costs.push(cycles(name, &mut poller, kick, &base, feeds).await);
        for mut child in [poller, server] {
            let _ = child.kill().and_then(|()| child.wait());
        }
    }
    if let [bare, openline] = costs.as_slice() {
        let ratio = |of: usize, to: usize| openline[of] / bare[to].max(0.001);
        println!(
            "\nopenline to bare: cold {:.2}, idle {:.2}, trickle to idle {:.2}",
            ratio(0, 0),
            ratio(1, 1),
            ratio(2, 1)
        );
    }
}

/// Runs the three cycles, prints a line and answers their cost in milliseconds a feed.
async fn cycles(name: &str, poller: &mut Child, mut kick: Command, base: &str, feeds: usize) -> [f64; 3] {
    let mut costs = [0.0; 3];
    let mut asked = 0;
    let mut conditional = 0;
    for (cycle, cost) in costs.iter_mut().enumerate() {
        let (before, [seen, were_conditional, _]) = (cpu(poller.id()), count(base).await);
        // The cold cycle begins with the process, start included.
        let before = if cycle == 0 { 0.0 } else { before };
        if cycle == 2 {
            let client = reqwest::Client::builder().no_proxy().build().expect("a client");
            client.post(format!("{base}/grow/{EVERY}")).send().await.expect("the origin answers");
        }
        if cycle > 0 {
            kick.status().expect("it can be told to poll");
        }
        asked = if cycle == 0 { feeds } else { seen + feeds };
        let begun = Instant::now();
        let mut last = (cpu(poller.id()), Instant::now());
        while begun.elapsed() < PATIENCE {
            tokio::time::sleep(Duration::from_millis(100)).await;
            let now = cpu(poller.id());
            if now - last.0 > 0.015 {
                last = (now, Instant::now());
            } else if last.1.elapsed() > QUIET && count(base).await[0] >= asked {
                break;
            }
        }
        *cost = (cpu(poller.id()) - before) * 1_000.0 / feeds as f64;
        if cycle == 1 {
            conditional = count(base).await[1] - were_conditional;
        }
    }
    let [requests, _, hooks] = count(base).await;
    let [cold, idle, trickle] = costs;
    let share = 100.0 * conditional as f64 / feeds as f64;
    println!("{name:<10} {cold:>8.3} {idle:>8.3} {trickle:>8.3} {:>9.1} {share:>12.1}% {hooks:>7}", peak(poller.id()));
    if requests != asked {
        println!("  {requests} requests were made, {asked} were due: the figures are wrong");
    }
    costs
}

/// openline's configuration; the path of its file.
fn configure(folder: &Path, base: &str, feeds: usize) -> std::path::PathBuf {
    let mut text = format!(
        "state = \"{}\"\nsources = []\n[poll]\nhost_spacing = \"0s\"\nrate = 10000\nconcurrency = {CONCURRENCY}\n\
         interval = \"24h\"\nmax_interval = \"24h\"\nmax_interval_high = \"24h\"\n\
         [http]\nallow = [\"127.0.0.1\"]\n[log]\nlevel = \"error\"\n\
         [[channel]]\nid = \"hook\"\ntype = \"webhook\"\nformat = \"alertmanager\"\nurl = \"{base}/hook\"\n\
         [[rule]]\nid = \"mark\"\n[rule.words]\nany = [\"{}\"]\n",
        folder.join("state").display(),
        origin::MARK
    );
    for number in 0..feeds {
        text.push_str(&format!("[[feed]]\nid = \"feed-{number}\"\nurl = \"{base}/feed/{number}\"\ntier = \"press\"\n"));
    }
    let file = folder.join("openline.toml");
    std::fs::write(&file, text).expect("the configuration can be written");
    file
}

/// What the origin counted: requests, conditional ones, webhooks.
async fn count(base: &str) -> [usize; 3] {
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let mut answer = client.get(format!("{base}/count")).send().await.expect("the origin answers");
    let text = answer.chunk().await.ok().flatten().unwrap_or_default();
    let text = String::from_utf8_lossy(&text).into_owned();
    let mut numbers = text.split(' ').filter_map(|word| word.parse().ok());
    [(); 3].map(|()| numbers.next().unwrap_or_default())
}

/// CPU time that a process has taken, in seconds, of 100 ticks each (proc(5), `utime` and `stime`).
fn cpu(id: u32) -> f64 {
    let text = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    let after = text.rsplit(')').next().unwrap_or_default();
    let ticks: f64 = after.split(' ').skip(12).take(2).filter_map(|word| word.parse::<f64>().ok()).sum();
    ticks / 100.0
}

/// The most memory that a process held, in megabytes.
fn peak(id: u32) -> f64 {
    let text = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap_or_default() / 1_024.0
}
