//! The hosts that are asked, were asked a moment ago, or want to be left alone, with the feeds that wait for each.

use super::Known;
use crate::model::feed::FeedSpec;
use crate::model::ids::FeedId;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// What keeps a feed from being asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Held {
    /// Its host asked to be left alone until then.
    Paused(Timestamp),
    /// Its host is being asked, or was a moment ago.
    Busy,
}

/// The hosts that need thought; all others may be asked.
#[derive(Debug, Default)]
pub(super) struct Hosts {
    table: HashMap<Arc<str>, Host>,
    /// When each of them is to be looked at again.
    looks: BTreeSet<(Timestamp, Arc<str>)>,
}

#[derive(Debug, Default)]
struct Host {
    busy: bool,
    /// From when it may be asked, after it was.
    free: Option<Timestamp>,
    /// Until when it wants to be left alone.
    paused: Option<Timestamp>,
    /// The feeds that wait for it, by rank.
    line: BTreeSet<(Timestamp, FeedId)>,
}

impl Hosts {
    /// What keeps a feed of a host from being asked.
    pub(super) fn held(&self, host: &str, now: Timestamp) -> Option<Held> {
        let host = self.table.get(host)?;
        match (host.paused, host.free) {
            (Some(until), _) if until > now => Some(Held::Paused(until)),
            (_, Some(free)) if free > now => Some(Held::Busy),
            _ => host.busy.then_some(Held::Busy),
        }
    }

    /// Until when a host wants to be left alone.
    pub(super) fn paused(&self, host: &str, now: Timestamp) -> Option<Timestamp> {
        self.table.get(host)?.paused.filter(|until| *until > now)
    }

    /// A request begins.
    pub(super) fn begin(&mut self, host: &Arc<str>) {
        self.table.entry(Arc::clone(host)).or_default().busy = true;
    }

    /// A request has ended; the next may begin at `free`.
    pub(super) fn end(&mut self, name: &str, free: Timestamp) {
        if let Some((name, _)) = self.table.get_key_value(name) {
            let name = Arc::clone(name);
            if let Some(host) = self.table.get_mut(&name) {
                (host.busy, host.free) = (false, Some(free));
            }
            self.looks.insert((free, name));
        }
    }

    /// Leaves a host alone until a time; a later time already known is kept.
    pub(super) fn pause(&mut self, name: &Arc<str>, until: Timestamp) {
        let host = self.table.entry(Arc::clone(name)).or_default();
        let until = host.paused.map_or(until, |known| known.max(until));
        host.paused = Some(until);
        self.looks.insert((until, Arc::clone(name)));
    }

    /// Lets a feed wait for its host.
    pub(super) fn queue(&mut self, name: &Arc<str>, rank: Timestamp, feed: FeedId) {
        let host = self.table.entry(Arc::clone(name)).or_default();
        host.line.insert((rank, feed));
        // Of a busy one the end of its request is a look; of one that is free a moment later there may be none any more.
        if !host.busy {
            self.looks.insert((host.free.unwrap_or(rank), Arc::clone(name)));
        }
    }

    /// Has a host looked at again, whose turn somebody gave up.
    pub(super) fn look_at(&mut self, name: &Arc<str>, at: Timestamp) {
        if self.table.contains_key(name) {
            self.looks.insert((at, Arc::clone(name)));
        }
    }

    /// Takes a feed out of its host's line.
    pub(super) fn unqueue(&mut self, name: &str, rank: Timestamp, feed: &FeedId) {
        if let Some(host) = self.table.get_mut(name) {
            host.line.remove(&(rank, feed.clone()));
        }
    }

    /// The feeds whose turn has come: one of each host that may be asked again, all of one that wants to be left alone.
    pub(super) fn wake(&mut self, now: Timestamp) -> Vec<FeedId> {
        let mut woken = Vec::new();
        while self.looks.first().is_some_and(|(at, _)| *at <= now) {
            let Some((_, name)) = self.looks.pop_first() else { break };
            let Some(host) = self.table.get_mut(&name) else { continue };
            if host.paused.is_some_and(|until| until > now) {
                woken.extend(std::mem::take(&mut host.line).into_iter().map(|(_, feed)| feed));
                continue;
            }
            host.paused = None;
            if host.busy || host.free.is_some_and(|free| free > now) {
                continue;
            }
            match host.line.pop_first() {
                Some((_, feed)) => woken.push(feed),
                None => {
                    self.table.remove(&name);
                }
            }
        }
        woken
    }

    /// When a host is to be looked at next.
    pub(super) fn next(&self) -> Option<Timestamp> {
        self.looks.first().map(|(at, _)| *at)
    }

    /// Empties the lines; whoever waited is placed anew.
    pub(super) fn clear_lines(&mut self) {
        self.table.values_mut().for_each(|host| host.line.clear());
    }

    /// The clock was set back.
    pub(super) fn shift(&mut self, by: SignedDuration) {
        let back = |at: Timestamp| at.saturating_sub(by).unwrap_or(Timestamp::MIN);
        for host in self.table.values_mut() {
            (host.free, host.paused) = (host.free.map(back), host.paused.map(back));
            host.line = std::mem::take(&mut host.line).into_iter().map(|(rank, feed)| (back(rank), feed)).collect();
        }
        self.looks = std::mem::take(&mut self.looks).into_iter().map(|(at, name)| (back(at), name)).collect();
    }
}

/// The name of a feed's turn: its group of hosts, else the host that it is asked at, which may be another than its address
/// says once it has moved.
pub(crate) fn turn(known: &Known) -> String {
    match (&known.spec.pace.group, &known.state.moved) {
        (None, Some(moved)) => of_url(moved),
        _ => host(&known.spec),
    }
}

/// What a feed's requests share their turn with: its group of hosts, else the host of its address with its port, in lower
/// case.
pub(crate) fn host(spec: &FeedSpec) -> String {
    if let Some(group) = &spec.pace.group {
        return format!("group {group}");
    }
    of_url(&spec.url)
}

/// The host of a feed's address, for people.
pub(crate) fn site(spec: &FeedSpec) -> String {
    url::Url::parse(&spec.url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
}

fn of_url(url: &str) -> String {
    url::Url::parse(url)
        .ok()
        .and_then(|url| Some(format!("{}:{}", url.host_str()?, url.port_or_known_default()?)))
        .unwrap_or_default()
}
