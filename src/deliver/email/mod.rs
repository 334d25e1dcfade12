//! The email channel: one message a recipient over SMTP with connections reused, by a program, or into a folder.

mod compose;
mod folder;
mod link;
mod spec;

pub use lettre::message::Mailbox;
pub use spec::{Form, Spec, Tls, Transport};

use super::process::Run;
use super::secret::Secret;
use super::{Channel, Flaw, Outgoing, permanent, sent, temporary};
use crate::model::delivery::AttemptResult;
use crate::model::digest::Load;
use crate::render::{self, Reader, Templates};
use base64::Engine;
use futures_util::future::BoxFuture;
use link::{Fault, Link, Stage};

/// The kind's name in the configuration.
pub const KIND: &str = "email";

/// Answers that speak of the session rather than of the message (RFC 4954 section 6): a password can be mended
/// within the hour, and the message is as good then as now.
const SESSION_CODES: [u16; 4] = [530, 534, 535, 538];

/// Sends alerts by mail.
#[derive(Debug)]
pub struct Email {
    spec: Spec,
    recipients: Vec<String>,
    templates: Templates,
    reader: Reader,
    link: Link,
}

impl Email {
    /// A channel with these settings; `reader.host` is the domain of message identifiers.
    ///
    /// # Errors
    /// The flaws of the settings, and TLS that cannot be set up.
    pub fn new(spec: Spec, templates: Templates, reader: Reader) -> Result<Self, Vec<Flaw>> {
        let mut flaws = spec.flaws();
        if !compose::is_domain(&reader.host) {
            let remedy = "give a domain name of letters, digits, hyphens and dots";
            flaws.push(Flaw::new("host", "the host of message identifiers is no domain name", remedy));
        }
        let link = Link::new(&spec, &reader.host);
        match link {
            Ok(link) if flaws.is_empty() => {
                let recipients = spec.to.iter().map(|mailbox| mailbox.email.to_string()).collect();
                Ok(Self { spec, recipients, templates, reader, link })
            }
            Ok(_) => Err(flaws),
            Err(error) => {
                let what = format!("TLS cannot be set up: {error}");
                flaws.push(Flaw::new("tls", what, "check the host's name and the system's certificates"));
                Err(flaws)
            }
        }
    }

    async fn mail(&self, out: &Outgoing) -> AttemptResult {
        let reader = Reader { zone: out.zone.clone(), language: out.language, ..self.reader.clone() };
        let rendered = match &out.load {
            Load::Alert(alert) => render::message(alert, &self.templates, &reader),
            Load::Digest(digest) => render::digest(digest, &self.templates, &reader),
        };
        let rendered = match &out.mark {
            Some(mark) => render::marked(rendered, mark),
            None => rendered,
        };
        let message = match compose::compose(&self.spec, out, &rendered, &self.reader.host) {
            Ok(message) => message,
            Err(reason) => return permanent(&reason),
        };
        match &self.spec.transport {
            Transport::Smtp => match self.link.send(&message, out.now).await {
                Ok(receipt) => sent(&receipt),
                Err(fault) => self.judge(&fault),
            },
            Transport::Sendmail { program, args } => {
                let mut args = args.clone();
                let sender = self.spec.from.email.to_string();
                args.extend(["-f".to_owned(), sender, "--".to_owned(), out.recipient.clone()]);
                let input = local(&message.formatted());
                let timeout = self.spec.timeout.unsigned_abs();
                let run = Run { program, args: &args, input: &input, variables: &[], timeout };
                run.attempt().await
            }
            Transport::Folder { path, form } => {
                let name = folder::Name { delivery: &out.delivery, created: out.created, host: &self.reader.host };
                // An .eml file is a message as it travels; a Maildir holds files of the system, as its readers expect.
                let bytes = match form {
                    Form::Maildir => local(&message.formatted()),
                    Form::Eml => message.formatted(),
                };
                match folder::keep(path, *form, &name, &bytes).await {
                    Ok(kept) => sent(&format!("kept as {}", kept.display())),
                    Err(error) => temporary(&format!("the mail cannot be kept in {}: {error}", path.display()), None),
                }
            }
        }
    }

    /// A refusal of the message is for ever; everything that speaks of the server, the way to it or the session may
    /// be better next time.
    fn judge(&self, fault: &Fault) -> AttemptResult {
        let refused = fault.stage != Stage::Session
            && fault.code.is_some_and(|code| (500..600).contains(&code) && !SESSION_CODES.contains(&code));
        let reason = self.scrub(&fault.reason);
        if refused { permanent(&reason) } else { temporary(&reason, None) }
    }

    fn scrub(&self, reason: &str) -> String {
        let Some(password) = &self.spec.password else { return reason.to_owned() };
        let user = self.spec.user.as_deref().unwrap_or_default();
        let plain = format!("\0{user}\0{}", password.expose());
        let plain = Secret::new(base64::engine::general_purpose::STANDARD.encode(plain));
        password.scrub(&plain.scrub(reason))
    }
}

impl Channel for Email {
    fn id(&self) -> &str {
        &self.spec.id
    }

    fn recipients(&self) -> &[String] {
        &self.recipients
    }

    fn send<'a>(&'a self, out: &'a Outgoing) -> BoxFuture<'a, AttemptResult> {
        Box::pin(self.mail(out))
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.link.close())
    }
}

/// A message with the line ends of a local file, which programs of sendmail's family and readers of a Maildir take.
fn local(message: &[u8]) -> Vec<u8> {
    String::from_utf8_lossy(message).replace("\r\n", "\n").into_bytes()
}
