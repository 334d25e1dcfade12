//! Judges whether a mention is a known contact and what it changes.
//!
//! [`settle`] takes what one item says and moves the contacts of a [`Book`]. It is total and deterministic: the same
//! book, item and mentions give the same changes. It asks three questions, each in a file of its own:
//!
//! 1. *Which contacts could it be?* The book's index answers ([`book`], [`key`]) without reading the whole book.
//! 2. *Is it the same, and why?* [`matching`] compares form, people ([`people`]), place ([`place`]) and dates ([`date`]).
//! 3. *Does it move?* [`transition`] holds the table of statuses, [`date`] what a new date does to a known one.
//!
//! # What counts as a move
//!
//! * A status moves along the table of [`transition`]; with a new date it is still one change.
//! * A date moves when it contradicts the known one, or prolongs a stay that is announced or under way. A date within
//!   the known one refines it, which is no news; nor is a date that becomes known on the day of the plan itself. The
//!   first date of a plan of which only the intention was known for a day or more is news.
//! * History moves nothing, whether the words say so or the date: a plan whose day has passed. What the ledger knows as
//!   history alone is opened again, once, when it is first brought as news.
//! * Of a stopped contact the planned date is kept; a new one comes with the report that it is on again.
//!
//! * A deputy in the place of a minister who was called off, or a call in the place of a visit, is a contact of its own, and
//!   marked once as down- or upgraded (`drift`): late reports of either still find theirs.
//!
//! # Who says so
//!
//! A report carries what the sides state in it (`statement`): those whose officials the text quotes, else the one whose own
//! source it is. A denial is no report: it moves no status, and is told once as long as the side's last word stays so. What
//! both sides, one, or the press alone says of a contact follows from its reports, in whatever order they came.
//!
//! # Silence
//!
//! Time alone moves nothing but the history: [`silence()`] marks a plan whose date has passed unreported, and what one side
//! alone has told of, each once.
//!
//! # What belongs together
//!
//! A visit and the meetings inside it are told apart and linked (`link`); the link is judged anew whenever one of the two
//! changes.
//!
//! # Order of arrival
//!
//! The status of a contact is what its reports lead to when they are read in the order of their publication
//! ([`transition::replay`]), so that the order in which feeds are polled does not change where a contact ends. Ids and
//! history differ, since they tell what was learnt when. These exceptions remain:
//!
//! * A date that moved is bridged by the report that moves it. A report of the former date that arrives after the
//!   contact was held on the new one opens a contact of its own.
//! * Of two neighbouring days (Washington's Wednesday, Beijing's Thursday) the one that arrived first stays, and of a
//!   stay the days that were told first as held.
//! * A contact keeps the form (meeting or talks) and, of two unrelated names, the place under which it was opened.
//! * A report that leaves people, place or date unsaid joins what is known when it arrives.
//! * What takes the place of another is marked by the report that completes the pair.
//! * Over [`book::CANDIDATES`] contacts of one person about one time are not weighed against each other; of a contact
//!   with very many reports, some that moved nothing are let go.

pub mod book;
pub mod date;
pub mod key;
pub mod matching;
pub mod people;
pub mod place;
pub mod silence;
pub mod transition;

mod apply;
mod drift;
mod link;
mod merge;
mod settle;
mod statement;

pub use book::Book;
pub use place::Places;
pub use settle::{settle, settle_with_denials};
pub use silence::{Patience, silence};
