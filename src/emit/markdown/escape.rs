//! Text of users as Markdown that shows just that text, whatever is in it.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Where a text stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In a paragraph or list item.
    Prose,
    /// In a table, where a bar ends the cell even in code; or anywhere else on a line.
    Cell,
}

/// Text on one line, with everything escaped that Markdown would take for its own; only code spans stay what they are.
pub(super) fn inline(text: &str, place: Place) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    let text = one_line(text);
    let mut escaped = String::with_capacity(text.len() + 8);
    let mut rest = text.as_str();
    while let Some(start) = rest.find('`') {
        escape_words(&rest[..start], &mut escaped);
        let (span, is_code) = code_span(&rest[start..]);
        match (is_code, place) {
            (true, Place::Prose) => escaped.push_str(span),
            (true, Place::Cell) => escaped.push_str(&span.replace('|', "\\|")),
            (false, _) => escaped.push_str(&span.replace('`', "\\`")),
        }
        rest = &rest[start + span.len()..];
    }
    escape_words(rest, &mut escaped);
    Cow::Owned(escape_list_number(escaped))
}

/// Text as it may stand anywhere on a line, even in a table.
pub(super) fn cell(text: &str) -> Cow<'_, str> {
    inline(text, Place::Cell)
}

/// Text of a paragraph or a list item.
pub(super) fn prose(text: &str) -> Cow<'_, str> {
    inline(text, Place::Prose)
}

/// The code span that the text begins with, or its first backticks if nothing closes them.
fn code_span(text: &str) -> (&str, bool) {
    let run = |text: &str| text.len() - text.trim_start_matches('`').len();
    let length = run(text);
    let mut at = length;
    while let Some(found) = text[at..].find('`').map(|found| at + found) {
        let closing = run(&text[found..]);
        at = found + closing;
        if closing == length {
            return (&text[..at], true);
        }
    }
    (&text[..length], false)
}

fn escape_words(words: &str, escaped: &mut String) {
    for (at, c) in words.char_indices() {
        let before = words[..at].chars().next_back().or_else(|| escaped.chars().next_back().filter(|_| at == 0));
        if needs_escape(c, before, &words[at + c.len_utf8()..]) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
}

/// Whether a text has nothing in it that could matter in Markdown; most have not.
fn is_plain(text: &str) -> bool {
    let is_safe = |byte: u8| {
        let punctuation =
            matches!(byte, b',' | b'.' | b'-' | b'/' | b'%' | b':' | b';' | b'(' | b')' | b'\'' | b'?' | b'"');
        byte.is_ascii_alphanumeric() || punctuation
    };
    text.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric) && is_tidy(text, is_safe) && !begins_list(text)
}

/// Whether a text is one line of these bytes with single spaces between them.
fn is_tidy(text: &str, is_safe: impl Fn(u8) -> bool) -> bool {
    let mut before = b' ';
    for byte in text.bytes() {
        if !(is_safe(byte) || (byte == b' ' && before != b' ')) {
            return false;
        }
        before = byte;
    }
    before != b' '
}

/// Whether a text begins with the number of a list item.
fn begins_list(text: &str) -> bool {
    let behind = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let after = behind.strip_prefix(['.', ')']).filter(|_| behind.len() < text.len());
    after.is_some_and(|after| after.is_empty() || after.starts_with(' '))
}

/// The text on one line: white space of any kind becomes one space, control characters become none.
fn one_line(text: &str) -> String {
    let visible = text.chars().filter(|c| !c.is_control() || c.is_whitespace()).collect::<String>();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn needs_escape(c: char, before: Option<char>, after: &str) -> bool {
    let next = after.chars().next();
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    match c {
        '\\' | '`' | '*' | '[' | ']' | '<' | '|' | '~' | '$' => true,
        '_' => !(is_word(before) && is_word(next)),
        '&' => next.is_some_and(|next| next.is_ascii_alphabetic() || next == '#'),
        '#' => {
            let behind = after.trim_start_matches('#').chars().next();
            (behind.is_none() && before.is_none_or(|c| c == ' ')) || (behind == Some(' ') && before.is_none())
        }
        '-' | '+' => before.is_none() && matches!(next, None | Some(' ' | '-')),
        '=' | '>' | ':' => before.is_none(),
        _ => false,
    }
}

/// The text with the dot or bracket escaped that would make its first number that of a list.
fn escape_list_number(mut text: String) -> String {
    if begins_list(&text) {
        let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        text.insert(digits, '\\');
    }
    text
}

/// A code span, on one line.
pub(super) fn code(text: &str) -> String {
    if is_tidy(text, |byte| byte.is_ascii_graphic() && byte != b'`') {
        return format!("`{text}`");
    }
    let text = one_line(text);
    if text.is_empty() {
        return String::new();
    }
    let ticks = "`".repeat(longest_run_of_backticks(&text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

/// What stands for the asterisks around a word while the text is escaped: private use, so no text needs them.
const EMPHASIS: [char; 2] = ['\u{E000}', '\u{E001}'];

/// Pieces of a text on one line, of which some are set in italics; without italics if there is code, where they would be asterisks.
pub(super) fn with_emphasis<'a>(pieces: impl Iterator<Item = (&'a str, bool)>) -> String {
    let mut marked = String::new();
    for (text, is_emphasised) in pieces {
        let text = text.replace(EMPHASIS, "");
        if is_emphasised {
            // Two in a row would share their asterisks.
            let gap = if marked.ends_with(EMPHASIS[1]) { " " } else { "" };
            let _ = write!(marked, "{gap}{}{text}{}", EMPHASIS[0], EMPHASIS[1]);
        } else {
            marked.push_str(&text);
        }
    }
    if marked.contains('`') {
        return inline(&marked.replace(EMPHASIS, ""), Place::Cell).into_owned();
    }
    inline(&marked, Place::Cell).replace(EMPHASIS, "*")
}

/// A code span within a table, where a bar ends the cell even in code.
pub(super) fn cell_code(text: &str) -> String {
    code(text).replace('|', "\\|")
}

/// A block of code; its fence is longer than any in the text.
pub(super) fn fence(text: &str, language: &str) -> String {
    let fence = "`".repeat((longest_run_of_backticks(text) + 1).max(3));
    format!("{fence}{language}\n{text}\n{fence}")
}

fn longest_run_of_backticks(text: &str) -> usize {
    if !text.contains('`') {
        return 0;
    }
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// A text as the value of a query in an address.
pub(super) fn query_value(text: &str) -> String {
    let mut value = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            value.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(value, "%{byte:02X}");
        }
    }
    value
}

/// A link with its words.
pub(super) fn link(text: &str, url: &str) -> String {
    let mut target = String::with_capacity(url.len());
    for c in url.trim().chars() {
        let allowed =
            !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>' | '(' | ')' | '"' | '\\' | '`' | '|' | '*');
        if allowed {
            target.push(c);
            continue;
        }
        let mut bytes = [0; 4];
        for byte in c.encode_utf8(&mut bytes).bytes() {
            // Writing to a string cannot fail.
            let _ = write!(target, "%{byte:02X}");
        }
    }
    format!("[{}]({target})", inline(text, Place::Cell))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        for (text, markdown) in [
            ("Public web shop - browse, cart.", "Public web shop - browse, cart."),
            ("#shop-oncall", "#shop-oncall"),
            ("# x", "\\# x"),
            ("x ##", "x \\##"),
            ("a|b *d* [e](f) <g>", "a\\|b \\*d\\* \\[e\\](f) \\<g>"),
            ("run `a|b *c*` or ``d`e``", "run `a\\|b *c*` or ``d`e``"),
            ("one ` two `` three", "one \\` two \\`\\` three"),
            ("snake_case _em_", "snake_case \\_em\\_"),
            ("- item", "\\- item"),
            ("-5", "-5"),
            ("1. one", "1\\. one"),
            ("99.9%", "99.9%"),
            ("a\n\n## b\r\n c\t", "a ## b c"),
            ("</a>&amp;R&D & b", "\\</a>\\&amp;R\\&D & b"),
            ("{{ x }} \\", "{{ x }} \\\\"),
            ("> q", "\\> q"),
            ("---", "\\---"),
        ] {
            assert_eq!(inline(text, Place::Cell), markdown, "{text}");
        }
    }

    #[test]
    fn bars_end_cells_only() {
        assert_eq!(inline("`a|b`", Place::Prose), "`a|b`");
        assert_eq!(inline("`a|b`", Place::Cell), "`a\\|b`");
    }

    #[test]
    fn code_holds_any_text() {
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`a"), "`` `a ``");
        assert_eq!(cell_code("a|b\nc"), "`a\\|b c`");
        assert_eq!(fence("```", "promql"), "````promql\n```\n````");
        assert_eq!(link("a]b", "https://x/?q=a b(c)|d"), "[a\\]b](https://x/?q=a%20b%28c%29%7Cd)");
    }
}
