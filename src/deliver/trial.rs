//! A channel of whose deliveries each says that it is a trial.

use super::{Channel, Outgoing};
use crate::model::delivery::AttemptResult;
use futures_util::future::BoxFuture;
use std::sync::Arc;

/// Another channel, for some of its recipients, with a mark on everything that it carries.
#[derive(Debug)]
pub struct Trial {
    channel: Arc<dyn Channel>,
    recipients: Vec<String>,
    mark: &'static str,
}

impl Trial {
    /// Marks what goes to these recipients of a channel.
    #[must_use]
    pub fn new(channel: Arc<dyn Channel>, recipients: Vec<String>, mark: &'static str) -> Self {
        Self { channel, recipients, mark }
    }
}

impl Channel for Trial {
    fn id(&self) -> &str {
        self.channel.id()
    }

    fn recipients(&self) -> &[String] {
        &self.recipients
    }

    fn send<'a>(&'a self, out: &'a Outgoing) -> BoxFuture<'a, AttemptResult> {
        Box::pin(async move {
            let marked = Outgoing { mark: Some(self.mark.to_owned()), ..out.clone() };
            self.channel.send(&marked).await
        })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        self.channel.close()
    }
}
