//! CAMEO and PLOVER codes of a contact, so that researchers can join the output with their data.
//!
//! CAMEO 1.1b3 (codebook of March 2012) and PLOVER know held, intended, refused and broken-off contacts; a star marks a code
//! of ours by analogy, where neither scheme has one: postponement.

use crate::model::mention::{Kind, Status};

/// The codes of one contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Codes {
    /// CAMEO event code, such as `042`.
    pub cameo: &'static str,
    /// PLOVER event type with its mode, such as `CONSULT-visit`.
    pub plover: &'static str,
}

/// The codes of a kind and a status; `third_country` says that a meeting takes place in neither side's country.
///
/// A contact that is proposed counts as proposed by a party to it; who proposes it is not read yet, so that CAMEO 026
/// (an appeal by a third party) is never given.
#[must_use]
pub const fn codes(kind: Kind, status: Status, third_country: bool) -> Codes {
    let (cameo, plover) = match (status, kind) {
        (Status::Proposed | Status::Scheduled, _) => ("036", "AGREE"),
        (Status::Underway | Status::Held, Kind::Visit) => ("042", "CONSULT-visit"),
        (Status::Underway | Status::Held, Kind::Meeting) if third_country => ("044", "CONSULT-third-party"),
        (Status::Underway | Status::Held, Kind::Meeting) => ("040", "CONSULT"),
        (Status::Underway | Status::Held, Kind::Call) => ("041", "CONSULT-phone"),
        (Status::Underway | Status::Held, Kind::Talks) => ("046", "CONSULT"),
        (Status::Postponed, _) => ("161*", "SANCTION-withdraw*"),
        (Status::Cancelled, Kind::Talks) => ("164", "SANCTION-withdraw"),
        (Status::Cancelled, _) => ("161", "SANCTION-withdraw"),
        (Status::Declined, _) => ("125", "REJECT-meet"),
    };
    Codes { cameo, plover }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mapping_is_the_documented_one() {
        let of = |kind, status, third| {
            let codes = codes(kind, status, third);
            (codes.cameo, codes.plover)
        };
        for kind in Kind::ALL {
            for status in [Status::Proposed, Status::Scheduled] {
                assert_eq!(of(kind, status, true), ("036", "AGREE"));
            }
            assert_eq!(of(kind, Status::Postponed, false), ("161*", "SANCTION-withdraw*"));
            assert_eq!(of(kind, Status::Declined, false), ("125", "REJECT-meet"));
            let cancelled = if kind == Kind::Talks { "164" } else { "161" };
            assert_eq!(of(kind, Status::Cancelled, false), (cancelled, "SANCTION-withdraw"));
        }
        for status in [Status::Underway, Status::Held] {
            assert_eq!(of(Kind::Visit, status, false), ("042", "CONSULT-visit"));
            assert_eq!(of(Kind::Meeting, status, false), ("040", "CONSULT"));
            assert_eq!(of(Kind::Meeting, status, true), ("044", "CONSULT-third-party"));
            assert_eq!(of(Kind::Call, status, true), ("041", "CONSULT-phone"));
            assert_eq!(of(Kind::Talks, status, true), ("046", "CONSULT"));
        }
    }
}
