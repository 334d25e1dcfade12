//! Judges whether a mention is a known contact and what it changes.
