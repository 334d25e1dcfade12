//! Places as names and what lies in what, so that "China" and "Beijing" do not contradict each other.

use std::collections::HashMap;

/// Longest chain of containment that is followed: venue, city, province, country.
const DEPTH: usize = 6;

/// A table of places and the larger place that holds each, compared without regard to case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    parent: HashMap<String, String>,
}

/// How two places stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Where {
    /// The same name.
    Same,
    /// One holds the other.
    Inside,
    /// At least one is not said.
    Unsaid,
    /// Different names, of which at least one is not in the table: a venue, a spelling, perhaps another city.
    Unsure,
    /// Two places of the table, neither in the other.
    Apart,
}

impl Places {
    /// Takes pairs of a place and what holds it, such as `("Beijing", "China")` or `("Filoli", "San Francisco")`.
    #[must_use]
    pub fn new(pairs: &[(&str, &str)]) -> Self {
        Self { parent: pairs.iter().map(|(place, holder)| (fold(place), fold(holder))).collect() }
    }

    /// Compares two places.
    #[must_use]
    pub fn compare(&self, a: Option<&str>, b: Option<&str>) -> Where {
        let (Some(a), Some(b)) = (a, b) else { return Where::Unsaid };
        let (a, b) = (fold(a), fold(b));
        if a == b {
            Where::Same
        } else if self.holds(&a, &b) || self.holds(&b, &a) {
            Where::Inside
        } else if self.knows(&a) && self.knows(&b) {
            Where::Apart
        } else {
            Where::Unsure
        }
    }

    /// Whether a place told is the better name for one that is known: the city rather than its country or its venue.
    #[must_use]
    pub fn is_better(&self, told: &str, known: &str) -> bool {
        let (told, known) = (fold(told), fold(known));
        let related = self.holds(&told, &known) || self.holds(&known, &told);
        let rank = |place: &str| match self.depth(place) {
            0 => usize::MAX,
            depth => depth,
        };
        related && rank(&told) < rank(&known)
    }

    /// How many places hold this one: none for a country, one for a city, two for a venue.
    fn depth(&self, place: &str) -> usize {
        let mut at = place;
        for depth in 0..DEPTH {
            match self.parent.get(at) {
                Some(next) if next != at => at = next,
                _ => return depth,
            }
        }
        DEPTH
    }

    fn knows(&self, place: &str) -> bool {
        self.parent.contains_key(place) || self.parent.values().any(|holder| holder == place)
    }

    fn holds(&self, outer: &str, inner: &str) -> bool {
        let mut at = inner;
        for _ in 0..DEPTH {
            match self.parent.get(at) {
                Some(next) if next == outer => return true,
                Some(next) => at = next,
                None => return false,
            }
        }
        false
    }
}

fn fold(name: &str) -> String {
    name.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_holds_its_cities_and_a_city_its_venues() {
        let places = Places::new(&[("Beijing", "China"), ("Shanghai", "China"), ("Great Hall", "Beijing"), ("x", "x")]);
        let compare = |a, b| places.compare(Some(a), Some(b));
        assert_eq!(compare("beijing", "Beijing "), Where::Same);
        assert_eq!(compare("China", "Beijing"), Where::Inside);
        assert_eq!(compare("Great Hall", "china"), Where::Inside);
        assert_eq!(compare("Beijing", "Shanghai"), Where::Apart);
        assert_eq!(compare("Beijing", "Yanqi Lake"), Where::Unsure);
        assert_eq!(compare("x", "y"), Where::Unsure);
        assert_eq!(places.compare(None, Some("Beijing")), Where::Unsaid);
        assert!(places.is_better("Beijing", "China") && places.is_better("Beijing", "Great Hall"));
        assert!(!places.is_better("China", "Beijing") && !places.is_better("Great Hall", "Beijing"));
        assert!(!places.is_better("Beijing", "Shanghai") && !places.is_better("x", "x"));
    }
}
