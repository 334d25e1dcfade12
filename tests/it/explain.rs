//! `openline explain` as a person runs it: what it prints and how it ends.

use crate::harness::process::openline;
use std::path::Path;

fn explain(folder: &Path, words: &[&str]) -> (Option<i32>, String, String) {
    let output = openline(folder).arg("explain").args(words).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn an_article_is_shown_with_its_contact_and_the_rule_that_alerts() {
    let folder = tempfile::tempdir().unwrap();
    let text = "Blinken to visit Beijing\n\nUS Secretary of State Antony Blinken will visit Beijing on February 5 and 6.\u{1b}[2J\n";
    std::fs::write(folder.path().join("article.txt"), text).unwrap();
    let (code, said, _) = explain(folder.path(), &["article.txt", "--published", "2023-01-17", "--language", "en"]);
    assert_eq!(code, Some(0));
    assert!(said.contains("ALERTS: rule us-china-high-level"), "{said}");
    assert!(!said.contains('\u{1b}'), "a stranger's text moves no cursor: {said:?}");
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
