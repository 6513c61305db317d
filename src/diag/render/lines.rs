//! From byte offsets to lines and columns, in a time that does not grow with the length of a line.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::source::{FileId, Sources, Span};

/// How many bytes lie between two counts of characters.
const BLOCK: usize = 4096;

/// The lines of every file that was asked for so far.
pub(super) struct Index<'s> {
    sources: &'s Sources,
    files: BTreeMap<FileId, Lines<'s>>,
}

/// The lines of a text. A line ends with a line feed, a carriage return, or both.
pub(super) struct Lines<'s> {
    pub(super) text: &'s str,
    /// The first byte of each line.
    starts: Vec<usize>,
    /// How many characters stand before each block of bytes.
    characters: Vec<usize>,
}

/// A line and a column, counted from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) line: usize,
    pub(super) column: usize,
}

impl<'s> Index<'s> {
    pub(super) fn new(sources: &'s Sources) -> Self {
        Self { sources, files: BTreeMap::new() }
    }

    /// The path of a file.
    pub(super) fn path(&self, file: FileId) -> &'s str {
        &self.sources.file(file).path
    }

    /// The lines of a file.
    pub(super) fn lines(&mut self, file: FileId) -> &Lines<'s> {
        let sources = self.sources;
        self.files.entry(file).or_insert_with(|| Lines::new(&sources.file(file).text))
    }

    /// The first position of a span, and the one behind it.
    pub(super) fn positions(&mut self, span: Span) -> (Position, Position) {
        let lines = self.lines(span.file);
        let range = lines.clamp(span);
        (lines.position(range.start), lines.position(range.end))
    }
}

impl<'s> Lines<'s> {
    fn new(text: &'s str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (index, byte) in bytes.iter().enumerate() {
            let ends = *byte == b'\n' || (*byte == b'\r' && bytes.get(index + 1) != Some(&b'\n'));
            if ends {
                starts.push(index + 1);
            }
        }
        let mut count = 0;
        let mut characters = vec![0];
        for block in bytes.chunks(BLOCK) {
            count += count_characters(block);
            characters.push(count);
        }
        Self { text, starts, characters }
    }

    /// The bytes of a span that exist, extended to whole characters.
    pub(super) fn clamp(&self, span: Span) -> Range<usize> {
        let mut start = (span.start as usize).min(self.text.len());
        let mut end = (span.end as usize).clamp(start, self.text.len());
        while !self.text.is_char_boundary(start) {
            start -= 1;
        }
        while !self.text.is_char_boundary(end) {
            end += 1;
        }
        start..end
    }

    /// The number, from 0, of the line that an offset lies in.
    pub(super) fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// The bytes of a line, without its line break and without a byte order mark.
    pub(super) fn content(&self, line: usize) -> Range<usize> {
        let start = self.starts.get(line).copied().unwrap_or(self.text.len());
        let end = self.starts.get(line + 1).copied().unwrap_or(self.text.len());
        let trimmed =
            end - self.text[start..end].bytes().rev().take(2).take_while(|it| matches!(it, b'\n' | b'\r')).count();
        let mark = if start == 0 && self.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let start = start + mark;
        start..trimmed.max(start)
    }

    /// Where an offset is.
    pub(super) fn position(&self, offset: usize) -> Position {
        let line = self.line_of(offset);
        let start = self.content(line).start;
        let column = self.characters_before(offset.max(start)) - self.characters_before(start) + 1;
        Position { line: line + 1, column }
    }

    fn characters_before(&self, offset: usize) -> usize {
        let block = offset / BLOCK;
        self.characters[block] + count_characters(&self.text.as_bytes()[block * BLOCK..offset])
    }
}

/// How many characters begin in these bytes.
fn count_characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0b1100_0000 != 0b1000_0000).count()
}
