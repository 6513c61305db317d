//! The texts of selectors and ranges in other formats, as far as these give them a meaning of their own.
//!
//! Only quotes, braces and brackets are understood here; whether the whole is PromQL is found out later.

use std::ops::Range;

use super::outside_quotes;
use crate::source::Text;

/// A selector: a metric's name, perhaps with matchers in braces.
pub(super) struct Selector<'t> {
    text: &'t Text,
    /// The metric's name.
    pub(super) name: &'t str,
    /// The bytes of the name.
    name_range: Range<usize>,
    /// The bytes of each matcher, without the commas and spaces around them.
    matchers: Vec<Range<usize>>,
}

/// The selector that a text is, or that it is the sum of; `None` of anything else.
pub(super) fn selector(text: &Text) -> Option<Selector<'_>> {
    let value = text.value.as_str();
    let start = value.len() - value.trim_start().len();
    let name_end = start + value[start..].find(|c: char| !is_name(c)).unwrap_or(value.len() - start);
    if name_end == start || value[start..].starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let rest = value[name_end..].trim_end();
    let braces = rest.trim_start();
    let found = |matchers| Selector { text, name: &value[start..name_end], name_range: start..name_end, matchers };
    if braces.is_empty() {
        return Some(found(Vec::new()));
    }
    let inner = name_end + (rest.len() - braces.len()) + 1;
    let matchers = matchers(braces.strip_prefix('{')?, inner)?;
    Some(found(matchers))
}

/// The bytes of the matchers before the closing brace, which has to be the end.
fn matchers(text: &str, offset: usize) -> Option<Vec<Range<usize>>> {
    let mut matchers = Vec::new();
    let mut start = 0;
    for (at, c) in outside_quotes(text).filter(|(_, c)| matches!(c, ',' | '}')) {
        let part = &text[start..at];
        let begin = start + (part.len() - part.trim_start().len());
        if !part.trim().is_empty() {
            matchers.push(offset + begin..offset + begin + part.trim().len());
        }
        start = at + 1;
        if c == '}' {
            return text[start..].is_empty().then_some(matchers);
        }
    }
    None
}

impl Selector<'_> {
    /// The value of the matcher `label="value"`, as it stands between the quotes.
    pub(super) fn equal(&self, label: &str) -> Option<&str> {
        self.matchers().find_map(|matcher| {
            let value = matcher.strip_prefix(label)?.trim_start().strip_prefix('=')?.trim_start();
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
            value.strip_prefix(quote)?.strip_suffix(quote)
        })
    }

    /// The matchers as written.
    pub(super) fn matchers(&self) -> impl Iterator<Item = &str> {
        self.matchers.iter().map(|range| &self.text.value[range.clone()])
    }

    /// The selector with a suffix of its name taken away, if it has it.
    pub(super) fn without_suffix(&self, suffix: &str) -> Option<Text> {
        let base = self.name_range.end.checked_sub(suffix.len()).filter(|_| self.name.ends_with(suffix))?;
        let text = self.text;
        let parts = [part(text, self.name_range.start..base), part(text, self.name_range.end..text.value.len())];
        Some(Text::joined(&parts, text.span))
    }
}

/// What stands within `sum(...)`, if that is all that a text is.
pub(super) fn summed(text: &Text) -> Option<Text> {
    let value = text.value.trim_end();
    let inner = value.trim_start().strip_prefix("sum")?.trim_start().strip_prefix('(')?;
    let start = value.len() - inner.trim_start().len();
    let end = value.strip_suffix(')')?.trim_end().len();
    (start < end).then(|| part(text, start..end))
}

/// The bytes of the ranges `[5m]` of a text, without their brackets, wherever they are written out in numbers.
pub(super) fn fixed_ranges(text: &Text) -> Vec<Range<usize>> {
    let value = text.value.as_str();
    let mut found = Vec::new();
    for (at, _) in outside_quotes(value).filter(|(_, c)| *c == '[') {
        let inner = &value[at + 1..];
        let inner = &inner[..inner.find(']').unwrap_or(inner.len())];
        let range = inner.trim();
        if is_duration(range) {
            let start = at + 1 + (inner.len() - inner.trim_start().len());
            found.push(start..start + range.len());
        }
    }
    found
}

/// The text with `$window` in place of these ranges, which ascend.
pub(super) fn with_open_ranges(text: &Text, ranges: &[Range<usize>]) -> Text {
    let mut parts = Vec::new();
    let mut at = 0;
    for range in ranges {
        parts.push(part(text, at..range.start));
        parts.push(part(text, range.clone()).instead("$window"));
        at = range.end;
    }
    parts.push(part(text, at..text.value.len()));
    Text::joined(&parts, text.span)
}

/// Whether a text is more than a selector: it calls, compares or computes, outside of quotes and braces.
pub(super) fn is_expression(text: &Text) -> bool {
    let mut is_inside = false;
    let mut outside = String::new();
    for (_, c) in outside_quotes(&text.value) {
        match c {
            '{' => is_inside = true,
            '}' => is_inside = false,
            _ if !is_inside => outside.push(c),
            _ => {}
        }
    }
    let is_operator = |word: &str| matches!(word, "and" | "or" | "unless");
    outside.contains(['(', '[', '+', '*', '/', '<', '>']) || outside.split_whitespace().any(is_operator)
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == ':'
}

fn is_duration(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(|c| c.is_ascii_alphanumeric())
}

/// The part of a text within some bytes.
#[expect(clippy::cast_possible_truncation, reason = "a part of a file, which is below 64 MiB")]
pub(super) fn part(text: &Text, range: Range<usize>) -> Text {
    text.slice(range.start as u32..range.end as u32)
}
