//! `openline silence`, `db`, `outbox` and `feeds` as a person runs them, with and without a daemon.

use crate::daemon::configuration;
use crate::harness::origin::{Origin, rss};
use crate::harness::process::{Process, openline};
use crate::harness::smtp::{Answer, Phase, Smtp};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Output;
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::Instant;

/// A configuration with one feed and a word rule, and its folder.
struct Rig {
    origin: Origin,
    smtp: Smtp,
    folder: TempDir,
    config: PathBuf,
    state: PathBuf,
}

impl Rig {
    async fn new() -> Self {
        let (origin, smtp) = (Origin::start().await, Smtp::start().await);
        let folder = TempDir::new().unwrap();
        let (config, state) = (folder.path().join("openline.toml"), folder.path().join("state"));
        origin.set("first", rss("First", &[]));
        let mut text = configuration(&origin, &smtp, None, &["first"]);
        text.push_str("[[rule]]\nid = \"marked\"\n[rule.words]\nany = [\"zebraflare\"]\n");
        std::fs::write(&config, text).unwrap();
        Self { origin, smtp, folder, config, state }
    }

    /// Shows an item of now.
    fn show(&self, names: &[&str]) {
        let now = openline::daemon::clock::Clock::now(&openline::daemon::clock::SystemClock);
        let now = jiff::tz::TimeZone::UTC.to_datetime(now).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        let item = |name: &&str| {
            format!("<item><title>zebraflare {name}</title><guid>{name}</guid><pubDate>{now}</pubDate></item>")
        };
        let all: String = names.iter().map(item).collect();
        self.origin.set("first", rss("First", &[]).replace("</channel>", &format!("{all}</channel>")));
    }

    async fn say(&self, words: &[&str]) -> (Option<i32>, String) {
        let mut command = openline(self.folder.path());
        command.args(words).arg("--config").arg(&self.config).arg("--state").arg(&self.state);
        let Output { status, stdout, stderr } =
            tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        (status.code(), String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap())
    }

    /// Starts a daemon and waits until it answers.
    async fn daemon(&self) -> Process {
        let process = Process::run(self.folder.path(), &self.config, &self.state, &[]);
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let ping = openline::daemon::control::Command::Ping;
            if let Ok(Some(_)) = openline::daemon::control::ask(&self.state, &ping).await {
                return process;
            }
            assert!(Instant::now() < deadline, "the daemon answers");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// What the daemon answers to bytes at its control socket.
async fn raw(state: &std::path::Path, bytes: &[u8]) -> String {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let mut stream = tokio::net::UnixStream::connect(state.join("control.sock")).await.unwrap();
    // What is far too long may be refused before it is taken.
    let _ = stream.write_all(bytes).await;
    let mut answer = vec![0; 4096];
    let read = tokio::time::timeout(Duration::from_secs(20), stream.read(&mut answer)).await.unwrap().unwrap();
    String::from_utf8_lossy(answer.get(..read).unwrap()).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_strange_request_at_the_socket_is_told_what_is_wrong() {
    let rig = Rig::new().await;
    let daemon = rig.daemon().await;
    let long = [b"{\"command\":\"".as_slice(), &vec![b'a'; 1 << 20]].concat();
    for (bytes, wanted) in [
        (b"\xff\xfe\n".as_slice(), "no UTF-8"),
        (&long, "longer than 1 MiB"),
        (b"{\"command\":\"ping\",\"now\":1}\n", "`ping` has no `now`"),
        (b"{\"command\":\"ping\"}\n", "version"),
    ] {
        let said = raw(&rig.state, bytes).await;
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
    end(daemon).await;
}

async fn end(process: Process) {
    process.signal("TERM");
    let (code, log) = tokio::task::spawn_blocking(|| process.wait(Duration::from_secs(20))).await.unwrap();
    assert_eq!(code, Some(0), "{log}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silence_is_made_listed_and_ended_with_and_without_a_daemon() {
    let rig = Rig::new().await;
    let add = ["silence", "add", "--match", "rule=marked", "--until", "2h", "--reason", "known story"];
    let (code, said) = rig.say(&add).await;
    assert_eq!(code, Some(69), "there is no store yet: {said}");
    assert_eq!(rig.say(&["run", "--once"]).await.0, Some(0));
    for with_daemon in [false, true] {
        let daemon = if with_daemon { Some(rig.daemon().await) } else { None };
        let (code, said) = rig.say(&add).await;
        assert_eq!(code, Some(0), "{said}");
        let id: String = said.trim_start_matches("silence ").chars().take(12).collect();
        let (code, said) = rig.say(&["silence", "list"]).await;
        assert_eq!(code, Some(0), "{said}");
        assert!(said.contains(&id) && said.contains("rule=marked") && said.contains("known story"), "{said}");
        // Bad input.
        for (words, code, wanted) in [
            (vec!["silence", "add", "--match", "rul=x", "--until", "1h", "--reason", "r"], 2, "did you mean `rule`?"),
            (vec!["silence", "add", "--match", "rule!=x", "--until", "1h", "--reason", "r"], 2, "demand nothing"),
            (vec!["silence", "add", "--match", "rule=x", "--until", "2001-01-01", "--reason", "r"], 2, "over already"),
            (vec!["silence", "add", "--match", "rule=x", "--until", "soon", "--reason", "r"], 2, "no end of a silence"),
            (
                vec!["silence", "add", "--contact", "ffffffff", "--until", "1h", "--reason", "r"],
                1,
                "no contact has an id",
            ),
            (
                vec!["silence", "add", "--match", "people=wang-yii", "--until", "1h", "--reason", "r"],
                2,
                "there is no person `wang-yii`; did you mean `wang-yi`?",
            ),
            (
                vec!["silence", "add", "--match", "rule=markd|marked", "--until", "1h", "--reason", "r"],
                2,
                "there is no rule `markd`; did you mean `marked`?",
            ),
            (
                vec![
                    "silence",
                    "add",
                    "--match",
                    "feed!=fist",
                    "--match",
                    "kind=call",
                    "--until",
                    "1h",
                    "--reason",
                    "r",
                ],
                2,
                "there is no feed `fist`; did you mean `first`?",
            ),
            (vec!["silence", "add", "--until", "1h", "--reason", "r"], 2, "--contact"),
            (vec!["silence", "expire", "zzzz"], 1, "no silence has an id"),
            (vec!["outbox", "retry", "zzzz"], 1, "no delivery has an id"),
            (vec!["outbox", "drop"], 2, "--all-buried"),
        ] {
            let (found, said) = rig.say(&words).await;
            assert_eq!(found, Some(code), "{words:?}: {said}");
            assert!(said.contains(wanted), "{words:?}: {said}");
        }
        assert_eq!(rig.say(&["silence", "expire", &id]).await.0, Some(0));
        let (code, said) = rig.say(&["silence", "expire", &id]).await;
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains("has ended already"), "{said}");
        assert!(rig.say(&["silence", "list"]).await.1.contains("no silence holds"));
        assert!(rig.say(&["silence", "list", "--all"]).await.1.contains("ended"));
        if let Some(daemon) = daemon {
            let mode = rig.state.join("control.sock").metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
            end(daemon).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn feeds_are_polled_at_once_and_silenced_alerts_are_not_sent() {
    let rig = Rig::new().await;
    let (code, said) = rig.say(&["feeds", "refresh", "--all"]).await;
    assert_eq!(code, Some(69), "{said}");
    assert_eq!(rig.say(&["run", "--once"]).await.0, Some(0));
    let (code, said) = rig.say(&["feeds", "refresh", "--all"]).await;
    assert_eq!(code, Some(1), "no daemon runs: {said}");
    let (code, said) = rig.say(&["feeds"]).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.starts_with("no daemon runs") && said.contains("\nfirst "), "{said}");
    let daemon = rig.daemon().await;
    let (code, said) = rig.say(&["feeds"]).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.starts_with("feed ") && said.contains("\nfirst "), "{said}");
    let (_, said) = rig.say(&["feeds", "--json"]).await;
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    let first = &said["feeds"][0];
    assert!(first["id"] == "first" && first["interval_s"].is_u64() && first["why"].is_string(), "{said}");
    let (code, said) = rig.say(&["feeds", "refresh", "frist"]).await;
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("did you mean `first`?"), "{said}");
    assert_eq!(
        rig.say(&["silence", "add", "--match", "title=~muted", "--until", "1d", "--reason", "why"]).await.0,
        Some(0)
    );
    rig.show(&["muted one", "loud one"]);
    let (code, said) = rig.say(&["feeds", "refresh", "first"]).await;
    assert_eq!((code, said.trim()), (Some(0), "1 feed to be polled now"));
    rig.smtp.wait_for(1, Duration::from_secs(20)).await;
    end(daemon).await;
    assert_eq!(rig.smtp.mails().len(), 1);
    let (code, said) = rig.say(&["outbox", "list"]).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("muted") && said.contains("silence") && said.contains("why"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_given_up_is_sent_again_or_dropped() {
    let rig = Rig::new().await;
    assert_eq!(rig.say(&["run", "--once"]).await.0, Some(0));
    rig.show(&["one", "two"]);
    for _ in 0..2 {
        rig.smtp.script(Phase::Rcpt, Answer::Line("550 5.1.1 no such mailbox".to_owned()));
    }
    assert_eq!(rig.say(&["run", "--once"]).await.0, Some(75), "two deliveries are given up");
    let (_, said) = rig.say(&["outbox", "list"]).await;
    let id = said.lines().find(|line| line.contains("given up: ")).unwrap().trim().get(..12).unwrap().to_owned();
    let (code, said) = rig.say(&["outbox", "retry", &id]).await;
    assert_eq!((code, said.trim()), (Some(0), "1 deliveries are due now"));
    let daemon = rig.daemon().await;
    rig.smtp.wait_for(1, Duration::from_secs(20)).await;
    let (code, said) = rig.say(&["outbox", "retry", "--all-buried"]).await;
    assert_eq!((code, said.trim()), (Some(0), "1 deliveries are due now"));
    rig.smtp.wait_for(2, Duration::from_secs(20)).await;
    end(daemon).await;
    let (code, said) = rig.say(&["outbox", "retry", &id]).await;
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("was sent"), "{said}");
    let (code, said) = rig.say(&["outbox", "drop", "--all-buried"]).await;
    assert_eq!((code, said.trim()), (Some(0), "0 deliveries were dropped"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_database_is_checked_copied_and_shrunk() {
    let rig = Rig::new().await;
    assert_eq!(rig.say(&["run", "--once"]).await.0, Some(0));
    let daemon = rig.daemon().await;
    let (code, said) = rig.say(&["db", "check"]).await;
    assert_eq!((code, said.trim()), (Some(0), "the store is sound"));
    let copy = rig.folder.path().join("copy").join("openline.db");
    std::fs::create_dir(copy.parent().unwrap()).unwrap();
    let (code, said) = rig.say(&["db", "backup", copy.to_str().unwrap()]).await;
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(rig.say(&["db", "backup", copy.to_str().unwrap()]).await.0, Some(69), "nothing is overwritten");
    let (code, said) = rig.say(&["db", "vacuum"]).await;
    assert_eq!(code, Some(69), "{said}");
    assert!(said.contains("in use by process"), "{said}");
    end(daemon).await;
    let (code, said) = rig.say(&["db", "vacuum"]).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("KiB before"), "{said}");
    let mut check = openline(rig.folder.path());
    check.args(["db", "check", "--config"]).arg(&rig.config).arg("--state").arg(copy.parent().unwrap());
    let output = tokio::task::spawn_blocking(move || check.output().unwrap()).await.unwrap();
    assert_eq!(output.status.code(), Some(0), "the copy is a store of its own");
}
