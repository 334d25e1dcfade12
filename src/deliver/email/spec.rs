//! The settings of a mail channel, and what can be wrong with them.

use crate::deliver::Flaw;
use crate::deliver::secret::Secret;
use jiff::SignedDuration;
use lettre::message::Mailbox;
use std::net::IpAddr;
use std::path::PathBuf;

/// Longest time for an attempt up to the message, and again for the message: what RFC 5321 (section 4.5.3.2.6) tells a client
/// to wait for the answer to the final dot. The courier's claim on a delivery lasts longer than both.
const LONGEST: SignedDuration = SignedDuration::from_mins(10);

/// How the connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// Plain at first, then STARTTLS, without which nothing is sent (RFC 3207); port 587.
    Starttls,
    /// TLS from the first byte (RFC 8314); port 465.
    Implicit,
    /// None; only to a relay on this machine.
    None,
}

impl Tls {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Starttls, Self::Implicit, Self::None];

    /// The name in the configuration.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Starttls => "starttls",
            Self::Implicit => "implicit",
            Self::None => "none",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tls| tls.name() == name)
    }
}

/// By what a mail leaves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Transport {
    /// A relay: `host`, `port`, `tls`, `user` and `password`.
    #[default]
    Smtp,
    /// A program that takes a message on its standard input, as sendmail(8) does. `-f SENDER -- RECIPIENT` follow `args`.
    Sendmail {
        /// An absolute path.
        program: PathBuf,
        /// Its first arguments.
        args: Vec<String>,
    },
    /// Files in a folder.
    Folder {
        /// An absolute path; made where it is missing.
        path: PathBuf,
        /// The folder's form.
        form: Form,
    },
}

/// The form of a folder of mails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Maildir: written under `tmp`, then moved to `new`.
    Maildir,
    /// One `.eml` file a mail, named by its Message-ID.
    Eml,
}

/// A mail channel's settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spec {
    /// The channel's id.
    pub id: String,
    /// By what mails leave; the following five matter to a relay alone.
    pub transport: Transport,
    /// The relay: a name, or an IP address without brackets.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: Tls,
    /// Login, together with `password`.
    pub user: Option<String>,
    /// Password of the login.
    pub password: Option<Secret>,
    /// Sender.
    pub from: Mailbox,
    /// Recipients; each gets a message of its own.
    pub to: Vec<Mailbox>,
    /// Where answers go, if not to the sender.
    pub reply_to: Option<Mailbox>,
    /// Time for one attempt up to the message, or for one run of a program.
    pub timeout: SignedDuration,
    /// Time for the message and the relay's answer to its final dot; whoever gives up earlier gets mails twice.
    pub patience: SignedDuration,
}

impl Spec {
    /// Everything wrong with the settings.
    #[must_use]
    pub fn flaws(&self) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        let mut flaw = |key, what: &str, remedy: &str| flaws.push(Flaw::new(key, what, remedy));
        let absolute = |path: &PathBuf| path.is_absolute();
        match &self.transport {
            Transport::Smtp => {
                if self.host.is_empty() || self.host.contains(|c: char| c.is_whitespace() || c.is_control() || c == '/')
                {
                    flaw("host", "the relay's name is empty or no host name", "give the name of the mail relay");
                }
                if self.port == 0 {
                    flaw(
                        "port",
                        "port 0 cannot be reached",
                        "587 with STARTTLS, 465 with implicit TLS, 25 on this machine",
                    );
                }
                if self.tls == Tls::None && !is_loopback(&self.host) {
                    flaw("tls", "mail would leave this machine unprotected", "use `starttls` or `implicit`");
                }
                if self.user.is_some() != self.password.is_some() {
                    flaw("password", "user and password go together", "give both or neither");
                }
            }
            Transport::Sendmail { program, .. } if !absolute(program) => {
                flaw("program", "the program's path is not absolute", "begin it with a slash");
            }
            Transport::Folder { path, .. } if !absolute(path) => {
                flaw("path", "the folder's path is not absolute", "begin it with a slash");
            }
            Transport::Sendmail { .. } | Transport::Folder { .. } => {}
        }
        let odd = |mailbox: &Mailbox| mailbox.name.as_deref().is_some_and(|name| name.contains(char::is_control));
        for (key, mailboxes) in
            [("from", std::slice::from_ref(&self.from)), ("to", &self.to), ("reply_to", self.reply_to.as_slice())]
        {
            if mailboxes.iter().any(odd) {
                flaw(key, "a name holds a control character", "write the name on one line, without tabs");
            }
        }
        if self.to.is_empty() {
            flaw("to", "there is no recipient", "give at least one address");
        }
        let doubled = |(at, one): (usize, &Mailbox)| self.to.iter().skip(at + 1).any(|other| other.email == one.email);
        if self.to.iter().enumerate().any(doubled) {
            flaw("to", "an address stands twice", "keep it once");
        }
        if !(SignedDuration::from_secs(1)..=LONGEST).contains(&self.timeout) {
            flaw("timeout", "the time for one attempt is under a second or over ten minutes", "a minute is usual");
        }
        if !(SignedDuration::from_secs(1)..=LONGEST).contains(&self.patience) {
            flaw(
                "patience",
                "the patience is under a second or over ten minutes",
                "ten minutes are what RFC 5321 asks",
            );
        }
        flaws
    }
}

/// Whether a host is this machine by its very name; what a name server says does not count.
fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec() -> Spec {
        Spec {
            id: "desk".to_owned(),
            transport: Transport::Smtp,
            host: "mail.example.org".to_owned(),
            port: 587,
            tls: Tls::Starttls,
            user: Some("openline".to_owned()),
            password: Some(Secret::new("pass")),
            from: "openline <openline@example.org>".parse().unwrap(),
            to: vec!["desk@example.org".parse().unwrap()],
            reply_to: None,
            timeout: SignedDuration::from_secs(30),
            patience: LONGEST,
        }
    }

    #[test]
    fn unprotected_mail_stays_on_this_machine() {
        let flaws = |host: &str| Spec { host: host.to_owned(), tls: Tls::None, ..spec() }.flaws().len();
        assert_eq!([flaws("localhost"), flaws("127.0.0.1"), flaws("127.8.9.1"), flaws("::1")], [0; 4]);
        assert_eq!([flaws("mail.example.org"), flaws("10.0.0.1"), flaws("localhost.example.org")], [1; 3]);
    }

    #[test]
    fn every_flaw_comes_at_once() {
        assert_eq!(spec().flaws(), []);
        let to = vec!["a@example.org".parse().unwrap(), "A <a@example.org>".parse().unwrap()];
        let bad = Spec { host: "a b".into(), port: 0, password: None, to, timeout: SignedDuration::ZERO, ..spec() };
        let keys: Vec<&str> = bad.flaws().iter().map(|flaw| flaw.key).collect();
        assert_eq!(keys, ["host", "port", "password", "to", "timeout"]);
        assert!(!format!("{:?}", spec()).contains("pass\""));
    }
}
