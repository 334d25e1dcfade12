//! Rules that ask for a second source, and what an alert's severity and a rule's own subject do to its mail.

use super::{AGAIN, ANNOUNCED, BEGIN, POSTPONED};
use crate::harness::app::{App, PATIENCE};
use crate::harness::origin::{Entry, Origin, rss};
use crate::harness::smtp::Smtp;
use jiff::SignedDuration;
use mail_parser::MessageParser;
use openline::daemon::clock::SteppedClock;
use openline::store::Store;
use std::fmt::Write as _;
use tempfile::TempDir;

/// Three feeds on sites of their own: a blog, an agency and a ministry; one mailbox; the rule given.
fn configuration(origin: &Origin, smtp: &Smtp, rule: &str) -> String {
    let mut text =
        super::configuration(origin, smtp, None, &[]).replacen("sources = []", "sources = []\nrules = []", 1);
    for (id, tier) in [("blog", "blog"), ("agency", "wire"), ("ministry", "official_us")] {
        let url = origin.url(id);
        let _ = write!(text, "[[feed]]\nid = \"{id}\"\nurl = \"{url}\"\ntier = \"{tier}\"\nlanguage = \"en\"\n");
    }
    text + rule
}

/// A feed of items on the site of its name.
fn on_site(name: &str, items: &[Entry<'_>]) -> String {
    rss(name, items).replace("https://news.example/", &format!("https://{name}.example/"))
}

struct Desk {
    origin: Origin,
    smtp: Smtp,
    state: TempDir,
    text: String,
    clock: SteppedClock,
}

impl Desk {
    async fn new(rule: &str) -> Self {
        let (origin, smtp) = (Origin::start().await, Smtp::start().await);
        for name in ["blog", "agency", "ministry"] {
            origin.set(name, on_site(name, &[]));
        }
        let text = configuration(&origin, &smtp, rule);
        let state = TempDir::new().unwrap();
        Self { origin, smtp, state, text, clock: SteppedClock::new(BEGIN.parse().unwrap()) }
    }

    async fn start(&self) -> App {
        App::start(&self.text, self.state.path(), self.clock.clone()).await
    }

    fn subjects(&self) -> Vec<String> {
        let subject = |mail: &crate::harness::smtp::Mail| {
            MessageParser::default().parse(&mail.data).unwrap().subject().unwrap_or_default().to_owned()
        };
        self.smtp.mails().iter().map(subject).collect()
    }

    async fn held(&self) -> usize {
        Store::open_read_only(self.state.path()).await.unwrap().load_unconfirmed().await.unwrap().len()
    }
}

const RULE: &str = "[[rule]]\nid = \"sure\"\ncorroboration = \"wire or official within 6h\"\n[rule.contact]\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rumour_is_held_over_a_restart_and_goes_out_once_when_an_agency_has_it() {
    let desk = Desk::new(RULE).await;
    let mut app = desk.start().await;
    app.first_round(3).await;
    desk.origin.set("blog", on_site("blog", &[ANNOUNCED]));
    assert_eq!(app.round(3).await.alerts, 0, "one source is not enough");
    app.stop().await;
    assert_eq!(desk.held().await, 1);

    let mut app = desk.start().await;
    desk.origin.set("agency", on_site("agency", &[AGAIN]));
    assert_eq!(app.round(3).await.alerts, 1);
    desk.smtp.wait_for(1, PATIENCE).await;
    desk.origin.set("ministry", on_site("ministry", &[Entry { guid: "third", ..AGAIN }]));
    assert_eq!(app.round(3).await.alerts, 0, "a third one tells nothing new");
    app.stop().await;
    assert_eq!(desk.held().await, 0);
    assert_eq!(desk.subjects().len(), 1);
    assert!(desk.subjects()[0].starts_with("[SCHEDULED]"), "{:?}", desk.subjects());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reports_that_lie_too_far_apart_confirm_nothing_until_two_are_near_each_other() {
    let desk = Desk::new(RULE).await;
    let mut app = desk.start().await;
    app.first_round(3).await;
    desk.origin.set("blog", on_site("blog", &[ANNOUNCED]));
    assert_eq!(app.round(3).await.alerts, 0);
    let next_day = Entry { guid: "next", date: "Wed, 18 Jan 2023 08:00:00 GMT", ..AGAIN };
    desk.origin.set("agency", on_site("agency", &[next_day]));
    desk.clock.advance(SignedDuration::from_hours(20));
    assert_eq!(app.round(3).await.alerts, 0, "the rumour is too old to be confirmed by this");
    let official = Entry { guid: "official", date: "Wed, 18 Jan 2023 09:00:00 GMT", ..AGAIN };
    desk.origin.set("ministry", on_site("ministry", &[official]));
    assert_eq!(app.round(3).await.alerts, 1, "and yet the contact is not lost");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_report_releases_nothing_that_waits() {
    let desk = Desk::new(RULE).await;
    let mut app = desk.start().await;
    app.first_round(3).await;
    desk.origin.set("blog", on_site("blog", &[ANNOUNCED]));
    assert_eq!(app.round(3).await.alerts, 0);
    // Two weeks later an agency lists its report of that same day.
    desk.origin.set("agency", on_site("agency", &[AGAIN]));
    desk.clock.advance(SignedDuration::from_hours(24 * 14));
    assert_eq!(app.round(3).await.alerts, 0, "what is confirmed so late is no news");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_move_of_a_confirmed_contact_waits_for_a_second_voice_of_its_own() {
    let desk = Desk::new(RULE).await;
    let mut app = desk.start().await;
    app.first_round(3).await;
    desk.origin.set("blog", on_site("blog", &[ANNOUNCED]));
    desk.origin.set("agency", on_site("agency", &[AGAIN]));
    assert_eq!(app.round(3).await.alerts, 1);
    desk.origin.set("blog", on_site("blog", &[POSTPONED]));
    desk.clock.advance_to("2023-02-03T16:10:00Z".parse().unwrap());
    assert_eq!(app.round(3).await.alerts, 0);
    let same = Entry { guid: "same", date: "Fri, 03 Feb 2023 16:30:00 GMT", ..POSTPONED };
    desk.origin.set("ministry", on_site("ministry", &[same]));
    assert_eq!(app.round(3).await.alerts, 1);
    desk.smtp.wait_for(2, PATIENCE).await;
    app.stop().await;
    assert!(desk.subjects()[1].starts_with("[POSTPONED]"), "{:?}", desk.subjects());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recipient_of_two_rules_is_told_once_at_once_or_confirmed() {
    let desk = Desk::new(&format!("{RULE}[[rule]]\nid = \"quick\"\n[rule.contact]\n")).await;
    let mut app = desk.start().await;
    app.first_round(3).await;
    desk.origin.set("blog", on_site("blog", &[ANNOUNCED]));
    assert_eq!(app.round(3).await.alerts, 1);
    desk.smtp.wait_for(1, PATIENCE).await;
    desk.origin.set("agency", on_site("agency", &[AGAIN]));
    app.round(3).await;
    app.stop().await;
    assert_eq!(desk.subjects().len(), 1, "the desk knows it already");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rule_that_listens_to_a_ministry_hears_it_also_when_an_agency_was_first() {
    let desk = Desk::new("[[rule]]\nid = \"ministry\"\ntiers = [\"official_us\"]\n[rule.contact]\n").await;
    let mut app = desk.start().await;
    app.first_round(3).await;
    desk.origin.set("agency", on_site("agency", &[ANNOUNCED]));
    assert_eq!(app.round(3).await.alerts, 0);
    desk.origin.set("ministry", on_site("ministry", &[AGAIN]));
    assert_eq!(app.round(3).await.alerts, 1);
    let more = Entry { guid: "more", date: "Tue, 17 Jan 2023 13:20:00 GMT", ..AGAIN };
    desk.origin.set("ministry", on_site("ministry", &[more, AGAIN]));
    assert_eq!(app.round(3).await.alerts, 0, "once");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn severity_and_the_rules_own_subject_reach_the_mail() {
    let desk = Desk::new(
        "[[rule]]\nid = \"own\"\nsubject = \"{{ severity | upper }} {{ status }}: {{ headline }}\"\n[rule.contact]\n",
    )
    .await;
    let mut app = desk.start().await;
    app.first_round(3).await;
    desk.origin.set("agency", on_site("agency", &[ANNOUNCED]));
    assert_eq!(app.round(3).await.alerts, 1);
    desk.origin.set("agency", on_site("agency", &[POSTPONED, ANNOUNCED]));
    desk.clock.advance_to("2023-02-03T16:10:00Z".parse().unwrap());
    assert_eq!(app.round(3).await.alerts, 1);
    let mails = desk.smtp.wait_for(2, PATIENCE).await;
    app.stop().await;
    let header = |index: usize, name: &str| {
        let mail = MessageParser::default().parse(&mails[index].data).unwrap();
        mail.header_raw(name).map(|text| text.trim().to_owned())
    };
    assert_eq!(header(0, "X-Openline-Severity").as_deref(), Some("notice"));
    assert_eq!((header(0, "Importance"), header(1, "Importance").as_deref()), (None, Some("high")));
    assert_eq!(header(1, "X-Openline-Severity").as_deref(), Some("critical"), "a minister's visit is off");
    assert!(desk.subjects()[0].starts_with("NOTICE scheduled: "), "{:?}", desk.subjects());
    assert!(desk.subjects()[1].starts_with("CRITICAL postponed: "), "{:?}", desk.subjects());
}
