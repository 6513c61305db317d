//! Composites are what their components make together, evaluated by promtool: missing and idle ones, nested ones, midnight.

use std::fs;
use std::path::Path;

use serde_yaml::Value;

use crate::support::{compile_project, promtool};

const TESTS: [&str; 2] = ["fast_test.yaml", "nested_test.yaml"];

/// The groups of composites alone: what components record is given, and their own rules would write something else.
fn without_components(rules: &str) -> String {
    let mut file: Value = serde_yaml::from_str(rules).unwrap();
    let groups = file["groups"].as_sequence_mut().unwrap();
    groups.retain(|group| !["slo-shop-search", "slo-shop-cart"].iter().any(|name| is_of(group, name)));
    serde_yaml::to_string(&file).unwrap()
}

fn is_of(group: &Value, name: &str) -> bool {
    group["name"].as_str().unwrap().starts_with(name)
}

#[test]
fn composites_are_what_their_components_make_together() {
    let Some(promtool) = promtool() else { return };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/composite");
    let (_, compiled) = compile_project(&folder);
    let rules = compiled.outputs.iter().find(|output| output.path == "prometheus/rules/shop.yaml").unwrap();
    let work = tempfile::tempdir().unwrap();
    fs::write(work.path().join("rules.yaml"), without_components(&rules.text)).unwrap();
    for test in TESTS {
        fs::copy(folder.join(test), work.path().join(test)).unwrap();
        let failure = promtool.run(work.path(), &["test", "rules", test]);
        assert!(failure.is_none(), "{}", failure.unwrap_or_default());
    }
}
