//! Where each byte of a scalar's value stands in the file: the source of the scalar is decoded once more, noting places.

use std::ops::Range;

use crate::source::{Piece, TextMap};

/// More pieces than this are not worth their memory; such a text is pointed at as a whole.
const MAX_PIECES: usize = 1 << 18;

/// How the source of a scalar is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notation {
    /// Without quotes.
    Plain,
    /// `'...'`
    Single,
    /// `"..."`
    Double,
    /// After `|`, the lines indented by so many spaces.
    Literal(usize),
    /// After `>`, the lines indented by so many spaces.
    Folded(usize),
}

/// The map of a scalar: `range` holds its content in `source` (without quotes or header), `value` is what it means.
pub(super) fn map(source: &str, range: Range<usize>, value: &str, notation: Notation) -> TextMap {
    let Some(content) = source.get(range.clone()) else {
        return TextMap::Whole;
    };
    if content == value {
        return TextMap::Linear(offset(range.start));
    }
    let mut decoder = Decoder::new(content, range.start);
    match notation {
        Notation::Plain => decoder.flow(Notation::Plain),
        Notation::Single => decoder.flow(Notation::Single),
        Notation::Double => decoder.flow(Notation::Double),
        Notation::Literal(indent) => decoder.block(indent, Folding::Keep),
        Notation::Folded(indent) => decoder.block(indent, Folding::Fold),
    }
    decoder.finish(value)
}

/// Whether single line breaks become spaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Folding {
    Keep,
    Fold,
}

#[expect(clippy::cast_possible_truncation, reason = "load refuses files above 64 MiB")]
fn offset(bytes: usize) -> u32 {
    bytes as u32
}

/// The value as decoded so far, with the places it came from.
struct Decoder<'s> {
    content: &'s str,
    /// The file offset of the content's first byte.
    base: usize,
    value: String,
    pieces: Vec<Piece>,
    /// Whether the last piece can grow: value and file bytes run alike.
    growing: bool,
}

impl<'s> Decoder<'s> {
    fn new(content: &'s str, base: usize) -> Self {
        Self { content, base, value: String::with_capacity(content.len()), pieces: Vec::new(), growing: false }
    }

    /// Takes a range of the content as it is.
    fn copy(&mut self, range: Range<usize>) {
        let text = &self.content[range.clone()];
        self.push(range, text, Growth::Runs);
    }

    /// Puts `text` in place of a range of the content.
    fn replace(&mut self, range: Range<usize>, text: &str) {
        let growth = if range.len() == text.len() { Growth::Runs } else { Growth::Stands };
        self.push(range, text, growth);
    }

    fn push(&mut self, range: Range<usize>, text: &str, growth: Growth) {
        if text.is_empty() {
            return;
        }
        let file = offset(self.base + range.start);
        let length = offset(range.len());
        let runs = growth == Growth::Runs;
        match self.pieces.last_mut() {
            Some(last) if runs && self.growing && last.file + last.length == file => last.length += length,
            Some(_) | None => self.pieces.push(Piece { value: offset(self.value.len()), file, length }),
        }
        self.growing = runs;
        self.value.push_str(text);
    }

    /// The map, if the value came out as the reader understood it.
    fn finish(mut self, value: &str) -> TextMap {
        let keeps = self.value.get(..value.len()) == Some(value);
        if !keeps || self.pieces.len() > MAX_PIECES {
            return TextMap::Whole;
        }
        let total = offset(value.len());
        let decoded = offset(self.value.len());
        let first_cut = self.pieces.partition_point(|piece| piece.value < total);
        let last_end = self.pieces.get(first_cut).map_or(decoded, |piece| piece.value);
        self.pieces.truncate(first_cut);
        let Some(last) = self.pieces.last_mut() else {
            return TextMap::Linear(offset(self.base));
        };
        if last_end - last.value == last.length {
            last.length = total - last.value;
        }
        let last = *last;
        if self.pieces.len() == 1 && last.length == total {
            return TextMap::Linear(last.file);
        }
        self.pieces.push(Piece { value: total, file: last.file + last.length, length: 0 });
        TextMap::Pieces(self.pieces)
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.content.as_bytes().get(at).copied()
    }

    /// The end of the line break that begins here, if one does.
    fn line_break(&self, at: usize) -> Option<usize> {
        match (self.byte(at)?, self.byte(at + 1)) {
            (b'\r', Some(b'\n')) => Some(at + 2),
            (b'\r' | b'\n', _) => Some(at + 1),
            _ => None,
        }
    }

    fn skip_blanks(&self, mut at: usize) -> usize {
        while matches!(self.byte(at), Some(b' ' | b'\t')) {
            at += 1;
        }
        at
    }

    /// Plain and quoted scalars: lines are joined, quotes and escapes undone.
    fn flow(&mut self, notation: Notation) {
        let mut at = 0;
        let mut run = 0;
        while let Some(byte) = self.byte(at) {
            let next = match byte {
                b' ' | b'\t' if self.line_break(self.skip_blanks(at)).is_some() => {
                    self.copy(run..at);
                    self.fold(at)
                }
                b'\n' | b'\r' => {
                    self.copy(run..at);
                    self.fold(at)
                }
                b' ' | b'\t' => {
                    at = self.skip_blanks(at);
                    continue;
                }
                b'\'' if notation == Notation::Single && self.byte(at + 1) == Some(b'\'') => {
                    self.copy(run..at);
                    self.replace(at..at + 2, "'");
                    at + 2
                }
                b'\\' if notation == Notation::Double => {
                    self.copy(run..at);
                    self.escape(at)
                }
                _ => {
                    at += 1;
                    continue;
                }
            };
            at = next;
            run = next;
        }
        self.copy(run..self.content.len());
    }

    /// Joins lines: one break is a space, each further one a line feed. Returns where the text goes on.
    fn fold(&mut self, start: usize) -> usize {
        let (end, breaks) = self.breaks(start);
        if breaks == 1 {
            self.replace(start..end, " ");
        } else {
            self.replace(start..end, &"\n".repeat(breaks - 1));
        }
        end
    }

    /// How many line breaks follow, and where the blanks after the last one end.
    fn breaks(&self, start: usize) -> (usize, usize) {
        let mut at = self.skip_blanks(start);
        let mut breaks = 0;
        while let Some(end) = self.line_break(at) {
            breaks += 1;
            at = self.skip_blanks(end);
        }
        (at, breaks.max(1))
    }

    /// An escape of a double-quoted scalar. Returns where the text goes on.
    fn escape(&mut self, start: usize) -> usize {
        if let Some(end) = self.line_break(start + 1) {
            let (next, breaks) = if self.line_break(self.skip_blanks(end)).is_some() {
                self.breaks(end)
            } else {
                (self.skip_blanks(end), 0)
            };
            self.replace(start..next, &"\n".repeat(breaks));
            return next;
        }
        let Some((end, character)) = unescape(self.content, start) else {
            return self.content.len();
        };
        self.replace(start..end, character.encode_utf8(&mut [0; 4]));
        end
    }

    /// Literal and folded scalars: lines without their indentation, all line breaks at the end kept.
    fn block(&mut self, indent: usize, folding: Folding) {
        let mut at = 0;
        let mut before: Option<Line> = None;
        let mut empty: Vec<Range<usize>> = Vec::new();
        while at < self.content.len() {
            let start = self.unindent(at, indent);
            if let Some(end) = self.line_break(start) {
                empty.push(start..end);
                at = end;
                continue;
            }
            if start == self.content.len() {
                break;
            }
            let spaced = matches!(self.byte(start), Some(b' ' | b'\t'));
            self.join(before.as_ref(), &empty, spaced, folding);
            empty.clear();
            let end = self.content[start..].find(['\n', '\r']).map_or(self.content.len(), |length| start + length);
            self.copy(start..end);
            at = self.line_break(end).unwrap_or(end);
            before = Some(Line { line_break: end..at, spaced });
        }
        if let Some(line) = before {
            self.replace(line.line_break, "\n");
        }
        for range in empty {
            self.replace(range, "\n");
        }
    }

    /// Skips up to `indent` spaces of a line; of a line that has fewer and nothing else, all.
    fn unindent(&self, line: usize, indent: usize) -> usize {
        let mut at = line;
        while at - line < indent && self.byte(at) == Some(b' ') {
            at += 1;
        }
        at
    }

    /// The breaks between two lines with text.
    fn join(&mut self, before: Option<&Line>, empty: &[Range<usize>], spaced: bool, folding: Folding) {
        if let Some(line) = before {
            let folds = folding == Folding::Fold && !line.spaced && !spaced;
            if !folds {
                self.replace(line.line_break.clone(), "\n");
            } else if empty.is_empty() {
                self.replace(line.line_break.clone(), " ");
            }
        }
        for range in empty {
            self.replace(range.clone(), "\n");
        }
    }
}

/// Whether value and file bytes of a piece run alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Growth {
    Runs,
    Stands,
}

/// A line with text in a block scalar.
struct Line {
    line_break: Range<usize>,
    spaced: bool,
}

/// The character of the escape that begins at `start`, and where the escape ends.
pub(super) fn unescape(text: &str, start: usize) -> Option<(usize, char)> {
    let letter = text.get(start + 1..)?.chars().next()?;
    let end = start + 1 + letter.len_utf8();
    let digits = match letter {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        _ => return Some((end, simple_escape(letter)?)),
    };
    let number = u32::from_str_radix(text.get(end..end + digits)?, 16).ok()?;
    let end = end + digits;
    if let Some(character) = char::from_u32(number) {
        return Some((end, character));
    }
    if !(0xd800..0xdc00).contains(&number) {
        return None;
    }
    let low = text.get(end..)?.strip_prefix("\\u").and_then(|rest| u32::from_str_radix(rest.get(..4)?, 16).ok())?;
    let paired = 0x1_0000 + ((number - 0xd800) << 10) + low.checked_sub(0xdc00)?;
    Some((end + 6, char::from_u32(paired)?))
}

/// The character that a backslash and one letter stand for.
pub(super) fn simple_escape(letter: char) -> Option<char> {
    Some(match letter {
        '0' => '\0',
        'a' => '\x07',
        'b' => '\x08',
        't' | '\t' => '\t',
        'n' => '\n',
        'v' => '\x0b',
        'f' => '\x0c',
        'r' => '\r',
        'e' => '\x1b',
        ' ' => ' ',
        '"' => '"',
        '/' => '/',
        '\\' => '\\',
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        _ => return None,
    })
}
