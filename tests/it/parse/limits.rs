//! Bodies made to exhaust a reader, each read by a whole process under a limit of memory and of processor time.

use serde_json::Value;
use std::process::Stdio;
use tokio::process::Command;

/// What a process may have for its data, in KB: 256 MB.
const MEMORY: usize = 262_144;
/// Processor time, in seconds. The aim is 2 s by the optimised program; this one is not.
const TIME: usize = 12;
/// Size of each body: the cap of what is fetched.
const SIZE: usize = 10_000_000;

fn rss(inside: &str) -> String {
    format!("<rss version='2.0'><channel><title>T</title>{inside}</channel></rss>")
}

/// Name, body, and whether items must be read of it.
fn bodies() -> Vec<(&'static str, String, bool)> {
    let item = |inside: String| rss(&format!("<item><title>A</title>{inside}</item>"));
    let many = |piece: &str, size: usize| piece.repeat(size / piece.len());
    let numbered = |count: usize, piece: fn(usize) -> String| (0..count).map(piece).collect::<String>();
    vec![
        ("500,000 items", rss(&"<item><a/></item>".repeat(500_000)), true),
        ("nesting", item(many("<a>", SIZE / 2) + &many("</a>", SIZE / 2)), true),
        ("a million attributes", item(format!("<a {}/>", numbered(1_000_000, |n| format!("a{n} ")))), true),
        ("one giant text", item(format!("<description>{}</description>", many("x ", SIZE))), true),
        ("references", item(format!("<description>{}</description>", many("&nbsp;&#8217;&x;&", SIZE))), true),
        (
            "entities of entities",
            format!(
                "<!DOCTYPE rss [{}]>{}",
                (1..20).map(|n| format!("<!ENTITY e{n} '{}'>", format!("&e{};", n - 1).repeat(10))).collect::<String>(),
                item(format!("<description>{}</description>", many("&e19;", SIZE / 2)))
            ),
            true,
        ),
        ("sections without end", rss(&many("<item><title><![CDATA[x", SIZE)), true),
        ("a comment without end", item(String::new()) + "<!--" + &many("<item>", SIZE), true),
        ("less-thans", item(format!("<description>{}</description>", many("<", SIZE))), true),
        ("quotation marks", item(many("<a b=\"<a c='", SIZE)), true),
        ("prefixes", item(numbered(300_000, |n| format!("<p{n}:x xmlns:p{n}='u'/>"))), true),
        ("json", format!("{{\"items\":[{{\"id\":1,\"title\":\"A\"}},{}", many("{\"a\":[", SIZE)), true),
        (
            "a page",
            format!("<html><head>{}", many("<link rel=alternate type=application/rss+xml href=/x>", SIZE)),
            false,
        ),
    ]
}

#[tokio::test]
async fn what_is_made_to_exhaust_a_reader_ends_within_its_limits() {
    let folder = tempfile::tempdir().unwrap();
    for (name, body, is_feed) in bodies() {
        assert!(body.len() <= 10 << 20, "{name}: {}", body.len());
        let file = folder.path().join("body");
        std::fs::write(&file, body).unwrap();
        let output = Command::new("sh")
            .arg("-c")
            .arg(format!("ulimit -d {MEMORY} && ulimit -t {TIME} && exec \"$0\" parse \"$1\""))
            .arg(env!("CARGO_BIN_EXE_openline"))
            .arg(&file)
            .stdin(Stdio::null())
            .output()
            .await
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        let line: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{name}: {errors}"));
        let (items, error) = (line["items"].as_array().unwrap().len(), &line["error"]);
        assert_eq!((items > 0, error.is_null()), (is_feed, is_feed), "{name}: {items} items, {error}");
    }
}
