//! The texts of mails: embedded, replaceable by texts of the user's, checked before any alert needs them.

use super::digest::{Detail, DigestScene};
use super::glossary::Glossary;
use super::sample;
use super::scene::Scene;
use super::tongue::Tongue;
use crate::model::article::Language;
use crate::model::problem::Problem;
use jiff::tz::TimeZone;
use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, Error, UndefinedBehavior, Value};
use std::fmt;
use std::sync::Arc;

/// Name and text of every template: subject, text body, HTML body; both bodies of a digest.
const FILES: [(&str, &str); 5] = [
    ("subject.txt", include_str!("templates/subject.txt")),
    ("mail.txt", include_str!("templates/mail.txt")),
    ("mail.html", include_str!("templates/mail.html")),
    ("digest.txt", include_str!("templates/digest.txt")),
    ("digest.html", include_str!("templates/digest.html")),
];

/// Largest template taken, in bytes; the embedded ones have a twentieth of it.
const TEMPLATE_MAX: usize = 256 * 1024;
/// Largest HTML sent, in bytes: Gmail cuts a message at 102 kB.
const HTML_MAX: usize = 100_000;

/// Markup that no template holds.
const PROBE: &str = "<openline-probe>";

/// Checked templates; cheap to clone.
///
/// Templates are Jinja. They may use `subject`, `tag` (`POSTPONED`), `status` (`postponed`, or `item` of a word alert),
/// `headline`, `lead` (who, what, when, source in 90 characters), `change` (what moved), `facts` (each `label` and
/// `value`), `history` (`number`, `when`, `what`), `earlier` (entries left out), `quote` (pieces with `text` and
/// `marked`), `on_page` (whether the quote stands on the article's page), `sources` (`feed`, `tier`, `title`, `url` or none, `times`), `more_sources`, `why` (`rule`, `words`,
/// `channels`), `severity` (`info`, `notice`, `critical`), `alert` and `contact` (ids), and `chinese`, whether fixed words are to be Chinese. Those of a digest see
/// `title`, `notes` (why alerts waited), `groups` (`tag`, `tone`, `headline`, `contact`, and `alerts` with `when`, `change`,
/// `quote`, `source` and `rules`) and `digest` (its id). Texts are empty and lists have no entries where an alert lacks them.
/// The HTML ones escape what they print; one that prints a text unescaped is refused.
#[derive(Clone)]
pub struct Templates {
    own: Arc<Environment<'static>>,
    embedded: Arc<Environment<'static>>,
}

impl Templates {
    /// The embedded texts, with those of the same name replaced by `overrides` (name, or path that ends in it, and text).
    ///
    /// # Errors
    /// Every unknown name, syntax error and field that messages do not have, with its line.
    pub fn load(overrides: &[(String, String)]) -> Result<Self, Vec<Problem>> {
        let embedded = Arc::new(environment());
        let mut own = environment();
        let mut problems = Vec::new();
        for (name, text) in overrides {
            let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
            let Some((known, _)) = FILES.iter().find(|(known, _)| *known == base) else {
                problems.push(Problem::file(name, "unknown template", known_names(base)));
                continue;
            };
            if text.len() > TEMPLATE_MAX {
                problems.push(Problem::file(name, "the template is over 256 kB", "shorten it"));
            } else if let Err(error) = own.add_template_owned(*known, text.clone()) {
                problems.push(problem(name, text, &error));
            } else if let Err(error) = try_out(&own, known) {
                problems.push(problem(name, text, &error));
            } else if known.ends_with(".html") && prints_markup(&own, known) {
                let what = "the template prints texts of articles without escaping them";
                problems.push(Problem::file(name, what, "remove `safe` filters and `autoescape false`"));
            }
        }
        if problems.is_empty() { Ok(Self { own: Arc::new(own), embedded }) } else { Err(problems) }
    }

    /// The embedded texts alone.
    #[must_use]
    pub fn embedded() -> Self {
        let embedded = Arc::new(environment());
        Self { own: Arc::clone(&embedded), embedded }
    }

    /// What is wrong with a template of a subject, as a rule may have one: its syntax, or a field that messages do not have.
    ///
    /// # Errors
    /// The first mistake, in words.
    pub fn check_subject(template: &str) -> Result<(), String> {
        let said = |error: Error| detail(&error);
        let engine = environment();
        let template = engine.template_from_str(template).map_err(said)?;
        for alert in [sample::postponed(), sample::held_call(), sample::word_match()] {
            let names = Glossary::default();
            let tongue = Tongue { language: Language::En, names: &names };
            let value = Scene::of(&alert, tongue, &TimeZone::UTC).value();
            // The engine's own error does not name the field.
            let fields: Vec<String> = value.try_iter().map_err(said)?.map(|field| field.to_string()).collect();
            if let Some(unknown) = template.undeclared_variables(false).into_iter().find(|name| !fields.contains(name))
            {
                return Err(no_field(&unknown, &fields));
            }
            template.render(value).map_err(said)?;
        }
        Ok(())
    }

    /// Subject, text and HTML of a scene; `subject` is a rule's own template of the subject.
    pub(super) fn render(&self, scene: &Scene, subject: Option<&str>) -> (String, String, String) {
        let value = scene.value();
        let asked = subject.and_then(|template| self.own.render_str(template, &value).ok());
        let asked = asked.filter(|text| !text.trim().is_empty());
        let subject = asked.or_else(|| self.one("subject.txt", &value, &|text| !text.trim().is_empty()));
        let subject = super::plain::line(subject.as_deref().unwrap_or(&scene.lead), 200);
        let body = |name: &str| self.one(name, &value, &fits).unwrap_or_else(|| scene.lead.clone());
        (subject, body("mail.txt"), body("mail.html"))
    }

    /// Text and HTML of a digest, with less of each alert where the whole would be too large.
    pub(super) fn render_digest(&self, scene: &DigestScene) -> (String, String) {
        let body = |name: &str| {
            let texts = Detail::ALL.into_iter().filter_map(|detail| self.one(name, &scene.value(detail), &fits));
            texts.into_iter().next().unwrap_or_else(|| scene.lead.clone())
        };
        (body("digest.txt"), body("digest.html"))
    }

    /// A template's text: of the user's own, or where that fails, of the embedded one.
    fn one(&self, name: &str, value: &Value, fits: &dyn Fn(&str) -> bool) -> Option<String> {
        let of = |environment: &Environment<'_>| environment.get_template(name).ok()?.render(value).ok();
        of(&self.own).filter(|text| fits(text)).or_else(|| of(&self.embedded).filter(|text| fits(text)))
    }
}

fn fits(text: &str) -> bool {
    text.len() <= HTML_MAX
}

impl Default for Templates {
    fn default() -> Self {
        Self::embedded()
    }
}

impl fmt::Debug for Templates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Templates").finish_non_exhaustive()
    }
}

/// An engine that holds the embedded texts, escapes by the name's ending and refuses unknown fields.
fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
        environment.set_syntax(syntax);
    }
    for (name, text) in FILES {
        if let Err(error) = environment.add_template(name, text) {
            debug_assert!(false, "embedded template {name}: {error}");
        }
    }
    environment
}

/// Renders a template with alerts of every kind in both languages, so that a mistyped field is found before an alert needs
/// it.
fn try_out(environment: &Environment<'_>, name: &str) -> Result<(), Error> {
    for value in trials(name, None) {
        environment.get_template(name)?.render(value)?;
    }
    Ok(())
}

/// Whether markup within an alert's strings comes out of a template as markup.
fn prints_markup(environment: &Environment<'_>, name: &str) -> bool {
    trials(name, Some(PROBE)).into_iter().any(|value| {
        let text = environment.get_template(name).and_then(|template| template.render(value));
        text.unwrap_or_default().contains(PROBE)
    })
}

/// What a template is tried out on; with `probe`, every string that an article can fill is that.
fn trials(name: &str, probe: Option<&str>) -> Vec<Value> {
    let names = Glossary::default();
    let mut values = Vec::new();
    for language in [Language::En, Language::Zh] {
        let tongue = Tongue { language, names: &names };
        if name.starts_with("digest") {
            let scene = DigestScene::of(&sample::digest(), tongue, &TimeZone::UTC);
            values.push(probe.map_or(scene.clone(), |probe| scene.filled_with(probe)).value(Detail::Full));
            continue;
        }
        for alert in [sample::postponed(), sample::held_call(), sample::word_match()] {
            let scene = Scene::of(&alert, tongue, &TimeZone::UTC);
            values.push(probe.map_or(scene.clone(), |probe| scene.filled_with(probe)).value());
        }
    }
    values
}

fn problem(file: &str, text: &str, error: &Error) -> Problem {
    let line = error.line().unwrap_or(0).min(text.lines().count().max(1));
    let remedy = "the fields that templates may use are those of the embedded templates";
    Problem { file: file.to_owned(), line, column: 0, what: detail(error), remedy: remedy.to_owned() }
}

fn no_field(name: &str, fields: &[String]) -> String {
    let near = fields.iter().max_by(|a, b| strsim::jaro_winkler(a, name).total_cmp(&strsim::jaro_winkler(b, name)));
    match near.filter(|near| strsim::jaro_winkler(near, name) > 0.8) {
        Some(near) => format!("no field `{name}`, did you mean `{near}`"),
        None => format!("no field `{name}`, the fields are {}", fields.join(", ")),
    }
}

fn detail(error: &Error) -> String {
    error.detail().map_or_else(|| error.kind().to_string(), |detail| format!("{}: {detail}", error.kind()))
}

fn known_names(name: &str) -> String {
    let near = FILES.iter().map(|(known, _)| *known).find(|known| strsim::jaro_winkler(known, name) > 0.8);
    near.map_or_else(
        || "templates are subject.txt, mail.txt, mail.html, digest.txt and digest.html".to_owned(),
        |known| format!("did you mean `{known}`?"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(name: &str, text: &str) -> Vec<Problem> {
        Templates::load(&[(name.to_owned(), text.to_owned())]).err().unwrap_or_default()
    }

    #[test]
    fn a_broken_template_is_reported_with_its_line() {
        let found = problems("mail.txt", "first\n{% if x %}\nnever closed");
        assert_eq!(found.len(), 1);
        assert!(found.iter().all(|problem| problem.file == "mail.txt" && problem.line >= 2), "{found:?}");
        let found = problems("subject.txt", "ok\n{{ hedline }}");
        assert!(found.iter().all(|problem| problem.line == 2) && found.len() == 1, "{found:?}");
        assert!(problems("mial.txt", "").iter().all(|problem| problem.remedy.contains("mail.txt")));
        assert_eq!(problems("mail.html", "<p>{{ headline }}</p>"), []);
        assert_eq!(problems("/etc/openline/templates.d/mail.txt", "{{ lead }}"), []);
        let path = "/etc/openline/templates.d/mail.txt";
        assert!(problems(path, "{{").iter().all(|problem| problem.file == path));
        let unsafe_ones = ["{{ headline | safe }}", "{% autoescape false %}{{ sources[0].title }}{% endautoescape %}"];
        for text in unsafe_ones {
            assert_eq!(problems("mail.html", text).len(), 1, "{text}");
        }
    }

    #[test]
    fn every_problem_comes_at_once() {
        let bad = |name: &str| (name.to_owned(), "{{".to_owned());
        assert_eq!(Templates::load(&[bad("mail.txt"), bad("mail.html"), bad("x")]).err().map(|all| all.len()), Some(3));
    }
}
