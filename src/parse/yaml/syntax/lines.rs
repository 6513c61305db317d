//! Lines that do not fit those above them.

use super::{Surroundings, brackets, tab};
use crate::diag::Diagnostic;
use crate::parse::yaml::CollectionStyle;
use crate::parse::yaml::quote::{colon_without_space, line_at};

/// A colon that YAML takes for a key's.
pub(super) fn colon_in_value(around: &Surroundings<'_>, at: usize) -> Diagnostic {
    let Some((start, end)) = around.last_value else {
        return around.error(at, at + 1, "a key cannot stand here");
    };
    let text = around.source.get(start..end).unwrap_or("");
    let (line_start, line) = line_at(around.source, start);
    if !text.contains(['\n', '\r']) {
        let message = "`: ` within an unquoted value";
        return around.quote(around.error(at, at + 1, message).label("looks like another key"), start);
    }
    if let Some(colon) = colon_without_space(line) {
        return missing_space(around, line_start + colon);
    }
    let (last_start, last) = line_at(around.source, at);
    let indent = last.len() - last.trim_start().len();
    let word = last_start + indent;
    let key = line.trim_start_matches([' ', '-']);
    let key_at = line_start + line.len() - key.len();
    let key = key.split(':').next().unwrap_or(key);
    let found = around.source.get(word..at).unwrap_or("");
    around
        .error(word, at, format!("`{found}` is indented deeper than `{key}`, which makes it part of its text"))
        .secondary(around.span(key_at, key_at + key.len()), "belongs to this line")
        .help(format!("indent it by {}, like `{key}`", spaces(key_at - line_start)))
}

fn missing_space(around: &Surroundings<'_>, colon: usize) -> Diagnostic {
    around.error(colon, colon + 1, "a key's colon without a space behind it").replace(
        "put a space behind it",
        around.span(colon, colon + 1),
        ": ",
    )
}

/// A line that is neither an entry nor an item of what is open.
pub(super) fn unexpected_line(around: &Surroundings<'_>, at: usize) -> Diagnostic {
    let (line_start, line) = line_at(around.source, at);
    if let Some(diagnostic) = brackets::after_collection(around, at) {
        return diagnostic;
    }
    if let Some(colon) = colon_without_space(line) {
        return missing_space(around, line_start + colon);
    }
    let content = line.trim_start_matches([' ', '\t']);
    if line[..line.len() - content.len()].contains('\t') {
        return tab(around.source, around.file, at);
    }
    let content_start = line_start + line.len() - content.len();
    let content = content.trim_end();
    if at > content_start && !content.starts_with('-') {
        return around.error(at, at + 1, "something that does not belong to the value before it");
    }
    let has_entry = content.starts_with("- ") || content == "-" || content.contains(": ") || content.ends_with(':');
    if !has_entry {
        return around
            .error(content_start, content_start + content.len(), "a line that is neither `key: value` nor `- item`")
            .help(match content.split_once(char::is_whitespace) {
                _ if content.starts_with('-') => "write a space behind the `-` of an item".to_owned(),
                None => {
                    format!("write `{content}: ...` if it is a key, or indent it if it goes on with the text above")
                }
                Some(_) => "indent it deeper if it goes on with the text above".to_owned(),
            });
    }
    let Some((open, _)) = around.open.iter().rev().find(|open| open.1 == CollectionStyle::Block) else {
        return around.error(at, at + 1, "an entry where none can stand");
    };
    let column = |offset: usize| offset - line_at(around.source, offset).0;
    let (found, expected) = (column(content_start), column(*open));
    let first = around.after(*open).split([':', '\n', ' ']).next().unwrap_or("").len().max(1);
    let message = if found == expected {
        "a list item and a `key: value` in one place".to_owned()
    } else {
        format!("indented by {}, as no line above is", spaces(found))
    };
    around
        .error(content_start, content_start + 1, message)
        .secondary(around.span(*open, open + first), format!("entries here are indented by {}", spaces(expected)))
}

fn spaces(count: usize) -> String {
    if count == 1 { "1 space".to_owned() } else { format!("{count} spaces") }
}
