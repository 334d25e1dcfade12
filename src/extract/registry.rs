//! Every rule of the extractor with a line on what it says, so that no name in a trace is a riddle.
//!
//! A test reads the sources and the corpora: a name that a trace may hold and that is missing here fails it.

use crate::lexicon::Lexicon;
use crate::lexicon::verbs::Form;
use crate::lexicon::words::{Class, Meaning, Phrase};
use crate::model::mention::Kind;
use crate::temporal;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Words of a trigger that its line shows; the rest stands in the lexicon.
const SHOWN: usize = 8;

/// A rule that a trace may name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The name, such as `visit.travel-to`: the family, then the rule.
    pub name: Cow<'static, str>,
    /// What it says, in one line.
    pub doc: Cow<'static, str>,
}

impl Rule {
    /// The part of the name before the point: `visit`, `status`, `reject` and so on.
    #[must_use]
    pub fn family(&self) -> &str {
        self.name.split('.').next().unwrap_or_default()
    }
}

/// Every rule, by family and name: results, triggers, status, novelty, time, rejections.
#[must_use]
pub fn rules(lexicon: &Lexicon) -> Vec<Rule> {
    let fixed = |(name, doc): &(&'static str, &'static str)| Rule { name: (*name).into(), doc: (*doc).into() };
    let mut all: Vec<Rule> = RESULTS.iter().map(fixed).collect();
    all.extend(triggers(lexicon));
    all.extend(TRIGGERS.iter().map(fixed));
    all.extend(SALIENCE.iter().map(fixed));
    all.extend(
        Class::ALL
            .iter()
            .map(|(name, class)| Rule { name: format!("status.{name}").into(), doc: effect(*class).into() }),
    );
    all.extend(STATUS.iter().map(fixed));
    all.extend(NOVELTY.iter().map(fixed));
    all.extend(temporal::rules().map(|rule| fixed(&rule)));
    all.extend(REJECTIONS.iter().map(fixed));
    all
}

/// Whether a rule rests on the whole text or on a date, not on the words that its span names for want of better.
#[must_use]
pub fn is_wordless(name: &str) -> bool {
    matches!(
        name,
        "novelty.old-date"
            | "novelty.old-decision"
            | "novelty.old-plan"
            | "novelty.given"
            | "novelty.habitual"
            | "novelty.archive"
    )
}

/// What an extractor gives: one a kind of contact.
const RESULTS: [(&str, &str); 4] = [
    ("contact.visit", "an official of one side goes to the other's country"),
    ("contact.meeting", "officials of both sides meet in person"),
    ("contact.call", "officials of both sides speak by telephone or video"),
    ("contact.talks", "the two sides negotiate or confer, as delegations or in a standing format"),
];

/// Why somebody fills a slot that a sentence leaves empty.
const SALIENCE: [(&str, &str); 5] = [
    ("salience.only", "whom the sentence leaves out is the only one of his side of whom the article tells"),
    ("salience.party", "whom the sentence leaves out took part in the contact told before"),
    ("salience.title", "whom the sentence leaves out is named in the title"),
    ("salience.subject", "whom the sentence leaves out is the one of whom the article tells most"),
    ("salience.named-next", "an official who opens the text unnamed is the one whom the next sentences name"),
];

/// Triggers that are no single word of the lexicon.
const TRIGGERS: [(&str, &str); 5] = [
    ("meeting.measured", "a meeting: “an hour with Wang”, “two days with Wang”, without a word for it"),
    ("meeting.left-out", "a meeting: “the one that the president had with Xi”"),
    ("visit.in-place", "a visit: a headline of the form “Kerry in Beijing …” without a verb"),
    ("visit.awaited", "a visit: somebody “is due in”, “is expected back in” a place, without a verb of travelling"),
    ("visit.invitation", "a visit: an invitation of one side's official by the other side"),
];

const STATUS: [(&str, &str); 21] = [
    (
        "status.first-to",
        "“the first to visit in years” only describes: the main verb of the sentence tells what happened",
    ),
    ("status.ground", "“prepares the ground for” it, “clears the way for” it: it is to come"),
    ("status.to", "an infinitive makes it to come: “Xi to visit”, “plans to meet”"),
    ("status.is-to", "“is to”, “are to”: it is to come; with “was” the plan lies in the past"),
    ("status.round", "officials meet “for a round of trade talks”: the contact is the round"),
    ("status.refrain", "“agreed not to meet”, “chose not to visit”: refused"),
    ("status.is-not-to", "“is not to”: it was refused"),
    ("status.was-to-have", "“was to have met”: it did not come about"),
    ("status.begun-plan", "“have begun to plan”: nothing is fixed yet, so no more than proposed"),
    ("status.hoped", "what somebody hopes or wishes that another will do is no plan: proposed"),
    ("status.not-then", "“won't take place Tuesday as expected”: put off"),
    ("status.identified", "“the prize is a meeting”: what somebody would like is no plan: proposed"),
    ("status.unknown-control", "a verb that is in no list governs it: no more than proposed"),
    ("status.told-to", "“told”, “urged to”: somebody else's wish, no more than proposed"),
    ("status.says-to", "“says to visit”: what somebody says he will do himself"),
    ("status.purpose", "named as a journey's or an act's purpose: it is to come when that is done"),
    ("status.after", "named after “after”: it happened"),
    ("status.before", "named after “before” or “ahead of”: it is to come"),
    ("status.no", "“no” stands before it: what the predicate says is turned round"),
    ("status.headline-place", "a headline puts somebody in a place: the visit is under way"),
    ("status.list", "the sentence before postponed or cancelled “several exchanges”, of which this is one"),
];

const NOVELTY: [(&str, &str); 14] = [
    ("novelty.old-decision", "it was put off, called off or refused more than a week ago"),
    ("novelty.old-date", "background: its date lies too far before the article's"),
    ("novelty.told-of-then", "the sentence tells of a time gone by, and the event has no other: background"),
    ("novelty.old-plan", "background: the day for which it was planned has passed"),
    ("novelty.given", "background: the text takes it for granted and gives no fresh date"),
    ("novelty.after", "a clause or phrase with “after”, “since”, “following” takes it for known"),
    ("novelty.past-perfect", "the past perfect sets it before the story's own time"),
    ("novelty.recent", "a word such as “recent”, “last”, “previous” stands before it"),
    ("novelty.history", "background: a word of history stands in its clause: “first since”, “in 2019”"),
    ("novelty.habitual", "background: several or regular occasions without a day"),
    ("novelty.aside", "a clause that only describes somebody tells it: “Biden, who met Xi in Bali this month, has”"),
    ("novelty.led-up", "background: an old contact in the same sentence led up to it"),
    ("novelty.old-stay", "background: an old stay in the same sentence, of which it was part"),
    ("novelty.archive", "background: the text is from an archive, a caption or a chronicle"),
];

/// Why a trigger makes no contact.
const REJECTIONS: [(&str, &str); 35] = [
    ("reject.same", "the verb of meeting beside it tells of the same event: “meet for talks”"),
    ("reject.told", "a definite event, taken for known: the text tells of it elsewhere"),
    ("reject.one-side", "nobody of the other side takes part"),
    ("reject.other-side", "a party is of a third side"),
    ("reject.no-visitor", "no official of either side travels"),
    ("reject.nobody", "nobody is said to go"),
    ("reject.stranger", "the partner is nobody of the other side"),
    ("reject.unknown-owner", "it is not known whose it is"),
    ("reject.unofficial", "one side is scholars, guests or former officials, no government"),
    ("reject.apart", "somebody else meets or speaks with both, one after the other"),
    ("reject.elsewhere", "the journey does not lead to the other side's country"),
    ("reject.no-destination", "a weak word for a journey, and no destination in the other side's country"),
    ("reject.vague", "neither visitor nor destination is named beside it"),
    ("reject.unreal", "denied, conditional or not meant as an event"),
    ("reject.conditional", "“if”, “unless”, “should”: a condition"),
    ("reject.unplanned", "“were not to have met”: nothing had been planned"),
    ("reject.there-is-none", "“there are no talks”"),
    ("reject.denied", "a verb of denial governs it"),
    ("reject.habit", "a habit, no occasion"),
    ("reject.whenever", "no particular occasion: “whenever they meet”"),
    ("reject.copula", "it only describes something told elsewhere"),
    ("reject.adverb", "“face to face” says how they spoke, not that they met"),
    ("reject.founded", "a working group is founded, not met"),
    ("reject.part-of-visit", "part of a visit that the text tells of, with nobody else named"),
    ("reject.dead-plan", "a plan of the past, of which the text does not say that it still stands"),
    ("reject.no-office", "whoever is named of one side held no office on that day"),
    ("reject.fiction", "the plot of a novel, film or game"),
    ("reject.unknown-whether", "“unclear whether they will meet”: nobody says that they will"),
    ("reject.wish", "“needs to meet”, “ought to meet”: somebody's opinion"),
    ("reject.not-to", "asked or told not to: nobody has refused it yet"),
    ("reject.question", "a question, not a report"),
    ("reject.compound", "the word only describes another noun: “visit plans”"),
    ("reject.multilateral", "a gathering of many states"),
    ("reject.sense", "the word has another sense here: “call for”, “party meeting”"),
    ("reject.unknown", "no such noun"),
];

/// What a class of governing words does.
const fn effect(class: Class) -> &'static str {
    match class {
        Class::Plan => "planned, agreed, expected, due: it is to come",
        Class::Propose => "invited, asked for, hoped for, possible: proposed",
        Class::Begin => "begins, resumes, goes on: under way",
        Class::End => "ends, concludes: it happened",
        Class::Hold => "no other word governs it: the tense of its verb, or of a light verb such as “hold”, decides",
        Class::Postpone => "put off",
        Class::Cancel => "called off, suspended",
        Class::Decline => "refused, ruled out",
        Class::Doubt => "considered, weighed: it may come or may not",
        Class::Deny => "denied: no event",
        Class::Revive => "back on, given a new date: it is to come",
        Class::Announce => "announced, confirmed: leaves the event as it is",
        Class::Follow => "comes after the event, which is given",
        Class::Say => "said: leaves the event as it is",
        Class::Irreal => "called for, wished by a third: no event",
    }
}

/// The lexicon's nouns and verbs that name a contact, with their first words; a noun and a verb may share a name.
fn triggers(lexicon: &Lexicon) -> Vec<Rule> {
    let words = &lexicon.words;
    let mut found: BTreeMap<&str, (Kind, Vec<String>)> = BTreeMap::new();
    for (phrase, meaning) in words.phrases() {
        if let Phrase::Noun(noun) = meaning
            && let Some(noun) = words.nouns.get(*noun)
        {
            found.entry(&noun.id).or_insert_with(|| (noun.kind, Vec::new())).1.push(phrase.join(" "));
        }
    }
    for (word, lemma, form) in words.verbs_by_form() {
        for sense in words.senses(lemma) {
            if let Meaning::Trigger(verb) = sense.meaning
                && form == Form::Base
                && let Some(verb) = words.verbs.get(verb)
            {
                let text = std::iter::once(word).chain(sense.particles.iter().map(String::as_str));
                let text = text.collect::<Vec<_>>().join(" ");
                found.entry(&verb.id).or_insert_with(|| (verb.kind, Vec::new())).1.push(text);
            }
        }
    }
    let rule = |(id, (kind, mut forms)): (&str, (Kind, Vec<String>))| {
        forms.sort_by(|a, b| a.split(' ').count().cmp(&b.split(' ').count()).then_with(|| a.cmp(b)));
        forms.dedup();
        let more = if forms.len() > SHOWN { " …" } else { "" };
        forms.truncate(SHOWN);
        let article = if kind == Kind::Talks { "" } else { "a " };
        let doc = format!("{article}{}: {}{more}", kind.name(), forms.join(", "));
        Rule { name: id.to_owned().into(), doc: doc.into() }
    };
    found.into_iter().map(rule).collect()
}
