//! The shape of an alert: the rules that matched, the subject and its evidence.

use super::change::ChangeShape;
use super::contact::{ContactShape, ItemRefShape};
use super::{each, named, time};
use crate::model::alert::{Alert, Matched, Severity, Subject};
use crate::model::ids::AlertId;
use crate::model::mention::{Evidence, Fired};
use crate::model::span::{Field, Span};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AlertShape {
    id: String,
    matched: Vec<MatchedShape>,
    /// Absent in records of before there were severities.
    #[serde(default)]
    severity: Option<String>,
    subject: SubjectShape,
    item: ItemRefShape,
    raised: String,
}

impl From<&Alert> for AlertShape {
    fn from(Alert { id, matched, severity, subject, item, raised }: &Alert) -> Self {
        Self {
            id: id.to_string(),
            matched: matched.iter().map(MatchedShape::from).collect(),
            severity: Some(severity.name().to_owned()),
            subject: subject.into(),
            item: item.into(),
            raised: raised.to_string(),
        }
    }
}

impl AlertShape {
    pub(super) fn into_model(self) -> Result<Alert, String> {
        Ok(Alert {
            id: AlertId::new(self.id),
            matched: self.matched.into_iter().map(MatchedShape::into_model).collect(),
            severity: match &self.severity {
                Some(name) => named("severity", name, Severity::from_name)?,
                None => Severity::default(),
            },
            subject: self.subject.into_model()?,
            item: self.item.into_model()?,
            raised: time(&self.raised)?,
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MatchedShape {
    rule: String,
    words: Vec<String>,
    channels: Vec<String>,
    /// Absent in records of before rules had subjects of their own.
    #[serde(default)]
    subject: Option<String>,
}

impl From<&Matched> for MatchedShape {
    fn from(Matched { rule, words, channels, subject }: &Matched) -> Self {
        Self { rule: rule.clone(), words: words.clone(), channels: channels.clone(), subject: subject.clone() }
    }
}

impl MatchedShape {
    fn into_model(self) -> Matched {
        Matched { rule: self.rule, words: self.words, channels: self.channels, subject: self.subject }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "lowercase", deny_unknown_fields)]
enum SubjectShape {
    Contact { change: Box<ChangeShape>, contact: Box<ContactShape>, evidence: Box<EvidenceShape>, confidence: f64 },
    Item { excerpt: String },
}

impl From<&Subject> for SubjectShape {
    fn from(subject: &Subject) -> Self {
        match subject {
            Subject::Contact { change, contact, evidence, confidence } => Self::Contact {
                change: Box::new(change.into()),
                contact: Box::new(contact.as_ref().into()),
                evidence: Box::new(evidence.into()),
                // JSON has no number for what is not finite.
                confidence: if confidence.is_finite() { *confidence } else { 0.0 },
            },
            Subject::Item { excerpt } => Self::Item { excerpt: excerpt.clone() },
        }
    }
}

impl SubjectShape {
    fn into_model(self) -> Result<Subject, String> {
        Ok(match self {
            Self::Contact { change, contact, evidence, confidence } => Subject::Contact {
                change: change.into_model()?,
                contact: Box::new(contact.into_model()?),
                evidence: evidence.into_model()?,
                confidence,
            },
            Self::Item { excerpt } => Subject::Item { excerpt },
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EvidenceShape {
    sentence: String,
    span: SpanShape,
    fired: Vec<FiredShape>,
    /// Absent in records of before pages were read.
    #[serde(default)]
    on_page: bool,
}

impl From<&Evidence> for EvidenceShape {
    fn from(Evidence { sentence, span, fired, on_page }: &Evidence) -> Self {
        Self {
            sentence: sentence.clone(),
            span: span.into(),
            fired: fired.iter().map(FiredShape::from).collect(),
            on_page: *on_page,
        }
    }
}

impl EvidenceShape {
    fn into_model(self) -> Result<Evidence, String> {
        Ok(Evidence {
            sentence: self.sentence,
            span: self.span.into_model()?,
            fired: each(self.fired, FiredShape::into_model)?,
            on_page: self.on_page,
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FiredShape {
    rule: String,
    span: SpanShape,
}

impl From<&Fired> for FiredShape {
    fn from(Fired { rule, span }: &Fired) -> Self {
        Self { rule: rule.clone(), span: span.into() }
    }
}

impl FiredShape {
    fn into_model(self) -> Result<Fired, String> {
        Ok(Fired { rule: self.rule, span: self.span.into_model()? })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SpanShape {
    field: String,
    start: usize,
    end: usize,
}

impl From<&Span> for SpanShape {
    fn from(Span { field, start, end }: &Span) -> Self {
        Self { field: field.name().to_owned(), start: *start, end: *end }
    }
}

impl SpanShape {
    fn into_model(self) -> Result<Span, String> {
        let field = named("field", &self.field, |name| Field::ALL.into_iter().find(|field| field.name() == name))?;
        Ok(Span { field, start: self.start, end: self.end })
    }
}
