//! The user's configuration: raw, then checked once, with every problem at its place.
