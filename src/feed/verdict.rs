//! What an answer means: status and headers to a verdict, without I/O.

use crate::model::feed::FailureKind;
use crate::net::retry_after;
use jiff::{SignedDuration, Timestamp};

/// What is to be done with an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// 200: the body is to be read.
    Read,
    /// 304: nothing new.
    NotModified,
    /// The server asks to wait.
    Busy {
        /// When to come back.
        until: Timestamp,
        /// Whether it speaks for the whole host: 429 counts requests, whatever feed they are for.
        host: bool,
    },
    /// The poll failed.
    Failed {
        /// How.
        kind: FailureKind,
        /// In words.
        message: String,
    },
}

/// How long a host that answers 429 without saying how long is left alone.
pub const PATIENCE: SignedDuration = SignedDuration::from_mins(15);

/// Judges an answer by its status and its `Retry-After` header.
#[must_use]
pub fn judge(status: u16, retry_after: Option<&[u8]>, now: Timestamp) -> Verdict {
    let wait = retry_after.and_then(|value| retry_after::read(value, now));
    let failed = |kind, message: String| Verdict::Failed { kind, message };
    match (status, wait) {
        (200, _) => Verdict::Read,
        (304, _) => Verdict::NotModified,
        (429, wait) => Verdict::Busy { until: later(now, wait.unwrap_or(PATIENCE)), host: true },
        (503, Some(wait)) => Verdict::Busy { until: later(now, wait), host: false },
        (410, _) => failed(FailureKind::Gone, "the server says that the feed is gone for good (410)".to_owned()),
        (401 | 403, _) => failed(FailureKind::Status(status), format!("the server refuses access ({status})")),
        (404, _) => failed(FailureKind::Status(404), "the server knows no such address (404)".to_owned()),
        (204 | 205, _) => failed(FailureKind::Status(status), format!("the server sent no content ({status})")),
        (500..=599, _) => failed(FailureKind::Status(status), format!("the server failed ({status})")),
        _ => failed(FailureKind::Status(status), format!("the server answered with status {status}")),
    }
}

fn later(now: Timestamp, wait: SignedDuration) -> Timestamp {
    now.checked_add(wait).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_its_verdict() {
        let now: Timestamp = "2024-01-02T03:04:05Z".parse().unwrap();
        let after = |seconds| now + SignedDuration::from_secs(seconds);
        let busy = |seconds, host| Verdict::Busy { until: after(seconds), host };
        assert_eq!(judge(200, None, now), Verdict::Read);
        assert_eq!(judge(200, Some(b"60"), now), Verdict::Read);
        assert_eq!(judge(304, None, now), Verdict::NotModified);
        assert_eq!(judge(429, Some(b"60"), now), busy(60, true));
        assert_eq!(judge(429, Some(b"Tue, 02 Jan 2024 03:05:05 GMT"), now), busy(60, true));
        assert_eq!(judge(429, None, now), busy(900, true));
        assert_eq!(judge(429, Some(b"soon"), now), busy(900, true));
        assert_eq!(judge(429, Some(b"9999999"), now), busy(86_400, true));
        assert_eq!(judge(503, Some(b"120"), now), busy(120, false));
        for (status, kind) in [
            (503, FailureKind::Status(503)),
            (410, FailureKind::Gone),
            (404, FailureKind::Status(404)),
            (403, FailureKind::Status(403)),
            (500, FailureKind::Status(500)),
            (206, FailureKind::Status(206)),
            (204, FailureKind::Status(204)),
            (300, FailureKind::Status(300)),
            (100, FailureKind::Status(100)),
        ] {
            let found = judge(status, None, now);
            assert!(
                matches!(&found, Verdict::Failed { kind: k, message } if *k == kind && !message.is_empty()),
                "{status}"
            );
        }
    }
}
