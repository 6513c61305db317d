//! Values that YAML reads otherwise than their writers expect.

use super::read::{Reader, length};
use super::yaml::{self, CollectionStyle, Entry, Mapping};
use crate::diag::{Code, Diagnostic};
use crate::source::{Quotes, Span, Text, TextMap};

impl Reader<'_> {
    /// Whether a mapping in braces was meant as a selector: matchers without values.
    pub(super) fn is_selector(&self, mapping: &Mapping, span: Span) -> bool {
        let matcher = |entry: &Entry| entry.key.value.contains('=') && entry.value.noun() == "nothing";
        mapping.style == CollectionStyle::Flow
            && self.source.get(span.start as usize..span.end as usize).is_some_and(|text| text.starts_with('{'))
            && !mapping.entries.is_empty()
            && mapping.entries.iter().all(matcher)
    }

    /// Reports a selector without quotes and returns its text all the same.
    pub(super) fn unquoted_selector(&mut self, span: Span) -> Text {
        let text = self.slice(span);
        self.report(yaml::unquoted(span, text, "a selector"));
        Text { value: text.to_owned(), span, map: TextMap::Linear(span.start), quotes: Quotes::None }
    }

    /// Reports an expression whose brackets or quotes are open where a comment begins, and returns it with the comment.
    pub(super) fn cut_by_comment(&mut self, text: Text) -> Text {
        let Some(comment) = self.comment_behind(text.span).filter(|_| !is_balanced(&text.value)) else {
            return text;
        };
        let whole = text.span.to(comment);
        let written = self.slice(whole);
        let quoted = yaml::quoted(written);
        self.report(
            Diagnostic::new(Code::CutByComment, comment, "` #` begins a comment, which cuts the expression short")
                .secondary(text.span, "all that is left of it")
                .replace("put the expression in quotes", whole, quoted),
        );
        let (value, map) = match text.map {
            TextMap::Linear(start) => (written.to_owned(), TextMap::Linear(start)),
            TextMap::Pieces(_) | TextMap::Whole => (format!("{} {}", text.value, self.slice(comment)), TextMap::Whole),
        };
        Text { value, span: whole, map, quotes: Quotes::None }
    }

    /// The comment that stands where a value should, with the text that makes it one: `slack: #shop`.
    pub(super) fn comment_for_value(&self, entry: &Entry) -> Option<(Span, String)> {
        let place = self.comment_behind(entry.value.span)?;
        let comment = self.slice(place);
        let meant = entry.value.span.start == entry.value.span.end && !comment.starts_with("# ");
        meant.then(|| (place, yaml::quoted(comment)))
    }

    /// The comment that follows a value on its line.
    fn comment_behind(&self, value: Span) -> Option<Span> {
        let rest = self.source.get(value.end as usize..)?;
        let comment = rest.trim_start_matches([' ', '\t']);
        if !comment.starts_with('#') {
            return None;
        }
        let start = value.end + length(&rest[..rest.len() - comment.len()]);
        let line = &comment[..comment.find(['\n', '\r']).unwrap_or(comment.len())];
        Some(Span::new(value.file, start, start + length(line.trim_end())))
    }

    /// Reports an unquoted word that other readers take for a boolean.
    pub(super) fn old_boolean(&mut self, value: &Text) {
        if !is_old_boolean(&value.value) {
            return;
        }
        let message = format!("`{}` is text here, but a boolean to readers of YAML 1.1", value.value);
        let quoted = format!("\"{}\"", value.value);
        self.report(Diagnostic::new(Code::YamlBoolean, value.span, message).replace(
            "put it in quotes",
            value.span,
            quoted,
        ));
    }
}

/// The words that YAML 1.1 reads as booleans and YAML 1.2 as text.
fn is_old_boolean(text: &str) -> bool {
    ["yes", "no", "on", "off", "y", "n"]
        .iter()
        .any(|word| text == *word || text == word.to_ascii_uppercase() || (word.len() > 1 && text == capitalized(word)))
}

fn capitalized(word: &str) -> String {
    let (first, rest) = word.split_at(1);
    first.to_ascii_uppercase() + rest
}

/// Whether all brackets and quotes of an expression are closed.
fn is_balanced(text: &str) -> bool {
    let mut depth = 0_i32;
    let mut quote = None;
    let mut escaped = false;
    for character in text.chars() {
        if let Some(open) = quote {
            if !escaped && character == open {
                quote = None;
            }
            escaped = !escaped && character == '\\';
            continue;
        }
        match character {
            '"' | '\'' | '`' => quote = Some(character),
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
    }
    depth == 0 && quote.is_none()
}
