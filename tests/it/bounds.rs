//! What a hostile text may cost: reading never panics, ends when an article holds more contacts than any can, and says so.

use openline::lexicon::Lexicon;
use openline::model::article::{Article, Language};
use openline::model::ids::{FeedId, ItemId};
use openline::model::reading::{Node, Reading};
use openline::model::span::Span;
use openline::pipeline;
use openline::rules::RuleSet;
use openline::text::{Source, prepare};
use proptest::prelude::*;
use std::sync::LazyLock;
use std::time::Duration;
use tokio::time::Instant;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::embedded);
static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::builtin(&[]));

/// Pieces of which hostile articles are made: what rules look for, and what stands in their way.
const PIECES: [&str; 72] = [
    "US",
    "U.S.",
    "China",
    "Chinese",
    "Beijing",
    "Washington",
    "Antony Blinken",
    "Wang Yi",
    "Xi Jinping",
    "Xi",
    "Trump",
    "He",
    "He Lifeng",
    "Secretary of State",
    "Foreign Minister",
    "the president",
    "his counterpart",
    "the two leaders",
    "they",
    "he",
    "met",
    "will meet",
    "visit",
    "visits",
    "a call",
    "talks",
    "phone",
    "summit",
    "to",
    "to meet",
    "postponed",
    "cancelled",
    "refused",
    "denied that",
    "said",
    "if",
    "after",
    "before",
    "when",
    "who",
    "and",
    "or",
    "with",
    "in",
    "on",
    "of",
    "the",
    "'s",
    "’s",
    "Monday",
    "June 18",
    "June 30 to July 2",
    "2023-06-14",
    "the 18th",
    "last week",
    "in two weeks",
    "-",
    " - ",
    "—",
    ": ",
    "; ",
    ", ",
    ". ",
    "! ",
    "\n",
    "\n\n",
    "“",
    "”",
    "(",
    ")",
    "…",
    "\u{feff}",
];

fn article(title: &str, summary: &str, content: &str, language: Option<Language>) -> Article {
    let published = "2023-06-14T12:00:00Z".parse().unwrap();
    let source = Source {
        id: "x",
        url: None,
        feed: None,
        tier: None,
        language,
        published: Some(published),
        zone: jiff::tz::TimeZone::UTC,
        title,
        summary,
        content,
    };
    prepare(source, published)
}

fn read(content: &str) -> Reading {
    pipeline::read(&article("", "", content, Some(Language::En)), &LEXICON)
}

#[test]
fn a_text_of_nothing_but_triggers_is_given_up_with_a_word() {
    let one = "US Secretary of State Antony Blinken met Chinese Foreign Minister Qin Gang in Beijing on Monday. ";
    let reading = read(&one.repeat(10));
    assert!(reading.problems.is_empty() && !reading.mentions.is_empty());
    let reading = read(&"US China visit talks call met (".repeat(33_000));
    assert!(reading.problems.iter().any(|problem| problem.contains("not read")), "{:?}", reading.problems);
    assert!(reading.mentions.len() < 1_000, "{}", reading.mentions.len());
}

/// What a byte costs must not grow with the text. Ten times the text may take at most thirty times as long: the machine
/// that runs this is busy, and a quadratic pass would take a hundred times.
#[test]
fn time_grows_with_the_text_and_no_faster() {
    let units = [
        "US Secretary of State Antony Blinken met Wang Yi in Beijing on Monday. He left. ",
        "US China visit talks call met (",
        "He Xi Wang Li US ",
        "<p>US &amp; China<b></p>",
        "China, who met, who met the US, ",
        "June 30 to July 2, the US and China ",
        "\"“(US China",
    ];
    for unit in units {
        let time = |bytes: usize| {
            let text = unit.repeat(bytes / unit.len());
            let once = || {
                let begun = Instant::now();
                let reading = read(&text);
                (begun.elapsed(), reading.mentions.len())
            };
            (0..3).map(|_| once().0).min().unwrap_or(Duration::MAX)
        };
        let (short, long) = (time(30_000), time(300_000));
        assert!(long < short.max(Duration::from_millis(5)) * 30, "{unit:?}: {short:?} for 30 kB, {long:?} for 300 kB");
    }
}

fn inside(article: &Article, span: Span) -> bool {
    article.field(span.field).get(span.start..span.end).is_some()
}

fn well_formed(node: &Node, article: &Article) -> bool {
    !node.rule.is_empty() && inside(article, node.span) && node.children.iter().all(|child| well_formed(child, article))
}

/// Everything that may be asked of a reading holds.
fn check(article: &Article) -> Result<(), TestCaseError> {
    let reading = pipeline::read(article, &LEXICON);
    prop_assert_eq!(&pipeline::read(article, &LEXICON), &reading);
    prop_assert_eq!(reading.trace.trees.len(), reading.mentions.len());
    for mention in &reading.mentions {
        prop_assert!(inside(article, mention.evidence.span));
        prop_assert!(!mention.evidence.fired.is_empty());
        prop_assert!(mention.evidence.fired.iter().all(|fired| inside(article, fired.span)));
        prop_assert!((0.0..=1.0).contains(&mention.confidence));
        prop_assert!(mention.parties.iter().any(|party| party.side != mention.parties[0].side));
        let _ = RULES.judge_mention(mention, "opened", article);
        let _ = pipeline::codes(mention, &LEXICON);
    }
    prop_assert!(reading.trace.trees.iter().all(|tree| well_formed(tree, article)));
    prop_assert!(reading.trace.rejected.iter().all(|rejected| inside(article, rejected.trigger.span)));
    let item = openline::model::contact::ItemRef {
        item: ItemId::new("x"),
        feed: FeedId::new("f"),
        feed_title: String::new(),
        tier: openline::model::feed::Tier::Press,
        url: None,
        title: article.title.clone(),
        published: article.published,
        seen: article.published,
    };
    let mut book = pipeline::book(&LEXICON, []);
    let _ = pipeline::decide(&reading, article, &item, &mut book, &RULES, article.published, false);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_unicode_is_read(title in any::<String>(), summary in ".{0,200}", content in "\\PC{0,400}") {
        check(&article(&title, &summary, &content, None))?;
        check(&article(&title, &summary, &content, Some(Language::En)))?;
    }

    #[test]
    fn any_heap_of_names_and_triggers_is_read(
        parts in prop::collection::vec(
            prop_oneof![
                12 => prop::sample::select(PIECES.to_vec()).prop_map(|piece| format!("{piece} ")),
                2 => prop::sample::select(PIECES.to_vec()).prop_map(str::to_owned),
                1 => any::<char>().prop_map(|c| c.to_string()),
            ],
            0..80,
        )
    ) {
        let text = parts.concat();
        let half = text.floor_char_boundary(text.len() / 2);
        let (title, content) = text.split_at(half);
        check(&article(title, "", content, Some(Language::En)))?;
        check(&article("Blinken, Wang Yi meet", content, title, Some(Language::En)))?;
    }
}
