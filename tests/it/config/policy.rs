//! Policies of recipients, inhibitions and retention: what they become, and everything that can be wrong with them.

use super::{said, texts};
use jiff::SignedDuration;
use jiff::civil::{Weekday, time};
use openline::config::{self, Config};
use openline::model::alert::Severity;
use openline::model::article::Language;
use openline::rules::mute::{Rhythm, Tie};

const CHANNEL: &str = "sources = []\n[mail]\nzone = \"America/New_York\"\nlanguage = \"zh\"\n\
    [[channel]]\nid = \"desk\"\ntype = \"email\"\nhost = \"localhost\"\ntls = \"none\"\nfrom = \"o@example.org\"\n\
    to = [\"a@example.org\", \"b@example.org\"]\n";

fn parsed(more: &str) -> Config {
    let text = format!("{CHANNEL}{more}");
    config::parse(&texts(&text)).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

#[test]
fn a_recipient_has_the_channels_policy_and_wishes_over_it() {
    let config = parsed(
        "[channel.policy]\nsend = \"weekly\"\non = \"friday\"\nat = \"07:30\"\nquiet = \"22:00-07:00\"\n\
         digest_except = \"critical\"\nmax_per_hour = 5\n\
         [[channel.recipient]]\nto = \"b@example.org\"\nlanguage = \"en\"\nzone = \"Asia/Shanghai\"\nsend = \"daily\"\n\
         quiet = \"none\"\nbreak_through = \"never\"\nmax_per_hour = 0\n",
    );
    let policies = &config.channels[0].policies;
    let (usual, own) = (policies.of("a@example.org"), policies.of("b@example.org"));
    let at = time(7, 30, 0, 0);
    assert_eq!(usual.zone.iana_name(), Some("America/New_York"));
    assert_eq!((usual.language, usual.rhythm), (Language::Zh, Rhythm::Weekly { on: Weekday::Friday, at }));
    assert_eq!((usual.digest_except, usual.max_per_hour), (Some(Severity::Critical), Some(5)));
    assert_eq!((usual.quiet.is_some(), usual.break_through), (true, Some(Severity::Critical)));
    assert_eq!(own.zone.iana_name(), Some("Asia/Shanghai"));
    assert_eq!((own.language, own.rhythm), (Language::En, Rhythm::Daily { at }));
    assert_eq!((own.quiet, own.break_through, own.max_per_hour), (None, None, None));
    assert_eq!(own.digest_except, Some(Severity::Critical));
    assert_eq!(parsed("").channels[0].policies.usual.rhythm, Rhythm::AtOnce);
}

#[test]
fn every_mistake_of_a_policy_has_its_place_and_remedy() {
    let cases = [
        (
            "[channel.policy]\nzone = \"America/New_Yrok\"\n",
            "13:8: there is no time zone `America/New_Yrok`; did you mean `America/New_York`?",
        ),
        ("[channel.policy]\nsend = \"dayly\"\n", "13:8: `send` cannot be \"dayly\"; did you mean `daily`?"),
        (
            "[channel.policy]\nsend = \"daily\"\n",
            "13:8: a digest of every day or week needs a time; add `at`, such as at = \"07:30\"",
        ),
        (
            "[channel.policy]\nsend = \"daily\"\nat = \"24:00\"\n",
            "14:6: there is no time `24:00`; write hours and minutes",
        ),
        ("[channel.policy]\nsend = \"daily\"\nat = \"7:30\"\n", "14:6: there is no time `7:30`"),
        ("[channel.policy]\nat = \"07:30\"\n", "13:6: `at` is the time of a daily or weekly digest"),
        (
            "[channel.policy]\nsend = \"daily\"\nat = \"07:30\"\non = \"monday\"\n",
            "15:6: `on` is the day of a weekly digest",
        ),
        (
            "[channel.policy]\nsend = \"weekly\"\nat = \"07:30\"\non = \"mon\"\n",
            "15:6: `on` cannot be \"mon\"; known are monday",
        ),
        ("[channel.policy]\ndigest_except = \"critical\"\n", "13:17: nothing waits for a digest here"),
        ("[channel.policy]\nquiet = \"22:00-22:00\"\n", "13:9: quiet hours of no length"),
        ("[channel.policy]\nquiet = \"22:00-25:00\"\n", "13:9: there is no time `25:00`"),
        (
            "[channel.policy]\nquiet = \"night\"\n",
            "13:9: `night` are no quiet hours; write \"22:00-07:00\", or \"none\"",
        ),
        (
            "[channel.policy]\nbreak_through = \"urgent\"\n",
            "13:17: `break_through` cannot be \"urgent\"; known are info, notice, critical, never",
        ),
        (
            "[channel.policy]\nmax_per_hour = -1\n",
            "13:16: `max_per_hour` cannot be the number -1; write a whole number from 0 to 1000",
        ),
        (
            "[channel.policy]\nsend = \"daily\"\nat = \"03:00\"\nquiet = \"22:00-07:00\"\n",
            "14:6: the digest's time lies in the quiet hours",
        ),
        ("[channel.policy]\nlangauge = \"zh\"\n", "13:1: unknown key `langauge`; did you mean `language`?"),
        (
            "[[channel.recipient]]\nto = \"c@example.org\"\n",
            "13:6: `c@example.org` is no recipient of this channel; did you mean `a@example.org`?",
        ),
        ("[[channel.recipient]]\nlanguage = \"en\"\n", "12:1: missing key `to`; every [[channel.recipient]] needs it"),
        (
            "[[channel.recipient]]\nto = \"a@example.org\"\n[[channel.recipient]]\nto = \"a@example.org\"\n",
            "15:6: recipient `a@example.org` is there twice",
        ),
        (
            "[[inhibit]]\nid = \"x\"\nsource = [\"kind=vist\"]\ntarget = [\"kind=call\"]\nequal = [\"article\"]\n",
            "14:11: there is no such value as `vist`; did you mean `visit`?",
        ),
        (
            "[[inhibit]]\nid = \"x\"\nsource = [\"kind!=visit\"]\ntarget = [\"kind=call\"]\nequal = [\"article\"]\n",
            "14:10: `source` demands nothing of an alert",
        ),
        (
            "[[inhibit]]\nid = \"x\"\nsource = [\"kind=visit\"]\ntarget = [\"kind=call\"]\nequal = []\n",
            "16:9: two alerts must share something",
        ),
        (
            "[[inhibit]]\nid = \"x\"\nsource = [\"rule=none-such\"]\ntarget = [\"kind=call\"]\nequal = [\"article\"]\n",
            "14:11: there is no rule `none-such`",
        ),
        ("[[inhibit]]\nid = \"x\"\nsource = [\"kind=visit\"]\n", "12:1: missing key `target`"),
        ("[retention]\ncontacts = \"1h\"\n", "13:12: `contacts` cannot be \"1h\""),
    ];
    for (text, wanted) in cases {
        let found = said(&format!("{CHANNEL}{text}"));
        assert!(found.iter().any(|one| one.contains(&format!("openline.toml:{wanted}"))), "{wanted}\n{found:#?}");
    }
    let hook = "[[channel]]\nid = \"hook\"\ntype = \"terminal\"\n[[channel.recipient]]\nto = \"x\"\n";
    let found = said(hook);
    assert!(found.iter().any(|one| one.contains("unknown key `recipient`")), "{found:?}");
}

#[test]
fn the_built_in_inhibition_can_be_replaced_and_switched_off() {
    let builtin = parsed("").inhibitions;
    assert_eq!(builtin.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ["visit-covers-its-meetings"]);
    assert_eq!(builtin[0].equal, [Tie::Article, Tie::Visit]);
    assert_eq!(builtin, Config::default().inhibitions);
    assert!(parsed("[[inhibit]]\nid = \"visit-covers-its-meetings\"\nenabled = false\n").inhibitions.is_empty());
    let own = parsed(
        "[[inhibit]]\nid = \"visit-covers-its-meetings\"\nsource = [\"kind=visit\"]\ntarget = [\"kind=call\"]\n\
         equal = [\"people\"]\nwithin = \"2d\"\n[retention]\nmentions = \"30d\"\ncontacts = \"365d\"\n",
    );
    assert_eq!((own.inhibitions.len(), own.inhibitions[0].within), (1, SignedDuration::from_hours(48)));
    assert_eq!(own.retention.contacts, Some(SignedDuration::from_hours(24 * 365)));
    assert_eq!((Config::default().retention.mentions, Config::default().retention.contacts), (None, None));
}
