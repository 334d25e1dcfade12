//! Reads `[[channel]]` tables into the settings of the channels; their secrets are read later, by [`ChannelSpec::with_secrets`].

mod hook;
mod mail;

use super::policy::policies;
use super::secret::{SecretRef, Variables, named};
use super::settings::{Mail, is_domain};
use crate::deliver::{command, email, terminal, webhook};
use crate::rules::mute::Policies;
use crate::shape::{Place, Placed, Table, is_id};
use std::path::Path;

/// A channel as configured: its settings, and where its secret is.
#[derive(Clone, Debug, PartialEq)]
pub struct ChannelSpec {
    /// Its name.
    pub id: String,
    /// The settings, without secrets until [`ChannelSpec::with_secrets`] has read them.
    pub way: Way,
    /// Where the password or the signing secrets are.
    pub secret: Option<SecretRef>,
    /// How its recipients want to be told.
    pub policies: Policies,
}

/// The settings of a channel of any kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// Mail.
    Email(email::Spec),
    /// A webhook.
    Webhook(webhook::Spec),
    /// A program.
    Command(command::Spec),
    /// Lines on the standard output of the daemon.
    Terminal {
        /// Whether with terminal colours.
        colour: bool,
    },
}

/// Why a channel cannot be used; without the secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}; {remedy}")]
pub struct NotReady {
    /// What is wrong, as a lower-case fragment.
    pub what: String,
    /// What to do about it.
    pub remedy: String,
}

impl ChannelSpec {
    /// Reads the secret and gives the settings with it, and a warning where others may read the secret, too.
    ///
    /// `folder` is where relative paths start.
    ///
    /// # Errors
    /// Why the secret cannot be had or used.
    pub fn with_secrets(&self, folder: &Path, variables: &Variables) -> Result<(Way, Option<String>), NotReady> {
        let Some(secret) = &self.secret else { return Ok((self.way.clone(), None)) };
        let remedy = "the daemon reads it when it starts".to_owned();
        let found = secret.read(folder, variables).map_err(|what| NotReady { what, remedy })?;
        let mut way = self.way.clone();
        let flaws = match &mut way {
            Way::Email(spec) => {
                spec.password = found.lines.into_iter().next();
                spec.flaws()
            }
            Way::Webhook(spec) => {
                spec.secrets = found.lines;
                spec.flaws()
            }
            Way::Command(_) | Way::Terminal { .. } => Vec::new(),
        };
        match flaws.into_iter().next() {
            Some(flaw) => Err(NotReady { what: flaw.what, remedy: flaw.remedy }),
            None => Ok((way, found.warning)),
        }
    }
}

/// The channels read so far.
#[derive(Debug, Default)]
pub(super) struct Channels {
    ids: Vec<(String, Place)>,
    read: Vec<(ChannelSpec, Place)>,
}

impl Channels {
    /// Reads the `[[channel]]` tables of a file.
    pub(super) fn take(&mut self, root: &mut Table, mail: &Mail) {
        for table in root.tables("channel") {
            self.read(table, mail);
        }
    }

    /// The ids, also of channels with something wrong.
    pub(super) fn ids(&self) -> Vec<String> {
        self.ids.iter().map(|(id, _)| id.clone()).collect()
    }

    /// Complains of senders whose domain cannot stand in a Message-ID; to be asked where the configuration sets no host.
    pub(super) fn check_senders(&self) {
        for (channel, place) in &self.read {
            if let Way::Email(spec) = &channel.way
                && !is_domain(spec.from.email.domain())
            {
                let what = format!("the sender's domain `{}` cannot stand in a Message-ID", spec.from.email.domain());
                place.complain(what, "set `host` under [mail]");
            }
        }
    }

    /// The channels, each with the place where its secret is named, or else the channel.
    pub(super) fn finish(self) -> Vec<(ChannelSpec, Place)> {
        self.read
    }

    fn read(&mut self, mut table: Table, mail: &Mail) {
        table.require(&["id", "type"]);
        let id = self.id(&mut table);
        let name = id.as_ref().map(|id| id.value.clone()).unwrap_or_default();
        let kinds = [email::KIND, webhook::KIND, command::KIND, terminal::KIND].map(|kind| (kind, kind));
        let found = match table.choice("type", &kinds) {
            Some(email::KIND) => mail::read(&mut table, name),
            Some(webhook::KIND) => hook::webhook(&mut table, name),
            Some(command::KIND) => hook::command(&mut table, name),
            Some(_) => {
                let colour = table.bool("colour").unwrap_or(false);
                Some((Way::Terminal { colour }, None))
            }
            // Which keys it may hold depends on the type, so that nothing can be said of them.
            None => return,
        };
        let recipients: Option<Vec<String>> = match &found {
            Some((Way::Email(spec), _)) => Some(spec.to.iter().map(|mailbox| mailbox.email.to_string()).collect()),
            _ => None,
        };
        // Of a channel that could not be read, the names of its recipients are not known.
        if found.is_none() {
            table.has("recipient");
        }
        let policies = policies(&mut table, mail, recipients.as_deref());
        table.finish();
        if let (Some(id), Some((way, secret))) = (id, found) {
            let place = secret.as_ref().map_or(id.place, |secret: &Placed<SecretRef>| secret.place.clone());
            let secret = secret.map(|secret| secret.value);
            self.read.push((ChannelSpec { id: id.value, way, secret, policies }, place));
        }
    }

    fn id(&mut self, table: &mut Table) -> Option<Placed<String>> {
        let id = table.placed_str("id")?;
        if !is_id(&id) {
            id.place.complain(
                format!("`{}` is no id of a channel", id.escape_debug()),
                "use 1 to 64 lower-case letters, digits and hyphens, a letter or digit first",
            );
        }
        if let Some((_, first)) = self.ids.iter().find(|(other, _)| *other == id.value) {
            id.place.complain(
                format!("channel `{}` is there twice", id.value),
                format!("the first is at {}; give one of them another id", first.line()),
            );
        } else {
            self.ids.push((id.value.clone(), id.place.clone()));
        }
        Some(id)
    }
}

/// Reads `<name>_file`, `<name>_env` or `credential`: exactly one where it is needed, at most one otherwise.
fn secret(table: &mut Table, name: &str, needed: bool) -> Option<Placed<SecretRef>> {
    named(table, name, "credential", needed.then_some("id"))
}
