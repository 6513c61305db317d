//! Typed access to nodes that reports what is wrong and goes on.

use super::document::line_column;
use super::places;
use super::yaml::{CollectionStyle, Entry, Mapping, Node, NodeKind, ScalarStyle};
use crate::diag::{Code, Diagnostic, Sink};
use crate::source::{Span, Text, TextMap};

/// The text that is read, and where problems go.
pub struct Reader<'a> {
    /// The text of the file.
    pub source: &'a str,
    /// Where problems go.
    pub sink: &'a mut Sink,
}

/// The entries of a mapping that nobody has taken yet.
#[derive(Debug)]
pub struct Fields {
    /// What the mapping is, with its article: `an SLO`.
    noun: &'static str,
    /// The whole mapping.
    pub span: Span,
    style: CollectionStyle,
    /// The first key and its value, for where to add a missing one.
    first: Option<(Span, Span)>,
    entries: Vec<Entry>,
    /// The keys that were asked for, so those that the language has here.
    asked: Vec<&'static str>,
}

impl Fields {
    /// Takes an entry out.
    pub fn take(&mut self, key: &'static str) -> Option<Entry> {
        self.asked.push(key);
        let index = self.entries.iter().position(|entry| entry.key.value == key)?;
        Some(self.entries.remove(index))
    }

    /// The place of a key that nobody has taken yet.
    #[must_use]
    pub fn key_span(&self, key: &str) -> Option<Span> {
        self.entries.iter().find(|entry| entry.key.value == key).map(|entry| entry.key.span)
    }

    /// The keys that nobody has taken yet, with their places.
    pub fn keys(&self) -> impl Iterator<Item = (&str, Span)> {
        self.entries.iter().map(|entry| (entry.key.value.as_str(), entry.key.span))
    }

    /// The place to point at for what is missing: the first key, or the braces.
    #[must_use]
    pub fn head(&self) -> Span {
        match self.style {
            CollectionStyle::Flow => self.span,
            CollectionStyle::Block => self.first.map_or(self.span, |(key, _)| key),
        }
    }
}

impl Reader<'_> {
    /// Reports a problem.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.sink.push(diagnostic);
    }

    /// The entries of a mapping; `noun` says with its article what it is.
    pub fn fields(&mut self, node: Node, noun: &'static str) -> Option<Fields> {
        let (found, head) = (node.noun(), node.head());
        match node.kind {
            NodeKind::Mapping(Mapping { entries, style }) => {
                let first = entries.first().map(|entry| (entry.key.span, entry.value.span));
                Some(Fields { noun, span: node.span, style, first, entries, asked: Vec::new() })
            }
            NodeKind::Scalar(_) | NodeKind::Sequence(_) => {
                let message = format!("expected a mapping for {noun}, found {found}");
                self.report(Diagnostic::new(Code::WrongType, head, message));
                None
            }
        }
    }

    /// The entries of the mapping under a key.
    pub fn inner(&mut self, fields: &mut Fields, key: &'static str, noun: &'static str) -> Option<Fields> {
        let entry = fields.take(key)?;
        let entry = self.not_null(entry, "a mapping")?;
        self.fields(entry.value, noun)
    }

    /// The text under a key that may be absent.
    pub fn text(&mut self, fields: &mut Fields, key: &'static str) -> Option<Text> {
        let entry = fields.take(key)?;
        self.text_of(entry, "text")
    }

    /// The text under a key that has to be there; `example` is the line to add.
    pub fn required_text(&mut self, fields: &mut Fields, key: &'static str, example: &str) -> Option<Text> {
        match fields.take(key) {
            Some(entry) => self.text_of(entry, "text"),
            None => {
                self.missing(fields, key, example);
                None
            }
        }
    }

    /// The PromQL under a key that may be absent.
    pub fn expression(&mut self, fields: &mut Fields, key: &'static str) -> Option<Text> {
        let entry = fields.take(key)?;
        self.expression_of(entry)
    }

    /// The PromQL of an entry.
    pub fn expression_of(&mut self, entry: Entry) -> Option<Text> {
        let plain = matches!(&entry.value.kind, NodeKind::Scalar(scalar) if scalar.style == ScalarStyle::Plain);
        let text = self.text_of(entry, "an expression")?;
        if plain {
            self.cut_by_comment(&text);
        }
        Some(text)
    }

    /// The text of an entry; `wanted` says what is expected.
    pub fn text_of(&mut self, entry: Entry, wanted: &str) -> Option<Text> {
        let entry = self.not_null(entry, wanted)?;
        self.scalar(entry.value, wanted)
    }

    /// The text of a node.
    pub fn scalar(&mut self, node: Node, wanted: &str) -> Option<Text> {
        let (found, head) = (node.noun(), node.head());
        match node.kind {
            NodeKind::Scalar(scalar) if scalar.is_null() => {
                self.report(Diagnostic::new(Code::WrongType, node.span, format!("expected {wanted}, found nothing")));
                None
            }
            NodeKind::Scalar(scalar) => Some(scalar.text),
            NodeKind::Mapping(mapping) if self.is_selector(&mapping, node.span) => {
                Some(self.unquoted_selector(node.span))
            }
            NodeKind::Mapping(_) | NodeKind::Sequence(_) => {
                self.report(Diagnostic::new(Code::WrongType, head, format!("expected {wanted}, found {found}")));
                None
            }
        }
    }

    /// The items of the list under a key; none if it is absent.
    pub fn list(&mut self, fields: &mut Fields, key: &'static str) -> Vec<Node> {
        fields.take(key).map_or_else(Vec::new, |entry| self.list_of(entry))
    }

    /// The items of an entry's list.
    pub fn list_of(&mut self, entry: Entry) -> Vec<Node> {
        let Some(entry) = self.not_null(entry, "a list") else {
            return Vec::new();
        };
        let (found, head) = (entry.value.noun(), entry.value.head());
        match entry.value.kind {
            NodeKind::Sequence(items) => items,
            NodeKind::Scalar(_) | NodeKind::Mapping(_) => {
                let message = format!("expected a list for `{}`, found {found}", entry.key.value);
                self.report(
                    Diagnostic::new(Code::WrongType, head, message)
                        .help("begin each item with `- `, or put the items in `[...]`"),
                );
                Vec::new()
            }
        }
    }

    /// The texts of the list under a key.
    pub fn texts(&mut self, fields: &mut Fields, key: &'static str) -> Vec<Text> {
        let items = self.list(fields, key);
        items.into_iter().filter_map(|item| self.scalar(item, "text")).collect()
    }

    /// The texts under a key, by the user's own keys; says which of them other readers take for booleans.
    pub fn text_map(&mut self, fields: &mut Fields, key: &'static str) -> Vec<(Text, Text)> {
        let entries = self.entries(fields, key);
        entries.into_iter().filter_map(|entry| self.pair(entry)).collect()
    }

    /// The words under a key, by the user's own keys.
    pub fn word_map(&mut self, fields: &mut Fields, key: &'static str) -> Vec<(Text, Text)> {
        let entries = self.entries(fields, key);
        entries.into_iter().filter_map(|entry| Some((entry.key.clone(), self.text_of(entry, "text")?))).collect()
    }

    fn entries(&mut self, fields: &mut Fields, key: &'static str) -> Vec<Entry> {
        let Some(entry) = fields.take(key).and_then(|entry| self.not_null(entry, "a mapping")) else {
            return Vec::new();
        };
        let (found, head) = (entry.value.noun(), entry.value.head());
        let NodeKind::Mapping(mapping) = entry.value.kind else {
            let message = format!("expected a mapping for `{key}`, found {found}");
            self.report(Diagnostic::new(Code::WrongType, head, message));
            return Vec::new();
        };
        mapping.entries
    }

    fn pair(&mut self, entry: Entry) -> Option<(Text, Text)> {
        let key = entry.key.clone();
        let plain = matches!(&entry.value.kind, NodeKind::Scalar(scalar) if scalar.style == ScalarStyle::Plain);
        let value = self.text_of(entry, "text")?;
        if plain && is_old_boolean(&value.value) {
            let message = format!("`{}` is text here, but a boolean to readers of YAML 1.1", value.value);
            let quoted = format!("\"{}\"", value.value);
            self.report(Diagnostic::new(Code::YamlBoolean, value.span, message).replace(
                "put it in quotes",
                value.span,
                quoted,
            ));
        }
        Some((key, value))
    }

    /// Refuses an entry whose value is not written.
    fn not_null(&mut self, entry: Entry, wanted: &str) -> Option<Entry> {
        let NodeKind::Scalar(scalar) = &entry.value.kind else {
            return Some(entry);
        };
        if !scalar.is_null() {
            return Some(entry);
        }
        let span = if scalar.text.value.is_empty() { entry.key.span } else { entry.value.span };
        let message = format!("expected {wanted} for `{}`, found nothing", entry.key.value);
        let diagnostic = Diagnostic::new(Code::WrongType, span, message);
        let rest = self.line_from(entry.value.span.end);
        let hash = rest.trim_start();
        let diagnostic = if scalar.text.value.is_empty() && hash.starts_with('#') && !hash.starts_with("# ") {
            let start = entry.value.span.end + length(&rest[..rest.len() - hash.len()]);
            let place = Span::new(span.file, start, start + length(hash.trim_end()));
            diagnostic.replace(
                "`#` begins a comment: put the value in quotes",
                place,
                format!("\"{}\"", hash.trim_end()),
            )
        } else {
            diagnostic.help("give it a value, or remove the key")
        };
        self.report(diagnostic);
        None
    }

    /// Reports every entry that nobody took.
    pub fn finish(&mut self, fields: &Fields) {
        for entry in &fields.entries {
            let diagnostic = unknown(fields, entry);
            self.report(diagnostic);
        }
    }

    /// Reports a key that has to be there; `example` is the line to add.
    pub fn missing(&mut self, fields: &Fields, key: &str, example: &str) {
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

    /// Where a line can be added to a mapping, and the text that does it; `None` where its entries stand elsewhere.
    fn insertion(&self, fields: &Fields, example: &str) -> Option<(Span, String)> {
        let at = |offset: u32| Span::new(fields.span.file, offset, offset);
        let Some((key, value)) = fields.first else {
            let braces = self.source.get(fields.span.start as usize..)?.starts_with('{');
            return braces.then(|| (at(fields.span.start + 1), example.to_owned()));
        };
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

    /// The rest of the line from an offset on.
    fn line_from(&self, offset: u32) -> &str {
        let rest = self.source.get(offset as usize..).unwrap_or("");
        &rest[..rest.find(['\n', '\r']).unwrap_or(rest.len())]
    }

    /// Whether a mapping in braces was meant as a selector: matchers without values.
    fn is_selector(&self, mapping: &Mapping, span: Span) -> bool {
        let matcher = |entry: &Entry| entry.key.value.contains('=') && entry.value.noun() == "nothing";
        mapping.style == CollectionStyle::Flow
            && self.source.get(span.start as usize..span.end as usize).is_some_and(|text| text.starts_with('{'))
            && !mapping.entries.is_empty()
            && mapping.entries.iter().all(matcher)
    }

    /// Reports a selector without quotes and returns its text all the same.
    fn unquoted_selector(&mut self, span: Span) -> Text {
        let text = self.source.get(span.start as usize..span.end as usize).unwrap_or("");
        self.report(super::yaml::unquoted(span, text, "a selector"));
        Text { value: text.to_owned(), span, map: TextMap::Linear(span.start) }
    }

    /// Reports an expression whose brackets or quotes are open where a comment begins.
    fn cut_by_comment(&mut self, text: &Text) {
        let rest = self.line_from(text.span.end);
        let comment = rest.trim_start();
        if !comment.starts_with('#') || is_balanced(&text.value) {
            return;
        }
        let start = text.span.end + length(&rest[..rest.len() - comment.len()]);
        let end = text.span.end + length(rest.trim_end());
        let whole = Span::new(text.span.file, text.span.start, end);
        let written = self.source.get(whole.start as usize..whole.end as usize).unwrap_or("");
        let quoted = super::yaml::quoted(written);
        self.report(
            Diagnostic::new(
                Code::CutByComment,
                Span::new(text.span.file, start, end),
                "` #` begins a comment, which cuts the expression short",
            )
            .secondary(text.span, "all that is left of it")
            .replace("put the expression in quotes", whole, quoted),
        );
    }
}

/// What is wrong with a key that the language does not have.
fn unknown(fields: &Fields, entry: &Entry) -> Diagnostic {
    let key = entry.key.value.as_str();
    let diagnostic =
        Diagnostic::new(Code::UnknownKey, entry.key.span, format!("unknown key `{key}` in {}", fields.noun));
    let is_rest_of_value = fields.style == CollectionStyle::Flow
        && entry.value.noun() == "nothing"
        && key.contains(['"', '(', ')', '{', '}', '=', ' ']);
    if is_rest_of_value {
        return diagnostic.help("a comma ends a value between braces: put the value that it belongs to in quotes");
    }
    if let Some(close) = places::suggest(key, &fields.asked) {
        return diagnostic.replace(format!("did you mean `{close}`?"), entry.key.span, close);
    }
    if let Some(place) = places::of(key) {
        return diagnostic.help(format!("`{key}` belongs in {place}"));
    }
    let known: Vec<String> = fields.asked.iter().map(|key| format!("`{key}`")).collect();
    diagnostic.note(format!("the keys of {} are {}", fields.noun, known.join(", ")))
}

#[expect(clippy::cast_possible_truncation, reason = "a part of a file, which is below 64 MiB")]
fn length(text: &str) -> u32 {
    text.len() as u32
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
        match (quote, character) {
            (Some(_), _) if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(open), _) if open == character => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => quote = Some(character),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth -= 1,
            (None, _) => {}
        }
    }
    depth == 0 && quote.is_none()
}
