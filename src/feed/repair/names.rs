//! The vocabularies of feeds: which element of which namespace says what, in every dialect that is still met.

use super::draft::{Best, Draft, Head};
use super::hints::Hint;

/// A namespace that matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ns {
    /// No namespace, or the one that the root element makes its own.
    Own,
    Rss,
    Atom,
    Content,
    Dc,
    DcTerms,
    Rdf,
    Syndication,
    Xhtml,
    /// Dropped whole, by the name given: nothing in them is news, and parsers have died of them.
    Dropped(&'static str),
    /// Declared, but of no interest.
    Other,
}

impl Ns {
    /// The namespace of an address, scheme and trailing marks aside.
    pub(super) fn of_address(address: &str) -> Self {
        let lower = address.trim().to_ascii_lowercase();
        let bare = lower.trim_start_matches("https://").trim_start_matches("http://");
        match bare.trim_end_matches(['/', '#']) {
            "" => Self::Own,
            "www.w3.org/2005/atom" | "purl.org/atom/ns" => Self::Atom,
            "purl.org/rss/1.0" | "my.netscape.com/rdf/simple/0.9" | "channel.netscape.com/rdf/simple/0.9" => Self::Rss,
            "my.netscape.com/publish/formats/rss-0.91.dtd" | "blogs.law.harvard.edu/tech/rss" => Self::Rss,
            userland if userland.starts_with("backend.userland.com/rss") => Self::Rss,
            "purl.org/rss/1.0/modules/content" => Self::Content,
            "purl.org/dc/elements/1.1" | "purl.org/dc/elements/1.0" => Self::Dc,
            "purl.org/dc/terms" => Self::DcTerms,
            "www.w3.org/1999/02/22-rdf-syntax-ns" => Self::Rdf,
            "purl.org/rss/1.0/modules/syndication" => Self::Syndication,
            "www.w3.org/1999/xhtml" => Self::Xhtml,
            media if media.starts_with("search.yahoo.com/mrss") => Self::Dropped("media"),
            itunes if itunes.starts_with("www.itunes.com/dtds/podcast") => Self::Dropped("itunes"),
            podcast if podcast.contains("podcastindex") => Self::Dropped("podcast"),
            _ => Self::Other,
        }
    }

    /// The namespace that a prefix always stands for in feeds, declared or not.
    pub(super) fn of_prefix(prefix: &str) -> Option<Self> {
        match prefix.to_ascii_lowercase().as_str() {
            "atom" | "atom10" | "atom03" | "a10" => Some(Self::Atom),
            "rss" => Some(Self::Rss),
            "content" => Some(Self::Content),
            "dc" => Some(Self::Dc),
            "dcterms" | "dct" => Some(Self::DcTerms),
            "rdf" => Some(Self::Rdf),
            "sy" => Some(Self::Syndication),
            "xhtml" => Some(Self::Xhtml),
            "media" => Some(Self::Dropped("media")),
            "itunes" => Some(Self::Dropped("itunes")),
            "podcast" => Some(Self::Dropped("podcast")),
            _ => None,
        }
    }
}

/// The two families of dialects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// RSS 0.90 to 2.0, RSS 1.0 in RDF, CDF.
    Rss,
    /// Atom 0.3 and 1.0.
    Atom,
}

/// A piece of text that is wanted of the feed or of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Title,
    Link,
    Id,
    Summary,
    Content,
    Published,
    Updated,
    Author,
    Category,
    Language,
    /// Of the feed's head alone: what it says of its schedule.
    Hint(Hint),
}

impl Field {
    /// Whether it never holds markup, so that a sibling's start tag inside of it means a forgotten end tag.
    pub(super) fn is_bare(self) -> bool {
        !matches!(self, Self::Summary | Self::Content)
    }
}

/// The field that an element of the feed itself stands for, and its rank among those for the same field.
pub(super) fn head_field(ns: Ns, local: &str) -> Option<(Field, u8)> {
    match (ns, local) {
        (Ns::Own, "title") => Some((Field::Title, 0)),
        (Ns::Dc, "title") => Some((Field::Title, 1)),
        (Ns::Own, "link") => Some((Field::Link, 0)),
        (Ns::Own, "language") => Some((Field::Language, 0)),
        (Ns::Dc, "language") => Some((Field::Language, 1)),
        (Ns::Own, "ttl") => Some((Field::Hint(Hint::Ttl), 0)),
        (Ns::Own, "hour") => Some((Field::Hint(Hint::Hour), 0)),
        (Ns::Own, "day") => Some((Field::Hint(Hint::Day), 0)),
        (Ns::Syndication, "updateperiod") => Some((Field::Hint(Hint::Period), 0)),
        (Ns::Syndication, "updatefrequency") => Some((Field::Hint(Hint::Frequency), 0)),
        _ => None,
    }
}

/// The field that an element of an item stands for, and its rank among those for the same field.
pub(super) fn item_field(dialect: Dialect, ns: Ns, local: &str) -> Option<(Field, u8)> {
    let rss = dialect == Dialect::Rss;
    match (ns, local) {
        (Ns::Own, "title") => Some((Field::Title, 0)),
        (Ns::Atom | Ns::Dc, "title") => Some((Field::Title, 1)),
        (Ns::Own, "link") => Some((Field::Link, 0)),
        (Ns::Own, "guid") if rss => Some((Field::Id, 0)),
        (Ns::Own, "id") => Some((Field::Id, u8::from(rss))),
        (Ns::Atom, "id") => Some((Field::Id, 2)),
        (Ns::Dc, "identifier") => Some((Field::Id, 4)),
        (Ns::Own, "description") if rss => Some((Field::Summary, 0)),
        (Ns::Own, "summary") => Some((Field::Summary, u8::from(rss))),
        (Ns::Own, "abstract") | (Ns::Dc, "description" | "abstract") | (Ns::Atom, "summary") => {
            Some((Field::Summary, 2))
        }
        (Ns::DcTerms, "abstract" | "description") => Some((Field::Summary, 3)),
        (Ns::Content, "encoded") => Some((Field::Content, 0)),
        (Ns::Own, "content") => Some((Field::Content, u8::from(rss))),
        (Ns::Atom, "content") | (Ns::Xhtml, "body" | "div") => Some((Field::Content, 2)),
        (Ns::Own, "fulltext" | "fullitem" | "body" | "content_encoded") => Some((Field::Content, 3)),
        (Ns::Own, "pubdate" | "published") => Some((Field::Published, 0)),
        (Ns::Own, "issued") | (Ns::Atom, "published" | "issued") | (Ns::Dc, "date") => Some((Field::Published, 1)),
        (Ns::DcTerms, "issued" | "available" | "date") => Some((Field::Published, 2)),
        (Ns::Own, "created" | "date" | "publicationdate" | "publishdate") | (Ns::DcTerms | Ns::Atom, "created") => {
            Some((Field::Published, 3))
        }
        (Ns::Own, "updated" | "modified") => Some((Field::Updated, 0)),
        (Ns::Atom, "updated" | "modified") | (Ns::DcTerms, "modified") => Some((Field::Updated, 1)),
        (Ns::Own, "lastbuilddate" | "moddate") => Some((Field::Updated, 2)),
        (Ns::Dc, "creator" | "author") => Some((Field::Author, u8::from(!rss))),
        (Ns::Own | Ns::Atom, "author") => Some((Field::Author, u8::from(rss))),
        (Ns::Own, "category" | "keywords") | (Ns::Dc, "subject") => Some((Field::Category, 0)),
        _ => None,
    }
}

/// Puts a finished text where it belongs in an item.
pub(super) fn fill_item(draft: &mut Draft, field: Field, rank: u8, text: String) {
    let best: &mut Best = match field {
        Field::Title => &mut draft.title,
        Field::Link => &mut draft.link,
        Field::Id => &mut draft.id,
        Field::Summary => &mut draft.summary,
        Field::Content => &mut draft.content,
        Field::Published => &mut draft.published,
        Field::Updated => &mut draft.updated,
        Field::Author => return draft.author(rank, &text),
        Field::Category => return draft.category(&text),
        Field::Language | Field::Hint(_) => return,
    };
    best.offer(rank, text);
}

/// Puts a finished text where it belongs in the feed.
pub(super) fn fill_head(head: &mut Head, field: Field, rank: u8, text: String) {
    match field {
        Field::Title => head.title.offer(rank, text),
        Field::Link => head.link.offer(rank, text),
        Field::Language => head.language.offer(rank, text),
        Field::Hint(hint) => head.wishes.hear(hint, &text),
        _ => {}
    }
}

/// Elements of HTML that have no end tag.
pub(super) fn is_void(local: &str) -> bool {
    matches!(
        local,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}
