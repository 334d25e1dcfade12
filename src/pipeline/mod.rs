//! The one composition of reading and deciding that daemon, extract, explain and tests all call.
