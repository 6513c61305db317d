//! What users read about input that cannot be used.

use slosmith::diag::Sink;
use slosmith::parse::decl::WindowDecl;
use slosmith::source::{ReadProblem, SourceFile, SourceKind, Sources};

use super::{read, report, sources};

/// The cases of a file, each with what is said about it.
fn reports(cases: &str, say: impl Fn(&str) -> String) -> String {
    let cases = cases.split("\n=====\n");
    let reports: Vec<String> = cases.map(|case| format!("{case}\n-----\n{}=====\n", say(case))).collect();
    reports.concat()
}

/// Text that is no YAML, or not what its writer takes it for.
#[test]
fn yaml() {
    let reports = reports(include_str!("yaml.txt"), |case| {
        let report = read(case).1;
        assert!(!report.is_empty(), "nothing is said about:\n{case}");
        report
    });
    insta::assert_snapshot!(reports);
}

/// Whole files: empty ones, other formats, several documents.
#[test]
fn files() {
    let reports = reports(include_str!("files.txt"), |case| {
        let report = read(case).1;
        assert!(!report.is_empty(), "nothing is said about:\n{case}");
        report
    });
    insta::assert_snapshot!(reports);
}

/// Keys and values of specs.
#[test]
fn specs() {
    let reports = reports(include_str!("specs.txt"), |case| {
        let report = read(&format!("apiVersion: slosmith/v1\nservice: cart\n{case}\n")).1;
        assert!(!report.is_empty(), "nothing is said about:\n{case}");
        report
    });
    insta::assert_snapshot!(reports);
}

/// Project files; the declaration stands behind the problems.
#[test]
fn projects() {
    let reports = reports(include_str!("projects.txt"), |case| {
        let (sources, file) = sources(case);
        let mut sink = Sink::default();
        let project = slosmith::parse::project(&sources, file, &mut sink);
        let values = |texts: &[slosmith::source::Text]| texts.iter().map(|text| text.value.clone()).collect::<Vec<_>>();
        let lint: Vec<_> = project.lint.iter().map(|(code, level)| (&code.value, &level.value)).collect();
        let output = project.output.as_ref().map(|text| &text.value);
        let window = project.defaults.window.as_ref().and_then(|window| match window {
            WindowDecl::Rolling(text) => Some(&text.value),
            WindowDecl::Calendar { .. } => None,
        });
        let read = format!("inputs {:?} output {output:?} window {window:?} lint {lint:?}", values(&project.inputs));
        format!("{}{read}\n", report(&sources, &sink))
    });
    insta::assert_snapshot!(reports);
}

/// Files without usable text.
#[test]
fn unreadable_files() {
    let problems = [
        (ReadProblem::NotUtf8(9), "service: \u{fffd}"),
        (ReadProblem::NotUtf8(0), "\u{fffd}\u{fffd}a\0p\0i\0"),
        (ReadProblem::OutsideProject, ""),
        (ReadProblem::TooLarge(70_000_000), ""),
    ];
    let mut out = String::new();
    for (problem, text) in problems {
        let mut sources = Sources::default();
        let file = sources.add(SourceFile {
            path: "slos/cart.yaml".to_owned(),
            kind: SourceKind::Spec,
            text: text.to_owned(),
            problem: Some(problem),
        });
        let mut sink = Sink::default();
        assert!(slosmith::parse::spec(&sources, file, &mut sink).is_none());
        out += &report(&sources, &sink);
    }
    insta::assert_snapshot!(out);
}
