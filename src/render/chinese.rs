//! How names, dates, times, forms and tiers are said in Chinese messages.

use super::glossary::Glossary;
use super::phrase::{self, NAME_MAX, When};
use super::plain;
use crate::model::actor::{Level, Party, Side};
use crate::model::change::{ChangeKind, Rung};
use crate::model::contact::Contact;
use crate::model::feed::Tier;
use crate::model::mention::{Kind, Status};
use crate::model::moment::{Grain, Moment};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Who and what, as a clause: `布林肯访问北京`, `布林肯、秦刚通话`, `贝森特、何立峰在日内瓦会谈`.
pub(super) fn headline(names: &Glossary, contact: &Contact, most: usize) -> String {
    let who = phrase::who_said(contact, most, "、", |party| short(names, party));
    let place = contact.place.as_deref().map(|name| place(names, name)).filter(|name| !name.is_empty());
    match (contact.kind, place) {
        (Kind::Visit, Some(place)) => format!("{who}访问{place}"),
        (Kind::Visit, None) => match phrase::host(contact) {
            Some(host) => format!("{who}访问{}", side(names, host)),
            None => format!("{who}出访"),
        },
        (Kind::Call, _) => format!("{who}通话"),
        (Kind::Meeting | Kind::Talks, Some(place)) => format!("{who}在{place}{}", kind(contact.kind)),
        (Kind::Meeting | Kind::Talks, None) => format!("{who}{}", kind(contact.kind)),
    }
}

/// When, as the tail of a headline: `（原定2月5日至6日）`, `，6月13日`, or nothing.
pub(super) fn when(when: &When, year: i16) -> String {
    let say = |moment: &Moment| moment_text(moment, Some(year));
    match when {
        When::Was(was) => format!("（原定{}）", say(was)),
        When::WasNow(was, now) => format!("（原定{}，现定{}）", say(was), say(now)),
        When::For(moment) => format!("（拟定{}）", say(moment)),
        When::NowWas(now, was) => format!("，{}（原定{}）", say(now), say(was)),
        When::Now(now) => format!("，{}", say(now)),
        When::Unknown => String::new(),
    }
}

/// The word that stands for an alert.
pub(super) fn tag(tone: &str, form: Kind) -> &'static str {
    match tone {
        "denied" => "否认",
        "overdue" => "逾期",
        "one-sided" => "单方消息",
        "downgraded" => "降级",
        "upgraded" => "升级",
        _ => Status::from_name(tone).map_or("动态", |known| status(known, form)),
    }
}

/// A status.
pub(super) fn status(status: Status, kind: Kind) -> &'static str {
    match (status, kind) {
        (Status::Proposed, _) => "拟议中",
        (Status::Scheduled, _) => "已确定",
        (Status::Underway, _) => "进行中",
        (Status::Held, Kind::Visit) => "已成行",
        (Status::Held, Kind::Call) => "已通话",
        (Status::Held, Kind::Meeting) => "已会晤",
        (Status::Held, Kind::Talks) => "已举行",
        (Status::Postponed, _) => "推迟",
        (Status::Cancelled, _) => "取消",
        (Status::Declined, _) => "拒绝",
    }
}

/// What moved, in one line.
pub(super) fn change(change: &ChangeKind, now: Status, form: Kind) -> String {
    match change {
        ChangeKind::Opened => format!("首次报道，状态：{}", status(now, form)),
        ChangeKind::Corroborated => "另有来源报道同一消息".to_owned(),
        ChangeKind::StatusChanged { from, to } => format!("状态：{} → {}", status(*from, form), status(*to, form)),
        ChangeKind::Moved { from: Some(from), to } => {
            format!("日期：{} → {}", moment_text(from, None), moment_text(to, None))
        }
        ChangeKind::Moved { from: None, to } => format!("日期确定：{}", moment_text(to, None)),
        ChangeKind::LevelChanged { from, to } => {
            let step = if to.is_below(from) { "降级" } else { "升级" };
            format!("{step}：{} → {}", rung(from, to), rung(to, from))
        }
        ChangeKind::Denied => "一方予以否认".to_owned(),
        ChangeKind::Overdue => format!("逾期：{}，日期已过，仍无举行的报道", status(now, form)),
        ChangeKind::OneSided => "仅有一方发布消息".to_owned(),
    }
}

/// An interval of days: `2月5日至6日`, `6月12日当周`, `6月`, `6月18日起`. The year is left out where it is `year`.
pub(super) fn moment_text(moment: &Moment, year: Option<i16>) -> String {
    let (start, end) = (moment.start(), moment.end());
    let with_year = |day: Date, text: String| {
        if year == Some(day.year()) { text } else { format!("{}年{text}", day.year()) }
    };
    let day = |day: Date| format!("{}月{}日", day.month(), day.day());
    match moment.grain() {
        Grain::Week => with_year(start, format!("{}当周", day(start))),
        Grain::Month => with_year(start, format!("{}月", start.month())),
        Grain::Year if start.year() == end.year() && start.day_of_year() == 1 && end == end.last_of_year() => {
            format!("{}年", start.year())
        }
        Grain::Year if start.year() == end.year() => {
            format!("{}年{}月至{}月", start.year(), start.month(), end.month())
        }
        Grain::Year => format!("{}年{}月至{}年{}月", start.year(), start.month(), end.year(), end.month()),
        Grain::Day if moment.is_open_ended() => with_year(start, format!("{}起", day(start))),
        Grain::Day if start == end => with_year(start, day(start)),
        Grain::Day if start.year() != end.year() => {
            format!("{}年{}至{}年{}", start.year(), day(start), end.year(), day(end))
        }
        Grain::Day if start.month() == end.month() => with_year(start, format!("{}至{}日", day(start), end.day())),
        Grain::Day => with_year(start, format!("{}至{}", day(start), day(end))),
    }
}

/// An interval with its year and how it is known.
pub(super) fn moment_long(moment: &Moment) -> String {
    let text = moment_text(moment, None);
    if moment.is_certain() { text } else { format!("{text}（推断，原文未写明）") }
}

/// A day and time in a zone.
pub(super) fn stamp(at: Timestamp, zone: &TimeZone) -> String {
    let civil = zone.to_datetime(at);
    format!("{}年{}月{}日 {}", civil.year(), civil.month(), civil.day(), civil.strftime("%H:%M"))
}

/// A moment of time in the reader's zone, then in Beijing's and Washington's; a day is repeated only where it differs.
pub(super) fn times(names: &Glossary, at: Timestamp, zone: &TimeZone) -> String {
    let first = zone.to_datetime(at);
    let mut said = format!("{}{}", zone_name(names, zone), stamp(at, zone));
    for (name, city) in [("Asia/Shanghai", "北京时间"), ("America/New_York", "华盛顿时间")] {
        let Ok(other) = TimeZone::get(name) else { continue };
        if zone.iana_name() == Some(name) {
            continue;
        }
        let there = other.to_datetime(at);
        let time = there.strftime("%H:%M");
        if there.date() == first.date() {
            said.push_str(&format!(" · {city}{time}"));
        } else {
            said.push_str(&format!(" · {city}{}月{}日 {time}", there.month(), there.day()));
        }
    }
    said
}

/// A party in full: `布林肯，国务卿（部长级）`.
pub(super) fn party(names: &Glossary, party: &Party) -> String {
    let clean = |text: &str| Some(plain::line(text, NAME_MAX)).filter(|text| !text.is_empty());
    let name = names.person(party).map(str::to_owned).or_else(|| clean(party.name.as_deref()?));
    let office = party
        .office
        .as_deref()
        .and_then(|title| names.office(party.side, title).map(str::to_owned).or_else(|| clean(title)));
    let text = match (name, office) {
        (Some(name), Some(office)) => format!("{name}，{office}"),
        (Some(name), None) => name,
        (None, Some(office)) => format!("{office}，未具名"),
        (None, None) => "未具名".to_owned(),
    };
    match party.level {
        Some(of) => format!("{text}（{}）", level(of)),
        None => text,
    }
}

/// By whom a contact is reported: `美国、中国官方`, `仅美国官方（单方消息）`, `仅媒体`; and who denies it.
pub(super) fn reported(names: &Glossary, contact: &Contact) -> String {
    let (mut says, mut denies, mut silent) = (Vec::new(), Vec::new(), 0);
    for (of, account) in contact.accounts() {
        match account {
            Some(account) if account.denies => denies.push(side(names, of)),
            Some(_) => says.push(side(names, of)),
            None => silent += 1,
        }
    }
    let by = match says.as_slice() {
        [] => "仅媒体".to_owned(),
        [one] if silent > 0 || !denies.is_empty() => format!("仅{one}官方（单方消息）"),
        several => format!("{}官方", several.join("、")),
    };
    if denies.is_empty() { by } else { format!("{by}；{}官方否认", denies.join("、")) }
}

/// The name of a state; of one that the lexicon does not know in Chinese, its code.
pub(super) fn side(names: &Glossary, side: Side) -> String {
    match names.state(side) {
        Some(name) => name.to_owned(),
        None if side == Side::CN => "中国".to_owned(),
        None if side == Side::US => "美国".to_owned(),
        None => side.code().to_owned(),
    }
}

/// A place.
pub(super) fn place(names: &Glossary, name: &str) -> String {
    names.place(name).map_or_else(|| plain::line(name, 32), str::to_owned)
}

/// A form.
pub(super) const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Visit => "访问",
        Kind::Meeting => "会晤",
        Kind::Call => "通话",
        Kind::Talks => "会谈",
    }
}

/// A level.
pub(super) const fn level(level: Level) -> &'static str {
    match level {
        Level::Official => "一般官员",
        Level::ViceMinister => "副部长级",
        Level::Minister => "部长级",
        Level::Leader => "领导人级",
    }
}

/// A tier.
pub(super) const fn tier(tier: Tier) -> &'static str {
    match tier {
        Tier::OfficialUs => "美国官方",
        Tier::OfficialCn => "中国官方",
        Tier::Wire => "通讯社",
        Tier::Press => "报刊",
        Tier::Blog => "博客",
    }
}

fn rung(rung: &Rung, other: &Rung) -> String {
    match (rung.level == other.level, rung.kind == other.kind) {
        (true, _) => kind(rung.kind).to_owned(),
        (false, true) => level(rung.level).to_owned(),
        (false, false) => format!("{}{}", level(rung.level), kind(rung.kind)),
    }
}

/// The Chinese name, else the name as the ledger has it, else the office with its state, else the state.
fn short(names: &Glossary, party: &Party) -> String {
    match (names.person(party), &party.name, &party.office) {
        (Some(name), _, _) => name.to_owned(),
        (None, Some(name), _) => plain::line(name, 40),
        (None, None, Some(office)) => {
            let state = side(names, party.side);
            let office = names.office(party.side, office).map_or_else(|| plain::line(office, 40), str::to_owned);
            if office.starts_with(&state) { office } else { format!("{state}{office}") }
        }
        (None, None, None) => side(names, party.side),
    }
}

fn zone_name(names: &Glossary, zone: &TimeZone) -> String {
    match zone.iana_name() {
        Some("America/New_York") => "华盛顿时间".to_owned(),
        Some("Asia/Shanghai") => "北京时间".to_owned(),
        Some("UTC" | "Etc/UTC") => "世界协调时".to_owned(),
        Some(name) => {
            let city = name.rsplit('/').next().unwrap_or(name).replace('_', " ");
            format!("{}时间", names.place(&city).unwrap_or(&city))
        }
        None => "当地时间".to_owned(),
    }
}
