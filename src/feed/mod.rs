//! Feeds: one request, its verdict, repair and parsing.
