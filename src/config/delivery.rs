//! The `[delivery]` table: who hears that a delivery was given up.

use crate::shape::{Table, remedy_for};

/// What is done about deliveries as such.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivery {
    /// The channel that hears of deliveries which were given up; none where absent.
    pub notices: Option<String>,
}

/// Reads the table; `channels` are the known ids.
pub(super) fn read(root: &mut Table, channels: &[String]) -> Delivery {
    let mut delivery = Delivery::default();
    if let Some(mut table) = root.table("delivery") {
        if let Some(name) = table.placed_str("notices") {
            if !channels.contains(&name.value) {
                let remedy = remedy_for(&name, channels.iter().map(String::as_str));
                name.place.complain(format!("there is no channel `{}`", name.escape_debug()), remedy);
            }
            delivery.notices = Some(name.value);
        }
        table.finish();
    }
    delivery
}
