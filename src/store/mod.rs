//! The embedded store: one writer, many readers, every row of the program.
