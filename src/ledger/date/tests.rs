//! What a told date does to a known one, case by case.

use super::*;
use jiff::civil::date;

fn days(from: i8, to: i8) -> Moment {
    Moment::new(date(2023, 6, from), date(2023, 6, to), Grain::Day)
}

fn told(status: Status, moment: Moment) -> Told {
    Told { moment: Some(moment), status, novelty: Novelty::New, published: Timestamp::UNIX_EPOCH }
}

#[test]
fn a_told_date_refines_shifts_or_says_nothing() {
    use Status::{Held, Scheduled, Underway};
    let june = Moment::month(date(2023, 6, 1));
    let july = Moment::month(date(2023, 7, 1));
    let week = Moment::new(date(2023, 6, 12), date(2023, 6, 18), Grain::Week);
    let open = days(18, 18).open_ended();
    let cases = [
        // A finer date within a coarse one, and outside it.
        (Scheduled, Scheduled, june, days(18, 19), Effect::Refines(days(18, 19))),
        (Scheduled, Scheduled, june, week, Effect::Refines(week)),
        (Scheduled, Scheduled, july, days(18, 19), Effect::Shifts(days(18, 19))),
        (Scheduled, Scheduled, week, days(18, 18), Effect::Refines(days(18, 18))),
        // A coarser date says nothing, unless it is elsewhere.
        (Scheduled, Scheduled, days(18, 19), june, Effect::Nothing),
        (Scheduled, Scheduled, days(18, 19), july, Effect::Shifts(july)),
        (Held, Held, days(18, 19), july, Effect::Nothing),
        // One day of several; the days on which a longer plan was carried out.
        (Scheduled, Underway, days(18, 19), days(19, 19), Effect::Nothing),
        (Scheduled, Held, days(18, 20), days(18, 19), Effect::Refines(days(18, 19))),
        (Scheduled, Held, days(18, 20), days(20, 20), Effect::Nothing),
        // A longer stay: the end of a date known by its first day, and a plan that is prolonged.
        (Scheduled, Scheduled, days(18, 18), days(18, 19), Effect::Refines(days(18, 19))),
        (Scheduled, Scheduled, open, days(18, 19), Effect::Refines(days(18, 19))),
        (Underway, Underway, days(18, 19), days(18, 20), Effect::Shifts(days(18, 20))),
        (Underway, Held, days(18, 19), days(18, 20), Effect::Refines(days(18, 20))),
        // Neighbouring days: zones, save for a stay that goes on.
        (Held, Held, days(18, 18), days(19, 19), Effect::Nothing),
        (Scheduled, Scheduled, days(18, 19), days(19, 20), Effect::Nothing),
        (Underway, Underway, days(18, 19), days(20, 20), Effect::Shifts(days(18, 20))),
        (Underway, Underway, days(18, 18), days(19, 19), Effect::Refines(days(18, 19))),
        // Other days.
        (Scheduled, Scheduled, days(18, 19), days(25, 26), Effect::Shifts(days(25, 26))),
        (Held, Held, days(18, 19), days(19, 25), Effect::Nothing),
        // What was inferred gives way, and never overrides.
        (Held, Held, days(20, 20).inferred(), days(19, 19), Effect::Refines(days(19, 19))),
        (Scheduled, Held, days(18, 18), days(20, 20).inferred(), Effect::Nothing),
    ];
    for (before, status, known, moment, expected) in cases {
        let effect = effect(Kind::Visit, before, &told(status, moment), Some(known));
        assert_eq!(effect, expected, "{before:?} {known:?}, then {status:?} {moment:?}");
    }
    assert_eq!(effect(Kind::Call, Scheduled, &told(Scheduled, june), None), Effect::Refines(june));
    let silent = Told { moment: None, ..told(Scheduled, june) };
    assert_eq!(effect(Kind::Call, Scheduled, &silent, Some(june)), Effect::Nothing);
    // A call does not go on the next day.
    assert_eq!(effect(Kind::Call, Underway, &told(Underway, days(19, 19)), Some(days(18, 18))), Effect::Nothing);
}

#[test]
fn a_plan_whose_day_has_passed_is_recalled_and_what_happened_then_may_be_news() {
    let published: Timestamp = "2023-06-25T10:00:00Z".parse().unwrap_or_default();
    let at = |status, moment| Told { published, ..told(status, moment) };
    assert!(at(Status::Postponed, days(18, 19)).is_rehash());
    assert!(!at(Status::Postponed, days(21, 21)).is_rehash());
    assert!(!at(Status::Held, days(18, 19)).is_rehash());
    assert!(at(Status::Held, days(18, 19)).is_past());
    assert!(!at(Status::Underway, days(17, 17).open_ended()).is_rehash());
    assert!(Told { novelty: Novelty::Background, ..at(Status::Held, days(24, 24)) }.is_rehash());
}

#[test]
fn every_status_has_a_window_and_a_postponement_the_longest() {
    for status in Status::ALL {
        assert!((1..=window(Status::Postponed)).contains(&window(status)), "{status:?}");
    }
}
