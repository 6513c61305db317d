//! The corpora of OpenSLO and Pyrra: what is said of each file, and that it agrees with the verdicts of their own tools.
//!
//! Every valid file compiles, or names the feature that keeps it from it; every invalid one is refused.
//! `UPDATE=1 cargo test` writes the diagnostics anew.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use slosmith::diag::{Code, Severity};
use slosmith::source::{SourceFile, SourceKind, Sources};
use slosmith::{Compiled, compile};
use walkdir::WalkDir;

use crate::support::compile_project;

/// What may keep a valid file from compiling here: features that are named, and the usual checks of queries and alerts.
const NAMED: [Code; 9] = [
    Code::UnsupportedFeature,
    Code::UnknownReference,
    Code::BadWindow,
    Code::MissingWindow,
    Code::UnreachableThreshold,
    Code::BadSeverity,
    Code::BadTier,
    Code::PromqlSyntax,
    Code::PromqlType,
];

/// Valid to a decoder that leaves the rest to a validator, which would refuse them as we do.
const DECODED_ONLY: [&str; 2] = ["go-sdk/decode/v2alpha_slos.yaml", "go-sdk/inline/inputs/v1_slo_invalid_target.yaml"];

fn folder(format: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(format)
}

/// Compiles texts as the only ones of a project that scrapes twice a minute.
fn compile_files<'t>(texts: impl IntoIterator<Item = (&'t str, &'t str)>) -> (Sources, Compiled) {
    let mut sources = Sources::default();
    let mut add = |path: &str, kind, text: &str| {
        sources.add(SourceFile { path: path.to_owned(), kind, text: text.to_owned(), problem: None });
    };
    add("slosmith.yaml", SourceKind::Project, "defaults: {scrape_interval: 15s}\n");
    for (path, text) in texts {
        add(path, SourceKind::Spec, text);
    }
    let compiled = compile(&sources);
    (sources, compiled)
}

/// The diagnostics in one line each.
fn lines(sources: &Sources, compiled: &Compiled) -> String {
    let mut lines = String::new();
    for diagnostic in &compiled.diagnostics {
        let severity = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let span = diagnostic.primary.span;
        let line = sources.file(span.file).text[..span.start as usize].matches('\n').count() + 1;
        let (slug, message) = (diagnostic.code.slug(), &diagnostic.message);
        writeln!(lines, "  {line}: {severity}[{slug}]: {message}").unwrap();
    }
    lines
}

/// The SLOs of a rule file with their alerts; the whole of such files is compared in examples/.
fn outline(rules: &str) -> String {
    let is_told = |line: &&str| {
        line.starts_with("# shop/")
            || line.starts_with("  - alert:")
            || line.contains("_over_time(jobs")
            || line.contains("(rtt_")
    };
    let mut lines: Vec<&str> = rules.lines().filter(is_told).collect();
    lines.dedup();
    lines.join("\n")
}

fn is_refused(compiled: &Compiled) -> bool {
    compiled.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

fn errors_of(compiled: &Compiled) -> impl Iterator<Item = Code> {
    compiled.diagnostics.iter().filter(|it| it.severity == Severity::Error).map(|it| it.code)
}

/// Compares with a file, or writes it.
fn expect(path: &Path, found: &str) {
    if std::env::var_os("UPDATE").is_some() {
        fs::write(path, found).unwrap();
    }
    let expected = fs::read_to_string(path).unwrap();
    let changes =
        similar::TextDiff::from_lines(expected.as_str(), found).unified_diff().header("says", "is").to_string();
    assert!(changes.is_empty(), "{}: run UPDATE=1 cargo test\n{changes}", path.display());
}

/// Paths below `files/` with their texts.
fn corpus(format: &str) -> BTreeMap<String, String> {
    let files = folder(format).join("files");
    let entries = WalkDir::new(&files).into_iter().map(Result::unwrap).filter(|entry| entry.file_type().is_file());
    let name = |path: &Path| path.strip_prefix(&files).unwrap().to_str().unwrap().to_owned();
    entries.map(|entry| (name(entry.path()), fs::read_to_string(entry.path()).unwrap())).collect()
}

#[test]
fn openslo_files_are_read_or_told_why_not() {
    let verdicts = fs::read_to_string(folder("openslo").join("verdicts.txt")).unwrap();
    let verdicts: BTreeMap<&str, &str> =
        verdicts.lines().map(|line| line.split_once(": ").unwrap()).map(|(verdict, path)| (path, verdict)).collect();
    let (mut report, mut wrong) = (String::new(), Vec::new());
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (path, text) in corpus("openslo") {
        let (sources, compiled) = compile_files([(path.as_str(), text.as_str())]);
        let verdict = verdicts[path.as_str()];
        let refused = is_refused(&compiled);
        let named = DECODED_ONLY.contains(&path.as_str()) || errors_of(&compiled).all(|code| NAMED.contains(&code));
        if (verdict == "valid" && !named) || (verdict == "invalid" && !refused) {
            wrong.push(path.clone());
        }
        let outcome = if refused { "refused" } else { "compiled" };
        *counts.entry((verdict, outcome)).or_default() += 1;
        writeln!(report, "{path} ({verdict}): {outcome}\n{}", lines(&sources, &compiled)).unwrap();
    }
    let totals: Vec<String> =
        counts.iter().map(|((verdict, outcome), count)| format!("{verdict}, {outcome}: {count}")).collect();
    expect(&folder("openslo").join("diagnostics.txt"), &format!("{}\n\n{report}", totals.join("\n")));
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn openslo_objects_refer_to_one_another_across_files() {
    let (sources, compiled) = compile_project(&folder("openslo").join("project"));
    assert!(!is_refused(&compiled), "{}", lines(&sources, &compiled));
    let rules = compiled.outputs.iter().find(|output| output.path == "prometheus/rules/shop.yaml").unwrap();
    insta::with_settings!({snapshot_path => "openslo/snapshots", prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!("rules of a project in several files", outline(&rules.text));
        insta::assert_snapshot!("what is said of it", lines(&sources, &compiled));
    });
}

#[test]
fn pyrra_files_compile() {
    let mut report = String::new();
    for (path, text) in corpus("pyrra") {
        let (sources, compiled) = compile_files([(path.as_str(), text.as_str())]);
        assert!(!is_refused(&compiled), "{path}:\n{}", lines(&sources, &compiled));
        writeln!(report, "{path}: {} SLOs\n{}", compiled.counts.slos, lines(&sources, &compiled)).unwrap();
    }
    expect(&folder("pyrra").join("diagnostics.txt"), &report);
}

#[test]
fn pyrra_objects_are_refused_as_its_webhook_refuses_them() {
    let objects = fs::read_to_string(folder("pyrra").join("validation.jsonl")).unwrap();
    let mut report = String::new();
    for line in objects.lines() {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = serde_json::to_string(&case["object"]["spec"]).unwrap();
        let whole = serde_json::to_string(&case["object"]).unwrap();
        let (sources, compiled) = compile_files([("object.yaml", whole.as_str())]);
        let words = |key: &str| case[key].as_str().unwrap_or("none").to_owned();
        let said = lines(&sources, &compiled);
        assert_eq!(is_refused(&compiled), !case["ok"].as_bool().unwrap(), "{line}\n{said}");
        writeln!(report, "{text}\n  their error: {}\n  their warning: {}", words("error"), words("warning")).unwrap();
        writeln!(report, "{said}").unwrap();
    }
    expect(&folder("pyrra").join("validation.txt"), &report);
}

#[test]
fn pyrra_kinds_become_families() {
    let (sources, compiled) = compile_project(&folder("pyrra").join("project"));
    assert!(!is_refused(&compiled), "{}", lines(&sources, &compiled));
    let rules = compiled.outputs.iter().find(|output| output.path == "prometheus/rules/shop.yaml").unwrap();
    insta::with_settings!({snapshot_path => "pyrra/snapshots", prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!("rules of all kinds of indicators", outline(&rules.text));
        insta::assert_snapshot!("what is said of them", lines(&sources, &compiled));
    });
}

/// The rules of the service `shop`, without the comment that names the file.
fn rules_of(text: &str) -> String {
    let (sources, compiled) = compile_files([("slos/shop.yaml", text)]);
    assert!(compiled.diagnostics.is_empty(), "{text}\n{}", lines(&sources, &compiled));
    let rules = compiled.outputs.iter().find(|output| output.path == "prometheus/rules/shop.yaml").unwrap();
    rules.text.lines().filter(|line| !line.starts_with("# Generated")).flat_map(|line| [line, "\n"]).collect()
}

#[test]
fn the_same_slo_has_the_same_rules_in_every_format() {
    let file = |name: &str| fs::read_to_string(folder("front_ends").join(name)).unwrap();
    for (native, other) in [
        ("openslo-native.yaml", "openslo.yaml"),
        ("openslo-native.yaml", "openslo-v2alpha.yaml"),
        ("pyrra-native.yaml", "pyrra.yaml"),
    ] {
        let (native, rules) = (rules_of(&file(native)), rules_of(&file(other)));
        let diff = similar::TextDiff::from_lines(native.as_str(), rules.as_str());
        let changes = diff.unified_diff().header("native", other).to_string();
        assert!(changes.is_empty(), "{changes}");
    }
}
