//! Clocks of real zones, matchers, inhibitions and the order of decisions.

use super::*;
use crate::model::actor::{Level, Party, Side};
use crate::model::alert::{Matched, Severity};
use crate::model::change::ChangeKind;
use crate::model::contact::{Contact, ItemRef};
use crate::model::digest::Deferred;
use crate::model::feed::Tier;
use crate::model::ids::{AlertId, ContactId, DeliveryId, FeedId, ItemId, SilenceId};
use crate::model::mention::{Evidence, Kind, Novelty, Status};
use crate::model::silence::Silence;
use crate::model::span::{Field, Span};
use jiff::civil::{Weekday, time};
use jiff::tz::TimeZone;

const TO: Addressee<'_> = Addressee { channel: "mail", recipient: "desk@example.org" };

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn policy(zone: &str) -> Policy {
    Policy::at_once(TimeZone::get(zone).unwrap())
}

/// The next digests after a time, in UTC.
#[track_caller]
fn next(policy: &Policy, after: &str, wanted: &[&str]) {
    let mut now = at(after);
    for wanted in wanted {
        now = policy.next_digest(now).unwrap();
        assert_eq!(now, at(wanted), "after {after}");
    }
}

/// An alert about a contact of a kind, told by an article.
fn alert(name: &str, kind: Kind, severity: Severity, item: &str) -> Alert {
    let item = ItemRef {
        item: ItemId::of(&[item]),
        feed: FeedId::new("wire"),
        feed_title: "The Wire".to_owned(),
        tier: Tier::Wire,
        url: None,
        title: format!("Report of {name}"),
        published: at("2024-01-10T12:00:00Z"),
        seen: at("2024-01-10T12:00:00Z"),
    };
    let span = Span { field: Field::Title, start: 0, end: 4 };
    let person = Party {
        side: Side::CN,
        person: Some("wang-yi".to_owned()),
        name: Some("Wang Yi".to_owned()),
        office: None,
        level: Some(Level::Minister),
    };
    let contact = Contact {
        id: ContactId::of(&[name]),
        kind,
        status: Status::Scheduled,
        novelty: Novelty::New,
        level: Level::Minister,
        parties: vec![Party::side_only(Side::US), person],
        moment: None,
        planned: None,
        place: Some("Vienna".to_owned()),
        as_of: item.published,
        first_reported: item.published,
        history: vec![],
        sources: vec![],
        within: None,
    };
    Alert {
        id: AlertId::of(&[name]),
        matched: vec![Matched {
            rule: "any".to_owned(),
            words: vec![],
            channels: vec!["mail".to_owned()],
            subject: None,
        }],
        severity,
        subject: Subject::Contact {
            change: ChangeKind::Opened,
            contact: Box::new(contact),
            evidence: Evidence { sentence: "They will meet.".to_owned(), span, fired: vec![], on_page: false },
            confidence: 1.0,
        },
        raised: item.seen,
        item,
    }
}

#[test]
fn a_daily_digest_keeps_its_wall_clock_over_the_jumps_of_new_york() {
    let mut policy = policy("America/New_York");
    policy.rhythm = Rhythm::Daily { at: time(7, 30, 0, 0) };
    next(&policy, "2024-03-09T12:29:59Z", &["2024-03-09T12:30:00Z", "2024-03-10T11:30:00Z", "2024-03-11T11:30:00Z"]);
    next(&policy, "2024-11-02T11:30:00Z", &["2024-11-03T12:30:00Z", "2024-11-04T12:30:00Z"]);
    // 02:30 does not exist on 10 March: it comes an hour later, once.
    policy.rhythm = Rhythm::Daily { at: time(2, 30, 0, 0) };
    next(&policy, "2024-03-09T08:00:00Z", &["2024-03-10T07:30:00Z", "2024-03-11T06:30:00Z"]);
    // 01:30 comes twice on 3 November: the digest comes at the first, once.
    policy.rhythm = Rhythm::Daily { at: time(1, 30, 0, 0) };
    next(&policy, "2024-11-02T06:00:00Z", &["2024-11-03T05:30:00Z", "2024-11-04T06:30:00Z"]);
    next(&policy, "2024-11-03T05:45:00Z", &["2024-11-04T06:30:00Z"]);
}

#[test]
fn a_weekly_digest_keeps_its_day_in_london_and_shanghai() {
    let mut london = policy("Europe/London");
    london.rhythm = Rhythm::Weekly { on: Weekday::Sunday, at: time(1, 30, 0, 0) };
    // 31 March 2024 has no 01:30 in London; 27 October has it twice.
    next(&london, "2024-03-25T00:00:00Z", &["2024-03-31T01:30:00Z", "2024-04-07T00:30:00Z"]);
    next(&london, "2024-10-21T00:00:00Z", &["2024-10-27T00:30:00Z", "2024-11-03T01:30:00Z"]);
    let mut shanghai = policy("Asia/Shanghai");
    shanghai.rhythm = Rhythm::Weekly { on: Weekday::Monday, at: time(0, 0, 0, 0) };
    next(&shanghai, "2024-03-10T15:59:59Z", &["2024-03-10T16:00:00Z", "2024-03-17T16:00:00Z"]);
}

#[test]
fn an_hourly_digest_comes_at_full_hours_of_the_wall_clock() {
    let mut delhi = policy("Asia/Kolkata");
    delhi.rhythm = Rhythm::Hourly;
    next(&delhi, "2024-05-01T10:00:00.5Z", &["2024-05-01T10:30:00Z", "2024-05-01T11:30:00Z"]);
    delhi.quiet = Quiet::new(time(22, 0, 0, 0), time(7, 15, 0, 0));
    // 22:00 in Delhi is quiet: the next comes when the quiet ends.
    next(&delhi, "2024-05-01T15:30:00Z", &["2024-05-02T01:45:00Z", "2024-05-02T02:30:00Z"]);
}

#[test]
fn quiet_hours_cross_midnight_and_the_jumps() {
    let mut policy = policy("America/New_York");
    policy.quiet = Quiet::new(time(22, 0, 0, 0), time(7, 0, 0, 0));
    let until = |now| policy.quiet_until(at(now));
    assert_eq!(until("2024-01-11T02:59:59Z"), None, "21:59:59");
    assert_eq!(until("2024-01-11T03:00:00Z"), Some(at("2024-01-11T12:00:00Z")), "22:00");
    assert_eq!(until("2024-01-11T11:59:59Z"), Some(at("2024-01-11T12:00:00Z")));
    assert_eq!(until("2024-01-11T12:00:00Z"), None, "07:00");
    assert_eq!(until("2024-03-10T04:00:00Z"), Some(at("2024-03-10T11:00:00Z")), "a short night");
    assert_eq!(until("2024-11-03T04:00:00Z"), Some(at("2024-11-03T12:00:00Z")), "a long night");
    // An end in the hour that comes twice is the second; an edge in the jump is the jump.
    policy.quiet = Quiet::new(time(0, 30, 0, 0), time(1, 30, 0, 0));
    assert_eq!(policy.quiet_until(at("2024-11-03T05:45:00Z")), Some(at("2024-11-03T06:30:00Z")));
    policy.quiet = Quiet::new(time(1, 0, 0, 0), time(2, 30, 0, 0));
    assert_eq!(policy.quiet_until(at("2024-03-10T06:30:00Z")), Some(at("2024-03-10T07:00:00Z")));
    assert_eq!(policy.quiet_until(at("2024-03-10T07:10:00Z")), None, "03:10, after the jump");
    policy.quiet = Quiet::new(time(2, 10, 0, 0), time(2, 50, 0, 0));
    assert_eq!(policy.quiet_until(at("2024-03-10T07:00:00Z")), None, "a quiet that the clocks jump over");
    assert_eq!(Quiet::new(time(7, 0, 0, 0), time(7, 0, 0, 0)), None);
}

#[test]
fn decisions_come_in_their_order() {
    let now = at("2024-01-11T03:30:00Z");
    let (notice, critical) =
        (alert("a", Kind::Call, Severity::Notice, "x"), alert("b", Kind::Call, Severity::Critical, "x"));
    let mut policy = policy("America/New_York");
    let quiet_end = at("2024-01-11T12:00:00Z");
    let silences = Silences::default();
    let judge = |policy: &Policy, alert: &Alert, sent: &[Timestamp]| {
        Desk { to: TO, policy, silences: &silences, sent }.judge(alert, None, now)
    };
    assert_eq!(judge(&policy, &notice, &[]), Verdict::Send);
    policy.quiet = Quiet::new(time(22, 0, 0, 0), time(7, 0, 0, 0));
    let held = |until, why| Verdict::Hold { until, why };
    assert_eq!(judge(&policy, &notice, &[]), held(quiet_end, HeldBy::Quiet));
    assert_eq!(judge(&policy, &critical, &[]), Verdict::Send);
    policy.break_through = None;
    assert_eq!(judge(&policy, &critical, &[]), held(quiet_end, HeldBy::Quiet));
    policy.rhythm = Rhythm::Daily { at: time(9, 0, 0, 0) };
    assert_eq!(judge(&policy, &critical, &[]), held(at("2024-01-11T14:00:00Z"), HeldBy::Digest));
    policy.digest_except = Some(Severity::Critical);
    assert_eq!(judge(&policy, &critical, &[]), held(quiet_end, HeldBy::Quiet));
    // The cap, and where it frees within the quiet hours.
    let mut policy = self::policy("America/New_York");
    policy.max_per_hour = Some(2);
    let ago = |minutes| now - SignedDuration::from_mins(minutes);
    assert_eq!(judge(&policy, &notice, &[ago(60), ago(5)]), Verdict::Send);
    assert_eq!(judge(&policy, &notice, &[ago(5), ago(40)]), held(now + SignedDuration::from_mins(20), HeldBy::Cap));
    assert_eq!(
        judge(&policy, &notice, &[ago(5), ago(40), ago(50)]),
        held(now + SignedDuration::from_mins(20), HeldBy::Cap)
    );
    assert_eq!(judge(&policy, &critical, &[ago(5), ago(40)]), Verdict::Send);
    assert_eq!(judge(&policy, &notice, &[ago(-5), ago(40)]), Verdict::Send, "a clock set back holds nobody up");
    policy.quiet = Quiet::new(time(22, 40, 0, 0), time(7, 0, 0, 0));
    assert_eq!(judge(&policy, &notice, &[ago(5), ago(40)]), held(quiet_end, HeldBy::Cap));
}

#[test]
fn a_critical_alert_comes_with_the_next_digest_though_it_is_quiet() {
    let mut policy = policy("UTC");
    policy.rhythm = Rhythm::Hourly;
    policy.quiet = Quiet::new(time(22, 0, 0, 0), time(7, 0, 0, 0));
    let silences = Silences::default();
    let until = |severity| {
        let alert = alert("a", Kind::Meeting, severity, "x");
        Desk { to: TO, policy: &policy, silences: &silences, sent: &[] }.judge(&alert, None, at("2024-05-01T23:10:00Z"))
    };
    let hold = |end| Verdict::Hold { until: at(end), why: HeldBy::Digest };
    assert_eq!(until(Severity::Critical), hold("2024-05-02T00:00:00Z"));
    assert_eq!(until(Severity::Notice), hold("2024-05-02T07:00:00Z"));
}

#[test]
fn a_silence_mutes_until_its_end_and_says_why() {
    let (now, zone) = (at("2024-01-10T12:00:00Z"), TimeZone::get("Asia/Shanghai").unwrap());
    let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let made =
        silence(&texts(&["people = Wang", "kind=call|visit"]), "8h", " trip\ncovered ", &Names::default(), &zone, now)
            .unwrap();
    assert_eq!((made.until, made.reason.as_str()), (at("2024-01-10T20:00:00Z"), "trip covered"));
    let silences = Silences::new(vec![made.clone()]);
    let call = alert("a", Kind::Call, Severity::Critical, "x");
    let muting = |alert: &Alert, now| silences.muting(alert, TO, now).map(|silence| silence.id.clone());
    assert_eq!(muting(&call, now), Some(made.id.clone()));
    assert_eq!(muting(&alert("a", Kind::Meeting, Severity::Info, "x"), now), None);
    assert_eq!(muting(&call, made.until), None, "its end is the first instant without it");
    let verdict = Desk { to: TO, policy: &policy("UTC"), silences: &silences, sent: &[] }.judge(&call, None, now);
    assert_eq!(verdict, Verdict::Mute { by: MutedBy::Silence(made.id), reason: "trip covered".to_owned() });
    for (until, wanted) in [
        ("2024-01-11", "2024-01-10T16:00:00Z"),
        ("2024-01-11T08:00", "2024-01-11T00:00:00Z"),
        ("2024-01-11T08:00:00-05:00", "2024-01-11T13:00:00Z"),
        ("1d12h", "2024-01-12T00:00:00Z"),
    ] {
        assert_eq!(
            silence(&texts(&["kind=call"]), until, "r", &Names::default(), &zone, now).unwrap().until,
            at(wanted),
            "{until}"
        );
    }
}

#[test]
fn an_impossible_silence_is_refused_with_all_that_is_wrong() {
    let (now, zone) = (at("2024-01-10T12:00:00Z"), TimeZone::UTC);
    let said = |matchers: &[&str], until: &str, reason: &str| {
        let matchers: Vec<String> = matchers.iter().map(|text| (*text).to_owned()).collect();
        let found = silence(&matchers, until, reason, &Names::default(), &zone, now).unwrap_err();
        found.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let cases: [(&[&str], &str, &str, &str); 12] = [
        (&["poeple=x"], "1h", "r", "did you mean `people`?"),
        (&["kind=cal"], "1h", "r", "did you mean `call`?"),
        (&["kind"], "1h", "r", "no matcher"),
        (&["kind!call"], "1h", "r", "no matcher"),
        (&["people="], "1h", "r", "compared with nothing"),
        (&["people=a||b"], "1h", "r", "a word is empty"),
        (&["title=~("], "1h", "r", "regular expression"),
        (&["contact=123"], "1h", "r", "no contact's id"),
        (&["kind!=call"], "1h", "r", "demand nothing"),
        (&["kind=call"], "2024-01-10T11:00:00Z", "r", "over already"),
        (&["kind=call"], "2024-02-30", "r", "no end of a silence"),
        (&["kind=call"], "5000d", "r", "over a year"),
    ];
    for (matchers, until, reason, wanted) in cases {
        let found = said(matchers, until, reason);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains(wanted), "{found:?}");
    }
    assert_eq!(said(&["kind"], "soon", " ").len(), 3);
    assert_eq!(said(&[], "0s", "r").len(), 2);
}

#[test]
fn matchers_look_at_every_field() {
    let alert = alert("a", Kind::Talks, Severity::Notice, "x");
    let id: String = ContactId::of(&["a"]).as_str().chars().take(12).collect();
    let contact = format!("contact={id}");
    let fits = [
        contact.as_str(),
        "kind=talks",
        "status=scheduled|held",
        "change=opened",
        "level=minister",
        "severity=notice",
        "people=wang-yi",
        "people=WANG YI",
        "people=yi",
        "place=vienna",
        "place=~^vi",
        "rule=any",
        "feed=wire",
        "tier=wire",
        "title=~report OF",
        "channel=mail",
        "recipient=desk@example.org",
        "place!=Geneva",
        "title!~zebra",
    ];
    for text in fits {
        assert!(Matcher::parse(text).unwrap().matches(&alert, TO), "{text}");
    }
    for text in
        ["kind=call", "people=wang xi", "place!=vienna", "severity=critical", "contact=00000000", "title!~report"]
    {
        assert!(!Matcher::parse(text).unwrap().matches(&alert, TO), "{text}");
    }
}

#[test]
fn one_alert_speaks_for_another_and_never_both() {
    let matchers = |texts: &[&str]| texts.iter().map(|text| Matcher::parse(text).unwrap()).collect::<Vec<_>>();
    let rule = |source: &[&str], target: &[&str], equal: &[Tie], within| Inhibition {
        id: "r".to_owned(),
        source: matchers(source),
        target: matchers(target),
        equal: equal.to_vec(),
        within,
    };
    let visit = alert("visit", Kind::Visit, Severity::Notice, "x");
    let mut inner = alert("inner", Kind::Meeting, Severity::Notice, "x");
    let other = alert("other", Kind::Meeting, Severity::Notice, "x");
    if let Subject::Contact { contact, .. } = &mut inner.subject {
        contact.within = Some(ContactId::of(&["visit"]));
    }
    let default = [rule(&["kind=visit"], &["kind=meeting"], &[Tie::Article, Tie::Visit], SignedDuration::ZERO)];
    let muted = |rules: &[Inhibition], alerts: &[&Alert], told: &[&Alert]| {
        spoken_for(rules, alerts, told, TO).iter().map(Option::is_some).collect::<Vec<_>>()
    };
    assert_eq!(muted(&default, &[&inner, &visit, &other], &[]), [true, false, false]);
    let graver = Alert { severity: Severity::Critical, ..inner.clone() };
    assert_eq!(muted(&default, &[&graver, &visit], &[]), [false, false], "an alert yields to none that matters less");
    assert_eq!(muted(&default, &[&inner], &[&visit]), [true], "told in an article of the same instant");
    let mut later = alert("inner", Kind::Meeting, Severity::Notice, "y");
    later.subject = inner.subject.clone();
    later.raised = visit.raised + SignedDuration::from_mins(30);
    assert_eq!(muted(&default, &[&later], &[&visit]), [false], "another article");
    let hour = [rule(&["kind=visit"], &["kind=meeting"], &[Tie::Visit, Tie::People, Tie::Place], HOUR)];
    assert_eq!(muted(&hour, &[&later], &[&visit]), [true]);
    later.raised = visit.raised + SignedDuration::from_mins(61);
    assert_eq!(muted(&hour, &[&later], &[&visit]), [false]);
    let all = [rule(&["tier=wire"], &["tier=wire"], &[Tie::Article], HOUR)];
    assert_eq!(muted(&all, &[&visit, &other], &[]), [false, false], "two that speak for each other are both sent");
}

#[test]
fn what_waited_becomes_one_digest_an_addressee_or_waits_on() {
    let now = at("2024-01-11T12:00:00Z");
    let held = |alert: &Alert, recipient: &str, why| Deferred {
        delivery: DeliveryId::of(&[alert.id.as_str(), recipient]),
        alert: alert.id.clone(),
        channel: "mail".to_owned(),
        recipient: recipient.to_owned(),
        why,
        due: now,
        since: now,
    };
    let (a, b) = (alert("a", Kind::Call, Severity::Notice, "x"), alert("b", Kind::Visit, Severity::Info, "x"));
    let mut quiet = policy("America/New_York");
    quiet.quiet = Quiet::new(time(22, 0, 0, 0), time(8, 0, 0, 0));
    let (calm, loud) = (quiet, policy("UTC"));
    let find = |to: Addressee<'_>| match to.recipient {
        "calm" => Some(&calm),
        "gone" => None,
        _ => Some(&loud),
    };
    let silence = Silence {
        id: SilenceId::of(&["s"]),
        matchers: vec!["kind=visit".to_owned(), "recipient=two".to_owned()],
        reason: "enough".to_owned(),
        created: now,
        until: now + HOUR,
    };
    let waiting = vec![
        (held(&b, "one", HeldBy::Digest), b.clone()),
        (held(&a, "one", HeldBy::Cap), a.clone()),
        (held(&a, "two", HeldBy::Digest), a.clone()),
        (held(&b, "two", HeldBy::Digest), b.clone()),
        (held(&a, "calm", HeldBy::Quiet), a.clone()),
        (held(&a, "gone", HeldBy::Quiet), a.clone()),
    ];
    let gathered = gather(waiting, find, &Silences::new(vec![silence]), now);
    let digests: Vec<_> =
        gathered.digests.iter().map(|digest| (digest.recipient.as_str(), digest.alerts.len())).collect();
    assert_eq!(digests, [("one", 2), ("two", 1)]);
    let muted: Vec<_> = gathered.muted.iter().map(|muted| (muted.recipient.as_str(), muted.by.name())).collect();
    assert_eq!(muted, [("two", "silence"), ("gone", "removed")]);
    let put_off: Vec<_> = gathered.put_off.iter().map(|(held, due)| (held.recipient.as_str(), *due)).collect();
    assert_eq!(put_off, [("calm", at("2024-01-11T13:00:00Z"))]);
    let many: Vec<_> = (0..MOST + 1)
        .map(|number| {
            let one = alert(&number.to_string(), Kind::Call, Severity::Info, "x");
            (held(&one, "one", HeldBy::Digest), one)
        })
        .collect();
    let gathered = gather(many, find, &Silences::default(), now);
    assert_eq!(gathered.digests.iter().map(|digest| digest.alerts.len()).collect::<Vec<_>>(), [MOST, 1]);
    assert_ne!(gathered.digests[0].id, gathered.digests[1].id);
}
