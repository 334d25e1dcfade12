//! The webhook channel: signed JSON by POST, as Standard Webhooks 1.0 has it.

use super::secret::Secret;
use super::{Channel, Flaw, Outgoing, permanent, sent, temporary};
use crate::model::delivery::AttemptResult;
use crate::model::digest::Load;
use crate::net::client::{Answer, Client};
use crate::net::error::NetError;
use crate::render::view;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use standardwebhooks::{HEADER_WEBHOOK_ID, HEADER_WEBHOOK_SIGNATURE, HEADER_WEBHOOK_TIMESTAMP};
use std::fmt;
use url::Url;

/// The kind's name in the configuration.
pub const KIND: &str = "webhook";

/// Prefix of a signing secret (Standard Webhooks 1.0, "Signature scheme").
const PREFIX: &str = "whsec_";
/// Bounds of a signing key in bytes (the same section: 24 to 64).
const KEY_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// A webhook's settings.
#[derive(Clone, PartialEq, Eq)]
pub struct Spec {
    /// The channel's id.
    pub id: String,
    /// Where to post. It may hold a token, so it is never printed whole.
    pub url: Url,
    /// Signing secrets, `whsec_` and base64 of 24 to 64 bytes; each signs, so that a receiver can change from one to
    /// the next.
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
        if self.secrets.is_empty() {
            let remedy = "make one with `printf whsec_; head -c 32 /dev/urandom | base64`";
            flaws.push(Flaw::new("secrets", "no signing secret is given", remedy));
        }
        for (index, secret) in self.secrets.iter().enumerate() {
            if let Err(what) = key(secret) {
                let what = format!("signing secret {} {what}", index + 1);
                flaws.push(Flaw::new("secrets", what, "write whsec_ and the base64 of 24 to 64 random bytes"));
            }
        }
        flaws
    }
}

impl fmt::Debug for Spec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.url.host_str().unwrap_or_default();
        f.debug_struct("Spec").field("id", &self.id).field("host", &host).field("secrets", &self.secrets).finish()
    }
}

/// Posts alerts to one address.
#[derive(Debug)]
pub struct Webhook {
    spec: Spec,
    recipients: [String; 1],
    client: Client,
}

impl Webhook {
    /// A channel that posts through `client`, whose guard says which addresses may be reached.
    ///
    /// # Errors
    /// The flaws of the settings.
    pub fn new(spec: Spec, client: Client) -> Result<Self, Vec<Flaw>> {
        let flaws = spec.flaws();
        if flaws.is_empty() { Ok(Self { recipients: [spec.id.clone()], spec, client }) } else { Err(flaws) }
    }

    async fn post(&self, out: &Outgoing) -> AttemptResult {
        let body = match &out.load {
            Load::Alert(alert) => view::payload(alert).to_string(),
            Load::Digest(digest) => view::digest(digest).to_string(),
        };
        let headers = match signed(&self.spec.secrets, out.delivery.as_str(), out.now, &body) {
            Ok(headers) => headers,
            Err(what) => return permanent(&format!("cannot sign: a signing secret {what}")),
        };
        match self.client.post(&self.spec.url, headers, body).await {
            Ok(answer) => judge(&answer),
            // Our own fault, which no wait mends.
            Err(error @ (NetError::BadHeader { .. } | NetError::Setup { .. })) => permanent(&error.to_string()),
            // Even a refused address: the guard's exceptions, or the receiver's name, can be mended within the hour.
            Err(error) => temporary(&error.to_string(), None),
        }
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
/// be set up wrongly for an hour; a redirect is a failure too, as Standard Webhooks has it.
fn judge(answer: &Answer) -> AttemptResult {
    let said = if answer.excerpt.is_empty() { String::new() } else { format!(": {}", answer.excerpt) };
    let status = answer.status;
    match status {
        200..=299 => sent(&format!("{status}{said}")),
        410 => permanent(&format!("the receiver is gone (410){said}")),
        300..=399 => temporary(&format!("the receiver redirects ({status}); give its new address"), answer.retry_after),
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
