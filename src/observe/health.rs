//! Whether the daemon makes progress: each task stamps a counter, the watchdog reads them.

use jiff::{SignedDuration, Timestamp};
use std::sync::Mutex;

/// The tasks that must make progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// Picks due feeds.
    Poller,
    /// Settles what was read and writes it.
    Intake,
    /// Sends what is due.
    Courier,
    /// Does what time alone brings.
    Ticker,
}

impl Task {
    /// All tasks.
    pub const ALL: [Self; 4] = [Self::Poller, Self::Intake, Self::Courier, Self::Ticker];

    /// The name shown to people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Poller => "poller",
            Self::Intake => "intake",
            Self::Courier => "courier",
            Self::Ticker => "ticker",
        }
    }
}

/// Last sign of life of each task.
#[derive(Debug, Default)]
pub struct Health {
    seen: Mutex<[Option<Timestamp>; 4]>,
}

impl Health {
    /// Stamps a task's sign of life.
    pub fn alive(&self, task: Task, now: Timestamp) {
        let mut seen = self.seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(slot) = seen.get_mut(task as usize) {
            *slot = Some(now);
        }
    }

    /// The tasks that gave no sign for longer than `patience`; a task that has not begun is not late.
    #[must_use]
    pub fn late(&self, now: Timestamp, patience: SignedDuration) -> Vec<Task> {
        let seen = self.seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        Task::ALL
            .into_iter()
            .zip(seen.iter())
            .filter(|(_, at)| at.is_some_and(|at| now.duration_since(at) > patience))
            .map(|(task, _)| task)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silent_task_is_late() {
        let health = Health::default();
        let start = Timestamp::UNIX_EPOCH;
        assert!(health.late(start, SignedDuration::from_secs(30)).is_empty());
        health.alive(Task::Intake, start);
        health.alive(Task::Poller, start + SignedDuration::from_secs(25));
        assert_eq!(health.late(start + SignedDuration::from_secs(31), SignedDuration::from_secs(30)), [Task::Intake]);
    }
}
