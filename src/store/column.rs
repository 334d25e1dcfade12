//! How times, dates and small numbers stand in columns.

use super::error::StoreError;
use crate::model::actor::Level;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

/// Microseconds since the epoch; what is finer is cut off.
pub(super) fn micros(time: Timestamp) -> i64 {
    time.as_microsecond()
}

/// The time of a column in microseconds since the epoch.
pub(super) fn timestamp(micros: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(micros).map_err(|error| StoreError::corrupt(error.to_string()))
}

/// The time of a column that may be null.
pub(super) fn maybe_timestamp(micros: Option<i64>) -> Result<Option<Timestamp>, StoreError> {
    micros.map(timestamp).transpose()
}

/// A duration in microseconds, clamped to 64 bits.
pub(super) fn duration_micros(duration: SignedDuration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(if duration.is_negative() { i64::MIN } else { i64::MAX })
}

/// Rank of a level, from 1 for the lowest, so that "at least" is a comparison.
pub(super) const fn rank(level: Level) -> i64 {
    match level {
        Level::Official => 1,
        Level::ViceMinister => 2,
        Level::Minister => 3,
        Level::Leader => 4,
    }
}

/// A day as `YYYY-MM-DD`, which sorts as text.
pub(super) fn day(date: Date) -> String {
    date.to_string()
}

/// A count of a column as an unsigned number; a negative one, which nothing writes, is 0.
pub(super) fn count(number: i64) -> u32 {
    u32::try_from(number.max(0)).unwrap_or(u32::MAX)
}
