//! Which names stand without quotes.

use crate::promql::keyword::{can_name_label, can_name_metric, keyword};

/// The label that holds the metric name.
pub(crate) const METRIC_NAME: &str = "__name__";

/// Whether the text is a metric name that needs no quotes: letters, digits, `_`, `:`, or template variables.
pub(crate) fn is_bare_metric(text: &str) -> bool {
    is_bare(text, true) && can_name_metric(keyword(text.as_bytes()))
}

/// Whether the text is a label name that needs no quotes within braces.
pub(crate) fn is_bare_label(text: &str) -> bool {
    is_bare(text, false)
}

/// Whether the text is a label name that needs no quotes in `by`, `on` and the like.
pub(crate) fn is_bare_grouping_label(text: &str) -> bool {
    is_bare(text, false) && can_name_label(keyword(text.as_bytes()))
}

/// Whether a template variable stands somewhere in the text.
pub(crate) fn has_variable(text: &str) -> bool {
    let can_begin = |start: &usize| matches!(text.as_bytes()[*start], b'$' | b'[');
    (0..text.len()).filter(can_begin).any(|start| variable_length(&text[start..]).is_some())
}

/// Whether the text is one template variable and nothing else.
pub(crate) fn is_variable(text: &str) -> bool {
    variable_length(text) == Some(text.len())
}

#[expect(clippy::needless_bitwise_bool, reason = "an early end would keep the loop from taking many bytes at a time")]
fn is_bare(text: &str, colons: bool) -> bool {
    let bytes = text.as_bytes();
    // Hardly any name has a variable.
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() | (byte == b'_') | (colons & (byte == b':'));
    let begins = bytes.first().is_some_and(|first| !first.is_ascii_digit());
    if begins && text.bytes().fold(true, |plain, byte| plain & is_word(byte)) {
        return true;
    }
    let mut position = 0;
    while let Some(&byte) = bytes.get(position) {
        position += match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => 1,
            b'0'..=b'9' if position > 0 => 1,
            b':' if colons => 1,
            b'$' | b'[' => match variable_length(&text[position..]) {
                Some(length) => length,
                None => return false,
            },
            _ => return false,
        };
    }
    position > 0
}

/// The length of the template variable at the start of the text: `$x`, `${x:form}`, `[[x]]`.
fn variable_length(text: &str) -> Option<usize> {
    let word = |rest: &str| rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    let closed = |start: usize, close: &str| {
        let rest = &text[start..];
        let end = rest.find(['}', ']', '"', '\n', '{', '['])?;
        (end > 0 && word(rest) > 0 && rest[end..].starts_with(close)).then_some(start + end + close.len())
    };
    if text.starts_with("${") {
        closed(2, "}")
    } else if text.starts_with("[[") {
        closed(2, "]]")
    } else {
        let rest = text.strip_prefix('$')?;
        rest.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_').then(|| 1 + word(rest))
    }
}
