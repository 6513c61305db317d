//! The error corpus: specs with what is reported about them in comments under the lines; `UPDATE=1 cargo test` rewrites them.
//!
//! A comment in column 0 with carets, or with dashes for a place that takes part, stands under what it marks; in the first
//! column, its `#` is the first caret. Such comments are taken out before the file is compiled, so that they may stand
//! anywhere, even within a block of text. A line `#--- path` begins another file of the same project.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use slosmith::diag::{Code, Diagnostic, Severity};
use slosmith::source::{FileId, ReadProblem, SourceFile, SourceKind, Sources, Span};

use crate::support::diagnostics;

/// What begins another file.
const FILE_MARK: &str = "#--- ";

fn corpus() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/errors");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// Whether a line is an expectation.
fn is_annotation(line: &str) -> bool {
    let Some(comment) = line.strip_prefix('#') else {
        return false;
    };
    let text = comment.trim_start_matches([' ', '^', '-', '<']);
    let marks = ["error[", "warning[", "at[", "help: ", "note: "];
    marks.iter().any(|mark| text.starts_with(mark))
}

/// The files of a corpus file, without expectations, and the line that begins each, if it is written.
fn read(text: &str, name: &str) -> Vec<(Option<String>, SourceFile)> {
    let mut files: Vec<(Option<String>, SourceFile)> = Vec::new();
    for line in text.split_inclusive('\n').filter(|line| !is_annotation(line)) {
        if let Some(rest) = line.strip_prefix(FILE_MARK) {
            files.push((Some(line.to_owned()), empty(rest.trim_end())));
            continue;
        }
        if files.is_empty() {
            files.push((None, empty(&format!("slos/{name}"))));
        }
        files.last_mut().unwrap().1.text.push_str(line);
    }
    files
}

/// A file of a path, behind which may stand why it cannot be read.
fn empty(header: &str) -> SourceFile {
    let (path, problem) = header.split_once(' ').map_or((header, None), |(path, problem)| (path, Some(problem)));
    let problem = problem.map(|problem| match problem {
        "not UTF-8" => ReadProblem::NotUtf8(0),
        "outside" => ReadProblem::OutsideProject,
        "too large" => ReadProblem::TooLarge(100_000_000),
        _ => panic!("unknown problem {problem}"),
    });
    let kind = match path {
        "slosmith.yaml" => SourceKind::Project,
        "metrics.yaml" => SourceKind::Metrics,
        _ if Path::new(path).extension().is_some_and(|extension| extension == "md") => SourceKind::RunbookText,
        _ => SourceKind::Spec,
    };
    SourceFile { path: path.to_owned(), kind, text: String::new(), problem }
}

/// The expectations of each line of each file.
type Annotations = BTreeMap<(FileId, usize), Vec<String>>;

/// Adds a mark under the first line of a span; `sign` is what underlines it.
fn mark(sources: &Sources, span: Span, sign: char, words: &str, annotations: &mut Annotations) -> (FileId, usize) {
    let text = &sources.file(span.file).text;
    let start = (span.start as usize).min(text.len());
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let covered = sources.slice(span);
    let first = covered.lines().next().unwrap_or("");
    let column = text[line_start..start].chars().count();
    let width = first.chars().count().max(1);
    let carets = if column == 0 { width - 1 } else { width };
    let more = covered.trim_end().lines().count();
    let more = if more > 1 { format!(" ({more} lines)") } else { String::new() };
    let indent = " ".repeat(column.saturating_sub(1));
    let underline = sign.to_string().repeat(carets);
    let line = text[..line_start].matches('\n').count();
    annotations.entry((span.file, line)).or_default().push(format!("#{indent}{underline} {words}{more}"));
    (span.file, line)
}

fn annotate(sources: &Sources, diagnostic: &Diagnostic, annotations: &mut Annotations) {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let slug = diagnostic.code.slug();
    let mut words = format!("{severity}[{slug}]: {}", diagnostic.message);
    if !diagnostic.primary.message.is_empty() {
        write!(words, " | {}", diagnostic.primary.message).unwrap();
    }
    let place = mark(sources, diagnostic.primary.span, '^', &words.replace('\n', " / "), annotations);
    let notes = diagnostic.notes.iter().map(|note| format!("note: {note}"));
    let helps = diagnostic.helps.iter().map(|help| match &help.replacement {
        Some((_, text)) if !help.message.contains(text.trim()) => format!("help: {}: `{}`", help.message, text.trim()),
        Some(_) | None => format!("help: {}", help.message),
    });
    for words in notes.chain(helps) {
        annotations.entry(place).or_default().push(format!("#   {}", words.replace('\n', " / ")));
    }
    for label in &diagnostic.secondary {
        mark(sources, label.span, '-', &format!("at[{slug}]: {}", label.message), annotations);
    }
}

/// A corpus file with the expectations that are true, and the codes that it raises.
fn rewrite(text: &str, name: &str) -> (String, BTreeSet<Code>) {
    let files = read(text, name);
    let mut sources = Sources::default();
    let ids: Vec<FileId> = files.iter().map(|(_, file)| sources.add(file.clone())).collect();
    let diagnostics = diagnostics(&sources);
    let mut annotations = Annotations::new();
    for diagnostic in &diagnostics {
        annotate(&sources, diagnostic, &mut annotations);
    }
    let mut out = String::new();
    for ((header, file), id) in files.iter().zip(ids) {
        out.push_str(header.as_deref().unwrap_or_default());
        let lines: Vec<&str> = file.text.split_inclusive('\n').collect();
        for number in 0..=lines.len() {
            out.push_str(lines.get(number).unwrap_or(&""));
            if let Some(expected) = annotations.get(&(id, number)) {
                let is_broken_off = !out.is_empty() && !out.ends_with('\n');
                out.push_str(if is_broken_off { "\n" } else { "" });
                out.extend(expected.iter().flat_map(|line| [line.as_str(), "\n"]));
            }
        }
    }
    (out, diagnostics.iter().map(|diagnostic| diagnostic.code).collect())
}

#[test]
fn every_file_reports_what_it_says() {
    let is_update = std::env::var_os("UPDATE").is_some();
    let mut wrong = Vec::new();
    for path in corpus() {
        let name = path.file_name().unwrap().to_str().unwrap();
        let text = fs::read_to_string(&path).unwrap();
        let (expected, _) = rewrite(&text, name);
        if expected == text {
            continue;
        }
        if is_update {
            fs::write(&path, expected).unwrap();
            continue;
        }
        let changes =
            similar::TextDiff::from_lines(&text, &expected).unified_diff().header("says", "reports").to_string();
        wrong.push(format!("{name}\n{changes}"));
    }
    assert!(wrong.is_empty(), "{}\nUPDATE=1 cargo test rewrites the expectations", wrong.join("\n"));
}

#[test]
fn every_code_is_reported_by_the_file_of_its_name() {
    let mut missing: BTreeSet<&str> = Code::ALL.iter().map(|code| code.slug()).collect();
    for path in corpus() {
        let name = path.file_name().unwrap().to_str().unwrap();
        let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
        let (_, codes) = rewrite(&fs::read_to_string(&path).unwrap(), name);
        if codes.iter().any(|code| code.slug() == stem) {
            missing.remove(stem);
        }
    }
    assert!(missing.is_empty(), "no file in tests/errors reports {missing:?}");
}
