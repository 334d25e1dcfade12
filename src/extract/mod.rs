//! Reads an article and finds its contacts, with spans and a trace.

mod actors;
mod candidate;
mod complete;
mod confidence;
mod discourse;
mod find;
mod groups;
mod identify;
mod issuer;
mod line;
mod mention;
mod merge;
mod nouns;
mod parse;
mod place;
pub mod registry;
mod settle;
mod sides;
mod status;
mod voices;
mod when;

use crate::lexicon::Lexicon;
use crate::model::actor::Side;
use crate::model::article::{Article, Language};
use crate::model::mention::{Fired, Kind};
use crate::model::moment::{Grain, Moment};
use crate::model::reading::{Reading, Rejected};
use crate::model::span::{Field, Span};
use crate::temporal::{self, Tense};
use crate::text::sentences;
use candidate::Candidate;
use complete::Seen;
use discourse::Discourse;
use find::{Found, Scene};
use identify::Cast;
use line::Line;
use parse::Parse;
use place::Spot;
use status::Real;

/// Sentences that are read; a communiqué has some 200, and what follows the first thousand is no news.
const SENTENCES: usize = 1000;
/// Lines at the head of a text in which a review names its novel or film.
const PLOT_LINES: usize = 4;
/// Candidates after which reading ends; the longest chronicle of meetings names some 80.
const CANDIDATES: usize = 400;
/// Rejected candidates after which reading ends.
const REJECTED: usize = 4000;

/// Reads an article. Linear in its length; never fails.
#[must_use]
pub fn extract(article: &Article, lexicon: &Lexicon) -> Reading {
    let mut reading = Reading::default();
    if article.language != Language::En {
        reading.problems.push("Chinese is not read yet".to_owned());
        return reading;
    }
    if !article.dated {
        reading.problems.push("no date of publication; relative dates are read against today".to_owned());
    }
    if !sides::both_named(article, lexicon) {
        return reading;
    }
    let (lines, dateline) = lines(article, lexicon);
    let cast = Cast::new(lexicon, article.anchor(), &lines);
    let mut discourse = Discourse::default();
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut denied: Vec<Candidate> = Vec::new();
    let mut seen: Vec<Seen> = Vec::new();
    let mut lead: Option<Moment> = None;
    let mut speaks: Option<Side> = cast.issuer.speaks();
    let mut plot = false;
    // The last city that the text names as a place, for "there".
    let mut last_spot: Option<Spot> = dateline.clone().filter(|spot| spot.rank == 3);
    let mut cities: Vec<String> = dateline.iter().filter(|spot| spot.rank == 3).map(|spot| spot.name.clone()).collect();
    let whole = lines.iter().take(3).any(|line| archive(line, lexicon));
    for (index, line) in lines.iter().enumerate() {
        let found_actors = actors::find(line, &cast);
        let parse = Parse::new(line, &found_actors, lexicon);
        let mut possessives = vec![false; line.toks.len()];
        for actor in found_actors.iter().filter(|a| a.possessive) {
            for slot in possessives.iter_mut().take(actor.to).skip(actor.from) {
                *slot = true;
            }
        }
        let old = whole || archive(line, lexicon);
        let scene = Scene {
            line,
            index,
            actors: &found_actors,
            parse: &parse,
            cast: &cast,
            discourse: &discourse,
            possessives: &possessives,
            dateline: dateline.as_ref(),
            old,
        };
        let voices = scene.voices(&mut speaks);
        plot |= index < PLOT_LINES && status::fiction::work(line, lexicon).is_some();
        let mut fresh: Vec<Candidate> = Vec::new();
        for found in scene.read() {
            match found {
                Found::Candidates(list) => fresh.extend(list),
                Found::Refused(refused) => reading.trace.rejected.push(Rejected {
                    trigger: Fired { rule: refused.rule, span: refused.span },
                    rule: refused.reject.to_owned(),
                    why: refused.why.to_owned(),
                }),
            }
        }
        for c in &mut fresh {
            let rule = c.fired.first().map(|f| f.rule.clone()).unwrap_or_default();
            settle::there(c, line, last_spot.as_ref());
            settle::settle(c, line, &cast, old, &rule);
            settle::nth_day(c, line, &cast);
            settle::round(c, line, &cast);
            c.support = Some(confidence::Support::new(c, line, &cast));
            c.voices = voices::about(&voices, c.denied);
        }
        if plot {
            // What a review goes on to tell in the present tense is the plot.
            fresh.retain(|c| {
                let told = matches!(c.real, Real::Present | Real::Underway | Real::Bare);
                if told && let Some(trigger) = c.fired.first() {
                    let why = "the plot of a novel, film or game".to_owned();
                    reading.trace.rejected.push(Rejected {
                        trigger: trigger.clone(),
                        rule: "reject.fiction".to_owned(),
                        why,
                    });
                }
                !told
            });
        }
        settle::steps_back(&mut fresh, line, &cast);
        settle::keeps_company(&mut fresh);
        scene.answered(&mut fresh);
        settle::prolonged(&mut fresh, line, &cast);
        fresh.extend(scene.trip_around(&fresh));
        let fallen = scene.fallen();
        let subject = (0..parse.segments.len()).find_map(|s| scene.subject(s, 0));
        let planned = line.has(lexicon, "was_to");
        let lowly = line.has(lexicon, "official_ranks");
        let lists = line.has(lexicon, "made_up_of");
        for actor in found_actors.iter().filter(|a| !a.possessive && !a.source) {
            if let Some(part) = actor.person().and_then(|p| discourse::person_part(&cast, p)) {
                seen.push(Seen { line: index, part, planned, lowly, lists });
            }
        }
        for at in 0..line.toks.len() {
            // "Washington said" names a government, "in Washington" a city.
            let located = matches!(line.before(at), "in" | "to" | "from" | "at" | "near" | "outside" | "into" | "for");
            if let Some(spot) = place::at(line, &cast, at).filter(|spot| located && spot.rank == 3) {
                if !cities.contains(&spot.name) {
                    cities.push(spot.name.clone());
                }
                last_spot = Some(spot);
            }
        }
        if lead.is_none() && line.span.field != Field::Title {
            lead = lead_day(line, &parse, &cast);
        }
        discourse.learn(line, &cast, &found_actors, &parse.groups, subject);
        discourse.falls(fallen);
        for c in fresh.iter().filter(|c| !c.denied) {
            discourse.remember(c);
            if c.kind == Kind::Visit
                && let (Some(side), Some(place)) = (c.visitor, &c.place)
                && let Some(part) = c.parts.of(side).first()
            {
                discourse.visit = Some((part.clone(), place.clone()));
            }
        }
        for c in fresh {
            if c.denied { denied.push(c) } else { candidates.push(c) }
        }
        // What a hostile text may cost is bounded: comparing candidates with one another is quadratic in their number.
        if candidates.len() > CANDIDATES || reading.trace.rejected.len() > REJECTED {
            reading.problems.push("more contacts than any article holds; the rest of it is not read".to_owned());
            break;
        }
    }
    complete::led(&mut candidates, &discourse.salience);
    let (mut merged, dropped) = merge::merge(candidates);
    merge::deny(&mut merged, &mut denied);
    complete::complete(&mut merged, &seen, lead, dateline.as_ref(), &cities, &cast);
    for d in &denied {
        if let Some(trigger) = d.fired.first() {
            let why = d.voices.first().map_or("denied".to_owned(), |v| format!("denied by {}", v.name));
            reading.trace.rejected.push(Rejected { trigger: trigger.clone(), rule: "reject.denied".to_owned(), why });
        }
    }
    let reject = |c: &Candidate, rule: &str, why: &str| {
        c.fired.first().map(|f| Rejected { trigger: f.clone(), rule: rule.to_owned(), why: why.to_owned() })
    };
    reading.trace.rejected.extend(dropped.iter().filter_map(|(c, rule, why)| reject(c, rule, why)));
    reading.denied = denied.iter().filter_map(|c| mention::build(c, &cast)).map(|(mention, _)| mention).collect();
    for c in merged {
        if let Some((mention, tree)) = mention::build(&c, &cast) {
            reading.mentions.push(mention);
            reading.trace.trees.push(tree);
        } else {
            let why = "whoever is named of one side held no office on that day";
            reading.trace.rejected.extend(reject(&c, "reject.no-office", why));
        }
    }
    reading
}

/// The first day that a sentence names, where it is one of the last days; none of a clause that only describes somebody.
fn lead_day(line: &Line, parse: &Parse, cast: &Cast<'_>) -> Option<Moment> {
    let aside = |start: usize| {
        let at = line.toks.iter().position(|tok| tok.start <= start && start < tok.end);
        let segment = at.and_then(|at| parse.segments.get(parse.segment_of(at)));
        segment.is_some_and(|s| matches!(s.opener.as_str(), "who" | "whose" | "which"))
    };
    line.times
        .iter()
        .filter_map(|expr| Some((expr.start, temporal::resolve(expr, cast.anchor, Tense::Past)?)))
        .filter(|(start, m)| m.end() == cast.date || !aside(*start))
        .map(|(_, m)| m)
        .find(|m| m.grain() == Grain::Day && m.start() == m.end() && m.start() <= cast.date)
        .filter(|m| m.end().until(cast.date).is_ok_and(|span| span.get_days() <= 3))
}

/// The lines of an article, without datelines; and the dateline's city.
fn lines(article: &Article, lexicon: &Lexicon) -> (Vec<Line>, Option<Spot>) {
    let mut dateline = None;
    let mut lines = Vec::new();
    for sentence in sentences::of(article).iter().take(SENTENCES) {
        let mut span = sentence.span;
        let text = article.text(span);
        if span.field != Field::Title
            && sentence.paragraph == 0
            && let Some((cut, spot)) = strip_dateline(text, lexicon)
        {
            span = Span { start: span.start + cut, ..span };
            dateline = dateline.or(spot);
        }
        let text = article.text(span);
        if text.is_empty() {
            continue;
        }
        lines.push(Line::new(text, span, sentence.headline, sentence.paragraph, lexicon));
    }
    (lines, dateline)
}

/// A dateline's bytes to skip and its city.
fn strip_dateline(text: &str, lexicon: &Lexicon) -> Option<(usize, Option<Spot>)> {
    let head: String = text.chars().take(70).collect();
    marked_dateline(&head, lexicon).or_else(|| bare_dateline(&head, lexicon))
}

/// "BEIJING, Jan 30 - ", "L'AQUILA, Italy — ", "Beijing: ".
fn marked_dateline(head: &str, lexicon: &Lexicon) -> Option<(usize, Option<Spot>)> {
    let cut = [" — ", " – ", " - ", " -- ", ": ", "  ", "— "]
        .iter()
        .filter_map(|mark| head.find(mark).map(|at| at + mark.len()))
        .min()?;
    let place = head.get(..cut)?.trim_end_matches([' ', '—', '–', '-', ':']).trim();
    let city = place.split([',', '(']).next()?.trim();
    let capitals = city.chars().filter(|c| c.is_alphabetic()).count() >= 3 && !city.chars().any(char::is_lowercase);
    if place.split_whitespace().count() > 8 {
        return None;
    }
    let line = Line::new(city, Span { field: Field::Title, start: 0, end: city.len() }, true, 0, lexicon);
    let title: String = city.split(' ').map(capitalised).collect::<Vec<_>>().join(" ");
    let named = |spot: Spot| (spot.rank > 0).then_some(spot);
    let spot = bare_spot(&line, lexicon).and_then(named).or_else(|| {
        let line = Line::new(&title, Span { field: Field::Title, start: 0, end: title.len() }, true, 0, lexicon);
        bare_spot(&line, lexicon).and_then(named)
    });
    if !capitals && (spot.is_none() || line.toks.len() != 1 || !place.eq(city)) {
        return None;
    }
    Some((cut, spot))
}

/// "HANOI, Vietnam Defense Secretary Gates", "BEIJING The two sides": a known city in capitals, before a word that is none.
fn bare_dateline(head: &str, lexicon: &Lexicon) -> Option<(usize, Option<Spot>)> {
    let upper =
        |word: &str| word.chars().filter(|c| c.is_alphabetic()).count() > 2 && !word.chars().any(char::is_lowercase);
    let first = head.split([' ', ',']).next().filter(|word| upper(word))?;
    let second = head
        .get(first.len()..)?
        .strip_prefix(' ')
        .and_then(|rest| rest.split([' ', ',']).next())
        .filter(|word| upper(word));
    let city = second.map_or_else(|| first.to_owned(), |word| format!("{first} {word}"));
    let rest = head.get(city.len()..)?;
    // The country, where it is named, is one capitalised word.
    let country = rest
        .strip_prefix(", ")
        .and_then(|rest| rest.split(char::is_whitespace).next())
        .map_or(0, |word| word.len() + 2);
    let text = rest.get(country..)?.strip_prefix(char::is_whitespace)?.trim_start();
    if rest.get(..country)?.ends_with(',') {
        return None;
    }
    let begins = text.chars().next().is_some_and(char::is_uppercase)
        && text.split(char::is_whitespace).next().is_some_and(|word| !upper(word) || word == "A");
    let title: String = city.split(' ').map(capitalised).collect::<Vec<_>>().join(" ");
    let line = Line::new(&title, Span { field: Field::Title, start: 0, end: title.len() }, true, 0, lexicon);
    let spot = bare_spot(&line, lexicon).filter(|spot| spot.rank == 3 && begins)?;
    Some((head.len() - text.len(), Some(spot)))
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(chars.flat_map(char::to_lowercase)).collect())
}

fn bare_spot(line: &Line, lexicon: &Lexicon) -> Option<Spot> {
    let cast = Cast::new(lexicon, jiff::civil::DateTime::default(), &[]);
    place::at(line, &cast, 0)
        .map(|s| Spot { name: s.name.split(' ').map(capitalised).collect::<Vec<_>>().join(" "), ..s })
}

fn archive(line: &Line, lexicon: &Lexicon) -> bool {
    let file = || line.text.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("file "));
    (line.headline || line.paragraph == 0) && (file() || line.has(lexicon, "archive"))
}
