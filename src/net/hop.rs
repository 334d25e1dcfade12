//! Redirects: where an answer sends us, and what must not travel there.

use super::error::NetError;
use reqwest::header::HeaderValue;
use url::Url;

/// The statuses that redirect.
pub(super) fn redirects(status: u16) -> bool {
    matches!(status, 301 | 302 | 303 | 307 | 308)
}

/// Whether a redirect says that the address has changed for good (RFC 9110, sections 15.4.2 and 15.4.9).
pub(super) fn for_good(status: u16) -> bool {
    matches!(status, 301 | 308)
}

/// The address of the next hop, without what must not travel: credentials to another origin, a fragment to anyone.
pub(super) fn next(from: &Url, location: Option<&HeaderValue>) -> Result<Url, NetError> {
    let host = || from.host_str().unwrap_or("no host").to_owned();
    let bad = || NetError::BadRedirect { host: host() };
    let location = location.and_then(|value| std::str::from_utf8(value.as_bytes()).ok()).ok_or_else(bad)?;
    let mut to = from.join(location.trim()).map_err(|_| bad())?;
    if from.scheme() == "https" && to.scheme() == "http" {
        return Err(NetError::Downgrade { host: host() });
    }
    to.set_fragment(None);
    // Other schemes have no credentials to strip; the guard refuses them at the next hop.
    let carries = !to.username().is_empty() || to.password().is_some();
    if carries && from.origin() != to.origin() && (to.set_username("").is_err() || to.set_password(None).is_err()) {
        return Err(bad());
    }
    Ok(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hop(from: &str, to: &str) -> Result<String, NetError> {
        let location = HeaderValue::from_bytes(to.as_bytes()).unwrap();
        next(&from.parse().unwrap(), Some(&location)).map(String::from)
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
        assert!(matches!(next(&"https://a.example/".parse().unwrap(), None), Err(NetError::BadRedirect { .. })));
    }
}
