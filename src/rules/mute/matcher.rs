//! One condition on an alert, as silences and inhibitions write it: `people=xi-jinping`, `kind!=call`, `title=~balloon`.

use super::names::Names;
use crate::model::alert::{Alert, Subject};
use crate::model::contact::Contact;
use crate::model::ids::ContactId;
use crate::rules::fold::fold;
use crate::shape::remedy_for;
use regex::{Regex, RegexBuilder};
use std::fmt;

/// Longest matcher taken, in bytes.
const LONGEST: usize = 500;
/// Largest compiled regular expression, in bytes.
const REGEX_BYTES: usize = 1 << 18;
/// Fewest digits of a contact's id that name it: eight are unique among thousands of contacts.
const ID_DIGITS: usize = 8;

/// What of an alert a matcher looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Contact,
    Kind,
    Status,
    Change,
    Level,
    Severity,
    People,
    Place,
    Rule,
    Feed,
    Tier,
    Title,
    Channel,
    Recipient,
}

const FIELDS: [(&str, Field); 14] = [
    ("contact", Field::Contact),
    ("kind", Field::Kind),
    ("status", Field::Status),
    ("change", Field::Change),
    ("level", Field::Level),
    ("severity", Field::Severity),
    ("people", Field::People),
    ("place", Field::Place),
    ("rule", Field::Rule),
    ("feed", Field::Feed),
    ("tier", Field::Tier),
    ("title", Field::Title),
    ("channel", Field::Channel),
    ("recipient", Field::Recipient),
];

/// A checked condition.
#[derive(Clone, Debug)]
pub struct Matcher {
    field: Field,
    negative: bool,
    test: Test,
    written: String,
}

#[derive(Clone, Debug)]
enum Test {
    /// Any of these words.
    Words(Vec<String>),
    Regex(Regex),
}

/// Why a text is no matcher.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}; {remedy}")]
pub struct BadMatcher {
    /// What is wrong, as a lower-case fragment.
    pub what: String,
    /// What to do about it.
    pub remedy: String,
}

/// For whom an alert is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Addressee<'a> {
    /// The channel's id.
    pub channel: &'a str,
    /// Mail address, or the channel's own id.
    pub recipient: &'a str,
}

impl PartialEq for Matcher {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

impl fmt::Display for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

impl Matcher {
    /// Reads `field=word`, `field=word|word`, `field!=word`, `field=~regex` or `field!~regex`. Words are compared without
    /// regard to upper and lower case.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, BadMatcher> {
        let text = text.trim();
        let bad = |what: String, remedy: &str| BadMatcher { what, remedy: remedy.to_owned() };
        if text.len() > LONGEST {
            return Err(bad("this matcher is too long".to_owned(), "write at most 500 bytes"));
        }
        let Some(at) = text.find(['=', '!']) else {
            let what = format!("`{}` is no matcher", text.escape_debug());
            return Err(bad(what, "write a field, =, != or =~, and a word, such as \"people=xi-jinping\""));
        };
        let (name, rest) = text.split_at(at);
        let operators = [("!=", true, false), ("!~", true, true), ("=~", false, true), ("=", false, false)];
        let Some((value, negative, regex)) = operators
            .iter()
            .find_map(|(sign, negative, regex)| rest.strip_prefix(sign).map(|value| (value.trim(), *negative, *regex)))
        else {
            let what = format!("`{}` is no matcher", text.escape_debug());
            return Err(bad(what, "the signs are =, !=, =~ and !~"));
        };
        let name = name.trim();
        let Some((_, field)) = FIELDS.iter().find(|(known, _)| *known == name) else {
            let what = format!("alerts have no field `{}`", name.escape_debug());
            return Err(bad(what, &remedy_for(name, FIELDS.iter().map(|(known, _)| *known))));
        };
        if value.is_empty() {
            return Err(bad(format!("`{name}` is compared with nothing"), "write a word after the sign"));
        }
        let test = if regex {
            let built = RegexBuilder::new(value).case_insensitive(true).size_limit(REGEX_BYTES).build();
            Test::Regex(built.map_err(|error| bad(format!("the regular expression fails: {error}"), "mend it"))?)
        } else {
            let words: Vec<String> = value.split('|').map(|word| fold(word.trim())).collect();
            for word in &words {
                check_word(*field, word).map_err(|(what, remedy)| bad(what, &remedy))?;
            }
            Test::Words(words)
        };
        Ok(Self { field: *field, negative, test, written: text.to_owned() })
    }

    /// Whether it demands something: one that only excludes would match nearly everything.
    #[must_use]
    pub fn is_positive(&self) -> bool {
        !self.negative
    }

    /// What is wrong with the first of its words that no alert can ever have, by the names that are known.
    #[must_use]
    pub fn stranger(&self, names: &Names) -> Option<BadMatcher> {
        let Test::Words(words) = &self.test else { return None };
        let (field, _) = FIELDS.iter().find(|(_, field)| *field == self.field)?;
        words.iter().find_map(|word| names.stranger(field, word))
    }

    /// Whether an alert fulfils it on its way to somebody. What an alert lacks fulfils the negative ones alone.
    #[must_use]
    pub fn matches(&self, alert: &Alert, to: Addressee<'_>) -> bool {
        self.values(alert, to).iter().any(|value| self.test(value)) != self.negative
    }

    fn test(&self, value: &str) -> bool {
        match (&self.test, self.field) {
            (Test::Words(words), Field::Contact) => words.iter().any(|word| value.starts_with(word.as_str())),
            (Test::Words(words), _) => words.contains(&fold(value)),
            (Test::Regex(regex), _) => regex.is_match(value),
        }
    }

    fn values<'a>(&self, alert: &'a Alert, to: Addressee<'a>) -> Vec<&'a str> {
        let subject = match &alert.subject {
            Subject::Contact { change, contact, .. } => Some((change, contact)),
            Subject::Item { .. } => None,
        };
        let of_contact = |get: &dyn Fn(&'a Contact) -> Option<&'a str>| {
            subject.and_then(|(_, contact)| get(contact)).into_iter().collect::<Vec<_>>()
        };
        match self.field {
            // A visit takes along what happens within it.
            Field::Contact => subject
                .into_iter()
                .flat_map(|(_, contact)| std::iter::once(&contact.id).chain(&contact.within))
                .map(ContactId::as_str)
                .collect(),
            Field::Kind => of_contact(&|contact| Some(contact.kind.name())),
            Field::Status => of_contact(&|contact| Some(contact.status.name())),
            Field::Change => subject.map(|(change, _)| change.name()).into_iter().collect(),
            Field::Level => of_contact(&|contact| Some(contact.level.name())),
            Field::Severity => vec![alert.severity.name()],
            Field::People => subject.map(|(_, contact)| people(contact)).unwrap_or_default(),
            Field::Place => of_contact(&|contact| contact.place.as_deref()),
            Field::Rule => alert.matched.iter().map(|matched| matched.rule.as_str()).collect(),
            Field::Feed => vec![alert.item.feed.as_str()],
            Field::Tier => vec![alert.item.tier.name()],
            Field::Title => vec![alert.item.title.as_str()],
            Field::Channel => vec![to.channel],
            Field::Recipient => vec![to.recipient],
        }
    }
}

/// Ids, names and the words of the names of all who take part.
fn people(contact: &Contact) -> Vec<&str> {
    let mut found = Vec::new();
    for party in &contact.parties {
        found.extend(party.person.as_deref());
        if let Some(name) = party.name.as_deref() {
            found.push(name);
            found.extend(name.split_whitespace());
        }
    }
    found
}

/// Refuses a word that the field can never have.
fn check_word(field: Field, word: &str) -> Result<(), (String, String)> {
    use crate::model::actor::Level;
    use crate::model::alert::Severity;
    use crate::model::change::ChangeKind;
    use crate::model::feed::Tier;
    use crate::model::mention::{Kind, Status};
    let known: Vec<&str> = match field {
        Field::Kind => Kind::ALL.map(Kind::name).to_vec(),
        Field::Status => Status::ALL.map(Status::name).to_vec(),
        Field::Change => ChangeKind::NAMES.to_vec(),
        Field::Level => Level::ALL.map(Level::name).to_vec(),
        Field::Severity => Severity::ALL.map(Severity::name).to_vec(),
        Field::Tier => Tier::ALL.map(Tier::name).to_vec(),
        Field::Contact => {
            let is_id = word.len() >= ID_DIGITS && word.bytes().all(|byte| byte.is_ascii_hexdigit());
            let remedy = "write at least its first eight digits, as mails and `openline contacts list` give them";
            return if is_id { Ok(()) } else { Err((format!("`{word}` is no contact's id"), remedy.to_owned())) };
        }
        _ if word.is_empty() => return Err(("a word is empty".to_owned(), "take the extra | away".to_owned())),
        _ => return Ok(()),
    };
    if known.contains(&word) {
        return Ok(());
    }
    Err((format!("there is no such value as `{word}`"), remedy_for(word, known.iter().copied())))
}
