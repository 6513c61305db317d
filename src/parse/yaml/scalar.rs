//! A scalar event to a text with its place and its map.

use std::borrow::Cow;

use granit_parser::ScalarStyle as EventStyle;

use super::decode::{self, Notation};
use super::{ScalarStyle, span};
use crate::source::{FileId, Quotes, Span, Text, TextMap};

/// A scalar as the parser reports it.
pub(super) struct Event<'v> {
    pub(super) value: Cow<'v, str>,
    pub(super) style: EventStyle,
    /// The first byte: the opening quote, or the content of a block.
    pub(super) start: usize,
    pub(super) end: usize,
    /// How far the lines of a block are indented.
    pub(super) indent: Option<usize>,
    /// Where the event before ended; the header of a block stands behind it.
    pub(super) after: usize,
}

/// The text of a scalar, and how it is written.
pub(super) fn text(source: &str, file: FileId, event: Event<'_>) -> (Text, ScalarStyle) {
    let (start, end) = (event.start, event.end);
    let indent = event.indent.unwrap_or(0);
    let inner = start + 1..end.saturating_sub(1).max(start + 1);
    let (content, notation, style) = match event.style {
        EventStyle::Plain if start == end => {
            let span = empty_place(source, file, start);
            let text = Text { value: String::new(), span, map: TextMap::Whole, quotes: Quotes::None };
            return (text, ScalarStyle::Plain);
        }
        EventStyle::Plain => (start..end, Notation::Plain, ScalarStyle::Plain),
        EventStyle::SingleQuoted => (inner, Notation::Single, ScalarStyle::Quoted),
        EventStyle::DoubleQuoted => (inner, Notation::Double, ScalarStyle::Quoted),
        EventStyle::Literal => return (block(source, file, event, Notation::Literal(indent)), ScalarStyle::Block),
        EventStyle::Folded => return (block(source, file, event, Notation::Folded(indent)), ScalarStyle::Block),
    };
    let quotes = match event.style {
        EventStyle::SingleQuoted => Quotes::Single,
        EventStyle::DoubleQuoted => Quotes::Double,
        EventStyle::Plain | EventStyle::Literal | EventStyle::Folded => Quotes::None,
    };
    let map = decode::map(source, content, &event.value, notation);
    (Text { value: event.value.into_owned(), span: span(file, start, end), map, quotes }, style)
}

/// Where a value would stand that is not written: behind its key's colon.
fn empty_place(source: &str, file: FileId, start: usize) -> Span {
    let bytes = source.as_bytes();
    let mut at = start;
    while matches!(bytes.get(at), Some(b' ' | b'\t')) {
        at += 1;
    }
    let at = if bytes.get(at) == Some(&b':') { at + 1 } else { start };
    span(file, at, at)
}

/// A literal or folded scalar; its span begins at `|` or `>` and ends with its last line.
fn block(source: &str, file: FileId, event: Event<'_>, notation: Notation) -> Text {
    let content = source.get(event.start..event.end).unwrap_or("").trim_end();
    let content_end = event.start + content.len();
    let (place, map) = match block_header(source, event.after, event.start) {
        Some((header, header_end, body)) => {
            let map = decode::map(source, body..event.end.max(body), &event.value, notation);
            (span(file, header, if content.is_empty() { header_end } else { content_end }), map)
        }
        None => (span(file, event.start, content_end), TextMap::Whole),
    };
    Text { value: event.value.into_owned(), span: place, map, quotes: Quotes::None }
}

/// The header of a block scalar between two offsets: where it begins, where it ends, where its first line begins.
fn block_header(source: &str, from: usize, to: usize) -> Option<(usize, usize, usize)> {
    let bytes = source.as_bytes();
    let mut at = from;
    let to_line_end = |at: usize| source[at..].find(['\n', '\r']).map_or(source.len(), |length| at + length);
    while at <= to {
        match bytes.get(at)? {
            b'|' | b'>' => {
                let line_end = to_line_end(at);
                let header_end = at + source[at..line_end].find([' ', '\t']).unwrap_or(line_end - at);
                let crlf = bytes.get(line_end) == Some(&b'\r') && bytes.get(line_end + 1) == Some(&b'\n');
                let body = (line_end + if crlf { 2 } else { 1 }).min(source.len());
                return Some((at, header_end, body));
            }
            b'#' => at = to_line_end(at),
            b'&' | b'!' => at += source[at..].find([' ', '\t', '\n', '\r']).unwrap_or(source.len() - at),
            _ => at += 1,
        }
    }
    None
}
