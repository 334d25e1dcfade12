//! The feeds of a site, from the address of any of its pages: those that it declares, those that it links to, and, where it
//! names none, those that are where feeds usually are.

use super::{article, canonical, encoding, read_at};
use crate::model::feed::ParsedFeed;
use crate::model::ids::FeedId;
use crate::net::client::{Client, Response};
use crate::net::error::NetError;
use jiff::tz::TimeZone;
use std::collections::HashSet;
use url::Url;

/// Feeds that are fetched at most.
const MOST: usize = 20;
/// Where feeds usually are, against the address itself and against the site's root.
const USUAL: [&str; 9] =
    ["feed", "rss", "rss.xml", "feed.xml", "atom.xml", "index.xml", "feed.json", "feeds/posts/default", "?feed=rss2"];
/// What is asked for.
const ACCEPT: &[u8] = b"text/html, application/xhtml+xml, application/atom+xml, application/rss+xml, \
application/feed+json, application/xml;q=0.9, */*;q=0.5";

/// How a feed was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The address is that of a feed itself.
    Address,
    /// The page declares it.
    Declared,
    /// The page links to it.
    Linked,
    /// It is where feeds usually are.
    Guessed,
}

impl Way {
    /// The name used in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Declared => "declared",
            Self::Linked => "linked",
            Self::Guessed => "guessed",
        }
    }
}

/// A feed that was found and read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The address that answered, without credentials.
    pub url: String,
    /// How it was found.
    pub way: Way,
    /// What it holds.
    pub feed: ParsedFeed,
}

/// What a site has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Discovery {
    /// The feeds, in the order in which they were found.
    pub feeds: Vec<Found>,
    /// Addresses that the page names as feeds and that could not be read as such, with the reason.
    pub failed: Vec<(String, String)>,
}

/// Why nothing can be said of an address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoSite {
    /// No answer.
    #[error("{0}")]
    Net(#[from] NetError),
    /// Another answer than a page.
    #[error("the server answered {0}")]
    Status(u16),
}

/// Looks for the feeds of a site; each is fetched once and read, one after the other. Dates without a zone are read in `zone`.
///
/// # Errors
/// The address itself cannot be had. That a feed cannot be is part of the answer.
pub async fn discover(client: &Client, address: &Url, zone: &TimeZone) -> Result<Discovery, NoSite> {
    let response = client.get(address, &[("accept", ACCEPT)]).await?;
    if response.status != 200 {
        return Err(NoSite::Status(response.status));
    }
    let mut discovery = Discovery::default();
    if let Ok(feed) = parsed(&response, zone) {
        discovery.feeds.push(Found { url: plain(&response.url), way: Way::Address, feed });
        return Ok(discovery);
    }
    let page = response.url.clone();
    let text = encoding::decode(&response.body, content_type(&response).as_deref()).text.into_owned();
    drop(response);
    let named = article::links(&text, &page);
    let mut asked = HashSet::from([canonical(page.as_str())]);
    let mut known = HashSet::new();
    for (way, links) in [(Way::Declared, named.declared), (Way::Linked, named.mentioned), (Way::Guessed, usual(&page))]
    {
        // Nobody's guess is needed where the site names its feeds.
        if way == Way::Guessed && !discovery.feeds.is_empty() {
            break;
        }
        for link in links {
            if asked.len() > MOST || !asked.insert(canonical(link.as_str())) {
                continue;
            }
            match one(client, &link, zone).await {
                Ok((url, feed)) => {
                    if known.insert(canonical(&url)) {
                        discovery.feeds.push(Found { url, way, feed });
                    }
                }
                Err(why) if way != Way::Guessed => discovery.failed.push((plain(&link), why)),
                Err(_) => {}
            }
        }
    }
    Ok(discovery)
}

async fn one(client: &Client, link: &Url, zone: &TimeZone) -> Result<(String, ParsedFeed), String> {
    let response = client.get(link, &[("accept", ACCEPT)]).await.map_err(|error| error.to_string())?;
    if response.status != 200 {
        return Err(format!("the server answered {}", response.status));
    }
    Ok((plain(&response.url), parsed(&response, zone)?))
}

fn parsed(response: &Response, zone: &TimeZone) -> Result<ParsedFeed, String> {
    let (kind, address) = (content_type(response), plain(&response.url));
    read_at(&response.body, kind.as_deref(), &FeedId::new("discover"), zone, Some(&address))
        .map_err(|error| error.to_string())
}

fn content_type(response: &Response) -> Option<String> {
    response.header("content-type").and_then(|kind| String::from_utf8(kind.to_vec()).ok())
}

/// Where feeds usually are: below the page, then below the site's root.
fn usual(page: &Url) -> Vec<Url> {
    let below = |at: &Url| {
        let mut folder = at.clone();
        folder.set_query(None);
        folder.set_fragment(None);
        if !folder.path().ends_with('/') {
            folder.set_path(&format!("{}/", folder.path()));
        }
        USUAL.iter().filter_map(|path| folder.join(path).ok()).collect::<Vec<_>>()
    };
    let root = page.join("/").unwrap_or_else(|_| page.clone());
    let mut all = below(&root);
    if !page.path().trim_end_matches('/').is_empty() {
        all.splice(0..0, below(page));
    }
    all
}

fn plain(url: &Url) -> String {
    let mut url = url.clone();
    // Neither can fail for an http address, and nothing else was fetched.
    let _ = url.set_username("").and_then(|()| url.set_password(None));
    url.set_fragment(None);
    String::from(url)
}
