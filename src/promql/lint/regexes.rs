//! Regular expressions that are plain texts.

use crate::promql::lint::{Finding, Lint};
use crate::promql::{MatchOp, Matcher, TextRange};

/// A regular expression without any operator asks for one value and costs a regular expression.
pub(super) fn check(matcher: &Matcher) -> Option<Finding> {
    let plain = match matcher.op {
        MatchOp::Regex => "=",
        MatchOp::NotRegex => "!=",
        MatchOp::Equal | MatchOp::NotEqual => return None,
    };
    let value = matcher.value.value.as_str();
    if value.is_empty() || value.chars().any(regex_syntax::is_meta_character) {
        return None;
    }
    let operator = TextRange { start: matcher.label.range.end, end: matcher.value.range.start };
    Some(
        Finding::new(Lint::PlainRegex, matcher.range, format!("the regular expression `{value}` is a plain text"))
            .note("regular expressions are anchored at both ends: this one matches nothing but the text itself")
            .replace(format!("write `{plain}`"), operator, plain),
    )
}
