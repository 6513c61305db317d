//! The manifest: every output with its checksum, and the lines of the sources that its parts come from.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rayon::prelude::*;
use serde_json::Value;

use crate::source::{FileId, SourceKind, Sources, Span};
use crate::{Made, Origin};

/// Its path below the output folder.
pub const PATH: &str = "manifest.json";

/// The text of the manifest of some outputs, which must be sorted by path.
///
/// It depends on nothing but the texts: not on the clock, the machine or the version of slosmith.
#[must_use]
pub fn manifest(outputs: &[Made], sources: &Sources) -> String {
    let lines = line_starts(outputs, sources);
    let entries: Vec<String> = outputs.par_iter().map(|output| entry(output, sources, &lines)).collect();
    let mut text = String::with_capacity(100 + entries.iter().map(|entry| entry.len() + 2).sum::<usize>());
    text.push_str("{\n  \"generator\": \"slosmith\",\n  \"files\": {");
    let (before, after) = if entries.is_empty() { ("", "}\n}\n") } else { ("\n", "\n  }\n}\n") };
    text.push_str(before);
    for (index, entry) in entries.into_iter().enumerate() {
        text.push_str(if index == 0 { "" } else { ",\n" });
        text.push_str(&entry);
    }
    text.push_str(after);
    text
}

/// The offsets of the lines of the files that outputs come from.
type LineStarts = BTreeMap<FileId, Vec<usize>>;

fn line_starts(outputs: &[Made], sources: &Sources) -> LineStarts {
    let mut starts = LineStarts::new();
    for origin in outputs.iter().flat_map(|output| &output.origins) {
        starts.entry(origin.span.file).or_insert_with(|| {
            let text = &sources.file(origin.span.file).text;
            std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect()
        });
    }
    starts
}

fn entry(output: &Made, sources: &Sources, lines: &LineStarts) -> String {
    let mut text = format!("    {}: {{\n      \"sha256\": \"", quoted(output.path()));
    for byte in output.fingerprint.sha256 {
        let _ = write!(text, "{byte:02x}");
    }
    text.push_str("\",\n      \"from\": [");
    let mut separator = "\n";
    for origin in &output.origins {
        if let Some(line) = origin_line(origin, sources, lines) {
            let _ = write!(text, "{separator}        {line}");
            separator = ",\n";
        }
    }
    text.push_str(if separator == "\n" { "]\n    }" } else { "\n      ]\n    }" });
    text
}

/// One origin; nothing for what comes with slosmith.
fn origin_line(origin: &Origin, sources: &Sources, lines: &LineStarts) -> Option<String> {
    let file = sources.file(origin.span.file);
    match file.kind {
        SourceKind::BuiltIn => return None,
        SourceKind::Project | SourceKind::Spec | SourceKind::RunbookText | SourceKind::Metrics => {}
    }
    let (first, last) = span_lines(origin.span, lines.get(&origin.span.file)?, &file.text);
    let (part, path) = (quoted(&origin.part), quoted(&file.path));
    Some(format!("{{ \"part\": {part}, \"source\": {path}, \"lines\": [{first}, {last}] }}"))
}

/// The first and the last line of a span, from 1; white space at its end does not count.
fn span_lines(span: Span, starts: &[usize], text: &str) -> (usize, usize) {
    let (start, end) = (span.start as usize, (span.end as usize).min(text.len()));
    let covered = text.get(start..end).unwrap_or("").trim_end();
    let last = start + covered.len().saturating_sub(1);
    let line = |offset: usize| starts.partition_point(|first| *first <= offset);
    (line(start), line(last))
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use crate::Fingerprint;
    use crate::source::SourceFile;

    use super::*;

    #[test]
    fn lines_count_from_one_and_end_with_the_text() {
        let mut sources = Sources::default();
        let file = SourceFile {
            path: "slos/a.yaml".to_owned(),
            kind: SourceKind::Spec,
            text: "a: 1\nb:\n- c\n- d\n\ne: 2\n".to_owned(),
            problem: None,
        };
        let id = sources.add(file);
        let origin = |start, end| Origin { part: "p".to_owned(), span: Span::new(id, start, end) };
        let origins = vec![origin(0, 4), origin(5, 17), origin(17, 17), origin(17, 999)];
        let fingerprint = Fingerprint { path: "x/y.md".to_owned(), length: 0, sha256: [0; 32] };
        let text = manifest(&[Made { fingerprint, origins }], &sources);
        let manifest: Value = serde_json::from_str(&text).unwrap();
        let from = &manifest["files"]["x/y.md"]["from"];
        let lines: Vec<_> = from.as_array().unwrap().iter().map(|entry| entry["lines"].to_string()).collect();
        assert_eq!(lines, ["[1,1]", "[2,4]", "[6,6]", "[6,6]"]);
    }

    #[test]
    fn no_outputs_are_a_manifest_too() {
        let text = manifest(&[], &Sources::default());
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["files"], Value::Object(serde_json::Map::default()));
    }
}
