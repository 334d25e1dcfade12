//! Random streams of alerts, policies, silences, clocks and restarts: each alert ends for each addressee as exactly one of
//! sent, part of one digest, or muted with its reason.

use super::*;
use crate::deliver::Channel;
use crate::deliver::terminal::Terminal;
use crate::ledger::Patience;
use crate::lexicon::Lexicon;
use crate::model::alert::{Matched, Severity, Subject};
use crate::model::article::Language;
use crate::model::contact::ItemRef;
use crate::model::feed::{FeedState, Tier};
use crate::model::ids::{AlertId, FeedId, ItemId};
use crate::model::silence::MutedBy;
use crate::net::client::{Client, Limits};
use crate::net::guard::Guard;
use crate::rules::RuleSet;
use crate::rules::mute::{Inhibition, Matcher, Names, Policies, Policy, Quiet, Rhythm, Tie};
use crate::store::{Intake, Pile};
use jiff::civil::{Weekday, time};
use jiff::tz::TimeZone;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// The channels, each with one recipient of the same name.
const CHANNELS: [&str; 3] = ["one", "two", "three"];

/// Read once: it takes longer than all the rest.
static LEXICON: LazyLock<Arc<Lexicon>> = LazyLock::new(|| Arc::new(Lexicon::embedded()));

/// What happens next.
#[derive(Clone, Debug)]
enum Step {
    /// Articles, each of so many alerts with a severity.
    Articles(Vec<Vec<usize>>),
    /// The same articles again, as after a crash.
    Again,
    /// Minutes pass.
    Wait(i64),
    /// The courier looks.
    Look,
    /// The program ends and begins anew.
    Restart,
    /// A silence of some minutes.
    Silence(usize, i64),
    /// Other policies, and which channels there are.
    Reload([usize; 3], usize),
}

fn step() -> impl Strategy<Value = Step> {
    let article = proptest::collection::vec(0_usize..3, 1..4);
    prop_oneof![
        4 => proptest::collection::vec(article, 1..4).prop_map(Step::Articles),
        1 => Just(Step::Again),
        3 => (1_i64..2_000).prop_map(Step::Wait),
        2 => Just(Step::Look),
        1 => Just(Step::Restart),
        1 => (0_usize..4, 1_i64..3_000).prop_map(|(which, minutes)| Step::Silence(which, minutes)),
        1 => (proptest::array::uniform3(0_usize..7), 2_usize..4).prop_map(|(policies, channels)| Step::Reload(policies, channels)),
    ]
}

fn policy(number: usize) -> Policy {
    let zones = ["America/New_York", "Asia/Shanghai", "Europe/London"];
    let zone = TimeZone::get(zones[number % 3]).unwrap();
    let mut policy = Policy { language: Language::En, ..Policy::at_once(zone) };
    let night = Quiet::new(time(22, 0, 0, 0), time(7, 0, 0, 0));
    match number {
        1 => policy.rhythm = Rhythm::Hourly,
        2 => (policy.rhythm, policy.quiet) = (Rhythm::Daily { at: time(7, 30, 0, 0) }, night),
        3 => {
            policy.rhythm = Rhythm::Weekly { on: Weekday::Sunday, at: time(1, 30, 0, 0) };
            policy.digest_except = Some(Severity::Critical);
        }
        4 => (policy.quiet, policy.break_through) = (night, None),
        5 => policy.max_per_hour = Some(2),
        6 => (policy.quiet, policy.max_per_hour) = (night, Some(1)),
        _ => {}
    }
    policy
}

fn live(policies: [usize; 3], channels: usize) -> Live {
    let names = || CHANNELS.iter().take(channels);
    let quiet = |name: &&str| -> Arc<dyn Channel> { Arc::new(Terminal::new(*name, false, Box::new(|_: &str| Ok(())))) };
    let matchers = |text: &str| vec![Matcher::parse(text).unwrap()];
    Live {
        rules: RuleSet::default(),
        lexicon: Arc::clone(&LEXICON),
        channels: names().map(quiet).collect(),
        policies: names()
            .zip(policies)
            .map(|(name, number)| ((*name).to_owned(), Policies::of_all(policy(number))))
            .collect(),
        usual: policy(0),
        notices: None,
        inhibitions: vec![Inhibition {
            id: "graver".to_owned(),
            source: matchers("severity=critical"),
            target: matchers("severity=info"),
            equal: vec![Tie::Article],
            within: HOUR,
        }],
        client: Client::new(Guard::new(vec![]), "test", Limits::default()).unwrap(),
        pages: Client::new(Guard::new(vec![]), "test", Limits::default()).unwrap(),
        agent: "test".to_owned(),
        max_item_age: SignedDuration::from_hours(24),
        patience: Patience::default(),
        flood: 20,
    }
}

fn alert(name: &str, severity: usize, article: usize, now: Timestamp) -> Alert {
    let item = ItemRef {
        item: ItemId::of(&[&article.to_string()]),
        feed: FeedId::new("wire"),
        feed_title: "The Wire".to_owned(),
        tier: Tier::Wire,
        url: None,
        title: format!("story {article}"),
        published: now,
        seen: now,
    };
    let channels = CHANNELS.map(str::to_owned).to_vec();
    Alert {
        id: AlertId::of(&[name]),
        matched: vec![Matched { rule: "any".to_owned(), words: vec![], channels, subject: None }],
        severity: Severity::ALL[severity],
        subject: Subject::Item { excerpt: String::new() },
        item,
        raised: now,
    }
}

async fn look(store: &Store, live: &Live, now: Timestamp) {
    let hush = Hush::default();
    hush.refresh(store, now).await.unwrap();
    gather(store, live, &hush.get(), now).await.unwrap();
}

async fn write(store: &Store, live: &Live, articles: &[Vec<Alert>], now: Timestamp) {
    let mut recent = Recent::load(store, live, now).await.unwrap();
    let hush = Hush::default();
    hush.refresh(store, now).await.unwrap();
    let polls: Vec<Intake> = articles
        .iter()
        .map(|alerts| {
            let Routed { deliveries, deferred, muted } = recent.route(live, &hush.get(), alerts, now);
            Intake {
                feed: FeedId::new("wire"),
                state: FeedState::default(),
                at: now,
                seen: vec![],
                items: vec![],
                pages: vec![],
                contacts: vec![],
                alerts: alerts.clone(),
                deliveries,
                unconfirmed: vec![],
                deferred,
                muted,
            }
        })
        .collect();
    store.intake(&polls).await.unwrap();
}

/// Walks, and checks at the end what became of every alert.
async fn walk(steps: &[Step]) {
    let folder = tempfile::TempDir::new().unwrap();
    let mut store = Store::open(folder.path()).await.unwrap();
    // Two days before New York's clocks jump.
    let mut now: Timestamp = "2024-03-08T12:00:00Z".parse().unwrap();
    let mut running = live([0, 2, 5], 3);
    let mut expected: BTreeSet<(String, String)> = BTreeSet::new();
    let (mut last, mut count) = (Vec::new(), 0);
    for step in steps {
        match step {
            Step::Articles(articles) => {
                let mut told = Vec::new();
                for severities in articles {
                    count += 1;
                    let name = |number| format!("{count}.{number}");
                    let alerts = severities.iter().enumerate();
                    told.push(alerts.map(|(number, one)| alert(&name(number), *one, count, now)).collect::<Vec<_>>());
                }
                for alert in told.iter().flatten() {
                    let addressees = running.addressees(alert);
                    expected.extend(addressees.iter().map(|to| (alert.id.to_string(), to.recipient.to_owned())));
                }
                write(&store, &running, &told, now).await;
                last = told;
            }
            // Of whom nothing was decided yet, because a reload has named them since, it is decided now.
            Step::Again => {
                for alert in last.iter().flatten() {
                    let addressees = running.addressees(alert);
                    expected.extend(addressees.iter().map(|to| (alert.id.to_string(), to.recipient.to_owned())));
                }
                write(&store, &running, &last, now).await;
            }
            Step::Wait(minutes) => now += SignedDuration::from_mins(*minutes),
            Step::Look => look(&store, &running, now).await,
            Step::Restart => {
                store.close().await;
                drop(store);
                store = Store::open(folder.path()).await.unwrap();
                store.recover(now).await.unwrap();
            }
            Step::Silence(which, minutes) => {
                let matcher =
                    ["severity=info", "recipient=two", "title=~story .*5", "severity!=info"][*which].to_owned();
                let matchers = [matcher, "feed=wire".to_owned()];
                let until = format!("{minutes}m");
                let made = mute::silence(&matchers, &until, "a test", &Names::default(), &TimeZone::UTC, now).unwrap();
                store.add_silence(&made).await.unwrap();
            }
            Step::Reload(policies, channels) => running = live(*policies, *channels),
        }
    }
    // All that waits comes within a week and a night; what is quiet then, in the morning.
    for _ in 0..3 {
        now += SignedDuration::from_hours(24 * 8 + 5);
        look(&store, &running, now).await;
    }
    assert_eq!(store.next_deferred().await.unwrap(), None, "nothing waits for ever");
    let mut fates: Vec<(String, String)> = Vec::new();
    for parcel in store.outbox(Pile::Waiting, u32::MAX).await.unwrap() {
        let delivery = parcel.delivery;
        match &delivery.digest {
            None => fates.push((delivery.alert.to_string(), delivery.recipient.clone())),
            Some(id) => {
                let digest = store.digest(id).await.unwrap().unwrap();
                assert!(!digest.alerts.is_empty() && digest.alerts.len() <= mute::MOST);
                assert_eq!(digest.recipient, delivery.recipient);
                fates.extend(digest.alerts.iter().map(|(alert, _)| (alert.id.to_string(), digest.recipient.clone())));
            }
        }
    }
    for muted in store.muted_since(Timestamp::MIN, u32::MAX).await.unwrap() {
        assert!(!muted.reason.is_empty());
        if let MutedBy::Inhibition { source, .. } = &muted.by {
            assert_ne!(*source, muted.alert);
        }
        fates.push((muted.alert.to_string(), muted.recipient));
    }
    let distinct: BTreeSet<(String, String)> = fates.iter().cloned().collect();
    assert_eq!(distinct.len(), fates.len(), "no alert ends twice for anybody");
    assert_eq!(distinct, expected, "no alert is lost, and none goes to a stranger");
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
}

#[test]
fn a_silenced_alert_does_not_speak_for_others() {
    let now: Timestamp = "2024-03-08T12:00:00Z".parse().unwrap();
    let live = live([0, 2, 0], 3);
    let matchers = ["severity=critical".to_owned()];
    let silence = mute::silence(&matchers, "8h", "a test", &Names::default(), &TimeZone::UTC, now).unwrap();
    let silences = Silences::new(vec![silence]);
    let (grave, small) = (alert("grave", 2, 1, now), alert("small", 0, 1, now));
    assert_eq!((grave.severity, small.severity), (Severity::Critical, Severity::Info));
    let reached = |routed: &Routed| {
        let sent = routed.deliveries.iter().map(|one| (one.alert.clone(), one.recipient.clone()));
        let held = routed.deferred.iter().map(|one| (one.alert.clone(), one.recipient.clone()));
        sent.chain(held).collect::<BTreeSet<_>>()
    };
    let all = |alert: &Alert| CHANNELS.map(|name| (alert.id.clone(), name.to_owned())).into_iter().collect();
    // Both of one poll, and the grave one told of before it was silenced.
    let both = Recent::default().route(&live, &silences, &[grave.clone(), small.clone()], now);
    assert_eq!(reached(&both), all(&small));
    assert!(both.muted.iter().all(|muted| muted.alert == grave.id && matches!(muted.by, MutedBy::Silence(_))));
    let mut recent = Recent::default();
    assert_eq!(reached(&recent.route(&live, &Silences::default(), &[grave], now)).len(), 3);
    assert_eq!(reached(&recent.route(&live, &silences, std::slice::from_ref(&small), now)), all(&small));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_alert_has_exactly_one_fate_for_everybody(steps in proptest::collection::vec(step(), 1..24)) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(walk(&steps));
    }
}
