//! Contacts that one sentence does not tell by itself: whose office, which day, what became of it.

use super::{LEXICON, article, news};
use openline::extract::extract;

/// Kind, status, first and last day of the first contact of a text.
fn first(title: &str, content: &str) -> Option<String> {
    let found = extract(&article(title, content), &LEXICON).mentions.into_iter().next()?;
    let day = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    let when = found.moment.map_or_else(String::new, |m| format!(" {}..{}", day(m.start_text()), day(m.end_text())));
    Some(format!("{} {}{when}", found.kind.name(), found.status.name()))
}

#[test]
fn contacts_that_need_more_than_their_own_words_are_read() {
    let cases = [
        // A bare office in a text of its own government; of two sides, the one of which nobody is named.
        (
            "Readout of the President's Meeting with Premier Li Qiang of China",
            "The President met today in New York with Premier Li Qiang of China.",
            "meeting held 2023-06-14..2023-06-14",
        ),
        // What a list of postponed events includes.
        (
            "",
            "China has postponed several exchanges with the United States. They include a planned trip to the United States by General Li Shangfu.",
            "visit postponed",
        ),
        // A duration gives the last day.
        (
            "",
            "Secretary of State Antony Blinken will arrive in Beijing on June 18 for a two-day visit.",
            "visit scheduled 2023-06-18..2023-06-19",
        ),
        // No time of day begins before a colon.
        ("", "June 18: Antony Blinken will meet Qin Gang in Beijing.", "meeting scheduled 2023-06-18..2023-06-18"),
        // A request turned down, told with its day.
        (
            "",
            "Beijing turned down a US request on Sunday for a meeting between Lloyd Austin and Li Shangfu.",
            "meeting declined",
        ),
    ];
    for (title, content, wanted) in cases {
        let given = first(title, content).unwrap_or_default();
        assert!(given.starts_with(wanted), "{title} {content}: {given}");
    }
    // A stranger who was the subject is he.
    let stranger = "Foreign Minister Bilawal Bhutto Zardari has thanked Secretary of State Antony Blinken. \
                    He will afterwards go to China, where he will meet Wang Yi.";
    assert!(news(stranger).is_empty(), "{stranger}");
}

/// First day, last day and place of the first contact of a text.
fn fields(title: &str, content: &str) -> String {
    let Some(found) = extract(&article(title, content), &LEXICON).mentions.into_iter().next() else {
        return String::new();
    };
    let or = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    let moment = found.moment;
    let (start, end) = (moment.and_then(|m| m.start_text()), moment.and_then(|m| m.end_text()));
    format!("{} {} {}", or(start), or(end), or(found.place))
}

#[test]
fn days_and_places_are_those_of_the_contact() {
    let cases = [
        // The last day of several is told; the first is counted back.
        ("", "Antony Blinken ended a three-day visit to Beijing on Tuesday.", "2023-06-11 2023-06-13 Beijing"),
        (
            "",
            "Janet Yellen and He Lifeng resumed talks in Geneva on Tuesday, the second day of negotiations.",
            "2023-06-12 2023-06-13 Geneva",
        ),
        // "Day" alone counts nothing.
        (
            "",
            "Antony Blinken met Qin Gang in Beijing on Tuesday, a good day for both.",
            "2023-06-13 2023-06-13 Beijing",
        ),
        // A gathering's time is that of the contact at it; another thing's is not.
        ("", "Joe Biden will meet Xi Jinping at next month's APEC summit in San Francisco.", "2023-07 - San Francisco"),
        ("", "Joe Biden will meet Xi Jinping to discuss next month's tariffs.", "- - -"),
        // A venue gives way to its city where the text names that, and stands where it does not.
        (
            "",
            "Antony Blinken met Qin Gang at the Diaoyutai State Guesthouse on Sunday. He had landed in Beijing that morning.",
            "2023-06-11 2023-06-11 Beijing",
        ),
        (
            "",
            "Antony Blinken met Qin Gang at the Diaoyutai State Guesthouse on Sunday.",
            "2023-06-11 2023-06-11 Diaoyutai State Guesthouse",
        ),
        // A capital by its country's adjective, and a city that no list knows by what the text says of it.
        ("", "Antony Blinken declined to meet Qin Gang in the Cambodian capital.", "- - Phnom Penh"),
        (
            "",
            "Wendy Sherman met Xie Feng on Tuesday in Quzhou, a city in the south of China.",
            "2023-06-13 2023-06-13 Quzhou",
        ),
        (
            "",
            "Wendy Sherman met Xie Feng on Tuesday in Earnest, a new book about China says.",
            "2023-06-13 2023-06-13 -",
        ),
        // "There" is the last city named.
        (
            "",
            "Lloyd Austin flies to Singapore on Friday. No meeting between Austin and Li Shangfu is planned there, the Pentagon said.",
            "- - Singapore",
        ),
        // A dateline whose dash was lost; a word in capitals that is no city.
        ("", "HANOI, Vietnam Lloyd Austin met here with Li Shangfu on Tuesday.", "2023-06-13 2023-06-13 Hanoi"),
        ("", "NATO, Lloyd Austin said, was discussed when he met Li Shangfu on Tuesday.", "2023-06-13 2023-06-13 -"),
        // Talks of two states told from one's capital on their last day were held there.
        (
            "",
            "BEIJING — Chinese and American officials concluded two days of negotiations on Wednesday with no deal.",
            "2023-06-13 2023-06-14 Beijing",
        ),
    ];
    for (title, content, wanted) in cases {
        assert_eq!(fields(title, content), wanted, "{title} {content}");
    }
}

#[test]
fn what_falls_away_late_is_told_with_its_rule() {
    let cases = [
        // A visitor's talks with officials whom nobody names are the visit's.
        (
            "Antony Blinken will visit Beijing on Sunday. Blinken will meet with Chinese officials there.",
            "reject.part-of-visit",
        ),
        // A plan of the past of which nothing more is told.
        (
            "Antony Blinken had been due to visit Beijing in February. Washington and Beijing had no comment.",
            "reject.dead-plan",
        ),
    ];
    for (text, rule) in cases {
        let reading = extract(&article("", text), &LEXICON);
        let rejected: Vec<_> = reading.trace.rejected.iter().map(|r| r.rule.as_str()).collect();
        assert!(rejected.contains(&rule), "{text}: {rejected:?}, {:?}", reading.mentions);
    }
}

#[test]
fn offices_are_named_without_ranks_and_referring_words() {
    let offices = |text: &str| -> Vec<Option<String>> {
        let mentions = extract(&article("", text), &LEXICON).mentions;
        mentions.into_iter().next().map_or_else(Vec::new, |m| m.parties.into_iter().map(|p| p.office).collect())
    };
    let officials = offices("Top Trump administration officials are arriving in China this week.");
    assert_eq!(officials.first().cloned().flatten().as_deref(), Some("officials"));
    let counterparts = offices("Chinese generals and their American counterparts held talks in Beijing on Tuesday.");
    assert!(counterparts.iter().flatten().all(|office| !office.contains("counterpart")), "{counterparts:?}");
}

#[test]
fn a_voice_is_the_one_who_speaks() {
    let voices = |text: &str| -> Vec<String> {
        let mentions = extract(&article("", text), &LEXICON).mentions;
        mentions.into_iter().next().map_or_else(Vec::new, |m| m.voices.into_iter().map(|v| v.name).collect())
    };
    let scholars =
        "A day after the video call between Lloyd Austin and Li Shangfu, analysts said that it had gone well.";
    assert_eq!(voices(scholars), Vec::<String>::new());
    let both = "Antony Blinken and Qin Gang said that they would meet in Beijing on Sunday.";
    assert_eq!(voices(both), ["Antony Blinken", "Qin Gang"]);
}
