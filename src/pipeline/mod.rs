//! The one composition of reading and deciding that daemon, extract, explain and tests all call.

mod book;
mod codes;
mod decide;
mod hint;
mod rehearse;
mod silence;
mod story;

pub use book::book;
pub use codes::codes;
pub use decide::{Decision, confirm, decide};
pub use hint::{Hint, NoHint, hint};
pub use rehearse::{Rehearsal, rehearse};
pub use silence::{latest_report, silence};
pub use story::{StoryDate, story_date};

use crate::extract;
use crate::lexicon::{Lexicon, View};
use crate::model::article::Article;
use crate::model::mention::Mention;
use crate::model::reading::Reading;
use crate::model::span::Field;

/// Reads an article: the contacts in it, with their evidence, and why other candidates are none. Contacts between other
/// pairs of states stand after those between the United States and China.
#[must_use]
pub fn read(article: &Article, lexicon: &Lexicon) -> Reading {
    let mut reading = extract::extract(article, lexicon);
    for view in &lexicon.others {
        let Reading { mentions, denied, problems: _, trace } = extract::extract(article, view.lexicon());
        reading.mentions.extend(mentions.into_iter().map(|mention| named(mention, view)));
        reading.denied.extend(denied.into_iter().map(|mention| named(mention, view)));
        reading.trace.trees.extend(trace.trees);
        reading.trace.rejected.extend(trace.rejected);
    }
    if article.from_page {
        for mention in reading.mentions.iter_mut().chain(&mut reading.denied) {
            mention.evidence.on_page = mention.evidence.span.field == Field::Content;
        }
    }
    reading
}

/// A mention with the sides by their own names.
fn named(mut mention: Mention, view: &View) -> Mention {
    for party in &mut mention.parties {
        party.side = view.side(party.side);
    }
    for voice in &mut mention.voices {
        voice.side = voice.side.map(|side| view.side(side));
    }
    mention
}
