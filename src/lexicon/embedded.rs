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

/// The tape of every file, in the order of [`FILES`]; see `build.rs`.
pub const TAPES: &[&[u8]] = &[
    include_bytes!(concat!(env!("OUT_DIR"), "/actors-blockers.tape")),
    include_bytes!(concat!(env!("OUT_DIR"), "/actors-bodies.tape")),
    include_bytes!(concat!(env!("OUT_DIR"), "/actors-offices.tape")),
    include_bytes!(concat!(env!("OUT_DIR"), "/actors-people.tape")),
    include_bytes!(concat!(env!("OUT_DIR"), "/actors-states.tape")),
    include_bytes!(concat!(env!("OUT_DIR"), "/en-background.tape")),
    include_bytes!(concat!(env!("OUT_DIR"), "/en-grammar.tape")),
    include_bytes!(concat!(env!("OUT_DIR"), "/en-kinds.tape")),
    include_bytes!(concat!(env!("OUT_DIR"), "/en-places.tape")),
    include_bytes!(concat!(env!("OUT_DIR"), "/en-status.tape")),
];
