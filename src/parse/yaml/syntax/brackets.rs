//! Brackets that are not closed, and texts that begin with one.

use super::Surroundings;
use crate::diag::{Code, Diagnostic};
use crate::parse::yaml::CollectionStyle;
use crate::parse::yaml::quote::{line_at, quoted};

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
    if let Some((start, end)) = comment_within(around, open, at) {
        let comment = around.span(start, end);
        return match value_of_comment(&around.source[start..end], close) {
            Some((length, text)) => diagnostic
                .secondary(comment, format!("begins a comment, which hides the `{close}` from YAML"))
                .replace("put the value in quotes", around.span(start, start + length), text),
            None => diagnostic
                .secondary(comment, format!("a comment, which hides its `{close}` from YAML"))
                .help(format!("put the `{close}` in front of the comment")),
        };
    }
    let diagnostic =
        if open == at { diagnostic } else { diagnostic.secondary(around.span(at, at + 1), "still within it") };
    diagnostic.help(format!("write `{close}` where it ends; a text that holds `{bracket}` needs quotes"))
}

/// A comment with a closing bracket, on a line of a collection that is open until `at`.
fn comment_within(around: &Surroundings<'_>, open: usize, at: usize) -> Option<(usize, usize)> {
    let text = around.source.get(open..at)?;
    let close = if text.starts_with('[') { ']' } else { '}' };
    let start =
        open + text.match_indices(" #").map(|(gap, _)| gap + 1).find(|start| is_outside_quotes(&text[..*start]))?;
    let line = around.after(start).lines().next()?;
    line.contains(close).then(|| (start, start + line.trim_end().len()))
}

/// Whether no quote is open at the end of a text.
fn is_outside_quotes(text: &str) -> bool {
    let open = text.chars().fold(None, |open, character| match (open, character) {
        (None, '"' | '\'') => Some(character),
        (Some(quote), found) if quote == found => None,
        (open, _) => open,
    });
    open.is_none()
}

/// The value that a comment was meant to be, with its length and its text in quotes: `#shop}`.
fn value_of_comment(comment: &str, close: char) -> Option<(usize, String)> {
    let length = comment.find([close, ','])?;
    let value = comment[..length].trim_end();
    (!comment.starts_with("# ")).then(|| (value.len(), quoted(value)))
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
