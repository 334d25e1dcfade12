//! The running program: tasks, clock, start and stop.
