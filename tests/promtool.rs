//! promtool accepts every generated rule, and proves what the shop's causes do.

use std::fs;
use std::path::Path;

use serde_yaml::Value;
use slosmith::Output;

use crate::examples::projects;
use crate::support::{Tool, compile_project, promtool};

/// Writes a file and the folders that it lies in.
fn write_file(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// The files of a folder, sorted, without their folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = entries.collect();
    names.sort();
    names
}

/// A rule file without its SLOs, which causes do not read: promtool evaluates ten times as fast.
fn causes(text: &str) -> String {
    let mut file: Value = serde_yaml::from_str(text).unwrap();
    let is_cause = |group: &Value| group["name"].as_str().unwrap().starts_with("alerts-");
    file["groups"].as_sequence_mut().unwrap().retain(is_cause);
    serde_yaml::to_string(&file).unwrap()
}

#[test]
fn promtool_accepts_all_generated_rules() {
    let Some(promtool) = promtool() else { return };
    for project in projects() {
        let work = tempfile::tempdir().unwrap();
        for output in compile_project(&project).1.outputs {
            write_file(&work.path().join(&output.path), &output.text);
        }
        let rules = work.path().join("prometheus/rules");
        let names = names(&rules);
        let mut arguments = vec!["check", "rules", "--lint-fatal"];
        arguments.extend(names.iter().map(String::as_str));
        assert_eq!(promtool.run(&rules, &arguments), None, "{}", project.display());
    }
}

/// Writes rule files, then runs the promtool tests of a folder of tests/promtool against them.
fn prove(promtool: &Tool, folder: &str, rules: &[(&str, String)]) {
    let work = tempfile::tempdir().unwrap();
    for (path, text) in rules {
        write_file(&work.path().join("generated").join(path), text);
    }
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/promtool").join(folder);
    let tests = work.path().join("tests/promtool").join(folder);
    for name in names(&source) {
        write_file(&tests.join(&name), &fs::read_to_string(source.join(&name)).unwrap());
    }
    let run = |name: &String| promtool.run(&tests, &["test", "rules", name]);
    let names = names(&tests);
    let failures = std::thread::scope(|scope| {
        let handles: Vec<_> = names.iter().map(|name| scope.spawn(move || run(name))).collect();
        handles.into_iter().filter_map(|handle| handle.join().unwrap()).collect::<Vec<_>>()
    });
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The shop's rule files.
fn shop_rules() -> Vec<Output> {
    let (_, compiled) = compile_project(Path::new(env!("CARGO_MANIFEST_DIR")));
    compiled.outputs.into_iter().filter(|output| output.path.starts_with("prometheus/rules/")).collect()
}

#[test]
fn causes_of_the_shop_fire_and_are_silent_when_they_should() {
    let Some(promtool) = promtool() else { return };
    let rules = shop_rules();
    let rules: Vec<_> = rules.iter().map(|output| (output.path.as_str(), causes(&output.text))).collect();
    prove(&promtool, "shop", &rules);
}

#[test]
fn every_slo_of_the_shop_finds_its_series() {
    let Some(promtool) = promtool() else { return };
    let rules = shop_rules();
    let rules: Vec<_> = rules.iter().map(|output| (output.path.as_str(), output.text.clone())).collect();
    prove(&promtool, "slos", &rules);
}

#[test]
fn every_cause_of_the_shop_is_proven() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("tests/promtool/shop");
    let tests: String = names(&folder).iter().map(|name| fs::read_to_string(folder.join(name)).unwrap()).collect();
    let rules = shop_rules();
    let alerts =
        rules.iter().flat_map(|output| output.text.lines()).filter_map(|line| line.trim().strip_prefix("- alert: "));
    let causes: Vec<&str> = alerts.filter(|name| !name.starts_with("SLO") && !name.ends_with("BudgetBurn")).collect();
    assert!(causes.len() > 50, "{causes:?}");
    let missing: Vec<&&str> = causes.iter().filter(|name| !tests.contains(&format!("\"{name}\""))).collect();
    assert!(missing.is_empty(), "without a test in tests/promtool/shop: {missing:?}");
}
