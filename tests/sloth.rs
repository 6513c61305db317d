//! The front end for Sloth, on the files that Sloth itself is tested with.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use slosmith::diag::Severity;
use slosmith::source::{SourceFile, SourceKind};
use slosmith::{compile, gather};

/// The corpus: files that Sloth reads, and files that it refuses.
fn corpus(folder: &str) -> Vec<PathBuf> {
    let root = Path::new("tests/sloth").join(folder);
    let mut paths: Vec<PathBuf> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// The problems of a file by itself, as lines of their own.
fn report(path: &Path) -> (String, usize) {
    let text = fs::read_to_string(path).unwrap();
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let gathered = gather(None, |wanted| {
        let file =
            SourceFile { path: format!("slos/{name}"), kind: SourceKind::Spec, text: text.clone(), problem: None };
        let files = match wanted {
            slosmith::source::Wanted::Inputs { .. } => vec![file],
            slosmith::source::Wanted::Project | slosmith::source::Wanted::Metrics(_) => Vec::new(),
        };
        Ok::<_, ()>(files)
    });
    let sources = gathered.unwrap().sources;
    let compiled = compile(&sources);
    let mut report = format!("{name}: {} outputs\n", compiled.outputs.len());
    for problem in &compiled.diagnostics {
        let level = if problem.severity == Severity::Error { "error" } else { "warning" };
        let text = &sources.file(problem.primary.span.file).text;
        let line = text[..problem.primary.span.start as usize].matches('\n').count() + 1;
        writeln!(report, "  {line}: {level}[{}]: {}", problem.code.slug(), problem.message).unwrap();
    }
    (report, compiled.outputs.len())
}

fn reports(folder: &str) -> (String, Vec<usize>) {
    let reports: Vec<_> = corpus(folder).iter().map(|path| report(path)).collect();
    reports.into_iter().unzip()
}

#[test]
fn files_that_sloth_reads_compile_or_say_why_not() {
    let (reports, _) = reports("valid");
    insta::assert_snapshot!(reports);
}

#[test]
fn files_that_sloth_refuses_are_refused() {
    let (reports, outputs) = reports("invalid");
    assert!(outputs.iter().all(|outputs| *outputs == 0), "{reports}");
    insta::assert_snapshot!(reports);
}
