//! What may be asked of a daemon and what it answers, as lines of JSON.

use serde_json::{Map, Value, json};

/// What may be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Whether anybody is there.
    Ping,
    /// Makes a silence.
    SilenceAdd {
        /// As `people=xi-jinping`.
        matchers: Vec<String>,
        /// The beginning of a contact's id.
        contact: Option<String>,
        /// A duration or a time, as the person wrote it.
        until: String,
        /// Why.
        reason: String,
    },
    /// Ends a silence.
    SilenceExpire {
        /// The beginning of its id.
        id: String,
    },
    /// Sends again what was given up, or at once what waits.
    OutboxRetry(Piece),
    /// Drops what is not sent.
    OutboxDrop(Piece),
    /// Tells of each feed when it is polled next and why.
    FeedsList,
    /// Polls feeds at once.
    FeedsRefresh {
        /// Their ids; all where empty.
        feeds: Vec<String>,
    },
}

/// Which deliveries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// The one whose id begins so.
    One(String),
    /// All that were given up.
    AllBuried,
}

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// Done; what the command gives.
    Done(Value),
    /// Not done.
    Refused {
        /// What kind of trouble.
        code: Code,
        /// What is wrong, one text a mistake.
        why: Vec<String>,
    },
}

/// What kind of trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// The request is wrong.
    Usage,
    /// What it names is not there.
    Missing,
    /// It may be done later.
    Busy,
    /// It cannot be done.
    Failed,
}

impl Code {
    const ALL: [(&'static str, Self); 4] =
        [("usage", Self::Usage), ("missing", Self::Missing), ("busy", Self::Busy), ("failed", Self::Failed)];

    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, code)| *code == self).map_or("failed", |(name, _)| name)
    }
}

impl Command {
    const NAMES: [&str; 7] =
        ["ping", "silence.add", "silence.expire", "outbox.retry", "outbox.drop", "feeds.list", "feeds.refresh"];

    /// The name in the protocol.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Ping => "ping",
            Self::SilenceAdd { .. } => "silence.add",
            Self::SilenceExpire { .. } => "silence.expire",
            Self::OutboxRetry(_) => "outbox.retry",
            Self::OutboxDrop(_) => "outbox.drop",
            Self::FeedsList => "feeds.list",
            Self::FeedsRefresh { .. } => "feeds.refresh",
        }
    }

    /// The request, without its line end.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut request = Map::new();
        request.insert("command".into(), json!(self.name()));
        let mut put = |key: &str, value: Value| request.insert(key.to_owned(), value);
        match self {
            Self::Ping | Self::FeedsList => {}
            Self::SilenceAdd { matchers, contact, until, reason } => {
                put("matchers", json!(matchers));
                put("contact", json!(contact));
                put("until", json!(until));
                put("reason", json!(reason));
            }
            Self::SilenceExpire { id } => {
                put("id", json!(id));
            }
            Self::OutboxRetry(Piece::One(id)) | Self::OutboxDrop(Piece::One(id)) => {
                put("id", json!(id));
            }
            Self::OutboxRetry(Piece::AllBuried) | Self::OutboxDrop(Piece::AllBuried) => {
                put("all_buried", json!(true));
            }
            Self::FeedsRefresh { feeds } => {
                put("feeds", json!(feeds));
            }
        }
        Value::Object(request)
    }

    /// Reads a request.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(line: &str) -> Result<Self, String> {
        let request: Value = serde_json::from_str(line).map_err(|error| format!("the request is no JSON: {error}"))?;
        let name = request.get("command").and_then(Value::as_str).ok_or("the request names no `command`")?;
        let text = |key: &str| {
            let value = request.get(key).and_then(Value::as_str).map(str::to_owned);
            value.ok_or_else(|| format!("`{name}` needs the text `{key}`"))
        };
        let texts = |key: &str| match request.get(key) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Array(items)) if items.iter().all(Value::is_string) => {
                Ok(items.iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>())
            }
            Some(_) => Err(format!("`{key}` of `{name}` is no list of texts")),
        };
        let optional = |key: &str| match request.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(format!("`{key}` of `{name}` is no text")),
        };
        let piece = || match (request.get("all_buried"), request.get("id")) {
            (Some(Value::Bool(true)), None | Some(Value::Null)) => Ok(Piece::AllBuried),
            (Some(Value::Bool(true)), Some(_)) => Err(format!("`{name}` takes `id` or `all_buried`, not both")),
            (None | Some(Value::Bool(false) | Value::Null), _) => text("id").map(Piece::One),
            (Some(_), _) => Err(format!("`all_buried` of `{name}` is neither true nor false")),
        };
        let keys: &[&str] = match name {
            "silence.add" => &["matchers", "contact", "until", "reason"],
            "silence.expire" => &["id"],
            "outbox.retry" | "outbox.drop" => &["id", "all_buried"],
            "feeds.refresh" => &["feeds"],
            _ => &[],
        };
        let mut given = request.as_object().into_iter().flat_map(Map::keys).filter(|key| *key != "command");
        if let Some(strange) = given.find(|key| Self::NAMES.contains(&name) && !keys.contains(&key.as_str())) {
            return Err(format!("`{name}` has no `{}`", strange.escape_debug()));
        }
        Ok(match name {
            "ping" => Self::Ping,
            "feeds.list" => Self::FeedsList,
            "silence.add" => Self::SilenceAdd {
                matchers: texts("matchers")?,
                contact: optional("contact")?,
                until: text("until")?,
                reason: text("reason")?,
            },
            "silence.expire" => Self::SilenceExpire { id: text("id")? },
            "outbox.retry" => Self::OutboxRetry(piece()?),
            "outbox.drop" => Self::OutboxDrop(piece()?),
            "feeds.refresh" => Self::FeedsRefresh { feeds: texts("feeds")? },
            other => return Err(format!("there is no command `{}`", other.escape_debug())),
        })
    }
}

impl Reply {
    /// A refusal with one text.
    #[must_use]
    pub fn refused(code: Code, why: impl Into<String>) -> Self {
        Self::Refused { code, why: vec![why.into()] }
    }

    /// The reply, without its line end.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::Done(value) => json!({ "ok": value }),
            Self::Refused { code, why } => json!({ "refused": why, "code": code.name() }),
        }
    }

    /// Reads a reply; nothing where it is none.
    #[must_use]
    pub fn from_json(value: &Value) -> Option<Self> {
        if let Some(done) = value.get("ok") {
            return Some(Self::Done(done.clone()));
        }
        let why = value.get("refused")?.as_array()?.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        let name = value.get("code").and_then(Value::as_str)?;
        let code = Code::ALL.iter().find(|(known, _)| *known == name).map_or(Code::Failed, |(_, code)| *code);
        Some(Self::Refused { code, why })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_and_replies_are_read_as_they_were_written() {
        let piece = Piece::One("abc".to_owned());
        let commands = [
            Command::Ping,
            Command::SilenceAdd {
                matchers: vec!["kind=call".to_owned()],
                contact: Some("0011".to_owned()),
                until: "2h".to_owned(),
                reason: "a \"reason\"\n".to_owned(),
            },
            Command::SilenceExpire { id: "x".to_owned() },
            Command::OutboxRetry(piece.clone()),
            Command::OutboxRetry(Piece::AllBuried),
            Command::OutboxDrop(piece),
            Command::OutboxDrop(Piece::AllBuried),
            Command::FeedsList,
            Command::FeedsRefresh { feeds: vec![] },
            Command::FeedsRefresh { feeds: vec!["one".to_owned()] },
        ];
        for command in commands {
            let line = command.to_json().to_string();
            assert!(!line.contains('\n'), "{line}");
            assert_eq!(Command::parse(&line), Ok(command));
        }
        let refused = Reply::Refused { code: Code::Missing, why: vec!["a".to_owned(), "b".to_owned()] };
        for reply in [Reply::Done(json!({ "id": 1 })), refused] {
            assert_eq!(Reply::from_json(&reply.to_json()), Some(reply));
        }
        assert_eq!(Reply::from_json(&json!({})), None);
    }

    #[test]
    fn a_bad_request_says_what_it_lacks() {
        for (line, wanted) in [
            ("", "no JSON"),
            ("{}", "no `command`"),
            ("{\"command\":\"stop\"}", "no command `stop`"),
            ("{\"command\":\"silence.expire\"}", "needs the text `id`"),
            ("{\"command\":\"silence.add\",\"matchers\":\"x\"}", "no list of texts"),
            ("{\"command\":\"outbox.drop\",\"all_buried\":false}", "needs the text `id`"),
            ("{\"command\":\"outbox.drop\",\"all_buried\":1}", "neither true nor false"),
            ("{\"command\":\"outbox.drop\",\"all_buried\":true,\"id\":\"a\"}", "not both"),
            ("{\"command\":\"silence.add\",\"contact\":7}", "`contact` of `silence.add` is no text"),
            ("{\"command\":\"ping\",\"id\":\"a\"}", "`ping` has no `id`"),
        ] {
            let said = Command::parse(line).unwrap_err();
            assert!(said.contains(wanted), "{line}: {said}");
        }
    }
}
