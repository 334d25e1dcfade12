//! Judges whether a mention is a known contact and what it changes.
//!
//! [`settle`] takes what one item says and moves the contacts of a [`Book`]. It is total and deterministic: the same
//! book, item and mentions give the same changes. It asks three questions, each in a file of its own:
//!
//! 1. *Which contacts could it be?* The book's index answers ([`book`], [`key`]) without reading the whole book.
//! 2. *Is it the same, and why?* [`matching`] compares form, people ([`people`]), place ([`place`]) and dates ([`date`]).
//! 3. *Does it move?* [`transition`] holds the table of statuses, [`date`] what a new date does to a known one.
//!
//! # Order of arrival
//!
//! Reports are compared by publication, so that the order in which feeds are polled does not change where a contact
//! ends. Ids and history differ, since they tell what was learnt when. These exceptions remain:
//!
//! * A date that moved is bridged by the report that moves it. A report of the former date that arrives after the
//!   contact was opened on the new date, and that is published earlier than anything known, may open its own contact.
//! * Of two neighbouring days (Washington's Wednesday, Beijing's Thursday) the one that arrived first stays.
//! * A contact keeps the form (meeting or talks) and, of two unrelated names, the place under which it was opened.
//! * A report that leaves people, place or date unsaid joins what is known when it arrives.
//! * Over [`book::CANDIDATES`] contacts of one person about one time are not weighed against each other.

pub mod book;
pub mod date;
pub mod key;
pub mod matching;
pub mod people;
pub mod place;
pub mod transition;

mod apply;
mod merge;
mod settle;

pub use book::Book;
pub use place::Places;
pub use settle::settle;
