//! One run of a program of the user's: bytes on its standard input, a time limit, its process group killed past it.

use super::{permanent, sent, temporary};
use crate::model::delivery::AttemptResult;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::Command;

/// Most bytes kept of each of the program's outputs; the rest is read and forgotten.
const KEPT: usize = 4096;
/// Time for outputs to end after the program has: a child of its own may hold them open.
const GRACE: Duration = Duration::from_millis(200);
/// Where programs of programs are found. The daemon's own environment is not handed on: secrets may stand in it.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/// Exit codes of sysexits(3) that no wait mends: `EX_USAGE`, `EX_DATAERR`, `EX_NOUSER`. The others may be better in an hour:
/// a name server's silence is `EX_NOHOST` to some programs, and a script that fails in an unforeseen way ends with 1.
const FOR_EVER: [i32; 3] = [64, 65, 67];

/// What is run.
#[derive(Debug)]
pub(super) struct Run<'a> {
    /// An absolute path.
    pub(super) program: &'a Path,
    /// Its arguments, as they are: no shell reads them.
    pub(super) args: &'a [String],
    /// What it reads.
    pub(super) input: &'a [u8],
    /// Environment besides `PATH` and `LANG`.
    pub(super) variables: &'a [(&'a str, String)],
    /// Time from start to end.
    pub(super) timeout: Duration,
}

impl Run<'_> {
    /// Runs the program and judges its end: 0 is success, 64, 65 and 67 are failures for ever, everything else may be
    /// better next time. Dropping the future kills the program with its process group.
    pub(super) async fn attempt(&self) -> AttemptResult {
        let name = self.program.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let mut command = Command::new(self.program);
        command.args(self.args).env_clear().env("PATH", PATH).env("LANG", "C.UTF-8");
        command.envs(self.variables.iter().map(|(name, value)| (name, value))).current_dir("/");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        let mut child = match command.spawn() {
            Ok(child) => child,
            Err(error) => return temporary(&format!("{name} cannot be started: {error}"), None),
        };
        let mut group = Group(child.id());
        let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (mut said, mut complained) = (Vec::new(), Vec::new());
        let ended = {
            let feed = async {
                if let Some(mut stdin) = stdin {
                    // A program need not read what it does not want.
                    let _ = stdin.write_all(self.input).await;
                }
            };
            let talk = async { tokio::join!(feed, keep(stdout, &mut said), keep(stderr, &mut complained)) };
            tokio::pin!(talk);
            let whole = async {
                let mut silent = false;
                loop {
                    tokio::select! {
                        status = child.wait() => {
                            if !silent {
                                let _ = tokio::time::timeout(GRACE, &mut talk).await;
                            }
                            return status;
                        }
                        _ = &mut talk, if !silent => silent = true,
                    }
                }
            };
            tokio::time::timeout(self.timeout, whole).await
        };
        let words = [&complained, &said].into_iter().map(|bytes| String::from_utf8_lossy(bytes).trim().to_owned());
        let words = words.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" / ");
        let colon = if words.is_empty() { "" } else { ": " };
        match ended {
            Err(_late) => {
                group.kill();
                // The dead are buried by the runtime; a moment is given so that none is left when we return.
                let _ = tokio::time::timeout(GRACE, child.wait()).await;
                temporary(
                    &format!("{name} did not end within {} s and was killed{colon}{words}", self.timeout.as_secs()),
                    None,
                )
            }
            Ok(Err(error)) => temporary(&format!("the end of {name} cannot be learnt: {error}"), None),
            Ok(Ok(status)) => {
                group.0 = None;
                match status.code() {
                    Some(0) if words.is_empty() => sent("exit 0"),
                    Some(0) => sent(&words),
                    Some(code) if FOR_EVER.contains(&code) => {
                        permanent(&format!("{name} ended with {code}{colon}{words}"))
                    }
                    Some(code) => temporary(&format!("{name} ended with {code}{colon}{words}"), None),
                    None => temporary(&format!("{name} was ended by a signal{colon}{words}"), None),
                }
            }
        }
    }
}

/// A running program's process group; killed when dropped.
struct Group(Option<u32>);

impl Group {
    fn kill(&mut self) {
        let leader = self.0.take().and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw);
        if let Some(leader) = leader {
            // It may have ended already.
            let _ = rustix::process::kill_process_group(leader, rustix::process::Signal::KILL);
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Reads to the end and keeps the beginning.
async fn keep(from: Option<impl AsyncRead + Unpin>, kept: &mut Vec<u8>) {
    let Some(mut from) = from else { return };
    let mut chunk = [0; 1024];
    while let Ok(count @ 1..) = from.read(&mut chunk).await {
        let room = KEPT.saturating_sub(kept.len()).min(count);
        kept.extend_from_slice(chunk.get(..room).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests;
