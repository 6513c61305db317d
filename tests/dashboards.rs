//! Every generated board is what Grafana reads: its schema, what the schema misses, the linter's rules.

use std::fs;
use std::path::Path;

use serde_json::Value;
use slosmith::Compiled;

use crate::examples::projects;
use crate::support::compile_project;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every board of a project, with its path.
fn boards(compiled: &Compiled) -> Vec<(String, Value)> {
    let is_board = |path: &str| path.starts_with("grafana/dashboards/");
    let outputs = compiled.outputs.iter().filter(|output| is_board(&output.path));
    outputs.map(|output| (output.path.clone(), serde_json::from_str(&output.text).unwrap())).collect()
}

fn schema() -> jsonschema::Validator {
    let text = fs::read_to_string(root().join("tests/dashboards/grafana.schema.json")).unwrap();
    jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
}

#[test]
fn boards_match_the_schema_of_grafana() {
    let schema = schema();
    for project in projects() {
        let (_, compiled) = compile_project(&project);
        for (path, board) in boards(&compiled) {
            let errors: Vec<_> =
                schema.iter_errors(&board).map(|error| format!("{}: {error:.300}", error.instance_path())).collect();
            assert!(errors.is_empty(), "{path}:\n{}", errors.join("\n"));
        }
    }
}
