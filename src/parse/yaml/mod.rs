//! YAML text to a tree of nodes with the bytes of every value; nothing outside this folder knows the YAML crate.

mod build;
mod decode;
mod mapping;
mod quote;
mod scalar;
mod syntax;

pub(super) use quote::quoted;
pub(super) use syntax::unquoted;

use crate::diag::{Code, Diagnostic, Sink};
use crate::source::{FileId, Span, Text};

/// The deepest nesting of mappings and lists.
pub const MAX_DEPTH: usize = 128;
/// The most values that a file may hold.
pub const MAX_NODES: usize = 1_000_000;
/// The most bytes of one text; runbooks and scripts that belong elsewhere have a fraction of it.
pub const MAX_SCALAR_BYTES: usize = 1024 * 1024;
/// The most values that aliases may copy.
pub const MAX_ALIAS_NODES: usize = 100_000;
/// The most bytes of text that aliases may copy.
pub const MAX_ALIAS_BYTES: usize = 16 * 1024 * 1024;

/// A value with its place.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// The whole value; of an empty one, the place where it would stand.
    pub span: Span,
}

/// The three kinds of values.
#[derive(Clone, Debug)]
pub enum NodeKind {
    /// Text, a number, a boolean or nothing: YAML writes them alike.
    Scalar(Scalar),
    /// Keys and values.
    Mapping(Mapping),
    /// A list.
    Sequence(Vec<Node>),
}

/// A value that is no collection.
#[derive(Clone, Debug)]
pub struct Scalar {
    /// The text; empty if nothing is written.
    pub text: Text,
    /// How it is written.
    pub style: ScalarStyle,
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScalarStyle {
    /// Without quotes, so that some readers take `yes` or `null` for more than text.
    Plain,
    /// In quotes, or with the tag `!!str`.
    Quoted,
    /// After `|` or `>`.
    Block,
}

/// Keys and values in the order of the file, merged ones last.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// The entries; no key stands twice.
    pub entries: Vec<Entry>,
    /// How it is written.
    pub style: CollectionStyle,
}

/// A key with its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: Text,
    /// The value.
    pub value: Node,
}

/// How a collection is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CollectionStyle {
    /// One entry a line, by indentation.
    Block,
    /// In braces or brackets.
    Flow,
}

impl Scalar {
    /// Whether this is YAML's null: nothing, `~` or an unquoted `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.style == ScalarStyle::Plain && matches!(self.text.value.as_str(), "" | "~" | "null" | "Null" | "NULL")
    }
}

impl Node {
    /// The place to point at for the whole: the first key of a block mapping, the first item of a list.
    #[must_use]
    pub fn head(&self) -> Span {
        match &self.kind {
            NodeKind::Mapping(Mapping { entries, style: CollectionStyle::Block }) => {
                entries.first().map_or(self.span, |entry| entry.key.span)
            }
            NodeKind::Sequence(items) => items.first().map_or(self.span, Self::head),
            NodeKind::Mapping(_) | NodeKind::Scalar(_) => self.span,
        }
    }

    /// What a message calls it.
    #[must_use]
    pub fn noun(&self) -> &'static str {
        match &self.kind {
            NodeKind::Scalar(scalar) if scalar.is_null() => "nothing",
            NodeKind::Scalar(_) => "text",
            NodeKind::Mapping(_) => "a mapping",
            NodeKind::Sequence(_) => "a list",
        }
    }
}

/// The documents of a file; `None` after a problem that leaves no tree, which is then in the sink.
#[must_use]
pub fn documents(source: &str, file: FileId, sink: &mut Sink) -> Option<Vec<Node>> {
    if let Some((at, character)) = control_character(source) {
        let span = span(file, at, at + character.len_utf8());
        let message = format!("control character U+{:04X} in the text", u32::from(character));
        sink.push(
            Diagnostic::new(Code::YamlSyntax, span, message)
                .note("YAML text holds no control characters but tabs and line breaks")
                .help("remove it, or write it as an escape such as \"\\x1b\" within double quotes"),
        );
        return None;
    }
    build::documents(source, file, sink)
}

/// The first character that YAML forbids, with its place.
fn control_character(source: &str) -> Option<(usize, char)> {
    let bytes = source.as_bytes();
    let at = bytes.iter().enumerate().position(|(index, byte)| match byte {
        b'\t' | b'\n' | b'\r' => false,
        0..0x20 | 0x7f => true,
        0x80..=0x9f => *byte != 0x85 && index > 0 && bytes[index - 1] == 0xc2,
        _ => false,
    })?;
    let start = if bytes[at] >= 0x80 { at - 1 } else { at };
    source[start..].chars().next().map(|character| (start, character))
}

/// A span of a file from byte offsets, which fit since no source is larger than 64 MiB.
#[expect(clippy::cast_possible_truncation, reason = "load refuses larger files")]
fn span(file: FileId, start: usize, end: usize) -> Span {
    Span::new(file, start as u32, end as u32)
}
