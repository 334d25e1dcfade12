//! The socket by which commands reach a running daemon: one line of JSON a request, one a reply.
//!
//! It stands in the store's folder as `control.sock`, for this user alone. A request is `{"command": "silence.add", …}`; a
//! reply is `{"ok": …}` with what the command gives, or `{"refused": [texts], "code": "usage" | "missing" | "busy" |
//! "failed"}`. Where no daemon runs, the command line does the same work itself, as the one writer of the store.

mod act;
pub mod feeds;
mod protocol;

pub use act::{Desk, act};
pub use protocol::{Code, Command, Piece, Reply};

use super::clock::Clock;
use super::live::{Current, Live};
use super::router::Hush;
use super::schedule::Schedule;
use crate::rules::mute::Names;
use crate::store::Store;
use serde_json::Value;
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// The socket's name in the store's folder.
const NAME: &str = "control.sock";
/// Longest request, in bytes.
const LINE_MAX: u64 = 1 << 20;
/// Longest reply, in bytes: some hundred thousand feeds.
const REPLY_MAX: u64 = 64 << 20;
/// Time for one request to arrive, or for its reply to be taken.
const PATIENCE: Duration = Duration::from_secs(10);
/// Time that the command line gives a daemon that may wait for a busy store.
const ANSWER: Duration = Duration::from_secs(30);
/// Connections at the same time; more wait their turn.
const AT_ONCE: usize = 8;

/// What the control task works with.
#[derive(Debug)]
pub(super) struct Deps {
    /// Replaceable parts.
    pub(super) current: Current,
    /// The store.
    pub(super) store: Arc<Store>,
    /// The schedule.
    pub(super) schedule: Arc<Schedule>,
    /// The silences.
    pub(super) hush: Hush,
    /// The clock.
    pub(super) clock: Arc<dyn Clock>,
}

/// The socket of a store's folder.
#[must_use]
pub fn socket(folder: &Path) -> PathBuf {
    folder.join(NAME)
}

/// Opens the socket. The store's lock is held, so that what stands there is left over from a daemon that is gone.
///
/// # Errors
/// The socket cannot be made, as where the folder's name is longer than the 107 bytes that the system allows.
pub(super) fn open(folder: &Path) -> io::Result<UnixListener> {
    let path = socket(folder);
    match fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(&path)?;
    // The folder itself is closed to others, so that nobody comes in between the two.
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// Answers requests until told to stop, then takes the socket away.
pub(super) async fn run(deps: Arc<Deps>, listener: UnixListener, stop: CancellationToken) {
    let mut talks: JoinSet<()> = JoinSet::new();
    loop {
        let room = talks.len() < AT_ONCE;
        tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept(), if room => match accepted {
                Ok((stream, _)) => {
                    talks.spawn(talk(Arc::clone(&deps), stream));
                }
                Err(error) => {
                    tracing::warn!(%error, "a control connection could not be taken");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            },
            Some(ended) = talks.join_next() => {
                if ended.is_err() {
                    tracing::error!("a control request panicked; see the log");
                }
            }
        }
    }
    talks.shutdown().await;
    // A later daemon takes away what is left.
    let _ = fs::remove_file(socket(deps.store.folder()));
}

/// Sends one command to a running daemon; nothing where none answers at its socket.
///
/// # Errors
/// A daemon is there, but the talk with it failed.
pub async fn ask(folder: &Path, command: &Command) -> io::Result<Option<Reply>> {
    let mut stream = match UnixStream::connect(socket(folder)).await {
        Ok(stream) => stream,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) => {
            return Ok(None);
        }
        // A folder of so long a name has no socket.
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => return Ok(None),
        Err(error) => return Err(error),
    };
    let late = |_| io::Error::new(io::ErrorKind::TimedOut, "the daemon did not answer in time");
    let line = timeout(ANSWER, async {
        stream.write_all(format!("{}\n", command.to_json()).as_bytes()).await?;
        line(&mut BufReader::new(stream), REPLY_MAX).await
    });
    let line = line.await.map_err(late)??;
    let broken = || io::Error::new(io::ErrorKind::InvalidData, "the daemon's answer cannot be read");
    let value: Value = line.and_then(|line| serde_json::from_str(&line).ok()).ok_or_else(broken)?;
    Reply::from_json(&value).map(Some).ok_or_else(broken)
}

/// Requests of one connection, one after the other.
async fn talk(deps: Arc<Deps>, stream: UnixStream) {
    let (read, mut write) = stream.into_split();
    let mut read = BufReader::new(read);
    loop {
        let request = match timeout(PATIENCE, line(&mut read, LINE_MAX)).await {
            Ok(Ok(Some(request))) => Ok(request),
            Ok(Err(error)) if error.kind() == io::ErrorKind::InvalidData => Err(error.to_string()),
            _ => return,
        };
        let broken = request.is_err();
        let reply = match request.and_then(|request| Command::parse(&request)) {
            Err(why) => Reply::refused(Code::Usage, why),
            Ok(command) => {
                tracing::info!(command = command.name(), "a control command came");
                let live = deps.current.get();
                let names = names(&deps, &live);
                let desk = Desk {
                    names: &names,
                    store: &deps.store,
                    zone: &live.usual.zone,
                    now: deps.clock.now(),
                    running: Some((&deps.hush, &deps.schedule)),
                };
                act(command, &desk).await
            }
        };
        let said = format!("{}\n", reply.to_json());
        if !matches!(timeout(PATIENCE, write.write_all(said.as_bytes())).await, Ok(Ok(()))) || broken {
            return;
        }
    }
}

/// What matchers may name, as the daemon stands.
fn names(deps: &Deps, live: &Live) -> Names {
    let feeds = deps.schedule.feeds().iter().map(|feed| feed.spec.id.to_string()).collect();
    live.names(feeds)
}

/// One line without its end; nothing at the end of the talk.
///
/// # Errors
/// The talk broke off; with `InvalidData` where the line is too long or no UTF-8.
async fn line(from: &mut (impl tokio::io::AsyncBufRead + Unpin), most: u64) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    from.take(most).read_until(b'\n', &mut bytes).await?;
    let invalid = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what);
    if !bytes.ends_with(b"\n") {
        let long = || invalid(&format!("the line is longer than {} MiB", most >> 20));
        return if bytes.len() as u64 == most { Err(long()) } else { Ok(None) };
    }
    let text = String::from_utf8(bytes).map_err(|_| invalid("the line is no UTF-8"))?;
    Ok(Some(text.trim_end().to_owned()))
}
