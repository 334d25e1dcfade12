//! What each command does, for the daemon and for a command line that has the store to itself.

use super::feeds;
use super::protocol::{Code, Command, Piece, Reply};
use crate::daemon::router::Hush;
use crate::daemon::schedule::Schedule;
use crate::model::actor::Level;
use crate::model::delivery::{Delivery, DeliveryState};
use crate::model::ids::DeliveryId;
use crate::model::silence::Silence;
use crate::rules::mute::{self, Names};
use crate::shape::remedy_for;
use crate::store::{ContactFilter, Store, StoreError, Which};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use std::sync::Arc;

/// What a command works with.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    /// The store, open for writing.
    pub store: &'a Store,
    /// What matchers may name.
    pub names: &'a Names,
    /// The zone of times that a person writes without one.
    pub zone: &'a TimeZone,
    /// The time.
    pub now: Timestamp,
    /// What a running daemon must be told of.
    pub running: Option<(&'a Hush, &'a Arc<Schedule>)>,
}

/// Does what is asked.
pub async fn act(command: Command, desk: &Desk<'_>) -> Reply {
    let nothing = match &command {
        Command::SilenceAdd { contact: Some(id), .. } | Command::SilenceExpire { id } => id.is_empty(),
        Command::OutboxRetry(Piece::One(id)) | Command::OutboxDrop(Piece::One(id)) => id.is_empty(),
        _ => false,
    };
    if nothing {
        return Reply::refused(Code::Usage, "an id is empty; give the first characters of one");
    }
    let done = match command {
        Command::Ping => Ok(Reply::Done(json!({ "version": env!("CARGO_PKG_VERSION") }))),
        Command::SilenceAdd { matchers, contact, until, reason } => {
            add_silence(desk, matchers, contact, &until, &reason).await
        }
        Command::SilenceExpire { id } => expire_silence(desk, &id).await,
        Command::OutboxRetry(piece) => outbox(desk, &piece, true).await,
        Command::OutboxDrop(piece) => outbox(desk, &piece, false).await,
        Command::FeedsList => Ok(list(desk)),
        Command::FeedsRefresh { feeds } => Ok(refresh(desk, &feeds)),
    };
    done.unwrap_or_else(|error| {
        let code = if error.retryable() { Code::Busy } else { Code::Failed };
        Reply::refused(code, error.to_string())
    })
}

async fn add_silence(
    desk: &Desk<'_>,
    mut matchers: Vec<String>,
    contact: Option<String>,
    until: &str,
    reason: &str,
) -> Result<Reply, StoreError> {
    if let Some(prefix) = contact {
        let which = Which::Prefix(prefix.clone());
        let filter = ContactFilter { which, least: Level::Official, background: true, limit: 2 };
        match desk.store.contacts(&filter).await?.as_slice() {
            [contact] => matchers.push(format!("contact={}", contact.id)),
            [] => {
                return Ok(Reply::refused(Code::Missing, format!("no contact has an id that begins with `{prefix}`")));
            }
            _ => return Ok(Reply::refused(Code::Usage, format!("several ids begin with `{prefix}`; give more of it"))),
        }
    }
    let silence = match mute::silence(&matchers, until, reason, desk.names, desk.zone, desk.now) {
        Ok(silence) => silence,
        Err(bad) => {
            let why = bad.iter().map(ToString::to_string).collect();
            return Ok(Reply::Refused { code: Code::Usage, why });
        }
    };
    desk.store.add_silence(&silence).await?;
    tell(desk).await?;
    Ok(Reply::Done(shown(&silence)))
}

async fn expire_silence(desk: &Desk<'_>, id: &str) -> Result<Reply, StoreError> {
    let found = desk.store.expire_silence(id, desk.now).await?;
    Ok(match found.as_slice() {
        [silence] => {
            tell(desk).await?;
            Reply::Done(shown(silence))
        }
        [] => {
            let ended = desk.store.silences(Timestamp::MIN).await?;
            let known = ended.iter().find(|silence| silence.id.as_str().starts_with(id));
            let why = match known {
                Some(silence) => format!("silence {} has ended already, at {}", silence.id, silence.until),
                None => format!("no silence has an id that begins with `{id}`"),
            };
            Reply::refused(Code::Missing, why)
        }
        _ => Reply::refused(Code::Usage, format!("several ids begin with `{id}`; give more of it")),
    })
}

/// The daemon must know of a changed silence before the command says that it is done.
async fn tell(desk: &Desk<'_>) -> Result<(), StoreError> {
    match desk.running {
        Some((hush, _)) => hush.refresh(desk.store, desk.now).await,
        None => Ok(()),
    }
}

async fn outbox(desk: &Desk<'_>, piece: &Piece, again: bool) -> Result<Reply, StoreError> {
    let done = match piece {
        Piece::AllBuried if again => desk.store.requeue_buried(desk.now).await?,
        Piece::AllBuried => desk.store.drop_buried().await?,
        Piece::One(prefix) => {
            let found: Vec<Delivery> =
                desk.store.deliveries(prefix, 2).await?.into_iter().map(|parcel| parcel.delivery).collect();
            let one = match found.as_slice() {
                [one] => one,
                [] => {
                    let why = format!("no delivery has an id that begins with `{prefix}`");
                    return Ok(Reply::refused(Code::Missing, why));
                }
                _ => {
                    let why = format!("several ids begin with `{prefix}`; give more of it");
                    return Ok(Reply::refused(Code::Usage, why));
                }
            };
            match one.state {
                DeliveryState::Claimed { .. } => {
                    return Ok(Reply::refused(Code::Usage, format!("delivery {} is under way", one.id)));
                }
                DeliveryState::Sent => {
                    return Ok(Reply::refused(Code::Usage, format!("delivery {} was sent", one.id)));
                }
                _ => {}
            }
            let changed = match again {
                true => desk.store.requeue(&one.id, desk.now).await?,
                false => desk.store.drop_delivery(&one.id).await?,
            };
            if changed { vec![one.id.clone()] } else { Vec::new() }
        }
    };
    let done: Vec<&str> = done.iter().map(DeliveryId::as_str).collect();
    Ok(Reply::Done(json!({ "deliveries": done })))
}

fn list(desk: &Desk<'_>) -> Reply {
    let Some((_, schedule)) = desk.running else {
        return Reply::refused(Code::Missing, "no daemon runs on this store");
    };
    Reply::Done(feeds::listed(&schedule.watched(desk.now), schedule.offline(), desk.now))
}

fn refresh(desk: &Desk<'_>, feeds: &[String]) -> Reply {
    let Some((_, schedule)) = desk.running else {
        return Reply::refused(Code::Missing, "no daemon runs on this store; `openline run --once` polls every feed");
    };
    let known: Vec<String> = schedule.feeds().iter().map(|feed| feed.spec.id.to_string()).collect();
    let strange: Vec<String> = feeds
        .iter()
        .filter(|feed| !known.contains(feed))
        .map(|feed| format!("there is no feed `{feed}`; {}", remedy_for(feed, known.iter().map(String::as_str))))
        .collect();
    if !strange.is_empty() {
        return Reply::Refused { code: Code::Missing, why: strange };
    }
    let found = schedule.refresh(feeds, desk.now);
    Reply::Done(json!({ "feeds": found.feeds, "polling": found.polling, "paused": found.paused }))
}

/// A silence as replies and `openline silence list --json` give it.
fn shown(silence: &Silence) -> Value {
    json!({
        "id": silence.id.as_str(), "matchers": silence.matchers, "reason": silence.reason,
        "created": silence.created.to_string(), "until": silence.until.to_string(),
    })
}
