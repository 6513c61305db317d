//! The documents of a file, and the files that hold none.

use super::yaml::{self, Node, NodeKind};
use crate::diag::{Code, Diagnostic, Sink};
use crate::source::{FileId, MAX_SOURCE_BYTES, ReadProblem, SourceFile, Sources, Span};

/// What a file holds.
#[derive(Debug)]
pub enum Document {
    /// A problem, already reported, that leaves nothing to read.
    Broken,
    /// Nothing, or comments only.
    Empty,
    /// A value.
    Node(Node),
}

/// Reads all documents of a file but the empty ones; `None` after a problem that leaves nothing to read.
#[must_use]
pub fn all(sources: &Sources, file: FileId, sink: &mut Sink) -> Option<Vec<Node>> {
    let source = sources.file(file);
    if let Some(problem) = &source.problem {
        sink.push(unreadable(source, file, problem));
        return None;
    }
    let mut documents = yaml::documents(&source.text, file, sink)?;
    documents.retain(|node| node.noun() != "nothing");
    Some(documents)
}

/// Reads the one document of a file; reports a second one and goes on with the first.
#[must_use]
pub fn read(sources: &Sources, file: FileId, sink: &mut Sink) -> Document {
    let Some(documents) = all(sources, file, sink) else {
        return Document::Broken;
    };
    let mut documents = documents.into_iter();
    let Some(first) = documents.next() else {
        return Document::Empty;
    };
    if let Some(second) = documents.next() {
        sink.push(
            Diagnostic::new(Code::SeveralDocuments, head(&second), "a second document in one file")
                .secondary(head(&first), "the first one begins here")
                .help("keep one of the two"),
        );
    }
    Document::Node(first)
}

/// The first key of a mapping, or the whole value.
fn head(node: &Node) -> Span {
    match &node.kind {
        NodeKind::Mapping(mapping) => mapping.entries.first().map_or(node.span, |entry| entry.key.span),
        NodeKind::Scalar(_) | NodeKind::Sequence(_) => node.span,
    }
}

/// The problem of a file that could not be read as text.
pub(super) fn unreadable(source: &SourceFile, file: FileId, problem: &ReadProblem) -> Diagnostic {
    let start = Span::new(file, 0, 0);
    match problem {
        ReadProblem::NotUtf8(at) => {
            // What is no text has become a replacement character, three bytes long.
            let place = Span::new(file, *at, *at + 3);
            let diagnostic = Diagnostic::new(Code::UnreadableFile, place, "not UTF-8 text from here on");
            if *at == 0 && source.text.starts_with("\u{fffd}\u{fffd}") {
                return diagnostic.help("this looks like UTF-16: save the file as UTF-8");
            }
            diagnostic.help("save the file as UTF-8")
        }
        ReadProblem::OutsideProject => Diagnostic::new(
            Code::UnreadableFile,
            start,
            format!("`{}` is a symbolic link that leads out of the project", source.path),
        )
        .help("copy the file into the project, or name its folder under `inputs`"),
        ReadProblem::TooLarge(bytes) => Diagnostic::new(
            Code::UnreadableFile,
            start,
            format!("a file of {bytes} bytes, where {MAX_SOURCE_BYTES} is the limit"),
        )
        .help("split the file: one service per file is enough"),
        ReadProblem::Loop => Diagnostic::new(
            Code::UnreadableFile,
            start,
            format!("`{}` is a symbolic link to a folder that it lies in", source.path),
        )
        .help("remove the link"),
        ReadProblem::NotAFile => Diagnostic::new(
            Code::UnreadableFile,
            start,
            format!("`{}` is a pipe, a socket or a device, where a file is expected", source.path),
        )
        .help("write the text into a file"),
    }
}

/// How many characters stand before an offset on its line.
#[must_use]
pub fn line_column(source: &str, offset: u32) -> usize {
    let before = source.get(..offset as usize).unwrap_or("");
    before.rfind(['\n', '\r']).map_or(before, |at| &before[at + 1..]).chars().filter(|it| *it != '\u{feff}').count()
}
