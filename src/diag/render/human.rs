//! Diagnostics for people, in the look of rustc.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Patch, Renderer, Snippet};

use super::excerpt::{Excerpt, MAX_LINES};
use super::lines::Index;
use super::neutral::neutral;
use crate::diag::{Code, Diagnostic, Help, Label, Severity};
use crate::source::{FileId, Sources, Span};

/// Whether the text may hold escape sequences for a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// Text only.
    Plain,
    /// With the colours and weights of ANSI terminals.
    Ansi,
}

/// Renders diagnostics with excerpts of the sources, a blank line between two.
///
/// Whatever the spans and texts hold, lines are short and no character of the input acts on the terminal.
#[must_use]
pub fn human(diagnostics: &[Diagnostic], sources: &Sources, colour: Colour) -> String {
    let renderer = match colour {
        Colour::Plain => Renderer::plain(),
        Colour::Ansi => Renderer::styled(),
    };
    let mut index = Index::new(sources);
    let blocks = diagnostics.iter().map(|diagnostic| block(diagnostic, &mut index, &renderer));
    let mut out = blocks.collect::<Vec<String>>().join("\n\n");
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

/// The text of one diagnostic, without a line feed at its end.
fn block(diagnostic: &Diagnostic, index: &mut Index<'_>, renderer: &Renderer) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut headers = Headers::default();
    let title = level.primary_title(neutral(&diagnostic.message)).id(Code::slug(diagnostic.code));
    let mut main = Group::with_title(title);
    for cluster in clusters(diagnostic, index) {
        main = main.element(snippet(&cluster, index, &mut headers));
    }
    main = main.elements(diagnostic.notes.iter().map(|note| Level::NOTE.message(neutral(note))));
    let mut groups = Vec::new();
    for help in &diagnostic.helps {
        match &help.replacement {
            None => main = main.element(Level::HELP.message(neutral(&help.message))),
            Some((span, text)) => {
                groups.push(suggestion(help, *span, text, diagnostic.primary.span.file, index, &mut headers));
            }
        }
    }
    groups.insert(0, main);
    headers.fill(&renderer.render(&groups))
}

/// A labelled range of a file.
struct Mark<'d> {
    file: FileId,
    range: Range<usize>,
    kind: AnnotationKind,
    label: &'d str,
}

/// The marks of a diagnostic by excerpt: the primary one's first, then others as they are near to each other.
fn clusters<'d>(diagnostic: &'d Diagnostic, index: &mut Index<'_>) -> Vec<Vec<Mark<'d>>> {
    let primary = mark(&diagnostic.primary, AnnotationKind::Primary, index);
    let mut clusters = vec![vec![primary]];
    for label in &diagnostic.secondary {
        let mark = mark(label, AnnotationKind::Context, index);
        let lines = index.lines(mark.file);
        let is_near = |cluster: &Vec<Mark<'_>>| {
            let all = || cluster.iter().chain([&mark]);
            let first = all().map(|it| lines.line_of(it.range.start)).min().unwrap_or(0);
            let last = all().map(|it| lines.line_of(it.range.end)).max().unwrap_or(0);
            cluster.iter().all(|it| it.file == mark.file) && last - first < MAX_LINES
        };
        match clusters.iter().position(is_near) {
            Some(at) => clusters[at].push(mark),
            None => clusters.push(vec![mark]),
        }
    }
    clusters
}

/// The mark of a label: it ends on the line it begins on if it covers nothing but a line break more, or too many lines.
fn mark<'d>(label: &'d Label, kind: AnnotationKind, index: &mut Index<'_>) -> Mark<'d> {
    let lines = index.lines(label.span.file);
    let mut range = lines.clamp(label.span);
    let first = lines.line_of(range.start);
    let last = lines.line_of(range.end);
    if last > first && lines.content(last).start >= range.end {
        range.end = lines.content(last - 1).end.max(range.start);
    }
    if last - first >= MAX_LINES {
        range.end = lines.content(first).end.max(range.start);
    }
    Mark { file: label.span.file, range, kind, label: &label.message }
}

/// The excerpt with the carets.
fn snippet<'a>(
    marks: &[Mark<'a>],
    index: &mut Index<'_>,
    headers: &mut Headers,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let Some(first) = marks.first() else {
        return Snippet::source(String::new());
    };
    let header = headers.add(first.file, &first.range, index);
    let lines = index.lines(first.file);
    let ranges: Vec<Range<usize>> = marks.iter().map(|mark| mark.range.clone()).collect();
    let excerpt = Excerpt::new(lines, &ranges);
    let annotations: Vec<_> = marks
        .iter()
        .map(|mark| {
            let annotation = mark.kind.span(excerpt.place(lines, &mark.range));
            if mark.label.is_empty() { annotation } else { annotation.label(neutral(mark.label)) }
        })
        .collect();
    Snippet::source(excerpt.text).line_start(excerpt.first_line).path(header).annotations(annotations)
}

/// A way out with the text to write, shown as the change that it makes.
fn suggestion<'a>(
    help: &'a Help,
    span: Span,
    text: &'a str,
    primary: FileId,
    index: &mut Index<'_>,
    headers: &mut Headers,
) -> Group<'a> {
    let range = index.lines(span.file).clamp(span);
    let header = if span.file == primary { Headers::character(0) } else { headers.add(span.file, &range, index) };
    let lines = index.lines(span.file);
    let excerpt = Excerpt::new(lines, std::slice::from_ref(&range));
    let patch = Patch::new(excerpt.place(lines, &range), neutral(text));
    let snippet = Snippet::source(excerpt.text).line_start(excerpt.first_line).path(header).patch(patch);
    Group::with_title(Level::HELP.secondary_title(neutral(&help.message))).element(snippet)
}

/// The `path:line:column` headers of a diagnostic.
///
/// The library would count columns in the excerpts, which may begin in the middle of a line. So each header is given to it as
/// one character for private use, and what it writes there is replaced in the end.
#[derive(Default)]
struct Headers {
    texts: Vec<String>,
}

/// The character that stands for the first header; the next ones follow it.
const FIRST_HEADER: u32 = 0xf_0000;

impl Headers {
    /// Adds a header, and returns what stands for it.
    fn add(&mut self, file: FileId, range: &Range<usize>, index: &mut Index<'_>) -> String {
        let position = index.lines(file).position(range.start);
        self.texts.push(format!("{}:{}:{}", neutral(index.path(file)), position.line, position.column));
        Self::character(self.texts.len() - 1)
    }

    /// What stands for a header, the primary one being the first.
    fn character(number: usize) -> String {
        u32::try_from(number)
            .ok()
            .and_then(|number| char::from_u32(FIRST_HEADER + number))
            .unwrap_or('\u{fffd}')
            .to_string()
    }

    /// The rendered text with every header in its place.
    fn fill(&self, rendered: &str) -> String {
        let mut out = String::with_capacity(rendered.len());
        let mut rest = rendered;
        while let Some(at) = rest.find(|it| u32::from(it) >= FIRST_HEADER) {
            let (before, after) = rest.split_at(at);
            out.push_str(before);
            let mut characters = after.chars();
            let number = characters.next().map_or(0, |it| u32::from(it) - FIRST_HEADER);
            if let Some(text) = self.texts.get(number as usize) {
                out.push_str(text);
            }
            rest = characters.as_str().trim_start_matches(|it: char| it == ':' || it.is_ascii_digit());
        }
        out.push_str(rest);
        out
    }
}
