//! An alert as the strings that templates put in place: every one cleaned, none escaped yet.

use super::phrase;
use super::plain;
use super::quote::{self, Piece};
use super::tongue::Tongue;
use super::voices::Said;
use crate::model::alert::{Alert, Subject};
use crate::model::change::ChangeKind;
use crate::model::contact::{Contact, ItemRef};
use crate::model::mention::{Evidence, Status};
use jiff::tz::TimeZone;
use minijinja::{Value, context};

/// Longest title shown, in characters.
const TITLE_MAX: usize = 160;
/// Longest subject, in characters.
const SUBJECT_MAX: usize = 200;
/// Length of the lead, in characters: what a list of mails shows.
const LEAD_MAX: usize = 90;
/// History entries shown.
const HISTORY_MAX: usize = 12;
/// Sources shown.
const SOURCES_MAX: usize = 8;
/// Participants shown.
const PARTIES_MAX: usize = 16;
/// Rules shown, and words and channels of each.
const RULES_MAX: usize = 12;

/// One line of the history.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) number: u32,
    pub(super) when: String,
    pub(super) what: String,
}

/// One report.
#[derive(Clone, Debug)]
pub(super) struct Report {
    pub(super) feed: String,
    pub(super) tier: &'static str,
    pub(super) title: String,
    pub(super) url: Option<String>,
    pub(super) times: String,
}

/// One rule that matched.
#[derive(Clone, Debug)]
pub(super) struct Why {
    pub(super) rule: String,
    pub(super) words: Vec<String>,
    pub(super) channels: Vec<String>,
}

/// What templates see; the field names are the names in templates.
#[derive(Clone, Debug)]
pub(super) struct Scene {
    /// Whether fixed words are Chinese.
    pub(super) chinese: bool,
    /// The subject before the template: `[POSTPONED] Blinken – Beijing visit (was 5–6 Feb)`.
    pub(super) subject: String,
    /// `POSTPONED`, or `MATCH` of a word alert.
    pub(super) tag: String,
    /// The status's name, or `item`.
    pub(super) status: &'static str,
    /// What colours it: the tag in small letters, or `item`.
    pub(super) tone: &'static str,
    /// `Blinken – Beijing visit (was 5–6 Feb)`, or the item's title.
    pub(super) headline: String,
    /// Who, what, when, source.
    pub(super) lead: String,
    /// What moved; empty of a word alert.
    pub(super) change: String,
    /// Label and value.
    pub(super) facts: Vec<(String, String)>,
    /// What each side says that has spoken.
    pub(super) voices: Vec<Said>,
    /// Oldest first.
    pub(super) history: Vec<Entry>,
    /// Entries left out before `history`.
    pub(super) earlier: usize,
    pub(super) quote: Vec<Piece>,
    /// Whether the quote stands on the article's page, and not in what the feed gives.
    pub(super) on_page: bool,
    /// The report that caused the alert first, then the newest.
    pub(super) sources: Vec<Report>,
    /// Reports left out after `sources`.
    pub(super) more_sources: usize,
    pub(super) why: Vec<Why>,
    /// The severity's name.
    pub(super) severity: &'static str,
    pub(super) alert: String,
    /// The contact's id; empty of a word alert.
    pub(super) contact: String,
}

impl Scene {
    /// Gathers an alert's strings; times are said in `zone` first.
    pub(super) fn of(alert: &Alert, tongue: Tongue<'_>, zone: &TimeZone) -> Self {
        match &alert.subject {
            Subject::Contact { change, contact, evidence, .. } => {
                Self::contact(alert, tongue, (change, contact, evidence), zone)
            }
            Subject::Item { excerpt } => Self::item(alert, tongue, excerpt, zone),
        }
    }

    fn contact(
        alert: &Alert,
        tongue: Tongue<'_>,
        (change, contact, evidence): (&ChangeKind, &Contact, &Evidence),
        zone: &TimeZone,
    ) -> Self {
        let year = zone.to_datetime(alert.raised).year();
        let tone = phrase::tag(change, contact.status);
        let tag = tongue.tag(tone, contact);
        let when = tongue.when(contact, Some(change), year);
        let headline = format!("{}{when}", tongue.headline(contact, 3));
        let start = contact.history.len().saturating_sub(HISTORY_MAX);
        let entries = contact.history.iter().skip(start).map(|entry| Entry {
            number: entry.number,
            when: tongue.stamp(entry.at, zone),
            what: match &entry.moment {
                Some(moment) if matches!(entry.change, ChangeKind::Opened | ChangeKind::StatusChanged { .. }) => {
                    let what = tongue.change(&entry.change, entry.status, contact);
                    let moment = tongue.moment(moment);
                    if tongue.is_chinese() { format!("{what}（{moment}）") } else { format!("{what} ({moment})") }
                }
                _ => tongue.change(&entry.change, entry.status, contact),
            },
        });
        let others: Vec<&ItemRef> = (contact.sources.iter().rev().map(|source| &source.item))
            .filter(|item| item.item != alert.item.item)
            .collect();
        let voices = Said::all(contact, tongue, zone);
        let subject =
            if tongue.is_chinese() { format!("【{tag}】{headline}") } else { format!("[{tag}] {headline}") };
        Self {
            chinese: tongue.is_chinese(),
            subject: plain::cut(&subject, SUBJECT_MAX),
            tag,
            status: contact.status.name(),
            tone,
            lead: lead(contact, tongue, tone, &when, &alert.item),
            headline: plain::cut(&headline, SUBJECT_MAX),
            change: denied(change, &voices, tongue).unwrap_or_else(|| tongue.change(change, contact.status, contact)),
            facts: facts(contact, tongue),
            voices,
            history: entries.collect(),
            earlier: start,
            quote: quote::pieces(evidence),
            on_page: evidence.on_page,
            sources: std::iter::once(&alert.item)
                .chain(others.iter().copied().take(SOURCES_MAX - 1))
                .map(|item| report(item, tongue, zone))
                .collect(),
            more_sources: others.len().saturating_sub(SOURCES_MAX - 1),
            why: why(alert),
            severity: alert.severity.name(),
            alert: alert.id.to_string(),
            contact: contact.id.to_string(),
        }
    }

    fn item(alert: &Alert, tongue: Tongue<'_>, excerpt: &str, zone: &TimeZone) -> Self {
        let title = plain::line(&alert.item.title, TITLE_MAX);
        let title = if title.is_empty() { no_title(tongue) } else { title };
        let rule = alert.matched.first().map(|matched| plain::line(&matched.rule, 64)).unwrap_or_default();
        let published = tongue.day(alert.item.published, zone);
        let source = format!("{}{}{published}", plain::line(&alert.item.feed_title, 30), tongue.pick(", ", "，"));
        Self {
            chinese: tongue.is_chinese(),
            subject: plain::cut(&format!("[openline] {rule}: {title}"), SUBJECT_MAX),
            tag: tongue.pick("MATCH", "关键词").to_owned(),
            status: "item",
            tone: "item",
            lead: lead_line(&plain::cut(&title, 46), "", &source, tongue),
            headline: title,
            change: String::new(),
            facts: Vec::new(),
            voices: Vec::new(),
            history: Vec::new(),
            earlier: 0,
            quote: marked_words(&plain::line(excerpt, 300), alert),
            on_page: false,
            sources: vec![report(&alert.item, tongue, zone)],
            more_sources: 0,
            why: why(alert),
            severity: alert.severity.name(),
            alert: alert.id.to_string(),
            contact: String::new(),
        }
    }

    /// The same scene with every string that an article can fill replaced by `text`.
    pub(super) fn filled_with(mut self, text: &str) -> Self {
        let fill = |target: &mut String| text.clone_into(target);
        [&mut self.subject, &mut self.headline, &mut self.lead, &mut self.change].into_iter().for_each(fill);
        self.facts.iter_mut().for_each(|(_, value)| fill(value));
        self.voices.iter_mut().for_each(|said| {
            [&mut said.who, &mut said.quote].into_iter().for_each(fill);
            said.url = said.url.take().map(|_| text.to_owned());
        });
        self.history.iter_mut().for_each(|entry| fill(&mut entry.what));
        self.quote.iter_mut().for_each(|piece| fill(&mut piece.text));
        for source in &mut self.sources {
            [&mut source.feed, &mut source.title].into_iter().for_each(fill);
            source.url = source.url.take().map(|_| text.to_owned());
        }
        self.why.iter_mut().flat_map(|why| &mut why.words).for_each(fill);
        self
    }

    /// The scene as the template engine takes it.
    pub(super) fn value(&self) -> Value {
        let text = String::as_str;
        let facts = self.facts.iter().map(|(label, value)| context! { label => text(label), value => text(value) });
        let history = self
            .history
            .iter()
            .map(|entry| context! { number => entry.number, when => text(&entry.when), what => text(&entry.what) });
        let quote = self.quote.iter().map(|piece| context! { text => text(&piece.text), marked => piece.marked });
        let sources = self.sources.iter().map(|source| {
            context! {
                feed => text(&source.feed), tier => source.tier, title => text(&source.title),
                url => source.url.as_deref(), times => text(&source.times),
            }
        });
        let why = self.why.iter().map(|why| {
            context! { rule => text(&why.rule), words => why.words.clone(), channels => why.channels.clone() }
        });
        context! {
            chinese => self.chinese,
            subject => text(&self.subject), tag => text(&self.tag), status => self.status, tone => self.tone,
            headline => text(&self.headline), lead => text(&self.lead), change => text(&self.change),
            facts => facts.collect::<Vec<_>>(), voices => self.voices.iter().map(Said::value).collect::<Vec<_>>(),
            history => history.collect::<Vec<_>>(), earlier => self.earlier,
            quote => quote.collect::<Vec<_>>(), on_page => self.on_page, sources => sources.collect::<Vec<_>>(),
            more_sources => self.more_sources, why => why.collect::<Vec<_>>(),
            severity => self.severity, alert => text(&self.alert), contact => text(&self.contact),
        }
    }
}

/// `Blinken: Beijing visit postponed (was 5–6 Feb). State Department`, within the limit whatever the strings.
fn lead(contact: &Contact, tongue: Tongue<'_>, tone: &str, when: &str, item: &ItemRef) -> String {
    let source = plain::line(&item.feed_title, 60);
    if tongue.is_chinese() {
        let what = plain::cut(&tongue.headline(contact, 2), 50);
        let what = if tone == Status::Held.name() { what } else { format!("{what}：{}", tongue.tag(tone, contact)) };
        return lead_line(&what, when, &source, tongue);
    }
    let what = format!("{}: {}", plain::cut(&phrase::who(contact, 2), 34), plain::cut(&phrase::what(contact), 26));
    let when = when.strip_prefix(',').unwrap_or(when);
    // The date is the contact's, not that of a denial: `Beijing visit 18–19 Jun denied`.
    let dated = format!("{what}{when} {tone}");
    if tone == contact.status.name() || dated.chars().count() > LEAD_MAX {
        return lead_line(&format!("{what} {tone}"), when, &source, tongue);
    }
    lead_line(&dated, "", &source, tongue)
}

/// `what`, then `when` where it fits, then as much of `source` as fits.
fn lead_line(what: &str, when: &str, source: &str, tongue: Tongue<'_>) -> String {
    let count = |text: &str| text.chars().count();
    let mut line = plain::cut(what, LEAD_MAX.saturating_sub(count(when)).max(40));
    if count(&line) + count(when) <= LEAD_MAX {
        line.push_str(when);
    }
    let left = LEAD_MAX.saturating_sub(count(&line) + 2);
    if !source.is_empty() && left >= 4 {
        line.push_str(tongue.pick(". ", "。"));
        line.push_str(&plain::cut(source, left));
    }
    line
}

/// Of a denial, who denies where that is known: `China denies it`.
fn denied(change: &ChangeKind, voices: &[Said], tongue: Tongue<'_>) -> Option<String> {
    let sides: Vec<&str> = voices.iter().filter(|said| said.denies).map(|said| said.side.as_str()).collect();
    if *change != ChangeKind::Denied || sides.is_empty() {
        return None;
    }
    Some(match sides.as_slice() {
        sides if tongue.is_chinese() => format!("{}予以否认", sides.join("、")),
        [one] => format!("{one} denies it"),
        several => format!("{} deny it", several.join(" and ")),
    })
}

fn facts(contact: &Contact, tongue: Tongue<'_>) -> Vec<(String, String)> {
    let fact = |english: &str, chinese: &str, value: String| (tongue.pick(english, chinese).to_owned(), value);
    let mut facts = vec![fact("Kind", "类型", tongue.form(contact)), fact("Status", "状态", tongue.status(contact))];
    for party in contact.parties.iter().take(PARTIES_MAX) {
        facts.push((tongue.side(party.side), tongue.party(party)));
    }
    // The date of what was put off or called off is that for which it was planned, unless a new one was given.
    let off = matches!(contact.status, Status::Postponed | Status::Cancelled);
    let old = off && (contact.planned.is_none() || contact.planned == contact.moment);
    if let Some(moment) = &contact.moment {
        let (english, chinese) = match contact.status {
            _ if old => ("Was planned", "原定时间"),
            Status::Declined => ("Proposed for", "拟定时间"),
            _ => ("When", "时间"),
        };
        facts.push(fact(english, chinese, tongue.moment_long(moment)));
    }
    if let Some(planned) = contact.planned.as_ref().filter(|planned| contact.moment.as_ref() != Some(*planned)) {
        facts.push(fact("Was planned", "原定时间", tongue.moment_long(planned)));
    }
    if let Some(place) = contact.place.as_deref().map(|place| tongue.place(place)).filter(|place| !place.is_empty()) {
        facts.push(fact("Where", "地点", place));
    }
    facts.push(fact("Reported by", "消息出自", tongue.reported(contact)));
    if let Some(visit) = &contact.within {
        let during = if tongue.is_chinese() {
            format!("一次访问（接触编号 {visit}）")
        } else {
            format!("a visit, contact {visit}")
        };
        facts.push(fact("During", "期间", during));
    }
    facts
}

fn no_title(tongue: Tongue<'_>) -> String {
    tongue.pick("(no title)", "（无标题）").to_owned()
}

fn report(item: &ItemRef, tongue: Tongue<'_>, zone: &TimeZone) -> Report {
    let title = plain::line(&item.title, TITLE_MAX);
    Report {
        feed: plain::line(&item.feed_title, 60),
        tier: tongue.tier(item.tier),
        title: if title.is_empty() { no_title(tongue) } else { title },
        url: item.url.as_deref().and_then(plain::link),
        times: tongue.times(item.published, zone),
    }
}

fn why(alert: &Alert) -> Vec<Why> {
    let lines = |texts: &[String]| texts.iter().take(RULES_MAX).map(|text| plain::line(text, 64)).collect();
    (alert.matched.iter().take(RULES_MAX))
        .map(|matched| Why {
            rule: plain::line(&matched.rule, 64),
            words: lines(&matched.words),
            channels: lines(&matched.channels),
        })
        .collect()
}

/// An excerpt with the words of the rules marked, each at its first place.
fn marked_words(excerpt: &str, alert: &Alert) -> Vec<Piece> {
    let mut ranges: Vec<(usize, usize)> = (alert.matched.iter().take(RULES_MAX))
        .flat_map(|matched| matched.words.iter().take(RULES_MAX))
        .filter(|word| !word.is_empty())
        .filter_map(|word| excerpt.find(word.as_str()).map(|start| (start, start + word.len())))
        .collect();
    ranges.sort_unstable();
    let mut pieces = Vec::new();
    let mut at = 0;
    for (start, end) in ranges {
        if start >= at {
            pieces.push(Piece { text: excerpt.get(at..start).unwrap_or_default().to_owned(), marked: false });
            pieces.push(Piece { text: excerpt.get(start..end).unwrap_or_default().to_owned(), marked: true });
            at = end;
        }
    }
    pieces.push(Piece { text: excerpt.get(at..).unwrap_or_default().to_owned(), marked: false });
    pieces.retain(|piece| !piece.text.is_empty());
    pieces
}
