//! A text that is never printed: passwords and signing keys.

use std::fmt;

/// A secret; prints as `***`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Secret(String);

impl Secret {
    /// Hides a text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for the one place that needs it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// A text in which this secret, and its base64 form, read `***`: for words of a receiver that may echo it.
    #[must_use]
    pub fn scrub(&self, text: &str) -> String {
        use base64::Engine;
        if self.0.is_empty() {
            return text.to_owned();
        }
        let encoded = base64::engine::general_purpose::STANDARD.encode(&self.0);
        text.replace(&encoded, "***").replace(&self.0, "***")
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_prints_as_stars() {
        let secret = Secret::new("hunter2");
        assert_eq!(format!("{secret:?} {secret}"), "*** ***");
        assert_eq!(secret.expose(), "hunter2");
        assert_eq!(secret.scrub("535 hunter2 aHVudGVyMg== no"), "535 *** *** no");
    }
}
