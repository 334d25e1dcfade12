//! Where a secret is to be found, and its reading.

use crate::deliver::secret::Secret;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The environment variables, as the command line hands them down. Their values are not shown.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Variables(pub BTreeMap<OsString, OsString>);

impl std::fmt::Debug for Variables {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Variables({} values)", self.0.len())
    }
}

impl Variables {
    /// The variable of this name, where it is set and not empty.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&OsString> {
        self.0.get(std::ffi::OsStr::new(name)).filter(|value| !value.is_empty())
    }
}

/// Where a secret is to be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretRef {
    /// In a file.
    File(PathBuf),
    /// In an environment variable.
    Env(String),
    /// In a file under `$CREDENTIALS_DIRECTORY`, as systemd's `LoadCredential=` puts it there.
    Credential(String),
}

/// Largest file that is read for a secret, in bytes.
const MAX_BYTES: u64 = 64 << 10;

/// A secret that was found, and what is to be said about its keeping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its lines that are not blank; at least one.
    pub lines: Vec<Secret>,
    /// A warning, where others may read it.
    pub warning: Option<String>,
}

impl SecretRef {
    /// Reads the secret. `folder` is where relative paths start.
    ///
    /// # Errors
    /// Why it cannot be had, as a lower-case fragment without the secret.
    pub fn read(&self, folder: &Path, variables: &Variables) -> Result<Found, String> {
        match self {
            Self::File(path) => read_file(&folder.join(path)),
            Self::Env(name) => match variables.get(name).map(|value| value.to_str()) {
                Some(Some(text)) => whole(text, None).ok_or_else(|| format!("the variable `{name}` is empty")),
                Some(None) => Err(format!("the variable `{name}` is not UTF-8")),
                None => Err(format!("the variable `{name}` is not set")),
            },
            Self::Credential(name) => match variables.get("CREDENTIALS_DIRECTORY") {
                Some(folder) => read_file(&Path::new(folder).join(name)),
                None => Err("there is no $CREDENTIALS_DIRECTORY".to_owned()),
            },
        }
    }
}

fn read_file(path: &Path) -> Result<Found, String> {
    let shown = path.display();
    let facts = std::fs::metadata(path).map_err(|error| format!("cannot read {shown}: {error}"))?;
    if !facts.is_file() {
        return Err(format!("{shown} is no file"));
    }
    if facts.len() > MAX_BYTES {
        return Err(format!("{shown} is too large for a secret"));
    }
    let text = std::fs::read_to_string(path).map_err(|error| format!("cannot read {shown}: {error}"))?;
    let warning = readable_by_all(&facts).then(|| format!("everybody on this machine may read {shown}"));
    whole(&text, warning).ok_or_else(|| format!("{shown} holds no secret"))
}

fn whole(text: &str, warning: Option<String>) -> Option<Found> {
    let lines: Vec<Secret> = text.lines().map(str::trim_end).filter(|line| !line.is_empty()).map(Secret::new).collect();
    (!lines.is_empty()).then_some(Found { lines, warning })
}

#[cfg(unix)]
fn readable_by_all(facts: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    facts.permissions().mode() & 0o004 != 0
}

#[cfg(not(unix))]
fn readable_by_all(_facts: &std::fs::Metadata) -> bool {
    false
}
