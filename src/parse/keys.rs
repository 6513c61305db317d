//! Keys that a mapping lacks, and keys that it should not have.

use super::document::line_column;
use super::places;
use super::read::{Fields, Language, Reader, length};
use super::yaml::{CollectionStyle, Entry};
use crate::diag::{Code, Diagnostic, suggest};
use crate::source::Span;

impl Reader<'_> {
    /// Reports every entry that nobody took.
    pub fn finish(&mut self, fields: &Fields) {
        for entry in &fields.entries {
            let diagnostic = unknown(fields, entry, self.language);
            self.report(diagnostic);
        }
    }

    /// Reports a key that has to be there, unless it is there misspelt; `example` is the line to add.
    pub fn missing(&mut self, fields: &Fields, key: &str, example: &str) {
        if fields.is_misspelt(key) {
            return;
        }
        let insertion = self.insertion(fields, example);
        self.report_missing(fields, key, example, insertion);
    }

    /// Reports a key that has to be the first one; `example` is the line to add.
    pub fn missing_first(&mut self, fields: &Fields, key: &str, example: &str) {
        let insertion = match fields.style {
            CollectionStyle::Flow => self.insertion(fields, example),
            CollectionStyle::Block => {
                let place = Span::new(fields.span.file, fields.span.start, fields.span.start);
                Some((place, format!("{example}\n")))
            }
        };
        self.report_missing(fields, key, example, insertion);
    }

    fn report_missing(&mut self, fields: &Fields, key: &str, example: &str, insertion: Option<(Span, String)>) {
        let message = format!("{} without `{key}`", fields.noun);
        let diagnostic = Diagnostic::new(Code::MissingKey, fields.head(), message);
        self.report(match insertion {
            Some((place, text)) => diagnostic.replace(format!("add `{key}`"), place, text),
            None => diagnostic.help(format!("add `{example}`")),
        });
    }

    /// Adds the help to write one more line into a mapping.
    #[must_use]
    pub fn with_line(&self, diagnostic: Diagnostic, fields: &Fields, message: &str, example: &str) -> Diagnostic {
        match self.insertion(fields, example) {
            Some((place, text)) => diagnostic.replace(message, place, text),
            None => diagnostic.help(format!("{message}: `{example}`")),
        }
    }

    /// Where a line can be added to a mapping, and the text that does it; `None` where its entries stand elsewhere.
    fn insertion(&self, fields: &Fields, example: &str) -> Option<(Span, String)> {
        let at = |offset: u32| Span::new(fields.span.file, offset, offset);
        let written = self.source.get(fields.span.start as usize..fields.span.end as usize)?;
        if let Some(content) = written.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'))
            && !content.contains('#')
        {
            let place = at(fields.span.start + 1 + length(content.trim_end()));
            return Some(match content.trim_end().chars().next_back() {
                None => (place, example.to_owned()),
                Some(',') => (place, format!(" {example}")),
                Some(_) => (place, format!(", {example}")),
            });
        }
        let (key, value) = fields.first?;
        if key.start < fields.span.start || key.start >= fields.span.end {
            return None;
        }
        if fields.style == CollectionStyle::Flow {
            return Some((at(key.start), format!("{example}, ")));
        }
        let indent = " ".repeat(line_column(self.source, key.start));
        let one_line =
            self.source.get(key.start as usize..value.end as usize).is_some_and(|entry| !entry.contains('\n'));
        if one_line && key.end < value.start && value.start < value.end {
            let line_end = value.end + length(self.line_from(value.end).trim_end());
            return Some((at(line_end), format!("\n{indent}{example}")));
        }
        Some((at(key.start), format!("{example}\n{indent}")))
    }
}

/// What is wrong with a key that the language does not have.
fn unknown(fields: &Fields, entry: &Entry, language: Language) -> Diagnostic {
    let key = entry.key.value.as_str();
    let diagnostic =
        Diagnostic::new(Code::UnknownKey, entry.key.span, format!("unknown key `{key}` in {}", fields.noun));
    let is_rest_of_value = fields.style == CollectionStyle::Flow
        && entry.value.noun() == "nothing"
        && key.contains(['"', '(', ')', '{', '}', '=', ' ']);
    if is_rest_of_value {
        return diagnostic.help("a comma ends a value between braces: put the value that it belongs to in quotes");
    }
    if let Some(invisible) = key.chars().find(|character| is_invisible(*character)) {
        return diagnostic
            .note(format!("it holds U+{:04X}, which looks like a space or like nothing", u32::from(invisible)));
    }
    if language == Language::Native
        && fields.noun == "an SLI"
        && let Some(family) = places::companion(key)
    {
        return diagnostic.help(format!("`{key}` goes with {family}"));
    }
    if language == Language::Native
        && let Some(place) = places::of(key)
    {
        return diagnostic.help(format!("`{key}` belongs {place}"));
    }
    if let Some(close) = suggest(key, fields.asked.iter().copied()) {
        return diagnostic.replace(format!("did you mean `{close}`?"), entry.key.span, close);
    }
    let known: Vec<String> = fields.asked.iter().map(|key| format!("`{key}`")).collect();
    diagnostic.note(format!("the keys of {} are {}", fields.noun, known.join(", ")))
}

/// Characters that come in by copy and paste and cannot be seen.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{a0}' | '\u{ad}' | '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{2060}' | '\u{feff}')
}
