//! Places as names and what lies in what, so that "China" and "Beijing" do not contradict each other.

use std::collections::HashMap;

/// Longest chain of containment that is followed: venue, city, province, country.
const DEPTH: usize = 6;

/// A table of places and the larger place that holds each, compared without regard to case.
///
/// An empty table knows no place: then only the same names are the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    known: HashMap<String, Place>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Place {
    holder: Option<String>,
    venue: bool,
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
    /// Different names that may be one place: a venue of the same country, or a name that the table lacks beside one
    /// that it has.
    Obscure,
    /// Different names, neither of which is in the table.
    Unsure,
    /// Two places, neither in the other.
    Apart,
}

impl Places {
    /// Takes pairs of a place and what holds it, such as `("Beijing", "China")`; names as mentions give them.
    #[must_use]
    pub fn new(pairs: &[(&str, &str)]) -> Self {
        Self::default().with(pairs, false)
    }

    /// Adds venues, such as `("Great Hall of the People", "China")` or `("Filoli", "San Francisco")`: they may lie in any
    /// city of what holds them.
    #[must_use]
    pub fn with_venues(self, pairs: &[(&str, &str)]) -> Self {
        self.with(pairs, true)
    }

    /// Compares two places.
    #[must_use]
    pub fn compare(&self, a: Option<&str>, b: Option<&str>) -> Where {
        let (Some(a), Some(b)) = (a, b) else { return Where::Unsaid };
        let (a, b) = (fold(a), fold(b));
        if a == b {
            return Where::Same;
        }
        if self.holds(&a, &b) || self.holds(&b, &a) {
            return Where::Inside;
        }
        match (self.known.get(&a), self.known.get(&b)) {
            (None, None) => Where::Unsure,
            (None, Some(_)) | (Some(_), None) => Where::Obscure,
            (Some(x), Some(y)) if (x.venue || y.venue) && self.outermost(&a) == self.outermost(&b) => Where::Obscure,
            (Some(_), Some(_)) => Where::Apart,
        }
    }

    /// Whether two places lie in one country, as far as the table knows them.
    #[must_use]
    pub fn one_country(&self, a: Option<&str>, b: Option<&str>) -> bool {
        let (Some(a), Some(b)) = (a, b) else { return false };
        self.outermost(&fold(a)) == self.outermost(&fold(b))
    }

    /// Whether a place told is the better name for one that is known: the city rather than its country or its venue.
    #[must_use]
    pub fn is_better(&self, told: &str, known: &str) -> bool {
        let (told, known) = (fold(told), fold(known));
        let rank = |place: &str| match self.known.get(place) {
            Some(Place { venue: true, .. }) => 1,
            Some(Place { holder: None, .. }) => 0,
            Some(_) => usize::MAX - self.chain(place).count(),
            None => 0,
        };
        let one_country = self.outermost(&told) == self.outermost(&known);
        one_country && self.known.contains_key(&known) && rank(&told) > rank(&known)
    }

    fn with(mut self, pairs: &[(&str, &str)], venue: bool) -> Self {
        for (place, holder) in pairs {
            let (place, holder) = (fold(place), fold(holder));
            self.known.entry(holder.clone()).or_default();
            let holder = Some(holder).filter(|holder| *holder != place);
            self.known.insert(place, Place { holder, venue });
        }
        self
    }

    fn holds(&self, outer: &str, inner: &str) -> bool {
        self.chain(inner).skip(1).any(|place| place == outer)
    }

    fn outermost<'a>(&'a self, place: &'a str) -> Option<&'a str> {
        self.chain(place).last()
    }

    /// The place, what holds it, what holds that.
    fn chain<'a>(&'a self, place: &'a str) -> impl Iterator<Item = &'a str> {
        let holder = |place: &&'a str| self.known.get(*place).and_then(|place| place.holder.as_deref());
        std::iter::successors(Some(place), holder).take(DEPTH)
    }
}

fn fold(name: &str) -> String {
    name.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places() -> Places {
        let cities =
            [("Beijing", "China"), ("Shanghai", "China"), ("Busan", "South Korea"), ("Singapore", "Singapore")];
        Places::new(&cities).with_venues(&[("Great Hall", "China"), ("Yanqi Lake", "Beijing"), ("Camp", "Korea")])
    }

    #[test]
    fn a_country_holds_its_cities_and_venues_lie_anywhere_in_it() {
        let places = places();
        let compare = |a, b| places.compare(Some(a), Some(b));
        assert_eq!(compare("beijing", "Beijing "), Where::Same);
        assert_eq!(compare("China", "Beijing"), Where::Inside);
        assert_eq!(compare("Great Hall", "china"), Where::Inside);
        assert_eq!(compare("Yanqi Lake", "China"), Where::Inside);
        assert_eq!(compare("Great Hall", "Beijing"), Where::Obscure);
        assert_eq!(compare("Great Hall", "Busan"), Where::Apart);
        assert_eq!(compare("Beijing", "Shanghai"), Where::Apart);
        assert_eq!(compare("Beijing", "Singapore"), Where::Apart);
        assert_eq!(compare("Beijing", "somewhere"), Where::Obscure);
        assert_eq!(compare("here", "there"), Where::Unsure);
        assert_eq!(places.compare(None, Some("Beijing")), Where::Unsaid);
        assert_eq!(Places::default().compare(Some("China"), Some("Beijing")), Where::Unsure);
    }

    #[test]
    fn the_city_is_the_better_name() {
        let places = places();
        assert!(places.is_better("Beijing", "China") && places.is_better("Beijing", "Great Hall"));
        assert!(places.is_better("Great Hall", "China") && places.is_better("Beijing", "Yanqi Lake"));
        assert!(!places.is_better("China", "Beijing") && !places.is_better("Great Hall", "Beijing"));
        assert!(!places.is_better("Beijing", "Shanghai") && !places.is_better("Busan", "Beijing"));
        assert!(!places.is_better("here", "there") && !places.is_better("Singapore", "Singapore"));
    }

    #[test]
    fn a_table_that_goes_in_circles_ends() {
        let places = Places::new(&[("a", "b"), ("b", "a")]);
        assert_eq!(places.compare(Some("a"), Some("b")), Where::Inside);
        assert_eq!(places.compare(Some("a"), Some("c")), Where::Obscure);
    }
}
