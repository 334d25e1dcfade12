//! What a page says of itself: its canonical address, its feeds, and when it was published or changed.

use serde_json::Value;

/// Characters of a text or an address that are kept.
const LONGEST: usize = 2_000;
/// Bytes of structured data that are read, over all of a page's scripts.
const DATA: usize = 512 << 10;
/// Dates, and links to feeds, that are kept.
const MOST: usize = 32;
/// Values of structured data that are looked at.
const VALUES: usize = 5_000;

/// What a page says of itself, as given.
#[derive(Debug, Default)]
pub(super) struct Head {
    pub(super) title: String,
    pub(super) canonical: Option<String>,
    pub(super) base: Option<String>,
    /// Dates by which the page as a whole says when it was published or changed.
    pub(super) dates: Vec<String>,
    /// Dates that stand somewhere in it (`<time>`), its own or others'.
    pub(super) times: Vec<String>,
    /// Addresses of feeds that the page declares, as given.
    pub(super) feeds: Vec<String>,
    /// Addresses that the page links to and that look like those of feeds, as given.
    pub(super) anchors: Vec<String>,
    data: String,
    read: usize,
}

/// Names under which `<meta>` says when a page was published or changed.
const DATES: [&str; 22] = [
    "article:published_time",
    "article:modified_time",
    "article:published",
    "article:modified",
    "og:published_time",
    "og:updated_time",
    "og:article:published_time",
    "datepublished",
    "datemodified",
    "date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publication_date",
    "publicationdate",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.modified",
    "last-modified",
];

impl Head {
    /// Notes what an element says.
    pub(super) fn tag<'a>(&mut self, name: &str, value: impl Fn(&str) -> Option<&'a str>) {
        match name {
            "meta" => {
                let key = value("property").or_else(|| value("name")).or_else(|| value("itemprop"));
                let is_date = key.is_some_and(|key| DATES.contains(&key.trim().to_ascii_lowercase().as_str()));
                if let Some(date) = value("content").filter(|_| is_date && self.dates.len() < MOST) {
                    self.dates.push(cut(date));
                }
            }
            "base" if self.base.is_none() => self.base = value("href").map(cut),
            "time" if self.times.len() < MOST => self.times.extend(value("datetime").map(cut)),
            "link" => self.link(&value),
            "a" if self.anchors.len() < MOST => {
                let href = value("href").map(cut).filter(|href| looks_like_feed(href) && !self.anchors.contains(href));
                self.anchors.extend(href);
            }
            _ => {}
        }
    }

    fn link<'a>(&mut self, value: &impl Fn(&str) -> Option<&'a str>) {
        let Some(href) = value("href").map(str::trim).filter(|href| !href.is_empty()) else { return };
        let rel = value("rel").unwrap_or_default().to_ascii_lowercase();
        let is = |wanted: &str| rel.split_whitespace().any(|rel| rel == wanted);
        if is("canonical") && self.canonical.is_none() {
            self.canonical = Some(cut(href));
        }
        let kind = value("type").unwrap_or_default().to_ascii_lowercase();
        let kind = kind.split(';').next().unwrap_or_default().trim().to_owned();
        let is_feed = is("feed")
            || is("alternate")
                && matches!(
                    kind.as_str(),
                    "application/rss+xml"
                        | "application/atom+xml"
                        | "application/feed+json"
                        | "application/rdf+xml"
                        | "application/xml"
                        | "application/json"
                        | "text/xml"
                        | "text/rss+xml"
                );
        if is_feed && self.feeds.len() < MOST {
            let href = cut(href);
            if !self.feeds.contains(&href) {
                self.feeds.push(href);
            }
        }
    }

    /// Takes more of the title's text.
    pub(super) fn more_title(&mut self, text: &str) {
        let room = LONGEST.saturating_sub(self.title.len());
        self.title.extend(text.chars().take(room));
    }

    /// Takes more of a script of structured data.
    pub(super) fn more_data(&mut self, text: &str) {
        if self.read + self.data.len() + text.len() <= DATA {
            self.data.push_str(text);
        }
    }

    /// A title or script ends: what it holds is read.
    pub(super) fn data_ends(&mut self) {
        let data = std::mem::take(&mut self.data);
        self.read += data.len();
        // Beyond 128 levels the parser gives up by itself.
        let Ok(value) = serde_json::from_str::<Value>(data.trim()) else { return };
        let mut waiting = vec![&value];
        let mut looked_at = 0;
        while let Some(value) = waiting.pop() {
            looked_at += 1;
            if looked_at > VALUES || self.dates.len() >= MOST {
                return;
            }
            match value {
                Value::Array(values) => waiting.extend(values),
                Value::Object(map) => {
                    let dates = ["datePublished", "dateModified", "dateCreated", "uploadDate"];
                    self.dates.extend(dates.iter().filter_map(|key| map.get(*key)?.as_str()).map(cut));
                    waiting.extend(map.values().filter(|value| value.is_array() || value.is_object()));
                }
                _ => {}
            }
        }
    }
}

/// Whether an address ends as those of feeds do: `/rss`, `/feed/`, `news.rss`, `index.xml`, `?format=atom`.
fn looks_like_feed(href: &str) -> bool {
    let lower = href.to_ascii_lowercase();
    let (path, query) = lower.split_once(['?', '#']).unwrap_or((&lower, ""));
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    matches!(last, "rss" | "feed" | "feeds" | "atom" | "rss2" | "feed.json")
        || [".rss", ".xml", ".atom", ".rdf"].iter().any(|end| last.ends_with(end)) && !last.contains("sitemap")
        || query.split('&').any(|part| matches!(part.rsplit('=').next(), Some("rss" | "rss2" | "atom")))
}

fn cut(text: &str) -> String {
    text.trim().chars().filter(|c| !c.is_control()).take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::super::outline::outline;

    #[test]
    fn dates_addresses_and_feeds_are_read() {
        let (head, _) = outline(
            "<html><head><title>A &amp; B</title><base href='/b/'><LINK REL='Canonical' href='/story'>\
             <meta property='article:published_time' content='2023-01-17T08:00:00Z'><meta name=date content=2023-01-18>\
             <meta name=description content='2001-01-01'>\
             <link rel='alternate' type='application/rss+xml' href='/feed?a=1&amp;b=2' title='News'>\
             <link rel=alternate hreflang=de href=/de><link rel=stylesheet href=x.css>\
             <script type='application/ld+json'>{\"@graph\":[{\"@type\":\"NewsArticle\",\"datePublished\":\"2023-01-19\"}]}</script>\
             </head><body><svg><title>no</title></svg><time datetime='2023-01-20'>x</time>",
        );
        assert_eq!((head.title.as_str(), head.canonical.as_deref()), ("A & B", Some("/story")));
        assert_eq!(head.base.as_deref(), Some("/b/"));
        assert_eq!(head.dates, ["2023-01-17T08:00:00Z", "2023-01-18", "2023-01-19"]);
        assert_eq!(head.times, ["2023-01-20"]);
        assert_eq!(head.feeds, ["/feed?a=1&b=2"]);
    }

    #[test]
    fn addresses_of_feeds_are_told_by_their_end() {
        for href in
            ["/rss", "https://a.example/feed/", "x.rss?y=1", "/news/index.xml", "?feed=rss2", "/a?format=atom&x=1"]
        {
            assert!(super::looks_like_feed(href), "{href}");
        }
        for href in ["/", "/feedback", "/rss-terms", "/sitemap.xml", "/a?b=c", "mailto:rss@a.example", ""] {
            assert!(!super::looks_like_feed(href), "{href}");
        }
    }

    #[test]
    fn hostile_data_is_passed_over() {
        let deep = format!("<script type=application/ld+json>{}</script>", "[".repeat(200_000));
        assert!(outline(&deep).0.dates.is_empty());
        let wide = "{\"datePublished\":\"2020-01-01\"},".repeat(20_000);
        let (head, _) = outline(&format!("<script type=application/ld+json>[{wide}0]</script>"));
        assert!(head.dates.len() <= super::MOST + 4, "{}", head.dates.len());
    }
}
