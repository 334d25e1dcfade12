//! "Did you mean …": the nearest of the names that would have been right.

/// The name most like `word`, where one is like enough to be what was meant: at most one edit for every three
/// characters, and at least one. Edits are Damerau-Levenshtein, case counts for nothing, `_` is `-`.
#[must_use]
pub fn closest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |text: &str| text.to_lowercase().replace('_', "-");
    let word = plain(word);
    let limit = (word.chars().count() / 3).max(1);
    names
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&word, &plain(name)), name))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// The remedy for a word that is none of `names`: the nearest, or else all of them.
#[must_use]
pub fn remedy_for<'a>(word: &str, names: impl IntoIterator<Item = &'a str> + Clone) -> String {
    if let Some(name) = closest(word, names.clone()) {
        return format!("did you mean `{name}`?");
    }
    let mut names: Vec<&str> = names.into_iter().collect();
    let more = names.len().saturating_sub(20);
    names.truncate(20);
    match names.as_slice() {
        [] => "there is none to choose from".to_owned(),
        [only] => format!("only `{only}` is known here"),
        _ if more > 0 => format!("known are {} and {more} more", names.join(", ")),
        _ => format!("known are {}", names.join(", ")),
    }
}
