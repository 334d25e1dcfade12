//! Channels that carry alerts to people and programs.
