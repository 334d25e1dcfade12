//! Rules: which words match, why a contact is refused, what an alert holds, and what is wrong with a rule file.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use openline::model::actor::{Level, Party, Side};
use openline::model::alert::{Alert, Subject};
use openline::model::article::{Article, Language};
use openline::model::change::{Change, ChangeKind};
use openline::model::contact::{Contact, ItemRef, Transition};
use openline::model::feed::Tier;
use openline::model::ids::{AlertId, ContactId, FeedId, ItemId};
use openline::model::mention::{Evidence, Fired, Kind, Mention, Novelty, Status};
use openline::model::moment::Moment;
use openline::model::span::{Field, Span};
use openline::rules::{self, Known, RuleSet, Verdict};

mod arbitrary;
mod asked;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

fn article(title: &str, content: &str) -> Article {
    Article {
        id: "doc".to_owned(),
        url: None,
        feed: Some("state".to_owned()),
        tier: Some(Tier::OfficialUs),
        language: Language::En,
        published: NOW,
        dated: true,
        zone: TimeZone::UTC,
        title: title.to_owned(),
        summary: String::new(),
        content: content.to_owned(),
        from_page: false,
    }
}

fn item() -> ItemRef {
    ItemRef {
        item: ItemId::new("item-1"),
        feed: FeedId::new("state"),
        feed_title: "State".to_owned(),
        tier: Tier::OfficialUs,
        url: None,
        title: "Title".to_owned(),
        published: NOW,
        seen: NOW,
    }
}

fn party(side: Side, id: &str, name: &str) -> Party {
    Party { side, person: Some(id.to_owned()), name: Some(name.to_owned()), office: None, level: Some(Level::Minister) }
}

/// "Blinken will visit Beijing", read from the title of [`article`].
fn mention() -> Mention {
    let span = Span { field: Field::Title, start: 0, end: 26 };
    let words = Span { field: Field::Title, start: 13, end: 18 };
    Mention {
        kind: Kind::Visit,
        status: Status::Scheduled,
        novelty: Novelty::New,
        level: Level::Minister,
        parties: vec![party(Side::US, "antony-blinken", "Antony Blinken"), party(Side::CN, "wang-yi", "Wang Yi")],
        moment: Some(Moment::day(jiff::civil::date(2023, 6, 18))),
        place: Some("Beijing".to_owned()),
        attribution: None,
        voices: Vec::new(),
        confidence: 0.9,
        evidence: Evidence {
            sentence: "Blinken will visit Beijing".to_owned(),
            span,
            fired: vec![Fired { rule: "visit.travel-to".to_owned(), span: words }],
            on_page: false,
        },
    }
}

fn change(kind: ChangeKind) -> Change {
    let mention = mention();
    let entry = Transition {
        number: 1,
        change: ChangeKind::Opened,
        status: mention.status,
        moment: mention.moment,
        at: NOW,
        item: None,
    };
    Change {
        kind,
        contact: Contact {
            id: ContactId::new("contact-1"),
            kind: mention.kind,
            status: mention.status,
            novelty: mention.novelty,
            level: mention.level,
            parties: mention.parties,
            moment: mention.moment,
            planned: None,
            place: mention.place,
            within: None,
            as_of: NOW,
            first_reported: NOW,
            history: vec![entry],
            sources: Vec::new(),
        },
        mention: 0,
        novelty: Novelty::New,
        evidence: mention.evidence,
        confidence: 0.9,
        item: item(),
        reason: "new".to_owned(),
    }
}

fn known() -> Known {
    let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Known {
        feeds: list(&["state", "mfa"]),
        channels: list(&["desk-mail", "desk-hook"]),
        people: list(&["wang-yi", "Wang Yi", "xi-jinping", "Xi Jinping"]),
        open: false,
        subject: Some(openline::render::Templates::check_subject),
    }
}

#[track_caller]
fn set(text: &str) -> RuleSet {
    rules::parse(&[("r.toml".to_owned(), text.to_owned())], &known()).unwrap()
}

fn said(text: &str) -> Vec<String> {
    match rules::parse(&[("r.toml".to_owned(), text.to_owned())], &known()) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

/// The words that a words table finds in a content, or why it does not match.
#[track_caller]
fn words(table: &str, content: &str) -> Result<Vec<String>, Verdict> {
    let set = set(&format!("[[rule]]\nid = 'w'\nwords = {{ {table} }}\n"));
    match set.judge_item(&article("", content)).remove(0).verdict {
        Verdict::Matches { words } => Ok(words),
        other => Err(other),
    }
}

#[test]
fn a_word_is_found_as_a_whole_word_whatever_its_case() {
    for (word, text, found) in [
        ("summit", "The SUMMIT ended", "SUMMIT"),
        ("summit", "summit", "summit"),
        ("Xi", "Xi's visit", "Xi"),
        ("Xi", "the Xi-Biden call", "Xi"),
        ("trade talks", "the trade\n  talks resumed", "trade talks"),
        ("China's", "China\u{2019}s envoy", "China\u{2019}s"),
        ("U.S.", "the U.S. envoy", "U.S."),
        ("straße", "die STRASSE und die Straße", "Straße"),
        ("élysée", "the ÉLYSÉE palace", "ÉLYSÉE"),
        ("meet*", "They Meetings held", "Meetings"),
        ("meet*", "they meet.", "meet"),
        ("APEC", "在APEC会议上", "APEC"),
        ("ＡＰＥＣ", "at APEC today", "APEC"),
        ("会谈", "双方举行会谈后", "会谈"),
        ("王毅*", "王毅同布林肯", "王毅"),
        ("G20", "the G20 summit", "G20"),
    ] {
        assert_eq!(words(&format!("any = [\"{word}\"]"), text), Ok(vec![found.to_owned()]), "{word} in {text}");
    }
}

#[test]
fn a_word_is_not_found_within_another() {
    for (word, text) in [
        ("Xi", "a taxi, an axiom, Xiamen"),
        ("summit", "summits"),
        ("summit*", "consummit"),
        ("trade talks", "trade and talks"),
        ("talk", "talk_show"),
        ("cafe", "cafe\u{301}"),
        ("G2", "the G20"),
        ("20", "2024 or 120"),
        ("APEC", "在APECX会议上"),
        ("会谈", "会议 谈判"),
        ("élysée", "Elysee"),
    ] {
        let missing = Err(Verdict::WordMissing(word.to_owned()));
        assert_eq!(words(&format!("any = [\"{word}\"]"), text), missing, "{word} in {text}");
    }
}

#[test]
fn any_all_none_and_regex_are_joined() {
    let table =
        "any = ['chip*', 'lithograph*'], all = ['export', 'control*'], none = ['opinion'], regex = ['\\bBIS\\b']";
    let found = |words: &[&str]| Ok(words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
    assert_eq!(words(table, "Export controls on chips"), found(&["Export", "controls", "chips"]));
    assert_eq!(words(table, "Controls on export, says BIS"), found(&["Controls", "export", "BIS"]));
    assert_eq!(words(table, "export controls, says bis"), Err(Verdict::WordMissing("chip*".to_owned())));
    assert_eq!(words(table, "export of chips"), Err(Verdict::WordMissing("control*".to_owned())));
    assert_eq!(words(table, "Opinion: export controls on chips"), Err(Verdict::WordForbidden("opinion".to_owned())));
    assert_eq!(words("regex = ['(?i)tai\\w+']", "TAIWAN strait"), found(&["TAIWAN"]));
    assert_eq!(words("regex = ['zz']", "zx"), Err(Verdict::WordMissing("zz".to_owned())));
}

#[test]
fn words_are_sought_in_the_fields_that_the_rule_names() {
    let judge = |fields: &str| {
        let set = set(&format!("[[rule]]\nid = 'w'\nwords = {{ any = ['chips'], fields = {fields} }}\n"));
        set.judge_item(&article("Chips", "Nothing here")).remove(0).verdict.is_match()
    };
    assert!(judge("['title']"));
    assert!(judge("['summary', 'title']"));
    assert!(!judge("['content']"));
}

#[test]
fn every_refusal_has_its_reason() {
    let refused = |rule: &str| {
        let set = set(&format!("[[rule]]\nid = 'c'\n{rule}\n"));
        let article = article("Blinken will visit Beijing", "");
        set.judge_mention(&mention(), "opened", &article).remove(0).verdict
    };
    let matches = Verdict::Matches { words: vec!["visit".to_owned()] };
    assert_eq!(refused("contact = {}"), matches);
    assert_eq!(refused("contact = { people = ['xi-jinping', 'wang yi'] }"), matches);
    assert_eq!(refused("contact = { places = ['beijing'] }"), matches);
    assert_eq!(refused("contact = { min_confidence = 0.9 }"), matches);
    assert_eq!(refused("contact = {}\nenabled = false"), Verdict::Disabled);
    assert_eq!(refused("words = { any = ['visit'] }"), Verdict::WordsOnly);
    let feed = Some("state".to_owned());
    assert_eq!(refused("contact = {}\nfeeds = ['mfa']"), Verdict::FeedNotWanted { feed });
    let tier = Some(Tier::OfficialUs);
    assert_eq!(refused("contact = {}\ntiers = ['wire']"), Verdict::TierNotWanted { tier });
    let change = "opened".to_owned();
    assert_eq!(refused("contact = { changes = ['date'] }"), Verdict::ChangeNotWanted { change });
    let wanted = [Side::US, Side::new("RU").unwrap()];
    assert_eq!(refused("contact = { between = ['US', 'RU'] }"), Verdict::WrongSides { wanted });
    assert_eq!(refused("contact = { kinds = ['call'] }"), Verdict::KindNotWanted { kind: Kind::Visit });
    let too_low = Verdict::LevelTooLow { is: Level::Minister, wanted: Level::Leader };
    assert_eq!(refused("contact = { min_level = 'leader' }"), too_low);
    let status = Status::Scheduled;
    assert_eq!(refused("contact = { statuses = ['held'] }"), Verdict::StatusNotWanted { status });
    assert_eq!(refused("contact = { novelty = 'background' }"), Verdict::NotBackground);
    let unsure = Verdict::ConfidenceTooLow { is: 0.9, wanted: 0.95 };
    assert_eq!(refused("contact = { min_confidence = 0.95 }"), unsure);
    let wanted = vec!["xi-jinping".to_owned()];
    assert_eq!(refused("contact = { people = ['xi-jinping'] }"), Verdict::PersonMissing { wanted });
    let place = Some("Beijing".to_owned());
    assert_eq!(refused("contact = { places = ['Bei'] }"), Verdict::PlaceNotWanted { place });
    let missing = Verdict::WordMissing("chips".to_owned());
    assert_eq!(refused("contact = {}\nwords = { any = ['chips'] }"), missing);
    let forbidden = Verdict::WordForbidden("Beijing".to_owned());
    assert_eq!(refused("contact = {}\nwords = { all = ['visit'], none = ['Beijing'] }"), forbidden);
    let both = Verdict::Matches { words: vec!["visit".to_owned(), "Beijing".to_owned()] };
    assert_eq!(refused("contact = {}\nwords = { any = ['Beijing'] }"), both);

    let set = set("[[rule]]\nid = 'c'\ncontact = {}\n");
    let recalled = Mention { novelty: Novelty::Background, ..mention() };
    assert_eq!(set.judge_mention(&recalled, "opened", &article("", "")).remove(0).verdict, Verdict::NotNew);
    assert_eq!(set.judge_item(&article("", "")).remove(0).verdict, Verdict::ContactOnly);
    let nowhere = Article { feed: None, tier: None, ..article("", "") };
    let limited = self::set(
        "[[rule]]\nid = 'c'\ncontact = {}\nfeeds = ['mfa']\n[[rule]]\nid = 'd'\ncontact = {}\ntiers = ['wire']",
    );
    let verdicts: Vec<Verdict> =
        limited.judge_mention(&mention(), "opened", &nowhere).into_iter().map(|judgement| judgement.verdict).collect();
    assert_eq!(verdicts, [Verdict::FeedNotWanted { feed: None }, Verdict::TierNotWanted { tier: None }]);
    // What a person reads is a sentence, whatever the reason.
    assert_eq!(too_low.to_string(), "level minister is below leader");
}

#[test]
fn the_built_in_rule_wants_news_of_high_level_contacts() {
    let set = RuleSet::builtin(&[]);
    assert_eq!(set.rules().len(), 1);
    let article = article("Blinken will visit Beijing", "");
    let alerts = |change: Change| set.alerts(&article, &item(), &[change], NOW);
    for kind in [
        ChangeKind::Opened,
        ChangeKind::StatusChanged { from: Status::Proposed, to: Status::Scheduled },
        ChangeKind::Moved { from: None, to: Moment::day(jiff::civil::date(2023, 6, 18)) },
    ] {
        assert_eq!(alerts(change(kind)).len(), 1);
    }
    for quiet in [ChangeKind::Corroborated, ChangeKind::Denied, ChangeKind::Overdue, ChangeKind::OneSided] {
        assert_eq!(alerts(change(quiet)), []);
    }
    assert_eq!(alerts(Change { novelty: Novelty::Background, ..change(ChangeKind::Opened) }), []);
    for (level, number) in [(Level::Official, 0), (Level::ViceMinister, 1), (Level::Leader, 1)] {
        let mut change = change(ChangeKind::Opened);
        change.contact.level = level;
        assert_eq!(alerts(change).len(), number, "{level:?}");
    }
    for status in Status::ALL {
        let mut change = change(ChangeKind::Opened);
        change.contact.status = status;
        assert_eq!(alerts(change).len(), 1, "{status:?}");
    }
    // A contact rule asks for what its file leaves out just as the built-in file writes it.
    let bare = self::set("[[rule]]\nid = 'bare'\ncontact = {}\n");
    assert_eq!(bare.rules()[0].contact, set.rules()[0].contact);
}

#[test]
fn one_change_is_one_alert_however_many_rules_match() {
    let set = set("[[rule]]\nid = 'one'\ncontact = {}\nchannels = ['desk-hook']\n\
        [[rule]]\nid = 'two'\ncontact = { kinds = ['visit'] }\n\
        [[rule]]\nid = 'not'\ncontact = { kinds = ['call'] }\n\
        [[rule]]\nid = 'words'\nwords = { any = ['visit'] }\n\
        [[rule]]\nid = 'more-words'\nwords = { any = ['beijing'] }\n");
    let article = article("Blinken will visit Beijing", "He will visit in June. More follows.");
    let changes = [change(ChangeKind::Opened)];
    let alerts = set.alerts(&article, &item(), &changes, NOW);
    let rules = |alert: &Alert| alert.matched.iter().map(|matched| matched.rule.clone()).collect::<Vec<_>>();
    assert_eq!(alerts.len(), 2);
    assert_eq!(rules(&alerts[0]), ["one", "two"]);
    assert_eq!(alerts[0].matched[0].channels, ["desk-hook"]);
    assert_eq!(alerts[0].matched[1].channels, ["desk-mail", "desk-hook"]);
    assert_eq!(alerts[0].matched[0].words, ["visit"]);
    assert_eq!(alerts[0].id, AlertId::of(&["contact", "contact-1", "1"]));
    assert_eq!(rules(&alerts[1]), ["words", "more-words"]);
    assert_eq!(alerts[1].id, AlertId::of(&["item", "item-1"]));
    assert_eq!(alerts[1].subject, Subject::Item { excerpt: "Blinken will visit Beijing".to_owned() });
    assert_eq!(alerts[1].raised, NOW);
    // The same again gives the same ids: nothing is told twice after a restart.
    assert_eq!(set.alerts(&article, &item(), &changes, NOW), alerts);
}

#[test]
fn a_wanted_corroboration_has_an_id_of_its_own() {
    let set = set("[[rule]]\nid = 'all'\ncontact = { changes = ['opened', 'corroborated', 'overdue'] }\n");
    let article = article("Blinken will visit Beijing", "");
    let id = |kind| set.alerts(&article, &item(), &[change(kind)], NOW)[0].id.clone();
    assert_ne!(id(ChangeKind::Opened), id(ChangeKind::Corroborated));
    assert_ne!(id(ChangeKind::Overdue), id(ChangeKind::Corroborated));
}

#[test]
fn an_excerpt_is_short_and_shows_the_word() {
    let set = set("[[rule]]\nid = 'w'\nwords = { any = ['needle'], fields = ['content'] }\n");
    let long = format!("{} needle {}", "hay ".repeat(500), "straw ".repeat(500));
    for content in [long, "needle ".repeat(300), format!("{}needle", "谈".repeat(3000))] {
        let alerts = set.alerts(&article("", &content), &item(), &[], NOW);
        let Subject::Item { excerpt } = &alerts[0].subject else { panic!("an item is the subject") };
        assert!(excerpt.contains("needle"), "{excerpt}");
        assert!(excerpt.chars().count() <= 300, "{}", excerpt.chars().count());
    }
}

#[test]
fn all_mistakes_of_a_rule_file_are_found_in_one_run() {
    let text = r#"[[rule]]
id = "one"
contact = { kindz = ["visit"], min_level = "vice-ministers", between = ["US", "US"] }
feeds = ["stat"]
channels = ["desk-male"]

[[rule]]
id = "one"
words = { any = ["ok", "", "a*b"], regex = ["(unclosed", "x*", "(a{1000}){1000}"] }

[[rule]]
id = "Bad Id"
contact = { changes = [], statuses = ["hold"], novelty = "old", min_confidence = 1.5 }

[[rule]]
id = "nothing"
channels = []

[[rule]]
id = "none-only"
words = { none = ["x"], fields = ["titel"] }
"#;
    insta::assert_snapshot!(said(text).join("\n"));
}

#[test]
fn a_rule_of_the_users_replaces_no_other_of_the_users() {
    let file = |name: &str| (name.to_owned(), "[[rule]]\nid = 'a'\ncontact = {}\n".to_owned());
    let problems = rules::parse(&[file("one.toml"), file("two.toml")], &known()).unwrap_err();
    let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        ["two.toml:2:6: rule `a` is there twice; the first is at one.toml:2; give one of them another id"]
    );
}
