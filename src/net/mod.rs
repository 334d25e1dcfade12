//! The HTTP client and the guard that says which addresses it may reach.
