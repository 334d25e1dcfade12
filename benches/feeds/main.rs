//! What the repair pass costs beside the parser that it protects, and beside quick-xml's events, on the same bytes.
//!
//! `cargo bench --bench feeds` prints a table, then divan's figures. `FEEDS_KIND=rss cargo bench --bench feeds` compares
//! one kind alone, for profilers.

#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads its setting and the clock")]

#[path = "../speed/background.rs"]
mod background;

use background::{Story, html, stories};
use divan::counter::BytesCount;
use jiff::tz::TimeZone;
use openline::feed;
use openline::model::ids::FeedId;
use quick_xml::events::Event;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Time for each side of a comparison in each round.
const ROUND: Duration = Duration::from_millis(40);
/// Rounds of a comparison; the medians of their ratios are printed.
const ROUNDS: usize = 15;
/// Items of a feed.
const ITEMS: usize = 25;
/// The kinds of feed.
const KINDS: [&str; 6] = ["rss", "rss-full-text", "rss-escaped", "rss-extensions", "atom", "atom-xhtml"];

fn main() {
    println!(
        "{:<16} {:>8} {:>12} {:>12} {:>12} {:>12} {:>14} {:>14} {:>12}",
        "feed",
        "bytes",
        "events MB/s",
        "parse MB/s",
        "repair MB/s",
        "both MB/s",
        "repair/parse",
        "repair/events",
        "both/parse"
    );
    let only = std::env::var("FEEDS_KIND").ok();
    for kind in KINDS.into_iter().filter(|kind| only.as_deref().is_none_or(|only| only == *kind)) {
        compare(kind);
    }
    if only.is_none() {
        println!();
        divan::main();
    }
}

/// All four in turn over the same bytes.
fn compare(kind: &str) {
    let body = body(kind);
    assert_eq!((both(&body), parsed(&body)), (ITEMS, ITEMS), "{kind}: both read the whole feed");
    let mut times: [Vec<f64>; 4] = Default::default();
    let sides: [fn(&[u8]) -> usize; 4] = [events, parsed, repaired, both];
    for round in 0..=ROUNDS {
        for (side, times) in sides.iter().zip(&mut times) {
            let time = per_pass(|| side(&body));
            // The first round warms up.
            if round > 0 {
                times.push(time);
            }
        }
    }
    let ratio = |over: usize, under: usize| median(times[over].iter().zip(&times[under]).map(|(a, b)| a / b).collect());
    let rate = |side: usize| body.len() as f64 / median(times[side].clone()) / 1e6;
    println!(
        "{kind:<16} {:>8} {:>12.0} {:>12.0} {:>12.0} {:>12.0} {:>14.2} {:>14.2} {:>12.2}",
        body.len(),
        rate(0),
        rate(1),
        rate(2),
        rate(3),
        ratio(2, 1),
        ratio(2, 0),
        ratio(3, 1)
    );
}

/// The tokens of quick-xml, with nothing done about them.
fn events(body: &[u8]) -> usize {
    let text = std::str::from_utf8(body).expect("the feeds are UTF-8");
    let mut reader = quick_xml::Reader::from_str(text);
    let mut count = 0;
    loop {
        match reader.read_event().expect("the feeds are well-formed") {
            Event::Eof => return count,
            event => count += usize::from(!black_box(event).is_empty()),
        }
    }
}

/// feed-rs alone.
fn parsed(body: &[u8]) -> usize {
    feed_rs::parser::Builder::new()
        .sanitize_content(false)
        .build()
        .parse(body)
        .expect("the feeds are sound")
        .entries
        .len()
}

/// The repair pass alone.
fn repaired(body: &[u8]) -> usize {
    feed::plain(body, None).expect("the feeds are sound").len()
}

/// The repair pass, the parser, dates and ids: what a poll does with a body.
fn both(body: &[u8]) -> usize {
    feed::read(body, None, &FeedId::new("bench"), &TimeZone::UTC).expect("the feeds are sound").items.len()
}

fn body(kind: &str) -> Vec<u8> {
    let items: Vec<String> = stories(ITEMS).iter().enumerate().map(|(n, story)| item(kind, n, story)).collect();
    let items = items.concat();
    let text = if kind.starts_with("atom") {
        format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\"><id>tag:a.example,2024:f</id>\
             <title>News</title><link href=\"https://a.example/\"/><updated>2024-01-02T03:04:05Z</updated>\n{items}</feed>\n"
        )
    } else {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" \
             xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:media=\"http://search.yahoo.com/mrss/\"><channel><title>News</title>\
             <link>https://a.example/</link><description>All</description><language>en</language>\n{items}</channel></rss>\n"
        )
    };
    text.into_bytes()
}

fn item(kind: &str, n: usize, story: &Story) -> String {
    let (title, link) = (&story.title, format!("https://a.example/news/2024/01/02/story-{n}.html"));
    let start: String = story.content.chars().take(400).collect();
    if kind.starts_with("atom") {
        let content = if kind == "atom-xhtml" {
            format!(
                "<content type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\"><p>{start}</p><p><b>More</b></p></div></content>"
            )
        } else {
            format!("<content type=\"html\">{}</content>", escaped(&html(story)))
        };
        return format!(
            "<entry><id>tag:a.example,2024:{n}</id><title>{title}</title><link rel=\"alternate\" type=\"text/html\" href=\"{link}\"/>\
             <published>2024-01-02T03:04:05Z</published><updated>2024-01-02T03:04:05Z</updated><author><name>Desk</name></author>\
             <category term=\"world\"/><summary>{start}</summary>{content}</entry>\n"
        );
    }
    let text = match kind {
        "rss-full-text" => format!(
            "<description>{start}</description><content:encoded><![CDATA[{}]]></content:encoded>",
            html(story).repeat(4)
        ),
        "rss-escaped" => format!("<description>{}</description>", escaped(&html(story))),
        "rss-extensions" => format!(
            "<description><![CDATA[<p>{start}</p>]]></description><dc:creator>Desk</dc:creator><media:content url=\"{link}.jpg\" medium=\"image\" \
             width=\"1024\" height=\"768\"><media:title>A picture</media:title><media:credit>Agency</media:credit></media:content>\
             <media:thumbnail url=\"{link}.small.jpg\" width=\"140\" height=\"84\"/>"
        ),
        _ => format!("<description><![CDATA[<p>{start}</p>]]></description>"),
    };
    format!(
        "<item><title>{title}</title><link>{link}</link><guid isPermaLink=\"false\">{n}</guid>\
         <pubDate>Tue, 02 Jan 2024 03:04:05 GMT</pubDate><category>World</category>{text}</item>\n"
    )
}

fn escaped(markup: &str) -> String {
    markup.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Seconds that a pass takes, over as many as fit a round.
fn per_pass(mut pass: impl FnMut() -> usize) -> f64 {
    let begun = Instant::now();
    let mut passes = 0_u32;
    while passes == 0 || begun.elapsed() < ROUND {
        black_box(pass());
        passes += 1;
    }
    begun.elapsed().as_secs_f64() / f64::from(passes)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

#[divan::bench(args = KINDS)]
fn repair(bencher: divan::Bencher<'_, '_>, kind: &str) {
    let body = body(kind);
    bencher.counter(BytesCount::new(body.len())).bench(|| repaired(&body));
}

#[divan::bench(args = KINDS)]
fn parse(bencher: divan::Bencher<'_, '_>, kind: &str) {
    let body = body(kind);
    bencher.counter(BytesCount::new(body.len())).bench(|| parsed(&body));
}
