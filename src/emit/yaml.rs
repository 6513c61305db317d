//! Scalars of YAML, quoted where any reader would take them for something else.

use std::fmt::Write as _;

/// Appends text as a scalar on one line: plain where that is safe, quoted otherwise.
pub(crate) fn push_scalar(out: &mut String, text: &str) {
    if is_plain(text) {
        out.push_str(text);
    } else if is_plain_in_quotes(text) {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else if text.contains(['"', '\\']) && !text.contains('\'') && !text.contains(needs_escape) {
        out.push('\'');
        out.push_str(text);
        out.push('\'');
    } else {
        push_double_quoted(out, text);
    }
}

/// Appends a key with a text of several lines that ends with one line break: as it is, further in, if YAML leaves it as it is.
pub(crate) fn push_block(out: &mut String, indent: &str, key: &str, text: &str) {
    out.push_str(indent);
    push_scalar(out, key);
    out.push_str(": ");
    let is_kept = |text: &str| !text.starts_with([' ', '\n']) && text.ends_with('\n') && !text.ends_with("\n\n");
    if !is_kept(text) || text.contains(|c: char| c != '\n' && needs_escape(c)) {
        push_scalar(out, text);
        out.push('\n');
        return;
    }
    out.push_str("|\n");
    for line in text.lines() {
        if !line.is_empty() {
            out.push_str(indent);
            out.push_str("  ");
            out.push_str(line);
        }
        out.push('\n');
    }
}

/// Whether a text means itself as a plain scalar in block and in flow context, to readers of YAML 1.1 and 1.2.
fn is_plain(text: &str) -> bool {
    let is_safe = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/' | b'+' | b':');
    let starts_with_letter = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
    starts_with_letter && text.bytes().all(is_safe) && !text.ends_with(':') && !is_word(text)
}

/// Whether a text means itself between double quotes.
#[expect(clippy::needless_bitwise_bool, reason = "an early end would keep the loop from taking many bytes at a time")]
fn is_plain_in_quotes(text: &str) -> bool {
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~') & (byte != b'"') & (byte != b'\\');
    text.bytes().fold(true, |plain, byte| plain & is_plain(byte))
}

/// Whether a plain expression means itself as a plain scalar in block context.
pub(crate) fn is_plain_expression(text: &str) -> bool {
    let starts_well = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'(');
    starts_well
        && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with([':', ' '])
        && !is_word(text)
}

/// Words that some reader takes for a boolean, a null or a number.
fn is_word(text: &str) -> bool {
    const WORDS: [&str; 12] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "infinity"];
    text.len() <= 8 && WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

fn needs_escape(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}' | '\u{feff}')
}

fn push_double_quoted(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            other if needs_escape(other) => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\U{:08x}", u32::from(other));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scalar(text: &str) -> String {
        let mut out = String::new();
        push_scalar(&mut out, text);
        out
    }

    #[test]
    fn quotes_what_readers_retype() {
        for text in
            ["yes", "On", "1_000", "12:30:45", "0x1f", "1e3", "~", "", "- a", "null", ".inf", "NaN", "2026-01-01"]
        {
            assert!(scalar(text).starts_with(['"', '\'']), "{text} is bare");
        }
        for text in ["api", "slo:errors:increase_fast", "a/b", "us-east-1"] {
            assert_eq!(scalar(text), text);
        }
    }

    #[test]
    fn readers_get_blocks_back() {
        for text in ["{\n  \"a\": 1\n}\n", "a\n\n  b \n", " a\n", "a", "", "a\u{2028}b\n", "a\tb\n", "\na\n", "a\n\n"] {
            let mut out = String::from("x:\n");
            push_block(&mut out, "  ", "y", text);
            let read: serde_yaml::Value = serde_yaml::from_str(&out).unwrap();
            assert_eq!(read["x"]["y"], text, "{out}");
        }
    }

    #[test]
    fn readers_get_the_text_back() {
        for text in [
            "a: b",
            "a #b",
            "it's \"x\"",
            "tab\tnew\nline",
            "{{ $labels.x }}",
            "\u{7}\u{85}\u{2028}é",
            "#x",
            "a:",
            "\\d",
        ] {
            let read: String = serde_yaml::from_str(&scalar(text)).unwrap();
            assert_eq!(read, text);
        }
    }
}
