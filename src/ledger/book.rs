//! The index of known contacts, filled by the store at start and by settling.

use super::key::{self, Key};
use super::place::Places;
use crate::model::contact::Contact;
use crate::model::ids::ContactId;
use crate::model::mention::{Mention, Novelty};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Most contacts that one drawer gives for one mention, the latest first.
///
/// Settling a mention weighs at most `2 * CANDIDATES` contacts for each of its parties' names (at most
/// [`key::PARTIES`] a side), whatever the size of the book; finding them costs a logarithm of it.
pub const CANDIDATES: usize = 256;

/// Days before a mention's first day in which a contact that lasts into it may have begun: longest visit, a whole month.
const BEFORE: i64 = 45;
/// Days after a mention's last day in which a contact may begin and still be the same: zones and inferred dates.
const AFTER: i64 = 10;
/// Days ahead in which a late plan without a date looks for the held contact that it became.
const AHEAD: i64 = 62;
/// Days back in which a mention without a date looks for a held contact: news, then history.
const RECENT: [i64; 2] = [45, 430];

/// Greater than any id, whose digits are ASCII.
const GREATEST: &str = "\u{10FFFF}";

/// The contacts known, by id and by who met when.
#[derive(Clone, Debug, Default)]
pub struct Book {
    contacts: BTreeMap<ContactId, Contact>,
    drawers: HashMap<Key, Drawer>,
    places: Places,
    touched: BTreeSet<ContactId>,
}

#[derive(Clone, Debug, Default)]
struct Drawer {
    dated: BTreeSet<(Date, ContactId)>,
    loose: BTreeSet<(Timestamp, ContactId)>,
}

impl Book {
    /// An empty book that knows which places lie in which.
    #[must_use]
    pub fn with_places(places: Places) -> Self {
        Self { places, ..Self::default() }
    }

    /// Files a contact; one of the same id is replaced.
    pub fn insert(&mut self, contact: Contact) {
        if let Some(old) = self.contacts.remove(&contact.id) {
            self.unfile(&old);
        }
        let (days, loose) = (key::days(&contact), key::is_loose(&contact));
        for key in key::of_contact(&contact) {
            let drawer = self.drawers.entry(key).or_default();
            drawer.dated.extend(days.iter().map(|day| (*day, contact.id.clone())));
            if loose {
                drawer.loose.insert((contact.as_of, contact.id.clone()));
            }
        }
        self.contacts.insert(contact.id.clone(), contact);
    }

    /// The contacts that settling changed since this was last asked, by id: what a store has to write.
    ///
    /// They are more than those of the changes, since a report that moves nothing may still name a place or a person.
    pub fn take_touched(&mut self) -> Vec<ContactId> {
        std::mem::take(&mut self.touched).into_iter().collect()
    }

    /// Files a contact that settling changed.
    pub(super) fn put(&mut self, contact: Contact) {
        if self.contacts.get(&contact.id) != Some(&contact) {
            self.touched.insert(contact.id.clone());
            self.insert(contact);
        }
    }

    /// Takes a contact out, as when its time of keeping is over.
    pub fn remove(&mut self, id: &ContactId) -> Option<Contact> {
        let contact = self.contacts.remove(id)?;
        self.unfile(&contact);
        Some(contact)
    }

    /// The contact of an id.
    #[must_use]
    pub fn get(&self, id: &ContactId) -> Option<&Contact> {
        self.contacts.get(id)
    }

    /// All contacts, by id.
    pub fn contacts(&self) -> impl Iterator<Item = &Contact> {
        self.contacts.values()
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.contacts.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.contacts.is_empty()
    }

    /// Which places lie in which.
    #[must_use]
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// The contacts that a mention may be, by id: of the same people or of unnamed ones, near its date or open.
    #[must_use]
    pub fn candidates(&self, mention: &Mention, published: Timestamp) -> Vec<&Contact> {
        let (first, last) = match mention.moment {
            Some(moment) => (key::shift(moment.start(), -BEFORE), key::shift(moment.end(), AFTER)),
            None => {
                let today = key::day_of(published);
                let back = RECENT[usize::from(mention.novelty == Novelty::Background)];
                (key::shift(today, -back), key::shift(today, AHEAD))
            }
        };
        let mut found = BTreeSet::new();
        for drawer in key::of_mention(mention).iter().filter_map(|key| self.drawers.get(key)) {
            let until = (last, ContactId::new(GREATEST));
            let days = drawer.dated.range((first, ContactId::new(""))..=until);
            found.extend(days.rev().take(CANDIDATES).map(|(_, id)| id));
            found.extend(drawer.loose.iter().rev().take(CANDIDATES).map(|(_, id)| id));
        }
        found.into_iter().filter_map(|id| self.contacts.get(id)).collect()
    }

    /// The visits of those who take part in a contact, or what the visitors of a visit take part in, near its date.
    pub(super) fn near(&self, contact: &Contact, visits: bool) -> Vec<&Contact> {
        self.around(&key::of_company(contact, visits), contact)
    }

    /// The contacts of the same two sides near the date of one, whoever takes part.
    pub(super) fn beside(&self, contact: &Contact) -> Vec<&Contact> {
        self.around(&key::of_everybody(contact), contact)
    }

    /// What lies in some drawers near the date of a contact, or, where it has none, near its last report.
    fn around(&self, keys: &[Key], contact: &Contact) -> Vec<&Contact> {
        let day = key::day_of(contact.as_of);
        let (start, end) = contact.moment.map_or((day, day), |moment| (moment.start(), moment.end()));
        let (first, last) = (key::shift(start, -BEFORE), key::shift(end, AFTER));
        let mut found = BTreeSet::new();
        for drawer in keys.iter().filter_map(|key| self.drawers.get(key)) {
            let until = (last, ContactId::new(GREATEST));
            let days = drawer.dated.range((first, ContactId::new(""))..=until);
            found.extend(days.rev().take(CANDIDATES).map(|(_, id)| id));
            let loose = drawer.loose.iter().rev().skip_while(|(at, _)| key::day_of(*at) > last);
            found.extend(loose.take_while(|(at, _)| key::day_of(*at) >= first).take(CANDIDATES).map(|(_, id)| id));
        }
        found.into_iter().filter_map(|id| self.contacts.get(id)).collect()
    }

    fn unfile(&mut self, contact: &Contact) {
        let days = key::days(contact);
        for key in key::of_contact(contact) {
            let Some(drawer) = self.drawers.get_mut(&key) else { continue };
            for day in &days {
                drawer.dated.remove(&(*day, contact.id.clone()));
            }
            drawer.loose.remove(&(contact.as_of, contact.id.clone()));
            if drawer.dated.is_empty() && drawer.loose.is_empty() {
                self.drawers.remove(&key);
            }
        }
    }
}
