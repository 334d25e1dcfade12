//! The program as systemd sees it: the notify protocol, reload, an orderly stop, and what it says of bad input.

use super::configuration;
use crate::harness::origin::{Origin, rss};
use crate::harness::process::{Process, openline};
use crate::harness::smtp::Smtp;
use std::ffi::OsStr;
use std::os::unix::net::UnixDatagram;
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::Instant;

/// Reads messages of the notify socket until one holds a text.
fn read_until(socket: &UnixDatagram, wanted: &str) -> Vec<String> {
    let mut said = Vec::new();
    let begun = Instant::now();
    let mut buffer = [0; 4096];
    socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    loop {
        let length = socket.recv(&mut buffer).expect("the daemon speaks to the service manager");
        let text = String::from_utf8_lossy(buffer.get(..length).unwrap()).into_owned();
        let found = text.contains(wanted);
        said.push(text);
        if found {
            return said;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "no {wanted} in {said:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_service_manager_is_told_of_ready_reload_watchdog_and_stop() {
    let (origin, smtp) = (Origin::start().await, Smtp::start().await);
    origin.set("first", rss("First", &[]));
    let folder = TempDir::new().unwrap();
    let config = folder.path().join("openline.toml");
    let text = configuration(&origin, &smtp, None, &["first"]);
    std::fs::write(&config, &text).unwrap();
    let path = folder.path().join("notify.sock");
    let socket = UnixDatagram::bind(&path).unwrap();
    let state = folder.path().join("state");
    let extra: [(&str, &OsStr); 2] = [("NOTIFY_SOCKET", path.as_os_str()), ("WATCHDOG_USEC", OsStr::new("400000"))];
    let process = Process::run(folder.path(), &config, &state, &extra);
    let outcome = tokio::task::spawn_blocking(move || {
        let said = read_until(&socket, "READY=1");
        assert!(said.last().unwrap().contains("STATUS=watching 1 feed"), "{said:?}");
        read_until(&socket, "WATCHDOG=1");
        process.signal("HUP");
        let said = read_until(&socket, "RELOADING=1");
        assert!(said.last().unwrap().contains("MONOTONIC_USEC="), "{said:?}");
        read_until(&socket, "READY=1");
        std::fs::write(&config, "nonsense = 1\n").unwrap();
        process.signal("HUP");
        read_until(&socket, "RELOADING=1");
        let said = read_until(&socket, "READY=1");
        assert!(said.last().unwrap().contains("refused"), "{said:?}");
        process.signal("TERM");
        read_until(&socket, "STOPPING=1");
        process.wait(Duration::from_secs(20))
    });
    let (code, log) = outcome.await.unwrap();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("test.toml") || log.contains("nonsense"), "the refused file is named: {log}");
}

#[test]
fn a_bad_configuration_ends_with_78_and_every_problem() {
    let folder = TempDir::new().unwrap();
    let config = folder.path().join("openline.toml");
    std::fs::write(&config, "stat = \"x\"\n[poll]\ninterval = \"soon\"\n[[channel]]\nid = \"a\"\ntype = \"emial\"\n")
        .unwrap();
    for command in ["run", "check"] {
        let output = openline(folder.path()).arg(command).arg("--config").arg(&config).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(78), "{said}");
        for wanted in ["openline.toml:1:1", "did you mean `state`", "openline.toml:3:", "openline.toml:6:", "email"] {
            assert!(said.contains(wanted), "{command} does not say {wanted}: {said}");
        }
    }
}

#[test]
fn a_bad_command_line_ends_with_2() {
    let folder = TempDir::new().unwrap();
    let output = openline(folder.path()).arg("rnu").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("rnu"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_state_folder_serves_one_daemon() {
    let (origin, smtp) = (Origin::start().await, Smtp::start().await);
    origin.set("first", rss("First", &[]));
    let folder = TempDir::new().unwrap();
    let config = folder.path().join("openline.toml");
    std::fs::write(&config, configuration(&origin, &smtp, None, &["first"])).unwrap();
    let state = folder.path().join("state");
    let path = folder.path().join("notify.sock");
    let socket = UnixDatagram::bind(&path).unwrap();
    let first = Process::run(folder.path(), &config, &state, &[("NOTIFY_SOCKET", path.as_os_str())]);
    let outcome = tokio::task::spawn_blocking(move || {
        read_until(&socket, "READY=1");
        let second = Process::run(folder.path(), &config, &state, &[]);
        let (code, said) = second.wait(Duration::from_secs(20));
        first.signal("INT");
        (code, said, first.wait(Duration::from_secs(20)).0)
    });
    let (code, said, first) = outcome.await.unwrap();
    assert_eq!((code, first), (Some(69), Some(0)), "{said}");
    assert!(said.contains("process"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_single_run_sends_all_that_is_due_and_says_by_its_exit_code_what_it_came_to() {
    let (origin, smtp) = (Origin::start().await, Smtp::start().await);
    origin.set("first", rss("First", &[]));
    let folder = TempDir::new().unwrap();
    let (config, state) = (folder.path().join("openline.toml"), folder.path().join("state"));
    let mut text = configuration(&origin, &smtp, None, &["first"]);
    text.push_str("[[rule]]\nid = \"marked\"\n[rule.words]\nany = [\"zebraflare\"]\n");
    std::fs::write(&config, text).unwrap();
    let once = |folder: &std::path::Path| {
        let mut command = openline(folder);
        command.args(["run", "--once", "--config"]).arg(&config).arg("--state").arg(&state);
        async move { tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap() }
    };
    let output = once(folder.path()).await;
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    // Five alerts to one recipient, who is served one at a time.
    let now = openline::daemon::clock::Clock::now(&openline::daemon::clock::SystemClock);
    let date = jiff::tz::TimeZone::UTC.to_datetime(now).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let item = |n: u8| format!("<item><title>zebraflare {n}</title><guid>{n}</guid><pubDate>{date}</pubDate></item>");
    let items: String = (0..5).map(item).collect();
    origin.set("first", rss("First", &[]).replace("</channel>", &format!("{items}</channel>")));
    let output = once(folder.path()).await;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert_eq!(smtp.mails().len(), 5, "{said}");
    assert!(said.contains("1 feeds polled, 0 failed, 5 new items, 5 alerts, 5 deliveries sent, 0 left"), "{said}");
    // No feed can be polled: 69, and the reason.
    drop(origin);
    let output = once(folder.path()).await;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(69), "{said}");
    assert!(said.contains("openline: first:"), "{said}");
}
