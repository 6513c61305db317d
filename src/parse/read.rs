//! Typed access to nodes that reports what is wrong and goes on.

use super::decl::UnfinishedDecl;
use super::yaml::{CollectionStyle, Entry, Mapping, Node, NodeKind, ScalarStyle};
use crate::diag::{Code, Diagnostic, Sink, suggest};
use crate::source::{Span, Text};

/// The text that is read, and where problems go.
pub struct Reader<'a> {
    /// The text of the file.
    pub source: &'a str,
    /// Where problems go.
    pub sink: &'a mut Sink,
    /// PromQL of entries that cannot be used.
    pub unfinished: Vec<UnfinishedDecl>,
    /// Whose keys these are.
    pub(super) language: Language,
}

/// Whose keys are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    /// Our own.
    Native,
    /// Those of another format, where our own mean nothing.
    Foreign,
}

/// The entries of a mapping that nobody has taken yet.
#[derive(Debug)]
pub struct Fields {
    /// What the mapping is, with its article: `an SLO`.
    pub(super) noun: &'static str,
    /// The whole mapping.
    pub span: Span,
    pub(super) style: CollectionStyle,
    /// The first key and its value, for where to add a missing one.
    pub(super) first: Option<(Span, Span)>,
    pub(super) entries: Vec<Entry>,
    /// The keys that were asked for, so those that the language has here.
    pub(super) asked: Vec<&'static str>,
}

impl Fields {
    /// Takes an entry out.
    pub fn take(&mut self, key: &'static str) -> Option<Entry> {
        self.asked.push(key);
        let index = self.entries.iter().position(|entry| entry.key.value == key)?;
        Some(self.entries.remove(index))
    }

    /// Takes entries out that nothing more is said of.
    pub(super) fn skip(&mut self, keys: &[&'static str]) {
        for key in keys {
            self.take(key);
        }
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

    /// Whether a key that nobody has taken yet was probably meant to be this one, so that it is reported as unknown already.
    #[must_use]
    pub fn is_misspelt(&self, key: &str) -> bool {
        self.keys().any(|(name, _)| suggest(name, [key]).is_some())
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

impl<'a> Reader<'a> {
    /// A reader of a text that has read nothing yet.
    pub fn new(source: &'a str, sink: &'a mut Sink) -> Self {
        Self { source, sink, unfinished: Vec::new(), language: Language::Native }
    }

    /// The same for a text in another format.
    pub fn foreign(source: &'a str, sink: &'a mut Sink) -> Self {
        Self { language: Language::Foreign, ..Self::new(source, sink) }
    }

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
        self.mapping_of(entry, noun)
    }

    /// The entries of an entry's mapping.
    pub fn mapping_of(&mut self, entry: Entry, noun: &'static str) -> Option<Fields> {
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
        let entry = self.required(fields, key, example)?;
        self.text_of(entry, "text")
    }

    /// The entry of a key that has to be there; `example` is the line to add.
    pub fn required(&mut self, fields: &mut Fields, key: &'static str, example: &str) -> Option<Entry> {
        let entry = fields.take(key);
        if entry.is_none() {
            self.missing(fields, key, example);
        }
        entry
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
        Some(if plain { self.cut_by_comment(text) } else { text })
    }

    /// The text of an entry; `wanted` says what is expected.
    pub fn text_of(&mut self, entry: Entry, wanted: &str) -> Option<Text> {
        let entry = self.not_null(entry, wanted)?;
        if let NodeKind::Scalar(scalar) = entry.value.kind {
            return Some(scalar.text);
        }
        let wanted = format!("{wanted} for `{}`", entry.key.value);
        self.scalar(entry.value, &wanted)
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
                let diagnostic = Diagnostic::new(Code::WrongType, head, message);
                let braces = self.source.get(head.start as usize..).is_some_and(|text| text.starts_with('{'));
                self.report(if braces {
                    self.list_of_one(diagnostic)
                } else {
                    diagnostic.help("begin each item with `- `, or put the items in `[...]`")
                });
                Vec::new()
            }
        }
    }

    /// Adds the help to put brackets around the one item.
    fn list_of_one(&self, diagnostic: Diagnostic) -> Diagnostic {
        let span = diagnostic.primary.span;
        let item = self.source.get(span.start as usize..span.end as usize).unwrap_or("");
        if item.contains('\n') {
            return diagnostic.help("begin each item with `- `");
        }
        diagnostic.replace("make it a list of one", span, format!("[{item}]"))
    }

    /// The texts of the list under a key.
    pub fn texts(&mut self, fields: &mut Fields, key: &'static str) -> Vec<Text> {
        fields.take(key).map_or_else(Vec::new, |entry| self.texts_of(entry))
    }

    /// The texts of an entry's list.
    pub fn texts_of(&mut self, entry: Entry) -> Vec<Text> {
        if let NodeKind::Scalar(scalar) = &entry.value.kind
            && !scalar.is_null()
        {
            let message = format!("expected a list for `{}`, found text", entry.key.value);
            self.report(self.list_of_one(Diagnostic::new(Code::WrongType, entry.value.span, message)));
            return Vec::new();
        }
        self.list_of(entry).into_iter().filter_map(|item| self.scalar(item, "text")).collect()
    }

    /// The texts under a key, by the user's own keys; says which of them other readers take for booleans.
    pub fn text_map(&mut self, fields: &mut Fields, key: &'static str) -> Vec<(Text, Text)> {
        let entries = self.entries(fields, key);
        entries.into_iter().filter_map(|entry| self.pair(entry)).collect()
    }

    /// The texts of an entry's mapping, by the user's own keys.
    pub fn text_map_of(&mut self, entry: Entry) -> Vec<(Text, Text)> {
        let NodeKind::Mapping(mapping) = entry.value.kind else { return Vec::new() };
        mapping.entries.into_iter().filter_map(|entry| self.pair(entry)).collect()
    }

    /// The words under a key, by the user's own keys.
    pub fn word_map(&mut self, fields: &mut Fields, key: &'static str) -> Vec<(Text, Text)> {
        let entries = self.entries(fields, key);
        entries.into_iter().filter_map(|entry| Some((entry.key.clone(), self.text_of(entry, "text")?))).collect()
    }

    /// The entries of the mapping under a key, by the user's own keys.
    pub(super) fn entries(&mut self, fields: &mut Fields, key: &'static str) -> Vec<Entry> {
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
        if plain {
            self.old_boolean(&value);
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
        let diagnostic = match self.comment_for_value(&entry) {
            Some((place, text)) => diagnostic.replace("`#` begins a comment: put the value in quotes", place, text),
            None => diagnostic.help("give it a value, or remove the key"),
        };
        self.report(diagnostic);
        None
    }

    /// The text within a span.
    pub(super) fn slice(&self, span: Span) -> &'a str {
        self.source.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// The rest of the line from an offset on.
    pub(super) fn line_from(&self, offset: u32) -> &str {
        let rest = self.source.get(offset as usize..).unwrap_or("");
        &rest[..rest.find(['\n', '\r']).unwrap_or(rest.len())]
    }
}

/// The bytes of a part of a file.
#[expect(clippy::cast_possible_truncation, reason = "a part of a file, which is below 64 MiB")]
pub(super) fn length(text: &str) -> u32 {
    text.len() as u32
}
