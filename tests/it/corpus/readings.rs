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
