//! The one HTTP client: it asks the guard on every hop, follows redirects itself and reads bodies through a cap.

use super::body::{self, Unread};
use super::error::{NetError, innermost};
use super::guard::{Guard, Verdict};
use super::hop;
use super::pool::{Pools, Way};
use super::resolve::{Names, Refused, System, checked};
use super::retry_after;
use super::tls::{self, Authorities};
use crate::model::request::Request;
use jiff::SignedDuration;
use reqwest::header::{ACCEPT_ENCODING, HeaderMap, HeaderName, HeaderValue, LOCATION, RETRY_AFTER, USER_AGENT};
use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// What a request may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Time for name, connection and TLS.
    pub connect: Duration,
    /// Time for the whole request, redirects and body included.
    pub total: Duration,
    /// Largest body in bytes as it comes over the wire.
    pub wire: u64,
    /// Largest body in bytes after decompression, and after each layer of it.
    pub inflated: u64,
    /// Most redirects followed.
    pub redirects: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            total: Duration::from_secs(60),
            wire: 5 << 20,
            inflated: 10 << 20,
            redirects: 5,
        }
    }
}

/// A GET to be made.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// The address to be asked.
    pub url: &'a Url,
    /// Headers for every hop, without credentials.
    pub headers: &'a [(&'a str, &'a [u8])],
    /// What is particular to the feed.
    pub request: &'a Request,
    /// The address to whose origin alone the request's headers go, and whose certificate may be any.
    pub home: &'a Url,
}

/// An answer to a GET.
#[derive(Clone, Debug)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// The body after decompression; empty for any status but 200.
    pub body: Vec<u8>,
    /// The address that answered, after redirects.
    pub url: Url,
    /// Where redirects for good led (301, 308), as far as no other came before them; absent without one.
    pub moved: Option<Url>,
    headers: HeaderMap,
}

impl Response {
    /// A header's first value, byte for byte.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&[u8]> {
        self.headers.get(name).map(HeaderValue::as_bytes)
    }
}

/// An answer to a POST.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status; redirects are not followed.
    pub status: u16,
    /// `Retry-After` as a wait. Its date form is read against the answer's own `Date`.
    pub retry_after: Option<SignedDuration>,
    /// The beginning of the answer's text on one line, up to 8,000 bytes of the body. It may echo a secret: whoever shows it
    /// takes that out first and cuts it then, lest half a secret be left at the cut.
    pub excerpt: String,
}

/// What a client is made of.
#[derive(Clone, Debug)]
pub struct Setup {
    /// What it may reach.
    pub guard: Guard,
    /// `User-Agent` of requests that say no other.
    pub user_agent: String,
    /// What a request may cost.
    pub limits: Limits,
    /// Whom it trusts besides the machine's authorities.
    pub authorities: Authorities,
    /// Who knows the addresses of names.
    pub names: Arc<dyn Names>,
}

/// One HTTP client for feeds and webhooks. Proxies of the environment are not used, cookies not kept.
#[derive(Clone, Debug)]
pub struct Client {
    guard: Arc<Guard>,
    limits: Limits,
    names: Arc<dyn Names>,
    pools: Arc<Pools>,
}

/// Most bytes read of an answer to a POST.
const ANSWER_CAP: usize = 8_000;

impl Client {
    /// Sets the client up with the machine's authorities and resolver.
    ///
    /// # Errors
    /// [`NetError::Setup`] where TLS cannot be initialised or the user agent is no header value.
    pub fn new(guard: Guard, user_agent: &str, limits: Limits) -> Result<Self, NetError> {
        let (authorities, names) = (Authorities::default(), Arc::new(System));
        Self::with(Setup { guard, user_agent: user_agent.to_owned(), limits, authorities, names })
    }

    /// Sets the client up.
    ///
    /// # Errors
    /// As [`Client::new`].
    pub fn with(setup: Setup) -> Result<Self, NetError> {
        let Setup { guard, user_agent, limits, authorities, names } = setup;
        let guard = Arc::new(guard);
        let tls = tls::settings(&authorities)?;
        let pools = Pools::new(Arc::clone(&guard), Arc::clone(&names), limits, &user_agent, tls)?;
        Ok(Self { guard, limits, names, pools: Arc::new(pools) })
    }

    /// The same client, its connections shared, with narrower limits.
    #[must_use]
    pub fn limited(&self, limits: Limits) -> Self {
        Self { limits, ..self.clone() }
    }

    /// What a request may cost.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Fetches an address, following redirects; the headers are sent on every hop and must hold no credentials.
    ///
    /// # Errors
    /// Where the guard refuses a hop, a limit is passed, or no answer comes.
    pub async fn get(&self, url: &Url, headers: &[(&str, &[u8])]) -> Result<Response, NetError> {
        self.ask(Ask { url, headers, request: &Request::default(), home: url }).await
    }

    /// As [`Client::get`], with what is particular to a feed: its headers go to its own origin alone, on whatever hop.
    ///
    /// # Errors
    /// As [`Client::get`].
    pub async fn ask(&self, ask: Ask<'_>) -> Result<Response, NetError> {
        match tokio::time::timeout(self.limits.total, self.follow(ask)).await {
            Ok(result) => result,
            Err(_) => Err(self.timeout(&host(ask.url))),
        }
    }

    /// Sends a body by POST and reads the beginning of the answer. Redirects are answers, not followed.
    ///
    /// # Errors
    /// Where the guard refuses the address or no answer comes; any HTTP status is an answer.
    pub async fn post(&self, url: &Url, headers: Vec<(String, String)>, body: String) -> Result<Answer, NetError> {
        self.permit(url)?;
        let headers = header_map(headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())))?;
        let exchange = async {
            let request = self.client(url, None, url)?.post(url.clone()).headers(headers).body(body);
            let mut response = request.send().await.map_err(|error| self.failure(url, &error))?;
            let mut text = Vec::new();
            // The status is the answer; a body that breaks off only shortens the excerpt.
            while text.len() < ANSWER_CAP {
                let Ok(Some(chunk)) = response.chunk().await else { break };
                text.extend_from_slice(chunk.get(..chunk.len().min(ANSWER_CAP - text.len())).unwrap_or_default());
            }
            let value = |name| response.headers().get(name).map(HeaderValue::as_bytes);
            let date = value("date").and_then(|date| retry_after::http_date(std::str::from_utf8(date).ok()?));
            // Without a date of the server's, only seconds can be read; the epoch makes every date a full wait.
            let retry_after = value(RETRY_AFTER.as_str()).and_then(|wait| match date {
                Some(date) => retry_after::read(wait, date),
                None if wait.first().is_some_and(u8::is_ascii_digit) => {
                    retry_after::read(wait, jiff::Timestamp::UNIX_EPOCH)
                }
                None => None,
            });
            Ok(Answer { status: response.status().as_u16(), retry_after, excerpt: excerpt(&text) })
        };
        match tokio::time::timeout(self.limits.total, exchange).await {
            Ok(result) => result,
            Err(_) => Err(self.timeout(&host(url))),
        }
    }

    async fn follow(&self, ask: Ask<'_>) -> Result<Response, NetError> {
        let mut everywhere = header_map(ask.headers.iter().copied())?;
        everywhere.insert(ACCEPT_ENCODING, HeaderValue::from_static(body::ACCEPTED));
        if let Some(agent) = &ask.request.user_agent {
            let bad = |_| NetError::BadHeader { name: USER_AGENT.to_string() };
            everywhere.insert(USER_AGENT, HeaderValue::from_str(agent).map_err(bad)?);
        }
        let mut at_home = everywhere.clone();
        for (name, value) in &ask.request.headers {
            let (name, mut value) = header(name, value.expose().as_bytes())?;
            value.set_sensitive(true);
            at_home.append(name, value);
        }
        let mut url = ask.url.clone();
        let (mut moved, mut for_good) = (None, true);
        for _ in 0..=self.limits.redirects {
            self.permit(&url)?;
            if ask.request.proxy.is_some() {
                self.permit_by_name(&url).await?;
            }
            let headers = if url.origin() == ask.home.origin() { &at_home } else { &everywhere };
            let client = self.client(&url, Some(ask.request), ask.home)?;
            let send = || client.get(url.clone()).headers(headers.clone()).send();
            let response = match send().await {
                // A kept connection may be closed by the server just when it is used again (RFC 9112, section 9.3.1).
                Err(error) if error.is_request() && !error.is_connect() && !error.is_timeout() => send().await,
                other => other,
            };
            let response = response.map_err(|error| self.failure(&url, &error))?;
            let status = response.status().as_u16();
            if hop::redirects(status) {
                url = hop::next(&url, response.headers().get(LOCATION))?;
                for_good &= hop::for_good(status);
                if for_good {
                    moved = Some(url.clone());
                }
                continue;
            }
            let headers = response.headers().clone();
            let body = match status {
                200 => body::read(response, &self.limits).await.map_err(|unread| self.unread(&url, unread))?,
                _ => Vec::new(),
            };
            return Ok(Response { status, body, url, moved, headers });
        }
        Err(NetError::Redirects { host: host(&url), limit: self.limits.redirects })
    }

    fn permit(&self, url: &Url) -> Result<(), NetError> {
        match self.guard.judge_url(url) {
            Verdict::Allowed => Ok(()),
            Verdict::Refused(refusal) => Err(NetError::Refused(refusal)),
        }
    }

    /// Judges the addresses that a name has here, where a proxy will look it up. It may find others, and the name may be
    /// unknown here: the proxy has the last word.
    async fn permit_by_name(&self, url: &Url) -> Result<(), NetError> {
        let Some(url::Host::Domain(name)) = url.host() else { return Ok(()) };
        let Ok(found) = self.names.lookup(name).await else { return Ok(()) };
        checked(&self.guard, name, url.port_or_known_default(), &found)
            .map_err(|Refused(refusal)| NetError::Refused(refusal))
    }

    fn client(&self, url: &Url, request: Option<&Request>, home: &Url) -> Result<reqwest::Client, NetError> {
        let port = url.port_or_known_default().filter(|port| self.guard.bound_ports().contains(port));
        let any_certificate = request.is_some_and(|request| request.any_certificate) && url.host() == home.host();
        let proxy = request.and_then(|request| request.proxy.clone());
        self.pools.client(url, Way { proxy, any_certificate, port })
    }

    fn unread(&self, url: &Url, unread: Unread) -> NetError {
        let host = host(url);
        match unread {
            Unread::Over(cap) => NetError::TooLarge { host, cap },
            Unread::Encoding(name) => NetError::Broken {
                host,
                cause: format!("its encoding ({}) is none that was asked for", name.escape_debug()),
            },
            Unread::Damaged => {
                NetError::Broken { host, cause: "its compressed data is damaged or ends too early".to_owned() }
            }
            Unread::Wire(error) => self.failure(url, &error),
        }
    }

    fn failure(&self, url: &Url, error: &reqwest::Error) -> NetError {
        let host = host(url);
        let mut source = error.source();
        while let Some(inner) = source {
            if let Some(Refused(refusal)) = inner.downcast_ref::<Refused>() {
                return NetError::Refused(refusal.clone());
            }
            source = inner.source();
        }
        if let Some(cause) = tls::complaint(error) {
            NetError::Certificate { host, cause }
        } else if error.is_timeout() && !error.is_connect() {
            self.timeout(&host)
        } else if error.is_dns() {
            NetError::Resolve { host, cause: innermost(error) }
        } else if error.is_connect() {
            NetError::Connect { host, cause: innermost(error) }
        } else {
            NetError::Broken { host, cause: innermost(error) }
        }
    }

    fn timeout(&self, host: &str) -> NetError {
        NetError::Timeout { host: host.to_owned(), seconds: self.limits.total.as_secs() }
    }
}

fn header(name: &str, value: &[u8]) -> Result<(HeaderName, HeaderValue), NetError> {
    let bad = || NetError::BadHeader { name: name.to_owned() };
    let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad())?;
    Ok((key, HeaderValue::from_bytes(value).map_err(|_| bad())?))
}

fn header_map<'a>(headers: impl Iterator<Item = (&'a str, &'a [u8])>) -> Result<HeaderMap, NetError> {
    headers.map(|(name, value)| header(name, value)).collect()
}

fn host(url: &Url) -> String {
    url.host_str().unwrap_or("no host").to_owned()
}

/// A body's words on one line, whole: see [`Answer::excerpt`].
fn excerpt(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_one_line_and_not_cut() {
        assert_eq!(excerpt(b"  a\r\n\x07b \xff c"), "a b \u{fffd} c");
        assert_eq!(excerpt("\u{597d}".repeat(900).as_bytes()).chars().count(), 900);
    }
}
