//! Feeds: what is configured, what is remembered, what a poll brings.

use super::article::Language;
use super::ids::{FeedId, ItemId};
use super::pace::{Pace, Rhythm};
use super::request::{Heard, Request, Sighting};
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// What kind of source a feed is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tier {
    /// An office of the United States government.
    OfficialUs,
    /// An office or state medium that speaks for the Chinese government.
    OfficialCn,
    /// A news agency.
    Wire,
    /// A newspaper, broadcaster or magazine.
    Press,
    /// Anything else.
    Blog,
}

impl Tier {
    /// All tiers.
    pub const ALL: [Self; 5] = [Self::OfficialUs, Self::OfficialCn, Self::Wire, Self::Press, Self::Blog];

    /// The name used in configuration and rules.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OfficialUs => "official_us",
            Self::OfficialCn => "official_cn",
            Self::Wire => "wire",
            Self::Press => "press",
            Self::Blog => "blog",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tier| tier.name() == name)
    }
}

/// What the first sight of a feed tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FirstRun {
    /// Nothing: what is there enters the ledger, nobody is told.
    #[default]
    Baseline,
    /// What was published within this time before it; of undated items nothing.
    Since(SignedDuration),
    /// Everything that is not too old for any alert.
    All,
}

impl FirstRun {
    /// Whether an item of the first sight alerts nobody; `age` is the time since its publication, where that is given.
    #[must_use]
    pub fn silences(self, age: Option<SignedDuration>) -> bool {
        match self {
            Self::Baseline => true,
            Self::Since(time) => age.is_none_or(|age| age > time),
            Self::All => false,
        }
    }
}

/// When the page of an item is fetched and read with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FullText {
    /// Never: the item is read as the feed gives it.
    #[default]
    Never,
    /// Where what the feed gives only hints at a contact, or leaves its date or place open.
    OnMatch,
    /// For every new item that may alert.
    Always,
}

impl FullText {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Never, Self::OnMatch, Self::Always];

    /// The name used in the configuration.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::OnMatch => "on_match",
            Self::Always => "always",
        }
    }
}

/// A feed as configured and checked.
#[derive(Clone, Debug)]
pub struct FeedSpec {
    /// Its name.
    pub id: FeedId,
    /// Absolute http or https address.
    pub url: String,
    /// Title for people; where it is empty, the feed's own.
    pub title: String,
    /// Kind of source.
    pub tier: Tier,
    /// Language of its items; detected per item where absent.
    pub language: Option<Language>,
    /// Zone of dates that name none, and of "today".
    pub zone: TimeZone,
    /// Interval between polls; of a feed that follows its rhythm, until that is known.
    pub interval: SignedDuration,
    /// What its first sight tells.
    pub first_run: FirstRun,
    /// When the pages of its items are fetched.
    pub full_text: FullText,
    /// What its requests carry.
    pub request: Request,
    /// How its polls are timed.
    pub pace: Pace,
}

impl FeedSpec {
    /// A feed of the press, asked every 15 minutes without anything particular.
    #[must_use]
    pub fn new(id: &str, url: &str) -> Self {
        Self {
            id: FeedId::new(id),
            url: url.to_owned(),
            title: String::new(),
            tier: Tier::Press,
            language: None,
            zone: TimeZone::UTC,
            interval: SignedDuration::from_mins(15),
            first_run: FirstRun::Baseline,
            request: Request::default(),
            full_text: FullText::Never,
            pace: Pace::default(),
        }
    }
}

/// What is remembered of a feed between polls.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeedState {
    /// `ETag` as received, byte for byte.
    pub etag: Option<Vec<u8>>,
    /// `Last-Modified` as received, byte for byte.
    pub last_modified: Option<Vec<u8>>,
    /// Hash of the last body that was parsed.
    pub body_hash: Option<String>,
    /// When to poll next; at once where absent.
    pub due: Option<Timestamp>,
    /// Failures in a row.
    pub failures: u32,
    /// The last failure in words, cleared by a success.
    pub last_error: Option<String>,
    /// When a poll last succeeded (body or 304).
    pub last_ok: Option<Timestamp>,
    /// Whether the silent first sight has been taken.
    pub baseline: bool,
    /// Whether the server's last word was that the feed is gone (410): it is asked once a day then.
    pub gone: bool,
    /// The address to which all of this belongs; absent before the first poll.
    pub url: Option<String>,
    /// The latest publication that it has shown, never in the future.
    pub newest: Option<Timestamp>,
    /// Polls in a row at which it listed many old items under new ids; 0 where the last that brought items did not.
    pub floods: u32,
    /// When it last did.
    pub flooded: Option<Timestamp>,
    /// When a body last came, known or not, and no 304.
    pub whole: Option<Timestamp>,
    /// The address to which it is said to have moved for good, while that is not believed yet.
    pub moving: Option<Sighting>,
    /// The address to which it has moved for good, where that is not `url`: it is asked there.
    pub moved: Option<String>,
    /// When its validators were last found to say that nothing is new while something was: they are not sent for a while.
    pub distrusted: Option<Timestamp>,
    /// How often it brings something new, and what it asks for.
    pub rhythm: Rhythm,
}

impl FeedState {
    /// What is remembered of the feed at this address: nothing where the memories are of another one, whose validators
    /// would make the new address answer 304 to items that nobody has read. Where the address is the one to which the feed
    /// has moved, they are of it.
    #[must_use]
    pub fn at(self, url: &str) -> Self {
        if self.url.as_deref().is_none_or(|known| known == url) {
            self
        } else if self.moved.as_deref() == Some(url) {
            Self { url: Some(url.to_owned()), moving: None, moved: None, ..self }
        } else {
            Self::default()
        }
    }
}

/// How a poll failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FailureKind {
    /// The address guard refused the host, an address or a port.
    Refused,
    /// Name resolution, connection or TLS.
    Network,
    /// No complete answer in time.
    Timeout,
    /// An HTTP status that is neither success nor a request to wait.
    Status(u16),
    /// The body is over the cap.
    TooLarge,
    /// More redirects than allowed.
    Redirects,
    /// The body is not a feed that can be read.
    Unreadable,
    /// The body is a feed that lists items, and nothing could be read of any: the fault may be the reader's.
    Suspect,
    /// 410: the feed is gone.
    Gone,
}

/// What one poll brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// 304, or a body whose hash is known.
    NotModified {
        /// What the answer says besides.
        heard: Heard,
    },
    /// A body to be repaired and parsed.
    Body {
        /// The bytes after content decoding, at most the cap.
        bytes: Vec<u8>,
        /// The hash by which the same body is known again.
        hash: String,
        /// `Content-Type` as received, where it is text.
        content_type: Option<String>,
        /// `ETag` as received.
        etag: Option<Vec<u8>>,
        /// `Last-Modified` as received.
        last_modified: Option<Vec<u8>>,
        /// The address that answered, after redirects.
        url: String,
        /// What the answer says besides.
        heard: Heard,
    },
    /// The server asks to wait (429, 503 with Retry-After).
    Busy {
        /// When to come back.
        until: Timestamp,
        /// Whether the whole host is to be left alone, not this feed only.
        host: bool,
    },
    /// The poll failed.
    Failed {
        /// How.
        kind: FailureKind,
        /// In words, without secrets.
        message: String,
    },
}

/// The format of a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FeedFormat {
    /// RSS of any version.
    Rss,
    /// Atom.
    Atom,
    /// JSON Feed.
    Json,
}

impl FeedFormat {
    /// The name used in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rss => "rss",
            Self::Atom => "atom",
            Self::Json => "json",
        }
    }
}

/// One entry of a feed, as given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Deterministic id.
    pub id: ItemId,
    /// Link to the page.
    pub url: Option<String>,
    /// Title, markup kept.
    pub title: String,
    /// Summary as given, markup kept.
    pub summary: String,
    /// Full text as given, markup kept.
    pub content: Option<String>,
    /// Author.
    pub author: Option<String>,
    /// Date of publication.
    pub published: Option<Timestamp>,
    /// Date of the last change.
    pub updated: Option<Timestamp>,
    /// Categories.
    pub categories: Vec<String>,
}

/// A feed's body, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParsedFeed {
    /// Format.
    pub format: FeedFormat,
    /// Title.
    pub title: Option<String>,
    /// The site's address.
    pub url: Option<String>,
    /// Language tag as given.
    pub language: Option<String>,
    /// Entries in the order of the document.
    pub items: Vec<Item>,
    /// What was repaired, such as `encoding:gb18030`.
    pub repairs: Vec<String>,
    /// What it says of its own schedule.
    pub hints: Hints,
}

/// What a feed says about how often it changes. Nothing of it is more than a wish: the caller keeps its own bounds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    /// How long it may be kept before it is asked again: `<ttl>` of RSS 2.0, from a minute to 31 days.
    pub ttl: Option<SignedDuration>,
    /// Hours of the day in GMT, 0 to 23, in which it does not change: `<skipHours>`; in order, each once.
    pub skip_hours: Vec<i8>,
    /// Days of the week in GMT on which it does not change: `<skipDays>`; Monday first, each once.
    pub skip_days: Vec<Weekday>,
    /// Time between two changes: `sy:updatePeriod` over `sy:updateFrequency`, from a minute to 366 days.
    pub update_period: Option<SignedDuration>,
}
