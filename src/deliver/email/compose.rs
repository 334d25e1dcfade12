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
    builder
        .multipart(MultiPart::alternative_plain_html(rendered.text.clone(), rendered.html.clone()))
        .map_err(|error| format!("the message cannot be built: {error}"))
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
