//! SMTP connections to one relay: opened when needed, parked while they are good, never reused after an accident.
//!
//! The mail library's own pool takes back a connection whose exchange was cut off by a time limit, and then reads the
//! last message's late answer as the next one's. Here a connection is parked only after a complete exchange. The library's
//! own exchange also takes any 3xx for a yes and knows one time limit for all of it; here each answer must be the one that
//! RFC 5321 (section 4.3.2) names, and the relay has time of its own after the final dot.

use super::spec::{Spec, Tls};
use jiff::{SignedDuration, Timestamp};
use lettre::message::Message;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use lettre::transport::smtp::response::{Response, Severity};
use std::error::Error as _;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Connections kept open while idle.
const PARKED: usize = 2;
/// How long; relays end idle sessions after five minutes (RFC 5321 section 4.5.3.2.7), many after one.
const IDLE: SignedDuration = SignedDuration::from_secs(60);
/// Time for the farewell when a connection is closed.
const FAREWELL: Duration = Duration::from_secs(2);
/// Time for a parked connection to show that it still answers; a relay that vanished must not cost the whole attempt.
const PULSE: Duration = Duration::from_secs(5);

/// How far an attempt came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Connecting, greeting, TLS, login.
    Session,
    /// Sender, recipient, and leave to send the message.
    Envelope,
    /// The message and the final dot: the relay may have taken it over, whatever it says or does not say.
    Message,
}

/// A failed attempt.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub(super) stage: Stage,
    /// The relay's reply code, where it gave one.
    pub(super) code: Option<u16>,
    /// In words; it may hold what the relay said.
    pub(super) reason: String,
}

/// The way to one relay.
pub(super) struct Link {
    host: String,
    port: u16,
    security: Security,
    hello: ClientId,
    credentials: Option<Credentials>,
    timeout: Duration,
    patience: Duration,
    parked: Mutex<Vec<(AsyncSmtpConnection, Timestamp)>>,
}

enum Security {
    Starttls(TlsParameters),
    Implicit(TlsParameters),
    None,
}

impl Link {
    /// Prepares TLS; connects to nothing.
    pub(super) fn new(spec: &Spec, hello: &str) -> Result<Self, Error> {
        let parameters = || TlsParameters::new(spec.host.clone());
        let security = match spec.tls {
            Tls::Starttls => Security::Starttls(parameters()?),
            Tls::Implicit => Security::Implicit(parameters()?),
            Tls::None => Security::None,
        };
        let credentials = match (&spec.user, &spec.password) {
            (Some(user), Some(password)) => Some(Credentials::new(user.clone(), password.expose().to_owned())),
            _ => None,
        };
        Ok(Self {
            host: spec.host.clone(),
            port: spec.port,
            security,
            hello: ClientId::Domain(hello.to_owned()),
            credentials,
            timeout: spec.timeout.unsigned_abs(),
            patience: spec.patience.unsigned_abs(),
            parked: Mutex::new(Vec::new()),
        })
    }

    /// Sends a message and gives the relay's last word: `timeout` for everything up to the message, `patience` for the
    /// message and the answer to its final dot.
    pub(super) async fn send(&self, message: &Message, now: Timestamp) -> Result<String, Fault> {
        let mut connection = match tokio::time::timeout(self.timeout, self.open(message, now)).await {
            Ok(opened) => opened?,
            Err(_) => {
                let reason = format!("{} did not take the message within {} s", self.host, self.timeout.as_secs());
                return Err(Fault { stage: Stage::Session, code: None, reason });
            }
        };
        match tokio::time::timeout(self.patience, connection.message(&message.formatted())).await {
            Ok(Ok(answer)) if answer.code().severity == Severity::PositiveCompletion => {
                self.park(connection, now);
                Ok(receipt(&answer))
            }
            Ok(Ok(answer)) => Err(self.odd(Stage::Message, &answer)),
            Ok(Err(error)) => {
                end(connection).await;
                Err(self.fault(Stage::Message, &error))
            }
            Err(_) => {
                let (host, seconds) = (&self.host, self.patience.as_secs());
                let reason =
                    format!("{host} said nothing within {seconds} s after the message; it may have it all the same");
                Err(Fault { stage: Stage::Message, code: None, reason })
            }
        }
    }

    /// Ends the parked connections.
    pub(super) async fn close(&self) {
        let parked = std::mem::take(&mut *self.parked.lock().unwrap_or_else(PoisonError::into_inner));
        for (connection, _) in parked {
            end(connection).await;
        }
    }

    /// A connection on which the relay waits for the message.
    async fn open(&self, message: &Message, now: Timestamp) -> Result<AsyncSmtpConnection, Fault> {
        let mut connection = match self.unpark(now).await {
            Some(connection) => connection,
            None => self.connect().await.map_err(|error| self.fault(Stage::Session, &error))?,
        };
        match self.envelope(&mut connection, message).await {
            Ok(()) => Ok(connection),
            Err(fault) => {
                end(connection).await;
                Err(fault)
            }
        }
    }

    async fn envelope(&self, connection: &mut AsyncSmtpConnection, message: &Message) -> Result<(), Fault> {
        let envelope = message.envelope();
        let mut parameters = Vec::new();
        let ascii = |address: &lettre::Address| <lettre::Address as AsRef<str>>::as_ref(address).is_ascii();
        if !envelope.from().into_iter().chain(envelope.to()).all(ascii) {
            if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
                let reason = format!("{} takes no addresses beyond ASCII", self.host);
                return Err(Fault { stage: Stage::Envelope, code: None, reason });
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        let fault = |error| self.fault(Stage::Envelope, &error);
        let answer = connection.command(Mail::new(envelope.from().cloned(), parameters)).await.map_err(fault)?;
        self.must_complete(&answer)?;
        for to in envelope.to() {
            let answer = connection.command(Rcpt::new(to.clone(), Vec::new())).await.map_err(fault)?;
            self.must_complete(&answer)?;
        }
        let answer = connection.command(Data).await.map_err(fault)?;
        if answer.has_code(354) { Ok(()) } else { Err(self.odd(Stage::Envelope, &answer)) }
    }

    fn must_complete(&self, answer: &Response) -> Result<(), Fault> {
        let complete = answer.code().severity == Severity::PositiveCompletion;
        if complete { Ok(()) } else { Err(self.odd(Stage::Envelope, answer)) }
    }

    /// An answer that is no refusal, and not what the moment asks for.
    fn odd(&self, stage: Stage, answer: &Response) -> Fault {
        Fault { stage, code: None, reason: format!("{} gave an answer out of place: {}", self.host, receipt(answer)) }
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let at_once = match &self.security {
            Security::Implicit(parameters) => Some(parameters.clone()),
            Security::Starttls(_) | Security::None => None,
        };
        let relay = (self.host.as_str(), self.port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(relay, Some(self.timeout), &self.hello, at_once, None).await?;
        if let Security::Starttls(parameters) = &self.security {
            connection.starttls(parameters.clone(), &self.hello).await?;
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }

    /// A parked connection that still answers.
    async fn unpark(&self, now: Timestamp) -> Option<AsyncSmtpConnection> {
        loop {
            let (mut connection, since) = self.parked.lock().unwrap_or_else(PoisonError::into_inner).pop()?;
            let fresh = now.duration_since(since) <= IDLE;
            if fresh && tokio::time::timeout(PULSE, connection.test_connected()).await == Ok(true) {
                return Some(connection);
            }
            end(connection).await;
        }
    }

    fn park(&self, connection: AsyncSmtpConnection, now: Timestamp) {
        let mut parked = self.parked.lock().unwrap_or_else(PoisonError::into_inner);
        if parked.len() < PARKED && !connection.has_broken() {
            parked.push((connection, now));
        }
    }

    fn fault(&self, stage: Stage, error: &Error) -> Fault {
        let code = error.status().map(u16::from);
        let cause = innermost(error);
        let reason = match (stage, code) {
            (_, Some(code)) => format!("{} answered {code} {cause}", self.host),
            (Stage::Session, None) => format!("cannot open a session with {}: {cause}", self.host),
            (Stage::Envelope, None) => format!("the session with {} broke off: {cause}", self.host),
            (Stage::Message, None) => {
                format!("the session with {} broke off after the message, which it may have: {cause}", self.host)
            }
        };
        Fault { stage, code, reason }
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}

async fn end(mut connection: AsyncSmtpConnection) {
    // The relay may be gone already; there is nothing to do about it.
    let _ = tokio::time::timeout(FAREWELL, connection.abort()).await;
}

fn receipt(answer: &Response) -> String {
    format!("{} {}", answer.code(), answer.first_line().unwrap_or_default())
}

fn innermost(error: &Error) -> String {
    let mut text = None;
    let mut source = error.source();
    while let Some(inner) = source {
        text = Some(inner.to_string());
        source = inner.source();
    }
    text.unwrap_or_else(|| error.to_string())
}
