//! The demo: the story gives exactly its seven mails, threads joined, and none for a rehash or a look-alike.

use crate::harness::process::openline;
use mail_parser::MessageParser;
use tempfile::TempDir;

#[test]
fn the_story_gives_one_mail_a_move_and_none_for_a_rehash_or_a_look_alike() {
    let folder = TempDir::new().unwrap();
    let mails = folder.path().join("mails");
    let output = openline(folder.path()).arg("demo").arg("--mails").arg(&mails).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");

    let mut paths: Vec<_> = std::fs::read_dir(&mails).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let texts: Vec<_> = paths.iter().map(|path| std::fs::read(path).unwrap()).collect();
    let parsed: Vec<_> = texts.iter().map(|text| MessageParser::default().parse(text.as_slice()).unwrap()).collect();
    let subjects: Vec<_> = parsed.iter().map(|mail| mail.subject().unwrap()).collect();
    assert_eq!(
        subjects,
        [
            "[SCHEDULED] Blinken – Beijing visit, 5–6 Feb",
            "[POSTPONED] Blinken – Beijing visit (was 5–6 Feb)",
            "[HELD] Sullivan, Wang Yi – Vienna meeting, 10–11 May",
            "[HELD] Blinken, Qin Gang – call, 13 Jun",
            "[SCHEDULED] Blinken – Beijing visit, 16–21 Jun (was 5–6 Feb)",
            "[UNDERWAY] Blinken – Beijing visit, 16–21 Jun",
            "[HELD] Blinken – Beijing visit, 18–19 Jun",
        ],
        "{said}"
    );
    let thread = |number: usize| parsed[number].header_raw("References").unwrap().trim().to_owned();
    for number in [1, 4, 5, 6] {
        assert_eq!(thread(number), thread(0), "the visit is one thread");
    }
    assert!(thread(2) != thread(0) && thread(3) != thread(0) && thread(2) != thread(3));
    assert!(said.contains("7 webhook calls with a good signature, 0 with a bad one"), "{said}");
    assert!(said.contains("answered 304"), "{said}");
}
