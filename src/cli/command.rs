//! Commands that change the store: they go to the running daemon, or are done here where none runs.

use super::{TEMPORARY, UNAVAILABLE, USAGE, run};
use crate::config::{self, Loaded};
use crate::daemon::control::{self, Code, Command, Desk, Reply};
use crate::render::plain;
use crate::store::{Store, StoreError};
use clap::Args;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tokio::runtime::Runtime;

/// Where the store is.
#[derive(Clone, Debug, Args)]
pub(super) struct Place {
    /// The configuration file; without it the usual places are tried
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    /// The folder of the store, over `state` of the configuration
    #[arg(long, value_name = "FOLDER", global = true)]
    state: Option<PathBuf>,
}

impl Place {
    /// The configuration file that was named.
    pub(super) fn config(&self) -> Option<PathBuf> {
        self.config.clone()
    }

    /// Reads the configuration and finds the store's folder.
    ///
    /// # Errors
    /// The exit code, once what is wrong was printed.
    pub(super) fn find(&self) -> Result<(Loaded, PathBuf), ExitCode> {
        let loaded =
            config::load_with(&super::sought(self.config.clone()), &[]).map_err(|found| super::refuse(&found))?;
        match run::state_folder(self.state.as_ref(), &loaded, &super::variables()) {
            Some(folder) => Ok((loaded, folder)),
            None => {
                let why = "no folder for the store; give --state, or set `state`, $STATE_DIRECTORY or $HOME";
                Err(super::misused(why))
            }
        }
    }

    /// The same, with a runtime to work on.
    ///
    /// # Errors
    /// The exit code, once what is wrong was printed.
    pub(super) fn ready(&self) -> Result<(Loaded, PathBuf, Runtime), ExitCode> {
        let (loaded, folder) = self.find()?;
        let runtime = super::runtime().map_err(|error| {
            eprintln!("openline: the runtime cannot be started: {error}");
            ExitCode::from(UNAVAILABLE)
        })?;
        Ok((loaded, folder, runtime))
    }
}

/// Has a command done, by the daemon or here, and shows what it gives.
pub(super) fn order(place: &Place, command: &Command, show: impl FnOnce(&Value)) -> ExitCode {
    let (loaded, folder, runtime) = match place.ready() {
        Ok(ready) => ready,
        Err(code) => return code,
    };
    match runtime.block_on(done(&loaded, &folder, command)) {
        Ok(Reply::Done(value)) => {
            show(&value);
            ExitCode::SUCCESS
        }
        Ok(Reply::Refused { code, why }) => {
            why.iter().for_each(|why| eprintln!("openline: {}", plain::line(why, 500)));
            match code {
                Code::Usage => ExitCode::from(USAGE),
                Code::Missing => ExitCode::FAILURE,
                Code::Busy => ExitCode::from(TEMPORARY),
                Code::Failed => ExitCode::from(UNAVAILABLE),
            }
        }
        Err(why) => {
            eprintln!("openline: {why}");
            ExitCode::from(UNAVAILABLE)
        }
    }
}

async fn done(loaded: &Loaded, folder: &Path, command: &Command) -> Result<Reply, String> {
    if let Some(reply) = control::ask(folder, command).await.map_err(|error| format!("the daemon failed: {error}"))? {
        return Ok(reply);
    }
    // Opening for writing makes a store where there is none, which is not what a command is for.
    match Store::open_read_only(folder).await {
        Ok(store) => store.close().await,
        // Opening it for writing brings it up to date.
        Err(StoreError::OlderSchema { .. }) => {}
        Err(error) => return Err(error.to_string()),
    }
    let store = Store::open(folder).await.map_err(|error| match error {
        StoreError::InUse { .. } => format!("{error}; or wait until it answers at its control socket"),
        error => error.to_string(),
    })?;
    let names = loaded.names();
    let desk = Desk { names: &names, store: &store, zone: &loaded.config.mail.zone, now: super::now(), running: None };
    let reply = control::act(command.clone(), &desk).await;
    store.close().await;
    Ok(reply)
}
