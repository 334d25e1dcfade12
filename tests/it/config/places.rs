//! Where a configuration is sought, and what is said when it cannot be read.

use super::{load, write};
use openline::config::{self, Sought, Variables};
use std::path::Path;

#[test]
fn a_file_that_is_named_must_be_there() {
    let folder = tempfile::tempdir().unwrap();
    let problems = load(folder.path()).unwrap_err();
    assert_eq!(problems.len(), 1);
    assert!(problems[0].what.starts_with("cannot be read"), "{problems:?}");
    write(folder.path(), "openline.toml", "");
    std::fs::write(folder.path().join("openline.toml"), b"\xff").unwrap();
    assert_eq!(load(folder.path()).unwrap_err().len(), 1);
}

#[test]
fn a_file_in_a_usual_place_that_cannot_be_read_is_not_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("openline.toml");
    let sought = Sought { tried: vec![place.clone(), folder.path().join("other.toml")], ..Sought::default() };
    assert!(config::load(&sought).is_ok_and(|loaded| loaded.files.is_empty()), "nothing is there");
    std::os::unix::fs::symlink(folder.path().join("gone"), &place).unwrap();
    assert!(config::load(&sought).is_err(), "a link to nothing");
    std::fs::remove_file(&place).unwrap();
    std::fs::create_dir(&place).unwrap();
    assert!(config::load(&sought).is_err(), "a folder");
}

#[test]
fn the_usual_places_are_tried_in_order() {
    let set = |pairs: &[(&str, &str)]| Variables(pairs.iter().map(|(key, value)| (key.into(), value.into())).collect());
    let sought = Sought::usual(None, set(&[("HOME", "/home/a"), ("XDG_CONFIG_HOME", "/x"), ("OPENLINE_CONFIG", "")]));
    assert_eq!(sought.named, None);
    assert_eq!(sought.tried, [Path::new("/etc/openline/openline.toml"), Path::new("/x/openline/openline.toml")]);
    let sought = Sought::usual(None, set(&[("HOME", "/home/a"), ("OPENLINE_CONFIG", "/o.toml")]));
    assert_eq!(sought.named.as_deref(), Some(Path::new("/o.toml")));
    assert_eq!(sought.tried[1], Path::new("/home/a/.config/openline/openline.toml"));
    let sought = Sought::usual(Some("/c.toml".into()), set(&[("OPENLINE_CONFIG", "/o.toml")]));
    assert_eq!(sought.named.as_deref(), Some(Path::new("/c.toml")));
}

#[test]
fn what_the_first_sight_tells_is_one_of_three_things() {
    let said = |value: &str| super::said(&format!("[poll]\nfirst_run = \"{value}\"\nflood = 3\n"));
    for right in ["baseline", "24h", "90m", "all"] {
        assert_eq!(said(right), Vec::<String>::new(), "{right}");
    }
    assert_eq!(said("basline"), ["openline.toml:2:13: `first_run` cannot be \"basline\"; did you mean `baseline`?"]);
    assert!(
        said("900d")[0].ends_with("write \"baseline\", \"all\", or a time from \"1m\" to \"365d\", such as \"24h\"")
    );
    assert_eq!(
        super::said("[poll]\nflood = 0\n"),
        ["openline.toml:2:9: `flood` cannot be the number 0; write a whole number from 1 to 1000"]
    );
}
