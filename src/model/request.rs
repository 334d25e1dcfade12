//! How a feed is asked: what its requests carry besides its address, and what its answers say besides their body.

use super::secret::Secret;
use jiff::{SignedDuration, Timestamp};

/// What a feed's requests carry, as configured and checked. Everything but `user_agent` goes to the feed's own origin alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// `User-Agent`; that of all feeds where absent.
    pub user_agent: Option<String>,
    /// Further headers by name, credentials and cookies among them, for the scheme, host and port of the feed's address.
    pub headers: Vec<(String, Secret)>,
    /// The proxy through which the feed is asked.
    pub proxy: Option<Proxy>,
    /// Whether any certificate of the feed's own host is taken for right.
    pub any_certificate: bool,
}

/// An HTTP proxy.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Proxy {
    /// Its absolute http or https address, without credentials.
    pub url: String,
    /// The user and the password that it asks for.
    pub login: Option<(String, Secret)>,
}

/// What an answer says besides its body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// How long the answer says that it stays fresh: `Cache-Control: max-age` less `Age`, else `Expires` from `Date`. From
    /// nothing to a day; absent where it says nothing, or that it must always be asked for.
    pub fresh_for: Option<SignedDuration>,
    /// Where a 301 or 308 led, and no other redirect before it; without credentials.
    pub moved: Option<String>,
    /// Whether the body came, known or not, and no 304.
    pub whole: bool,
}

/// An address to which a feed is said to have moved for good, not yet believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// The address.
    pub url: String,
    /// When it was said first.
    pub since: Timestamp,
    /// How often in a row it was said since.
    pub count: u32,
}
