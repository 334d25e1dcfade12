//! Another pair of states: a gazetteer file in the overlay and a rule are all it takes.

use openline::config::{self, Loaded, Sought};
use openline::ledger::Book;
use openline::model::actor::{Level, Side};
use openline::model::alert::{Alert, Severity, Subject};
use openline::model::article::Language;
use openline::model::contact::ItemRef;
use openline::model::feed::Tier;
use openline::model::ids::{FeedId, ItemId};
use openline::model::mention::{Kind, Mention, Status};
use openline::pipeline;
use openline::text::{Source, prepare};
use std::path::Path;
use tempfile::TempDir;

/// Offices and people of Russia and Japan, as a desk would add them under `lexicon.d`.
const GAZETTEER: &str = r#"
[[office]]
id = "ru-president"
side = "RU"
title = "President"
level = "leader"
titles = ["president"]
explicit = ["Russian president", "Kremlin leader"]
counterparts = ["jp-prime-minister"]
singular = true

[[office]]
id = "ru-foreign-minister"
side = "RU"
title = "Foreign Minister"
level = "minister"
titles = ["foreign minister"]
explicit = ["Russian foreign minister"]
counterparts = ["jp-foreign-minister"]
singular = true

[[office]]
id = "jp-prime-minister"
side = "JP"
title = "Prime Minister"
level = "leader"
titles = ["prime minister", "premier"]
explicit = ["Japanese prime minister"]
counterparts = ["ru-president"]
singular = true

[[office]]
id = "jp-foreign-minister"
side = "JP"
title = "Foreign Minister"
level = "minister"
titles = ["foreign minister"]
explicit = ["Japanese foreign minister"]
counterparts = ["ru-foreign-minister"]
singular = true

[[person]]
id = "vladimir-putin"
side = "RU"
name = "Vladimir Putin"
surname = "Putin"
offices = [{ office = "ru-president", from = "2012-05-07" }]

[[person]]
id = "sergei-lavrov"
side = "RU"
name = "Sergei Lavrov"
aliases = ["Sergey Lavrov"]
surname = "Lavrov"
offices = [{ office = "ru-foreign-minister", from = "2004-03-09" }]

[[person]]
id = "shinzo-abe"
side = "JP"
name = "Shinzo Abe"
surname = "Abe"
offices = [{ office = "jp-prime-minister", from = "2012-12-26", until = "2020-09-16" }]

[[person]]
id = "taro-kono"
side = "JP"
name = "Taro Kono"
surname = "Kono"
offices = [{ office = "jp-foreign-minister", from = "2017-08-03", until = "2019-09-11" }]
"#;

const RULE: &str = r#"
[[rule]]
id = "russia-japan"
[rule.contact]
between = ["RU", "JP"]
min_level = "minister"

[[rule.tests]]
text = "Japanese Prime Minister Shinzo Abe will visit Moscow on January 22, the Kremlin said on Monday."
published = 2019-01-14
expect = "alert"
status = "scheduled"
"#;

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

/// The configuration of a desk that watches the pair, and the usual one.
fn desk() -> Loaded {
    let folder = TempDir::new().unwrap();
    write(folder.path(), "openline.toml", "");
    write(folder.path(), "lexicon.d/russia-japan.toml", GAZETTEER);
    write(folder.path(), "rules.d/russia-japan.toml", RULE);
    let sought = Sought { named: Some(folder.path().join("openline.toml")), ..Sought::default() };
    config::load(&sought).unwrap()
}

/// What is read in a text, and the alerts of a first report of it.
fn told(desk: &Loaded, published: &str, title: &str, text: &str) -> (Vec<Mention>, Vec<Alert>) {
    let published = published.parse().unwrap();
    let source = Source {
        id: "x",
        url: None,
        feed: Some("agency"),
        tier: Some(Tier::Wire),
        language: Some(Language::En),
        published: Some(published),
        zone: jiff::tz::TimeZone::UTC,
        title,
        summary: text,
        content: "",
    };
    let article = prepare(source, published);
    let item = ItemRef {
        item: ItemId::of(&[title, text]),
        feed: FeedId::new("agency"),
        feed_title: "Agency".to_owned(),
        tier: Tier::Wire,
        url: None,
        title: title.to_owned(),
        published,
        seen: published,
    };
    let reading = pipeline::read(&article, &desk.lexicon);
    let mut book: Book = pipeline::book(&desk.lexicon, []);
    let decision = pipeline::decide(&reading, &article, &item, &mut book, &desk.config.rules, published, false);
    (reading.mentions, decision.alerts)
}

fn sides(mention: &Mention) -> Vec<(&str, Option<&str>)> {
    mention.parties.iter().map(|party| (party.side.code(), party.person.as_deref())).collect()
}

#[test]
fn a_contact_between_russia_and_japan_is_read_and_told() {
    let desk = desk();
    let (mentions, alerts) = told(
        &desk,
        "2019-01-14T12:00:00Z",
        "Abe to visit Moscow for talks with Putin",
        "Japanese Prime Minister Shinzo Abe will visit Moscow on January 22 and meet President Vladimir Putin, officials said on Monday.",
    );
    let visit = mentions.iter().find(|mention| mention.kind == Kind::Visit).expect("the visit is read");
    assert_eq!((visit.status, visit.level), (Status::Scheduled, Level::Leader));
    assert!(sides(visit).contains(&("JP", Some("shinzo-abe"))), "{:?}", sides(visit));
    assert!(visit.parties.iter().any(|party| party.side == Side::new("RU").unwrap()));
    assert_eq!(visit.moment.and_then(|moment| moment.start_text()).as_deref(), Some("2019-01-22"));
    let alert = alerts
        .iter()
        .find(|alert| matches!(&alert.subject, Subject::Contact { contact, .. } if contact.kind == Kind::Visit))
        .expect("and told");
    assert_eq!(alert.matched.iter().map(|matched| matched.rule.as_str()).collect::<Vec<_>>(), ["russia-japan"]);
    assert_eq!(alert.severity, Severity::Critical, "leaders");
}

#[test]
fn ministers_meet_and_a_call_is_off() {
    let desk = desk();
    let (mentions, alerts) = told(
        &desk,
        "2019-02-16T12:00:00Z",
        "Lavrov and Kono meet in Munich",
        "Russian Foreign Minister Sergei Lavrov met his Japanese counterpart Taro Kono in Munich on Saturday.",
    );
    assert_eq!(mentions.len(), 1, "{mentions:?}");
    assert_eq!((mentions[0].kind, mentions[0].status), (Kind::Meeting, Status::Held));
    assert_eq!(sides(&mentions[0]), [("JP", Some("taro-kono")), ("RU", Some("sergei-lavrov"))]);
    assert_eq!(alerts.len(), 1);
    let (mentions, _) = told(
        &desk,
        "2019-02-18T12:00:00Z",
        "Putin cancels phone call with Abe",
        "Russian President Vladimir Putin on Monday cancelled a telephone call with Japanese Prime Minister Shinzo Abe.",
    );
    assert!(
        mentions.iter().any(|mention| mention.kind == Kind::Call && mention.status == Status::Cancelled),
        "{mentions:?}"
    );
}

#[test]
fn the_usual_pair_is_read_as_before_and_neither_is_taken_for_the_other() {
    let desk = desk();
    let (mentions, alerts) = told(
        &desk,
        "2023-01-17T12:00:00Z",
        "Blinken to visit Beijing on February 5",
        "US Secretary of State Antony Blinken will visit Beijing on February 5 and 6, the State Department said on Tuesday.",
    );
    assert!(!mentions.is_empty() && mentions.iter().all(|mention| mention.between(Side::US, Side::CN)), "{mentions:?}");
    assert_eq!(alerts.len(), 1);
    assert_eq!(alerts[0].matched[0].rule, "us-china-high-level");
    let (mentions, alerts) = told(
        &desk,
        "2019-02-18T12:00:00Z",
        "Trump and Abe speak by telephone",
        "US President Donald Trump spoke by telephone with Japanese Prime Minister Shinzo Abe on Monday, the White House said.",
    );
    assert_eq!((mentions.len(), alerts.len()), (0, 0), "a pair that no rule asks for: {mentions:?}");
}

#[test]
fn without_its_gazetteer_a_rule_for_another_pair_is_spoken_of() {
    let folder = TempDir::new().unwrap();
    write(folder.path(), "openline.toml", "");
    write(
        folder.path(),
        "rules.d/russia-japan.toml",
        "[[rule]]\nid = \"far\"\n[rule.contact]\nbetween = [\"RU\", \"JP\"]\n",
    );
    let sought = Sought { named: Some(folder.path().join("openline.toml")), ..Sought::default() };
    let warned: Vec<String> = config::load(&sought).unwrap().warnings.iter().map(ToString::to_string).collect();
    assert!(
        warned.iter().any(|line| line.contains("`far`") && line.contains("RU") && line.contains("lexicon.d")),
        "{warned:?}"
    );
}
