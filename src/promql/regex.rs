//! Whether a text is a regular expression as Prometheus reads them, and whether it matches the empty text.

use std::cell::RefCell;
use std::collections::BTreeMap;

use regex_syntax::hir::{Hir, HirKind, Look};
use smol_str::SmolStr;

/// What is known of a regular expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It matches the empty text, so series without the label too.
    MatchesEmpty,
    /// It does not.
    NeedsText,
    /// It is none; the reason in words.
    Invalid(String),
}

/// The cache is emptied when it has grown to this.
const CACHED: usize = 10_000;

/// The most repetitions that Prometheus compiles.
const MOST_REPETITIONS: u32 = 1000;

thread_local! {
    /// Verdicts by text: each is worked out once per thread.
    static CACHE: RefCell<BTreeMap<SmolStr, Verdict>> = const { RefCell::new(BTreeMap::new()) };
}

/// What the text is as a regular expression that matches whole values.
pub(crate) fn verdict(text: &SmolStr) -> Verdict {
    if text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-|:/ ,=.%@&~".contains(&byte)) {
        let matches_empty = text.split('|').any(str::is_empty);
        return if matches_empty { Verdict::MatchesEmpty } else { Verdict::NeedsText };
    }
    CACHE.with_borrow_mut(|cache| {
        if let Some(known) = cache.get(text) {
            return known.clone();
        }
        if cache.len() >= CACHED {
            cache.clear();
        }
        let verdict = compile(text);
        cache.insert(text.clone(), verdict.clone());
        verdict
    })
}

fn compile(text: &str) -> Verdict {
    let pattern = match translate(text) {
        Ok(pattern) => pattern,
        Err(reason) => return Verdict::Invalid(reason),
    };
    let parsed = regex_syntax::ParserBuilder::new().nest_limit(100).dot_matches_new_line(true).build().parse(&pattern);
    match parsed {
        Ok(hir) if matches_empty(&hir) => Verdict::MatchesEmpty,
        Ok(_) => Verdict::NeedsText,
        Err(error) => Verdict::Invalid(reason(&error)),
    }
}

/// The reason in one line of lower case.
fn reason(error: &regex_syntax::Error) -> String {
    match error {
        regex_syntax::Error::Parse(error) => error.kind().to_string(),
        regex_syntax::Error::Translate(error) => error.kind().to_string(),
        _ => "it cannot be read".to_owned(),
    }
}

fn matches_empty(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Empty => true,
        HirKind::Literal(_) | HirKind::Class(_) => false,
        HirKind::Look(look) => !matches!(look, Look::WordAscii | Look::WordUnicode),
        HirKind::Repetition(repetition) => repetition.min == 0 || matches_empty(&repetition.sub),
        HirKind::Capture(capture) => matches_empty(&capture.sub),
        HirKind::Concat(parts) => parts.iter().all(matches_empty),
        HirKind::Alternation(parts) => parts.iter().any(matches_empty),
    }
}

/// The syntax of Go's expressions in that of Rust's: literal `{`, `[` within classes, `\Q...\E`.
///
/// What Go refuses and Rust would accept is an error here.
fn translate(text: &str) -> Result<String, String> {
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = text;
    let mut repeated = false;
    while let Some(first) = rest.chars().next() {
        let mut length = first.len_utf8();
        let was_repeated = std::mem::replace(&mut repeated, false);
        match first {
            '\\' => length = escape(rest, &mut out)?,
            '[' => length = class(rest, &mut out),
            '{' => match repetition(rest) {
                Some(end) => {
                    check_repetition(&rest[..end])?;
                    out.push_str(&rest[..end]);
                    length = end;
                    if was_repeated {
                        return Err("a repetition of a repetition".to_owned());
                    }
                    repeated = true;
                }
                None => out.push_str("\\{"),
            },
            '}' => out.push_str("\\}"),
            '*' | '+' | '?' => {
                if was_repeated && first != '?' {
                    return Err(format!("nothing that `{first}` could repeat"));
                }
                out.push(first);
                repeated = !was_repeated;
                if was_repeated && rest[1..].starts_with(['*', '+', '?']) {
                    return Err(format!("nothing that `{}` could repeat", &rest[1..2]));
                }
            }
            _ => out.push(first),
        }
        rest = &rest[length..];
    }
    Ok(out)
}

/// Appends an escape; returns its length.
fn escape(rest: &str, out: &mut String) -> Result<usize, String> {
    if let Some(literal) = rest.strip_prefix("\\Q") {
        let end = literal.find("\\E").unwrap_or(literal.len());
        out.push_str(&regex_syntax::escape(&literal[..end]));
        return Ok((2 + end + 2).min(rest.len()));
    }
    let Some(letter) = rest[1..].chars().next() else {
        return Err("a backslash at the end".to_owned());
    };
    let length = 1 + letter.len_utf8();
    match letter {
        'C' => out.push('.'),
        'a'..='z' | 'A'..='Z' if !"aftnrvdDsSwWbBAzpPxQE".contains(letter) => {
            return Err(format!("`\\{letter}` is no escape"));
        }
        'E' => {}
        _ if letter.is_ascii_punctuation() => {
            out.push_str(&regex_syntax::escape(&letter.to_string()));
        }
        _ => out.push_str(&rest[..length]),
    }
    Ok(length)
}

/// Appends a class in brackets, in which Go takes `[`, `&&`, `--` and `~~` as they are; returns its length.
fn class(rest: &str, out: &mut String) -> usize {
    let bytes = rest.as_bytes();
    let mut position = 1;
    out.push('[');
    if bytes.get(position) == Some(&b'^') {
        out.push('^');
        position += 1;
    }
    let first = position;
    while let Some(character) = rest[position..].chars().next() {
        let length = character.len_utf8();
        match character {
            ']' if position > first => {
                out.push(']');
                return position + 1;
            }
            '[' if rest[position..].starts_with("[:") && rest[position..].contains(":]") => {
                let end = rest[position..].find(":]").map_or(length, |end| end + 2);
                out.push_str(&rest[position..position + end]);
                position += end;
                continue;
            }
            '[' | ']' | '&' | '~' => {
                out.push('\\');
                out.push(character);
            }
            '\\' => {
                let escaped = rest[position + 1..].chars().next().map_or(0, char::len_utf8);
                out.push_str(&rest[position..=(position + escaped)]);
                position += 1 + escaped;
                continue;
            }
            '-' if rest[position + 1..].starts_with('-') => out.push_str("\\-"),
            _ => out.push(character),
        }
        position += length;
    }
    rest.len()
}

/// The length of `{2}`, `{2,}` or `{2,5}` at the start of the text.
fn repetition(rest: &str) -> Option<usize> {
    let end = rest.find('}')?;
    let (least, most) = match rest[1..end].split_once(',') {
        Some((least, most)) => (least, most),
        None => (&rest[1..end], "0"),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (!least.is_empty() && digits(least) && digits(most)).then_some(end + 1)
}

fn check_repetition(text: &str) -> Result<(), String> {
    let counts = text[1..text.len() - 1].split(',').filter(|count| !count.is_empty());
    for count in counts {
        if !count.parse::<u32>().is_ok_and(|count| count <= MOST_REPETITIONS) {
            return Err(format!("more than {MOST_REPETITIONS} repetitions"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_prometheus_reads_them() {
        for text in ["", ".*", "a|", "a?", "(foo)?", "^$", "x{0,3}", "()", "|"] {
            assert_eq!(compile(text), Verdict::MatchesEmpty, "{text}");
        }
        for text in [
            ".+", "a|b", "5..", "${x}", "a{b", "[[a]", r"\Qa.b\E", r"\d+", "[&&a]", r"a\-b", r"\_", "a{2}", "[^]a]",
            "x{,3}",
        ] {
            assert_eq!(compile(text), Verdict::NeedsText, "{text}");
        }
        for text in ["(", "a**", "[a", "*", r"\u0041", "a{1001}", "a{3,2}", "(?=a)", r"\1"] {
            assert!(matches!(compile(text), Verdict::Invalid(_)), "{text}: {:?}", compile(text));
        }
    }
}
