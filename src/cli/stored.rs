//! `openline contacts` and `openline outbox`: what the store holds, read while the daemon writes or rests.

use super::command::{Place, order};
use super::{TEMPORARY, UNAVAILABLE};
use crate::daemon::control::{Command, Piece};
use crate::model::actor::Level;
use crate::model::change::{ChangeKind, Rung};
use crate::model::contact::{Contact, Transition};
use crate::model::delivery::{AttemptResult, Delivery, DeliveryState};
use crate::model::digest::{Deferred, Digest};
use crate::model::mention::Kind;
use crate::model::silence::{Muted, MutedBy};
use crate::render::terminal::minute;
use crate::render::{plain, reported, terminal};
use crate::store::{ContactFilter, Parcel, Pile, Store, StoreError, Which};
use clap::{Args, Subcommand};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::io::IsTerminal as _;
use std::process::ExitCode;

/// Characters of one text that are shown.
const WIDTH: usize = 300;
/// How long muted alerts are listed.
const MUTED: SignedDuration = SignedDuration::from_hours(24 * 7);
/// Rows of a list.
const ROWS: u32 = 200;

/// Show the contacts that the ledger holds.
#[derive(Clone, Debug, Args)]
pub(super) struct Contacts {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    what: ContactsWhat,
}

#[derive(Clone, Debug, Subcommand)]
enum ContactsWhat {
    /// List those coming, and those reported lately
    List {
        /// Those of every level, and those only ever recalled as history, too
        #[arg(long)]
        all: bool,
        /// Days back
        #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=3650))]
        days: u16,
    },
    /// Show one with its history and its sources
    Show {
        /// The beginning of its id, as the list and every mail give it
        #[arg(value_name = "ID")]
        id: String,
    },
}

/// Show what waits to be sent and what was given up, send it again or drop it.
#[derive(Clone, Debug, Args)]
pub(super) struct Outbox {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    what: OutboxWhat,
}

#[derive(Clone, Debug, Subcommand)]
enum OutboxWhat {
    /// List what waits and what was given up
    List,
    /// Show one delivery with its attempts
    Show {
        /// The beginning of its id, which is also that of its Message-ID and webhook-id
        #[arg(value_name = "ID")]
        id: String,
    },
    /// Send again what was given up, or at once what waits
    Retry(Choice),
    /// Delete what was given up or waits; its alert stays in the store
    Drop(Choice),
}

/// One delivery, or all that were given up.
#[derive(Clone, Debug, Args)]
#[group(required = true, multiple = false)]
struct Choice {
    /// The beginning of its id
    #[arg(value_name = "ID")]
    id: Option<String>,
    /// All that were given up
    #[arg(long)]
    all_buried: bool,
}

impl Choice {
    fn piece(self) -> Piece {
        self.id.map_or(Piece::AllBuried, Piece::One)
    }
}

impl Contacts {
    /// 0 when the store could be read; 1 where no contact has the id.
    pub(super) fn run(self) -> ExitCode {
        let what = self.what;
        with_store(&self.place, async |store, now| match what {
            ContactsWhat::List { all, days } => list_contacts(store, now, all, days).await,
            ContactsWhat::Show { id } => {
                let which = Which::Prefix(id.clone());
                let found = store
                    .contacts(&ContactFilter { which, least: Level::Official, background: true, limit: 2 })
                    .await?;
                let mut company = Vec::new();
                if let [contact] = found.as_slice() {
                    company = store.during(&contact.id, ROWS).await?;
                    if let Some(visit) = &contact.within {
                        company.extend(store.contact(visit).await?);
                    }
                }
                let code = one(&id, "contact", &found, |contact| show_contact(contact, &company))?;
                if let [contact] = found.as_slice() {
                    show_muted(&store.muted(&contact.id).await?);
                }
                Ok(code)
            }
        })
    }
}

impl Outbox {
    /// 0 when the store could be read; 1 where no delivery has the id.
    pub(super) fn run(self) -> ExitCode {
        let (place, what) = (self.place, self.what);
        let count = |reply: &Value| reply.get("deliveries").and_then(Value::as_array).map_or(0, Vec::len);
        let what = match what {
            OutboxWhat::Retry(choice) => {
                let command = Command::OutboxRetry(choice.piece());
                return order(&place, &command, |reply| say!("{} deliveries are due now", count(reply)));
            }
            OutboxWhat::Drop(choice) => {
                let command = Command::OutboxDrop(choice.piece());
                return order(&place, &command, |reply| say!("{} deliveries were dropped", count(reply)));
            }
            what => what,
        };
        with_store(&place, async |store, now| match what {
            OutboxWhat::List => {
                for (title, pile) in [("Waiting", Pile::Waiting), ("Given up", Pile::Buried)] {
                    let parcels = store.outbox(pile, ROWS).await?;
                    say!("{title}: {}", if parcels.is_empty() { "none" } else { "" });
                    parcels.iter().for_each(|parcel| say!("  {}", line(parcel)));
                }
                let held = store.deferred(ROWS).await?;
                let since = now.saturating_sub(MUTED).unwrap_or(Timestamp::MIN);
                show_muted(&store.muted_since(since, ROWS).await?);
                if !held.is_empty() {
                    say!("For digests: ");
                    held.iter().for_each(|held| say!("  {}", held_line(held)));
                }
                Ok(ExitCode::SUCCESS)
            }
            OutboxWhat::Show { id } => {
                let found = store.deliveries(&id, 2).await?;
                let digest = match found.as_slice() {
                    [Parcel { delivery: Delivery { digest: Some(digest), .. }, .. }] => store.digest(digest).await?,
                    _ => None,
                };
                one(&id, "delivery", &found, |parcel| show_parcel(parcel, digest.as_ref()))
            }
            // Those two were sent on their way above.
            OutboxWhat::Retry(_) | OutboxWhat::Drop(_) => Ok(ExitCode::SUCCESS),
        })
    }
}

/// Opens the store for reading and does something with it.
pub(super) fn with_store(
    place: &Place,
    work: impl AsyncFnOnce(&Store, Timestamp) -> Result<ExitCode, StoreError>,
) -> ExitCode {
    let (_, folder, runtime) = match place.ready() {
        Ok(ready) => ready,
        Err(code) => return code,
    };
    let outcome = runtime.block_on(async {
        let store = Store::open_read_only(&folder).await?;
        let code = work(&store, super::now()).await;
        store.close().await;
        code
    });
    outcome.unwrap_or_else(|error| {
        eprintln!("openline: {error}");
        ExitCode::from(if error.retryable() { TEMPORARY } else { UNAVAILABLE })
    })
}

async fn list_contacts(store: &Store, now: Timestamp, all: bool, days: u16) -> Result<ExitCode, StoreError> {
    let least = if all { Level::Official } else { Level::ViceMinister };
    let ask = |which| ContactFilter { which, least, background: all, limit: ROWS };
    let today = TimeZone::UTC.to_datetime(now).date();
    let since = now.saturating_sub(SignedDuration::from_hours(24 * i64::from(days))).unwrap_or(Timestamp::MIN);
    let colour = std::io::stdout().is_terminal();
    for (title, which) in [("Coming", Which::Upcoming { today }), ("Reported lately", Which::Recent { since })] {
        let contacts = store.contacts(&ask(which)).await?;
        say!("{title}: {}", if contacts.is_empty() { "none\n" } else { "" });
        if !contacts.is_empty() {
            let rows: Vec<&Contact> = contacts.iter().collect();
            say!("{}", terminal::table(&rows, colour));
            contacts.iter().for_each(|contact| say!("  {}  {}", short(contact.id.as_str()), names(contact)));
            say!("");
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Shows the one that an id's beginning means; complains where it means none or several.
fn one<T>(id: &str, noun: &str, found: &[T], show: impl Fn(&T)) -> Result<ExitCode, StoreError> {
    match found {
        [found] => {
            show(found);
            Ok(ExitCode::SUCCESS)
        }
        [] => {
            eprintln!("openline: no {noun} has an id that begins with `{}`", clean(id));
            Ok(ExitCode::FAILURE)
        }
        _ => Ok(super::misused(&format!("several ids begin with `{}`; give more of it", clean(id)))),
    }
}

/// Shows a contact; `company` are the visit during which it takes place, or what takes place during it.
fn show_contact(contact: &Contact, company: &[Contact]) {
    say!("{}  {} · {} · {}", contact.id, contact.kind.name(), contact.status.name(), contact.level.name());
    say!("who      {}", names(contact));
    say!("when     {}", when(contact));
    say!("where    {}", clean(contact.place.as_deref().unwrap_or("unknown")));
    say!("by       {}", reported(contact));
    for account in contact.accounts().filter_map(|(_, account)| account) {
        let denies = if account.denies { " denies it" } else { "" };
        let (at, voice) = (minute(account.report.published), account.statement);
        let who = voice.speaker.as_deref().unwrap_or(&account.report.feed_title);
        say!("  {}{denies}  {at}  {}: “{}”", account.side, clean(who), clean(&voice.quote));
        say!("      {}", clean(account.report.url.as_deref().unwrap_or("no address")));
    }
    for other in company {
        let relation = if other.kind == Kind::Visit { "during  " } else { "holds   " };
        let (kind, status) = (other.kind.name(), other.status.name());
        say!("{relation} {}  {kind} · {status} · {} · {}", short(other.id.as_str()), when(other), names(other));
    }
    say!("history");
    for entry in &contact.history {
        say!("  {}. {}  {}, {}", entry.number, minute(entry.at), change_line(entry), entry.status.name());
    }
    say!("sources");
    for source in &contact.sources {
        let (at, title) = (minute(source.item.published), clean(&source.item.title));
        say!(
            "  {at}  {}: {title} ({}, {})",
            clean(&source.item.feed_title),
            source.status.name(),
            source.novelty.name()
        );
        say!("      “{}”", clean(&source.quote));
        if !source.reason.is_empty() {
            say!("      why: {}", clean(&source.reason));
        }
        say!("      {}", clean(source.item.url.as_deref().unwrap_or("no address")));
    }
}

fn when(contact: &Contact) -> String {
    match contact.moment.and_then(|moment| Some((moment.start_text()?, moment.end_text()))) {
        Some((start, Some(end))) if start != end => format!("{start} to {end}"),
        Some((start, _)) => start,
        None => "unknown".to_owned(),
    }
}

/// The name of a change; of a change of level, which way.
fn change_line(entry: &Transition) -> String {
    match &entry.change {
        ChangeKind::LevelChanged { from, to } => {
            let way = if to.is_below(from) { "downgraded" } else { "upgraded" };
            let rung = |rung: &Rung| format!("{} {}", rung.level.name(), rung.kind.name());
            format!("{way} from {} to {}", rung(from), rung(to))
        }
        other => other.name().replace('_', "-"),
    }
}

fn names(contact: &Contact) -> String {
    let name = |party: &crate::model::actor::Party| {
        let name = party.name.as_deref().or(party.office.as_deref()).unwrap_or("nobody named");
        format!("{} ({})", clean(name), party.side)
    };
    contact.parties.iter().map(name).collect::<Vec<_>>().join(", ")
}

fn line(parcel: &Parcel) -> String {
    let delivery = &parcel.delivery;
    let state = match &delivery.state {
        DeliveryState::Queued => format!("due {}", minute(delivery.due)),
        DeliveryState::Claimed { until } => format!("under way, until {} at most", minute(*until)),
        DeliveryState::Sent => "sent".to_owned(),
        DeliveryState::Buried { reason } => format!("given up: {}", clean(reason)),
    };
    format!(
        "{}  {} to {}, {} attempts, {state}",
        short(delivery.id.as_str()),
        delivery.channel,
        clean(&delivery.recipient),
        delivery.attempts
    )
}

fn held_line(held: &Deferred) -> String {
    let (alert, recipient) = (short(held.alert.as_str()), clean(&held.recipient));
    format!("alert {alert}  {} to {recipient}, due {}, held by {}", held.channel, minute(held.due), held.why.name())
}

fn show_muted(muted: &[Muted]) {
    if !muted.is_empty() {
        say!("muted");
    }
    for one in muted {
        let by = match &one.by {
            MutedBy::Silence(id) => format!("silence {}", short(id.as_str())),
            MutedBy::Inhibition { rule, source } => format!("inhibition {rule} by alert {}", short(source.as_str())),
            MutedBy::Removed => "removed".to_owned(),
        };
        let (at, to, why) = (minute(one.at), clean(&one.recipient), clean(&one.reason));
        say!("  {at}  alert {} to {to}: {by}, {why}", short(one.alert.as_str()));
    }
}

fn show_parcel(parcel: &Parcel, digest: Option<&Digest>) {
    say!("{}", line(parcel));
    if let Some(digest) = digest {
        say!("{}", terminal::digest(digest, false));
    } else if let Some(alert) = &parcel.alert {
        say!("{}", terminal::alert(alert, false));
    }
    for (number, attempt) in parcel.attempts.iter().enumerate() {
        let result = match &attempt.result {
            AttemptResult::Sent { receipt } => format!("sent: {receipt}"),
            AttemptResult::Failed(failure) => format!("failed: {}", failure.reason),
        };
        say!("  {}. {}  {} ms  {}", number + 1, minute(attempt.at), attempt.took.as_millis(), clean(&result));
    }
}

/// One line of a stranger's text.
fn clean(text: &str) -> String {
    plain::line(text, WIDTH)
}

fn short(id: &str) -> &str {
    id.get(..12).unwrap_or(id)
}
