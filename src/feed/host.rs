//! Politeness: one request at a time to a host, and none while it asks to be left alone.

use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

/// The hosts that are being asked or left alone. Clones share one table; idle hosts are forgotten.
#[derive(Clone, Debug, Default)]
pub struct Hosts {
    table: Arc<Mutex<HashMap<String, Entry>>>,
}

#[derive(Debug, Default)]
struct Entry {
    turn: Arc<AsyncMutex<()>>,
    /// How many hold or wait for the turn.
    users: usize,
    rest_until: Option<Timestamp>,
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

/// The host of an address, as the table knows it; nothing where the address cannot be read.
#[must_use]
pub fn of(url: &str) -> Option<String> {
    url::Url::parse(url).ok()?.host_str().map(str::to_owned)
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

    /// Leaves a host alone until a time; a later time already known is kept.
    pub fn rest(&self, host: &str, until: Timestamp) {
        self.with(|table| {
            let entry = table.entry(host.to_owned()).or_default();
            entry.rest_until = entry.rest_until.max(Some(until));
        });
    }

    /// Until when a host is to be left alone; nothing where it may be asked at `now`. Forgets rests that are over.
    #[must_use]
    pub fn resting(&self, host: &str, now: Timestamp) -> Option<Timestamp> {
        self.with(|table| {
            table.retain(|_, entry| entry.users > 0 || entry.rest_until.is_some_and(|until| until > now));
            table.get(host).and_then(|entry| entry.rest_until).filter(|until| *until > now)
        })
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
                if entry.users == 0 && entry.rest_until.is_none() {
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

    #[test]
    fn a_host_has_one_name() {
        assert_eq!(of("HTTPS://u@A.Example:8443/x").as_deref(), Some("a.example"));
        assert_eq!(of("nonsense"), None);
    }

    #[tokio::test]
    async fn a_rest_is_kept_until_it_is_over() {
        let hosts = Hosts::default();
        let at = |second| Timestamp::from_second(second).unwrap();
        hosts.rest("a.example", at(100));
        hosts.rest("a.example", at(50));
        drop(hosts.turn("a.example").await);
        assert_eq!(hosts.resting("a.example", at(99)), Some(at(100)));
        assert_eq!(hosts.resting("b.example", at(99)), None);
        assert_eq!(hosts.resting("a.example", at(100)), None);
        assert!(hosts.is_empty());
    }
}
