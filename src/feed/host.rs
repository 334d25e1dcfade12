//! Politeness: one request at a time to a host.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

/// The hosts that are being asked. Clones share one table; idle hosts are forgotten.
#[derive(Clone, Debug, Default)]
pub struct Hosts {
    table: Arc<Mutex<HashMap<String, Entry>>>,
}

#[derive(Debug, Default)]
struct Entry {
    turn: Arc<AsyncMutex<()>>,
    /// How many hold or wait for the turn.
    users: usize,
}

/// The right to ask a host; the next in line has it when this is dropped.
#[derive(Debug)]
pub struct Turn {
    _held: OwnedMutexGuard<()>,
    _place: Place,
}

/// A place in a host's line, given up when dropped, also by a task that is aborted while it waits.
#[derive(Debug)]
struct Place {
    hosts: Hosts,
    host: String,
}

impl Hosts {
    /// Waits for the turn to ask a host.
    pub async fn turn(&self, host: &str) -> Turn {
        let turn = self.with(|table| {
            let entry = table.entry(host.to_owned()).or_default();
            entry.users += 1;
            Arc::clone(&entry.turn)
        });
        let place = Place { hosts: self.clone(), host: host.to_owned() };
        Turn { _held: turn.lock_owned().await, _place: place }
    }

    /// How many hosts are remembered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.with(|table| table.len())
    }

    /// Whether none is remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn with<T>(&self, act: impl FnOnce(&mut HashMap<String, Entry>) -> T) -> T {
        // The table is whole after any panic: every change is one assignment.
        act(&mut self.table.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.hosts.with(|table| {
            if let Some(entry) = table.get_mut(&self.host) {
                entry.users = entry.users.saturating_sub(1);
                if entry.users == 0 {
                    table.remove(&self.host);
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
}
