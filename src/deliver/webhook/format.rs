//! What is posted: Standard Webhooks' own body, or what another receiver understands.

use super::{Spec, alertmanager, key, ntfy, signed, slack, telegram};
use crate::deliver::{Flaw, Outgoing};
use crate::model::digest::Load;
use crate::render::brief::Brief;
use crate::render::view;
use serde_json::{Value, json};
use url::Url;

/// Headers of a request, by name and value.
type Headers = Vec<(String, String)>;

/// The form of a webhook's body, with what that form needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// `{"type", "timestamp", "data"}`, signed as Standard Webhooks 1.0 has it.
    #[default]
    Standard,
    /// What Prometheus' Alertmanager posts to its webhook receivers, version 4.
    Alertmanager,
    /// An incoming webhook of Slack, and of those that understand its blocks (Mattermost, Rocket.Chat, Zulip).
    Slack,
    /// A message to a topic of an ntfy server.
    Ntfy {
        /// The topic.
        topic: String,
    },
    /// A message of a Telegram bot.
    Telegram {
        /// The chat: a number, or `@channel`.
        chat: String,
    },
}

impl Format {
    /// The names in the configuration.
    pub const NAMES: [&str; 5] = ["standard", "alertmanager", "slack", "ntfy", "telegram"];

    /// The name in the configuration.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Alertmanager => "alertmanager",
            Self::Slack => "slack",
            Self::Ntfy { .. } => "ntfy",
            Self::Telegram { .. } => "telegram",
        }
    }

    /// Where this form is posted unless the settings say otherwise; nowhere where only the user can know.
    #[must_use]
    pub const fn usual_address(&self) -> Option<&'static str> {
        match self {
            Self::Standard | Self::Alertmanager | Self::Slack => None,
            Self::Ntfy { .. } => Some("https://ntfy.sh/"),
            Self::Telegram { .. } => Some("https://api.telegram.org/"),
        }
    }

    /// What is wrong with the secrets: signing keys, an access token, or a whole address.
    pub(super) fn flaws(&self, spec: &Spec) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        match self {
            Self::Standard => {
                if spec.secrets.is_empty() {
                    let remedy = "make one with `printf whsec_; head -c 32 /dev/urandom | base64`";
                    flaws.push(Flaw::new("secrets", "no signing secret is given", remedy));
                }
                for (index, secret) in spec.secrets.iter().enumerate() {
                    if let Err(what) = key(secret) {
                        let what = format!("signing secret {} {what}", index + 1);
                        flaws.push(Flaw::new("secrets", what, "write whsec_ and the base64 of 24 to 64 random bytes"));
                    }
                }
            }
            Self::Telegram { .. } if spec.secrets.is_empty() => {
                flaws.push(Flaw::new("secrets", "no bot token is given", "ask @BotFather for one"));
            }
            Self::Alertmanager | Self::Slack | Self::Ntfy { .. } | Self::Telegram { .. } => {}
        }
        if !matches!(self, Self::Standard) {
            if spec.secrets.len() > 1 {
                let what = format!("more than one secret is given, and {} takes one", self.name());
                flaws.push(Flaw::new("secrets", what, "keep one line"));
            }
            let bearer = spec.secrets.first().map(|secret| secret.expose());
            if bearer.is_some_and(|text| !text.bytes().all(|byte| byte.is_ascii_graphic())) {
                flaws.push(Flaw::new("secrets", "the secret holds more than printable ASCII", "give the bare token"));
            }
        }
        if matches!(self, Self::Slack | Self::Telegram { .. })
            && spec.secrets.len() == 1
            && self.address(spec).is_none()
        {
            let what = format!("the secret makes no address for {}", self.name());
            flaws.push(Flaw::new(
                "secrets",
                what,
                "give the whole https address for slack, the bare token for telegram",
            ));
        }
        flaws
    }

    /// Where to post; it may hold a token.
    pub(super) fn address(&self, spec: &Spec) -> Option<Url> {
        let secret = spec.secrets.first().map(|secret| secret.expose());
        match (self, secret) {
            (Self::Slack, Some(address)) => Url::parse(address).ok().filter(|url| url.scheme() == "https"),
            (Self::Telegram { .. }, Some(token)) => {
                let clean =
                    token.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'_' | b'-'));
                let mut url = spec.url.clone();
                url.path_segments_mut().ok()?.pop_if_empty().push(&format!("bot{token}")).push("sendMessage");
                clean.then_some(url)
            }
            _ => Some(spec.url.clone()),
        }
    }

    /// Headers and body for a delivery.
    ///
    /// # Errors
    /// What is wrong with a signing secret, without the secret.
    pub(super) fn request(&self, spec: &Spec, out: &Outgoing) -> Result<(Headers, String), &'static str> {
        let mark = out.mark.as_deref();
        let brief = || Brief::of(&out.load, out.language, &out.zone);
        let body = match self {
            Self::Standard => {
                let body = payload(out).to_string();
                return Ok((signed(&spec.secrets, out.delivery.as_str(), out.now, &body)?, body));
            }
            Self::Alertmanager => alertmanager::body(&out.load, mark, &spec.id),
            Self::Slack => slack::body(&brief(), mark),
            Self::Ntfy { topic } => ntfy::body(topic, &brief(), mark),
            Self::Telegram { chat } => telegram::body(chat, &brief(), mark),
        };
        let mut headers = vec![
            ("content-type".to_owned(), "application/json".to_owned()),
            // Those who know nothing of it pass over it; whoever stands between can tell repetitions by it.
            ("webhook-id".to_owned(), out.delivery.as_str().to_owned()),
        ];
        if matches!(self, Self::Alertmanager | Self::Ntfy { .. })
            && let Some(token) = spec.secrets.first()
        {
            headers.push(("authorization".to_owned(), format!("Bearer {}", token.expose())));
        }
        Ok((headers, body.to_string()))
    }
}

/// The standard payload of a delivery; `mark` says of a trial that it is one.
#[must_use]
pub fn payload(out: &Outgoing) -> Value {
    let mut payload = match &out.load {
        Load::Alert(alert) => view::payload(alert),
        Load::Digest(digest) => view::digest(digest),
    };
    if let (Some(mark), Some(payload)) = (&out.mark, payload.as_object_mut()) {
        payload.insert("mark".to_owned(), json!(mark));
    }
    payload
}
