//! Explanations as one HTML page that needs nothing else: no script, no font, no picture.

use super::account::{Account, Step};
use minijinja::{AutoEscape, Environment, Value, context};

/// Characters of the first article's headline in the page's title.
const TITLE: usize = 80;

/// Renders the page; every text is escaped.
pub(super) fn html(accounts: &[Account]) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    let articles: Vec<Value> = accounts.iter().map(article).collect();
    let title = accounts.first().and_then(|account| account.fields.first());
    let title: String = title.map_or_else(String::new, |(_, pieces)| pieces.iter().map(|p| p.text.as_str()).collect());
    let title: String = title.chars().take(TITLE).collect();
    environment.render_str(include_str!("page.html"), context! { title => title, articles => articles })
}

fn article(account: &Account) -> Value {
    let fields = account.fields.iter().map(|(name, pieces)| {
        let pieces = pieces.iter().map(|piece| {
            let class = piece.family.as_deref().map(class);
            context! { text => &piece.text, class => class, rule => &piece.rule, contact => &piece.contact }
        });
        context! { name => *name, pieces => pieces.collect::<Vec<_>>() }
    });
    let contacts = account.contacts.iter().map(|told| {
        let verdicts = told.verdicts.iter();
        let verdicts = verdicts.map(|(rule, alerts, why)| context! { rule => rule, alerts => alerts, why => why });
        context! {
            kind => told.kind, status => told.status, novelty => told.novelty, level => told.level, who => &told.who,
            when => &told.when, place => &told.place, confidence => &told.confidence, sentence => &told.sentence,
            tree => step(&told.tree), verdicts => verdicts.collect::<Vec<_>>(),
        }
    });
    let rejected = account.rejected.iter().map(|turned| {
        context! { trigger => &turned.trigger, text => &turned.text, rule => &turned.rule, why => &turned.why }
    });
    let words = account.words.iter().map(|(rule, why)| context! { rule => rule, why => why });
    context! {
        id => &account.id, language => account.language, published => &account.published, dated => account.dated,
        alerts => account.alerts, decision => &account.decision, fields => fields.collect::<Vec<_>>(),
        contacts => contacts.collect::<Vec<_>>(), words => words.collect::<Vec<_>>(),
        rejected => rejected.collect::<Vec<_>>(), problems => account.problems.clone(),
    }
}

fn step(told: &Step) -> Value {
    let family = told.rule.split('.').next().unwrap_or_default();
    context! {
        rule => &told.rule, class => class(family), text => &told.text, note => &told.note,
        steps => told.steps.iter().map(step).collect::<Vec<_>>(),
    }
}

/// The style class of a family; triggers share one.
fn class(family: &str) -> &'static str {
    match family {
        "status" => "status",
        "novelty" => "novelty",
        "time" => "time",
        "reject" => "reject",
        _ => "trigger",
    }
}
