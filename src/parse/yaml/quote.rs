//! Where an unquoted value was meant to end, and how to write it in quotes.

use super::CollectionStyle;

/// The end of the value that was meant to begin at `start`: of its line, or of its entry within braces; comments excluded.
pub(super) fn value_end(source: &str, start: usize, style: CollectionStyle) -> usize {
    let line = source.get(start..).unwrap_or("");
    let line = &line[..line.find(['\n', '\r']).unwrap_or(line.len())];
    let mut depth = 0_usize;
    let mut quote = None;
    let mut before = ' ';
    for (at, character) in line.char_indices() {
        if let Some(open) = quote {
            if character == open {
                quote = None;
            }
            continue;
        }
        let ends = match character {
            '"' | '\'' if !before.is_alphanumeric() => {
                quote = Some(character);
                false
            }
            '{' | '[' | '(' => {
                depth += 1;
                false
            }
            '}' | ']' | ')' if depth > 0 => {
                depth -= 1;
                false
            }
            '}' | ']' | ',' => style == CollectionStyle::Flow && depth == 0,
            '#' => before == ' ',
            _ => false,
        };
        if ends {
            return start + line[..at].trim_end().len();
        }
        before = character;
    }
    start + line.trim_end().len()
}

/// The text as a quoted scalar: single quotes unless it holds one.
pub(in crate::parse) fn quoted(text: &str) -> String {
    if text.contains('\'') && !text.contains(['"', '\\']) {
        format!("\"{text}\"")
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}

/// The line around an offset: where it begins, and its text.
pub(super) fn line_at(source: &str, at: usize) -> (usize, &str) {
    let at = at.min(source.len());
    let start = source.as_bytes()[..at].iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).map_or(0, |it| it + 1);
    let rest = source.get(start..).unwrap_or("");
    (start, &rest[..rest.find(['\n', '\r']).unwrap_or(rest.len())])
}

/// The offset of a colon that lacks its space: `key:value` at the start of a line's content.
pub(super) fn colon_without_space(line: &str) -> Option<usize> {
    let content = line.trim_start_matches([' ', '-']);
    let key = content.find(|character: char| !character.is_ascii_alphanumeric() && character != '_')?;
    let rest = content[key..].strip_prefix(':')?;
    let next = rest.chars().next()?;
    let space_is_missing = key > 0 && !next.is_whitespace() && next != '/' && next != ':';
    space_is_missing.then_some(line.len() - content.len() + key)
}
