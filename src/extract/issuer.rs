//! Whose text it is, and whom a bare high office means in it: "the President met Premier Li", "the Secretary".

use super::line::Line;
use crate::lexicon::Lexicon;
use crate::lexicon::gazetteer::Target;
use crate::model::actor::Side;

/// Lines at the head of a text in which its issuer stands.
const HEAD: usize = 4;

/// Departments whose head their own texts call "the Secretary": body, list of cues, office.
const DEPARTMENTS: [(&str, &str, &str); 3] = [
    ("us-state-department", "issuer_state", "us-secretary-of-state"),
    ("us-treasury", "issuer_treasury", "us-secretary-of-the-treasury"),
    ("us-defense-department", "issuer_defense", "us-secretary-of-defense"),
];

/// The lists of phrases that tell whose text it is.
const CUES: [&str; 5] = ["issuer_us", "issuer_cn", "issuer_state", "issuer_treasury", "issuer_defense"];

/// What the head of a text and its names say of its point of view.
#[derive(Debug, Default)]
pub(super) struct Issuer {
    /// The government that speaks.
    side: Option<Side>,
    /// The one watched side of which the text names nobody, where no third state is told of.
    unnamed: Option<Side>,
    /// The office that "the Secretary" means.
    secretary: Option<usize>,
}

impl Issuer {
    /// Reads the head of a text; `named` are the sides of the people in office whom it names.
    pub(super) fn new(lexicon: &Lexicon, lines: &[Line], named: &[Side]) -> Self {
        let mut issuer = Self::default();
        for line in lines.iter().take(HEAD) {
            let cued = CUES.iter().any(|list| line.may_have(lexicon, list));
            let named = || line.toks.iter().any(|tok| tok.targets.iter().any(|t| matches!(t, Target::Body(_))));
            if !cued && !named() {
                continue;
            }
            for at in 0..line.toks.len() {
                for (list, side) in [("issuer_us", Side::US), ("issuer_cn", Side::CN)] {
                    if issuer.side.is_none() && line.list(lexicon, list, at).is_some() {
                        issuer.side = Some(side);
                    }
                }
                for (body, list, office) in DEPARTMENTS {
                    if issuer.secretary.is_none()
                        && (is_body(line, lexicon, at, body) || line.list(lexicon, list, at).is_some())
                    {
                        issuer.secretary = lexicon.offices.iter().position(|o| o.id == office);
                    }
                }
            }
        }
        let (us, cn) = (named.contains(&Side::US), named.contains(&Side::CN));
        let third = lines.iter().flat_map(|line| &line.toks).flat_map(|tok| &tok.targets).any(|target| match target {
            Target::State(s, _) => lexicon.states.get(*s).is_some_and(|s| s.side != Side::US && s.side != Side::CN),
            Target::Blocker(_) | Target::BlockerName(_) => true,
            _ => false,
        });
        if us != cn && !third {
            issuer.unnamed = Some(if us { Side::CN } else { Side::US });
        }
        issuer
    }

    /// The side of an office that both sides have, named without its holder or state.
    pub(super) fn side(&self) -> Option<Side> {
        self.side.or(self.unnamed)
    }

    /// The government whose text it is.
    pub(super) fn speaks(&self) -> Option<Side> {
        self.side
    }

    /// The office that "the Secretary" means.
    pub(super) fn secretary(&self) -> Option<usize> {
        self.secretary
    }
}

fn is_body(line: &Line, lexicon: &Lexicon, at: usize, id: &str) -> bool {
    line.toks.get(at).is_some_and(|tok| {
        tok.targets
            .iter()
            .any(|t| if let Target::Body(b) = t { lexicon.bodies.get(*b).is_some_and(|b| b.id == id) } else { false })
    })
}
