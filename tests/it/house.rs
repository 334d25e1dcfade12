//! The house test: floors, purity, first lines, lengths and names.
