//! Where a secret is to be found, and its reading.

use crate::model::secret::Secret;
use crate::shape::{Placed, Table};
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

/// Reads where a secret is: `<name>_file`, `<name>_env` or the key of a credential; exactly one where it is
/// `needed`, which is then the key at which its lack is complained of, and at most one otherwise.
pub(super) fn named(
    table: &mut Table,
    name: &str,
    credential: &str,
    needed: Option<&str>,
) -> Option<Placed<SecretRef>> {
    let (file, env, credential) = (format!("{name}_file"), format!("{name}_env"), credential.to_owned());
    let in_the_open = table.has(name);
    if in_the_open {
        let remedy = format!("put it into a file and name that as `{file}`, or use `{env}` or `{credential}`");
        table.complain(name, format!("a {name} does not stand in this file"), remedy);
    }
    let keys = [&file, &env, &credential];
    let present: Vec<&String> = keys.into_iter().filter(|key| table.has(key)).collect();
    let key = match present.as_slice() {
        [key] => (*key).clone(),
        [] => {
            if let Some(key) = needed.filter(|_| !in_the_open) {
                let remedy = format!("name one of `{file}`, `{env}` and `{credential}`");
                table.complain(key, format!("no {name} is named"), remedy);
            }
            return None;
        }
        [_, second, ..] => {
            table.complain(second, format!("more than one {name} is named"), "keep one of them");
            return None;
        }
    };
    let text = table.placed_str(&key)?;
    let plain = !text.is_empty() && !text.contains(['/', '\0', '=']);
    let value = if key == file {
        SecretRef::File(PathBuf::from(text.value))
    } else if !plain {
        text.place.complain(format!("`{}` is no name", text.escape_debug()), "write the name alone");
        return None;
    } else if key == env {
        SecretRef::Env(text.value)
    } else {
        SecretRef::Credential(text.value)
    };
    Some(Placed { value, place: text.place })
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
