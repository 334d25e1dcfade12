//! How much a slip of the reader costs: each mention of the stories is spoilt in turn, and the wrong alerts are counted.

use super::{gold, stories};
use crate::story::{Doc, complaints, run_story};
use openline::model::actor::{Party, Side};
use openline::model::mention::{Kind, Mention, Novelty, Status};
use openline::model::moment::{Grain, Moment};

/// Spoils a mention; says whether there was anything to spoil.
type Slip = fn(&mut Mention, &Doc) -> bool;

/// Runs every story once for each of its mentions, that one spoilt; gives how many runs there were and how many ended
/// with wrong or missing alerts.
fn cost(slip: Slip) -> (usize, usize) {
    let (mut tried, mut wrong) = (0, 0);
    let gold = gold();
    for story in &stories() {
        for doc in &story.documents {
            for index in 0..gold[&doc.id].len() {
                let mut spoilt = gold[&doc.id].clone();
                if !slip(&mut spoilt[index], doc) {
                    continue;
                }
                let read = |other: &Doc| if other.id == doc.id { spoilt.clone() } else { gold[&other.id].clone() };
                let complaints = complaints(story, &run_story(story, read));
                tried += 1;
                wrong += usize::from(complaints.iter().any(|complaint| complaint.contains("alert")));
            }
        }
    }
    (tried, wrong)
}

#[test]
fn a_place_left_out_costs_nothing() {
    let (tried, wrong) = cost(|mention, _| mention.place.take().is_some());
    assert!(tried > 80);
    assert_eq!(wrong, 0);
}

/// What remains is a new date that was not read, and is therefore told by the next report.
#[test]
fn a_date_left_out_costs_little() {
    let (tried, wrong) = cost(|mention, _| mention.moment.take().is_some());
    assert!(tried > 100 && wrong <= 4, "{wrong} of {tried}");
}

#[test]
fn a_date_inferred_from_publication_costs_little() {
    let (tried, wrong) = cost(|mention, doc| {
        let day = jiff::tz::TimeZone::UTC.to_datetime(doc.published).date();
        let told = matches!(mention.status, Status::Held | Status::Underway) && mention.novelty == Novelty::New;
        mention.moment = if told { Some(Moment::day(day).inferred()) } else { mention.moment };
        told
    });
    assert!(tried > 50 && wrong <= 1, "{wrong} of {tried}");
}

#[test]
fn a_month_for_a_day_costs_little() {
    let (tried, wrong) = cost(|mention, _| {
        let day = mention.moment.filter(|moment| moment.grain() == Grain::Day);
        mention.moment = day.map(|moment| Moment::month(moment.start())).or(mention.moment);
        day.is_some()
    });
    assert!(tried > 80 && wrong <= 1, "{wrong} of {tried}");
}

#[test]
fn talks_for_a_meeting_and_the_reverse_cost_little() {
    let (tried, wrong) = cost(|mention, _| {
        mention.kind = match mention.kind {
            Kind::Meeting => Kind::Talks,
            Kind::Talks => Kind::Meeting,
            Kind::Visit | Kind::Call => return false,
        };
        true
    });
    assert!(tried > 40 && wrong <= 1, "{wrong} of {tried}");
}

/// A meeting whose host is not named is taken for the known one of that day.
#[test]
fn an_unnamed_side_costs_little() {
    let (tried, wrong) = cost(|mention, _| {
        mention.parties.retain(|party| party.side == Side::US);
        mention.parties.push(Party::side_only(Side::CN));
        mention.kind != Kind::Visit
    });
    assert!(tried > 80 && wrong <= 2, "{wrong} of {tried}");
}

#[test]
fn history_read_as_news_costs_only_what_the_ledger_never_knew() {
    let (tried, wrong) = cost(|mention, _| {
        let recalled = mention.novelty == Novelty::Background;
        mention.novelty = Novelty::New;
        recalled
    });
    assert!(tried > 25 && wrong <= 3, "{wrong} of {tried}");
}
