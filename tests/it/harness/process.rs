//! The built program as a child process.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tokio::time::Instant;

/// The built binary with a bare environment: no home, no configuration of the machine's.
pub(crate) fn openline(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_openline"));
    command.env_clear().env("HOME", folder).env("XDG_CONFIG_HOME", folder.join("no-config")).current_dir(folder);
    command
}

/// A daemon in a process of its own; killed when dropped.
#[derive(Debug)]
pub(crate) struct Process(pub(crate) Child);

impl Process {
    /// Starts `openline run` on a configuration file and a state folder.
    pub(crate) fn run(folder: &Path, config: &Path, state: &Path, extra: &[(&str, &OsStr)]) -> Self {
        let mut command = openline(folder);
        command.arg("run").arg("--config").arg(config).arg("--state").arg(state);
        command.stdout(Stdio::null()).stderr(Stdio::piped()).envs(extra.iter().copied());
        Self(command.spawn().unwrap())
    }

    /// Sends a signal by name.
    pub(crate) fn signal(&self, name: &str) {
        let done = Command::new("kill").arg(format!("-{name}")).arg(self.0.id().to_string()).status().unwrap();
        assert!(done.success(), "kill -{name} failed");
    }

    /// Waits for the exit code within a limit; the process is killed past it and the test fails.
    pub(crate) fn wait(mut self, limit: Duration) -> (Option<i32>, String) {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.0.try_wait().unwrap() {
                let mut text = String::new();
                if let Some(mut stderr) = self.0.stderr.take() {
                    std::io::Read::read_to_string(&mut stderr, &mut text).unwrap();
                }
                return (status.code(), text);
            }
            assert!(begun.elapsed() < limit, "the process did not end within {limit:?}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
