//! Whether a text is a regular expression as Prometheus reads them, and whether it matches the empty text.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::rc::Rc;

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
    /// What expressions match by text, for the same reason.
    static TREES: RefCell<BTreeMap<SmolStr, Option<Rc<Hir>>>> = const { RefCell::new(BTreeMap::new()) };
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

/// What a regular expression matches; nothing if it is none.
pub(crate) fn hir(text: &str) -> Option<Rc<Hir>> {
    TREES.with_borrow_mut(|trees| {
        if let Some(known) = trees.get(text) {
            return known.clone();
        }
        if trees.len() >= CACHED {
            trees.clear();
        }
        let tree = translate(text).ok().and_then(|pattern| parser().parse(&pattern).ok()).map(Rc::new);
        trees.insert(SmolStr::new(text), tree.clone());
        tree
    })
}

fn parser() -> regex_syntax::Parser {
    regex_syntax::ParserBuilder::new().nest_limit(100).dot_matches_new_line(true).build()
}

fn compile(text: &str) -> Verdict {
    let pattern = match translate(text) {
        Ok(pattern) => pattern,
        Err(reason) => return Verdict::Invalid(reason),
    };
    match parser().parse(&pattern) {
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
    let mut before = Before::Other;
    while let Some(first) = rest.chars().next() {
        let mut length = first.len_utf8();
        let here = std::mem::replace(&mut before, Before::Other);
        match first {
            '\\' => length = escape(rest, &mut out)?,
            '(' => {
                check_flags(rest)?;
                out.push('(');
            }
            '[' => length = class(rest, &mut out)?,
            '{' => match repetition(rest) {
                Some(end) => {
                    check_repetition(&rest[..end])?;
                    before = here.repeat(&rest[..end])?;
                    out.push_str(&rest[..end]);
                    length = end;
                }
                None => out.push_str("\\{"),
            },
            '}' => out.push_str("\\}"),
            '*' | '+' | '?' => {
                before = here.repeat(&rest[..1])?;
                out.push(first);
            }
            _ => out.push(first),
        }
        rest = &rest[length..];
    }
    Ok(out)
}

/// What stands before a repetition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Before {
    /// Something that can be repeated, or nothing.
    Other,
    /// A repetition: only `?` can follow, which makes it lazy.
    Repetition,
    /// A lazy repetition.
    Lazy,
}

impl Before {
    /// What stands before the next repetition, behind this one.
    fn repeat(self, operator: &str) -> Result<Self, String> {
        match self {
            Self::Other => Ok(Self::Repetition),
            Self::Repetition if operator == "?" => Ok(Self::Lazy),
            Self::Repetition | Self::Lazy => Err(format!("nothing that `{operator}` could repeat")),
        }
    }
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
        '0'..='7' => return octal(rest, out),
        'p' | 'P' | 'x' if rest[length..].starts_with('{') => {
            let end = rest.find('}').ok_or_else(|| format!("`\\{letter}{{` is never closed"))?;
            out.push_str(&rest[..=end]);
            return Ok(end + 1);
        }
        'a'..='z' | 'A'..='Z' if !"aftnrvdDsSwWbBAzpPx".contains(letter) => {
            return Err(format!("`\\{letter}` is no escape"));
        }
        _ if letter.is_ascii_punctuation() => out.push_str(&regex_syntax::escape(&letter.to_string())),
        _ => out.push_str(&rest[..length]),
    }
    Ok(length)
}

/// Appends a character given by its octal number; `\1` alone would be a reference to a group.
fn octal(rest: &str, out: &mut String) -> Result<usize, String> {
    let digits = rest[1..].bytes().take(3).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
    if digits == 1 && !rest.starts_with("\\0") {
        return Err("references to groups do not exist here".to_owned());
    }
    let code = u32::from_str_radix(&rest[1..=digits], 8).unwrap_or(0);
    let _ = write!(out, "\\x{{{code:x}}}");
    Ok(1 + digits)
}

/// Flags that only Rust knows, at the start of a group.
fn check_flags(rest: &str) -> Result<(), String> {
    let Some(flags) = rest.strip_prefix("(?") else { return Ok(()) };
    let end = flags.find(|character: char| !character.is_ascii_alphabetic() && character != '-').unwrap_or(flags.len());
    match flags[end..].chars().next() {
        Some(')' | ':') if !flags[..end].chars().all(|flag| "imsU-".contains(flag)) => {
            Err(format!("unknown flags `{}`", &flags[..end]))
        }
        _ => Ok(()),
    }
}

/// Appends a class in brackets, in which Go takes `[`, `&&`, `--` and `~~` as they are; returns its length.
fn class(rest: &str, out: &mut String) -> Result<usize, String> {
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
                return Ok(position + 1);
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
            '\\' if rest[position + 1..].starts_with(|digit: char| digit.is_digit(8)) => {
                position += octal(&rest[position..], out)?;
                continue;
            }
            '\\' => {
                let escaped = rest[position + 1..].chars().next().map_or(0, char::len_utf8);
                let end = match &rest[position + 1..] {
                    escape if escape.starts_with("p{") || escape.starts_with("P{") || escape.starts_with("x{") => {
                        rest[position..].find('}').map_or(1 + escaped, |close| close + 1)
                    }
                    _ => 1 + escaped,
                };
                let is_class = rest[position + 1..].starts_with(['d', 'D', 's', 'S', 'w', 'W', 'p', 'P']);
                out.push_str(&rest[position..position + end]);
                position += end;
                if is_class && rest[position..].starts_with('-') {
                    out.push_str("\\-");
                    position += 1;
                }
                continue;
            }
            '-' if rest[position + 1..].starts_with('-') => out.push_str("\\-"),
            _ => out.push(character),
        }
        position += length;
    }
    Ok(rest.len())
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
        for text in
            ["(", "a**", "[a", "*", r"\u0041", "a{1001}", "a{3,2}", "a*?{2}", "(?=a)", r"\1", r"a\E", r"\C", "(?x)a"]
        {
            assert!(matches!(compile(text), Verdict::Invalid(_)), "{text}: {:?}", compile(text));
        }
    }
}
