//! Text made ready for reading: HTML to prose, sentences, tokens, language.
