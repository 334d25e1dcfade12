//! From a checked configuration to the parts of a running daemon: secrets are read, clients and channels made.

use super::live::Live;
use crate::config::{self, ChannelSpec, Config, Loaded, Way};
use crate::deliver::secret::Secret;
use crate::deliver::terminal::{Sink, Terminal};
use crate::deliver::{Channel, Flaw, email, webhook};
use crate::lexicon::{self, Lexicon};
use crate::model::feed::FeedSpec;
use crate::model::problem::Problem;
use crate::net::client::{Client, Limits};
use crate::net::guard::Guard;
use crate::render::{Reader, Templates};
use jiff::SignedDuration;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// The domain of message identifiers where nothing better is configured (RFC 6762 reserves it for one's own network).
const FALLBACK_HOST: &str = "openline.local";

/// Builds what a reload replaces, and the list of feeds.
///
/// `terminal` is where alerts go while no channel is configured.
///
/// # Errors
/// Every problem of lexicon, templates, secrets and channels at once.
pub fn build(
    loaded: &Loaded,
    variables: &config::Variables,
    terminal: impl Fn() -> (bool, Sink),
) -> Result<(Live, Vec<FeedSpec>), Vec<Problem>> {
    let config = &loaded.config;
    let mut problems = Vec::new();
    let lexicon = keep(lexicon::load(&loaded.lexicon), &mut problems);
    let templates = keep(Templates::load(&loaded.templates), &mut problems);
    let client = match client(config) {
        Ok(client) => Some(client),
        Err(problem) => {
            problems.push(problem);
            None
        }
    };
    let mut channels: Vec<Arc<dyn Channel>> = Vec::new();
    if let (Some(templates), Some(client)) = (&templates, &client) {
        for spec in &config.channels {
            match channel(spec, config, &loaded.folder, variables, templates, client) {
                Ok(channel) => channels.push(channel),
                Err(found) => problems.extend(found),
            }
        }
    }
    if config.channels.is_empty() {
        let (colour, sink) = terminal();
        channels.push(Arc::new(Terminal::new(config::TERMINAL, colour, sink)));
    }
    match (lexicon, client) {
        (Some(lexicon), Some(client)) if problems.is_empty() => {
            let live = live(config, Arc::new(lexicon), channels, client);
            Ok((live, config.feeds.clone()))
        }
        _ => Err(problems),
    }
}

fn live(config: &Config, lexicon: Arc<Lexicon>, channels: Vec<Arc<dyn Channel>>, client: Client) -> Live {
    Live { rules: config.rules.clone(), lexicon, channels, client, max_item_age: config.poll.max_item_age }
}

fn keep<T>(result: Result<T, Vec<Problem>>, problems: &mut Vec<Problem>) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(found) => {
            problems.extend(found);
            None
        }
    }
}

/// The HTTP client of feeds and webhooks, behind the guard that the configuration opens.
fn client(config: &Config) -> Result<Client, Problem> {
    let limits = Limits {
        total: unsigned(config.poll.timeout),
        inflated: config.poll.max_body as u64,
        ..Limits::default()
    };
    Client::new(Guard::new(config.http.allow.iter().map(Into::into).collect()), &config.http.user_agent, limits).map_err(|error| {
        Problem::file("openline.toml", format!("the HTTP client cannot be made: {error}"), "check [http] user_agent")
    })
}

fn channel(
    spec: &ChannelSpec,
    config: &Config,
    folder: &Path,
    variables: &config::Variables,
    templates: &Templates,
    client: &Client,
) -> Result<Arc<dyn Channel>, Vec<Problem>> {
    let secret = |at: &config::Secret| match at.read(folder, variables) {
        Ok(found) => Ok(Secret::new(found.text)),
        Err(why) => Err(vec![problem(&spec.id, &why, "the secret is read when the daemon starts")]),
    };
    match &spec.way {
        Way::Email(mail) => {
            let password = mail.login.as_ref().map(|(_, at)| secret(at)).transpose()?;
            let sender_host = mail.from.email.domain().to_owned();
            let reader = Reader {
                zone: config.mail.zone.clone(),
                host: config.mail.host.clone().unwrap_or(if sender_host.contains('.') {
                    sender_host
                } else {
                    FALLBACK_HOST.to_owned()
                }),
            };
            let built = email::Spec {
                id: spec.id.clone(),
                host: mail.host.clone(),
                port: mail.port,
                tls: match mail.tls {
                    config::Tls::Starttls => email::Tls::Starttls,
                    config::Tls::Implicit => email::Tls::Implicit,
                    config::Tls::None => email::Tls::None,
                },
                user: mail.login.as_ref().map(|(user, _)| user.clone()),
                password,
                from: mail.from.clone(),
                to: mail.to.clone(),
                reply_to: None,
                timeout: SignedDuration::from_secs(630),
            };
            let made = email::Email::new(built, templates.clone(), reader);
            made.map(|made| Arc::new(made) as Arc<dyn Channel>).map_err(|flaws| flawed(&spec.id, flaws))
        }
        Way::Webhook(hook) => {
            let built =
                webhook::Spec { id: spec.id.clone(), url: hook.url.clone(), secrets: vec![secret(&hook.secret)?] };
            let made = webhook::Webhook::new(built, client.clone());
            made.map(|made| Arc::new(made) as Arc<dyn Channel>).map_err(|flaws| flawed(&spec.id, flaws))
        }
    }
}

fn flawed(channel: &str, flaws: Vec<Flaw>) -> Vec<Problem> {
    flaws.into_iter().map(|flaw| problem(channel, &format!("{}: {}", flaw.key, flaw.what), &flaw.remedy)).collect()
}

fn problem(channel: &str, what: &str, remedy: &str) -> Problem {
    Problem::file("openline.toml", format!("channel `{channel}`: {what}"), remedy)
}

fn unsigned(duration: SignedDuration) -> Duration {
    Duration::try_from(duration).unwrap_or(Duration::ZERO)
}
