//! The overlay that `config/lexicon.d/README.md` shows is one that loads and does what it says.

use openline::lexicon;
use openline::model::article::Language;
use openline::pipeline;
use openline::text::{Source, prepare};

/// The TOML blocks of the guide, as one file.
fn shown() -> String {
    let guide = include_str!("../../config/lexicon.d/README.md");
    guide.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

#[test]
fn the_guides_examples_load_and_name_a_new_minister() {
    let words = lexicon::load(&[("guide.toml".to_owned(), shown())]).unwrap();
    let published = "2029-03-01T12:00:00Z".parse().unwrap();
    let read = |words: &lexicon::Lexicon| {
        let source = Source {
            id: "x",
            url: None,
            feed: None,
            tier: None,
            language: Some(Language::En),
            published: Some(published),
            zone: jiff::tz::TimeZone::UTC,
            title: "Secretary of State Jane Example to visit Beijing on Friday",
            summary: "",
            content: "",
        };
        pipeline::read(&prepare(source, published), words).mentions
    };
    let mentions = read(&words);
    assert_eq!(mentions.len(), 1);
    assert!(mentions[0].parties.iter().any(|party| party.name.as_deref() == Some("Jane Example")), "{mentions:?}");
    let known = read(&lexicon::Lexicon::embedded());
    assert!(
        !known
            .iter()
            .any(|mention| mention.parties.iter().any(|party| party.person.as_deref() == Some("jane-example")))
    );
}

#[test]
fn a_bad_overlay_gets_every_problem_at_its_place() {
    let text = "[[person]]\nid = \"x-y\"\nside = \"US\"\nname = \"X Y\"\nsurnam = \"Y\"\noffices = [{ office = \"us-nothing\", from = \"2029-13-01\" }]\n";
    let problems = lexicon::load(&[("mine.toml".to_owned(), text.to_owned())]).unwrap_err();
    let shown: Vec<String> = problems.iter().map(ToString::to_string).collect();
    for wanted in ["mine.toml:5:", "surname", "mine.toml:6:", "us-nothing", "2029-13-01"] {
        assert!(shown.iter().any(|line| line.contains(wanted)), "{wanted} is not in {shown:#?}");
    }
}
