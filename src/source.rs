//! Input texts, and places in them.

use std::ops::Range;

/// A file among the [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

/// A half-open range of bytes in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// The byte behind the last one.
    pub end: u32,
}

impl Span {
    /// The bytes from `start` to before `end`.
    #[must_use]
    pub fn new(file: FileId, start: u32, end: u32) -> Self {
        Self { file, start, end: end.max(start) }
    }

    /// The smallest span that holds both; the first one if they lie in two files.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        if self.file != other.file {
            return self;
        }
        Self { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// A value with the place it was written at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it was written.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// A value and its place.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

/// Text of a scalar, able to point at the bytes of the file that any part of it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The text as the reader of the file understands it: unescaped, folded, unindented.
    pub value: String,
    /// The whole scalar in the file, quotes included.
    pub span: Span,
    /// From the text's bytes to the file's.
    pub map: TextMap,
    /// The quotes it stands in.
    pub quotes: Quotes,
}

/// The quotes around a scalar, which say how characters are written in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quotes {
    /// None: the text stands as it is.
    #[default]
    None,
    /// Single quotes: one within is written twice.
    Single,
    /// Double quotes, in YAML or JSON: a backslash comes before a quote or backslash within.
    Double,
}

impl Text {
    /// The place in the file of a range of bytes of the value.
    #[must_use]
    pub fn part(&self, range: Range<u32>) -> Span {
        self.map.span(range, self.span)
    }

    /// A part of the text by itself, which points at the same bytes of the file.
    #[must_use]
    pub fn slice(&self, range: Range<u32>) -> Self {
        let value = self.value.get(range.start as usize..range.end as usize).unwrap_or_default().to_owned();
        Self { value, span: self.part(range.clone()), map: self.map.from(range.start), quotes: self.quotes }
    }

    /// Several texts as one, each part of which points at where it came from.
    #[must_use]
    pub fn joined(parts: &[Self], span: Span) -> Self {
        let mut value = String::new();
        let mut pieces = Vec::new();
        for part in parts {
            let start = length(&value);
            value.push_str(&part.value);
            match &part.map {
                TextMap::Linear(file) => pieces.push(Piece { value: start, file: *file, length: length(&part.value) }),
                TextMap::Pieces(of_part) => {
                    let inside = of_part.iter().filter(|piece| piece.value < length(&part.value));
                    pieces.extend(inside.map(|piece| Piece { value: start + piece.value, ..*piece }));
                }
                TextMap::Whole => {
                    let length = part.span.end - part.span.start;
                    pieces.push(Piece { value: start, file: part.span.start, length });
                }
            }
        }
        pieces.push(Piece { value: length(&value), file: span.end, length: 0 });
        Self { value, span, map: TextMap::Pieces(pieces), quotes: Quotes::None }
    }

    /// The same place with another value, which stands for all of it.
    #[must_use]
    pub fn instead(&self, value: impl Into<String>) -> Self {
        Self { value: value.into(), span: self.span, map: TextMap::Whole, quotes: Quotes::None }
    }

    /// How a part of another value is written in this scalar.
    #[must_use]
    pub fn written(&self, part: &str) -> String {
        match self.quotes {
            Quotes::None => part.to_owned(),
            Quotes::Single => part.replace('\'', "''"),
            Quotes::Double => part.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\t', "\\t"),
        }
    }

    /// The value with its place.
    #[must_use]
    pub fn spanned(&self) -> Spanned<String> {
        Spanned::new(self.value.clone(), self.span)
    }
}

/// The bytes of a value.
#[expect(clippy::cast_possible_truncation, reason = "no text of a file, which is below 64 MiB, or little more")]
fn length(value: &str) -> u32 {
    value.len() as u32
}

/// From byte offsets in a scalar's value to byte offsets in its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextMap {
    /// The value stands in the file as it is, from this byte on.
    Linear(u32),
    /// Pieces by ascending value offset; each runs until the next one begins, and an empty last one marks the end.
    Pieces(Vec<Piece>),
    /// Unknown: every part is the whole scalar.
    Whole,
}

/// A run of value bytes that came from one run of file bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Where the piece begins in the value.
    pub value: u32,
    /// Where it begins in the file.
    pub file: u32,
    /// How many file bytes it takes; equal to its value bytes unless it is an escape or a folded line break.
    pub length: u32,
}

impl TextMap {
    /// The map of what stands from a value offset on.
    fn from(&self, start: u32) -> Self {
        match self {
            Self::Linear(first) => Self::Linear(first.saturating_add(start)),
            Self::Pieces(pieces) => Self::Pieces(pieces_from(pieces, start)),
            Self::Whole => Self::Whole,
        }
    }

    /// The place of a range of value bytes; `whole` is the scalar's own span and the answer where nothing better is known.
    #[must_use]
    pub fn span(&self, range: Range<u32>, whole: Span) -> Span {
        match self {
            Self::Linear(first) => {
                let start = first.saturating_add(range.start).min(whole.end);
                Span::new(whole.file, start, first.saturating_add(range.end).min(whole.end))
            }
            Self::Pieces(pieces) => {
                let start = locate(pieces, range.start, Edge::Start);
                let end = if range.is_empty() { start } else { locate(pieces, range.end, Edge::End) };
                match (start, end) {
                    (Some(start), Some(end)) => Span::new(whole.file, start.min(whole.end), end.min(whole.end)),
                    _ => whole,
                }
            }
            Self::Whole => whole,
        }
    }
}

/// The pieces from a value offset on; a piece that is an escape or a line break stays whole.
fn pieces_from(pieces: &[Piece], start: u32) -> Vec<Piece> {
    let index = pieces.partition_point(|piece| piece.value <= start).saturating_sub(1);
    let mut kept: Vec<Piece> = pieces.iter().skip(index).copied().collect();
    let next = kept.get(1).map(|piece| piece.value);
    if let Some(first) = kept.first_mut() {
        let inside = start.saturating_sub(first.value);
        if next.is_some_and(|next| next - first.value == first.length) {
            first.file += inside;
            first.length -= inside;
        }
        first.value = start;
    }
    for piece in &mut kept {
        piece.value = piece.value.saturating_sub(start);
    }
    kept
}

/// Which end of a range an offset is.
#[derive(Clone, Copy)]
enum Edge {
    Start,
    End,
}

/// The file offset of a value offset: that of the piece it lies in, or for an end, of the piece before it.
fn locate(pieces: &[Piece], offset: u32, edge: Edge) -> Option<u32> {
    let wanted = match edge {
        Edge::Start => offset,
        Edge::End => offset.checked_sub(1)?,
    };
    let index = pieces.partition_point(|piece| piece.value <= wanted).checked_sub(1)?;
    let piece = pieces.get(index)?;
    let value_length = pieces.get(index + 1).map_or(u32::MAX, |next| next.value - piece.value);
    if value_length == piece.length || value_length == u32::MAX {
        return Some(piece.file + (offset - piece.value).min(piece.length));
    }
    match edge {
        Edge::Start => Some(piece.file),
        Edge::End => Some(piece.file + piece.length),
    }
}

/// What the paths of texts that come with slosmith begin with.
pub const BUILT_IN: &str = "slosmith's own ";

/// What a source file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// `slosmith.yaml`.
    Project,
    /// A definition of a service.
    Spec,
    /// Hand-written runbook text in Markdown.
    RunbookText,
    /// A metric catalogue.
    Metrics,
    /// A definition that comes with slosmith.
    BuiltIn,
}

/// Why a file's text cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadProblem {
    /// Not UTF-8 from this byte on; the text holds replacement characters.
    NotUtf8(u32),
    /// A symbolic link that leads out of the project; the text is empty.
    OutsideProject,
    /// More bytes than a source may have; the text is empty.
    TooLarge(u64),
    /// A symbolic link to a folder that it lies in; the text is empty.
    Loop,
    /// A pipe, a socket or a device; the text is empty.
    NotAFile,
}

/// A file's text and what it is for.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The path from the project's root, with `/` on every system.
    pub path: String,
    /// What it is for.
    pub kind: SourceKind,
    /// The text.
    pub text: String,
    /// Why the text cannot be used, if so.
    pub problem: Option<ReadProblem>,
}

/// The most bytes that a source file may have: places are 32-bit offsets, and no hand-written file is as large.
pub const MAX_SOURCE_BYTES: u64 = 64 * 1024 * 1024;

/// What the reader of files is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The project file, if there is one.
    Project,
    /// Metric catalogues.
    Metrics(Vec<String>),
    /// Everything that the inputs hold.
    Inputs {
        /// Folders and files, from the project's root.
        inputs: Vec<String>,
        /// The folder of the outputs, where no input is looked for.
        except: String,
    },
}

/// All input texts of a run.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Adds a file.
    #[expect(clippy::cast_possible_truncation, reason = "no four billion files")]
    pub fn add(&mut self, file: SourceFile) -> FileId {
        self.files.push(file);
        FileId(self.files.len() as u32 - 1)
    }

    /// The file.
    ///
    /// # Panics
    /// When the id came from other sources.
    #[must_use]
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// All files in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        (0u32..).map(FileId).zip(&self.files)
    }

    /// The text within a span, clamped to what the file has.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.file(span.file).text.get(span.start as usize..span.end as usize).unwrap_or("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joined_texts_point_at_where_they_came_from() {
        let mut sources = Sources::default();
        let file = sources.add(SourceFile {
            path: String::new(),
            kind: SourceKind::Spec,
            text: "rate(x_total[5m]) > y".to_owned(),
            problem: None,
        });
        let span = Span::new(file, 0, 21);
        let all =
            Text { value: "rate(x_total[5m]) > y".to_owned(), span, map: TextMap::Linear(0), quotes: Quotes::None };
        let text = Text::joined(&[all.slice(0..13), all.slice(13..15).instead("$window"), all.slice(15..21)], span);
        assert_eq!(text.value, "rate(x_total[$window]) > y");
        let slice = |text: &Text, range| sources.slice(text.part(range)).to_owned();
        assert_eq!(slice(&text, 5..12), "x_total");
        assert_eq!(slice(&text, 13..20), "5m");
        assert_eq!(slice(&text, 0..22), "rate(x_total[5m])");
        assert_eq!(slice(&text, 25..26), "y");
        let again = Text::joined(&[all.slice(0..0).instead("1 - "), text.slice(5..26)], span);
        assert_eq!(again.value, "1 - x_total[$window]) > y");
        assert_eq!(slice(&again, 12..19), "5m");
        assert_eq!(slice(&again, 24..25), "y");
    }
}
