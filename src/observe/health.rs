//! Whether the daemon makes progress: each task gives signs of life, the watchdog reads them. On the monotonic clock: a
//! wall clock that is set, or a machine that slept, makes nobody late.

use std::sync::Mutex;
use std::time::Duration;
use tokio::time::Instant;

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
    seen: Mutex<[Option<Instant>; 4]>,
}

impl Health {
    /// Stamps a task's sign of life.
    pub fn alive(&self, task: Task, now: Instant) {
        let mut seen = self.seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(slot) = seen.get_mut(task as usize) {
            *slot = Some(now);
        }
    }

    /// The tasks that gave no sign for longer than `patience`; a task that has not begun is not late.
    #[must_use]
    pub fn late(&self, now: Instant, patience: Duration) -> Vec<Task> {
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
        let start = Instant::now();
        assert!(health.late(start, Duration::from_secs(30)).is_empty());
        health.alive(Task::Intake, start);
        health.alive(Task::Poller, start + Duration::from_secs(25));
        assert_eq!(health.late(start + Duration::from_secs(31), Duration::from_secs(30)), [Task::Intake]);
    }
}
