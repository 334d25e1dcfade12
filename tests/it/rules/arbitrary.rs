//! Rules over arbitrary texts, words and files.

use super::{NOW, article, item, known, words};
use openline::model::alert::Subject;
use openline::rules;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Feeds are hostile and rules are the user's: neither may bring a panic, a long excerpt or words that are not there.
    #[test]
    fn arbitrary_texts_and_words_are_judged(
        title in "\\PC{0,40}",
        content in "(?s).{0,400}",
        word in "[\\p{L}\\p{N} '.*İßｘ谈-]{1,6}",
    ) {
        let quoted = toml::Value::String(word.clone()).to_string();
        let text = format!("[[rule]]\nid = 'w'\nwords = {{ any = [{quoted}, 'e*'], none = ['zz'] }}\n");
        let article = article(&title, &content);
        if let Ok(set) = rules::parse(&[("r.toml".to_owned(), text)], &known()) {
            for alert in set.alerts(&article, &item(), &[], NOW) {
                let Subject::Item { excerpt } = &alert.subject else { panic!("an item is the subject") };
                prop_assert!(excerpt.chars().count() <= 300);
                let whole = format!("{title} {content}").split_whitespace().collect::<Vec<_>>().join(" ");
                for found in &alert.matched[0].words {
                    prop_assert!(found.ends_with('…') || whole.contains(found.as_str()), "{found:?} in {whole:?}");
                }
            }
        }
    }

    /// A word between two spaces is found, whatever its letters and their case.
    #[test]
    fn a_word_among_others_is_found(word in "[\\p{L}\\p{N}]{1,12}", before in "[a-z]{1,5}", after in "[a-z]{1,5}") {
        let found = words(&format!("any = ['{word}']"), &format!("{before} {word} {after}"));
        // The same letters in another case may stand before it.
        prop_assert_eq!(found.map(|found| found.concat().to_lowercase()), Ok(word.to_lowercase()));
        if word.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            let inside = words(&format!("any = ['{word}']"), &format!("{before}{word}{after}"));
            prop_assert!(inside.is_err() || inside.is_ok_and(|found| found != vec![word.clone()]));
        }
    }

    /// No text of a user's file brings a panic, and every problem has its place.
    #[test]
    fn arbitrary_rule_files_are_read(text in "(?s)(\\[\\[rule\\]\\]\\n|id = 'a'\\n|words = \\{|any = \\[|'x\\*'|\\]|\\}|contact = |\\n|.){0,30}") {
        if let Err(problems) = rules::parse(&[("r.toml".to_owned(), text.clone())], &known()) {
            for problem in problems {
                prop_assert!(problem.line >= 1 && problem.column >= 1, "{problem}");
                prop_assert!(problem.line <= text.matches('\n').count() + 1, "{problem}");
            }
        }
    }
}
