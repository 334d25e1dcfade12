//! The bundled story: its outlets and what they publish when.

use crate::model::feed::Tier;
use jiff::Timestamp;
use serde::Deserialize;

/// The story as it stands in the binary.
pub(super) const TEXT: &str = include_str!("story.toml");

/// Outlets and items, the items in order of time.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Story {
    #[serde(rename = "outlet")]
    pub(super) outlets: Vec<Outlet>,
    #[serde(rename = "item")]
    pub(super) items: Vec<Item>,
}

/// Who publishes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Outlet {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) tier: String,
    pub(super) zone: String,
}

/// What is published.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Item {
    pub(super) outlet: String,
    pub(super) at: String,
    pub(super) title: String,
    pub(super) summary: String,
}

impl Item {
    /// When it is published; the test below shows that every item has a date.
    pub(super) fn time(&self) -> Timestamp {
        self.at.parse().unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// Reads the story; a test shows that it can be read.
pub(super) fn read() -> Result<Story, String> {
    let mut story: Story = toml::from_str(TEXT).map_err(|error| error.to_string())?;
    story.items.sort_by_key(Item::time);
    match story.outlets.iter().find(|outlet| Tier::from_name(&outlet.tier).is_none()) {
        Some(outlet) => Err(format!("outlet {} has an unknown tier", outlet.id)),
        None => Ok(story),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_story_is_whole() {
        let story = read().expect("the story can be read");
        assert!(story.items.len() > 20);
        for item in &story.items {
            assert!(story.outlets.iter().any(|outlet| outlet.id == item.outlet), "{}", item.title);
            assert!(item.at.parse::<Timestamp>().is_ok(), "{}", item.title);
        }
    }
}
