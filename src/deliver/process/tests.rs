//! Programs that succeed, fail, hang, flood and leave children behind.

use super::*;
use crate::model::delivery::Failure;

async fn shell(script: &str, input: &[u8], timeout: u64) -> AttemptResult {
    let args = ["-c".to_owned(), script.to_owned()];
    let variables = [("OPENLINE_DELIVERY", "d1".to_owned())];
    let timeout = Duration::from_secs(timeout);
    Run { program: Path::new("/bin/sh"), args: &args, input, variables: &variables, timeout }.attempt().await
}

fn failure(result: AttemptResult) -> Failure {
    match result {
        AttemptResult::Failed(failure) => failure,
        AttemptResult::Sent { receipt } => panic!("sent: {receipt}"),
    }
}

#[tokio::test]
async fn a_program_reads_the_payload_and_its_words_are_the_receipt() {
    let result = shell("printf '%s ' \"$OPENLINE_DELIVERY\"; cat", b"payload", 10).await;
    assert_eq!(result, AttemptResult::Sent { receipt: "d1 payload".to_owned() });
    assert_eq!(shell("exit 0", &[b'x'; 1 << 20], 10).await, AttemptResult::Sent { receipt: "exit 0".to_owned() });
    let AttemptResult::Sent { receipt } = shell("head -c 1000000 /dev/zero | tr '\\0' y", b"", 10).await else {
        panic!("a flood of words is no failure")
    };
    assert!(receipt.chars().count() <= 200);
}

#[tokio::test]
async fn exit_codes_are_told_apart() {
    for (code, retry) in
        [(1, true), (64, false), (65, false), (67, false), (68, true), (69, true), (75, true), (78, true)]
    {
        let failure = failure(shell(&format!("echo why >&2; exit {code}"), b"", 10).await);
        assert_eq!(failure.retry, retry, "{code}");
        assert_eq!(failure.reason, format!("sh ended with {code}: why"));
    }
    let failure = failure(shell("kill -9 $$", b"", 10).await);
    assert!(failure.retry && failure.reason.contains("signal"), "{}", failure.reason);
    let (args, variables) = ([], []);
    let program = Path::new("/nonexistent/program");
    let run = Run { program, args: &args, input: b"", variables: &variables, timeout: Duration::from_secs(1) };
    let AttemptResult::Failed(failure) = run.attempt().await else { panic!("nothing was run") };
    assert!(failure.retry && failure.reason.contains("cannot be started"), "{}", failure.reason);
}

#[tokio::test]
async fn what_hangs_is_killed_with_its_children() {
    let folder = tempfile::tempdir().unwrap();
    let pids = folder.path().join("pids");
    let script = format!("sleep 600 & echo $! > '{0}'; echo $$ >> '{0}'; wait", pids.display());
    let failure = failure(shell(&script, b"", 1).await);
    assert!(failure.retry && failure.reason.contains("did not end within 1 s"), "{}", failure.reason);
    for pid in std::fs::read_to_string(&pids).unwrap().lines() {
        assert!(gone(pid).await, "process {pid} is still there");
    }
}

#[tokio::test]
async fn an_abandoned_attempt_leaves_nothing_running() {
    let folder = tempfile::tempdir().unwrap();
    let pids = folder.path().join("pids");
    let script = format!("echo $$ > '{0}.new'; mv '{0}.new' '{0}'; sleep 600", pids.display());
    let pid = async {
        loop {
            if let Ok(pid) = std::fs::read_to_string(&pids) {
                return pid;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let pid = tokio::select! {
        result = shell(&script, b"", 60) => panic!("it ended: {result:?}"),
        pid = pid => pid,
    };
    assert!(gone(pid.trim()).await, "process {pid} is still there");
}

#[tokio::test]
async fn a_daemon_left_behind_does_not_hold_the_attempt_up() {
    let begun = tokio::time::Instant::now();
    let result = shell("setsid sleep 5 & echo started", b"", 30).await;
    assert_eq!(result, AttemptResult::Sent { receipt: "started".to_owned() });
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
}

/// Whether a process has ended, within a few seconds; a zombie counts as ended.
async fn gone(pid: &str) -> bool {
    for _ in 0..200 {
        let status = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        if status.is_empty() || status.contains(") Z ") {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    false
}
