//! Brackets that are not closed, and texts that begin with one.

use super::Surroundings;
use crate::diag::{Code, Diagnostic};
use crate::parse::yaml::CollectionStyle;
use crate::parse::yaml::quote::line_at;

/// Something other than `,` or a closing bracket within brackets.
pub(super) fn separator(around: &Surroundings<'_>, at: usize) -> Diagnostic {
    if let Some((start, end)) = around.last_value
        && end == at
        && around.after(at).starts_with(['{', '['])
    {
        let bracket = &around.source[at..=at];
        let message = format!("`{bracket}` within an unquoted value between braces");
        let diagnostic = Diagnostic::new(Code::UnquotedValue, around.span(at, at + 1), message)
            .label("begins a value of its own to YAML");
        return around.quote(diagnostic, start);
    }
    unclosed(around, at)
}

/// Brackets that are not closed, or are closed too late.
pub(super) fn unclosed(around: &Surroundings<'_>, at: usize) -> Diagnostic {
    let open = around.open.iter().rev().find(|open| open.1 == CollectionStyle::Flow).map_or(at, |open| open.0);
    let bracket = around.after(open).chars().next().unwrap_or('{');
    let close = if bracket == '[' { ']' } else { '}' };
    let same_line = line_at(around.source, open).0 == line_at(around.source, at).0;
    if open != at && same_line && around.after(at).chars().next().is_some_and(|found| !found.is_whitespace()) {
        return around
            .error(at, at + 1, format!("expected `,` or `{close}`"))
            .secondary(around.span(open, open + 1), format!("within this `{bracket}`"));
    }
    let diagnostic = around.error(open, open + 1, format!("`{bracket}` is not closed"));
    let diagnostic =
        if open == at { diagnostic } else { diagnostic.secondary(around.span(at, at + 1), "still within it") };
    diagnostic.help(format!("write `{close}` where it ends; a text that holds `{bracket}` needs quotes"))
}

/// `good: > 1000`: the comparison begins a folded block.
pub(super) fn block_header(around: &Surroundings<'_>, at: usize) -> Diagnostic {
    let sign = around.after(at).chars().next().unwrap_or('>');
    if !matches!(sign, '|' | '>') {
        return after_collection(around, at)
            .unwrap_or_else(|| around.error(at, at + 1, "not the start of a text block"));
    }
    if let Some(diagnostic) = after_collection(around, at) {
        return diagnostic;
    }
    let message = format!("an unquoted `{sign}` begins a block of text on the lines below");
    around.quote(around.error(at, at + 1, message), at)
}

/// Text behind a flow collection on its line: the collection was meant as the start of a text.
pub(super) fn after_collection(around: &Surroundings<'_>, at: usize) -> Option<Diagnostic> {
    let (start, end) = around.last_value?;
    let begins = around.after(start).starts_with(['{', '[']);
    let gap = around.source.get(end..at)?;
    if !begins || gap.contains(['\n', '\r', ':', ',']) {
        return None;
    }
    let value = around.after(start);
    let (message, label) = if value.starts_with("{{") {
        ("a template without quotes is a mapping to YAML", "begins with `{`")
    } else if value.starts_with('{') {
        ("a selector without quotes is a mapping to YAML", "begins with `{`")
    } else {
        ("a text that begins with `[` is a list to YAML", "ends here to YAML")
    };
    let diagnostic = Diagnostic::new(Code::UnquotedValue, around.span(start, end), message).label(label);
    Some(around.quote(diagnostic, start))
}
