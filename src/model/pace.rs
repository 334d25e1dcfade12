//! How often a feed is asked: what a person chose, what the feed shows, and why its next poll is when it is.

use jiff::{SignedDuration, Timestamp};

/// How a feed's polls are timed, as configured and checked. The default keeps to the feed's fixed interval.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// The bounds between which the feed's own rhythm sets the interval; none where a person chose it.
    pub adaptive: Option<Bounds>,
    /// Who goes first when many are due at once.
    pub priority: Priority,
    /// The group of hosts that are one server, to which its host belongs.
    pub group: Option<String>,
}

/// What bounds an interval that follows a feed's rhythm. Neither the rhythm nor what a feed asks for leads out of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The shortest interval.
    pub min: SignedDuration,
    /// The longest interval, not below the shortest.
    pub max: SignedDuration,
    /// How far a feed is believed that asks to be asked less often (`ttl`, `sy:`, `Cache-Control`).
    pub heed: SignedDuration,
}

/// Who goes first when many feeds are due at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Priority {
    /// Before the others, and never asked seldom: official feeds.
    High,
    /// The usual.
    #[default]
    Normal,
    /// After the others.
    Low,
}

impl Priority {
    /// All priorities.
    pub const ALL: [Self; 3] = [Self::High, Self::Normal, Self::Low];

    /// The name used in configuration.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Normal => "normal",
            Self::Low => "low",
        }
    }
}

/// What is remembered of a feed's rhythm, and what it asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rhythm {
    /// Weighted mean of the time from one new item to the next.
    pub gap: Option<SignedDuration>,
    /// When it last showed a new item, as far as is known.
    pub arrived: Option<Timestamp>,
    /// The interval that its last document asks for (`ttl`, `sy:updatePeriod`).
    pub asked: Option<SignedDuration>,
    /// The hours in GMT in which its last document says that nothing changes: bit n is the hour from n.
    pub skip_hours: u32,
    /// The days in GMT on which its last document says that nothing changes: bit 0 is Monday.
    pub skip_days: u8,
    /// The interval that was kept last.
    pub interval: Option<SignedDuration>,
    /// Why the next poll is when it is.
    pub why: Why,
}

/// Why a feed's next poll is when it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Why {
    /// Its rhythm is not known yet.
    #[default]
    New,
    /// A person chose the interval.
    Fixed,
    /// It follows the feed's own rhythm.
    Rhythm,
    /// The feed or its server asks for it (`ttl`, `sy:updatePeriod`, `Cache-Control`).
    Asked,
    /// The feed says that nothing changes at these hours (`skipHours`, `skipDays`).
    Skipped,
    /// The server asked to wait (`Retry-After`).
    Busy,
    /// It failed, and is asked less and less often.
    Backoff,
    /// It is gone (410), and asked once a day.
    Gone,
    /// Nothing could be reached: the network here was down.
    Offline,
}

impl Why {
    /// All reasons.
    pub const ALL: [Self; 9] = [
        Self::New,
        Self::Fixed,
        Self::Rhythm,
        Self::Asked,
        Self::Skipped,
        Self::Busy,
        Self::Backoff,
        Self::Gone,
        Self::Offline,
    ];

    /// The name used in the store and in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Fixed => "fixed",
            Self::Rhythm => "rhythm",
            Self::Asked => "asked",
            Self::Skipped => "skipped",
            Self::Busy => "busy",
            Self::Backoff => "backoff",
            Self::Gone => "gone",
            Self::Offline => "offline",
        }
    }

    /// Reads a name; what is unknown is [`Why::New`].
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|why| why.name() == name).unwrap_or_default()
    }

    /// In words, for people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::New => "rhythm not known yet",
            Self::Fixed => "interval set",
            Self::Rhythm => "its rhythm",
            Self::Asked => "it asks so (ttl, sy:, Cache-Control)",
            Self::Skipped => "its quiet hours (skipHours, skipDays)",
            Self::Busy => "the server asked to wait",
            Self::Backoff => "back-off after failures",
            Self::Gone => "gone (410), asked daily",
            Self::Offline => "no network here",
        }
    }
}
