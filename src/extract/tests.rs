//! Properties of the extractor over arbitrary text.
