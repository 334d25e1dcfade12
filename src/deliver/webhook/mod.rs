//! The webhook channel: JSON by POST, signed as Standard Webhooks 1.0 has it, or in the form that another receiver takes.

mod alertmanager;
mod format;
mod ntfy;
mod slack;
mod telegram;

pub use format::{Format, payload};

use super::secret::Secret;
use super::{Channel, Flaw, Outgoing, permanent, sent, temporary};
use crate::model::delivery::AttemptResult;
use crate::net::client::{Answer, Client};
use crate::net::error::NetError;
use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use standardwebhooks::{HEADER_WEBHOOK_ID, HEADER_WEBHOOK_SIGNATURE, HEADER_WEBHOOK_TIMESTAMP};
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use url::Url;

/// The kind's name in the configuration.
pub const KIND: &str = "webhook";

/// Prefix of a signing secret (Standard Webhooks 1.0, "Signature scheme").
const PREFIX: &str = "whsec_";
/// Bounds of a signing key in bytes (the same section: 24 to 64).
const KEY_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// Shortest part of an address that may be a token, in bytes; shorter ones are words such as `hooks`.
const TOKEN: usize = 8;
/// Wait for a receiver that says that it is overloaded, and not for how long.
const BREATHER: SignedDuration = SignedDuration::from_secs(30);

/// A webhook's settings.
#[derive(Clone, PartialEq, Eq)]
pub struct Spec {
    /// The channel's id.
    pub id: String,
    /// Where to post. It may hold a token, so it is never printed whole.
    pub url: Url,
    /// What is posted.
    pub format: Format,
    /// Of the standard form the signing secrets, `whsec_` and base64 of 24 to 64 bytes; each signs, so that a receiver
    /// can change from one to the next. Of the others at most one: an access token, or for Slack the whole address.
    pub secrets: Vec<Secret>,
}

impl Spec {
    /// Everything wrong with the settings.
    #[must_use]
    pub fn flaws(&self) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        if !matches!(self.url.scheme(), "http" | "https") || self.url.host().is_none() {
            flaws.push(Flaw::new("url", "the address is neither http nor https", "give an absolute https address"));
        }
        flaws.extend(self.format.flaws(self));
        flaws
    }
}

impl fmt::Debug for Spec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.url.host_str().unwrap_or_default();
        f.debug_struct("Spec")
            .field("id", &self.id)
            .field("format", &self.format.name())
            .field("host", &host)
            .field("secrets", &self.secrets)
            .finish()
    }
}

/// Posts alerts to one address.
pub struct Webhook {
    spec: Spec,
    recipients: [String; 1],
    address: Url,
    client: Client,
    /// The receiver has said that it is gone for ever (410).
    gone: AtomicBool,
}

impl Webhook {
    /// A channel that posts through `client`, whose guard says which addresses may be reached.
    ///
    /// # Errors
    /// The flaws of the settings.
    pub fn new(spec: Spec, client: Client) -> Result<Self, Vec<Flaw>> {
        let flaws = spec.flaws();
        match spec.format.address(&spec) {
            Some(address) if flaws.is_empty() => {
                Ok(Self { recipients: [spec.id.clone()], spec, address, client, gone: AtomicBool::new(false) })
            }
            _ => Err(flaws),
        }
    }

    async fn post(&self, out: &Outgoing) -> AttemptResult {
        // Standard Webhooks 1.0, "Retry schedule": a receiver that answers 410 is to be disabled.
        if self.gone.load(Ordering::Relaxed) {
            return permanent("the receiver is gone (410) and is asked no more; a reload or a restart asks it again");
        }
        let (headers, body) = match self.spec.format.request(&self.spec, out) {
            Ok(request) => request,
            Err(what) => return permanent(&format!("cannot sign: a signing secret {what}")),
        };
        match self.client.post(&self.address, headers, body).await {
            Ok(answer) => {
                // Scrubbed whole, and cut by those who make the result of it.
                let answer = Answer { excerpt: self.scrub(&answer.excerpt), ..answer };
                if answer.status == 410 {
                    self.gone.store(true, Ordering::Relaxed);
                    tracing::error!(channel = %self.spec.id, "the receiver says that it is gone (410); the channel is disabled");
                }
                judge(&answer)
            }
            // Our own fault, which no wait mends.
            Err(error @ (NetError::BadHeader { .. } | NetError::Setup { .. })) => permanent(&error.to_string()),
            // Even a refused address: the guard's exceptions, or the receiver's name, can be mended within the hour.
            Err(error) => temporary(&error.to_string(), None),
        }
    }

    /// A receiver's words without the secrets, should it echo them; parts of the address may be secret, too.
    fn scrub(&self, text: &str) -> String {
        let text = self.spec.secrets.iter().fold(text.to_owned(), |text, secret| secret.scrub(&text));
        let parts = self
            .address
            .path()
            .split('/')
            .chain(self.address.query().into_iter().flat_map(|all| all.split(['&', '='])));
        let mut parts: Vec<&str> = parts.filter(|part| part.len() >= TOKEN).collect();
        parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
        parts.into_iter().fold(text, |text, part| text.replace(part, "***"))
    }
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook").field("spec", &self.spec).field("gone", &self.gone).finish_non_exhaustive()
    }
}

impl Channel for Webhook {
    fn id(&self) -> &str {
        &self.spec.id
    }

    fn recipients(&self) -> &[String] {
        &self.recipients
    }

    fn send<'a>(&'a self, out: &'a Outgoing) -> BoxFuture<'a, AttemptResult> {
        Box::pin(self.post(out))
    }
}

/// Headers of a signed request: id, time in seconds, and one signature a secret, parted by spaces.
///
/// # Errors
/// What is wrong with a secret, without the secret.
pub fn signed(secrets: &[Secret], id: &str, now: Timestamp, body: &str) -> Result<Vec<(String, String)>, &'static str> {
    let second = now.as_second();
    let mut signatures = Vec::new();
    for secret in secrets {
        let signer = standardwebhooks::Webhook::from_bytes(key(secret)?).map_err(|_| "cannot be used")?;
        signatures.push(signer.sign(id, second, body.as_bytes()).map_err(|_| "cannot be used")?);
    }
    if signatures.is_empty() {
        return Err("is missing");
    }
    let header = |name: &str, value: String| (name.to_owned(), value);
    Ok(vec![
        header("content-type", "application/json".to_owned()),
        header(HEADER_WEBHOOK_ID, id.to_owned()),
        header(HEADER_WEBHOOK_TIMESTAMP, second.to_string()),
        header(HEADER_WEBHOOK_SIGNATURE, signatures.join(" ")),
    ])
}

/// Only 2xx is success. 410 means that the receiver wants no more. Everything else is tried again, for a receiver may
/// be set up wrongly for an hour; a redirect is a failure too, as Standard Webhooks has it. 429, 502, 503 and 504 say that
/// there is too much to do: then a wait is named even where the receiver names none, and the courier lets everything else
/// for this receiver wait as long.
fn judge(answer: &Answer) -> AttemptResult {
    let said = if answer.excerpt.is_empty() { String::new() } else { format!(": {}", answer.excerpt) };
    let status = answer.status;
    match status {
        200..=299 => sent(&format!("{status}{said}")),
        410 => permanent(&format!("the receiver is gone (410); the channel is disabled{said}")),
        300..=399 => temporary(&format!("the receiver redirects ({status}); give its new address"), answer.retry_after),
        429 | 502..=504 => {
            let wait = answer.retry_after.or_else(|| telegram::retry_after(&answer.excerpt)).unwrap_or(BREATHER);
            temporary(&format!("the receiver answered {status}{said}"), Some(wait))
        }
        _ => temporary(&format!("the receiver answered {status}{said}"), answer.retry_after),
    }
}

fn key(secret: &Secret) -> Result<Vec<u8>, &'static str> {
    use base64::Engine;
    let text = secret.expose().strip_prefix(PREFIX).ok_or("does not begin with whsec_")?;
    let bytes = base64::engine::general_purpose::STANDARD.decode(text).map_err(|_| "is not base64")?;
    if KEY_BYTES.contains(&bytes.len()) { Ok(bytes) } else { Err("has fewer than 24 or more than 64 bytes") }
}

#[cfg(test)]
mod tests;
