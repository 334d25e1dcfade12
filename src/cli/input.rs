//! What a command is pointed at: JSON lines, an HTML page or plain text, in a file, at an address or on standard input.

use super::document::{Document, timestamp};
use crate::feed;
use crate::model::article::Language;
use crate::net::allow::Allow;
use crate::net::client::{Client, Limits};
use crate::net::guard::Guard;
use std::io::Read as _;

/// Largest document that is read, in bytes.
const CAP: u64 = 16 << 20;

/// Why there is nothing to read.
#[derive(Debug)]
pub(super) enum Unread {
    /// The command line, or the document, is wrong.
    Misused(String),
    /// The file or address cannot be had.
    Unavailable(String),
}

/// Reads what a command was pointed at; dates and languages given on the command line fill what is missing.
pub(super) fn read(
    input: &str,
    published: Option<&str>,
    language: Option<&str>,
    allow: Vec<Allow>,
) -> Result<Vec<Document>, Unread> {
    if let Some(text) = published.filter(|text| timestamp(text).is_none()) {
        return Err(Unread::Misused(format!("--published {text}: neither RFC 3339 nor a day such as 2023-06-14")));
    }
    if let Some(tag) = language.filter(|tag| Language::from_tag(tag).is_none()) {
        return Err(Unread::Misused(format!("--language {tag}: openline reads en and zh")));
    }
    let text = fetch(input, allow)?;
    if text.contains('\0') {
        return Err(Unread::Misused(format!("{input}: this is no text")));
    }
    if ["<rss", "<feed", "<rdf:RDF"].iter().any(|mark| text.chars().take(2000).collect::<String>().contains(mark)) {
        return Err(Unread::Misused(format!("{input}: this is a feed; `openline parse` shows what it says")));
    }
    let mut documents = if text.trim_start().starts_with('{') {
        json_lines(&text).map_err(Unread::Misused)?
    } else {
        vec![prose(&text)]
    };
    for document in &mut documents {
        document.id = document.id.take().or_else(|| Some(input.to_owned()));
        document.published = document.published.take().or_else(|| published.map(str::to_owned));
        document.language = document.language.take().or_else(|| language.map(str::to_owned));
    }
    Ok(documents)
}

fn json_lines(text: &str) -> Result<Vec<Document>, String> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(number, line)| serde_json::from_str(line).map_err(|error| format!("line {}: {error}", number + 1)))
        .collect()
}

/// A page's or a plain text's title and body: `<title>` of HTML, the first line of a text followed by an empty one.
fn prose(text: &str) -> Document {
    let lower = text.to_ascii_lowercase();
    let between = |open: &str, close: &str| {
        let start = lower.find(open)?;
        let start = start + text.get(start..)?.find('>')? + 1;
        let end = start + lower.get(start..)?.find(close)?;
        Some((start, end))
    };
    let looks_like_html = ["<html", "<!doctype html", "<body", "<p>", "<p "].iter().any(|mark| lower.contains(mark));
    if looks_like_html {
        let title = between("<title", "</title").and_then(|(start, end)| text.get(start..end)).unwrap_or_default();
        let body = between("<article", "</article").or_else(|| between("<body", "</body"));
        let body = body.and_then(|(start, end)| text.get(start..end)).unwrap_or(text);
        return Document { title: Some(title.to_owned()), content: Some(body.to_owned()), ..Document::default() };
    }
    let (title, body) = match text.split_once("\n\n") {
        Some((title, body)) if !title.contains('\n') => (title, body),
        _ if !text.trim_end().contains('\n') && text.len() < 200 => (text.trim_end(), ""),
        _ => ("", text),
    };
    Document { title: Some(title.to_owned()), content: Some(body.to_owned()), ..Document::default() }
}

/// The text of a file, an address or standard input.
fn fetch(input: &str, allow: Vec<Allow>) -> Result<String, Unread> {
    let mut bytes = Vec::new();
    let unread = |error: std::io::Error| Unread::Unavailable(format!("{input}: {error}"));
    if input == "-" {
        let read = std::io::stdin().lock().take(CAP).read_to_end(&mut bytes);
        read.map_err(|error| Unread::Unavailable(format!("standard input: {error}")))?;
    } else if input.starts_with("http://") || input.starts_with("https://") {
        return page(input, allow).map_err(Unread::Unavailable);
    } else {
        let file = std::fs::File::open(input).map_err(unread)?;
        file.take(CAP).read_to_end(&mut bytes).map_err(unread)?;
    }
    Ok(feed::text(&bytes, None))
}

/// The text of a page, decoded as the bodies of feeds are.
fn page(address: &str, allow: Vec<Allow>) -> Result<String, String> {
    let url = url::Url::parse(address).map_err(|error| format!("{address}: {error}"))?;
    let client = Client::new(Guard::new(allow), concat!("openline/", env!("CARGO_PKG_VERSION")), Limits::default())
        .map_err(|error| error.to_string())?;
    let runtime = super::runtime().map_err(|error| error.to_string())?;
    let response = runtime.block_on(client.get(&url, &[])).map_err(|error| format!("{address}: {error}"))?;
    if (200..300).contains(&response.status) {
        let header = response.header("content-type").map(String::from_utf8_lossy);
        Ok(feed::text(&response.body, header.as_deref()))
    } else {
        Err(format!("{address}: the server answered {}", response.status))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_texts_and_dates() {
        let page = prose("<html><head><title>A &amp; B</title></head><body><p>x</p></body></html>");
        assert_eq!((page.title.as_deref(), page.content.as_deref()), (Some("A &amp; B"), Some("<p>x</p>")));
        let text = prose("Blinken in Beijing\n\nHe arrived.\nHe left.");
        assert_eq!(
            (text.title.as_deref(), text.content.as_deref()),
            (Some("Blinken in Beijing"), Some("He arrived.\nHe left."))
        );
        assert_eq!(timestamp("2023-06-14"), "2023-06-14T12:00:00Z".parse().ok());
        assert_eq!(timestamp("2023-06-14T18:05:00+08:00"), "2023-06-14T10:05:00Z".parse().ok());
        assert_eq!(timestamp("yesterday"), None);
    }
}
