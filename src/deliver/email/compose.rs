//! A rendered alert as a mail: headers that thread, bodies that every relay carries.

use super::Spec;
use crate::deliver::Outgoing;
use crate::model::alert::Severity;
use crate::render;
use lettre::message::header::{Date, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};
use std::time::{Duration, SystemTime};

/// Builds the message for one recipient; the same delivery gives the same identifiers and date on every attempt.
///
/// Every body is a `String`: the builder then encodes it as 7bit with short lines, quoted-printable or base64, and the
/// connection doubles leading dots, so that no text can end the message early.
///
/// # Errors
/// In words, where the recipient is no address.
pub(super) fn compose(spec: &Spec, out: &Outgoing, rendered: &render::Message, host: &str) -> Result<Message, String> {
    let to = match spec.to.iter().find(|mailbox| mailbox.email.to_string() == out.recipient) {
        Some(mailbox) => mailbox.clone(),
        None => Mailbox::new(None, out.recipient.parse().map_err(|_| "the recipient is no mail address".to_owned())?),
    };
    let root = format!("<{}@{host}>", rendered.thread_root);
    let seconds = u64::try_from(out.created.as_second()).unwrap_or_default();
    let builder = Message::builder()
        .from(spec.from.clone())
        .to(to)
        .subject(rendered.subject.clone())
        .header(Date::new(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)))
        .message_id(Some(format!("<{}@{host}>", out.delivery)))
        .in_reply_to(root.clone())
        .references(root)
        .raw_header(extra("Auto-Submitted", "auto-generated"))
        .raw_header(extra("X-Auto-Response-Suppress", "All"))
        .raw_header(extra("List-Id", &format!("openline alerts <alerts.{host}>")))
        .raw_header(extra("X-Openline-Severity", rendered.severity.name()));
    // RFC 2156, 5.3.4, as RFC 4021 registers it; mail programs sort and mark by it.
    let builder = match rendered.severity {
        Severity::Critical => builder.raw_header(extra("Importance", "high")),
        Severity::Notice => builder,
        Severity::Info => builder.raw_header(extra("Importance", "low")),
    };
    let builder = match &spec.reply_to {
        Some(reply_to) => builder.reply_to(reply_to.clone()),
        None => builder,
    };
    let message = builder
        .multipart(MultiPart::alternative_plain_html(paired(&rendered.text), paired(&rendered.html)))
        .map_err(|error| format!("the message cannot be built: {error}"))?;
    if lawful(&message.formatted()) {
        Ok(message)
    } else {
        Err("the message cannot be sent: a line of it ends in a way that relays read differently".to_owned())
    }
}

/// A text whose lines all end with carriage return and line feed: the builder passes a lone carriage return on.
fn paired(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").replace('\n', "\r\n")
}

/// Whether every carriage return and every line feed stands in a pair, and no line is longer than relays carry (998 bytes,
/// RFC 5322 section 2.1.1). A lone one is where one relay sees a line's end and another does not, and where a message
/// could smuggle commands past the doubling of dots (RUSTSEC-2026-0561 of the mail library is one such way).
fn lawful(message: &[u8]) -> bool {
    let lines = message.split(|byte| *byte == b'\n');
    let whole =
        |line: &[u8]| line.len() <= 999 && line.iter().rposition(|byte| *byte == b'\r') == line.len().checked_sub(1);
    let once = |line: &[u8]| line.iter().filter(|byte| **byte == b'\r').count() == 1;
    let (mut last, mut good) = (true, true);
    // What follows the last line feed is no line, and must be empty.
    for line in lines.rev() {
        good &= if last { line.is_empty() } else { whole(line) && once(line) };
        last = false;
    }
    good && !message.contains(&0)
}

/// Whether a text is a domain name that may stand in a message identifier.
pub(super) fn is_domain(host: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    host.len() <= 200 && host.split('.').all(label)
}

fn extra(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lone_line_ends_are_unlawful() {
        assert!(lawful(b"a: b\r\n\r\ntext\r\n"));
        for bad in [&b"a\nb\r\n"[..], b"a\rb\r\n", b"a\r\r\n", b"a\r\nb", b"a\r\n\n.\r\n", b"a\0\r\n", b"a\r\n\r"] {
            assert!(!lawful(bad), "{bad:?}");
        }
        assert!(!lawful(&[&[b'a'; 999][..], b"\r\n"].concat()));
        assert!(lawful(&[&[b'a'; 998][..], b"\r\n"].concat()));
    }
}
