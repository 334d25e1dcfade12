//! Dates in text: named rules that find time expressions and resolve them against an anchor.
