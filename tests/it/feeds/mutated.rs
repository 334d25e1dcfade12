//! Feeds with pieces cut, doubled, exchanged and overwritten: never a panic, always well-formed, the same ids each time.

use super::{feeds, parse};
use openline::feed::plain;
use proptest::prelude::*;
use std::collections::HashSet;
use std::sync::LazyLock;

static BODIES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let bodies = feeds().into_iter().map(|(file, _)| std::fs::read(file).unwrap());
    bodies.filter(|body| body.len() < 4_096).collect()
});

/// What is written into feeds: the marks on which their grammar turns.
const PIECES: &[&[u8]] = &[
    b"<",
    b">",
    b"</",
    b"/>",
    b"&",
    b";",
    b"\"",
    b"'",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"-->",
    b"<!DOCTYPE rss [",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"<item>",
    b"</item>",
    b"<entry>",
    b"xmlns=''",
    b"&#x0;",
    b"&nbsp;",
    b"{",
    b"[",
    b"\\u0000",
    b"\x1b$B",
    b" encoding='gbk'",
    b"<title>",
    b"</channel>",
    b"<div>",
    b"\x80",
    b"\xe4\xb8",
];

/// One change: what kind of, where (as a share of the length), how much, and which piece.
type Change = (u8, u16, u16, usize);

fn changed(body: &mut Vec<u8>, (kind, at, length, piece): Change) {
    let at = usize::from(at) * body.len() / usize::from(u16::MAX).max(1);
    let end = (at + usize::from(length)).min(body.len());
    let piece = PIECES[piece % PIECES.len()];
    match kind % 5 {
        0 => drop(body.drain(at..end)),
        1 => {
            let copy = body[at..end].to_vec();
            body.splice(at..at, copy);
        }
        2 => drop(body.splice(at..at, piece.iter().copied())),
        3 => drop(body.splice(at..end, piece.iter().copied())),
        _ => body[at..end].reverse(),
    }
}

/// Reads a document to its end by another reader than ours, and gives the number of its entries.
fn entries(document: &str) -> usize {
    let mut reader = quick_xml::Reader::from_str(document);
    let mut count = 0;
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Start(tag) => count += usize::from(tag.name().as_ref() == "entry"),
            quick_xml::events::Event::Eof => return count,
            _ => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_feeds_are_survived(
        feed in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<u8>(), any::<u16>(), 0..200_u16, any::<usize>()), 1..8),
    ) {
        let mut body = feed.get(&BODIES).clone();
        changes.into_iter().for_each(|change| changed(&mut body, change));
        let document = plain(&body, None);
        let count = document.as_deref().map_or(0, entries);
        let read = parse(&body);
        if let Ok(feed) = &read {
            let ids: HashSet<&str> = feed.items.iter().map(|item| item.id.as_str()).collect();
            prop_assert_eq!(ids.len(), feed.items.len());
            prop_assert!(feed.items.len() <= count);
        }
        prop_assert_eq!(&read, &parse(&body));
        prop_assert!(read.is_ok() || read.is_err_and(|message| !message.is_empty()));
    }

    #[test]
    fn any_bytes_are_read_alike_twice(body in prop::collection::vec(any::<u8>(), 0..600)) {
        prop_assert_eq!(parse(&body), parse(&body));
        if let Ok(document) = plain(&body, Some("text/xml")) {
            entries(&document);
        }
    }
}
