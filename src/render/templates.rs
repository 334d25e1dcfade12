//! The texts of mails: embedded, replaceable by texts of the user's, checked before any alert needs them.

use super::sample;
use super::scene::Scene;
use crate::model::problem::Problem;
use jiff::tz::TimeZone;
use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, Error, UndefinedBehavior};
use std::fmt;
use std::sync::Arc;

/// Name and text of every template: subject, text body, HTML body.
const FILES: [(&str, &str); 3] = [
    ("subject.txt", include_str!("templates/subject.txt")),
    ("mail.txt", include_str!("templates/mail.txt")),
    ("mail.html", include_str!("templates/mail.html")),
];

/// Largest template taken, in bytes; the embedded ones have a twentieth of it.
const TEMPLATE_MAX: usize = 256 * 1024;
/// Largest HTML sent, in bytes: Gmail cuts a message at 102 kB.
const HTML_MAX: usize = 100_000;

/// Checked templates; cheap to clone.
#[derive(Clone)]
pub struct Templates {
    own: Arc<Environment<'static>>,
    embedded: Arc<Environment<'static>>,
}

impl Templates {
    /// The embedded texts, with those of the same name replaced by `overrides` (name and text).
    ///
    /// # Errors
    /// Every unknown name, syntax error and field that messages do not have, with its line.
    pub fn load(overrides: &[(String, String)]) -> Result<Self, Vec<Problem>> {
        let embedded = Arc::new(environment());
        let mut own = environment();
        let mut problems = Vec::new();
        for (name, text) in overrides {
            let Some((known, _)) = FILES.iter().find(|(known, _)| known == name) else {
                problems.push(Problem::file(name, "unknown template", known_names(name)));
                continue;
            };
            if text.len() > TEMPLATE_MAX {
                problems.push(Problem::file(name, "the template is over 256 kB", "shorten it"));
            } else if let Err(error) = own.add_template_owned(*known, text.clone()) {
                problems.push(problem(name, text, &error));
            } else if let Err(error) = try_out(&own, known) {
                problems.push(problem(name, text, &error));
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

    /// Subject, text and HTML of a scene.
    pub(super) fn render(&self, scene: &Scene) -> (String, String, String) {
        let value = scene.value();
        let one = |environment: &Environment<'_>, name: &str| environment.get_template(name)?.render(&value);
        let any = |name: &str, fits: &dyn Fn(&str) -> bool| {
            one(&self.own, name)
                .ok()
                .filter(|text| fits(text))
                .or_else(|| one(&self.embedded, name).ok().filter(|text| fits(text)))
                .unwrap_or_else(|| scene.lead.clone())
        };
        let subject = super::plain::line(&any("subject.txt", &|text| !text.trim().is_empty()), 200);
        let text = any("mail.txt", &|text| text.len() <= HTML_MAX);
        (subject, text, any("mail.html", &|text| text.len() <= HTML_MAX))
    }
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

/// Renders a template with the two kinds of alert, so that a mistyped field is found before an alert needs it.
fn try_out(environment: &Environment<'_>, name: &str) -> Result<(), Error> {
    for alert in [sample::postponed(), sample::held_call(), sample::word_match()] {
        environment.get_template(name)?.render(Scene::of(&alert, &TimeZone::UTC).value())?;
    }
    Ok(())
}

fn problem(file: &str, text: &str, error: &Error) -> Problem {
    let detail =
        error.detail().map_or_else(|| error.kind().to_string(), |detail| format!("{}: {detail}", error.kind()));
    let line = error.line().unwrap_or(0).min(text.lines().count().max(1));
    let remedy = "the fields that templates may use are those of the embedded templates";
    Problem { file: file.to_owned(), line, column: 0, what: detail, remedy: remedy.to_owned() }
}

fn known_names(name: &str) -> String {
    let near = FILES.iter().map(|(known, _)| *known).find(|known| strsim::jaro_winkler(known, name) > 0.8);
    near.map_or_else(
        || "templates are subject.txt, mail.txt and mail.html".to_owned(),
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
    }

    #[test]
    fn every_problem_comes_at_once() {
        let bad = |name: &str| (name.to_owned(), "{{".to_owned());
        assert_eq!(Templates::load(&[bad("mail.txt"), bad("mail.html"), bad("x")]).err().map(|all| all.len()), Some(3));
    }
}
