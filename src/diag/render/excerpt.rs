//! The lines of a file that a diagnostic shows, short enough for a terminal.

use std::ops::Range;

use super::lines::Lines;
use super::neutral::visible;

/// The most bytes of a line that are shown; of a longer one, a part around its first mark.
const MAX_LINE: usize = 240;
/// How many bytes before the first mark are shown of a longer line.
const BEFORE_MARK: usize = 60;
/// How many lines beside the ends of a mark are shown or compared; those between are left blank, for they are folded anyway.
const NEAR: usize = 6;
/// The most lines that an excerpt spans; a mark over more is cut to its first line.
pub(super) const MAX_LINES: usize = 1000;

/// Consecutive lines of a file, rewritten for the terminal.
pub(super) struct Excerpt {
    /// The lines, each with a line feed.
    pub(super) text: String,
    /// The number of the first line, from 1.
    pub(super) first_line: usize,
    lines: Vec<ExcerptLine>,
}

/// What became of a line of the file.
struct ExcerptLine {
    /// The bytes of the file that are shown.
    shown: Range<usize>,
    /// Where the shown part begins in the excerpt.
    start: usize,
}

impl Excerpt {
    /// The lines that hold the marks, which are ranges of whole characters of the text.
    pub(super) fn new(source: &Lines<'_>, marks: &[Range<usize>]) -> Self {
        let edges: Vec<usize> =
            marks.iter().flat_map(|mark| [source.line_of(mark.start), source.line_of(mark.end)]).collect();
        let first = edges.iter().copied().min().unwrap_or(0);
        let last = edges.iter().copied().max().unwrap_or(0).min(first + MAX_LINES);
        let mut excerpt = Self { text: String::new(), first_line: first + 1, lines: Vec::new() };
        for line in first..=last {
            let content = source.content(line);
            let is_near = edges.iter().any(|edge| edge.abs_diff(line) <= NEAR);
            let shown = if is_near { window(source.text, &content, marks) } else { content.start..content.start };
            excerpt.push(source.text, &content, shown);
        }
        excerpt
    }

    fn push(&mut self, text: &str, content: &Range<usize>, shown: Range<usize>) {
        if shown.start > content.start {
            self.text.push('…');
        }
        self.lines.push(ExcerptLine { start: self.text.len(), shown: shown.clone() });
        self.text.extend(text[shown.clone()].chars().map(visible));
        if !shown.is_empty() && shown.end < content.end {
            self.text.push('…');
        }
        self.text.push('\n');
    }

    /// The bytes of the excerpt for a range of the file.
    pub(super) fn place(&self, source: &Lines<'_>, range: &Range<usize>) -> Range<usize> {
        let start = self.offset(source, range.start);
        start..self.offset(source, range.end).max(start)
    }

    fn offset(&self, source: &Lines<'_>, offset: usize) -> usize {
        let index = (source.line_of(offset) + 1).saturating_sub(self.first_line);
        let Some(line) = self.lines.get(index) else {
            return self.text.len().saturating_sub(1);
        };
        let inside = offset.clamp(line.shown.start, line.shown.end);
        line.start + source.text[line.shown.start..inside].chars().map(|it| visible(it).len_utf8()).sum::<usize>()
    }
}

/// The part of a line to show.
fn window(text: &str, content: &Range<usize>, marks: &[Range<usize>]) -> Range<usize> {
    if content.len() <= MAX_LINE {
        return content.clone();
    }
    let edges = marks.iter().flat_map(|mark| [mark.start, mark.end]);
    let first = edges.filter(|edge| (content.start..=content.end).contains(edge)).min().unwrap_or(content.start);
    let latest = content.end.saturating_sub(MAX_LINE).max(content.start);
    let mut start = first.saturating_sub(BEFORE_MARK).clamp(content.start, latest);
    let mut end = (start + MAX_LINE).min(content.end);
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    while !text.is_char_boundary(end) {
        end += 1;
    }
    start..end
}
