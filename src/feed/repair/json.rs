//! JSON Feed: read leniently, item by item, so that one odd value or a cut end costs no more than itself.

use super::draft::{Document, Draft, Head};
use super::{MOST_ITEMS, Repaired, Repairs};
use crate::feed::Unreadable;
use crate::model::feed::{FeedFormat, Hints};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// Repairs a JSON document; `junk` bytes stand before its first brace.
pub(super) fn repair(text: &str, junk: usize, mut repairs: Repairs) -> Result<Repaired, Unreadable> {
    if junk > 0 {
        repairs.note("prologue");
    }
    let text = without_raw_breaks(text.get(junk..).unwrap_or_default(), &mut repairs);
    let mut sink = Sink { document: Document::new(text.len()), ..Sink::default() };
    let mut reader = serde_json::Deserializer::from_str(&text);
    let outcome = FeedSeed(&mut sink).deserialize(&mut reader);
    if sink.numbers {
        repairs.note("ids");
    }
    if sink.blank {
        repairs.note("blank");
    }
    if sink.items > MOST_ITEMS {
        repairs.note("items");
    }
    match outcome {
        Ok(()) => {}
        Err(error) if error.is_eof() && sink.items > 0 => repairs.note("truncated"),
        Err(_) if sink.items > 0 => repairs.note("syntax"),
        Err(error) => {
            return Err(Unreadable::new(
                format!("the body is not valid JSON: {error}"),
                "check that the address is that of a JSON Feed, or ask the publisher",
            ));
        }
    }
    if !sink.has_items && sink.version.is_none() {
        return Err(Unreadable::new(
            "the body is JSON, but no JSON Feed: it has no `items`",
            "check the address: a JSON Feed names https://jsonfeed.org in its `version`",
        ));
    }
    if !sink.version.as_deref().is_some_and(|version| version.contains("jsonfeed.org/version/1")) {
        repairs.note("version");
    }
    let promised = sink.items > 0;
    let document = sink.document.finish(&sink.head);
    let hints = Hints::default();
    Ok(Repaired { document, format: FeedFormat::Json, repairs: repairs.0, promised, hints })
}

/// Line breaks and tabs inside of strings, which JSON forbids and generators write, become spaces.
fn without_raw_breaks(text: &str, repairs: &mut Repairs) -> String {
    let (mut inside, mut escaped) = (false, false);
    let mut changed = false;
    let mended = text
        .chars()
        .map(|c| {
            let raw = inside && c < ' ';
            match c {
                '"' if !escaped => inside = !inside,
                _ => {}
            }
            escaped = c == '\\' && !escaped;
            changed |= raw;
            if raw { ' ' } else { c }
        })
        .collect();
    if changed {
        repairs.note("control");
    }
    mended
}

impl Default for Document {
    fn default() -> Self {
        Self::new(0)
    }
}

#[derive(Debug, Default)]
struct Sink {
    document: Document,
    head: Head,
    version: Option<String>,
    has_items: bool,
    items: usize,
    numbers: bool,
    blank: bool,
}

/// A text, or what may stand for one; anything else reads as nothing.
#[derive(Debug, Default)]
struct Lenient {
    text: Option<String>,
    number: bool,
    /// The texts of an array, or the `name`s (else `url`s) of an array or object.
    many: Vec<String>,
}

/// Most texts kept of one array.
const MANY: usize = 64;

struct FeedSeed<'s>(&'s mut Sink);

impl<'de> DeserializeSeed<'de> for FeedSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for FeedSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let sink = self.0;
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "version" => sink.version = map.next_value::<Lenient>()?.text,
                "title" => offer(&mut sink.head.title, 0, map.next_value()?),
                "home_page_url" => offer(&mut sink.head.link, 0, map.next_value()?),
                "language" => offer(&mut sink.head.language, 0, map.next_value()?),
                "items" => {
                    sink.has_items = true;
                    map.next_value_seed(ItemsSeed(sink))?;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

struct ItemsSeed<'s>(&'s mut Sink);

impl<'de> DeserializeSeed<'de> for ItemsSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ItemsSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of items")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(ItemSeed(self.0))?.is_some() {}
        Ok(())
    }
}

struct ItemSeed<'s>(&'s mut Sink);

impl<'de> DeserializeSeed<'de> for ItemSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for ItemSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an item")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let sink = self.0;
        let mut draft = Draft::default();
        while let Some(key) = map.next_key::<String>()? {
            let value: Lenient = map.next_value()?;
            draft.children = true;
            match key.as_str() {
                "id" => {
                    sink.numbers |= value.number;
                    offer(&mut draft.id, 0, value);
                }
                "url" => offer(&mut draft.link, 0, value),
                "external_url" => offer(&mut draft.link, 1, value),
                "title" => offer(&mut draft.title, 0, value),
                "summary" => offer(&mut draft.summary, 0, value),
                "content_html" => offer(&mut draft.content, 0, value),
                "content_text" => offer(&mut draft.content, 1, value),
                "date_published" => offer(&mut draft.published, 0, value),
                "date_modified" => offer(&mut draft.updated, 0, value),
                "author" => value.all().iter().for_each(|name| draft.author(1, name)),
                "authors" => value.all().iter().for_each(|name| draft.author(0, name)),
                "tags" => value.all().iter().for_each(|tag| draft.category(tag)),
                _ => {}
            }
        }
        sink.items += 1;
        if sink.items <= MOST_ITEMS && (!draft.is_empty() || draft.children) {
            sink.blank |= draft.is_empty();
            sink.document.item(&draft);
        }
        Ok(())
    }
}

fn offer(best: &mut super::draft::Best, rank: u8, value: Lenient) {
    if let Some(text) = value.text {
        best.offer(rank, text);
    }
}

impl Lenient {
    fn all(self) -> Vec<String> {
        self.text.into_iter().chain(self.many).collect()
    }
}

impl<'de> serde::Deserialize<'de> for Lenient {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        reader.deserialize_any(LenientVisitor)
    }
}

struct LenientVisitor;

impl<'de> Visitor<'de> for LenientVisitor {
    type Value = Lenient;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Lenient, E> {
        // An escape may bring in what XML cannot hold.
        let text = text.chars().filter(|c| super::entity::legal(*c)).collect();
        Ok(Lenient { text: Some(text), ..Lenient::default() })
    }

    fn visit_u64<E>(self, number: u64) -> Result<Lenient, E> {
        Ok(Lenient { text: Some(number.to_string()), number: true, many: Vec::new() })
    }

    fn visit_i64<E>(self, number: i64) -> Result<Lenient, E> {
        Ok(Lenient { text: Some(number.to_string()), number: true, many: Vec::new() })
    }

    fn visit_f64<E>(self, number: f64) -> Result<Lenient, E> {
        Ok(Lenient { text: Some(number.to_string()), number: true, many: Vec::new() })
    }

    fn visit_bool<E>(self, _: bool) -> Result<Lenient, E> {
        Ok(Lenient::default())
    }

    fn visit_unit<E>(self) -> Result<Lenient, E> {
        Ok(Lenient::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Lenient, A::Error> {
        let mut found = Lenient::default();
        while found.many.len() < MANY {
            let Some(value) = seq.next_element::<Lenient>()? else { return Ok(found) };
            found.many.extend(value.all().into_iter().take(1));
        }
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(found)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Lenient, A::Error> {
        let (mut name, mut url) = (None, None);
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "name" => name = map.next_value::<Lenient>()?.text,
                "url" => url = map.next_value::<Lenient>()?.text,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(Lenient { many: name.or(url).into_iter().collect(), ..Lenient::default() })
    }
}
