//! The shape of what moved: changes, and the dates and rungs in them.

use super::{date, named};
use crate::model::actor::Level;
use crate::model::change::{ChangeKind, Rung};
use crate::model::mention::{Kind, Status};
use crate::model::moment::{Grain, Moment};
use serde::{Deserialize, Serialize};

/// The tag is [`ChangeKind::name`].
#[derive(Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "lowercase", deny_unknown_fields)]
pub(super) enum ChangeShape {
    Opened,
    Corroborated,
    Status {
        from: String,
        to: String,
    },
    Date {
        from: Option<MomentShape>,
        to: MomentShape,
    },
    Level {
        from: RungShape,
        to: RungShape,
    },
    Denied,
    Overdue,
    #[serde(rename = "one_sided")]
    OneSided,
}

impl From<&ChangeKind> for ChangeShape {
    fn from(change: &ChangeKind) -> Self {
        match change {
            ChangeKind::Opened => Self::Opened,
            ChangeKind::Corroborated => Self::Corroborated,
            ChangeKind::StatusChanged { from, to } => {
                Self::Status { from: from.name().to_owned(), to: to.name().to_owned() }
            }
            ChangeKind::Moved { from, to } => Self::Date { from: from.as_ref().map(MomentShape::from), to: to.into() },
            ChangeKind::LevelChanged { from, to } => Self::Level { from: from.into(), to: to.into() },
            ChangeKind::Denied => Self::Denied,
            ChangeKind::Overdue => Self::Overdue,
            ChangeKind::OneSided => Self::OneSided,
        }
    }
}

impl ChangeShape {
    pub(super) fn into_model(self) -> Result<ChangeKind, String> {
        Ok(match self {
            Self::Opened => ChangeKind::Opened,
            Self::Corroborated => ChangeKind::Corroborated,
            Self::Status { from, to } => ChangeKind::StatusChanged {
                from: named("status", &from, Status::from_name)?,
                to: named("status", &to, Status::from_name)?,
            },
            Self::Date { from, to } => {
                ChangeKind::Moved { from: from.map(MomentShape::into_model).transpose()?, to: to.into_model()? }
            }
            Self::Level { from, to } => ChangeKind::LevelChanged { from: from.into_model()?, to: to.into_model()? },
            Self::Denied => ChangeKind::Denied,
            Self::Overdue => ChangeKind::Overdue,
            Self::OneSided => ChangeKind::OneSided,
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RungShape {
    level: String,
    kind: String,
}

impl From<&Rung> for RungShape {
    fn from(Rung { level, kind }: &Rung) -> Self {
        Self { level: level.name().to_owned(), kind: kind.name().to_owned() }
    }
}

impl RungShape {
    fn into_model(self) -> Result<Rung, String> {
        Ok(Rung {
            level: named("level", &self.level, Level::from_name)?,
            kind: named("kind", &self.kind, Kind::from_name)?,
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MomentShape {
    start: String,
    end: String,
    grain: String,
    certain: bool,
    open_end: bool,
}

impl From<&Moment> for MomentShape {
    fn from(moment: &Moment) -> Self {
        Self {
            start: moment.start().to_string(),
            end: moment.end().to_string(),
            grain: grain_name(moment.grain()).to_owned(),
            certain: moment.is_certain(),
            open_end: moment.is_open_ended(),
        }
    }
}

impl MomentShape {
    pub(super) fn into_model(self) -> Result<Moment, String> {
        let grain = named("grain", &self.grain, |name| GRAINS.into_iter().find(|grain| grain_name(*grain) == name))?;
        let moment = Moment::new(date(&self.start)?, date(&self.end)?, grain);
        let moment = if self.certain { moment } else { moment.inferred() };
        Ok(if self.open_end { moment.open_ended() } else { moment })
    }
}

const GRAINS: [Grain; 4] = [Grain::Day, Grain::Week, Grain::Month, Grain::Year];

const fn grain_name(grain: Grain) -> &'static str {
    match grain {
        Grain::Day => "day",
        Grain::Week => "week",
        Grain::Month => "month",
        Grain::Year => "year",
    }
}
