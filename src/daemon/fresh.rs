//! Which items of a feed's document are news to us: not those that it shows again under new ids.

use crate::feed::canonical;
use crate::model::feed::{FeedState, Item};
use crate::model::ids::{FeedId, ItemId};
use jiff::Timestamp;
use std::collections::HashSet;

/// An item as it is to be read.
#[derive(Debug)]
pub(super) struct Fresh {
    pub(super) item: Item,
    /// Whether the item itself was seen before, under another headline.
    pub(super) known: bool,
    /// Whether it is one of a flood, and alerts nobody.
    pub(super) flood: bool,
}

/// What a document brings.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    /// The items to be read, in the order of the document.
    pub(super) fresh: Vec<Fresh>,
    /// Old items under new ids, where they are more than a poll may bring; else 0.
    pub(super) flood: usize,
    /// The latest publication in the document, or what was the latest before.
    pub(super) newest: Option<Timestamp>,
}

/// The ids by which one item is remembered, so that it is known again under another headline, and under another id.
#[derive(Debug)]
pub(super) struct Mark {
    /// Its own id.
    id: ItemId,
    /// See [`headline`].
    headline: ItemId,
    /// See [`twin`].
    twin: ItemId,
}

/// The ids by which the items of a document are remembered, in its order.
pub(super) fn marks(feed: &FeedId, items: &[Item]) -> Vec<Mark> {
    let mark = |item: &Item| Mark { id: item.id.clone(), headline: headline(item), twin: twin(feed, item) };
    items.iter().map(mark).collect()
}

/// All ids of marks, three an item.
pub(super) fn ids(marks: &[Mark]) -> Vec<ItemId> {
    marks.iter().flat_map(|mark| [&mark.id, &mark.headline, &mark.twin]).cloned().collect()
}

/// Sorts a document's items by whether they were seen; `unseen` are those of the ids of its [`marks`] that were not.
///
/// Items under new ids with the headline, page and date of one that was seen, and which is gone from the document, are
/// passed over. Where more than `most` items under new ids are older than the newest that was seen before, or are passed
/// over, the feed has given out its ids anew: none of the old ones alerts.
pub(super) fn sort(
    items: Vec<Item>,
    marks: &[Mark],
    unseen: &HashSet<ItemId>,
    before: &FeedState,
    most: usize,
    now: Timestamp,
) -> Sorted {
    let date = |item: &Item| item.published.or(item.updated).map(|at| at.min(now));
    let newest = items.iter().filter_map(date).max().max(before.newest);
    // The twin of an item that is still listed is another item: two statements of one day under one title.
    let listed: HashSet<&ItemId> =
        marks.iter().filter(|mark| !unseen.contains(&mark.id)).map(|mark| &mark.twin).collect();
    let mut taken = HashSet::new();
    let (mut fresh, mut passed_over) = (Vec::new(), 0_usize);
    for (item, mark) in items.into_iter().zip(marks) {
        if !unseen.contains(&mark.headline) || !taken.insert(&mark.headline) {
            continue;
        }
        let known = !unseen.contains(&mark.id);
        if !known && !unseen.contains(&mark.twin) && !listed.contains(&mark.twin) {
            passed_over += 1;
            continue;
        }
        fresh.push(Fresh { item, known, flood: false });
    }
    let Some(latest) = before.newest.filter(|_| before.baseline) else {
        return Sorted { fresh, flood: 0, newest };
    };
    let old = |fresh: &&mut Fresh| !fresh.known && date(&fresh.item).is_some_and(|at| at <= latest);
    // Of the very time of the newest are also the new items of a feed that gives days only.
    let older = fresh.iter().filter(|one| !one.known && date(&one.item).is_some_and(|at| at < latest)).count();
    let flood = older + passed_over;
    if flood <= most {
        return Sorted { fresh, flood: 0, newest };
    }
    fresh.iter_mut().filter(old).for_each(|one| one.flood = true);
    Sorted { fresh, flood, newest }
}

/// An item under its present headline: agencies write a story on under the same guid ("UPDATE 1", a live blog's lead), and
/// what is new stands in the headline. Summaries change for less ("12 comments") and are not looked at.
pub(super) fn headline(item: &Item) -> ItemId {
    ItemId::of(&[item.id.as_str(), "headline", &title(item)])
}

/// What an item is whatever its id: its headline, page and date.
fn twin(feed: &FeedId, item: &Item) -> ItemId {
    let page = item.url.as_deref().map(canonical).unwrap_or_default();
    let date = item.published.map(|at| at.to_string()).unwrap_or_default();
    ItemId::of(&[feed.as_str(), "twin", &title(item), &page, &date])
}

fn title(item: &Item) -> String {
    item.title.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2023-01-17T12:00:00Z";

    /// An item of an hour of the day before.
    fn item(id: &str, hour: u8) -> Item {
        Item {
            id: ItemId::new(id),
            url: Some(format!("https://a.example/{hour}")),
            title: format!("Title of {hour}"),
            summary: String::new(),
            content: None,
            author: None,
            published: Some(format!("2023-01-16T{hour:02}:00:00Z").parse().unwrap()),
            updated: None,
            categories: Vec::new(),
        }
    }

    fn sorted(seen: &[Item], items: Vec<Item>, newest: u8) -> Sorted {
        let feed = FeedId::new("f");
        let known: HashSet<ItemId> = ids(&marks(&feed, seen)).into_iter().collect();
        let marks = marks(&feed, &items);
        let unseen = ids(&marks).into_iter().filter(|id| !known.contains(id)).collect();
        let before = FeedState { baseline: true, newest: item("", newest).published, ..FeedState::default() };
        sort(items, &marks, &unseen, &before, 3, NOW.parse().unwrap())
    }

    #[test]
    fn items_given_out_anew_are_passed_over_and_counted() {
        let before: Vec<Item> = (1..=5).map(|hour| item(&format!("a{hour}"), hour)).collect();
        let after: Vec<Item> = (1..=6).map(|hour| item(&format!("b{hour}"), hour)).collect();
        let found = sorted(&before, after, 5);
        assert_eq!(found.flood, 5);
        assert_eq!(found.fresh.iter().map(|one| one.item.id.as_str()).collect::<Vec<_>>(), ["b6"]);
        assert!(!found.fresh[0].flood, "what is newer is news");
    }

    #[test]
    fn many_old_items_that_were_never_seen_are_a_flood_and_few_are_not() {
        let old = |count: u8| (1..=count).map(|hour| item(&format!("b{hour}"), hour)).collect::<Vec<_>>();
        let found = sorted(&[item("a9", 9)], old(3), 9);
        assert_eq!((found.flood, found.fresh.iter().filter(|one| one.flood).count()), (0, 0));
        let found = sorted(&[item("a9", 9)], old(4), 9);
        assert_eq!((found.flood, found.fresh.iter().filter(|one| one.flood).count()), (4, 4));
        assert_eq!(found.newest, item("", 9).published);
    }

    #[test]
    fn two_items_of_one_title_page_and_date_are_two_while_both_are_listed() {
        let found = sorted(&[item("a1", 1)], vec![item("a1", 1), item("a2", 1)], 1);
        assert_eq!(found.fresh.len(), 1);
        let undated = Item { published: None, ..item("b1", 1) };
        let again = Item { id: ItemId::new("b2"), ..undated.clone() };
        assert!(sorted(&[undated], vec![again], 1).fresh.is_empty(), "an undated one given out anew");
    }

    #[test]
    fn a_date_in_the_future_does_not_make_all_others_old() {
        let wrong = Item { published: Some("2033-01-01T00:00:00Z".parse().unwrap()), ..item("a1", 1) };
        assert_eq!(sorted(&[], vec![wrong], 1).newest, Some(NOW.parse().unwrap()));
    }
}
