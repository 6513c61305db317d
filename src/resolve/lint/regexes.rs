//! Regular expressions that are plain texts.

use crate::diag::{Code, Diagnostic, Sink};
use crate::promql::{Expr, ExprKind, MatchOp, Matcher, TextRange};
use crate::resolve::promql::{place, slice};
use crate::source::Text;

pub(super) fn check(part: &Expr, text: &Text, sink: &mut Sink) {
    let matchers = match &part.kind {
        ExprKind::Selector(selector) => &selector.matchers,
        ExprKind::Matrix(matrix) => &matrix.selector.matchers,
        _ => return,
    };
    for matcher in matchers {
        check_matcher(matcher, text, sink);
    }
}

/// A lint: a regular expression without any operator asks for one value and costs a regular expression.
pub(in crate::resolve) fn check_matcher(matcher: &Matcher, text: &Text, sink: &mut Sink) {
    let (operator, plain) = match matcher.op {
        MatchOp::Regex => ("=~", "="),
        MatchOp::NotRegex => ("!~", "!="),
        MatchOp::Equal | MatchOp::NotEqual => return,
    };
    let value = matcher.value.value.as_str();
    if value.is_empty() || value.chars().any(regex_syntax::is_meta_character) {
        return;
    }
    let between = TextRange { start: matcher.label.range.end, end: matcher.value.range.start };
    let Some(at) = slice(text, between).find(operator) else {
        return;
    };
    let start = between.start + u32::try_from(at).unwrap_or_default();
    let span = place(text, TextRange { start, end: start + 2 });
    let message = format!("the regular expression `{value}` is a plain text");
    sink.push(
        Diagnostic::new(Code::PlainRegex, place(text, matcher.range), message)
            .note("regular expressions are anchored at both ends: this one matches nothing but the text itself")
            .replace(format!("write `{plain}`"), span, plain),
    );
}
