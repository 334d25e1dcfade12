//! A value of a page with the places of all that it holds, independent of the parser's borrowed types.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;
use toml::de::{DeTable, DeValue};
use toml::value::Datetime;

/// A value of TOML. A number that does not fit its type is kept as text, to be refused where it is asked for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Text(Cow<'static, str>),
    Whole(Option<i64>),
    Fraction(Option<f64>),
    Flag(bool),
    Stamp(Datetime),
    List(Rc<Vec<(usize, Value)>>),
    Table(Rc<Entries>),
}

/// The keys of a table.
pub(super) type Entries = BTreeMap<Cow<'static, str>, Entry>;

/// A key's value and the byte offsets of both.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    pub(super) key_at: usize,
    pub(super) at: usize,
    pub(super) value: Value,
}

pub(super) fn entries(table: &DeTable<'_>) -> Entries {
    table
        .iter()
        .map(|(key, value)| {
            let entry = Entry { key_at: key.span().start, at: value.span().start, value: Value::of(value.get_ref()) };
            (Cow::Owned(key.get_ref().clone().into_owned()), entry)
        })
        .collect()
}

impl Value {
    fn of(value: &DeValue<'_>) -> Self {
        match value {
            DeValue::String(text) => Self::Text(Cow::Owned(text.clone().into_owned())),
            DeValue::Integer(number) => Self::Whole(i64::from_str_radix(number.as_str(), number.radix()).ok()),
            DeValue::Float(number) => Self::Fraction(number.as_str().parse().ok()),
            DeValue::Boolean(flag) => Self::Flag(*flag),
            DeValue::Datetime(stamp) => Self::Stamp(*stamp),
            DeValue::Array(items) => {
                Self::List(Rc::new(items.iter().map(|item| (item.span().start, Self::of(item.get_ref()))).collect()))
            }
            DeValue::Table(table) => Self::Table(Rc::new(entries(table))),
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    pub(super) fn list(&self) -> Option<Rc<Vec<(usize, Self)>>> {
        if let Self::List(items) = self { Some(Rc::clone(items)) } else { None }
    }

    pub(super) fn table(&self) -> Option<Rc<Entries>> {
        if let Self::Table(entries) = self { Some(Rc::clone(entries)) } else { None }
    }

    /// The value as a message shows it; long strings are not repeated.
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Text(text) if text.chars().count() <= 40 => format!("\"{}\"", text.escape_debug()),
            Self::Text(_) => "this string".to_owned(),
            Self::Whole(Some(number)) => format!("the number {number}"),
            Self::Fraction(Some(number)) => format!("the number {number}"),
            Self::Whole(None) | Self::Fraction(None) => "a number of this size".to_owned(),
            Self::Flag(flag) => flag.to_string(),
            Self::Stamp(stamp) => format!("the date {stamp}"),
            Self::List(_) => "a list".to_owned(),
            Self::Table(_) => "a table".to_owned(),
        }
    }
}
