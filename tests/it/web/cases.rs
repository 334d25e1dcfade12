//! What servers do wrong, one after the other, and how each must end.

use crate::harness::raw::{Act, Raw};
use async_compression::tokio::write::{BrotliEncoder, GzipEncoder, ZstdEncoder};
use futures_util::FutureExt as _;
use openline::model::feed::{FailureKind, FeedState};
use std::fmt;
use std::time::Duration;
use tokio::io::{AsyncWrite, AsyncWriteExt as _};

/// One fault.
#[derive(Debug)]
pub(super) struct Case {
    /// What the server does, after "the server".
    pub(super) name: &'static str,
    pub(super) acts: Vec<Act>,
    pub(super) tls: bool,
    /// What is remembered of the feed.
    pub(super) state: FeedState,
    pub(super) end: End,
}

/// How a poll ends for the feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Read,
    Unchanged,
    HostWaits,
    FeedWaits,
    Failed(FailureKind),
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self {
            Self::Read => "read",
            Self::Unchanged => "unchanged",
            Self::HostWaits => "waits, with all of the host",
            Self::FeedWaits => "waits",
            Self::Failed(FailureKind::Refused) => "refused",
            Self::Failed(FailureKind::Network) => "failed: connection",
            Self::Failed(FailureKind::Timeout) => "failed: time",
            Self::Failed(FailureKind::Status(_)) => "failed: status",
            Self::Failed(FailureKind::TooLarge) => "failed: size",
            Self::Failed(FailureKind::Redirects) => "failed: redirects",
            Self::Failed(FailureKind::Unreadable) => "failed: no feed",
            Self::Failed(FailureKind::Suspect) => "suspect",
            Self::Failed(FailureKind::Gone) => "gone",
        };
        f.write_str(words)
    }
}

const FEED: &str = "<rss version='2.0'><channel><title>T</title><item><title>A</title><guid>1</guid></item>\
<item><title>B</title><guid>2</guid></item></channel></rss>";
const ITEM: &str = "<item><title>An item of many</title><guid>https://news.example/item</guid></item>";
/// Ten megabytes of nothing, of which the bombs are made.
const BLOCK: usize = 10_000_000;

fn send(bytes: impl AsRef<[u8]>) -> Act {
    Act::Send(bytes.as_ref().to_vec())
}

fn ok(headers: &str, body: &[u8]) -> Vec<Act> {
    vec![send(format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n{headers}\r\n", body.len())), send(body)]
}

fn status(line: &str) -> Vec<Act> {
    vec![send(format!("HTTP/1.1 {line}\r\ncontent-length: 0\r\n\r\n"))]
}

/// A right answer.
pub(super) fn feed() -> Vec<Act> {
    ok("", FEED.as_bytes())
}

/// Compresses in memory, where nothing ever waits.
macro_rules! packed {
    ($encoder:ident, $bytes:expr) => {{
        let bytes: &[u8] = $bytes;
        let mut encoder = $encoder::new(Vec::new());
        write(&mut encoder, bytes);
        encoder.into_inner()
    }};
}

fn write(encoder: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) {
    let work = async {
        encoder.write_all(bytes).await.unwrap();
        encoder.shutdown().await.unwrap();
    };
    work.now_or_never().expect("memory does not wait");
}

#[expect(clippy::too_many_lines, reason = "a table")]
pub(super) fn all(plain: &Raw, secure: &Raw) -> Vec<Case> {
    let failed = End::Failed;
    let (network, time) = (failed(FailureKind::Network), failed(FailureKind::Timeout));
    let (size, redirects) = (failed(FailureKind::TooLarge), failed(FailureKind::Redirects));
    let (refused, no_feed) = (failed(FailureKind::Refused), failed(FailureKind::Unreadable));
    let slow = Duration::from_millis(20);
    let head = |rest: &str| send(format!("HTTP/1.1 200 OK\r\n{rest}\r\n"));
    let chunked = || head("transfer-encoding: chunked\r\n");
    let encoded = |how: &str, body: &[u8]| ok(&format!("content-encoding: {how}\r\n"), body);
    let moved = |to: &str| vec![send(format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n"))];
    let zeros = vec![0_u8; BLOCK];
    let gzip = packed!(GzipEncoder, FEED.as_bytes());
    let half = gzip.get(..gzip.len() / 2).unwrap().to_vec();
    let mut damaged = gzip.clone();
    damaged.iter_mut().skip(20).take(30).for_each(|byte| *byte ^= 0x5a);
    let (gzip_bomb, zstd_bomb) = (packed!(GzipEncoder, &zeros).repeat(30), packed!(ZstdEncoder, &zeros).repeat(30));
    let nested = packed!(GzipEncoder, &gzip_bomb);
    let twice = packed!(BrotliEncoder, &gzip);
    let many = format!("<rss version='2.0'><channel><title>T</title>{}</channel></rss>", "<item/>".repeat(500_000));
    let titled: String = (0..50_000).map(|number| format!("<item><title>{number}</title></item>")).collect();
    let fifty = format!("<rss version='2.0'><channel><title>T</title>{titled}</channel></rss>");
    let many_packed = packed!(GzipEncoder, many.as_bytes());
    let waits = |code: &str, how: &str| {
        vec![send(format!("HTTP/1.1 {code} Later\r\nretry-after: {how}\r\ncontent-length: 0\r\n\r\n"))]
    };
    let validators = FeedState { etag: Some(b"\"1\"".to_vec()), ..FeedState::default() };
    // A loop of two needs paths that stand still.
    plain.play("/loop-a", moved("/loop-b"));
    plain.play("/loop-b", moved("/loop-a"));
    plain.play("/self", moved("/self"));
    plain.play("/feed", feed());
    secure.play("/down", moved(&plain.url("/feed")));
    for hop in 1..=6 {
        plain.play(&format!("/hop-{hop}"), moved(&format!("/hop-{}", hop - 1)));
    }
    plain.play("/hop-0", feed());
    let mut all = Vec::new();
    let mut add = |name, end, acts| all.push(Case { name, acts, tls: false, state: FeedState::default(), end });

    add("answers as it should", End::Read, feed());
    add("says nothing", time, vec![Act::Hang]);
    add("falls silent in its headers", time, vec![send("HTTP/1.1 200 OK\r\ncontent-"), Act::Hang]);
    add("falls silent after its headers", time, vec![head("content-length: 500\r\n"), Act::Hang]);
    add("falls silent in its body", time, vec![head("content-length: 500\r\n"), send("<rss"), Act::Hang]);
    add("trickles its headers", time, vec![Act::Trickle("HTTP/1.1 200 OK\r\nx: ".repeat(500).into_bytes(), slow)]);
    add("trickles its body", time, vec![head("content-length: 99999\r\n"), Act::Trickle(vec![b' '; 99_999], slow)]);
    add("trickles chunks", time, vec![chunked(), Act::Trickle("1\r\n \r\n".repeat(9_999).into_bytes(), slow)]);
    add(
        "gives preliminary answers for ever",
        time,
        vec![Act::Trickle("HTTP/1.1 103 Early Hints\r\n\r\n".repeat(999).into_bytes(), slow)],
    );
    add("closes without an answer", network, vec![]);
    add("closes in its headers", network, vec![send("HTTP/1.1 200 OK\r\ncontent-le")]);
    add("resets without an answer", network, vec![Act::Reset]);
    add("resets in its body", network, vec![head("content-length: 500\r\n"), send("<rss"), Act::Reset]);
    add("announces more than comes", network, vec![head("content-length: 5000\r\n"), send(FEED)]);
    add("announces less than comes", End::Read, vec![head("content-length: 100\r\n"), send(FEED)]);
    add("announces no length and closes", End::Read, vec![head("connection: close\r\n"), send(FEED)]);
    add("announces two lengths", network, vec![head("content-length: 5\r\ncontent-length: 6\r\n"), send(FEED)]);
    add("announces a length that is no number", network, vec![head("content-length: many\r\n"), send(FEED)]);
    add("sends chunks of a length that is no number", network, vec![chunked(), send("zz\r\n<rss\r\n")]);
    add("sends chunks of endless length", network, vec![chunked(), send("fffffffffffffffff\r\n"), send(FEED)]);
    add("sends chunks longer than they say", network, vec![chunked(), send("4\r\n<rss version"), send(FEED)]);
    add("ends in a chunk", network, vec![chunked(), send("ff\r\n<rss")]);
    add("speaks no HTTP", network, vec![send("SSH-2.0-OpenSSH_9.6\r\n")]);
    add("sends a megabyte of headers", network, vec![head(&format!("x: {}\r\n", "y".repeat(1 << 20))), send(FEED)]);
    add("sends 5,000 headers", network, vec![head(&"x: y\r\n".repeat(5_000)), send(FEED)]);
    add(
        "announces 2 GB",
        size,
        vec![head("content-length: 2147483648\r\n"), Act::Repeat(vec![b' '; 1 << 16], 1 << 15)],
    );
    add("sends 2 GB unannounced", size, vec![head(""), Act::Repeat(vec![b' '; 1 << 16], 1 << 15)]);
    add(
        "sends 2 GB in chunks",
        size,
        vec![chunked(), Act::Repeat([&b"10000\r\n"[..], &[b' '; 1 << 16], b"\r\n"].concat(), 1 << 15)],
    );
    add("sends 500,000 items", size, vec![head(""), send("<rss><channel>"), Act::Repeat(ITEM.into(), 500_000)]);
    add("sends 500,000 empty items", failed(FailureKind::Suspect), encoded("gzip", &many_packed));
    add("sends 50,000 items", End::Read, encoded("gzip", &packed!(GzipEncoder, fifty.as_bytes())));
    add("sends gzip that inflates to 300 MB", size, encoded("gzip", &gzip_bomb));
    add("sends zstd that inflates to 300 MB", size, encoded("zstd", &zstd_bomb));
    add("sends brotli that inflates beyond the cap", size, encoded("br", &packed!(BrotliEncoder, &zeros.repeat(2))));
    add("sends gzip within gzip that inflates to 300 MB", size, encoded("gzip, gzip", &nested));
    add("compresses twice", End::Read, encoded("gzip, br", &twice));
    add("compresses three times", network, encoded("gzip, gzip, gzip", &gzip));
    add("compresses in a way that nobody asked for", network, encoded("compress", FEED.as_bytes()));
    add("says gzip and sends none", End::Read, encoded("gzip", FEED.as_bytes()));
    add("sends half of its gzip", network, encoded("gzip", &half));
    add("sends damaged gzip", network, encoded("gzip", &damaged));
    add("sends brotli that is none", network, encoded("br", FEED.as_bytes()));
    add("sends zstd that is none", network, encoded("zstd", FEED.as_bytes()));
    add("redirects to itself for ever", redirects, moved("/self"));
    add("redirects to and fro", redirects, moved("/loop-a"));
    add("redirects five times", End::Read, moved("/hop-4"));
    add("redirects six times", redirects, moved("/hop-5"));
    add("redirects to nowhere", redirects, status("302 Found"));
    add("redirects to what is no address", redirects, moved("http://["));
    add("redirects to a file", refused, moved("file:///etc/passwd"));
    add("redirects to a metadata service", refused, moved("http://169.254.169.254/latest/meta-data/"));
    add("redirects into a private network", refused, moved("http://10.0.0.1/"));
    add("redirects to a port that is not the web's", refused, moved("http://127.0.0.1:22/"));
    add("asks for patience in seconds (429)", End::HostWaits, waits("429", "120"));
    add("asks for patience until a date (429)", End::HostWaits, waits("429", "Tue, 02 Jan 2024 03:06:05 GMT"));
    add("asks for patience without a time (429)", End::HostWaits, status("429 Too Many Requests"));
    add("asks for patience of ten years (429)", End::HostWaits, waits("429", "315360000"));
    add("asks for patience until yesterday (429)", End::HostWaits, waits("429", "Mon, 01 Jan 2024 03:06:05 GMT"));
    add("asks for patience of its feed in seconds (503)", End::FeedWaits, waits("503", "120"));
    add(
        "asks for patience of its feed until a date (503)",
        End::FeedWaits,
        waits("503", "Tue, 02 Jan 2024 03:06:05 GMT"),
    );
    add("asks for patience in words (503)", failed(FailureKind::Status(503)), waits("503", "soon"));
    add("fails (500)", failed(FailureKind::Status(500)), status("500 Oops"));
    add("wants a password (401)", failed(FailureKind::Status(401)), status("401 Unauthorized"));
    add("knows no such feed (404)", failed(FailureKind::Status(404)), status("404 Not Found"));
    add("says that the feed is gone (410)", failed(FailureKind::Gone), status("410 Gone"));
    add("has no content (204)", failed(FailureKind::Status(204)), vec![send("HTTP/1.1 204 No Content\r\n\r\n")]);
    add(
        "sends a part (206)",
        failed(FailureKind::Status(206)),
        vec![send("HTTP/1.1 206 Part\r\ncontent-length: 4\r\n\r\n<rss")],
    );
    add("sends nothing with 200", no_feed, ok("", b""));
    add(
        "sends a page instead of a feed",
        no_feed,
        ok("content-type: text/html\r\n", b"<!doctype html><html><body>Welcome</body></html>"),
    );
    add(
        "sends bytes of chance",
        no_feed,
        ok("", &(0..4_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect::<Vec<_>>()),
    );
    let quiet = vec![send("HTTP/1.1 304 Not Modified\r\n\r\n")];
    all.push(Case { name: "has nothing new (304)", acts: quiet, tls: false, state: validators, end: End::Unchanged });
    let down = vec![send("HTTP/1.1 301 Moved\r\nlocation: /down\r\ncontent-length: 0\r\n\r\n")];
    let state = FeedState::default();
    all.push(Case { name: "redirects from https to http", acts: down, tls: true, state, end: refused });
    all
}
