//! `openline explain` as a person runs it: what it prints and how it ends.

use crate::harness::http::{Reply, Server};
use crate::harness::process::openline;
use serde_json::Value;
use std::path::Path;

const AWKWARD: &str = include_str!("explain/awkward.jsonl");
const HOSTILE: &str = include_str!("explain/hostile.json");

fn explain(folder: &Path, words: &[&str]) -> (Option<i32>, String, String) {
    let output = openline(folder).arg("explain").args(words).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn awkward_sentences_are_explained() {
    let folder = tempfile::tempdir().unwrap();
    for line in AWKWARD.lines() {
        let document: Value = serde_json::from_str(line).unwrap();
        let id = document["id"].as_str().unwrap().to_owned();
        std::fs::write(folder.path().join(&id), line).unwrap();
        let (code, said, why) = explain(folder.path(), &[&id]);
        assert_eq!(code, Some(0), "{why}");
        insta::assert_snapshot!(format!("explain_{id}"), said);
    }
}

#[test]
fn an_article_is_shown_with_its_contact_and_the_rule_that_alerts() {
    let folder = tempfile::tempdir().unwrap();
    let text = "Blinken to visit Beijing\n\nUS Secretary of State Antony Blinken will visit Beijing on February 5 and 6.\u{1b}[2J\n";
    std::fs::write(folder.path().join("article.txt"), text).unwrap();
    let words = ["article.txt", "--published", "2023-01-17", "--language", "en"];
    let (code, said, _) = explain(folder.path(), &words);
    assert_eq!(code, Some(0));
    assert!(said.contains("ALERTS: rule us-china-high-level"), "{said}");
    assert!(!said.contains('\u{1b}'), "a stranger's text moves no cursor: {said:?}");
    let (_, coloured, _) = explain(folder.path(), &[&words[..], &["--color", "always"]].concat());
    assert!(coloured.contains("\u{1b}[1;33mvisit\u{1b}[0m") && !coloured.contains("\u{1b}[2J"), "{coloured:?}");
}

#[test]
fn json_holds_what_extract_gives_and_the_derivation_of_each_contact() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("all.jsonl"), AWKWARD).unwrap();
    let (code, said, _) = explain(folder.path(), &["all.jsonl", "--format", "json"]);
    assert_eq!(code, Some(0));
    let objects: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(objects.len(), AWKWARD.lines().count());
    let first = &objects[0];
    assert_eq!(first["contacts"][0]["status"], "postponed", "{first}");
    assert_eq!(first["contacts"][0]["derivation"]["rule"], "contact.visit");
    assert_eq!(first["contacts"][0]["rules"][0]["rule"], "us-china-high-level");
    assert_eq!(first["alerts"], true);
    for object in &objects {
        for place in object["rejected"].as_array().unwrap() {
            let field = object[place["field"].as_str().unwrap()].as_str().unwrap();
            let end = |key: &str| usize::try_from(place[key].as_u64().unwrap()).unwrap();
            assert_eq!(field.get(end("start")..end("end")), place["text"].as_str(), "{object}");
        }
    }
}

#[test]
fn the_page_escapes_everything_and_needs_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("hostile.json"), HOSTILE).unwrap();
    let (code, page, why) = explain(folder.path(), &["hostile.json", "--format", "html"]);
    assert_eq!(code, Some(0), "{why}");
    for markup in ["<script", "<img", "<b>", "<i>", "<link", "http://", "https://", "\u{1b}"] {
        assert!(!page.contains(markup), "{markup} stands in:\n{page}");
    }
    assert!(page.contains("&lt;b&gt;id") && page.contains("&lt;script&gt;alert(3)"), "{page}");
    assert!(page.contains("prefers-color-scheme: dark") && page.contains("width=device-width"), "{page}");
    assert!(page.contains("visit.visit") && page.contains("ALERTS"), "{page}");
}

#[test]
fn the_list_names_every_extractor_and_the_configured_rules() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("openline.toml"),
        "[[rule]]\nid = \"mine\"\ndescription = \"My own\"\n[rule.words]\nany = [\"chips\"]\n",
    )
    .unwrap();
    let (code, said, why) = explain(folder.path(), &["--list", "--config", "openline.toml"]);
    assert_eq!(code, Some(0), "{why}");
    for wanted in ["visit.travel-to", "status.postpone", "novelty.old-date", "time.iso", "reject.one-side", "My own"] {
        assert!(said.contains(wanted), "{wanted} is missing in:\n{said}");
    }
    let (_, json, _) = explain(folder.path(), &["--list", "--format", "json", "--config", "openline.toml"]);
    let list: Value = serde_json::from_str(&json).unwrap();
    assert!(list["extractor"].as_array().unwrap().len() > 80, "{json}");
    assert_eq!(list["alert"].as_array().unwrap().iter().filter(|rule| rule["rule"] == "mine").count(), 1);
    assert_eq!(explain(folder.path(), &["--list", "--format", "html"]).0, Some(2));
    assert_eq!(explain(folder.path(), &["--list", "x"]).0, Some(2));
    assert_eq!(explain(folder.path(), &[]).0, Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_read_in_whatever_encoding_they_are_sent() {
    let server = Server::start().await;
    let text = "国务卿布林肯将于星期日访问北京，美国国务院星期三宣布。";
    let (body, _, _) = encoding_rs::GBK.encode(text);
    let page = |head: &str| {
        [b"<html><head>".as_slice(), head.as_bytes(), b"</head><body><p>", &body, b"</p></body></html>"].concat()
    };
    server.fixed("/header", Reply::ok(page("")).header("content-type", "text/html; charset=gb2312"));
    server.fixed("/meta", Reply::ok(page("<meta charset=\"gbk\">")).header("content-type", "text/html"));
    let folder = tempfile::tempdir().unwrap();
    let allow = server.address().to_string();
    for path in ["/header", "/meta"] {
        let (url, allow, folder) = (server.url(path), allow.clone(), folder.path().to_owned());
        let run = move || explain(&folder, &[&url, "--allow-private", &allow]);
        let (code, said, why) = tokio::task::spawn_blocking(run).await.unwrap();
        assert_eq!(code, Some(0), "{why}");
        assert!(said.contains(text), "{path}: {said}");
    }
}

#[test]
fn what_cannot_be_had_ends_with_69_and_a_wrong_command_with_2() {
    let folder = tempfile::tempdir().unwrap();
    for there_is_none in ["gone.txt", "http://127.0.0.1:9/", "http://10.0.0.1/article"] {
        let (code, said, why) = explain(folder.path(), &[there_is_none]);
        assert_eq!((code, said.as_str()), (Some(69), ""), "{there_is_none}: {why}");
        assert!(why.starts_with("openline: ") && why.contains(there_is_none), "{why}");
    }
    std::fs::write(folder.path().join("a.txt"), "x").unwrap();
    for wrong in [["--published", "soon"], ["--language", "fr"]] {
        assert_eq!(explain(folder.path(), &["a.txt", wrong[0], wrong[1]]).0, Some(2), "{wrong:?}");
    }
}
