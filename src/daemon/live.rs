//! What a reload replaces as a whole: rules, words, channels, client, limits.

use crate::deliver::Channel;
use crate::ledger::Patience;
use crate::lexicon::Lexicon;
use crate::model::alert::Alert;
use crate::net::client::Client;
use crate::rules::RuleSet;
use crate::rules::mute::{Addressee, Inhibition, Names, Policies, Policy};
use jiff::SignedDuration;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};

/// The replaceable parts of a running daemon.
#[derive(Debug)]
pub struct Live {
    /// What matters.
    pub rules: RuleSet,
    /// The words.
    pub lexicon: Arc<Lexicon>,
    /// Who is told.
    pub channels: Vec<Arc<dyn Channel>>,
    /// How the recipients of each channel want to be told; of one that is not in it, as `usual` says.
    pub policies: BTreeMap<String, Policies>,
    /// How those are told who have no policy: at once, in the zone of mails.
    pub usual: Policy,
    /// The channel that hears of deliveries which were given up.
    pub notices: Option<String>,
    /// Which alerts speak for others.
    pub inhibitions: Vec<Inhibition>,
    /// The HTTP client of feeds.
    pub client: Client,
    /// The HTTP client of articles' pages, behind the same guard.
    pub pages: Client,
    /// How openline names itself, to servers and in robots.txt.
    pub agent: String,
    /// An item published longer ago than this enters the ledger silently.
    pub max_item_age: SignedDuration,
    /// Old items under new ids in one poll, above which none of them alerts.
    pub flood: usize,
    /// How long silence about a contact is borne.
    pub patience: Patience,
}

impl Live {
    /// The channel of an id.
    #[must_use]
    pub fn channel(&self, id: &str) -> Option<&Arc<dyn Channel>> {
        self.channels.iter().find(|channel| channel.id() == id)
    }

    /// Who is to be told of an alert: each recipient of each channel that a matched rule names.
    #[must_use]
    pub fn addressees(&self, alert: &Alert) -> Vec<Addressee<'_>> {
        let named: BTreeSet<&str> =
            alert.matched.iter().flat_map(|matched| matched.channels.iter().map(String::as_str)).collect();
        let channels = named.into_iter().filter_map(|id| self.channel(id));
        let recipients = channels.flat_map(|channel| {
            channel.recipients().iter().map(|recipient| Addressee { channel: channel.id(), recipient })
        });
        recipients.collect()
    }

    /// What matchers may name, beside these feeds.
    #[must_use]
    pub fn names(&self, feeds: Vec<String>) -> Names {
        Names {
            feeds,
            channels: self.channels.iter().map(|channel| channel.id().to_owned()).collect(),
            recipients: self.channels.iter().flat_map(|channel| channel.recipients().iter().cloned()).collect(),
            rules: self.rules.rules().iter().map(|rule| rule.id.clone()).collect(),
            people: self.lexicon.named(),
        }
    }

    /// What an addressee wishes; nothing where they are not configured.
    #[must_use]
    pub fn policy(&self, to: Addressee<'_>) -> Option<&Policy> {
        let channel = self.channel(to.channel)?;
        let known = channel.recipients().iter().any(|recipient| recipient == to.recipient);
        known.then(|| self.policies.get(to.channel).map_or(&self.usual, |policies| policies.of(to.recipient)))
    }
}

/// The current [`Live`], replaced as a whole by a reload.
#[derive(Clone, Debug)]
pub struct Current(Arc<RwLock<Arc<Live>>>);

impl Current {
    /// Begins with these parts.
    #[must_use]
    pub fn new(live: Live) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(live))))
    }

    /// The parts as they are now; a reload does not change what was handed out.
    #[must_use]
    pub fn get(&self) -> Arc<Live> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Replaces the parts.
    pub fn set(&self, live: Live) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(live);
    }
}
