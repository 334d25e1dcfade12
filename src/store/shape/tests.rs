//! Every record comes back from its JSON as it was; what cannot be read says what and why.

use super::*;
use crate::model::actor::{Level, Side};
use crate::model::alert::Subject;
use crate::model::mention::{Kind, Novelty, Status};
use crate::model::moment::{Grain, Moment};
use crate::store::samples;
use proptest::prelude::*;
use proptest::sample::select;

#[test]
fn every_variant_comes_back() {
    for kind in Kind::ALL {
        let contact = samples::contact("a", kind);
        assert_eq!(contact_from_json("a", &contact_to_json(&contact).unwrap()).unwrap(), contact);
    }
    for status in Status::ALL {
        for novelty in [Novelty::New, Novelty::Background] {
            let contact = Contact { status, novelty, moment: None, planned: None, ..samples::contact("a", Kind::Call) };
            assert_eq!(contact_from_json("a", &contact_to_json(&contact).unwrap()).unwrap(), contact);
        }
    }
    for alert in samples::alerts("a") {
        assert_eq!(alert_from_json("a", &alert_to_json(&alert).unwrap()).unwrap(), alert);
    }
}

#[test]
fn rows_of_an_older_program_are_read() {
    let mut contact = Contact { within: None, ..samples::contact("a", Kind::Visit) };
    for source in &mut contact.sources {
        (source.statements, source.denial, source.reason) = (Vec::new(), false, String::new());
    }
    let json = contact_to_json(&contact).unwrap();
    assert!(!["within", "statements", "denial", "reason"].iter().any(|key| json.contains(key)), "{json}");
    assert_eq!(contact_from_json("a", &json).unwrap(), contact);
}

#[test]
fn a_confidence_that_is_no_number_does_not_spoil_the_record() {
    let mut alert = samples::alerts("a").remove(1);
    if let Subject::Contact { confidence, .. } = &mut alert.subject {
        *confidence = f64::NAN;
    }
    let read = alert_from_json("a", &alert_to_json(&alert).unwrap()).unwrap();
    assert!(matches!(read.subject, Subject::Contact { confidence: 0.0, .. }));
}

#[test]
fn what_cannot_be_read_is_named() {
    let json = contact_to_json(&samples::contact("a", Kind::Visit)).unwrap();
    let broken = [
        (json.replace("\"visit\"", "\"picnic\""), "unknown kind `picnic`"),
        (json.replace("\"CN\"", "\"C\""), "unknown side `C`"),
        (json.replace("\"quote\"", "\"quota\""), "unknown field `quota`"),
        (json.replace("2024-02-29", "2023-02-29"), "`2023-02` is invalid"),
        (String::new(), "EOF"),
    ];
    for (json, why) in broken {
        let error = contact_from_json("c0ffee", &json).unwrap_err();
        assert!(matches!(error, StoreError::Corrupt { .. }));
        let message = error.to_string();
        assert!(message.contains("contact c0ffee cannot be read") && message.contains(why), "{message}");
    }
}

fn moment() -> impl Strategy<Value = Option<Moment>> {
    let day = (-9999_i16..=9999, 1_i8..=12, 1_i8..=28).prop_map(|(y, m, d)| jiff::civil::date(y, m, d));
    let grain = select(vec![Grain::Day, Grain::Week, Grain::Month, Grain::Year]);
    let moment = (day.clone(), day, grain, any::<bool>(), any::<bool>()).prop_map(|(a, b, grain, certain, open)| {
        let moment = Moment::new(a, b, grain);
        let moment = if certain { moment } else { moment.inferred() };
        if open { moment.open_ended() } else { moment }
    });
    proptest::option::of(moment)
}

fn instant() -> impl Strategy<Value = Timestamp> {
    let seconds = Timestamp::MIN.as_second() + 1..Timestamp::MAX.as_second();
    (seconds, 0_i32..1_000_000_000).prop_map(|(seconds, nanos)| Timestamp::new(seconds, nanos).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_contact_comes_back(
        (kind, status, level) in (select(&Kind::ALL), select(&Status::ALL), select(&Level::ALL)),
        (moment, planned) in (moment(), moment()),
        (as_of, published) in (instant(), instant()),
        (name, place, quote) in (any::<Option<String>>(), any::<Option<String>>(), any::<String>()),
        side in "[A-Za-z]{2}",
    ) {
        let mut contact = Contact { kind, status, level, moment, planned, as_of, place, ..samples::contact("a", kind) };
        contact.parties[1].name = name;
        contact.parties[1].side = Side::new(&side).unwrap();
        contact.sources[0].quote = quote;
        contact.sources[0].item.published = published;
        prop_assert_eq!(contact_from_json("a", &contact_to_json(&contact).unwrap()).unwrap(), contact);
    }
}
