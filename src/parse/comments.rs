//! Comments and the lines they speak of: all of them, and those that speak to the tool.

use super::yaml::{self, Node, NodeKind, ScalarStyle};
use crate::diag::{Comment, Sink};
use crate::source::{FileId, SourceKind, Sources, Span};

/// What such a comment begins with.
const MARKER: &str = "slosmith:";

/// The comments of all YAML files that begin with `slosmith:`; none of a file that is no YAML.
#[must_use]
pub fn comments(sources: &Sources) -> Vec<Comment> {
    let files = sources.iter().filter(|(_, file)| match file.kind {
        SourceKind::Project | SourceKind::Spec => file.problem.is_none() && file.text.contains(MARKER),
        SourceKind::RunbookText | SourceKind::Metrics | SourceKind::BuiltIn => false,
    });
    files.flat_map(|(id, file)| in_file(&file.text, id)).collect()
}

fn in_file(text: &str, file: FileId) -> Vec<Comment> {
    let Some(documents) = yaml::documents(text, file, &mut Sink::default()) else {
        return Vec::new();
    };
    let scalars = scalars(&documents, text);
    let lines = lines(text);
    let mut comments = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let Some(start) = comment_start(text, *line, &scalars) else {
            continue;
        };
        let target =
            if text[line.0..start].trim().is_empty() { next_content(text, &lines, index) } else { Some(*line) };
        let target = target.map_or((line.0, line.1), |target| with_scalars(target, &scalars));
        comments.push(Comment { span: span(file, start, line.1), target: span(file, target.0, target.1) });
    }
    comments
}

/// A comment of a file, whoever it speaks to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The comment, from its `#` to the end of its line.
    pub text: String,
    /// The line that it is about.
    pub target: Span,
    /// Where it stands.
    pub standing: Standing,
}

/// Where a comment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Before everything else in the file.
    First,
    /// On a line of its own.
    Above,
    /// Behind a value.
    Beside,
    /// Behind everything else in the file.
    Last,
}

/// All comments of a file, in their order; none of a file that is no YAML.
#[must_use]
pub fn remarks(text: &str, file: FileId) -> Vec<Remark> {
    let Some(documents) = yaml::documents(text, file, &mut Sink::default()).filter(|_| text.contains('#')) else {
        return Vec::new();
    };
    let scalars = scalars(&documents, text);
    let lines = lines(text);
    let is_content = |line: &(usize, usize)| !is_comment_or_empty(text, *line) && &text[line.0..line.1] != "---";
    let head = lines.iter().position(is_content).unwrap_or(lines.len());
    let mut remarks = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let Some(start) = any_comment_start(text, *line, &scalars) else { continue };
        let is_own = text[line.0..start].trim().is_empty();
        let next = next_content(text, &lines, index);
        let standing = match next {
            _ if !is_own => Standing::Beside,
            _ if index < head => Standing::First,
            Some(_) => Standing::Above,
            None => Standing::Last,
        };
        let target = next.filter(|_| is_own).unwrap_or(*line);
        let comment = text[start..line.1].trim_end().to_owned();
        remarks.push(Remark { text: comment, target: span(file, target.0, target.1), standing });
    }
    remarks
}

/// A scalar's bytes, and those of them in which `#` begins no comment.
struct ScalarPlace {
    start: usize,
    text_start: usize,
    end: usize,
}

/// The scalars of documents in the order of the file.
fn scalars(documents: &[Node], text: &str) -> Vec<ScalarPlace> {
    let mut scalars = Vec::new();
    for node in documents {
        collect(node, text, &mut scalars);
    }
    scalars.sort_by_key(|scalar| scalar.start);
    scalars
}

fn collect(node: &Node, text: &str, places: &mut Vec<ScalarPlace>) {
    match &node.kind {
        NodeKind::Scalar(scalar) => {
            let (start, end) = (node.span.start as usize, node.span.end as usize);
            let text_start = match scalar.style {
                ScalarStyle::Plain | ScalarStyle::Quoted => start,
                ScalarStyle::Block => text[start..end].find('\n').map_or(end, |at| start + at),
            };
            places.push(ScalarPlace { start, text_start, end });
        }
        NodeKind::Sequence(items) => items.iter().for_each(|item| collect(item, text, places)),
        NodeKind::Mapping(mapping) => {
            for entry in &mapping.entries {
                let (start, end) = (entry.key.span.start as usize, entry.key.span.end as usize);
                places.push(ScalarPlace { start, text_start: start, end });
                collect(&entry.value, text, places);
            }
        }
    }
}

/// The lines of a text, without their line breaks.
fn lines(text: &str) -> Vec<(usize, usize)> {
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        lines.push((start, start + line.trim_end_matches(['\n', '\r']).len()));
        start += line.len();
    }
    lines
}

/// Where the comment to the tool begins on a line.
fn comment_start(text: &str, (start, end): (usize, usize), scalars: &[ScalarPlace]) -> Option<usize> {
    let line = &text[start..end];
    if !line.contains(MARKER) {
        return None;
    }
    let first = any_comment_start(text, (start, end), scalars)?;
    text[first + 1..end].trim_start().starts_with(MARKER).then_some(first)
}

/// Where the comment begins on a line, whoever it speaks to.
fn any_comment_start(text: &str, (start, end): (usize, usize), scalars: &[ScalarPlace]) -> Option<usize> {
    let line = &text[start..end];
    let mut candidates = line.match_indices('#').map(|(at, _)| start + at);
    candidates.find(|at| {
        let is_separated = text[start..*at].chars().next_back().is_none_or(char::is_whitespace);
        let before = scalars.partition_point(|scalar| scalar.start <= *at).checked_sub(1);
        let within = before.and_then(|index| scalars.get(index)).filter(|it| (it.text_start..it.end).contains(at));
        is_separated && within.is_none()
    })
}

/// The first line behind another that is more than a comment.
fn next_content(text: &str, lines: &[(usize, usize)], index: usize) -> Option<(usize, usize)> {
    let mut behind = lines.iter().skip(index + 1);
    behind.find(|line| !is_comment_or_empty(text, **line)).copied()
}

fn is_comment_or_empty(text: &str, (start, end): (usize, usize)) -> bool {
    matches!(text[start..end].trim_start().chars().next(), None | Some('#'))
}

/// A line with the rest of the texts that begin on it.
fn with_scalars((start, end): (usize, usize), scalars: &[ScalarPlace]) -> (usize, usize) {
    let first = scalars.partition_point(|scalar| scalar.start < start);
    let begun = scalars.iter().skip(first).take_while(|scalar| scalar.start <= end);
    (start, begun.map(|scalar| scalar.end).fold(end, usize::max))
}

#[expect(clippy::cast_possible_truncation, reason = "a source is below 64 MiB")]
fn span(file: FileId, start: usize, end: usize) -> Span {
    Span::new(file, start as u32, end as u32)
}
