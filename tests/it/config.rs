//! The configuration: its defaults, and everything that can be wrong with it.

use openline::config::{self, Config, Loaded, Sought, Texts, Variables, Way};
use openline::model::problem::Problem;
use std::path::Path;
use std::sync::Arc;

mod pace;
mod places;
mod policy;
mod request;

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
    assert_eq!(config.channels.len(), 10);
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
fn six_mistakes_are_six_messages() {
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
allow = ["host:x", "10.0.0.0/8"]

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
fn a_sender_whose_domain_is_no_name_needs_a_host_for_message_ids() {
    let channel = "[[channel]]\nid = 'a'\ntype = 'email'\nhost = 'localhost'\ntls = 'none'\n\
        from = 'a@bücher.example'\nto = ['b@example.org']\n";
    let found = said(channel);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].ends_with("cannot stand in a Message-ID; set `host` under [mail]"), "{found:?}");
    let config = config::parse(&texts(&format!("[mail]\nhost = 'alerts.example.org'\n{channel}"))).unwrap();
    assert_eq!(config.mail.reader("bücher.example", Arc::default()).host, "alerts.example.org");
    assert_eq!(Config::default().mail.reader("Example.org", Arc::default()).host, "example.org");
    assert_eq!(Config::default().mail.reader("localhost", Arc::default()).host, "openline.local");
}

#[test]
fn requests_cost_no_more_than_the_file_allows() {
    let limits = config::parse(&texts("[poll]\ntimeout = '5s'\nmax_body = '1MiB'\n")).unwrap().poll.limits();
    assert_eq!((limits.total.as_secs(), limits.connect.as_secs()), (5, 5));
    assert_eq!((limits.wire, limits.inflated), (1 << 19, 1 << 20));
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
without = ["ustr"]
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
    assert_eq!(named("state-press-releases")[0].title, "");
    assert_eq!(named("ustr").len(), 0);
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
    let person =
        "[[person]]\nid = 'jane-example'\nside = 'US'\nname = 'Jane Example'\nsurname = 'Example'\noffices = []\n";
    write(folder.path(), "lexicon.d/people.toml", person);
    write(folder.path(), "templates.d/subject.txt", "a subject");
    let loaded = load(folder.path()).unwrap();
    let rules: Vec<&str> = loaded.config.rules.rules().iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(rules, ["a", "b"]);
    assert_eq!(loaded.config.feeds.len(), 1);
    let added = loaded.lexicon.people.iter().filter(|person| person.id == "jane-example").count();
    assert_eq!((added, loaded.files.len()), (1, 6));
    assert_eq!(loaded.folder, folder.path());

    write(folder.path(), "templates.d/subject.txt", "{{ unclosed");
    write(folder.path(), "templates.d/no-such.txt", "");
    write(folder.path(), "lexicon.d/people.toml", "[[persn]]\n");
    let problems = load(folder.path()).unwrap_err();
    let files: Vec<&str> = problems.iter().map(|problem| problem.file.rsplit('/').next().unwrap()).collect();
    assert_eq!(files, ["people.toml", "no-such.txt", "subject.txt"], "{problems:#?}");
    assert!(problems.iter().all(|problem| Path::new(&problem.file).exists()), "{problems:#?}");
}

#[test]
fn what_watches_less_than_one_may_think_is_warned_of() {
    let folder = tempfile::tempdir().unwrap();
    let warned = |text: &str| {
        write(folder.path(), "openline.toml", text);
        let warnings = load(folder.path()).unwrap().warnings;
        warnings.into_iter().map(|warning| warning.what).collect::<Vec<_>>()
    };
    assert_eq!(warned(""), Vec::<String>::new());
    assert_eq!(warned("sources = []\nrules = []\n"), ["no feed is configured", "no rule is switched on"]);
    let two = "rules = []\n[[channel]]\nid = 'a'\ntype = 'terminal'\n[[channel]]\nid = 'b'\ntype = 'terminal'\n";
    let rule = "[[rule]]\nid = 'r'\ncontact = {}\nchannels = ['b']\n";
    assert_eq!(warned(&format!("{two}{rule}")), ["no rule tells channel `a`"]);
    let feed = "sources = []\n[[feed]]\nid = 'f'\nurl = 'http://10.1.2.3/rss'\ntier = 'wire'\n";
    let refused = warned(feed);
    assert!(refused.len() == 1 && refused[0].starts_with("feed `f` cannot be polled: 10.1.2.3"), "{refused:?}");
    assert_eq!(warned(&format!("{feed}[http]\nallow = ['10.1.2.0/24']\n")), Vec::<String>::new());
    write(folder.path(), "key", KEY);
    let hook = WEBHOOK.replace("https://hooks.example.org/", "http://localhost:8080/") + "secret_file = 'key'\n";
    let refused: Vec<String> = warned(&hook).into_iter().filter(|what| !what.contains("may read")).collect();
    assert!(refused.len() == 1 && refused[0].starts_with("channel `hook` cannot be reached"), "{refused:?}");
}

/// A signing secret of the smallest size, whose bytes are those of "hunter2-" three times.
const KEY: &str = "whsec_aHVudGVyMi1odW50ZXIyLWh1bnRlcjIt";
const WEBHOOK: &str = "[[channel]]\nid = 'hook'\ntype = 'webhook'\nurl = 'https://hooks.example.org/'\n";

#[test]
fn a_secret_must_be_there_and_is_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "openline.toml", &format!("{WEBHOOK}secret_file = 'key'\n"));
    let problems = load(folder.path()).unwrap_err();
    assert_eq!((problems.len(), problems[0].line, problems[0].column), (1, 5, 15), "{problems:?}");
    write(folder.path(), "key", "\n");
    assert!(load(folder.path()).unwrap_err()[0].what.contains("holds no secret"));

    write(folder.path(), "key", &format!("{KEY}\n"));
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
    assert!(!format!("{loaded:?}").contains("aHVudGVy"));
    let channel = &loaded.config.channels[0];
    let (way, _) = channel.with_secrets(&loaded.folder, &Variables::default()).unwrap();
    let Way::Webhook(spec) = &way else { panic!("a webhook is configured") };
    assert_eq!(spec.secrets.iter().map(openline::deliver::secret::Secret::expose).collect::<Vec<_>>(), [KEY]);
    assert!(!format!("{way:?}").contains("aHVudGVy"));

    write(folder.path(), "key", &format!("{KEY}\n\n{KEY}\n"));
    assert!(load(folder.path()).is_ok(), "an old and a new secret may both sign");
    write(folder.path(), "key", "whsec_aHVudGVyMg\n");
    let problems = load(folder.path()).unwrap_err();
    assert!(problems[0].what.contains("signing secret 1"), "{problems:?}");
    assert!(!format!("{problems:?}").contains("aHVudGVy"), "{problems:?}");
}

#[test]
fn a_secret_may_stand_in_the_environment_or_among_the_credentials() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "credentials/hook", &format!("{KEY}\n"));
    let with = |line: &str, pairs: &[(&str, &str)]| {
        write(folder.path(), "openline.toml", &format!("{WEBHOOK}{line}\n"));
        let variables = Variables(pairs.iter().map(|(key, value)| (key.into(), value.into())).collect());
        let named = Some(folder.path().join("openline.toml"));
        config::load(&Sought { named, variables, ..Sought::default() }).map(|_| ())
    };
    let credentials = folder.path().join("credentials");
    let credentials = credentials.to_str().unwrap();
    assert_eq!(with("secret_env = 'KEY'", &[("KEY", KEY)]), Ok(()));
    assert_eq!(with("secret_env = 'KEY'", &[]).unwrap_err()[0].what, "the variable `KEY` is not set");
    assert_eq!(with("credential = 'hook'", &[("CREDENTIALS_DIRECTORY", credentials)]), Ok(()));
    assert_eq!(with("credential = 'hook'", &[]).unwrap_err()[0].what, "there is no $CREDENTIALS_DIRECTORY");
    assert_eq!(with("credential = 'none'", &[("CREDENTIALS_DIRECTORY", credentials)]).unwrap_err().len(), 1);
}

#[test]
fn an_address_that_a_receiver_cannot_mean_is_complained_of() {
    let hook = |format: &str, rest: &str| {
        said(&format!("[[channel]]\nid = \"a\"\ntype = \"webhook\"\nformat = \"{format}\"\n{rest}\n"))
    };
    assert_eq!(hook("ntfy", "topic = \"desk\"\nurl = \"https://ntfy.example\""), Vec::<String>::new());
    let found = hook("ntfy", "topic = \"desk\"\nurl = \"https://ntfy.example/desk\"");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("has a path") && found[0].contains("`topic`"), "{found:?}");
    assert_eq!(hook("slack", "url = \"https://hooks.example/s/1\""), Vec::<String>::new());
    let found = hook("slack", "url = \"https://hooks.example/s/1\"\nsecret_env = \"SLACK\"");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("keep one of the two"), "{found:?}");
}
