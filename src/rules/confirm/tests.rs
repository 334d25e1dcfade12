//! Which reports confirm each other: other feeds, other sites, wanted tiers, near in time, in whatever order.

use super::*;
use crate::model::actor::{Level, Side};
use crate::model::change::ChangeKind;
use crate::model::contact::{Source, Transition};
use crate::model::ids::{ContactId, FeedId, ItemId};
use crate::model::mention::{Kind, Status};

fn at(hours: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours)
}

/// A report of a feed at an hour, on the site of the feed's name unless another is given.
fn report(feed: &str, site: &str, tier: Tier, hours: i64, status: Status) -> Source {
    Source {
        item: ItemRef {
            item: ItemId::of(&[feed, &hours.to_string()]),
            feed: FeedId::new(feed),
            feed_title: feed.to_owned(),
            tier,
            url: Some(format!("https://www.{site}/x?y")),
            title: String::new(),
            published: at(hours),
            seen: at(hours),
        },
        status,
        novelty: Novelty::New,
        quote: String::new(),
        statements: Vec::new(),
        denial: false,
        reason: String::new(),
    }
}

fn contact(sources: Vec<Source>) -> Contact {
    let last = sources.iter().map(|source| source.item.published).max().unwrap_or_default();
    let change = ChangeKind::Moved { from: None, to: crate::model::moment::Moment::day(jiff::civil::date(2023, 1, 1)) };
    Contact {
        id: ContactId::new("c"),
        kind: Kind::Visit,
        status: Status::Postponed,
        novelty: Novelty::New,
        level: Level::Minister,
        parties: vec![crate::model::actor::Party::side_only(Side::US)],
        moment: None,
        planned: None,
        place: None,
        within: None,
        as_of: last,
        first_reported: last,
        history: vec![Transition { number: 1, change, status: Status::Postponed, moment: None, at: at(1), item: None }],
        sources,
    }
}

fn need(sources: usize, tiers: &[Tier]) -> Confirmation {
    Confirmation { sources, tiers: tiers.to_vec(), within: SignedDuration::from_hours(6) }
}

#[test]
fn sources_are_other_feeds_of_other_sites() {
    let one = report("a", "a.example", Tier::Press, 0, Status::Postponed);
    let holds = |second: Source| need(2, &[]).holds(&contact(vec![one.clone(), second]), Says::Something, at(1));
    assert!(holds(report("b", "b.example", Tier::Press, 1, Status::Postponed)));
    assert!(!holds(report("a", "a.example", Tier::Press, 1, Status::Postponed)), "the same feed");
    assert!(
        !holds(report("a-world", "a.example", Tier::Press, 1, Status::Postponed)),
        "another feed of the same paper"
    );
    assert!(!holds(report("b", "b.example", Tier::Press, 7, Status::Postponed)), "too far apart");
    let background = Source { novelty: Novelty::Background, ..report("b", "b.example", Tier::Press, 1, Status::Held) };
    assert!(!holds(background), "history");
    let denial = Source { denial: true, ..report("b", "b.example", Tier::Press, 1, Status::Postponed) };
    assert!(!holds(denial), "who denies it");
}

#[test]
fn the_tier_is_asked_of_the_others_than_the_first_by_publication() {
    let (blog, wire) = (Tier::Blog, Tier::Wire);
    let reports = |first, second| {
        vec![
            report("b", "b.example", second, 1, Status::Postponed),
            report("a", "a.example", first, 0, Status::Postponed),
        ]
    };
    let holds = |sources| need(2, &[wire]).holds(&contact(sources), Says::Something, at(1));
    assert!(holds(reports(blog, wire)) && holds(reports(wire, wire)));
    assert!(!holds(reports(wire, blog)), "a blog that repeats an agency confirms nothing");
    let mut three = reports(wire, blog);
    assert!(!need(3, &[]).holds(&contact(three.clone()), Says::Something, at(1)));
    three.push(report("c", "c.example", wire, 2, Status::Postponed));
    assert!(holds(three.clone()));
    assert!(need(3, &[]).holds(&contact(three), Says::Something, at(1)));
}

#[test]
fn a_move_is_confirmed_by_those_who_tell_of_it() {
    let sources = vec![
        report("a", "a.example", Tier::Wire, 1, Status::Postponed),
        report("b", "b.example", Tier::Wire, 0, Status::Scheduled),
    ];
    let holds = |says| need(2, &[]).holds(&contact(sources.clone()), says, at(1));
    assert!(holds(Says::of("opened")), "of a new contact any report will do");
    assert!(!holds(Says::of("status")), "who still says that it is on does not confirm that it is off");
    assert!(!holds(Says::of("date")), "nor does an earlier report confirm a new date");
    let mut later = sources.clone();
    later.push(report("c", "c.example", Tier::Wire, 2, Status::Postponed));
    for says in ["status", "date", "level"] {
        assert!(need(2, &[]).holds(&contact(later.clone()), Says::of(says), at(2)), "{says}");
    }
}

#[test]
fn hosts_are_compared_without_what_does_not_matter() {
    assert_eq!(site("https://www.a.example/x"), Some("a.example"));
    assert_eq!(site("http://user@a.example:80?x"), Some("a.example"));
    assert_eq!((site("a.example"), site("https://")), (None, None));
}
