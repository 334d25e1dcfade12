//! `openline check` as a person runs it: what it prints and how it ends.

use std::path::Path;
use std::process::{Command, Output};

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn check(folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_openline"))
        .args(["check", "--config", "openline.toml"])
        .current_dir(folder)
        .env_clear()
        .output()
        .unwrap()
}

#[test]
fn check_says_what_is_configured() {
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        "openline.toml",
        "sources = []\n[[channel]]\nid = 'desk'\ntype = 'email'\nhost = 'localhost'\ntls = 'none'\n\
         from = 'openline@example.org'\nto = ['a@example.org', 'b@example.org']\n\
         [[feed]]\nid = 'one'\nurl = 'https://www.example.org/rss'\ntier = 'wire'\n",
    );
    write(folder.path(), "rules.d/mine.toml", "[[rule]]\nid = 'mine'\nenabled = false\nwords = { any = ['x'] }\n");
    let output = check(folder.path());
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    insta::assert_snapshot!(String::from_utf8_lossy(&output.stdout));
}

#[test]
fn check_shows_every_mistake_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        "openline.toml",
        "sourcs = []\n\n[[channel]]\nid = 'desk'\ntype = 'email'\nhost = 'localhost'\nuser = 'me'\n\
         password = 'hunter2'\nfrom = 'openline@example.org'\nto = ['desk']\n",
    );
    write(
        folder.path(),
        "rules.d/mine.toml",
        "[[rule]]\nid = 'mine'\n\twords = { any = ['会谈', '会*谈'] }\nchannels = ['dsk']\n",
    );
    let output = check(folder.path());
    assert_eq!(output.status.code(), Some(78), "{output:?}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    let shown = String::from_utf8_lossy(&output.stderr);
    assert!(!shown.contains("hunter2"), "{shown}");
    insta::assert_snapshot!(shown);
}
