//! The JSON views of reports: items, sources, and the words of each side.

use super::bounded;
use crate::model::contact::{Account, ItemRef, Source, Statement};
use serde::Serialize;

/// The word of a side on the contact as it stands now, and whether it is a denial.
#[derive(Serialize)]
pub(super) struct AccountView<'a> {
    denies: bool,
    speaker: Option<&'a str>,
    quote: &'a str,
    feed: &'a str,
    url: Option<&'a str>,
    at: String,
}

impl<'a> AccountView<'a> {
    pub(super) fn of(account: &Account<'a>) -> Self {
        let item = ItemView::of(account.report);
        Self {
            denies: account.denies,
            speaker: account.statement.speaker.as_deref().map(bounded),
            quote: bounded(&account.statement.quote),
            feed: item.feed,
            url: item.url,
            at: item.published,
        }
    }
}

#[derive(Serialize)]
struct StatementView<'a> {
    side: String,
    denies: bool,
    speaker: Option<&'a str>,
    quote: &'a str,
}

impl<'a> StatementView<'a> {
    fn of(voice: &'a Statement) -> Self {
        Self {
            side: voice.side.code().to_owned(),
            denies: voice.denies,
            speaker: voice.speaker.as_deref().map(bounded),
            quote: bounded(&voice.quote),
        }
    }
}

#[derive(Serialize)]
pub(super) struct ItemView<'a> {
    id: &'a str,
    title: &'a str,
    url: Option<&'a str>,
    feed: &'a str,
    feed_title: &'a str,
    tier: &'a str,
    published: String,
    seen: String,
}

impl<'a> ItemView<'a> {
    pub(super) fn of(item: &'a ItemRef) -> Self {
        Self {
            id: item.item.as_str(),
            title: bounded(&item.title),
            url: item.url.as_deref().filter(|url| url.len() <= 4 * super::TEXT_MAX),
            feed: item.feed.as_str(),
            feed_title: bounded(&item.feed_title),
            tier: item.tier.name(),
            published: item.published.to_string(),
            seen: item.seen.to_string(),
        }
    }
}

#[derive(Serialize)]
pub(super) struct SourceView<'a> {
    item: ItemView<'a>,
    status: &'a str,
    novelty: &'a str,
    quote: &'a str,
    denial: bool,
    statements: Vec<StatementView<'a>>,
    reason: &'a str,
}

impl<'a> SourceView<'a> {
    pub(super) fn of(source: &'a Source) -> Self {
        Self {
            item: ItemView::of(&source.item),
            status: source.status.name(),
            novelty: source.novelty.name(),
            quote: bounded(&source.quote),
            denial: source.denial,
            statements: source.statements.iter().map(StatementView::of).collect(),
            reason: bounded(&source.reason),
        }
    }
}
