//! Dots of host names in regular expressions, which match any character.

use crate::promql::lint::{Finding, Lint};
use crate::promql::name::has_variable;
use crate::promql::{MatchOp, Matcher};

/// Only texts that are words joined by dots and alternatives: there, a dot is meant literally.
pub(super) fn check(matcher: &Matcher) -> Option<Finding> {
    let value = matcher.value.value.as_str();
    if !matches!(matcher.op, MatchOp::Regex | MatchOp::NotRegex) || has_variable(value) {
        return None;
    }
    let name = value.split('|').find(|text| is_host(text))?;
    Some(
        Finding::new(Lint::UnescapedDot, matcher.value.range, format!("the dots of `{name}` match any character"))
            .help(format!("escape them: `{}`", name.replace('.', "\\\\."))),
    )
}

/// At least three words joined by dots, such as `api.example.com`, with nothing else.
fn is_host(text: &str) -> bool {
    let text = text.split_once(':').map_or(text, |(host, _)| host);
    let words: Vec<&str> = text.split('.').collect();
    let is_word = |word: &str| {
        word.len() > 1
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && word.bytes().any(|byte| byte.is_ascii_alphabetic())
    };
    words.len() > 2 && words.iter().all(|word| is_word(word))
}
