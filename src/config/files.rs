//! Finds and reads the files of a configuration.

use super::{Config, EMBEDDED, Reading, Texts, Variables, Way, with_secrets};
use crate::lexicon::{self, Lexicon};
use crate::model::problem::Problem;
use crate::net::guard::{Guard, Verdict};
use crate::render::Templates;
use crate::rules::mute::Names;
use crate::rules::{self, Known};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use url::Url;

/// Largest file that is read, in bytes.
const MAX_BYTES: u64 = 16 << 20;

/// Where a configuration is sought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sought {
    /// The file that the user names; it must exist.
    pub named: Option<PathBuf>,
    /// Files to try in this order; the first that exists is taken.
    pub tried: Vec<PathBuf>,
    /// The environment, in which secrets may stand.
    pub variables: Variables,
}

impl Sought {
    /// The usual places: the given `--config`, else `$OPENLINE_CONFIG`; else `/etc/openline/openline.toml` and the
    /// XDG folder's.
    #[must_use]
    pub fn usual(named: Option<PathBuf>, variables: Variables) -> Self {
        let set = |name: &str| variables.get(name).map(PathBuf::from);
        let named = named.or_else(|| set("OPENLINE_CONFIG"));
        let folder = set("XDG_CONFIG_HOME").or_else(|| set("HOME").map(|home| home.join(".config")));
        let mut tried = vec![PathBuf::from("/etc/openline/openline.toml")];
        tried.extend(folder.map(|folder| folder.join("openline/openline.toml")));
        Self { named, tried, variables }
    }
}

/// A configuration and the files that it was read from.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The configuration.
    pub config: Config,
    /// The folder where relative paths start: that of the configuration file, or the working folder.
    pub folder: PathBuf,
    /// Every file that was read, in reading order. Empty where all is built in.
    pub files: Vec<PathBuf>,
    /// The words: the built-in ones under those of `lexicon.d/*.toml`.
    pub lexicon: Arc<Lexicon>,
    /// The templates of mails: the built-in ones under those of `templates.d`.
    pub templates: Templates,
    /// What is not wrong but not good, such as a secret that everybody may read.
    pub warnings: Vec<Problem>,
}

impl Loaded {
    /// What matchers may name; recipients are not looked at.
    #[must_use]
    pub fn names(&self) -> Names {
        Names {
            feeds: self.config.feeds.iter().map(|feed| feed.id.to_string()).collect(),
            channels: self.config.channels.iter().map(|channel| channel.id.clone()).collect(),
            recipients: Vec::new(),
            rules: self.config.rules.rules().iter().map(|rule| rule.id.clone()).collect(),
            people: self.lexicon.named(),
        }
    }
}

/// Finds the configuration, reads it with the folders beside it, checks everything, and looks whether every secret is
/// there.
///
/// # Errors
/// Every problem of every file at once.
pub fn load(sought: &Sought) -> Result<Loaded, Vec<Problem>> {
    load_all(sought, &[], true)
}

/// The same for commands that send nothing: the channels' secrets are left alone, which a service's operator may not be
/// allowed to read. The rules of these files stand instead of the configured ones, where there are any; they may name feeds
/// and channels that are not configured.
///
/// # Errors
/// Every problem of every file at once.
pub fn load_with(sought: &Sought, rule_files: &[PathBuf]) -> Result<Loaded, Vec<Problem>> {
    load_all(sought, rule_files, false)
}

fn load_all(sought: &Sought, rule_files: &[PathBuf], secrets: bool) -> Result<Loaded, Vec<Problem>> {
    let mut shelf = Shelf::default();
    let found = sought.named.clone().or_else(|| sought.tried.iter().find(|path| is_there(path)).cloned());
    let main = match &found {
        Some(path) => shelf.read(path),
        None => Some((EMBEDDED.0.to_owned(), EMBEDDED.1.to_owned())),
    };
    let folder = found.as_deref().and_then(Path::parent).map_or_else(PathBuf::new, Path::to_path_buf);
    let beside = |shelf: &mut Shelf, name: &str, suffix: Option<&str>| match &found {
        Some(_) => shelf.folder(&folder.join(name), suffix),
        None => Vec::new(),
    };
    let rules = beside(&mut shelf, "rules.d", Some("toml"));
    let sources = beside(&mut shelf, "sources.d", Some("toml"));
    let overlay = beside(&mut shelf, "lexicon.d", Some("toml"));
    let templates = beside(&mut shelf, "templates.d", None);
    let texts = Texts { main: main.unwrap_or_default(), rules, sources };
    let lexicon = lexicon::load(&overlay);
    let people = lexicon.as_ref().map(Lexicon::named).unwrap_or_default();
    let mut reading = Reading::of(&texts, people.clone());
    let mut warnings = Vec::new();
    for (channel, place) in reading.config.channels.iter().zip(&reading.channels).filter(|_| secrets) {
        match channel.with_secrets(&folder, &sought.variables) {
            Ok((_, warning)) => {
                let remedy = "take the right away with `chmod o-r`";
                warnings.extend(warning.map(|warning| place.problem(warning, remedy)));
            }
            Err(why) => place.complain(why.what, why.remedy),
        }
    }
    if secrets {
        feed_secrets(&reading, &folder, &sought.variables, &mut warnings);
    }
    warnings.extend(idle(&reading.config, &texts.main.0));
    let mut problems = std::mem::take(&mut shelf.problems);
    problems.extend(reading.problems());
    if !rule_files.is_empty() {
        let files: Vec<(String, String)> = rule_files.iter().filter_map(|path| shelf.read(path)).collect();
        problems.append(&mut shelf.problems);
        let known = Known { people, subject: Some(Templates::check_subject), open: true, ..Known::default() };
        match rules::parse(&files, &known) {
            Ok(rules) => reading.config.rules = rules,
            Err(found) => problems.extend(found),
        }
    }
    let lexicon = lexicon.map_err(|found| problems.extend(found));
    let templates = Templates::load(&templates).unwrap_or_else(|found| {
        problems.extend(found);
        Templates::embedded()
    });
    match lexicon {
        Ok(mut lexicon) if problems.is_empty() => {
            warnings.extend(strangers(&reading.config, &lexicon, &texts.main.0));
            lexicon.watch(&reading.config.rules.other_pairs(), &overlay);
            let lexicon = Arc::new(lexicon);
            Ok(Loaded { config: reading.config, folder, files: shelf.files, lexicon, templates, warnings })
        }
        _ => Err(problems),
    }
}

/// Looks whether the secrets of feeds and the file of authorities are there.
fn feed_secrets(reading: &Reading, folder: &Path, variables: &Variables, warnings: &mut Vec<Problem>) {
    let config = &reading.config;
    let place = |number: usize| reading.feed_secrets.get(number);
    match with_secrets(&config.feeds, &config.feed_secrets, folder, variables) {
        Ok((_, found)) => warnings.extend(found.into_iter().filter_map(|(number, warning)| {
            place(number).map(|place| place.problem(warning, "take the right away with `chmod o-r`"))
        })),
        Err(found) => {
            for (number, why) in found {
                if let Some(place) = place(number) {
                    place.complain(why, "the daemon reads it when it starts");
                }
            }
        }
    }
    if let (Err(why), Some(place)) = (config.http.authorities(folder), &reading.ca_file) {
        place.complain(why, "name a PEM file of certificates, each between BEGIN and END lines");
    }
}

/// Whether there is something of this name. What may not be looked at counts: a configuration that this user cannot read
/// is a mistake to be told, not a reason to run on the defaults.
fn is_there(path: &Path) -> bool {
    !matches!(std::fs::symlink_metadata(path), Err(error) if absent(&error))
}

fn absent(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory)
}

/// What makes a configuration watch less than its author may think.
fn idle(config: &Config, file: &str) -> Vec<Problem> {
    let mut found = Vec::new();
    let mut warn = |what: String, remedy: &str| found.push(Problem::file(file, what, remedy));
    if config.feeds.is_empty() {
        warn("no feed is configured".to_owned(), "name a pack in `sources`, or add a [[feed]]");
    }
    let active: Vec<_> = config.rules.rules().iter().filter(|rule| rule.enabled).collect();
    if active.is_empty() {
        warn("no rule is switched on".to_owned(), "name a rule in `rules`, or add a [[rule]]");
    }
    let guard = Guard::new(config.http.allow.clone());
    let remedy = "name the host under [http] as one that `allow` lets through, or give another address";
    let refused = |url: &Url| match guard.judge_url(url) {
        Verdict::Refused(refusal) => Some(refusal),
        Verdict::Allowed => None,
    };
    for feed in &config.feeds {
        if let Some(refusal) = Url::parse(&feed.url).ok().and_then(|url| refused(&url)) {
            warn(format!("feed `{}` cannot be polled: {refusal}", feed.id), remedy);
        }
        if feed.request.any_certificate {
            let remedy = "name the authority's certificate in `ca_file` of [http] instead, where there is one";
            warn(format!("feed `{}` takes any certificate, so that others may write what it says", feed.id), remedy);
        }
        if feed.url.starts_with("http:") && config.feed_secrets.iter().any(|secret| secret.feed == feed.id) {
            warn(format!("feed `{}` sends its secrets without TLS, for all on the way to read", feed.id), "use https");
        }
    }
    for group in &config.host_groups {
        if !config.feeds.iter().any(|feed| feed.pace.group.as_ref() == Some(&group.id)) {
            warn(
                format!("host group `{}` has the host of no feed", group.id),
                "name the hosts as the feeds' addresses do",
            );
        }
    }
    for channel in &config.channels {
        if let Way::Webhook(hook) = &channel.way
            && let Some(refusal) = refused(&hook.url)
        {
            warn(format!("channel `{}` cannot be reached: {refusal}", channel.id), remedy);
        }
        if !active.is_empty() && !active.iter().any(|rule| rule.channels.contains(&channel.id)) {
            warn(format!("no rule tells channel `{}`", channel.id), "name it in the `channels` of a rule");
        }
    }
    found
}

/// The sides that rules ask for and of whose officials the lexicon knows none.
fn strangers(config: &Config, lexicon: &Lexicon, file: &str) -> Vec<Problem> {
    let mut found = Vec::new();
    for rule in config.rules.rules().iter().filter(|rule| rule.enabled) {
        for side in rule.contact.iter().flat_map(|contact| contact.between) {
            if !lexicon.offices.iter().any(|office| office.side == side) {
                let what = format!("rule `{}` asks for {side}, of which the lexicon knows no office", rule.id);
                let remedy = "add offices and people of that state to a file in lexicon.d";
                found.push(Problem::file(file, what, remedy));
            }
        }
    }
    found
}

/// The files read so far and those that could not be.
#[derive(Debug, Default)]
struct Shelf {
    files: Vec<PathBuf>,
    problems: Vec<Problem>,
}

impl Shelf {
    fn read(&mut self, path: &Path) -> Option<(String, String)> {
        let name = path.display().to_string();
        let text = match std::fs::metadata(path) {
            Ok(facts) if facts.len() > MAX_BYTES => Err(format!("larger than {} MiB", MAX_BYTES >> 20)),
            Ok(_) => std::fs::read(path).map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        match text.and_then(|bytes| String::from_utf8(bytes).map_err(|error| error.utf8_error().to_string())) {
            Ok(text) => {
                self.files.push(path.to_path_buf());
                let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
                Some((name, text))
            }
            Err(why) => {
                let remedy = "it must exist, be readable and be UTF-8";
                self.problems.push(Problem::file(name, format!("cannot be read: {why}"), remedy));
                None
            }
        }
    }

    /// The files of a folder in the order of their names, without hidden ones; none where there is no such folder.
    fn folder(&mut self, folder: &Path, suffix: Option<&str>) -> Vec<(String, String)> {
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Vec::new(),
            Err(error) => {
                let name = folder.display().to_string();
                self.problems.push(Problem::file(name, format!("cannot be read: {error}"), "it must be a folder"));
                return Vec::new();
            }
        };
        let wanted = |path: &PathBuf| {
            let hidden = path.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'));
            !hidden && path.is_file() && suffix.is_none_or(|suffix| path.extension() == Some(OsStr::new(suffix)))
        };
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(wanted).collect();
        paths.sort();
        paths.iter().filter_map(|path| self.read(path)).collect()
    }
}
