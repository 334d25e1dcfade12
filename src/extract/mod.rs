//! Reads an article and finds its contacts, with spans and a trace.
