//! One item of the past: what is known of it, as a line of JSON gives it.

use crate::cli::document::timestamp;
use crate::model::article::{Article, Language};
use crate::model::contact::ItemRef;
use crate::model::feed::Tier;
use crate::model::ids::{FeedId, ItemId};
use crate::text::{Source, prepare};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// The keys of a line: those of `openline extract`, some of our own, and those of annotations. Others are ignored.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Entry {
    pub(super) id: Option<String>,
    pub(super) title: Option<String>,
    pub(super) summary: Option<String>,
    pub(super) content: Option<String>,
    pub(super) published: Option<String>,
    /// When the daemon first saw it; its publication where absent.
    pub(super) seen: Option<String>,
    pub(super) language: Option<String>,
    pub(super) url: Option<String>,
    pub(super) feed: Option<String>,
    pub(super) feed_title: Option<String>,
    pub(super) tier: Option<String>,
    /// Annotation: whether the default rule should alert.
    pub(super) alert: Option<bool>,
    /// The documents of a story, each an entry of its own.
    pub(super) documents: Vec<Self>,
    /// Annotation of a story: after which documents there should be an alert.
    #[serde(skip_serializing)]
    pub(super) expect: Expected,
}

/// What a story expects.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Expected {
    alerts: Vec<After>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct After {
    after: String,
}

/// An entry ready to be read.
#[derive(Debug)]
pub(super) struct Past {
    pub(super) article: Article,
    pub(super) item: ItemRef,
    /// Whether an annotation asks for an alert; nothing where there is none.
    pub(super) right: Option<bool>,
}

impl Entry {
    /// The document of a line by its number, with the annotation that stands beside it in a story.
    pub(super) fn document(mut self, number: usize) -> Option<Self> {
        if self.documents.is_empty() {
            return (number == 0).then_some(self);
        }
        if number >= self.documents.len() {
            return None;
        }
        let mut document = self.documents.swap_remove(number);
        if !self.expect.alerts.is_empty() {
            let named = |after: &After| Some(&after.after) == document.id.as_ref();
            document.alert = document.alert.or_else(|| Some(self.expect.alerts.iter().any(named)));
        }
        Some(document)
    }

    /// When it was published, where it says so.
    pub(super) fn time(&self) -> Option<Timestamp> {
        self.published.as_deref().and_then(timestamp)
    }

    /// The entry as article and report; `tier` is that of its feed, where it does not say.
    pub(super) fn past(&self, line: u64, tier: impl Fn(&str) -> Option<Tier>) -> Option<Past> {
        let published = self.time()?;
        let seen = self.seen.as_deref().and_then(timestamp).unwrap_or(published).max(published);
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let feed = self.feed.clone().unwrap_or_else(|| "items".to_owned());
        let tier = self.tier.as_deref().and_then(Tier::from_name).or_else(|| tier(&feed)).unwrap_or(Tier::Press);
        let id = self.id.clone().unwrap_or_else(|| line.to_string());
        let (title, summary, content) = (text(&self.title), text(&self.summary), text(&self.content));
        let source = Source {
            id: &id,
            url: self.url.as_deref(),
            feed: Some(&feed),
            tier: Some(tier),
            language: self.language.as_deref().and_then(Language::from_tag),
            published: Some(published),
            zone: TimeZone::UTC,
            title: &title,
            summary: &summary,
            content: &content,
        };
        let article = prepare(source, seen);
        let item = ItemRef {
            item: ItemId::of(&["backtest", &feed, &id]),
            feed: FeedId::new(feed.as_str()),
            feed_title: self.feed_title.clone().unwrap_or(feed),
            tier,
            url: self.url.clone(),
            title: article.title.clone(),
            published,
            seen,
        };
        Some(Past { article, item, right: self.alert })
    }
}
