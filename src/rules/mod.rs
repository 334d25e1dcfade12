//! Turns changes and items into alerts, as the user's rules ask.
