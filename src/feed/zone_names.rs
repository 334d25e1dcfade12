//! Names of zones and months as feeds write them.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

/// Where a clock stands.
#[derive(Clone, Debug)]
pub(super) enum Place {
    /// At a fixed distance from UTC, in seconds.
    Offset(i32),
    /// In a zone with a history.
    Zone(TimeZone),
    /// `CST`: China's where the feed's own clock is eight hours ahead, America's elsewhere.
    Central,
}

impl Place {
    pub(super) fn timestamp(&self, at: DateTime, feed: &TimeZone) -> Option<Timestamp> {
        let seconds = match self {
            Self::Zone(zone) => return zone.to_timestamp(at).ok(),
            Self::Offset(seconds) => *seconds,
            Self::Central => {
                let own = feed.to_timestamp(at).ok().map(|time| feed.to_offset(time).seconds());
                if own == Some(8 * 3600) { 8 * 3600 } else { -6 * 3600 }
            }
        };
        Offset::from_seconds(seconds).ok()?.to_timestamp(at).ok()
    }
}

/// Reads an offset (`+0800`, `-05:30`, `GMT+8`, `Z`), an abbreviation or an IANA name.
pub(super) fn place(word: &str) -> Option<Place> {
    let upper = word.to_ascii_uppercase();
    let bare = upper.trim_end_matches('.');
    let signed = ["UTC", "GMT", "UT", "Z", ""].into_iter().find_map(|name| {
        let rest = bare.strip_prefix(name)?;
        rest.starts_with(['+', '-']).then_some(rest)
    });
    if let Some(signed) = signed {
        return offset(signed).map(Place::Offset);
    }
    if bare == "CST" {
        return Some(Place::Central);
    }
    let american = match bare {
        "AT" => Some("America/Halifax"),
        "ET" => Some("America/New_York"),
        "CT" => Some("America/Chicago"),
        "MT" => Some("America/Denver"),
        "PT" => Some("America/Los_Angeles"),
        _ => None,
    };
    if let Some(name) = american.or_else(|| word.contains('/').then_some(word)) {
        return TimeZone::get(name).ok().map(Place::Zone);
    }
    // Military letters were defined the wrong way round and mean UTC (RFC 2822, section 4.3).
    let military = bare.len() == 1 && bare.bytes().all(|b| b.is_ascii_uppercase());
    let minutes = NAMES.iter().find(|(name, _)| *name == bare).map(|(_, minutes)| *minutes);
    minutes.or(military.then_some(0)).map(|minutes| Place::Offset(minutes * 60))
}

/// The month of a name or of its abbreviation, in the languages in which feeds were seen to write them.
pub(super) fn month(word: &str) -> Option<i8> {
    let lower = word.to_lowercase();
    let found = MONTHS.iter().position(|names| names.iter().any(|name| lower.starts_with(name)));
    found.and_then(|at| i8::try_from(at + 1).ok())
}

/// `+8`, `+08`, `+800`, `+0800`, `+08:00`; at most 15 hours.
fn offset(signed: &str) -> Option<i32> {
    let negative = signed.starts_with('-');
    let digits: String = signed.get(1..)?.chars().filter(|c| *c != ':').collect();
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes) = match digits.len() {
        1 | 2 => (digits.as_str(), "0"),
        length @ (3 | 4) => digits.split_at_checked(length - 2)?,
        _ => return None,
    };
    let seconds = hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().ok()? * 60;
    (seconds <= 15 * 3600).then_some(if negative { -seconds } else { seconds })
}

/// Minutes ahead of UTC. Of ambiguous names the meaning most feeds have: BST is British, IST Indian, AST Atlantic.
const NAMES: &[(&str, i32)] = &[
    ("UTC", 0),
    ("GMT", 0),
    ("UT", 0),
    ("Z", 0),
    ("WET", 0),
    ("WEST", 60),
    ("BST", 60),
    ("CET", 60),
    ("MET", 60),
    ("MEZ", 60),
    ("CEST", 120),
    ("MEST", 120),
    ("MESZ", 120),
    ("EET", 120),
    ("SAST", 120),
    ("EEST", 180),
    ("MSK", 180),
    ("EAT", 180),
    ("GST", 240),
    ("PKT", 300),
    ("IST", 330),
    ("NPT", 345),
    ("ICT", 420),
    ("WIB", 420),
    ("BJT", 480),
    ("HKT", 480),
    ("SGT", 480),
    ("MYT", 480),
    ("PHT", 480),
    ("AWST", 480),
    ("JST", 540),
    ("KST", 540),
    ("ACST", 570),
    ("AEST", 600),
    ("ACDT", 630),
    ("AEDT", 660),
    ("NZST", 720),
    ("NZDT", 780),
    ("BRT", -180),
    ("ART", -180),
    ("ADT", -180),
    ("NST", -210),
    ("NDT", -150),
    ("AST", -240),
    ("EDT", -240),
    ("EST", -300),
    ("CDT", -300),
    ("MDT", -360),
    ("MST", -420),
    ("PDT", -420),
    ("PST", -480),
    ("AKDT", -480),
    ("AKST", -540),
    ("HST", -600),
];

/// Beginnings of month names in lower case: English; then German, French, Spanish, Italian, Portuguese, Dutch, Polish,
/// Hungarian, Turkish, Indonesian, Russian, Ukrainian, Greek, and Chinese as made plain, where they differ.
const MONTHS: [&[&str]; 12] = [
    &[
        "jan",
        "j\u{e4}n",
        "ene",
        "gen",
        "sty",
        "oca",
        "\u{44f}\u{43d}\u{432}",
        "\u{441}\u{456}\u{447}",
        "\u{3b9}\u{3b1}\u{3bd}",
        "\u{4e00}-",
    ],
    &[
        "feb",
        "f\u{e9}v",
        "fev",
        "lut",
        "\u{15f}ub",
        "\u{444}\u{435}\u{432}",
        "\u{43b}\u{44e}\u{442}",
        "\u{3c6}\u{3b5}\u{3b2}",
        "\u{4e8c}-",
    ],
    &[
        "mar",
        "m\u{e4}r",
        "m\u{e1}r",
        "mrt",
        "maa",
        "\u{43c}\u{430}\u{440}",
        "\u{431}\u{435}\u{440}",
        "\u{3bc}\u{3b1}\u{3c1}",
        "\u{3bc}\u{3ac}\u{3c1}",
        "\u{4e09}-",
    ],
    &[
        "apr",
        "avr",
        "abr",
        "\u{e1}pr",
        "kwi",
        "nis",
        "\u{430}\u{43f}\u{440}",
        "\u{43a}\u{432}\u{456}",
        "\u{3b1}\u{3c0}\u{3c1}",
        "\u{56db}-",
    ],
    &[
        "may",
        "mai",
        "mag",
        "maj",
        "m\u{e1}j",
        "mei",
        "\u{43c}\u{430}\u{439}",
        "\u{43c}\u{430}\u{44f}",
        "\u{442}\u{440}\u{430}",
        "\u{3bc}\u{3b1}\u{3b9}",
        "\u{3bc}\u{3b1}\u{3ca}",
        "\u{3bc}\u{3ac}\u{3b9}",
        "\u{4e94}-",
    ],
    &[
        "jun",
        "j\u{fa}n",
        "juin",
        "giu",
        "cze",
        "haz",
        "\u{438}\u{44e}\u{43d}",
        "\u{447}\u{435}\u{440}",
        "\u{3b9}\u{3bf}\u{3c5}\u{3bd}",
        "\u{3b9}\u{3bf}\u{3cd}\u{3bd}",
        "\u{516d}-",
    ],
    &[
        "jul",
        "j\u{fa}l",
        "juil",
        "lug",
        "lip",
        "tem",
        "\u{438}\u{44e}\u{43b}",
        "\u{43b}\u{438}\u{43f}",
        "\u{3b9}\u{3bf}\u{3c5}\u{3bb}",
        "\u{3b9}\u{3bf}\u{3cd}\u{3bb}",
        "\u{4e03}-",
    ],
    &[
        "aug",
        "ao\u{fb}",
        "aou",
        "ago",
        "agu",
        "agt",
        "sie",
        "a\u{11f}u",
        "\u{430}\u{432}\u{433}",
        "\u{441}\u{435}\u{440}",
        "\u{3b1}\u{3c5}\u{3b3}",
        "\u{3b1}\u{3cd}\u{3b3}",
        "\u{516b}-",
    ],
    &[
        "sep",
        "set",
        "szep",
        "wrz",
        "eyl",
        "\u{441}\u{435}\u{43d}",
        "\u{432}\u{435}\u{440}",
        "\u{3c3}\u{3b5}\u{3c0}",
        "\u{4e5d}-",
    ],
    &[
        "oct",
        "okt",
        "ott",
        "out",
        "pa\u{17a}",
        "eki",
        "\u{43e}\u{43a}\u{442}",
        "\u{436}\u{43e}\u{432}",
        "\u{3bf}\u{3ba}\u{3c4}",
        "\u{5341}-",
    ],
    &[
        "nov",
        "lis",
        "kas",
        "\u{43d}\u{43e}\u{44f}",
        "\u{3bd}\u{3bf}\u{3b5}",
        "\u{3bd}\u{3bf}\u{3ad}",
        "\u{5341}\u{4e00}-",
    ],
    &[
        "dec",
        "d\u{e9}c",
        "dez",
        "dic",
        "des",
        "gru",
        "ara",
        "\u{434}\u{435}\u{43a}",
        "\u{433}\u{440}\u{443}",
        "\u{3b4}\u{3b5}\u{3ba}",
        "\u{5341}\u{4e8c}-",
    ],
];
