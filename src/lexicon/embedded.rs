//! The data files that ship inside the binary, by an explicit list that a test compares with the folder.

/// Name (relative to `src/lexicon/data`) and text of every file.
pub const FILES: &[(&str, &str)] = &[
    ("actors/blockers.toml", include_str!("data/actors/blockers.toml")),
    ("actors/bodies.toml", include_str!("data/actors/bodies.toml")),
    ("actors/offices.toml", include_str!("data/actors/offices.toml")),
    ("actors/people.toml", include_str!("data/actors/people.toml")),
    ("actors/states.toml", include_str!("data/actors/states.toml")),
    ("en/background.toml", include_str!("data/en/background.toml")),
    ("en/grammar.toml", include_str!("data/en/grammar.toml")),
    ("en/kinds.toml", include_str!("data/en/kinds.toml")),
    ("en/places.toml", include_str!("data/en/places.toml")),
    ("en/status.toml", include_str!("data/en/status.toml")),
];
