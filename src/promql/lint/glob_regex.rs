//! Regular expressions that are written like file name patterns.

use crate::promql::lint::{Finding, Lint};
use crate::promql::name::has_variable;
use crate::promql::{Expr, ExprKind, MatchOp, Matcher, TextRange, print_line};

pub(super) fn check(matcher: &Matcher) -> Option<Finding> {
    let value = matcher.value.value.as_str();
    if !matches!(matcher.op, MatchOp::Regex | MatchOp::NotRegex) || has_variable(value) {
        return None;
    }
    let glob = value.split('|').find(|text| is_glob(text))?;
    let stem = glob.trim_end_matches('*');
    let (stem, repeated) = stem.split_at(stem.len().checked_sub(1)?);
    let meant: Vec<String> =
        value.split('|').map(|text| if is_glob(text) { text.replace('*', ".*") } else { text.to_owned() }).collect();
    let text = Expr { kind: ExprKind::String(meant.join("|").into()), range: TextRange::default() };
    let written = print_line(&text);
    Some(
        Finding::new(
            Lint::GlobRegex,
            matcher.value.range,
            format!("`{glob}` is `{stem}` and any number of `{repeated}`"),
        )
        .note("in a regular expression `*` repeats what stands before it; any text is `.*`")
        .replace(format!("write `{written}`"), matcher.value.range, written),
    )
}

/// Letters, digits, `-`, `_` and `/`, and one `*` at the end.
fn is_glob(text: &str) -> bool {
    text.strip_suffix('*').is_some_and(|rest| {
        rest.len() > 1 && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_/".contains(&byte))
    })
}
