//! A page's values as the build script wrote them: the same as parsing the text gives, without parsing it.

use super::value::{Entries, Entry, Value};
use std::borrow::Cow;
use std::rc::Rc;

/// Reads a tape; nothing where it is none, or holds what tapes do not (then the text is parsed instead).
pub(super) fn read(tape: &'static [u8]) -> Option<Entries> {
    let mut reader = Reader { rest: tape };
    let entries = reader.table()?;
    reader.rest.is_empty().then_some(entries)
}

struct Reader {
    rest: &'static [u8],
}

impl Reader {
    fn table(&mut self) -> Option<Entries> {
        let count = self.number()?;
        (0..count)
            .map(|_| {
                let key_at = self.number()?;
                let key = self.text()?;
                let at = self.number()?;
                Some((Cow::Borrowed(key), Entry { key_at, at, value: self.value()? }))
            })
            .collect()
    }

    fn value(&mut self) -> Option<Value> {
        match self.byte()? {
            b's' => self.text().map(|text| Value::Text(Cow::Borrowed(text))),
            b't' => Some(Value::Flag(true)),
            b'f' => Some(Value::Flag(false)),
            b'a' => {
                let count = self.number()?;
                let items: Option<Vec<(usize, Value)>> =
                    (0..count).map(|_| Some((self.number()?, self.value()?))).collect();
                items.map(|items| Value::List(Rc::new(items)))
            }
            b'm' => self.table().map(|entries| Value::Table(Rc::new(entries))),
            _ => None,
        }
    }

    fn text(&mut self) -> Option<&'static str> {
        let length = self.number()?;
        let (text, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        std::str::from_utf8(text).ok()
    }

    /// LEB128: seven bits a byte, the lowest first.
    fn number(&mut self) -> Option<usize> {
        let mut number = 0;
        for shift in (0..usize::BITS).step_by(7) {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f).checked_shl(shift)?;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_tape_is_given_up() {
        for tape in [&b""[..], b"\x01", b"\x01\x00\x01a\x04?", b"\x00x", b"\x01\x00\x01a\x04s\x05x", b"\xff\xff\xff"] {
            assert!(read(tape).is_none(), "{tape:?}");
        }
        assert!(read(b"\x01\x00\x01a\x04t").is_some_and(|entries| entries.len() == 1));
    }
}
