//! Secrets show nowhere: canaries in every place of a secret, and a search through everything that the program says.

use crate::harness::http::{Reply, Request, Server};
use crate::harness::origin::{Entry, Origin, rss};
use crate::harness::process::{Process, openline};
use crate::harness::smtp::{Answer, Phase, Smtp};
use base64::Engine as _;
use std::ffi::OsStr;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Output;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Eleven letters that stand in every secret, half of which would be too much; and as base64 as a mail password is sent.
const CANARY: &str = "CANARYCANAR";
const MARKS: [&str; 4] = ["CANARY", "Q0FOQVJZ", "canary", "NBTkFSW"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_output_of_the_program_holds_a_secret() {
    let (origin, smtp, echo, folder) =
        (Origin::start().await, Smtp::start().await, Server::start().await, TempDir::new().unwrap());
    // Receivers that repeat all they are told, as some do in their error pages.
    let repeat = |request: &Request| {
        let headers: Vec<String> = (request.headers.iter())
            .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value)))
            .collect();
        Reply::new(500, format!("{} {}", request.path, headers.join(" ")))
    };
    // Others repeat the token alone, padded so that an answer or a reason is cut eight letters into it.
    let padded = |cut: usize| {
        move |request: &Request| {
            let token =
                request.headers.iter().find(|(name, _)| name == "authorization").map(|(_, value)| value.to_vec());
            let token = String::from_utf8(token.unwrap_or_default()).unwrap();
            let at = token.find(CANARY).unwrap_or_default() + 8;
            Reply::new(500, format!("{}{token}", "x".repeat(cut - at)))
        }
    };
    let token = format!("1234:{CANARY}_telegram");
    echo.route("/", padded(200));
    echo.route("/am", padded(300 - "the receiver answered 500: ".len()));
    // A feed's server that repeats it, in its answer and in the address to which it sends.
    echo.route("/closed", repeat);
    echo.route("/moving", |request: &Request| {
        let cookie = String::from_utf8_lossy(request.header("cookie").unwrap_or_default()).into_owned();
        Reply::redirect(301, &format!("/closed?{cookie}#{cookie}"))
    });
    for path in ["/hook".to_owned(), format!("/bot{token}/sendMessage")] {
        echo.route(&path, repeat);
    }
    let key =
        format!("whsec_{}", base64::engine::general_purpose::STANDARD.encode(format!("{CANARY}{}", "k".repeat(21))));
    let secrets = [
        ("smtp", format!("{CANARY}-smtp")),
        ("hook", key),
        ("slack", format!("https://127.0.0.1:1/services/{CANARY}")),
        ("ntfy", format!("tk_{CANARY}")),
        ("am", format!("{CANARY}-am")),
        ("telegram", token),
        ("feed-password", format!("{CANARY}-feed")),
        ("feed-cookies", format!("session={CANARY}")),
        ("feed-headers", format!("X-Key: {CANARY}\nX-Other: {CANARY}")),
        ("feed-proxy", format!("{CANARY}-proxy")),
    ];
    for (name, secret) in &secrets {
        std::fs::write(folder.path().join(name), secret).unwrap();
    }
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (config, state) = (folder.path().join("openline.toml"), folder.path().join("state"));
    std::fs::write(&config, configuration(&origin, &smtp, &echo, free)).unwrap();
    let mut said = String::new();
    let command = async |words: &[&str]| -> String {
        let mut command = openline(folder.path());
        command.env("OPENLINE_LOG", "trace").args(words).arg("--config").arg(&config);
        if !matches!(words, ["check" | "notify", ..]) {
            command.arg("--state").arg(&state);
        }
        let Output { stdout, stderr, .. } =
            tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        String::from_utf8_lossy(&stdout).into_owned() + &String::from_utf8_lossy(&stderr)
    };
    said += &command(&["check"]).await;
    origin.set("first", rss("First", &[]));
    said += &command(&["run", "--once"]).await;
    let now = openline::daemon::clock::Clock::now(&openline::daemon::clock::SystemClock);
    let date = jiff::tz::TimeZone::UTC.to_datetime(now).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let summary = "US Secretary of State Marco Rubio will visit Beijing next week, the State Department said.";
    let news = Entry { guid: "news", title: "Rubio to visit Beijing next week", summary, date: &date };
    origin.set("first", rss("First", &[news]));
    let bad_login = || Answer::Line(format!("535 5.7.8 {{auth}} {CANARY}-smtp is wrong"));
    smtp.script(Phase::Auth, bad_login());
    said += &command(&["run", "--once"]).await;
    let list = command(&["outbox", "list"]).await;
    assert!(list.contains("535") || list.contains("due"), "{list}");
    for line in list.lines().filter(|line| line.contains(" to ") || line.contains("attempts")) {
        let id = line.trim().split(' ').next().unwrap().to_owned();
        let shown = command(&["outbox", "show", &id]).await;
        assert!(shown.contains("failed: "), "{shown}");
        said += &shown;
    }
    said += &list;
    smtp.script(Phase::Auth, bad_login());
    said += &command(&["notify", "test"]).await;
    smtp.script(Phase::Auth, bad_login());
    said += &command(&["notify", "test", "--drill"]).await;
    assert!(said.contains("535") && said.contains("the receiver answered 500"), "{said}");

    let daemon = Process::run(folder.path(), &config, &state, &[("OPENLINE_LOG", OsStr::new("trace"))]);
    for path in ["/", "/metrics", "/healthz"] {
        said += &get(free, path).await;
    }
    daemon.signal("HUP");
    daemon.signal("TERM");
    let (code, log) = tokio::task::spawn_blocking(move || daemon.wait(Duration::from_secs(25))).await.unwrap();
    assert_eq!(code, Some(0), "{log}");
    said += &log;
    said += &files(&state);
    for mark in MARKS {
        let at = said.find(mark);
        let around = at.and_then(|at| said.get(at.saturating_sub(200)..(at + 60).min(said.len())));
        assert!(at.is_none(), "{mark} shows: {around:?}");
    }
    assert!(said.len() > 5_000, "something was searched");
    let asked = echo.seen();
    let bore =
        |path: &str, name: &str| asked.iter().any(|one| one.path.starts_with(path) && one.header(name).is_some());
    assert!(bore("/closed", "authorization") && bore("/moving", "x-key"), "the feeds' secrets were sent");
    assert!(bore("http://feeds.example/", "proxy-authorization"), "the proxy's too");
}

fn configuration(origin: &Origin, smtp: &Smtp, echo: &Server, status: SocketAddr) -> String {
    format!(
        "sources = []\n[http]\nallow = [\"127.0.0.1\"]\n[mail]\nhost = \"test.example\"\n[status]\nlisten = \"{status}\"\n\
         [[channel]]\nid = \"mail\"\ntype = \"email\"\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\nuser = \"openline\"\n\
         password_file = \"smtp\"\nfrom = \"openline@test.example\"\nto = [\"desk@test.example\"]\n\
         [[channel]]\nid = \"hook\"\ntype = \"webhook\"\nurl = \"{}?token={CANARY}\"\nsecret_file = \"hook\"\n\
         [[channel]]\nid = \"slack\"\ntype = \"webhook\"\nformat = \"slack\"\nsecret_file = \"slack\"\n\
         [[channel]]\nid = \"ntfy\"\ntype = \"webhook\"\nformat = \"ntfy\"\ntopic = \"t\"\nurl = \"{}\"\nsecret_file = \"ntfy\"\n\
         [[channel]]\nid = \"am\"\ntype = \"webhook\"\nformat = \"alertmanager\"\nurl = \"{}\"\nsecret_file = \"am\"\n\
         [[channel]]\nid = \"bot\"\ntype = \"webhook\"\nformat = \"telegram\"\nchat = \"@c\"\nurl = \"{}\"\nsecret_file = \"telegram\"\n\
         [[feed]]\nid = \"first\"\nurl = \"{}\"\ntitle = \"First\"\ntier = \"wire\"\nlanguage = \"en\"\n\
         {}{}[[feed]]\nid = \"proxied\"\nurl = \"http://feeds.example/x\"\ntier = \"wire\"\nproxy = \"{}\"\n\
         proxy_user = \"desk\"\nproxy_password_file = \"feed-proxy\"\n",
        smtp.port(),
        echo.url("/hook"),
        echo.url("/"),
        echo.url("/am"),
        echo.url("/"),
        origin.url("first"),
        closed("closed", echo),
        closed("moving", echo),
        echo.url("/"),
    )
}

/// A feed that asks for a password, cookies and a key.
fn closed(id: &str, echo: &Server) -> String {
    let url = echo.url(&format!("/{id}"));
    format!(
        "[[feed]]\nid = \"{id}\"\nurl = \"{url}\"\ntier = \"wire\"\nuser = \"desk\"\npassword_file = \"feed-password\"\n\
         cookies_file = \"feed-cookies\"\nsecret_headers_file = \"feed-headers\"\n"
    )
}

/// A page of the status server, which may not be up yet.
async fn get(address: SocketAddr, path: &str) -> String {
    for _ in 0..400 {
        if let Ok(mut stream) = TcpStream::connect(address).await {
            let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
            stream.write_all(request.as_bytes()).await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
            return answer;
        }
        // A poll with a deadline.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the status server did not answer")
}

/// Everything in a folder's files, readable or not.
fn files(folder: &Path) -> String {
    let each = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    each.map(|path| String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned()).collect()
}
