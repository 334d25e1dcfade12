//! Places in an article: which field, and which bytes of its plain text.

/// A field of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// The headline.
    Title,
    /// The summary or description.
    Summary,
    /// The full text, where the feed gives one.
    Content,
}

impl Field {
    /// All fields in reading order.
    pub const ALL: [Self; 3] = [Self::Title, Self::Summary, Self::Content];

    /// The name used in JSON and in rules.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Summary => "summary",
            Self::Content => "content",
        }
    }
}

/// A byte range of one field's plain text (the text after HTML was made prose; a field without markup is unchanged).
///
/// `start <= end`, and both stand on character boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The field.
    pub field: Field,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// Whether the two ranges share a byte of the same field.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.field == other.field && self.start < other.end && other.start < self.end
    }
}
