//! Replacements that use a group which their regular expression does not have.

use crate::promql::lint::{Finding, Lint};
use crate::promql::{Expr, ExprKind, regex};

pub(super) fn check(part: &Expr) -> Option<Finding> {
    let ExprKind::Call(call) = &part.kind else {
        return None;
    };
    let [_, _, replacement, _, pattern] = call.args.as_slice() else {
        return None;
    };
    let (ExprKind::String(text), ExprKind::String(regex)) = (&replacement.kind, &pattern.kind) else {
        return None;
    };
    if call.function.value != "label_replace" {
        return None;
    }
    let groups = regex::hir(regex)?.properties().explicit_captures_len();
    let (word, number) = numbered(text).find(|(_, number)| *number > groups)?;
    let there = match groups {
        0 => "has no group".to_owned(),
        1 => "has one group".to_owned(),
        _ => format!("has {groups} groups"),
    };
    Some(
        Finding::new(Lint::MissingGroup, replacement.range, format!("`{word}` is always empty"))
            .related(pattern.range, there)
            .note("a label that is set to nothing is removed")
            .help(format!("put what `${number}` stands for in brackets, as in `\"(.*)\"`")),
    )
}

/// The references to groups by number: `$1`, `${2}`.
fn numbered(text: &str) -> impl Iterator<Item = (String, usize)> {
    text.match_indices('$').filter_map(|(at, _)| {
        let rest = &text[at + 1..];
        let (open, rest) = rest.strip_prefix('{').map_or(("", rest), |rest| ("{", rest));
        let name: String =
            rest.chars().take_while(|character| character.is_ascii_alphanumeric() || *character == '_').collect();
        let close = if open.is_empty() { "" } else { "}" };
        // `$1x` is a group of the name `1x`.
        let number = name.parse().ok()?;
        (!text[..at].ends_with('$')).then(|| (format!("${open}{name}{close}"), number))
    })
}
