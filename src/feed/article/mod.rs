//! The page of an article: fetched under the guard, reduced to its main text, with the dates and the address it gives.

mod head;
mod outline;
pub mod robots;

use super::{dates, encoding, page};
use crate::model::ids::digest;
use crate::model::request::Request;
use crate::net::client::{Ask, Client, Response};
use crate::net::error::NetError;
use crate::text::html;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use url::Url;

/// Characters below which a main text is none: a wall, a notice, a player.
const SHORTEST: usize = 250;
/// Characters below which the search for the main text goes on with less strictness.
const USUAL: usize = 500;
/// What pages are asked for.
const ACCEPT: &[u8] = b"text/html, application/xhtml+xml;q=0.9, */*;q=0.1";

/// The page of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The address that answered.
    pub url: String,
    /// The address that the page gives as its own, where it is one of http or https.
    pub canonical: Option<String>,
    /// Its main text as prose.
    pub text: String,
    /// Hash of the text, by which a page that did not change is known.
    pub hash: String,
    /// When the page says that it was published or changed, the latest of what it says.
    pub dated: Option<Timestamp>,
}

/// Why there is no page.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPage {
    /// No answer.
    #[error("{0}")]
    Net(#[from] NetError),
    /// Another answer than the page.
    #[error("the server answered {0}")]
    Status(u16),
    /// Something else than a page.
    #[error("it is no HTML page, but {0}")]
    OtherKind(String),
    /// Nothing that is an article.
    #[error("no main text was found on it")]
    NoText,
    /// robots.txt forbids it.
    #[error("the site's robots.txt forbids it")]
    Forbidden,
    /// It is not known what robots.txt says.
    #[error("the site's robots.txt could not be had")]
    NoRobots,
    /// It was not there in time.
    #[error("it was not there in time")]
    Late,
}

/// Fetches a page. Whether it may be fetched is asked before, see [`robots`]. `home` is the feed's address, to whose origin
/// alone go the credentials of its requests.
///
/// # Errors
/// No answer, or none with a page.
pub async fn fetch(client: &Client, url: &Url, (request, home): (&Request, &Url)) -> Result<Response, NoPage> {
    let response = client.ask(Ask { url, headers: &[("accept", ACCEPT)], request, home }).await?;
    if response.status == 200 { Ok(response) } else { Err(NoPage::Status(response.status)) }
}

/// Reads a page's body. Dates without a zone are read in `zone`; those in the future of `now` are passed over.
///
/// Bounded whatever the body: see `outline`.
///
/// # Errors
/// It is no page, or one without a text that could be an article.
pub fn read(
    body: &[u8],
    content_type: Option<&str>,
    url: &Url,
    zone: &TimeZone,
    now: Timestamp,
) -> Result<Page, NoPage> {
    let kind = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if !matches!(kind.as_str(), "" | "text/html" | "application/xhtml+xml") {
        return Err(NoPage::OtherKind(kind.chars().take(60).collect()));
    }
    let text = encoding::decode(body, content_type).text;
    if page::is_wall(&text) {
        return Err(NoPage::NoText);
    }
    let (head, outline) = outline::outline(&text);
    drop(text);
    let text = main_text(&outline).ok_or(NoPage::NoText)?;
    let base = head.base.as_deref().and_then(|base| url.join(base).ok()).unwrap_or_else(|| url.clone());
    let canonical = head.canonical.as_deref().and_then(|link| base.join(link).ok());
    let read = |texts: &[String]| texts.iter().filter_map(|text| dates::read(text, zone)).filter(|at| *at <= now).max();
    // A date somewhere on the page may be another story's: it can make the page younger, never old.
    let dated = read(&head.dates).map(|at| read(&head.times).map_or(at, |other| at.max(other)));
    Ok(Page {
        url: url.to_string(),
        canonical: canonical.filter(|link| matches!(link.scheme(), "http" | "https")).map(String::from),
        hash: digest(&[&text]),
        text,
        dated,
    })
}

/// The feeds that a page names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Links {
    /// Those that it declares.
    pub(super) declared: Vec<Url>,
    /// What it links to and what looks like a feed's address.
    pub(super) mentioned: Vec<Url>,
}

/// The feeds that a page names, against the address that answered.
pub(super) fn links(page: &str, url: &Url) -> Links {
    let (head, _) = outline::outline(page);
    let base = head.base.as_deref().and_then(|base| url.join(base).ok()).unwrap_or_else(|| url.clone());
    let joined = |links: &[String]| {
        let links = links.iter().filter_map(|link| base.join(link).ok());
        links.filter(|link| matches!(link.scheme(), "http" | "https")).collect()
    };
    Links { declared: joined(&head.feeds), mentioned: joined(&head.anchors) }
}

/// The main text of a page that [`outline`] has written anew.
fn main_text(page: &str) -> Option<String> {
    let options = legible::Options::new().char_threshold(USUAL).disable_json_ld(true);
    let article = legible::parse(page, None, Some(options)).ok()?;
    let text = html::to_text(&article.content);
    (text.chars().count() >= SHORTEST).then_some(text)
}

#[cfg(test)]
mod tests;
