//! The one HTTP client: it asks the guard on every hop, follows redirects itself and reads bodies through a cap.

use super::error::NetError;
use super::guard::{Guard, Verdict};
use super::resolve::{GuardingResolver, Refused};
use super::retry_after;
use jiff::SignedDuration;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue, LOCATION, RETRY_AFTER};
use std::collections::HashMap;
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
    /// Largest announced body in bytes. A compressed body's size on the wire is not counted: the decoder hides it.
    pub wire: u64,
    /// Largest body in bytes after decompression.
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

/// An answer to a GET.
#[derive(Clone, Debug)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// The body after decompression; empty for any status but 200.
    pub body: Vec<u8>,
    /// The address that answered, after redirects.
    pub url: Url,
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

/// One HTTP client for feeds and webhooks. Proxies of the environment are not used, cookies not kept.
#[derive(Clone, Debug)]
pub struct Client {
    guard: Arc<Guard>,
    limits: Limits,
    open: reqwest::Client,
    /// One more client a port to which the guard's exceptions are bound, because a resolver never learns the port.
    bound: HashMap<u16, reqwest::Client>,
}

/// Most bytes read of an answer to a POST.
const ANSWER_CAP: usize = 8_000;
/// Most characters kept of what a library says of a failure.
const CAUSE: usize = 200;
/// How long an idle connection is kept: feeds are polled minutes apart, only neighbours on one host profit.
const IDLE: Duration = Duration::from_secs(20);

impl Client {
    /// Sets the client up.
    ///
    /// # Errors
    /// [`NetError::Setup`] where TLS cannot be initialised or the user agent is no header value.
    pub fn new(guard: Guard, user_agent: &str, limits: Limits) -> Result<Self, NetError> {
        let guard = Arc::new(guard);
        let build = |port| {
            reqwest::Client::builder()
                .user_agent(user_agent)
                .no_proxy()
                .referer(false)
                .redirect(reqwest::redirect::Policy::none())
                .connect_timeout(limits.connect)
                .timeout(limits.total)
                .pool_idle_timeout(IDLE)
                .pool_max_idle_per_host(1)
                .dns_resolver(GuardingResolver::new(Arc::clone(&guard), port))
                .build()
                .map_err(|error| NetError::Setup { cause: innermost(&error) })
        };
        let bound = guard.bound_ports().into_iter().map(|port| Ok((port, build(Some(port))?)));
        Ok(Self { limits, open: build(None)?, bound: bound.collect::<Result<_, NetError>>()?, guard })
    }

    /// Fetches an address, following redirects; the headers are sent on every hop and must hold no credentials.
    ///
    /// # Errors
    /// Where the guard refuses a hop, a limit is passed, or no answer comes.
    pub async fn get(&self, url: &Url, headers: &[(&str, &[u8])]) -> Result<Response, NetError> {
        let headers = header_map(headers.iter().copied())?;
        match tokio::time::timeout(self.limits.total, self.follow(url, &headers)).await {
            Ok(result) => result,
            Err(_) => Err(self.timeout(&host(url))),
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
            let request = self.client(url).post(url.clone()).headers(headers).body(body);
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

    async fn follow(&self, url: &Url, headers: &HeaderMap) -> Result<Response, NetError> {
        let mut url = url.clone();
        for _ in 0..=self.limits.redirects {
            self.permit(&url)?;
            let request = self.client(&url).get(url.clone()).headers(headers.clone());
            let response = request.send().await.map_err(|error| self.failure(&url, &error))?;
            if matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
                url = next_hop(&url, response.headers().get(LOCATION))?;
                continue;
            }
            let status = response.status().as_u16();
            let headers = response.headers().clone();
            let body = if status == 200 { self.body(&url, response).await? } else { Vec::new() };
            return Ok(Response { status, body, url, headers });
        }
        Err(NetError::Redirects { host: host(&url), limit: self.limits.redirects })
    }

    async fn body(&self, url: &Url, mut response: reqwest::Response) -> Result<Vec<u8>, NetError> {
        let over = |cap| NetError::TooLarge { host: host(url), cap };
        let announced = response.content_length().unwrap_or_default();
        if announced > self.limits.wire {
            return Err(over(self.limits.wire));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.failure(url, &error))? {
            if (body.len() + chunk.len()) as u64 > self.limits.inflated {
                return Err(over(self.limits.inflated));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    fn permit(&self, url: &Url) -> Result<(), NetError> {
        match self.guard.judge_url(url) {
            Verdict::Allowed => Ok(()),
            Verdict::Refused(refusal) => Err(NetError::Refused(refusal)),
        }
    }

    fn client(&self, url: &Url) -> &reqwest::Client {
        url.port_or_known_default().and_then(|port| self.bound.get(&port)).unwrap_or(&self.open)
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
        if error.is_timeout() && !error.is_connect() {
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

/// The address of the next hop, without what must not travel: credentials to another origin, a fragment to anyone.
fn next_hop(from: &Url, location: Option<&HeaderValue>) -> Result<Url, NetError> {
    let bad = || NetError::BadRedirect { host: host(from) };
    let location = location.and_then(|value| std::str::from_utf8(value.as_bytes()).ok()).ok_or_else(bad)?;
    let mut to = from.join(location.trim()).map_err(|_| bad())?;
    if from.scheme() == "https" && to.scheme() == "http" {
        return Err(NetError::Downgrade { host: host(from) });
    }
    to.set_fragment(None);
    // Other schemes have no credentials to strip; the guard refuses them at the next hop.
    let carries = !to.username().is_empty() || to.password().is_some();
    if carries && from.origin() != to.origin() && (to.set_username("").is_err() || to.set_password(None).is_err()) {
        return Err(bad());
    }
    Ok(to)
}

fn header_map<'a>(headers: impl Iterator<Item = (&'a str, &'a [u8])>) -> Result<HeaderMap, NetError> {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        let bad = || NetError::BadHeader { name: name.to_owned() };
        let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad())?;
        map.insert(key, HeaderValue::from_bytes(value).map_err(|_| bad())?);
    }
    Ok(map)
}

fn host(url: &Url) -> String {
    url.host_str().unwrap_or("no host").to_owned()
}

/// The root cause in words. The outer layers repeat each other, and the outermost holds the address.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    let mut words = String::new();
    while let Some(inner) = cause.source() {
        cause = inner;
        words = inner.to_string();
    }
    if words.is_empty() { "no further reason given".to_owned() } else { words.chars().take(CAUSE).collect() }
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

    fn hop(from: &str, to: &str) -> Result<String, NetError> {
        let location = HeaderValue::from_bytes(to.as_bytes()).unwrap();
        next_hop(&from.parse().unwrap(), Some(&location)).map(String::from)
    }

    #[test]
    fn credentials_stay_with_their_origin() {
        assert_eq!(hop("https://u:p@a.example/x", "/y#z").unwrap(), "https://u:p@a.example/y");
        assert_eq!(hop("https://u:p@a.example/x", "https://b.example/y").unwrap(), "https://b.example/y");
        assert_eq!(hop("https://a.example/x", "https://u:p@b.example/y").unwrap(), "https://b.example/y");
        assert_eq!(hop("http://u:p@a.example/x", "https://a.example/y").unwrap(), "https://a.example/y");
    }

    #[test]
    fn a_downgrade_and_a_missing_address_are_refused() {
        assert!(matches!(hop("https://a.example/", "http://a.example/"), Err(NetError::Downgrade { .. })));
        assert!(matches!(hop("https://a.example/", "http://["), Err(NetError::BadRedirect { .. })));
        assert!(matches!(next_hop(&"https://a.example/".parse().unwrap(), None), Err(NetError::BadRedirect { .. })));
    }

    #[test]
    fn an_excerpt_is_one_line_and_not_cut() {
        assert_eq!(excerpt(b"  a\r\n\x07b \xff c"), "a b \u{fffd} c");
        assert_eq!(excerpt("\u{597d}".repeat(900).as_bytes()).chars().count(), 900);
    }
}
