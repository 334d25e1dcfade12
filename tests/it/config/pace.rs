//! How feeds' intervals, priorities and groups of hosts are set, and what can be wrong with them.

use super::{said, texts};
use jiff::SignedDuration;
use openline::config::{self, Interval};
use openline::model::feed::FeedSpec;
use openline::model::pace::{Bounds, Priority};

fn feeds(text: &str) -> Vec<FeedSpec> {
    config::parse(&texts(&format!("sources = []\n{text}"))).unwrap_or_else(|found| panic!("{found:#?}")).feeds
}

fn feed(id: &str, tier: &str, more: &str) -> String {
    format!("[[feed]]\nid = '{id}'\nurl = 'https://{id}.example.org/rss'\ntier = '{tier}'\n{more}\n")
}

fn mins(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

#[test]
fn a_feed_follows_its_rhythm_unless_a_person_says_how_often() {
    let text = feed("a", "press", "") + &feed("b", "official_us", "") + &feed("c", "press", "interval = '7d'");
    let found = feeds(&text);
    let usual = Bounds { min: mins(2), max: mins(30), heed: mins(15) };
    assert_eq!(found[0].pace.adaptive, Some(usual));
    assert_eq!(
        found[1].pace.adaptive,
        Some(Bounds { max: mins(10), ..usual }),
        "official feeds are never asked seldom"
    );
    assert_eq!((found[2].pace.adaptive, found[2].interval), (None, mins(7 * 24 * 60)));

    let found = feeds(&("[poll]\ninterval = '5m'\n".to_owned() + &text + &feed("d", "wire", "interval = 'adaptive'")));
    let fixed: Vec<_> = found.iter().map(|feed| (feed.pace.adaptive.is_none(), feed.interval)).collect();
    assert_eq!(fixed[0], (true, mins(5)));
    assert_eq!(fixed[2], (true, mins(7 * 24 * 60)));
    assert_eq!(fixed[3], (false, mins(15)), "the word takes a feed out of what all are set to");
}

#[test]
fn priorities_come_from_the_tier_unless_set() {
    let text =
        ["official_us", "official_cn", "wire", "press", "blog"].map(|tier| feed(&tier.replace('_', "-"), tier, ""));
    let found = feeds(&(text.concat() + &feed("own", "blog", "priority = 'high'")));
    let priorities: Vec<_> = found.iter().map(|feed| feed.pace.priority).collect();
    use Priority::{High, Low, Normal};
    assert_eq!(priorities, [High, High, Normal, Normal, Low, High]);
    assert_eq!(found[5].pace.adaptive.map(|bounds| bounds.max), Some(mins(10)));
    let wrong = said(&feed("own", "blog", "priority = 'hihg'"));
    assert!(wrong[0].ends_with("did you mean `high`?"), "{wrong:?}");
}

#[test]
fn bounds_that_are_not_set_go_along_with_those_that_are() {
    let poll = |text: &str| config::parse(&texts(&format!("[poll]\n{text}"))).unwrap().poll;
    assert_eq!(poll("min_interval = '25m'").max_interval_high, mins(25));
    assert_eq!(poll("max_interval = '5m'").max_interval_high, mins(5));
    assert_eq!(poll("").interval, Interval::Adaptive);
    assert_eq!((poll("rate = 7").rate, poll("").rate), (Some(7), None));
    assert_eq!(poll("host_spacing = '0s'").host_spacing, SignedDuration::ZERO);
    let wrong = said("[poll]\nmax_interval_high = '2h'\n");
    assert!(wrong[0].contains("`max_interval_high` is not between 2m and 30m"), "{wrong:?}");
    let wrong = said("[poll]\ninterval = '1m'\n");
    assert!(
        wrong[0].ends_with("write \"adaptive\", or a duration from \"2m\" to \"31d\", such as \"15m\" or \"2h\""),
        "{wrong:?}"
    );
    assert_eq!(said("[poll]\nrate = 0\nhost_spacing = '1h'\nheed = '40d'\n").len(), 3);
}

#[test]
fn hosts_of_a_group_are_one() {
    let groups = "[[host_group]]\nid = 'cdn'\nhosts = ['A.example.org', '*.b.example.org.']\n\
        [[host_group]]\nid = 'own'\nhosts = ['[::1]', 'b.example.org']\n";
    let url = |id: &str, url: &str| format!("[[feed]]\nid = '{id}'\nurl = '{url}'\ntier = 'wire'\n");
    let found = feeds(
        &(groups.to_owned()
            + &url("a", "https://a.example.org/rss")
            + &url("b", "http://x.B.example.org:8080/")
            + &url("c", "https://b.example.org/")
            + &url("d", "https://aa.example.org/")
            + &url("e", "http://[::1]:80/")),
    );
    let told: Vec<_> = found.iter().map(|feed| feed.pace.group.as_deref()).collect();
    assert_eq!(told, [Some("cdn"), Some("cdn"), Some("own"), None, Some("own")]);
}

#[test]
fn a_group_of_hosts_is_checked() {
    let wrong = said(
        "[[host_group]]\nid = 'cdn'\nhosts = ['https://a.example.org/', '*.example.org', 'b.example.net', '*']\n\
         [[host_group]]\nid = 'cdn'\nhosts = ['x.example.org', 'b.example.net']\n\
         [[host_group]]\nid = 'Bad'\nhosts = []\n[[host_group]]\nid = 'c'\nhost = ['a']\n",
    );
    let wanted = [
        "3:10: `https://a.example.org/` is no host name",
        "3:70: `*` is no host name",
        "5:6: host group `cdn` is there twice",
        "6:10: hosts `x.example.org` and `*.example.org` meet in two groups; the other is at openline.toml:3",
        "6:27: host `b.example.net` is there twice",
        "8:6: `Bad` is no id of a group",
        "9:9: a group without hosts",
        "10:1: missing key `hosts`",
        "12:1: unknown key `host`; did you mean `hosts`?",
    ];
    assert_eq!(wrong.len(), wanted.len(), "{wrong:#?}");
    for (said, wanted) in wrong.iter().zip(wanted) {
        assert!(said.contains(wanted), "{said}\nlacks {wanted}");
    }
}
