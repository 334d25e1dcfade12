//! The terminal channel: alerts as lines for whoever watches the daemon's output.

use super::{Channel, Outgoing, sent, temporary};
use crate::model::delivery::AttemptResult;
use crate::model::digest::Load;
use crate::render;
use futures_util::future::BoxFuture;
use std::fmt;

/// The kind's name in the configuration.
pub const KIND: &str = "terminal";

/// Where the lines go; each call brings one alert without a final line end.
pub type Sink = Box<dyn Fn(&str) -> std::io::Result<()> + Send + Sync>;

/// Writes alerts to a sink that the caller gives.
pub struct Terminal {
    id: String,
    recipients: [String; 1],
    colour: bool,
    sink: Sink,
}

impl Terminal {
    /// A channel of this id; `colour` turns terminal colours on.
    #[must_use]
    pub fn new(id: impl Into<String>, colour: bool, sink: Sink) -> Self {
        let id = id.into();
        Self { recipients: [id.clone()], id, colour, sink }
    }
}

impl Channel for Terminal {
    fn id(&self) -> &str {
        &self.id
    }

    fn recipients(&self) -> &[String] {
        &self.recipients
    }

    fn send<'a>(&'a self, out: &'a Outgoing) -> BoxFuture<'a, AttemptResult> {
        let text = match &out.load {
            Load::Alert(alert) => render::terminal::alert(alert, self.colour),
            Load::Digest(digest) => render::terminal::digest(digest, self.colour),
        };
        let text = out.mark.as_ref().map_or(text.clone(), |mark| format!("[{mark}] {text}"));
        let written = (self.sink)(&text);
        let result = match written {
            Ok(()) => sent("written"),
            Err(error) => temporary(&format!("cannot write to the terminal: {error}"), None),
        };
        Box::pin(async move { result })
    }
}

impl fmt::Debug for Terminal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Terminal").field("id", &self.id).field("colour", &self.colour).finish_non_exhaustive()
    }
}
