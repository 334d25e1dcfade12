//! A digest as the strings that its templates put in place: its alerts grouped by contact, each with its evidence.

use super::plain;
use super::quote::Piece;
use super::scene::{Report, Scene};
use super::tongue::Tongue;
use crate::model::alert::{Alert, Severity, Subject};
use crate::model::digest::{Digest, HeldBy};
use jiff::tz::TimeZone;
use minijinja::{Value, context};

/// Longest list of headlines in a lead, in characters.
const LEAD_MAX: usize = 90;

/// How much of each alert a mail shows: less where the whole would be too large to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detail {
    /// Everything.
    Full,
    /// No evidence.
    Short,
    /// No addresses, either.
    Bare,
}

impl Detail {
    pub(super) const ALL: [Self; 3] = [Self::Full, Self::Short, Self::Bare];
}

/// What the templates of digests see.
#[derive(Clone, Debug)]
pub(super) struct DigestScene {
    chinese: bool,
    pub(super) subject: String,
    pub(super) lead: String,
    title: String,
    notes: Vec<String>,
    groups: Vec<Group>,
    id: String,
}

/// The alerts about one contact, or one word alert.
#[derive(Clone, Debug)]
struct Group {
    key: String,
    severity: Severity,
    tag: String,
    tone: &'static str,
    headline: String,
    contact: String,
    alerts: Vec<Line>,
}

/// One alert.
#[derive(Clone, Debug)]
struct Line {
    when: String,
    change: String,
    quote: Vec<Piece>,
    source: Option<Report>,
    rules: Vec<String>,
}

impl DigestScene {
    /// Gathers a digest's strings. Groups with the gravest alerts come first; a group is headed by its last alert.
    pub(super) fn of(digest: &Digest, tongue: Tongue<'_>, zone: &TimeZone) -> Self {
        let mut groups: Vec<Group> = Vec::new();
        for (alert, _) in &digest.alerts {
            let scene = Scene::of(alert, tongue, zone);
            let key = key(alert);
            let line = Line {
                when: tongue.stamp(alert.raised, zone),
                change: scene.change.clone(),
                quote: scene.quote,
                source: scene.sources.into_iter().next(),
                rules: scene.why.into_iter().map(|why| why.rule).collect(),
            };
            match groups.iter_mut().find(|group| group.key == key) {
                Some(group) => {
                    group.severity = group.severity.max(alert.severity);
                    (group.tag, group.tone, group.headline) = (scene.tag, scene.tone, scene.headline);
                    group.alerts.push(line);
                }
                None => groups.push(Group {
                    key,
                    severity: alert.severity,
                    tag: scene.tag,
                    tone: scene.tone,
                    headline: scene.headline,
                    contact: scene.contact,
                    alerts: vec![line],
                }),
            }
        }
        groups.sort_by_key(|group| std::cmp::Reverse(group.severity));
        let count = digest.alerts.len();
        let day = tongue.day(digest.at, zone);
        let time = zone.to_datetime(digest.at).strftime("%H:%M").to_string();
        let title = if tongue.is_chinese() {
            format!("{day} {time} 汇总：{count}条提醒")
        } else {
            format!("{count} alert{} up to {day} {time}", if count == 1 { "" } else { "s" })
        };
        let comma = tongue.pick("; ", "；");
        let headlines: Vec<String> =
            groups.iter().map(|group| format!("{} {}", group.tag, plain::cut(&group.headline, 60))).collect();
        let mut reasons: Vec<HeldBy> = digest.alerts.iter().map(|(_, why)| *why).collect();
        reasons.sort_unstable();
        reasons.dedup();
        Self {
            chinese: tongue.is_chinese(),
            subject: format!("[openline] {title}"),
            lead: plain::cut(&headlines.join(comma), LEAD_MAX),
            title,
            notes: reasons.into_iter().map(|why| note(why, tongue).to_owned()).collect(),
            groups,
            id: digest.id.to_string(),
        }
    }

    /// The same scene with every string that an article can fill replaced by `text`.
    pub(super) fn filled_with(mut self, text: &str) -> Self {
        let fill = |target: &mut String| text.clone_into(target);
        fill(&mut self.lead);
        for group in &mut self.groups {
            fill(&mut group.headline);
            for line in &mut group.alerts {
                fill(&mut line.change);
                line.quote.iter_mut().for_each(|piece| fill(&mut piece.text));
                if let Some(source) = &mut line.source {
                    [&mut source.feed, &mut source.title].into_iter().for_each(fill);
                    source.url = source.url.take().map(|_| text.to_owned());
                }
            }
        }
        self
    }

    /// The scene as the template engine takes it.
    pub(super) fn value(&self, detail: Detail) -> Value {
        let text = String::as_str;
        let line = |line: &Line| {
            let quote = line.quote.iter().filter(|_| detail == Detail::Full);
            let quote = quote.map(|piece| context! { text => text(&piece.text), marked => piece.marked });
            let source = line.source.as_ref().map(|source| {
                context! {
                    feed => text(&source.feed), tier => source.tier, title => text(&source.title),
                    url => source.url.as_deref().filter(|_| detail != Detail::Bare), times => text(&source.times),
                }
            });
            context! {
                when => text(&line.when), change => text(&line.change), quote => quote.collect::<Vec<_>>(),
                source => source, rules => line.rules.clone(),
            }
        };
        let groups = self.groups.iter().map(|group| {
            context! {
                tag => text(&group.tag), tone => group.tone, headline => text(&group.headline),
                contact => text(&group.contact), alerts => group.alerts.iter().map(line).collect::<Vec<_>>(),
            }
        });
        context! {
            chinese => self.chinese, subject => text(&self.subject), lead => text(&self.lead),
            title => text(&self.title), notes => self.notes.clone(), groups => groups.collect::<Vec<_>>(),
            digest => text(&self.id),
        }
    }
}

/// What groups alerts: the contact, else the alert itself.
fn key(alert: &Alert) -> String {
    match &alert.subject {
        Subject::Contact { contact, .. } => contact.id.to_string(),
        Subject::Item { .. } => alert.id.to_string(),
    }
}

fn note(why: HeldBy, tongue: Tongue<'_>) -> &'static str {
    match (why, tongue.is_chinese()) {
        (HeldBy::Digest, false) => "Your alerts come as digests.",
        (HeldBy::Digest, true) => "您订阅的是定时汇总。",
        (HeldBy::Quiet, false) => "Alerts of your quiet hours waited for this mail.",
        (HeldBy::Quiet, true) => "免打扰时段内的提醒已并入本邮件。",
        (HeldBy::Cap, false) => "More alerts came within an hour than you want mails; the rest is here.",
        (HeldBy::Cap, true) => "一小时内的提醒超过您设定的邮件数上限，其余并入本邮件。",
    }
}
