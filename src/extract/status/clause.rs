//! What the clause around an event says of it: a condition, a question, "whether", "after", a denial.

use super::{Grammar, Real, Reality, fiction};
use crate::lexicon::words::Class;

impl Grammar<'_> {
    /// What the clause around says: "if", "whether", "denied that", "after".
    pub(super) fn clause(&self, at: usize, reality: &mut Reality) {
        if let Some(k) = fiction::work(self.line, self.lexicon).filter(|k| *k < at) {
            reality.real = Real::None;
            reality.rules.push(("reject.fiction".to_owned(), k));
            return;
        }
        let last = self.line.toks.iter().rev().find(|t| !matches!(t.low.as_str(), "\"" | "”" | "’" | "'" | ")"));
        let first = self.line.toks.iter().position(|t| t.low == ":").filter(|k| *k < 4).map_or(0, |k| k + 1);
        let asks = [
            "will", "would", "do", "does", "did", "is", "are", "was", "were", "can", "could", "has", "have", "what",
            "when", "how", "who", "why",
        ];
        if last.is_some_and(|t| t.low == "?") && asks.contains(&self.line.low(first)) {
            reality.real = Real::None;
            reality.rules.push(("reject.question".to_owned(), first));
            return;
        }
        // "Biden to meet Xi in New Delhi?", "Blinken in Beijing: a thaw?": what a headline asks is no report.
        let asked = (0..self.line.toks.len()).rev().find(|k| matches!(self.line.low(*k), ":" | "." | "!" | ";" | "—"));
        if self.line.headline
            && last.is_some_and(|t| t.low == "?")
            && at >= asked.map_or(0, |k| k + 1)
            && matches!(reality.real, Real::Bare | Real::Present | Real::Future | Real::Weak)
            && !self.lexicon.words.is("subordinator", self.line.low(first))
        {
            reality.real = Real::None;
            reality.rules.push(("reject.question".to_owned(), asked.map_or(0, |k| k + 1)));
            return;
        }
        let inverted =
            self.line.low(0) == "were" && self.parse.groups.iter().any(|g| g.from == 1 && self.line.low(g.to) == "to");
        if inverted || matches!(self.line.low(0), "should" | "suppose" | "imagine") {
            reality.real = Real::None;
            reality.rules.push(("reject.conditional".to_owned(), 0));
            return;
        }
        let index = self.parse.segment_of(at);
        let Some(segment) = self.parse.segments.get(index) else { return };
        // "If Xi visits, …", "Whether they meet …": at the head of a sentence no mark opens the clause.
        let head = self.line.toks.iter().position(|t| !t.mark).unwrap_or(0);
        let headed = segment.from <= head && matches!(self.line.low(head), "if" | "unless" | "whether");
        let opener = if headed { self.line.low(head) } else { segment.opener.as_str() };
        if (segment.from..segment.to).any(|k| self.line.low(k) == "times" && k > segment.from)
            && reality.real == Real::Past
        {
            // "have spoken five times": a habit.
            reality.given = true;
        }
        // "Biden, who met Xi in Bali this month, has said little": by the way.
        let aside =
            matches!(opener, "who" | "whom") && segment.from.checked_sub(1).is_some_and(|k| self.line.low(k) == ",");
        if aside && reality.real == Real::Past && !self.line.headline {
            reality.aside = true;
            reality.rules.push(("novelty.aside".to_owned(), segment.from));
        }
        if opener == "whose" && matches!(reality.real, Real::Past | Real::Bare) && !self.line.headline {
            // "Trump, whose visit to China in November cost Beijing millions, has threatened".
            reality.given = true;
        }
        // "In his memoir Burns writes that he met Wang": recalled.
        let memoir = (0..at).find(|k| self.line.list(self.lexicon, "memoirs", *k).is_some());
        if let Some(k) = memoir.filter(|_| matches!(reality.real, Real::Past | Real::Bare | Real::Present)) {
            reality.given = true;
            reality.rules.push(("novelty.recent".to_owned(), k));
        }
        let habit = || (segment.from..segment.to).any(|k| self.line.list(self.lexicon, "habit", k).is_some());
        if matches!(reality.real, Real::Present | Real::Underway | Real::Bare) && habit() {
            reality.real = Real::None;
            reality.rules.push(("reject.habit".to_owned(), at));
        }
        // "whether he would still travel as planned": in doubt, but on the calendar.
        let stands = || {
            (segment.from..segment.to + 2).any(|k| {
                matches!(self.line.low(k), "planned" | "scheduled") && self.line.before(k) == "as"
                    || self.line.low(k) == "still" && k < segment.to
            })
        };
        // "is weighing whether he will go": thought of. "It is unclear whether he will go": nothing is known.
        let weighed = || {
            let above = segment
                .from
                .checked_sub(1)
                .and_then(|k| (k.saturating_sub(4)..=k).rev().find(|k| self.parse.verb(*k).is_some()));
            above.and_then(|v| Some((v, self.parse.verb(v)?))).is_some_and(|(v, verb)| {
                let talks = || ["discuss", "explor", "decid"].iter().any(|word| self.line.low(v).starts_with(word));
                let class = self.class_of(verb.lemma, v).0;
                // "would not say whether", "declined to say whether": an official leaves it open.
                let silent =
                    class == Some(Class::Say) || self.line.low(v).starts_with("dr") || self.line.low(v) == "comment";
                let declines = verb.infinitive.and_then(|to| to.checked_sub(1)).is_some_and(|k| {
                    self.parse.verb(k).is_some_and(|v| self.class_of(v.lemma, k).0 == Some(Class::Decline))
                });
                silent && (verb.negated || declines) || !verb.negated && (class == Some(Class::Doubt) || talks())
            })
        };
        let wish = self.parse.verb(at).is_some_and(|v| v.wish || v.infinitive == Some(segment.from + 1));
        match opener {
            "if" | "unless" if reality.presupposed => {}
            "if" | "unless" => {
                reality.real = Real::None;
                reality.rules.push(("reject.conditional".to_owned(), segment.from));
            }
            "after" | "since" | "once" if !matches!(reality.real, Real::Future | Real::Weak | Real::None) => {
                reality.given = true;
                reality.rules.push(("novelty.after".to_owned(), segment.from));
            }
            "when" | "whenever" => reality.when = true,
            "before" | "until" => {
                if matches!(reality.real, Real::Bare | Real::Present) {
                    reality.real = Real::Future;
                }
            }
            "whether" => {
                if wish && weighed() {
                    // "is weighing whether to go", "considers whether he should".
                    reality.real = Real::Weak;
                    reality.rules.push(("status.hoped".to_owned(), segment.from));
                } else if matches!(reality.real, Real::Past | Real::Present | Real::Bare) {
                    reality.real = Real::None;
                    reality.rules.push(("reject.conditional".to_owned(), segment.from));
                } else if matches!(reality.real, Real::Future) && !stands() {
                    if weighed() {
                        reality.real = Real::Weak;
                    } else {
                        reality.real = Real::None;
                        reality.rules.push(("reject.unknown-whether".to_owned(), segment.from));
                    }
                }
            }
            _ => {}
        }
        // "days after a paper published an interview in which he said that Xi had called him": all of it is given.
        let nested = |opener: &str| matches!(opener, "that" | "who" | "which" | "whose" | "say" | "where");
        let above = self
            .parse
            .segments
            .iter()
            .take(index + 1)
            .rev()
            .find(|s| !nested(&s.opener))
            .filter(|_| nested(opener) && matches!(reality.real, Real::Past | Real::Bare));
        if above.is_some_and(|s| matches!(s.opener.as_str(), "after" | "since")) {
            reality.given = true;
            reality.rules.push(("novelty.after".to_owned(), segment.from));
        }
        // A denying verb before the clause: "denied that", "dismissed a report that".
        if index > 0
            && matches!(opener, "that" | "say")
            && let Some(previous) = self.parse.segments.get(index - 1)
            && let Some(v) =
                (previous.from..segment.from.min(previous.to)).rev().find(|k| self.parse.verb(*k).is_some())
            && let Some(verb) = self.parse.verb(v)
        {
            let (class, _) = self.class_of(verb.lemma, v);
            let denied =
                matches!(class, Some(Class::Deny)) || (class == Some(Class::Decline) && reality.real != Real::Future);
            if denied {
                reality.denied = Some(reality.real).filter(|r| *r != Real::None);
                reality.real = Real::None;
                reality.rules.push(("reject.denied".to_owned(), v));
            }
        }
    }
}
