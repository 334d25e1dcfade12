//! What rules ask for besides words and contacts: people that exist, severity, confirmation, subjects, tests; and what is
//! wrong with each of them.

use super::{NOW, article, change, item, said, set};
use openline::model::actor::Level;
use openline::model::alert::Severity;
use openline::model::change::ChangeKind;
use openline::model::mention::{Novelty, Status};
use openline::rules::{Expect, RuleSet, Verdict};

#[test]
fn a_person_must_be_known_by_id_name_or_surname() {
    let rule = |people: &str| format!("[[rule]]\nid = 'a'\ncontact = {{ people = [{people}] }}\n");
    assert_eq!(said(&rule("'wang-yi', 'Wang Yi', 'wang', 'xi'")), Vec::<String>::new());
    let unknown = said(&rule("'Somebody New', 'Xi Jinpin'"));
    assert!(unknown[0].contains("add the person in lexicon.d"), "{unknown:?}");
    assert!(unknown[1].ends_with("there is no person `Xi Jinpin`; did you mean `Xi Jinping`?"), "{unknown:?}");
    assert_eq!(
        said(&rule("'Wang Yi', 'wang-ji'")),
        ["r.toml:3:34: there is no person `wang-ji`; did you mean `wang-yi`?"]
    );
}

/// The severity of the alert that a change raises.
fn severity(set: &RuleSet, kind: ChangeKind, status: Status, level: Level, novelty: Novelty) -> Severity {
    let mut change = change(kind);
    (change.contact.status, change.contact.level, change.novelty) = (status, level, novelty);
    let alerts = set.alerts(&article("Blinken will visit Beijing", ""), &item(), &[change], NOW);
    alerts[0].severity
}

#[test]
fn the_usual_severity_is_that_of_the_table() {
    use Level::{Leader, Minister, Official, ViceMinister};
    use Severity::{Critical, Info, Notice};
    let every = "'opened', 'status', 'date', 'corroborated', 'level', 'denied', 'overdue', 'one_sided'";
    let set = set(&format!(
        "[[rule]]\nid = 'a'\ncontact = {{ min_level = 'official', novelty = 'any', changes = [{every}] }}\n"
    ));
    let status = |from, to| ChangeKind::StatusChanged { from, to };
    let called_off = status(Status::Scheduled, Status::Cancelled);
    for (kind, to, wanted) in [
        (called_off, Status::Cancelled, [Critical, Critical, Notice, Info]),
        (ChangeKind::Opened, Status::Postponed, [Critical, Critical, Notice, Info]),
        (ChangeKind::Denied, Status::Scheduled, [Critical, Critical, Notice, Info]),
        (ChangeKind::Opened, Status::Scheduled, [Critical, Notice, Info, Info]),
        (ChangeKind::Opened, Status::Held, [Critical, Notice, Info, Info]),
        (ChangeKind::Opened, Status::Proposed, [Notice, Info, Info, Info]),
        (status(Status::Scheduled, Status::Held), Status::Held, [Notice, Notice, Info, Info]),
        (ChangeKind::Corroborated, Status::Cancelled, [Info, Info, Info, Info]),
        (ChangeKind::OneSided, Status::Held, [Info, Info, Info, Info]),
        (ChangeKind::Overdue, Status::Scheduled, [Notice, Info, Info, Info]),
    ] {
        let found = [Leader, Minister, ViceMinister, Official]
            .map(|level| severity(&set, kind.clone(), to, level, Novelty::New));
        assert_eq!(found, wanted, "{kind:?} {to:?}");
        assert_eq!(severity(&set, kind, to, Leader, Novelty::Background), Info);
    }
}

#[test]
fn a_rules_own_severity_comes_first_and_of_several_rules_the_most() {
    let one = set("[[rule]]\nid = 'a'\nseverity = 'info'\ncontact = {}\n");
    assert_eq!(severity(&one, ChangeKind::Opened, Status::Held, Level::Leader, Novelty::New), Severity::Info);
    let graded = "[[rule]]\nid = 'b'\ncontact = {}\n[[rule.severity]]\nis = 'critical'\nstatuses = ['held']\nmin_level = 'minister'\n\
                  [[rule.severity]]\nis = 'info'\n";
    let two = set(graded);
    let of = |status, level| severity(&two, ChangeKind::Opened, status, level, Novelty::New);
    assert_eq!(of(Status::Held, Level::Minister), Severity::Critical);
    assert_eq!(of(Status::Held, Level::ViceMinister), Severity::Info);
    assert_eq!(of(Status::Scheduled, Level::Leader), Severity::Info);
    let both = set(&format!("[[rule]]\nid = 'a'\nseverity = 'notice'\ncontact = {{}}\n{graded}"));
    assert_eq!(severity(&both, ChangeKind::Opened, Status::Scheduled, Level::Minister, Novelty::New), Severity::Notice);
}

#[test]
fn a_rule_that_asks_for_a_second_source_says_that_it_holds() {
    let set = set("[[rule]]\nid = 'a'\ncorroboration = 'wire or official within 6h'\ncontact = {}\n");
    let change = change(ChangeKind::Opened);
    let article = article("Blinken will visit Beijing", "");
    let raised = set.raise(&article, &item(), std::slice::from_ref(&change), NOW);
    assert_eq!((raised.alerts.len(), raised.unconfirmed.len()), (0, 1));
    let wanted = "2 sources, the others of official_us or official_cn or wire, within 6h".to_owned();
    assert_eq!(set.judge_change(&change, &article)[0].verdict, Verdict::Unconfirmed { wanted });
}

#[test]
fn mistakes_in_what_a_rule_asks_for_have_their_places() {
    let text = r#"[[rule]]
id = "a"
min_sources = 0
corroboration = "wires or official within 6 parsecs"
subject = "{{ hedline }}"
severity = "urgent"
tests = [
  { text = "x", published = "2023-02-30", expect = "alert" },
  { text = "x", published = 2023-02-20, expect = "alarm" },
  { text = "x", expect = "none", status = "held" },
]
[rule.contact]
people = ["Xi Jinpin"]
changes = ["opend"]
"#;
    insta::assert_snapshot!(said(text).join("\n"), @r#"
    r.toml:3:15: `min_sources` cannot be the number 0; write a whole number from 1 to 9
    r.toml:4:17: there is no tier `wires`; did you mean `wire`?
    r.toml:4:17: `6 parsecs` is no time to wait; write a duration from 5m to 30d, such as 6h
    r.toml:5:11: the subject is no template: no field `hedline`, did you mean `headline`; write text with fields of the templates, such as "{{ tag }} {{ headline }}"
    r.toml:6:12: `severity` cannot be "urgent"; known are info, notice, critical
    r.toml:8:29: `published` cannot be "2023-02-30"; write a day or a time, such as 2024-01-31 or 2024-01-31T09:30:00Z
    r.toml:9:50: `expect` cannot be "alarm"; known are alert, held, none
    r.toml:10:3: missing key `published`; every [[rule.tests]] needs it
    r.toml:10:43: `status` of an alert that is not to be; leave it out
    r.toml:13:11: there is no person `Xi Jinpin`; did you mean `Xi Jinping`?
    r.toml:14:12: `changes` cannot be "opend"; did you mean `opened`?
    "#);
    assert_eq!(
        said("[[rule]]\nid = 'w'\nmin_sources = 2\nwords = { any = ['x'] }\n"),
        ["r.toml:3:15: `min_sources` of a rule that asks for words alone; give it a [rule.contact] table"]
    );
    let said = said("[[rule]]\nid = 'a'\ncorroboration = 'within 90d'\ncontact = {}\n");
    assert!(said[0].contains("names no tier"), "{said:?}");
}

#[test]
fn tests_beside_a_rule_are_read_with_their_dates_and_places() {
    let set = set(
        "[[rule]]\nid = 'a'\ncontact = {}\n[[rule.tests]]\ntext = 'One.'\npublished = 2023-02-20T08:00:00+08:00\nexpect = 'held'\n\
         before = [{ text = 'Before.', published = '2023-02-19' }]\n",
    );
    let test = &set.rules()[0].tests[0];
    assert_eq!((test.place.as_str(), test.expect), ("r.toml:5", Expect::Held));
    assert_eq!(test.report.published.to_string(), "2023-02-20T00:00:00Z");
    assert_eq!(test.before[0].published.to_string(), "2023-02-19T12:00:00Z");
    let late = "[[rule]]\nid = 'a'\ncontact = {}\n[[rule.tests]]\ntext = 'One.'\npublished = 2023-02-20\nexpect = 'none'\n\
                before = [{ text = 'After.', published = 2023-02-21 }]\n";
    assert!(said(late)[0].contains("published after the report itself"), "{:?}", said(late));
}
