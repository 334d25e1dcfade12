//! The configuration: its defaults, everything that can be wrong with it, and `openline check`.

use openline::config::{self, Config, Loaded, Sought, Texts, Variables, Way};
use openline::model::problem::Problem;
use std::path::Path;
use std::process::{Command, Output};

fn texts(main: &str) -> Texts {
    Texts { main: ("openline.toml".to_owned(), main.to_owned()), ..Texts::default() }
}

fn said(main: &str) -> Vec<String> {
    match config::parse(&texts(main)) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn load(folder: &Path) -> Result<Loaded, Vec<Problem>> {
    config::load(&Sought { named: Some(folder.join("openline.toml")), ..Sought::default() })
}

fn check(folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_openline"))
        .args(["check", "--config", "openline.toml"])
        .current_dir(folder)
        .env_clear()
        .output()
        .unwrap()
}

/// All of a configuration as text; none of its types hide a setting.
fn spelled(config: &Config) -> String {
    format!("{config:#?}")
}

#[test]
fn the_shipped_file_and_an_empty_file_are_the_default() {
    let default = spelled(&Config::default());
    let (name, text) = config::EMBEDDED;
    let shipped = Texts { main: (name.to_owned(), text.to_owned()), ..Texts::default() };
    assert_eq!(spelled(&config::parse(&shipped).unwrap()), default);
    assert_eq!(spelled(&config::parse(&texts("")).unwrap()), default);
    assert_eq!(spelled(&config::load(&Sought::default()).unwrap().config), default);
    assert!(!Config::default().feeds.is_empty());
    assert_eq!(Config::default().rules.rules().len(), 1);
}

/// The manual's examples are comments; without their marks they must be right, and they must be all there is.
#[test]
fn the_examples_of_the_shipped_file_are_right() {
    let uncommented: String = config::EMBEDDED
        .1
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(rest) if is_toml(rest) => format!("{rest}\n"),
            _ if line.starts_with('#') => "\n".to_owned(),
            _ => format!("{line}\n"),
        })
        .collect();
    // `allow` and its default both stand there; the example wins.
    let uncommented = uncommented.replacen("allow = []\n", "\n", 1);
    let config = config::parse(&texts(&uncommented)).unwrap_or_else(|problems| panic!("{problems:#?}\n{uncommented}"));
    assert_eq!(config.channels.len(), 2);
    assert_eq!(config.rules.rules().len(), 3);
    assert_eq!(config.http.allow.len(), 4);
    assert!(config.status.listen.is_some() && config.state.is_some() && config.mail.host.is_some());
    assert!(config.feeds.iter().any(|feed| feed.id.as_str() == "example-ministry"));
}

fn is_toml(line: &str) -> bool {
    let key = line.split(" = ").next().unwrap_or_default();
    line.starts_with('[') && line.trim_end().ends_with(']')
        || line.contains(" = ")
            && !key.contains(' ')
            && key.chars().all(|character| character.is_ascii_lowercase() || character == '_')
}

#[test]
fn five_mistakes_are_five_messages() {
    let text = r#"sourcs = []
[poll]
interval = 15

[[channel]]
id = "desk"
type = "email"
host = "mail.example.org"
tls = "startls"
from = "openline@example.org"
to = ["desk@example.org"]

[[feed]]
id = "state-press-releases"
url = "https://www.example.org/rss"
tier = "wire"

[[feed]]
id = "state-press-releases"
url = "https://www.example.org/other"
tier = "wire"

[[rule]]
id = "mine"
words = { regex = ["(unclosed"] }
feeds = ["stat-press-releases"]
"#;
    let found = said(text);
    assert_eq!(found.len(), 6, "{found:#?}");
    insta::assert_snapshot!(found.join("\n"));
}

#[test]
fn every_kind_of_mistake_has_its_place_and_remedy() {
    let text = r#"sources = ["builtin:us-chin", "feeds.toml"]
without = ["no-such-feed"]
rules = ["builtin:none"]

[poll]
min_interval = "2h"
max_interval = "1h"
concurrency = 0
timeout = "1d"
max_body = "8MB"

[http]
user_agent = "naïve"
allow = ["host:0", "10.0.0.0/8"]

[status]
listen = "localhost"

[mail]
zone = "America/New_Yrok"
host = "not a host"

[log]
level = "loud"

[retention]
items = "1h"

[[feed]]
id = "Bad Id"
url = "ftp://www.example.org/rss"
tier = "newswire"
zone = "Mars"
language = "fr"
interval = "1s"

[[feed]]
id = "secret"
url = "https://me:hunter2@www.example.org/rss"
tier = "wire"

[[feed]]
url = "not an address"

[[feed]]
id = "one"
url = "https://www.example.org/rss"
tier = "wire"

[[feed]]
id = "two"
url = "https://www.example.org/rss"
tier = "wire"

[[channel]]
id = "a"
type = "fax"

[[channel]]
id = "b"
type = "email"
host = "mail.example.org:25"
tls = "none"
user = "me"
from = "nobody"
to = []

[[channel]]
id = "b"
type = "email"
host = "mail.example.org"
port = 70000
tls = "none"
password = "hunter2"
from = "openline@example.org"
to = ["desk@example.org", "desk"]

[[channel]]
id = "c"
type = "webhook"
url = "http://www.example.org/hook"
secret_file = "x"
secret_env = "Y"

[[channel]]
id = "d"
type = "webhook"
url = "http://127.0.0.1:8080/hook"
secret_env = "a/b"
credentials = "x"
"#;
    insta::assert_snapshot!(said(text).join("\n"));
}

#[test]
fn a_mistake_of_syntax_does_not_hide_those_of_other_files() {
    let all = Texts {
        main: ("openline.toml".to_owned(), "[poll\ninterval = \"1m\"\n\nx = = 2\n".to_owned()),
        rules: vec![("rules.d/a.toml".to_owned(), "[[rule]]\nid = 'a'\n".to_owned())],
        sources: vec![("sources.d/b.toml".to_owned(), "[[feed]]\nid = 'b'\ntier = 'wire'\n".to_owned())],
    };
    let problems = config::parse(&all).unwrap_err();
    let files: Vec<&str> = problems.iter().map(|problem| problem.file.as_str()).collect();
    assert!(files.contains(&"openline.toml") && files.contains(&"rules.d/a.toml"), "{problems:#?}");
    assert!(files.contains(&"sources.d/b.toml"), "{problems:#?}");
}

#[test]
fn the_users_feeds_and_rules_take_the_place_of_built_in_ones() {
    let text = r#"
without = ["mfa-spokesperson"]
[[feed]]
id = "state-press-releases"
url = "https://mirror.example.org/state.xml"
tier = "official_us"
interval = "5m"
[[rule]]
id = "us-china-high-level"
contact = { min_level = "leader" }
"#;
    let config = config::parse(&texts(text)).unwrap();
    let named = |id: &str| config.feeds.iter().filter(|feed| feed.id.as_str() == id).collect::<Vec<_>>();
    assert_eq!(named("state-press-releases").len(), 1);
    assert_eq!(named("state-press-releases")[0].url, "https://mirror.example.org/state.xml");
    assert_eq!(named("state-press-releases")[0].interval, jiff::SignedDuration::from_mins(5));
    assert_eq!(named("state-press-releases")[0].title, "mirror.example.org");
    assert_eq!(named("mfa-spokesperson").len(), 0);
    assert_eq!(config.rules.rules().len(), 1);
    let level = config.rules.rules()[0].contact.as_ref().map(|contact| contact.min_level);
    assert_eq!(level, Some(openline::model::actor::Level::Leader));
    let bare = config::parse(&texts("sources = []\nrules = []\n")).unwrap();
    assert_eq!((bare.feeds.len(), bare.rules.rules().len()), (0, 0));
}

#[test]
fn the_folders_beside_the_file_are_read_in_order() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "openline.toml", "sources = []\nrules = []\n");
    let rule = |id: &str| format!("[[rule]]\nid = '{id}'\nfeeds = ['mine']\ncontact = {{}}\n");
    write(folder.path(), "rules.d/20-b.toml", &rule("b"));
    write(folder.path(), "rules.d/10-a.toml", &rule("a"));
    write(folder.path(), "rules.d/.hidden.toml", "nonsense");
    write(folder.path(), "rules.d/README.md", "nonsense");
    write(folder.path(), "sources.d/mine.toml", "[[feed]]\nid = 'mine'\nurl = 'https://a.example/'\ntier = 'blog'\n");
    write(folder.path(), "lexicon.d/people.toml", "# people");
    write(folder.path(), "templates.d/mail.txt", "text");
    let loaded = load(folder.path()).unwrap();
    let rules: Vec<&str> = loaded.config.rules.rules().iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(rules, ["a", "b"]);
    assert_eq!(loaded.config.feeds.len(), 1);
    assert_eq!((loaded.lexicon.len(), loaded.templates.len(), loaded.files.len()), (1, 1, 6));
    assert_eq!(loaded.folder, folder.path());
}

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

const WEBHOOK: &str = "[[channel]]\nid = 'hook'\ntype = 'webhook'\nurl = 'https://hooks.example.org/'\n";

#[test]
fn a_secret_must_be_there_and_is_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "openline.toml", &format!("{WEBHOOK}secret_file = 'key'\n"));
    let problems = load(folder.path()).unwrap_err();
    assert_eq!((problems.len(), problems[0].line, problems[0].column), (1, 5, 15), "{problems:?}");
    write(folder.path(), "key", "\n");
    assert!(load(folder.path()).unwrap_err()[0].what.contains("holds no secret"));

    write(folder.path(), "key", "hunter2\n");
    let mode = |mode| {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(folder.path().join("key"), std::fs::Permissions::from_mode(mode)).unwrap();
    };
    mode(0o600);
    let loaded = load(folder.path()).unwrap();
    assert_eq!(loaded.warnings, []);
    mode(0o644);
    let loaded = load(folder.path()).unwrap();
    assert_eq!(loaded.warnings.len(), 1);
    assert!(loaded.warnings[0].what.contains("everybody"), "{:?}", loaded.warnings);
    assert!(!format!("{loaded:?}").contains("hunter2"));
    let Way::Webhook(spec) = &loaded.config.channels[0].way else { panic!("a webhook is configured") };
    let found = spec.secret.read(&loaded.folder, &Variables::default()).unwrap();
    assert_eq!(found.text, "hunter2");
    assert!(!format!("{found:?}").contains("hunter2"));
}

#[test]
fn a_secret_may_stand_in_the_environment_or_among_the_credentials() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "credentials/hook", "hunter2\n");
    let with = |line: &str, pairs: &[(&str, &str)]| {
        write(folder.path(), "openline.toml", &format!("{WEBHOOK}{line}\n"));
        let variables = Variables(pairs.iter().map(|(key, value)| (key.into(), value.into())).collect());
        let named = Some(folder.path().join("openline.toml"));
        config::load(&Sought { named, variables, ..Sought::default() }).map(|_| ())
    };
    let credentials = folder.path().join("credentials");
    let credentials = credentials.to_str().unwrap();
    assert_eq!(with("secret_env = 'KEY'", &[("KEY", "hunter2")]), Ok(()));
    assert_eq!(with("secret_env = 'KEY'", &[]).unwrap_err()[0].what, "the variable `KEY` is not set");
    assert_eq!(with("credential = 'hook'", &[("CREDENTIALS_DIRECTORY", credentials)]), Ok(()));
    assert_eq!(with("credential = 'hook'", &[]).unwrap_err()[0].what, "there is no $CREDENTIALS_DIRECTORY");
    assert_eq!(with("credential = 'none'", &[("CREDENTIALS_DIRECTORY", credentials)]).unwrap_err().len(), 1);
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
