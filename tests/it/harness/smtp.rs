//! A small real SMTP server on loopback: it answers as told, and keeps every envelope and message.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinSet;

/// A step of the dialogue whose answer can be scripted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// The greeting of a new connection.
    Greeting,
    /// `EHLO`.
    Ehlo,
    /// `AUTH`, the final answer.
    Auth,
    /// `MAIL FROM`.
    Mail,
    /// `RCPT TO`.
    Rcpt,
    /// `DATA`, before the message.
    Data,
    /// In the middle of the message.
    Body,
    /// After the message.
    Message,
}

/// A scripted answer, used once.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// This line instead of the usual one; `{auth}` in it is replaced by the client's `AUTH` line.
    Line(String),
    /// The connection is closed without a word.
    Drop,
    /// The usual answer comes only when [`Smtp::release`] is called.
    Hold,
    /// The usual answer comes byte by byte.
    Slow,
    /// Bytes that are no answer, then the usual course.
    Garbage,
    /// The message is taken, and then this answer given.
    Taken(Box<Answer>),
}

/// A message as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Mail {
    /// Number of the connection, from 1.
    pub(crate) connection: usize,
    /// Address of `MAIL FROM`.
    pub(crate) from: String,
    /// Addresses of `RCPT TO`.
    pub(crate) to: Vec<String>,
    /// The message with dots undoubled, without the closing dot's line.
    pub(crate) data: Vec<u8>,
}

#[derive(Debug, Default)]
struct State {
    script: Mutex<VecDeque<(Phase, Answer)>>,
    mails: Mutex<Vec<Mail>>,
    commands: Mutex<Vec<String>>,
    connections: Mutex<usize>,
    arrived: Notify,
    released: Notify,
}

/// The server; dropping it ends every connection.
#[derive(Debug)]
pub(crate) struct Smtp {
    address: SocketAddr,
    state: Arc<State>,
    _accepting: JoinSet<()>,
}

impl Smtp {
    /// Listens on a free port of 127.0.0.1.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        let mut accepting = JoinSet::new();
        accepting.spawn(async move {
            let mut sessions = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let number = {
                    let mut connections = shared.connections.lock().unwrap();
                    *connections += 1;
                    *connections
                };
                sessions.spawn(session(stream, Arc::clone(&shared), number));
            }
        });
        Self { address, state, _accepting: accepting }
    }

    /// The port.
    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// The next time the dialogue comes to `phase`, `answer` is given.
    pub(crate) fn script(&self, phase: Phase, answer: Answer) {
        self.state.script.lock().unwrap().push_back((phase, answer));
    }

    /// Lets one held answer go.
    pub(crate) fn release(&self) {
        self.state.released.notify_one();
    }

    /// The messages accepted so far.
    pub(crate) fn mails(&self) -> Vec<Mail> {
        self.state.mails.lock().unwrap().clone()
    }

    /// Every command line received so far.
    pub(crate) fn commands(&self) -> Vec<String> {
        self.state.commands.lock().unwrap().clone()
    }

    /// Connections opened so far.
    pub(crate) fn connections(&self) -> usize {
        *self.state.connections.lock().unwrap()
    }

    /// Waits until `count` messages were accepted; panics after `limit`.
    pub(crate) async fn wait_for(&self, count: usize, limit: Duration) -> Vec<Mail> {
        let enough = async {
            loop {
                let arrived = self.state.arrived.notified();
                if self.mails().len() >= count {
                    return self.mails();
                }
                arrived.await;
            }
        };
        tokio::time::timeout(limit, enough)
            .await
            .unwrap_or_else(|_| panic!("{} of {count} mails came within {limit:?}", self.mails().len()))
    }
}

/// One connection; `None` ends it.
async fn session(stream: TcpStream, state: Arc<State>, connection: usize) -> Option<()> {
    let mut wire = Wire { stream: BufReader::new(stream), state, auth: String::new() };
    let fresh = || Mail { connection, from: String::new(), to: Vec::new(), data: Vec::new() };
    let mut mail = fresh();
    wire.answer(Phase::Greeting, "220 test.invalid ESMTP").await?;
    loop {
        let line = wire.line().await?;
        wire.state.commands.lock().unwrap().push(line.clone());
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        match verb.as_str() {
            "EHLO" | "HELO" => {
                wire.answer(Phase::Ehlo, "250-test.invalid\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN").await?
            }
            "AUTH" => {
                wire.auth = line;
                wire.answer(Phase::Auth, "235 2.7.0 welcome").await?
            }
            "MAIL" => {
                mail = Mail { from: address(&line), ..fresh() };
                wire.answer(Phase::Mail, "250 2.1.0 ok").await?
            }
            "RCPT" => {
                mail.to.push(address(&line));
                wire.answer(Phase::Rcpt, "250 2.1.5 ok").await?
            }
            "DATA" => {
                if wire.answer(Phase::Data, "354 go on").await? {
                    wire.interrupt().await?;
                    mail.data = wire.message().await?;
                    let taken = match wire.scripted(Phase::Message) {
                        Some(Answer::Taken(answer)) => {
                            wire.take(std::mem::replace(&mut mail, fresh()));
                            wire.give(Some(*answer), "250 2.0.0 queued as 42").await?;
                            false
                        }
                        // Kept before it is said, lest the client look for it too early.
                        answer @ (None | Some(Answer::Slow)) => {
                            wire.take(std::mem::replace(&mut mail, fresh()));
                            wire.give(answer, "250 2.0.0 queued as 42").await?;
                            false
                        }
                        answer => wire.give(answer, "250 2.0.0 queued as 42").await?,
                    };
                    if taken {
                        wire.take(std::mem::replace(&mut mail, fresh()));
                    }
                }
                true
            }
            "RSET" | "NOOP" => wire.say("250 2.0.0 ok").await?,
            "QUIT" => {
                wire.say("221 2.0.0 bye").await?;
                return None;
            }
            _ => wire.say("502 5.5.2 unknown command").await?,
        };
    }
}

struct Wire {
    stream: BufReader<TcpStream>,
    state: Arc<State>,
    auth: String,
}

impl Wire {
    /// A line without its end.
    async fn line(&mut self) -> Option<String> {
        let mut line = Vec::new();
        let count = self.stream.read_until(b'\n', &mut line).await.ok()?;
        (count > 0).then(|| String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']).to_owned())
    }

    /// A message up to the line with a single dot, undoubled. Only CRLF ends a line (RFC 5321 section 2.3.8).
    async fn message(&mut self) -> Option<Vec<u8>> {
        let mut data: Vec<u8> = Vec::new();
        loop {
            let start = data.len();
            while !data.get(start..).unwrap_or_default().ends_with(b"\r\n") {
                if self.stream.read_until(b'\n', &mut data).await.ok()? == 0 {
                    return None;
                }
            }
            let line = data.get(start..).unwrap_or_default();
            if line == b".\r\n" {
                data.truncate(start);
                return Some(data);
            }
            if line.starts_with(b".") {
                data.remove(start);
            }
        }
    }

    /// The usual answer, or the scripted one; whether it was positive.
    async fn answer(&mut self, phase: Phase, usual: &str) -> Option<bool> {
        let scripted = self.scripted(phase);
        self.give(scripted, usual).await
    }

    fn scripted(&self, phase: Phase) -> Option<Answer> {
        let mut script = self.state.script.lock().unwrap();
        let at = script.iter().position(|(due, _)| *due == phase);
        at.and_then(|at| script.remove(at)).map(|(_, answer)| answer)
    }

    async fn give(&mut self, answer: Option<Answer>, usual: &str) -> Option<bool> {
        match answer {
            None => self.say(usual).await,
            Some(Answer::Line(line)) => {
                let line = line.replace("{auth}", &self.auth);
                self.say(&line).await
            }
            Some(Answer::Drop | Answer::Taken(_)) => None,
            Some(Answer::Hold) => {
                self.state.released.notified().await;
                self.say(usual).await
            }
            Some(Answer::Slow) => {
                for byte in format!("{usual}\r\n").bytes() {
                    self.stream.get_mut().write_all(&[byte]).await.ok()?;
                    // The slowness is what the test is about, not a wait for something.
                    tokio::time::sleep(Duration::from_millis(8)).await;
                }
                Some(usual.starts_with(['2', '3']))
            }
            Some(Answer::Garbage) => {
                self.stream.get_mut().write_all(b"\x00\xfe<<no answer>>\r\n").await.ok()?;
                Some(false)
            }
        }
    }

    /// What is scripted for the middle of a message, once its first line is there.
    async fn interrupt(&mut self) -> Option<()> {
        let Some(answer) = self.scripted(Phase::Body) else { return Some(()) };
        self.stream.fill_buf().await.ok()?;
        match answer {
            // Whoever refuses in the middle takes nothing.
            Answer::Line(_) => {
                self.give(Some(answer), "").await?;
                let mut rest = Vec::new();
                self.stream.read_to_end(&mut rest).await.ok()?;
                None
            }
            Answer::Slow => {
                tokio::time::sleep(Duration::from_millis(300)).await;
                Some(())
            }
            answer => self.give(Some(answer), "").await.map(|_| ()),
        }
    }

    fn take(&self, mail: Mail) {
        self.state.mails.lock().unwrap().push(mail);
        self.state.arrived.notify_waiters();
    }

    async fn say(&mut self, line: &str) -> Option<bool> {
        self.stream.get_mut().write_all(format!("{line}\r\n").as_bytes()).await.ok()?;
        Some(line.starts_with(['2', '3']))
    }
}

/// What stands between the angle brackets.
fn address(line: &str) -> String {
    line.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or("", |(address, _)| address).to_owned()
}
