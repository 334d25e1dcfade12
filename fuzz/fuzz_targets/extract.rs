//! Any text as an article: title, summary and content are parted by the first two NUL bytes.
#![no_main]

use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use openline::lexicon::Lexicon;
use openline::model::article::Language;
use openline::pipeline;
use openline::rules::RuleSet;
use openline::text::{Source, prepare};
use std::sync::LazyLock;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::embedded);
static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::builtin(&[]));

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let mut fields = text.splitn(3, '\0');
    let mut field = || fields.next().unwrap_or_default();
    let published = Timestamp::from_second(1_700_000_000).unwrap_or_default();
    let source = Source {
        id: "fuzz",
        url: None,
        feed: None,
        tier: None,
        language: Some(Language::En),
        published: Some(published),
        zone: jiff::tz::TimeZone::UTC,
        title: field(),
        summary: field(),
        content: field(),
    };
    let article = prepare(source, published);
    let reading = pipeline::read(&article, &LEXICON);
    for mention in &reading.mentions {
        assert!(!article.text(mention.evidence.span).is_empty() && !mention.evidence.fired.is_empty());
        let _ = RULES.judge_mention(mention, "opened", &article);
    }
});
