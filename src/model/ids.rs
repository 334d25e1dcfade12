//! Deterministic identifiers: the same parts give the same id on every machine and in every run.

use sha2::{Digest, Sha256};
use std::fmt;

/// Hashes parts to 32 lower-case hexadecimal digits (the first 128 bits of SHA-256).
///
/// Each part is preceded by its length in bytes, so that `["ab", "c"]` and `["a", "bc"]` differ.
#[must_use]
pub fn digest(parts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    hex(hasher.finalize().get(..16).unwrap_or_default())
}

/// Bytes as lower-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from(if value < 10 { b'0' + value } else { b'a' + value - 10 });
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.extend([digit(byte >> 4), digit(byte & 15)]);
    }
    text
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// Takes a text that already is an id of this kind, such as one read from the store.
            #[must_use]
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// Derives the id from its parts; see [`digest`].
            #[must_use]
            pub fn of(parts: &[&str]) -> Self {
                Self(digest(parts))
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// A feed's name in the configuration: lower-case letters, digits and hyphens, 1 to 64 characters.
    FeedId
);
id!(
    /// An item of one feed: the hash of the feed's id and the item's guid, or canonical link, or title and date.
    ItemId
);
id!(
    /// A contact in the ledger: the hash of the first mention that opened it.
    ContactId
);
id!(
    /// An alert: hash of contact and history number, or of rule and item.
    AlertId
);
id!(
    /// A delivery: hash of alert or digest, channel and recipient. It is the Message-ID and the `webhook-id`.
    DeliveryId
);
id!(
    /// A digest: hash of channel, recipient and its alerts.
    DigestId
);
id!(
    /// A silence: hash of its matchers and of when it was made.
    SilenceId
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_kept_apart() {
        assert_ne!(digest(&["ab", "c"]), digest(&["a", "bc"]));
        assert_eq!(digest(&["ab"]).len(), 32);
        assert_eq!(hex(&[0x00, 0x9f, 0xa0, 0xff]), "009fa0ff");
        assert_eq!(ItemId::of(&["x", "y"]), ItemId::of(&["x", "y"]));
    }
}
