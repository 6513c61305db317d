//! The generated tests of rules: all of them pass under promtool, and broken rules do not.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde_yaml::Value;
use slosmith::Output;
use slosmith::promql::{ParseOptions, parse};

use crate::examples::projects;
use crate::support::{Tool, compile_project, promtool};

/// Writes rules and tests; the paths of the tests.
pub fn write(folder: &Path, outputs: &[Output]) -> Vec<PathBuf> {
    let outputs = outputs.iter().filter(|output| output.path.starts_with("prometheus/"));
    let mut tests = Vec::new();
    for output in outputs {
        let path = folder.join(&output.path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &output.text).unwrap();
        if output.path.starts_with("prometheus/tests/") {
            tests.push(path);
        }
    }
    tests
}

/// Runs the tests on two cores; what promtool prints of those that fail.
pub fn run(promtool: &Tool, tests: Vec<PathBuf>) -> Vec<String> {
    let queue = Mutex::new(tests);
    let work = || {
        let mut failures = Vec::new();
        loop {
            let next = queue.lock().unwrap().pop();
            let Some(path) = next else { return failures };
            let name = path.file_name().unwrap().to_str().unwrap();
            failures.extend(promtool.run(path.parent().unwrap(), &["test", "rules", name]));
        }
    };
    std::thread::scope(|scope| {
        let threads = [scope.spawn(work), scope.spawn(work)];
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

#[test]
fn all_generated_tests_pass() {
    let Some(promtool) = promtool() else { return };
    for project in projects() {
        let work = tempfile::tempdir().unwrap();
        let tests = write(work.path(), &compile_project(&project).1.outputs);
        let failures = run(&promtool, tests);
        assert!(failures.is_empty(), "{}: {}", project.display(), failures.join("\n"));
    }
}

/// promtool would report it as well, but only where it is installed, and not what a newer Prometheus refuses.
#[test]
fn expressions_of_generated_tests_are_promql() {
    let mut count = 0;
    for project in projects() {
        for output in compile_project(&project).1.outputs {
            if !output.path.starts_with("prometheus/tests/") {
                continue;
            }
            let file: Value = serde_yaml::from_str(&output.text).unwrap();
            let tests = file["tests"].as_sequence().unwrap();
            for check in tests.iter().flat_map(|test| test["promql_expr_test"].as_sequence().unwrap()) {
                let text = check["expr"].as_str().unwrap();
                assert!(parse(text, &ParseOptions::default()).is_ok(), "{}: {text}", output.path);
                count += 1;
            }
        }
    }
    assert!(count > 100, "{count}");
}

/// Changes of a rule file that change what it does, one for each part that a test looks at.
const MUTANTS: [(&str, &str); 6] = [
    ("/ 0.0005 > 6.72", "/ 0.0005 < 6.72"),
    ("6.72 * 120", "6.75 * 120"),
    ("[2d23h58m]) > 0)", "[3d2m]) > 0)"),
    ("status=~\"5..|429\"", "status!~\"5..|429\""),
    ("      or on ()\n      slo:events:increase_fast{slo_id=\"checkout-availability\"} * 0", ""),
    ("    for: 5m\n", ""),
];

#[test]
fn broken_rules_fail_a_test() {
    let Some(promtool) = promtool() else { return };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let outputs = compile_project(root).1.outputs;
    let name = |output: &&Output| output.path.rsplit('/').next().unwrap().starts_with("checkout");
    let outputs: Vec<Output> =
        outputs.iter().filter(|output| output.path.starts_with("prometheus/")).filter(name).cloned().collect();
    for (part, broken) in MUTANTS {
        let work = tempfile::tempdir().unwrap();
        let change = |output: &Output| {
            let is_rules = output.path.starts_with("prometheus/rules/");
            let text = if is_rules { output.text.replacen(part, broken, 1) } else { output.text.clone() };
            assert!(!is_rules || text != output.text, "`{part}` is not in {}", output.path);
            Output { text, ..output.clone() }
        };
        let mutant: Vec<Output> = outputs.iter().map(change).collect();
        let failures = run(&promtool, write(work.path(), &mutant));
        assert!(!failures.is_empty(), "no test fails with `{broken}` instead of `{part}`");
    }
}

#[test]
fn tests_can_be_left_out() {
    let mut sources = compile_project(Path::new(env!("CARGO_MANIFEST_DIR"))).0;
    let mut has_tests = |targets: &str| {
        let mut all = slosmith::source::Sources::default();
        for (_, file) in sources.iter() {
            let is_project = file.kind == slosmith::source::SourceKind::Project;
            let old = "targets: {";
            assert!(!is_project || file.text.contains(old));
            let text = if is_project { file.text.replacen(old, targets, 1) } else { file.text.clone() };
            all.add(slosmith::source::SourceFile { text, ..file.clone() });
        }
        sources = all;
        let compiled = slosmith::compile(&sources);
        assert!(compiled.diagnostics.is_empty(), "{:?}", compiled.diagnostics);
        compiled.outputs.iter().any(|output| output.path.starts_with("prometheus/tests/"))
    };
    assert!(has_tests("targets: {"));
    assert!(!has_tests("targets: {tests: off, "));
}
