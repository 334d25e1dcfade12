//! The JSON shapes of records, private to the store: the nouns of the model themselves know no serialisation.
//!
//! Every conversion to a shape takes its noun apart field by field, so that a new field does not compile until it is kept.

mod alert;
mod change;
mod contact;
#[cfg(test)]
mod tests;

use super::error::StoreError;
use crate::model::alert::Alert;
use crate::model::contact::Contact;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The whole contact as JSON.
pub(super) fn contact_to_json(contact: &Contact) -> Result<String, StoreError> {
    to_json(&contact::ContactShape::from(contact))
}

/// The contact of a record; `id` names it in the error.
pub(super) fn contact_from_json(id: &str, json: &str) -> Result<Contact, StoreError> {
    from_json(json, contact::ContactShape::into_model).map_err(|why| unreadable("contact", id, &why))
}

/// The whole alert as JSON.
pub(super) fn alert_to_json(alert: &Alert) -> Result<String, StoreError> {
    to_json(&alert::AlertShape::from(alert))
}

/// The alert of a record; `id` names it in the error.
pub(super) fn alert_from_json(id: &str, json: &str) -> Result<Alert, StoreError> {
    from_json(json, alert::AlertShape::into_model).map_err(|why| unreadable("alert", id, &why))
}

fn to_json(shape: &impl Serialize) -> Result<String, StoreError> {
    // No shape has a map with keys that are not text, the only thing that serde_json refuses.
    serde_json::to_string(shape).map_err(|error| StoreError::corrupt(error.to_string()))
}

fn from_json<S: DeserializeOwned, M>(json: &str, into: fn(S) -> Result<M, String>) -> Result<M, String> {
    serde_json::from_str::<S>(json).map_err(|error| error.to_string()).and_then(into)
}

fn unreadable(what: &str, id: &str, why: &str) -> StoreError {
    StoreError::corrupt(format!("{what} {id} cannot be read: {why}"))
}

/// A value by its name.
fn named<T>(what: &str, name: &str, from_name: impl FnOnce(&str) -> Option<T>) -> Result<T, String> {
    from_name(name).ok_or_else(|| format!("unknown {what} `{name}`"))
}

/// A time by its RFC 3339 text, which keeps nanoseconds.
fn time(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|error: jiff::Error| error.to_string())
}

fn date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|error: jiff::Error| error.to_string())
}

fn each<S, M>(shapes: Vec<S>, into: fn(S) -> Result<M, String>) -> Result<Vec<M>, String> {
    shapes.into_iter().map(into).collect()
}
