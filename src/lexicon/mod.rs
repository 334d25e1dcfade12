//! Words as data: gazetteer and triggers, loaded and checked from TOML.
