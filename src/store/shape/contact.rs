//! The shape of a contact: parties, dates, history and sources.

use super::change::{ChangeShape, MomentShape};
use super::{each, named, time};
use crate::model::actor::{Level, Party, Side};
use crate::model::contact::{Contact, ItemRef, Source, Statement, Transition};
use crate::model::feed::Tier;
use crate::model::ids::{ContactId, FeedId, ItemId};
use crate::model::mention::{Kind, Novelty, Status};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ContactShape {
    id: String,
    kind: String,
    status: String,
    novelty: String,
    level: String,
    parties: Vec<PartyShape>,
    moment: Option<MomentShape>,
    planned: Option<MomentShape>,
    place: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    within: Option<String>,
    as_of: String,
    first_reported: String,
    history: Vec<TransitionShape>,
    sources: Vec<SourceShape>,
}

impl From<&Contact> for ContactShape {
    fn from(contact: &Contact) -> Self {
        let Contact {
            id,
            kind,
            status,
            novelty,
            level,
            parties,
            moment,
            planned,
            place,
            within,
            as_of,
            first_reported,
            history,
            sources,
        } = contact;
        Self {
            id: id.to_string(),
            kind: kind.name().to_owned(),
            status: status.name().to_owned(),
            novelty: novelty.name().to_owned(),
            level: level.name().to_owned(),
            parties: parties.iter().map(PartyShape::from).collect(),
            moment: moment.as_ref().map(MomentShape::from),
            planned: planned.as_ref().map(MomentShape::from),
            place: place.clone(),
            within: within.as_ref().map(ContactId::to_string),
            as_of: as_of.to_string(),
            first_reported: first_reported.to_string(),
            history: history.iter().map(TransitionShape::from).collect(),
            sources: sources.iter().map(SourceShape::from).collect(),
        }
    }
}

impl ContactShape {
    pub(super) fn into_model(self) -> Result<Contact, String> {
        Ok(Contact {
            id: ContactId::new(self.id),
            kind: named("kind", &self.kind, Kind::from_name)?,
            status: named("status", &self.status, Status::from_name)?,
            novelty: named("novelty", &self.novelty, Novelty::from_name)?,
            level: named("level", &self.level, Level::from_name)?,
            parties: each(self.parties, PartyShape::into_model)?,
            moment: self.moment.map(MomentShape::into_model).transpose()?,
            planned: self.planned.map(MomentShape::into_model).transpose()?,
            place: self.place,
            within: self.within.map(ContactId::new),
            as_of: time(&self.as_of)?,
            first_reported: time(&self.first_reported)?,
            history: each(self.history, TransitionShape::into_model)?,
            sources: each(self.sources, SourceShape::into_model)?,
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PartyShape {
    side: String,
    person: Option<String>,
    name: Option<String>,
    office: Option<String>,
    level: Option<String>,
}

impl From<&Party> for PartyShape {
    fn from(Party { side, person, name, office, level }: &Party) -> Self {
        Self {
            side: side.code().to_owned(),
            person: person.clone(),
            name: name.clone(),
            office: office.clone(),
            level: level.map(|level| level.name().to_owned()),
        }
    }
}

impl PartyShape {
    fn into_model(self) -> Result<Party, String> {
        Ok(Party {
            side: named("side", &self.side, Side::new)?,
            person: self.person,
            name: self.name,
            office: self.office,
            level: self.level.map(|level| named("level", &level, Level::from_name)).transpose()?,
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TransitionShape {
    number: u32,
    change: ChangeShape,
    status: String,
    moment: Option<MomentShape>,
    at: String,
    item: Option<String>,
}

impl From<&Transition> for TransitionShape {
    fn from(Transition { number, change, status, moment, at, item }: &Transition) -> Self {
        Self {
            number: *number,
            change: change.into(),
            status: status.name().to_owned(),
            moment: moment.as_ref().map(MomentShape::from),
            at: at.to_string(),
            item: item.as_ref().map(ItemId::to_string),
        }
    }
}

impl TransitionShape {
    fn into_model(self) -> Result<Transition, String> {
        Ok(Transition {
            number: self.number,
            change: self.change.into_model()?,
            status: named("status", &self.status, Status::from_name)?,
            moment: self.moment.map(MomentShape::into_model).transpose()?,
            at: time(&self.at)?,
            item: self.item.map(ItemId::new),
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceShape {
    item: ItemRefShape,
    status: String,
    novelty: String,
    quote: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    statements: Vec<StatementShape>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    denial: bool,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    reason: String,
}

impl From<&Source> for SourceShape {
    fn from(Source { item, status, novelty, quote, statements, denial, reason }: &Source) -> Self {
        Self {
            item: item.into(),
            status: status.name().to_owned(),
            novelty: novelty.name().to_owned(),
            quote: quote.clone(),
            statements: statements.iter().map(StatementShape::from).collect(),
            denial: *denial,
            reason: reason.clone(),
        }
    }
}

impl SourceShape {
    fn into_model(self) -> Result<Source, String> {
        Ok(Source {
            item: self.item.into_model()?,
            status: named("status", &self.status, Status::from_name)?,
            novelty: named("novelty", &self.novelty, Novelty::from_name)?,
            quote: self.quote,
            statements: each(self.statements, StatementShape::into_model)?,
            denial: self.denial,
            reason: self.reason,
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StatementShape {
    side: String,
    denies: bool,
    speaker: Option<String>,
    quote: String,
}

impl From<&Statement> for StatementShape {
    fn from(Statement { side, denies, speaker, quote }: &Statement) -> Self {
        Self { side: side.code().to_owned(), denies: *denies, speaker: speaker.clone(), quote: quote.clone() }
    }
}

impl StatementShape {
    fn into_model(self) -> Result<Statement, String> {
        Ok(Statement {
            side: named("side", &self.side, Side::new)?,
            denies: self.denies,
            speaker: self.speaker,
            quote: self.quote,
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ItemRefShape {
    item: String,
    feed: String,
    feed_title: String,
    tier: String,
    url: Option<String>,
    title: String,
    published: String,
    seen: String,
}

impl From<&ItemRef> for ItemRefShape {
    fn from(ItemRef { item, feed, feed_title, tier, url, title, published, seen }: &ItemRef) -> Self {
        Self {
            item: item.to_string(),
            feed: feed.to_string(),
            feed_title: feed_title.clone(),
            tier: tier.name().to_owned(),
            url: url.clone(),
            title: title.clone(),
            published: published.to_string(),
            seen: seen.to_string(),
        }
    }
}

impl ItemRefShape {
    pub(super) fn into_model(self) -> Result<ItemRef, String> {
        Ok(ItemRef {
            item: ItemId::new(self.item),
            feed: FeedId::new(self.feed),
            feed_title: self.feed_title,
            tier: named("tier", &self.tier, Tier::from_name)?,
            url: self.url,
            title: self.title,
            published: time(&self.published)?,
            seen: time(&self.seen)?,
        })
    }
}
