//! The signature's known answer, the settings' flaws, and the table of answers.

use super::*;
use jiff::SignedDuration;

const KEY: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

fn spec(secrets: &[&str]) -> Spec {
    Spec {
        id: "hook".to_owned(),
        url: "https://hooks.example.org/T0KEN".parse().unwrap(),
        secrets: secrets.iter().map(|secret| Secret::new(*secret)).collect(),
    }
}

#[test]
fn the_signature_is_the_standards_own_example() {
    let body = r#"{"email":"test@example.com","username":"test_user"}"#;
    let now = Timestamp::from_second(1_649_367_553).unwrap();
    let keys = [Secret::new(KEY), Secret::new(KEY)];
    let headers = signed(&keys, "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk", now, body).unwrap();
    let value = |name: &str| headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let once = "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=";
    assert_eq!(value("webhook-signature"), Some(format!("{once} {once}").as_str()));
    assert_eq!(value("webhook-timestamp"), Some("1649367553"));
    assert_eq!(value("webhook-id"), Some("msg_27UH4WbU6Z5A5EzD8u03UvzRbpk"));
}

#[test]
fn settings_are_checked_and_never_printed() {
    assert_eq!(spec(&[KEY]).flaws(), []);
    assert_eq!(spec(&[]).flaws().len(), 1);
    assert_eq!(spec(&["C2FVsBQIhrscChlQIMV+b5sSYspob7oD", "whsec_!!", "whsec_YWJj", KEY]).flaws().len(), 3);
    let mut odd = spec(&[KEY]);
    odd.url = "ftp://example.org/".parse().unwrap();
    assert_eq!(odd.flaws().len(), 1);
    let printed = format!("{:?} {:?}", spec(&[KEY]), spec(&["whsec_!!secret"]).flaws());
    assert!(!printed.contains("T0KEN") && !printed.contains("C2FV") && !printed.contains("!!secret"), "{printed}");
}

#[test]
fn answers_are_judged_by_their_status() {
    let judged =
        |status| judge(&Answer { status, retry_after: Some(SignedDuration::from_secs(9)), excerpt: "x".into() });
    for status in [200, 201, 202, 204, 299] {
        assert!(matches!(judged(status), AttemptResult::Sent { .. }), "{status}");
    }
    for status in [100, 301, 302, 307, 400, 401, 403, 404, 408, 413, 425, 429, 500, 502, 503, 504, 599] {
        let AttemptResult::Failed(failure) = judged(status) else { panic!("{status} was a success") };
        assert!(failure.retry && failure.after == Some(SignedDuration::from_secs(9)), "{status}");
        assert!(failure.reason.contains(&status.to_string()));
    }
    let AttemptResult::Failed(failure) = judged(410) else { panic!("410 was a success") };
    assert!(!failure.retry);
}
