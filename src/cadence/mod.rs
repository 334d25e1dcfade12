//! When to poll next: pure arithmetic over the last outcome, with capped back-off and seeded jitter.
