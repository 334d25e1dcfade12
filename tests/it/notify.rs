//! `openline notify test`: a marked sample and a drill through the real way, and what the receivers say of them.

use crate::harness::app::HOOK_SECRET;
use crate::harness::process::openline;
use crate::harness::smtp::{Answer, Phase, Smtp};
use crate::harness::webhook::Receiver;
use mail_parser::MessageParser;
use std::process::Output;
use tempfile::TempDir;

struct Stage {
    folder: TempDir,
    smtp: Smtp,
    hook: Receiver,
}

impl Stage {
    async fn start() -> Self {
        let (folder, smtp, hook) = (TempDir::new().unwrap(), Smtp::start().await, Receiver::start().await);
        let text = format!(
            "[http]\nallow = [\"127.0.0.1\"]\n[mail]\nhost = \"test.example\"\n\
             [[channel]]\nid = \"mail\"\ntype = \"email\"\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n\
             from = \"openline@test.example\"\nto = [\"desk@test.example\", \"night@test.example\"]\n\
             [[channel]]\nid = \"hook\"\ntype = \"webhook\"\nurl = \"{}\"\nsecret_env = \"HOOK_SECRET\"\n\
             [[channel]]\nid = \"program\"\ntype = \"command\"\nprogram = \"/bin/sh\"\nargs = [\"-c\", \"cat >> {}\"]\n",
            smtp.port(),
            hook.url("/alerts"),
            folder.path().join("program.jsonl").display(),
        );
        std::fs::write(folder.path().join("openline.toml"), text).unwrap();
        Self { folder, smtp, hook }
    }

    async fn notify(&self, words: &[&str]) -> (Option<i32>, String) {
        let mut command = openline(self.folder.path());
        command.env("HOOK_SECRET", HOOK_SECRET).args(["notify", "test"]).args(words);
        command.arg("--config").arg(self.folder.path().join("openline.toml"));
        let Output { status, stdout, stderr } =
            tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        (status.code(), String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap())
    }

    fn subjects(&self) -> Vec<String> {
        let parse = |data: &[u8]| MessageParser::default().parse(data).unwrap().subject().unwrap().to_owned();
        self.smtp.mails().iter().map(|mail| parse(&mail.data)).collect()
    }

    fn marks(&self) -> Vec<String> {
        let mark = |body: &[u8]| {
            let body: serde_json::Value = serde_json::from_slice(body).unwrap();
            body.get("mark").and_then(|mark| mark.as_str()).unwrap_or_default().to_owned()
        };
        self.hook.requests().iter().map(|request| mark(&request.body)).collect()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_test_sends_a_marked_sample_and_says_what_the_receivers_answered() {
    let stage = Stage::start().await;
    let (code, said) = stage.notify(&[]).await;
    assert_eq!(code, Some(0), "{said}");
    for line in
        ["mail to desk@test.example: accepted: 250 2.0.0 queued as 42", "hook: accepted: 204", "program: accepted"]
    {
        assert!(said.contains(line), "{line}: {said}");
    }
    assert_eq!(stage.subjects().len(), 2);
    assert!(
        stage.subjects().iter().all(|subject| subject.starts_with("[TEST] [POSTPONED] ")),
        "{:?}",
        stage.subjects()
    );
    assert_eq!(stage.marks(), ["TEST"]);
    let request = stage.hook.requests().first().unwrap().clone();
    standardwebhooks::Webhook::new(HOOK_SECRET).unwrap().verify(&request.body, &request.headers).unwrap();

    let (code, said) = stage.notify(&["night@test.example"]).await;
    assert_eq!((code, said.lines().count()), (Some(0), 1), "{said}");
    assert_eq!(stage.smtp.mails().last().unwrap().to, ["night@test.example"]);
    assert_eq!(stage.notify(&["nobody@test.example"]).await.0, Some(69));

    stage.smtp.script(Phase::Rcpt, Answer::Line("450 4.2.0 greylisted".to_owned()));
    let (code, said) = stage.notify(&["desk@test.example"]).await;
    assert_eq!(code, Some(75), "{said}");
    assert!(said.contains("an alert would be tried again") && said.contains("450"), "{said}");
    stage.smtp.script(Phase::Rcpt, Answer::Line("550 5.1.1 unknown".to_owned()));
    let (code, said) = stage.notify(&["desk@test.example"]).await;
    assert_eq!(code, Some(69), "{said}");
    assert!(said.contains("an alert would be given up") && said.contains("550"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_drill_goes_the_whole_way_and_leaves_no_trace() {
    let stage = Stage::start().await;
    for round in 1..=2 {
        let (code, said) = stage.notify(&["--drill"]).await;
        assert_eq!(code, Some(0), "{said}");
        assert!(said.contains("1 alert raised") && said.contains("mail to night@test.example: accepted"), "{said}");
        assert_eq!((stage.subjects().len(), stage.marks().len()), (2 * round, round));
    }
    assert!(stage.subjects().iter().all(|subject| subject.starts_with("[DRILL] [")), "{:?}", stage.subjects());
    assert!(stage.marks().iter().all(|mark| mark == "DRILL"));
    let id = |data: &[u8]| MessageParser::default().parse(data).unwrap().message_id().unwrap().to_owned();
    let ids: std::collections::HashSet<String> = stage.smtp.mails().iter().map(|mail| id(&mail.data)).collect();
    assert_eq!(ids.len(), 4, "each drill's mails have identifiers of their own");
    for request in stage.hook.requests() {
        standardwebhooks::Webhook::new(HOOK_SECRET).unwrap().verify(&request.body, &request.headers).unwrap();
    }
    let mut kept: Vec<String> = std::fs::read_dir(stage.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    kept.sort();
    assert_eq!(kept, ["openline.toml", "program.jsonl"], "no ledger is left behind");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_drill_gives_no_notice_of_what_was_refused_and_waits_for_everybody() {
    let stage = Stage::start().await;
    let path = stage.folder.path().join("openline.toml");
    let text = std::fs::read_to_string(&path).unwrap() + "[delivery]\nnotices = \"hook\"\n";
    std::fs::write(&path, text).unwrap();
    for _ in 0..2 {
        stage.smtp.script(Phase::Rcpt, Answer::Line("550 5.1.1 unknown".to_owned()));
    }
    let (code, said) = stage.notify(&["--drill"]).await;
    assert_eq!(code, Some(69), "{said}");
    assert_eq!(said.matches("would be given up: 127.0.0.1 answered 550").count(), 2, "{said}");
    for line in ["hook: accepted: 204", "program: accepted"] {
        assert!(said.contains(line), "{line}: {said}");
    }
    assert_eq!(stage.marks(), ["DRILL"], "the alert alone, no notice");
}
