//! What a feed's requests carry: its keys, what may be wrong with them, and their secrets.

use super::{load, said, write};
use openline::config::{self, Loaded, Variables};
use openline::model::request::Request;

const FEED: &str = "sources = []\n[[feed]]\nid = \"a\"\nurl = \"https://www.example.org/rss\"\ntier = \"wire\"\n";

#[track_caller]
fn assert_said(keys: &str, expected: &[&str]) {
    let found = said(&format!("{FEED}{keys}\n"));
    assert_eq!(found.len(), expected.len(), "{keys}: {found:#?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.contains(expected), "{keys}: {found}");
    }
}

#[test]
fn every_mistake_has_its_place_and_remedy() {
    for (keys, expected) in [
        ("user = \"desk\"", "6:8: no password is named; name one of `password_file`, `password_env`"),
        ("password_env = \"X\"", "6:16: a password without a user; name the user in `user`"),
        ("user = \"a:b\"", "6:8: not the name of a user; it has no colon"),
        ("cookies = \"a=b\"", "6:11: a cookies does not stand in this file; put it into a file"),
        ("cookies_file = \"a\"\ncookies_env = \"B\"", "7:15: more than one cookies is named; keep one of them"),
        ("secret_headers_env = \"a b=\"", "6:22: `a b=` is no name; write the name alone"),
        ("user_agent = \"naïve\"", "6:14: not the name of a program; use printable ASCII"),
        ("proxy = \"socks5://proxy.example.org\"", "6:9: an address of the scheme `socks5`; only http and https"),
        ("proxy = \"http://me:word@proxy.example.org\"", "6:9: an address with a user or password"),
        ("proxy = \"http://proxy.example.org/path\"", "6:9: a proxy with a path; write its host and port alone"),
        ("insecure_accept_any_certificate = \"yes\"", "6:35: "),
        ("insecure = true", "6:1: unknown key `insecure`"),
        (
            "headers = { Authorization = \"Bearer x\" }",
            "6:29: a secret header, `authorization`, does not stand in this",
        ),
        ("headers = { Cookie = \"a=b\" }", "6:22: a secret header, `cookie`, does not stand in this file; put them"),
        ("headers = { Host = \"b\" }", "6:13: the header `Host` is openline's to set; leave it out"),
        ("headers = { \"a b\" = \"c\" }", "6:13: the header `a b` has no name that HTTP can carry"),
        ("headers = { X = \"a\\nb\" }", "6:13: the header `X` has a value that HTTP cannot carry"),
        ("headers = { User-Agent = \"x\" }", "6:13: the header `User-Agent` has a key of its own, `user_agent`"),
    ] {
        assert_said(keys, &[expected]);
    }
    assert_said("proxy_user = \"desk\"\nproxy_password_env = \"X\"", &["6:14: a user of a proxy, and no proxy"]);
}

fn requests(loaded: &Loaded, variables: &Variables) -> Result<Vec<Request>, Vec<(usize, String)>> {
    let (feeds, secrets) = (&loaded.config.feeds, &loaded.config.feed_secrets);
    config::with_secrets(feeds, secrets, &loaded.folder, variables)
        .map(|(feeds, _)| feeds.into_iter().map(|feed| feed.request).collect())
}

#[test]
fn secrets_are_read_into_headers_and_shown_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let keys = "user = \"desk\"\npassword_file = \"word\"\ncookies_file = \"cookies\"\nsecret_headers_file = \"headers\"\n\
                headers = { Accept-Language = \"en\" }\nproxy = \"http://proxy.example.org:3128\"\nproxy_user = \"me\"\n\
                proxy_password_file = \"proxy\"\n";
    write(folder.path(), "openline.toml", &format!("{FEED}{keys}"));
    let problems = load(folder.path()).unwrap_err();
    let places: Vec<_> = problems.iter().map(|problem| (problem.line, problem.column)).collect();
    assert_eq!(places, [(7, 17), (8, 16), (9, 23), (13, 23)], "{problems:?}");

    write(folder.path(), "word", "hunter2\n");
    write(folder.path(), "proxy", "hunter3\n");
    write(folder.path(), "cookies", "session=hunter4; lang=en;\nconsent=yes\n");
    write(folder.path(), "headers", "X-Key: hunter5\nx-other:hunter6\n");
    let loaded = load(folder.path()).unwrap();
    assert!(
        loaded.warnings.iter().filter(|warning| warning.what.contains("everybody")).count() == 4,
        "{:?}",
        loaded.warnings
    );
    let requests = requests(&loaded, &Variables::default()).unwrap();
    let headers: Vec<(&str, &str)> =
        requests[0].headers.iter().map(|(name, value)| (name.as_str(), value.expose())).collect();
    let expected = [
        ("accept-language", "en"),
        ("authorization", "Basic ZGVzazpodW50ZXIy"),
        ("cookie", "session=hunter4; lang=en; consent=yes"),
        ("x-key", "hunter5"),
        ("x-other", "hunter6"),
    ];
    assert_eq!(headers, expected);
    let proxy = requests[0].proxy.as_ref().unwrap();
    assert_eq!(proxy.url, "http://proxy.example.org:3128/");
    assert!(proxy.login.as_ref().is_some_and(|(user, word)| user == "me" && word.expose() == "hunter3"));
    let shown = format!("{:?} {:?} {requests:?}", loaded.config.feeds, loaded.config.feed_secrets);
    assert!(!shown.contains("hunter") && !shown.contains("aHVudGVy") && !shown.contains("ZGVzazpo"), "{shown}");

    for (name, text, expected) in [
        ("cookies", "hunter4", "these are no cookies"),
        ("headers", "X-Key hunter5", "its line 1 is no header"),
        ("headers", "X: a\nHost: hunter5", "its line 2 is openline's to set"),
        ("headers", "Authorization: Bearer hunter5", "its line 1 is a second authorization beside `user`"),
    ] {
        let right = std::fs::read_to_string(folder.path().join(name)).unwrap();
        write(folder.path(), name, text);
        let problems = load(folder.path()).unwrap_err();
        assert!(problems.len() == 1 && problems[0].what.contains(expected), "{text}: {problems:?}");
        assert!(!format!("{problems:?}").contains("hunter"), "{problems:?}");
        write(folder.path(), name, &right);
    }
}

#[test]
fn what_is_dangerous_is_warned_of() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "word", "hunter2\n");
    let keys = "insecure_accept_any_certificate = true\nuser = \"desk\"\npassword_file = \"word\"\n";
    write(folder.path(), "openline.toml", &format!("{FEED}{keys}").replace("https:", "http:"));
    let loaded = load(folder.path()).unwrap();
    let warned = |words: &str| loaded.warnings.iter().any(|warning| warning.what.contains(words));
    assert!(warned("takes any certificate") && warned("sends its secrets without TLS"), "{:?}", loaded.warnings);
}

#[test]
fn a_file_of_authorities_must_hold_some() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "openline.toml", "[http]\nca_file = \"ca.pem\"\n");
    let said = |folder: &std::path::Path| load(folder).unwrap_err().remove(0);
    let problem = said(folder.path());
    assert_eq!((problem.line, problem.column), (2, 11), "{problem:?}");
    write(folder.path(), "ca.pem", "nothing of the kind\n");
    assert!(said(folder.path()).what.contains("there is no certificate in it"));
    write(folder.path(), "ca.pem", crate::harness::tls::Authority::new("The tests' authority").pem());
    assert!(load(folder.path()).is_ok());
}
