//! Candidates to mentions: names, offices and levels on the contact's date, evidence and derivation.

use super::candidate::Candidate;
use super::confidence;
use super::discourse::Part;
use super::identify::Cast;
use crate::model::actor::{Level, Party, Side};
use crate::model::mention::{Evidence, Kind, Mention, Novelty};
use crate::model::reading::Node;

/// The mention and its derivation; nothing where nobody in office takes part.
pub(super) fn build(c: &Candidate, cast: &Cast<'_>) -> Option<(Mention, Node)> {
    let day = c.moment.map_or(cast.date, |m| m.start());
    let first = c.visitor.unwrap_or(Side::US);
    let second = if first == Side::US { Side::CN } else { Side::US };
    let mut parties: Vec<Party> = Vec::new();
    for side in [first, second] {
        let mut any = false;
        for part in c.parts.of(side) {
            if let Some(party) = party(part, cast, day)
                && !(party.name.is_none() && c.parts.of(side).iter().any(|p| p.person.is_some()))
            {
                parties.push(party);
                any = true;
            }
        }
        if !any {
            if c.parts.of(side).iter().any(|p| p.person.is_some()) {
                return None;
            }
            parties.push(Party::side_only(side));
        }
    }
    let top = |side: Side| parties.iter().filter(|p| p.side == side).filter_map(|p| p.level).max();
    let level = if c.kind == Kind::Visit {
        top(first).or(c.hint).unwrap_or(Level::ViceMinister)
    } else {
        match (top(Side::US), top(Side::CN)) {
            (Some(a), Some(b)) => a.min(b),
            (Some(a), None) | (None, Some(a)) => c.hint.map_or(a, |h| h.max(Level::Official).min(a)),
            (None, None) => c.hint.unwrap_or(Level::ViceMinister),
        }
    };
    let legislators = (level == Level::Official)
        && c.kind != Kind::Visit
        && c.sentence
            .split(|x: char| !x.is_alphabetic())
            .any(|w| cast.lexicon.words.is("legislators", &w.to_lowercase()))
        && [Side::US, Side::CN].into_iter().filter_map(top).max() >= Some(Level::Minister);
    // "a bipartisan congressional delegation": received by those above its rank.
    let member = |p: &Party| {
        p.office.as_deref().is_some_and(|o| ["Senat", "Representative"].iter().any(|title| o.contains(title)))
    };
    let words = c.sentence.to_lowercase();
    let told = words.contains("delegation")
        && ["bipartisan", "congressional", "senators", "lawmakers", "codel"].iter().any(|w| words.contains(w));
    let formal = level == Level::Official && parties.iter().any(member) && (c.formal || told);
    let legislators = legislators || formal;
    let level = if legislators { Level::ViceMinister } else { level };
    let level = if c.hint == Some(Level::Official) && c.people().next().is_none() { Level::Official } else { level };
    let mention = Mention {
        kind: c.kind,
        status: c.status,
        novelty: if c.background { Novelty::Background } else { Novelty::New },
        level,
        parties,
        moment: c.moment,
        place: c.place.clone(),
        attribution: c.voices.iter().find(|v| !v.denies).map(|v| v.name.clone()),
        voices: c.voices.clone(),
        confidence: confidence::of(c, level),
        evidence: Evidence { sentence: c.sentence.clone(), span: c.span, fired: c.fired.clone(), on_page: false },
    };
    let tree = tree(c, &mention);
    Some((mention, tree))
}

fn party(part: &Part, cast: &Cast<'_>, day: jiff::civil::Date) -> Option<Party> {
    let Some(person) = part.person else {
        if part.state && part.level.is_none() {
            return Some(Party { level: None, ..Party::side_only(part.side) });
        }
        return Some(Party {
            side: part.side,
            person: None,
            name: None,
            office: part.label.as_deref().and_then(office),
            level: part.level,
        });
    };
    let p = cast.lexicon.people.get(person)?;
    let office = cast.office(person, day).or_else(|| cast.office(person, cast.date));
    let level = cast.level(person, day).or_else(|| cast.level(person, cast.date))?;
    Some(Party {
        side: p.side,
        person: Some(p.id.clone()),
        name: Some(p.name.clone()),
        office: office.and_then(|o| cast.lexicon.offices.get(o)).map(|o| o.title.clone()),
        level: Some(level),
    })
}

/// How an office or a delegation is named where nobody is: without adjectives of rank and administration; nothing where the
/// words only refer to somebody ("counterpart") or describe ("defense").
fn office(label: &str) -> Option<String> {
    let filler = |word: &str| {
        matches!(
            word.trim_start_matches("ex-").to_lowercase().as_str(),
            "top"
                | "senior"
                | "high-level"
                | "high-ranking"
                | "several"
                | "two"
                | "three"
                | "some"
                | "trump"
                | "biden"
                | "obama"
                | "administration"
                | "bush"
        )
    };
    let mut words: Vec<&str> = label.split_whitespace().filter(|word| !filler(word)).collect();
    // "commanders of US", "officers from the Chinese": the phrase was cut where its side's name ends.
    let cut = words.iter().position(|word| matches!(*word, "of" | "from")).filter(|at| *at > 0);
    let sides = |word: &str| matches!(word, "the" | "US" | "U.S." | "American" | "Chinese" | "China" | "and");
    if let Some(at) = cut.filter(|at| words.iter().skip(at + 1).all(|word| sides(word))) {
        words.truncate(at);
    }
    let rest = words.join(" ");
    let low = rest.to_lowercase();
    let refers = ["counterpart", "opposite number"].iter().any(|word| low.contains(word));
    let bare = matches!(
        low.as_str(),
        "" | "trade" | "defense" | "defence" | "theatre" | "theater" | "spokesperson" | "ally" | "aide"
    );
    (!refers && !bare).then_some(rest)
}

/// ", said by the White House (US), denied by China (CN)".
fn said(mention: &Mention) -> String {
    let mut text = String::new();
    for voice in &mention.voices {
        let verb = if voice.denies { "denied" } else { "said" };
        let side = voice.side.map_or_else(|| "press".to_owned(), |s| s.to_string());
        text.push_str(&format!(", {verb} by {} ({side})", voice.name));
    }
    text
}

fn tree(c: &Candidate, mention: &Mention) -> Node {
    let children = c
        .fired
        .iter()
        .map(|f| Node { rule: f.rule.clone(), span: f.span, note: String::new(), children: Vec::new() })
        .collect();
    Node {
        rule: format!("contact.{}", mention.kind.name()),
        span: c.span,
        note: format!(
            "{} {}, {}, level {}{}",
            mention.status.name(),
            mention.kind.name(),
            mention.novelty.name(),
            mention.level.name(),
            said(mention)
        ),
        children,
    }
}
