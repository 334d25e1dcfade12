//! Main texts of pages as they are, and of pages made to hurt.

use super::*;
use proptest::prelude::*;
use std::time::Duration;
use tokio::time::Instant;

const STORY: &str = "The Secretary of State will travel to Beijing on February 5, the department said on Tuesday, in what \
would be the first visit of its kind in more than four years. He is expected to meet the Foreign Minister, officials said.";

fn page(body: &str) -> Result<Page, NoPage> {
    let url = Url::parse("https://news.example/2023/story").unwrap();
    read(
        body.as_bytes(),
        Some("text/html; charset=utf-8"),
        &url,
        &TimeZone::UTC,
        "2023-02-01T00:00:00Z".parse().unwrap(),
    )
}

#[test]
fn the_story_is_kept_and_what_stands_around_it_is_not() {
    let found = page(&format!(
        "<html><head><link rel=canonical href='/story?id=1'><meta property=article:published_time content='2023-01-17T08:00:00Z'>\
         </head><body><nav><ul><li><a href=/a>Home</a><li><a href=/b>Trump to meet Xi in Beijing</a></ul></nav>\
         <article><h1>Blinken to visit Beijing</h1><p>{STORY}</p><p>{STORY}</p><script>var x = 'no';</script></article>\
         <aside class=related><h2>Related</h2><ul><li><a href=/c>Yellen meets Liu He</a></ul></aside>\
         <footer><p>All rights reserved</p></footer></body></html>"
    ))
    .unwrap();
    assert!(found.text.contains("first visit of its kind") && found.text.contains("\n\n"), "{}", found.text);
    for other in ["Trump", "Yellen", "Home", "rights", "var x"] {
        assert!(!found.text.contains(other), "{other}: {}", found.text);
    }
    assert_eq!(found.canonical.as_deref(), Some("https://news.example/story?id=1"));
    assert_eq!(found.dated, "2023-01-17T08:00:00Z".parse().ok());
    assert_eq!(found.hash.len(), 32);
}

#[test]
fn what_is_no_article_is_told() {
    assert_eq!(page("<p>Please enable JavaScript and disable any ad blocker</p>"), Err(NoPage::NoText));
    assert_eq!(page(""), Err(NoPage::NoText));
    let url = Url::parse("https://news.example/x.pdf").unwrap();
    let pdf = read(b"%PDF-1.7", Some("application/pdf"), &url, &TimeZone::UTC, Timestamp::UNIX_EPOCH);
    assert_eq!(pdf, Err(NoPage::OtherKind("application/pdf".to_owned())));
}

#[test]
fn a_page_is_as_young_as_the_youngest_date_on_it_and_the_future_is_no_date() {
    let dated = |head: &str| page(&format!("{head}<article><p>{STORY}</p><p>{STORY}</p></article>")).unwrap().dated;
    let meta = "<meta property=article:published_time content=2019-03-01>";
    assert_eq!(dated(meta), "2019-03-01T00:00:00Z".parse().ok());
    assert_eq!(dated(&format!("{meta}<time datetime=2023-01-30>")), "2023-01-30T00:00:00Z".parse().ok());
    assert_eq!(dated(&format!("{meta}<meta name=date content=2023-05-01>")), "2019-03-01T00:00:00Z".parse().ok());
    assert_eq!(dated("<time datetime=2019-03-01>"), None, "it may be another story's");
}

/// Pages that would cost a parser its stack or quadratic time.
#[test]
fn hostile_pages_end_in_time() {
    let many = |text: &str, count: usize| text.repeat(count);
    let links: String = (0..60_000).map(|n| format!("<a href=/{n}>link {n}</a> ")).collect();
    let classes: String =
        (0..40_000).map(|n| format!("<div class='article content {n}'><p>word, word, word {n}")).collect();
    for (name, body) in [
        ("deep boxes", format!("{}{STORY}", many("<div>", 300_000))),
        ("deep formatting", format!("{}{STORY}", many("<b><i><a x=1>", 100_000))),
        ("crossed formatting", many("<b><p></b></p><a><table><a></table>", 60_000)),
        ("paragraphs", many("<p>word, word", 300_000)),
        ("tables", many("<table><tr><td>x", 100_000)),
        ("lists", many("<ul><li>x", 200_000)),
        ("breaks", many("<br>x<br><br>", 200_000)),
        ("attributes", format!("<div {}>{STORY}</div>", (0..100_000).map(|n| format!("a{n}=b ")).collect::<String>())),
        ("a long class", format!("<div class='{}'>{STORY}</div>", many("comment ", 200_000))),
        ("entities", many("&amp;&notin;&#x41;", 300_000)),
        ("commas", many("a,", 2_000_000)),
        ("open comment", format!("<p>{STORY}<!-- {}", many("<p>", 500_000))),
        ("open tag", format!("<p>{STORY}<a href='{}", many("x", 2_000_000))),
        ("custom", many("<x-y><z-w>word ", 200_000)),
        ("spans", many("<div><span>", 200_000)),
        ("links", links),
        ("classes", classes),
    ] {
        let start = Instant::now();
        let _ = page(&body);
        assert!(start.elapsed() < Duration::from_secs(20), "{name}: {:?}", start.elapsed());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn any_page_is_read_without_a_panic(tokens in prop::collection::vec(prop_oneof![
        prop::sample::select(vec![
            "<p>", "</p>", "<div class=article>", "</div>", "<a href=x>", "</a>", "<li>", "<ul>", "</ul>", "<table>", "<td>",
            "<h1>", "</h1>", "<br>", "<script>", "</script>", "<svg>", "<title>", "</title>", "<article>", "</article>",
            "<section hidden>", "<meta name=date content=2020-01-01>", "<base href=//x>", "<link rel=canonical href='http://['>",
        ]).prop_map(str::to_owned),
        "\\PC{0,40}",
        Just(STORY.to_owned()),
    ], 0..60)) {
        if let Ok(page) = page(&tokens.concat()) {
            prop_assert!(page.text.chars().count() >= SHORTEST);
        }
    }
}
