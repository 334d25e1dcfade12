//! Mails by a program and into folders: the same message as by a relay, there whole or not at all.

use super::{email, failed, hostile, outgoing};
use crate::harness::smtp::Smtp;
use jiff::SignedDuration;
use mail_parser::MessageParser;
use openline::deliver::Channel;
use openline::deliver::email::{Email, Form, Transport};
use openline::model::delivery::AttemptResult;
use openline::render::sample;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

async fn by(transport: Transport) -> Email {
    let smtp = Smtp::start().await;
    email(&smtp, |spec| {
        spec.transport = transport;
        spec.timeout = SignedDuration::from_secs(10);
    })
}

fn program(folder: &Path, script: &str) -> PathBuf {
    let path = folder.join("sendmail");
    std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

#[tokio::test]
async fn a_program_gets_the_message_with_local_line_ends_and_the_envelope_as_arguments() {
    let folder = TempDir::new().unwrap();
    let here = folder.path().display();
    let program = program(
        folder.path(),
        &format!("printf '%s\\n' \"$@\" > '{here}/args'; cat > '{here}/mail'; echo queued as 7"),
    );
    let channel = by(Transport::Sendmail { program, args: vec!["-i".to_owned(), "$(touch x); `y`".to_owned()] }).await;
    let result = channel.send(&outgoing(hostile(), "desk@example.org", "d1", 1)).await;
    assert_eq!(result, AttemptResult::Sent { receipt: "queued as 7".to_owned() });
    let args = std::fs::read_to_string(folder.path().join("args")).unwrap();
    assert_eq!(args, "-i\n$(touch x); `y`\n-f\nopenline@example.org\n--\ndesk@example.org\n");
    let mail = std::fs::read(folder.path().join("mail")).unwrap();
    assert!(!mail.contains(&b'\r') && mail.is_ascii());
    let parsed = MessageParser::default().parse(&mail).unwrap();
    assert_eq!(parsed.message_id(), Some("d1@openline.example.org"));
    assert!(parsed.bcc().is_none() && parsed.body_html(0).is_some());
}

#[tokio::test]
async fn a_program_says_by_its_exit_code_what_is_to_become_of_a_mail() {
    for (code, retry) in [(75, true), (71, true), (69, true), (1, true), (67, false), (65, false), (64, false)] {
        let folder = TempDir::new().unwrap();
        let program = program(folder.path(), &format!("cat > /dev/null; echo no luck >&2; exit {code}"));
        let channel = by(Transport::Sendmail { program, args: Vec::new() }).await;
        let failure = failed(channel.send(&outgoing(sample::held_call(), "desk@example.org", "d1", 1)).await);
        assert_eq!((failure.retry, failure.reason), (retry, format!("sendmail ended with {code}: no luck")));
    }
    let missing = by(Transport::Sendmail { program: "/nonexistent/sendmail".into(), args: Vec::new() }).await;
    assert!(failed(missing.send(&outgoing(sample::held_call(), "desk@example.org", "d1", 1)).await).retry);
}

#[tokio::test]
async fn a_folder_holds_each_mail_once_however_often_it_is_written() {
    for form in [Form::Maildir, Form::Eml] {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("deep").join("mails");
        let channel = by(Transport::Folder { path: path.clone(), form }).await;
        for (delivery, attempt) in [("d1", 1), ("d1", 2), ("d2", 1)] {
            let result = channel.send(&outgoing(hostile(), "desk@example.org", delivery, attempt)).await;
            assert!(matches!(result, AttemptResult::Sent { .. }), "{result:?}");
        }
        let (place, parts) = match form {
            Form::Maildir => (path.join("new"), vec!["cur", "new", "tmp"]),
            Form::Eml => (path.clone(), vec!["d1.eml", "d2.eml"]),
        };
        assert_eq!(names(&path), parts);
        let mails = names(&place);
        assert_eq!(mails.len(), 2, "{mails:?}");
        if form == Form::Maildir {
            assert!(names(&path.join("tmp")).is_empty());
            assert!(mails.iter().all(|name| name.ends_with(".openline.example.org")), "{mails:?}");
        }
        for name in mails {
            let file = place.join(name);
            assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
            let mail = std::fs::read(file).unwrap();
            let returns = mail.contains(&b'\r');
            assert_eq!(returns, form == Form::Eml, "a Maildir's lines end as the system's do");
            assert!(MessageParser::default().parse(&mail).unwrap().message_id().unwrap().starts_with('d'));
        }
    }
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_tried_again() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "no folder").unwrap();
    let channel = by(Transport::Folder { path: file.join("mails"), form: Form::Maildir }).await;
    let failure = failed(channel.send(&outgoing(sample::held_call(), "desk@example.org", "d1", 1)).await);
    assert!(failure.retry && failure.reason.contains("cannot be kept"), "{}", failure.reason);
}

fn names(folder: &Path) -> Vec<String> {
    let each = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = each.collect();
    names.sort();
    names
}
