//! Politeness: one request at a time to a host, and a pause between two.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};
use tokio::time::Instant;

/// The hosts that are being asked or were a moment ago. Clones share one table; idle hosts are forgotten.
#[derive(Clone, Debug, Default)]
pub struct Hosts {
    table: Arc<Mutex<Table>>,
    spacing: Duration,
}

#[derive(Debug, Default)]
struct Table {
    hosts: HashMap<String, Entry>,
    /// The hosts that were left, in the order in which that was.
    left: VecDeque<(Instant, String)>,
}

#[derive(Debug, Default)]
struct Entry {
    /// When the last request ended.
    turn: Arc<AsyncMutex<Option<Instant>>>,
    /// How many hold or wait for the turn.
    users: usize,
    /// When the last of them went.
    left: Option<Instant>,
}

/// The right to ask a host; the next in line has it when this is dropped.
#[derive(Debug)]
pub struct Turn {
    held: OwnedMutexGuard<Option<Instant>>,
    _place: Place,
}

/// A place in a host's line, given up when dropped, also by a task that is aborted while it waits.
#[derive(Debug)]
struct Place {
    hosts: Hosts,
    host: String,
}

impl Hosts {
    /// Hosts that are left in peace for so long between two requests.
    #[must_use]
    pub fn new(spacing: Duration) -> Self {
        Self { table: Arc::default(), spacing }
    }

    /// Waits for the turn to ask a host: until nobody else asks it, and then for what is left of the pause.
    pub async fn turn(&self, host: &str) -> Turn {
        let turn = self.with(|table| {
            let entry = table.hosts.entry(host.to_owned()).or_default();
            entry.users += 1;
            Arc::clone(&entry.turn)
        });
        let place = Place { hosts: self.clone(), host: host.to_owned() };
        let held = turn.lock_owned().await;
        if let Some(left) = held.and_then(|ended| self.spacing.checked_sub(ended.elapsed())) {
            tokio::time::sleep(left).await;
        }
        Turn { held, _place: place }
    }

    /// How many hosts are remembered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.with(|table| table.hosts.len())
    }

    /// Whether none is remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn with<T>(&self, act: impl FnOnce(&mut Table) -> T) -> T {
        // The table is whole after any panic: every change is one assignment.
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        let done = act(&mut table);
        table.forget(self.spacing);
        done
    }
}

impl Table {
    /// Forgets the hosts that nobody has used for so long.
    fn forget(&mut self, spacing: Duration) {
        while self.left.front().is_some_and(|(at, _)| at.elapsed() >= spacing) {
            let Some((at, host)) = self.left.pop_front() else { break };
            if self.hosts.get(&host).is_some_and(|entry| entry.users == 0 && entry.left == Some(at)) {
                self.hosts.remove(&host);
            }
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        *self.held = Some(Instant::now());
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.hosts.with(|table| {
            if let Some(entry) = table.hosts.get_mut(&self.host) {
                entry.users = entry.users.saturating_sub(1);
                if entry.users == 0 {
                    let now = Instant::now();
                    entry.left = Some(now);
                    table.left.push_back((now, self.host.clone()));
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;

    #[tokio::test]
    async fn one_turn_at_a_time_and_idle_hosts_are_forgotten() {
        let hosts = Hosts::default();
        let first = hosts.turn("a.example").await;
        let other = hosts.turn("b.example").await;
        assert_eq!(hosts.len(), 2);
        let mut second = Box::pin(hosts.turn("a.example"));
        assert!(second.as_mut().now_or_never().is_none(), "the host is taken");
        drop(first);
        let second = second.await;
        let aborted = Box::pin(hosts.turn("a.example")).now_or_never();
        assert!(aborted.is_none());
        drop((second, other));
        assert!(hosts.is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn a_host_is_left_in_peace_between_two_requests() {
        let hosts = Hosts::new(Duration::from_secs(2));
        drop(hosts.turn("a.example").await);
        let begun = Instant::now();
        drop(hosts.turn("b.example").await);
        assert_eq!(begun.elapsed(), Duration::ZERO, "another host");
        let turn = hosts.turn("a.example").await;
        assert_eq!(begun.elapsed(), Duration::from_secs(2));
        drop(turn);
        tokio::time::advance(Duration::from_secs(3)).await;
        drop(hosts.turn("a.example").await);
        assert_eq!(begun.elapsed(), Duration::from_secs(5), "the pause is over");
        tokio::time::advance(Duration::from_secs(3)).await;
        assert!(hosts.turn("c.example").now_or_never().is_some() && hosts.len() == 1, "idle hosts are forgotten");
    }
}
