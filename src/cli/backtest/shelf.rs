//! The items of the past in the order in which they were published, of which only an index is held in memory.

use super::entry::Entry;
use jiff::Timestamp;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, BufWriter, Read as _, Write as _};
use std::os::unix::fs::FileExt as _;
use std::path::Path;

/// Longest line that is read, in bytes.
const LINE: u64 = 16 << 20;
/// Bad lines that are named.
const NAMED: usize = 5;

/// A file of lines with an index by time.
#[derive(Debug)]
pub(super) struct Shelf {
    file: File,
    index: Vec<Mark>,
    /// What could not be taken up, in words.
    pub(super) faults: Vec<String>,
    /// How many entries could not be.
    pub(super) lost: usize,
}

/// Where an entry stands: 32 bytes an item.
#[derive(Clone, Copy, Debug)]
struct Mark {
    at: Timestamp,
    offset: u64,
    length: u32,
    /// Number of the document within a story.
    document: u32,
}

impl Shelf {
    /// Takes up a file of JSON lines. Entries of one time stay in the order of the file.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        Self::of(File::open(path)?)
    }

    /// The same for lines that are written now; `write` gives each of them to its argument.
    pub(super) fn written(
        write: impl FnOnce(&mut dyn FnMut(&Entry) -> io::Result<()>) -> io::Result<()>,
    ) -> io::Result<Self> {
        let file = tempfile::tempfile()?;
        let mut out = BufWriter::new(file.try_clone()?);
        write(&mut |entry| {
            serde_json::to_writer(&mut out, entry)?;
            out.write_all(b"\n")
        })?;
        out.flush()?;
        Self::of(file)
    }

    /// How many entries there are.
    pub(super) fn len(&self) -> usize {
        self.index.len()
    }

    /// The time of the latest.
    pub(super) fn latest(&self) -> Option<Timestamp> {
        self.index.last().map(|mark| mark.at)
    }

    /// Some entries from a place on, each with its place in the file as a number of its own.
    pub(super) fn read(&self, from: usize, count: usize) -> io::Result<Vec<(u64, Entry)>> {
        let mut found = Vec::with_capacity(count);
        for mark in self.index.iter().skip(from).take(count) {
            let mut line = vec![0; mark.length as usize];
            self.file.read_exact_at(&mut line, mark.offset)?;
            let entry: Option<Entry> = serde_json::from_slice(&line).ok();
            if let Some(document) = entry.and_then(|entry| entry.document(mark.document as usize)) {
                found.push((mark.offset + u64::from(mark.document), document));
            }
        }
        Ok(found)
    }

    fn of(file: File) -> io::Result<Self> {
        let mut shelf = Self { file, index: Vec::new(), faults: Vec::new(), lost: 0 };
        let mut reader = BufReader::with_capacity(1 << 20, shelf.file.try_clone()?);
        io::Seek::rewind(&mut reader)?;
        let (mut offset, mut number, mut line) = (0_u64, 0_usize, Vec::new());
        loop {
            line.clear();
            let length = reader.by_ref().take(LINE).read_until(b'\n', &mut line)?;
            if length == 0 {
                break;
            }
            number += 1;
            if !line.iter().all(u8::is_ascii_whitespace) {
                shelf.take(&line, offset, number);
            }
            offset += length as u64;
        }
        shelf.index.sort_by_key(|mark| mark.at);
        Ok(shelf)
    }

    fn take(&mut self, line: &[u8], offset: u64, number: usize) {
        let entry: Entry = match serde_json::from_slice(line) {
            Ok(entry) => entry,
            Err(error) => return self.lose(format!("line {number}: {error}")),
        };
        let times: Vec<Option<Timestamp>> = match entry.documents.as_slice() {
            [] => vec![entry.time()],
            documents => documents.iter().map(Entry::time).collect(),
        };
        for (document, time) in (0_u32..).zip(times) {
            match time {
                Some(at) => {
                    let length = u32::try_from(line.len()).unwrap_or(u32::MAX);
                    self.index.push(Mark { at, offset, length, document });
                }
                None => self.lose(format!("line {number}: no date in `published` that can be read")),
            }
        }
    }

    fn lose(&mut self, why: String) {
        self.lost += 1;
        if self.faults.len() < NAMED {
            self.faults.push(why);
        }
    }
}
