//! Reads an article and finds its contacts, with spans and a trace.

mod actors;
mod discourse;
mod groups;
mod identify;
mod line;
mod parse;
mod status;
