//! What is made up: "In the novel Biden meets Xi", "The play imagines a meeting".

use crate::extract::line::Line;
use crate::lexicon::Lexicon;

/// Tokens from the head of a sentence within which the work is named.
const HEAD: usize = 14;

/// The word for a novel, film or game whose plot a sentence tells: the phrase that opens it, or the subject of a verb of telling.
pub(in crate::extract) fn work(line: &Line, lexicon: &Lexicon) -> Option<usize> {
    if !line.may_have(lexicon, "fiction") {
        return None;
    }
    (0..line.toks.len().min(HEAD)).find(|at| {
        let Some(len) = line.list(lexicon, "fiction", *at) else { return false };
        let end = at + len;
        // "In the novel, …", "In John Adams's opera …": no clause before it, and it ends with a mark or before a name.
        let head = line.toks.iter().take(5).position(|t| t.low == ":").map_or(0, |k| k + 1);
        let phrase = line.low(head) == "in" && *at < head + 8 && !(head..*at).any(|k| line.low(k) == ",");
        let about = || {
            (end..(end + 7).min(line.toks.len()))
                .any(|k| line.low(k) == "," || line.toks.get(k).is_some_and(|t| !t.targets.is_empty()))
        };
        // "“The Long Strait”, a novel by a former officer, imagines".
        let described =
            matches!(line.low(end), "by" | "about" | "set" | "from" | "directed" | "written" | "of" | "," | "(");
        let reach = if described { 12 } else { 3 };
        let tells = (end..end + reach).any(|k| line.list(lexicon, "plots", k).is_some());
        phrase && about() || tells
    })
}
