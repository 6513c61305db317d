//! Every generated board is what Grafana reads: its schema, what the schema misses, the linter's rules, answered queries.

mod answers;
mod asked;
mod linter;
mod mutations;
mod outline;
mod structure;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use slosmith::Compiled;

use crate::examples::projects;
use crate::support::{compile_project, print_diagnostics};
use linter::Exclusions;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/dashboards")
}

/// The project that has every kind of board.
fn every_kind() -> Compiled {
    let (sources, compiled) = compile_project(&folder().join("project"));
    assert_eq!(print_diagnostics(&sources, &compiled), "");
    compiled
}

/// Every board of a project, with its path.
fn boards(compiled: &Compiled) -> Vec<(String, Value)> {
    let is_board = |path: &str| path.starts_with("grafana/dashboards/") && !path.ends_with("/.lint");
    let outputs = compiled.outputs.iter().filter(|output| is_board(&output.path));
    outputs.map(|output| (output.path.clone(), serde_json::from_str(&output.text).unwrap())).collect()
}

/// Every board of the shop, the examples and the project that has every kind.
fn all_boards() -> Vec<(String, Value)> {
    let projects = projects().into_iter().map(|project| compile_project(&project).1);
    projects.chain([every_kind(), asked::project()]).flat_map(|compiled| boards(&compiled)).collect()
}

/// All panels of a board, rows and those in collapsed rows included.
fn panels(board: &Value) -> Vec<&Value> {
    let outer = board["panels"].as_array().unwrap();
    outer
        .iter()
        .flat_map(|panel| std::iter::once(panel).chain(panel["panels"].as_array().into_iter().flatten()))
        .collect()
}

fn schema() -> jsonschema::Validator {
    let text = fs::read_to_string(folder().join("grafana.schema.json")).unwrap();
    jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
}

fn schema_errors(schema: &jsonschema::Validator, board: &Value) -> Vec<String> {
    schema.iter_errors(board).map(|error| format!("{}: {error:.300}", error.instance_path())).collect()
}

#[test]
fn boards_match_the_schema_of_grafana() {
    let schema = schema();
    for (path, board) in all_boards() {
        let errors = schema_errors(&schema, &board);
        assert!(errors.is_empty(), "{path}:\n{}", errors.join("\n"));
    }
}

#[test]
fn boards_are_what_the_schema_cannot_say() {
    let boards = all_boards();
    assert!(boards.len() > 10, "{}", boards.len());
    for (path, board) in boards {
        let faults = structure::faults(&board);
        assert!(faults.is_empty(), "{path}:\n{}", faults.join("\n"));
    }
}

/// What a project tells the linter to leave out in the folder of a board.
fn exclusions(compiled: &Compiled, path: &str) -> Exclusions {
    let folder = path.rsplit_once('/').unwrap().0;
    let file = compiled.outputs.iter().find(|output| output.path == format!("{folder}/.lint"));
    file.map(|output| Exclusions::read(&output.text)).unwrap_or_default()
}

#[test]
fn boards_obey_the_linter_but_for_what_is_left_out() {
    let compiled =
        projects().into_iter().map(|project| compile_project(&project).1).chain([every_kind(), asked::project()]);
    for compiled in compiled {
        for (path, board) in boards(&compiled) {
            let exclusions = exclusions(&compiled, &path);
            let faults = linter::faults(&board).into_iter().filter(|fault| !exclusions.leaves_out(&board, fault));
            let faults: Vec<String> = faults.map(|fault| fault.to_string()).collect();
            assert!(faults.is_empty(), "{path}:\n{}", faults.join("\n"));
        }
    }
}

#[test]
fn nothing_is_left_out_without_need() {
    for compiled in
        projects().into_iter().map(|project| compile_project(&project).1).chain([every_kind(), asked::project()])
    {
        let boards = boards(&compiled);
        let folders: BTreeSet<&str> = boards.iter().map(|(path, _)| path.rsplit_once('/').unwrap().0).collect();
        for folder in folders {
            let inside = boards.iter().filter(|(path, _)| path.rsplit_once('/').unwrap().0 == folder);
            let faults: Vec<_> = inside.map(|(_, board)| (board, linter::faults(board))).collect();
            let unused = exclusions(&compiled, &format!("{folder}/x")).unused(&faults);
            assert!(unused.is_empty(), "{folder}:\n{}", unused.join("\n"));
        }
    }
}

#[test]
fn numbers_are_exact() {
    let texts =
        projects().into_iter().map(|project| compile_project(&project).1).chain([every_kind(), asked::project()]);
    for output in texts.flat_map(|compiled| compiled.outputs) {
        if output.path.starts_with("grafana/") {
            assert_eq!(long_run(&output.text), None, "{}", output.path);
            assert!(output.text.ends_with('\n') && !output.text.ends_with("\n\n"), "{}", output.path);
        }
    }
}

/// A fraction with six zeros or nines one after the other: the mark of binary arithmetic. A factor of 0.9333... is none.
fn long_run(text: &str) -> Option<&str> {
    let fractions = text.split('.').skip(1);
    let mut digits = fractions.map(|rest| &rest[..rest.bytes().take_while(u8::is_ascii_digit).count()]);
    digits.find(|digits| digits.contains("000000") || digits.contains("999999"))
}
