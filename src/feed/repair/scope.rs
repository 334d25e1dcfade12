//! Which namespace a prefix means at a place in the document.

use super::names::Ns;

/// The declarations in force, innermost last.
#[derive(Debug, Default)]
pub(super) struct Scopes<'t> {
    bound: Vec<(usize, &'t str, Ns)>,
}

/// What a qualified name turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Resolved {
    /// In this namespace.
    Known(Ns),
    /// The prefix is not declared, but everyone knows what it means.
    Supplied(Ns),
    /// The prefix is declared nowhere.
    Undeclared,
}

/// Most declarations in force at once; further ones are not heard.
const MOST: usize = 256;

impl<'t> Scopes<'t> {
    /// Hears the declarations of a start tag at a depth.
    pub(super) fn enter(&mut self, depth: usize, attributes: impl Iterator<Item = (&'t str, &'t str)>) {
        for (name, value) in attributes {
            let prefix = match name.strip_prefix("xmlns") {
                Some("") => "",
                Some(rest) => match rest.strip_prefix(':') {
                    Some(prefix) => prefix,
                    None => continue,
                },
                None => continue,
            };
            if self.bound.len() < MOST {
                self.bound.push((depth, prefix, Ns::of_address(value)));
            }
        }
    }

    /// Forgets the declarations deeper than what is still open.
    pub(super) fn leave(&mut self, depth: usize) {
        while self.bound.last().is_some_and(|(bound, _, _)| *bound > depth) {
            self.bound.pop();
        }
    }

    /// Resolves the prefix of a name; an empty prefix is the default namespace.
    pub(super) fn resolve(&self, prefix: &str) -> Resolved {
        let bound = self.bound.iter().rev().find(|(_, name, _)| *name == prefix).map(|(_, _, ns)| *ns);
        match (bound, Ns::of_prefix(prefix)) {
            (None, _) if prefix.is_empty() => Resolved::Known(Ns::Own),
            // A known prefix with a misspelt address means what it always means.
            (Some(Ns::Other), Some(usual)) => Resolved::Known(usual),
            (Some(ns), _) => Resolved::Known(ns),
            (None, _) if prefix == "xml" => Resolved::Known(Ns::Other),
            (None, Some(usual)) => Resolved::Supplied(usual),
            (None, None) => Resolved::Undeclared,
        }
    }
}
