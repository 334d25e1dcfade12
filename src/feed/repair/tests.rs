//! Whatever comes in, what goes out is well-formed: checked by another reader than ours, over arbitrary pieces.

use super::*;
use proptest::prelude::*;

/// Reads a document strictly and gives the number of its entries.
fn entries(document: &str) -> usize {
    let mut reader = quick_xml::Reader::from_str(document);
    let (mut count, mut depth) = (0, 0);
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Start(tag) => {
                count += usize::from(tag.name().as_ref() == "entry");
                depth += 1;
                tag.attributes().for_each(|attribute| {
                    quick_xml::escape::unescape(&attribute.unwrap().value).unwrap();
                });
            }
            quick_xml::events::Event::End(_) => depth -= 1,
            quick_xml::events::Event::Eof => break,
            _ => {}
        }
        assert!(depth <= 4);
    }
    assert_eq!(depth, 0);
    assert!(document.chars().all(entity::legal));
    count
}

/// Pieces of feeds, sound and broken.
const PIECES: &[&str] = &[
    "<?xml version='1.0' encoding='gbk'?>",
    "<rss version='2.0'>",
    "<rss>",
    "<rdf:RDF>",
    "<feed xmlns='http://www.w3.org/2005/Atom'>",
    "<channel>",
    "</channel>",
    "<item>",
    "</item>",
    "<entry>",
    "</entry>",
    "<title>",
    "</title>",
    "<title type='xhtml'>",
    "<link>",
    "<link href='/x?a=1&b=2'/>",
    "</link>",
    "<guid isPermaLink='",
    "</guid>",
    "<description>",
    "</description>",
    "<content:encoded>",
    "<![CDATA[",
    "]]>",
    "]]",
    ">",
    "<",
    "&",
    "&amp;",
    "&nbsp;",
    "&#0;",
    "&#x110000;",
    "&bogus;",
    "<!--",
    "-->",
    "<!DOCTYPE x [",
    "<media:content>",
    "<a:b:c>",
    "</a:b:c>",
    "<p>",
    "<br>",
    "<div>",
    "</div>",
    "\"",
    "'",
    " x=y",
    "\u{0}",
    "\u{ffff}",
    "\u{92}",
    "\u{4e2d}\u{56fd}",
    "text ",
    "{",
    "}",
    "[",
    "]",
    "\"items\":[",
    "\"id\":1,",
    "\"title\":\"A\"",
    "\\",
    "\n",
    "\u{feff}",
    "<author><name>",
    "</name></author>",
    "<dc:date>2024-01-02</dc:date>",
    "<category term='x' label=>",
    "</html>",
    "<html>",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pieces_in_any_order_become_well_formed(order in prop::collection::vec(0..PIECES.len(), 0..60), rooted: bool) {
        let mut body: String = if rooted { "<rss version='2.0'><channel>".to_owned() } else { String::new() };
        body.extend(order.into_iter().filter_map(|at| PIECES.get(at)).copied());
        if let Ok(repaired) = repair(body.as_bytes(), None) {
            prop_assert!(entries(&repaired.document) <= MOST_ITEMS);
        }
    }

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..400), prefix in 0..4_usize) {
        let prefixes: [&[u8]; 4] = [b"", b"<rss version='2.0'><channel><item><title>", b"{\"items\":[{\"title\":\"", b"\xff\xfe<\0"];
        let body = [prefixes.get(prefix).copied().unwrap(), &bytes].concat();
        if let Ok(repaired) = repair(&body, Some("text/xml; charset=shift_jis")) {
            entries(&repaired.document);
        }
    }
}

#[test]
fn too_many_items_are_cut_and_said_so() {
    let body = format!(
        "<rss version='2.0'><channel>{}</channel></rss>",
        "<item><title>x</title></item>".repeat(MOST_ITEMS + 1)
    );
    let repaired = repair(body.as_bytes(), None).unwrap();
    assert_eq!(entries(&repaired.document), MOST_ITEMS);
    assert_eq!(repaired.repairs, ["items"]);
}

#[test]
fn hostile_prefixes_fill_neither_memory_nor_the_list() {
    let items: String = (0..1_000).map(|n| format!("<p{n}:{}>x</p{n}:{}>", "y".repeat(100), "y".repeat(100))).collect();
    let body = format!("<rss version='2.0'><channel><item><title>x</title>{items}</item></channel></rss>");
    let repaired = repair(body.as_bytes(), None).unwrap();
    assert_eq!(repaired.repairs.len(), MOST_REPAIRS);
}
