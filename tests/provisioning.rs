//! What Grafana reads when it starts, and the objects of Kubernetes: each is what its schema says, and carries what was written.

mod alerting;
mod kubernetes;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use slosmith::source::{SourceFile, SourceKind, Sources};
use slosmith::{Compiled, compile};

use crate::examples::projects;
use crate::support::{compile_project, print_diagnostics};

const DATASOURCES: &str = "grafana/provisioning/datasources/slosmith.yaml";
const PROVIDERS: &str = "grafana/provisioning/dashboards/slosmith.yaml";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/provisioning")
}

fn validator(file: &str, definition: &str) -> jsonschema::Validator {
    let mut schema: Value = serde_json::from_str(&fs::read_to_string(folder().join(file)).unwrap()).unwrap();
    schema["$ref"] = json!(format!("#/definitions/{definition}"));
    jsonschema::validator_for(&schema).unwrap()
}

fn errors(validator: &jsonschema::Validator, value: &Value) -> Vec<String> {
    validator.iter_errors(value).map(|error| format!("{}: {error:.300}", error.instance_path())).collect()
}

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap()
}

fn text<'a>(compiled: &'a Compiled, path: &str) -> &'a str {
    &compiled.outputs.iter().find(|output| output.path == path).unwrap_or_else(|| panic!("no {path}")).text
}

/// Compiles a service beside a project file.
fn with_project(project: &str) -> Compiled {
    let spec =
        "apiVersion: slosmith/v1\nservice: cart\nslos:\n- {name: up, target: 99%, sli: {up: 'up{job=\"cart\"}'}}\n";
    let mut sources = Sources::default();
    for (path, kind, text) in
        [("slosmith.yaml", SourceKind::Project, project), ("slos/cart.yaml", SourceKind::Spec, spec)]
    {
        sources.add(SourceFile { path: path.to_owned(), kind, text: text.to_owned(), problem: None });
    }
    let compiled = compile(&sources);
    assert_eq!(print_diagnostics(&sources, &compiled), "");
    compiled
}

#[test]
fn every_project_provisions_what_the_page_of_grafana_describes() {
    let sources = validator("grafana.schema.json", "datasources");
    let providers = validator("grafana.schema.json", "providers");
    for project in projects() {
        let compiled = compile_project(&project).1;
        for (validator, path) in [(&sources, DATASOURCES), (&providers, PROVIDERS)] {
            let found = errors(validator, &yaml(text(&compiled, path)));
            assert!(found.is_empty(), "{} {path}:\n{}", project.display(), found.join("\n"));
        }
        let read = yaml(text(&compiled, DATASOURCES));
        let defaults = read["datasources"].as_array().unwrap().iter().filter(|source| source["isDefault"] == true);
        assert_eq!(defaults.count(), 1, "Grafana does not start with two of them");
    }
}

#[test]
fn damage_to_provisioning_is_found() {
    let (sources, providers) =
        (validator("grafana.schema.json", "datasources"), validator("grafana.schema.json", "providers"));
    let compiled = with_project("datasource: {alertmanager: 'http://alertmanager:9093'}\n");
    let damages = [
        (&sources, DATASOURCES, "/datasources/0/uid", json!("no uid")),
        (&sources, DATASOURCES, "/datasources/0/type", json!("alertmanager")),
        (&sources, DATASOURCES, "/datasources/1/jsonData/implementation", json!("grafana")),
        (&sources, DATASOURCES, "/datasources/0/jsonData/timeInterval", json!(15)),
        (&sources, DATASOURCES, "/apiVersion", json!(2)),
        (&providers, PROVIDERS, "/providers/0/options/path", json!("dashboards")),
        (&providers, PROVIDERS, "/providers/0/options/foldersFromFilesStructure", json!(false)),
    ];
    for (validator, path, pointer, value) in damages {
        let mut read = yaml(text(&compiled, path));
        assert_eq!(errors(validator, &read), Vec::<String>::new());
        *read.pointer_mut(pointer).unwrap_or_else(|| panic!("nothing at {pointer}")) = value;
        assert!(!errors(validator, &read).is_empty(), "{pointer}");
    }
}

/// What Grafana makes of a value: `$$` divides it, and in each part variables of the environment are filled in.
fn expanded(text: &str, environment: &[(&str, &str)]) -> String {
    let parts: Vec<String> = text.split("$$").map(|part| filled(part, environment)).collect();
    parts.join("$")
}

fn filled(text: &str, environment: &[(&str, &str)]) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        let (name, tail) = match after.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
            Some((name, tail)) => (name, tail),
            None => after.split_at(after.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(after.len())),
        };
        out.push_str(environment.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value));
        rest = tail;
    }
    out + rest
}

#[test]
fn only_addresses_are_filled_from_the_environment() {
    let compiled = with_project(
        "datasource:\n  name: US$ $HOME\n  url: http://$HOST:${PORT}/a$-b\n  alertmanager: {name: '$$', url: $ALERTS}\n",
    );
    let environment = [("HOST", "prometheus"), ("PORT", "9090"), ("ALERTS", "http://alerts:9093"), ("HOME", "/root")];
    let read = yaml(text(&compiled, DATASOURCES));
    let value = |pointer: &str| expanded(read.pointer(pointer).unwrap().as_str().unwrap(), &environment);
    assert_eq!(value("/datasources/0/name"), "US$ $HOME");
    assert_eq!(value("/datasources/0/url"), "http://prometheus:9090/a$-b");
    assert_eq!(value("/datasources/1/name"), "$$");
    assert_eq!(value("/datasources/1/url"), "http://alerts:9093");
}

#[test]
fn grafana_knows_the_scrape_interval_and_the_version() {
    let data = |project: &str, key: &str| {
        yaml(text(&with_project(project), DATASOURCES))["datasources"][0]["jsonData"][key].clone()
    };
    assert_eq!(data("", "timeInterval"), "1m");
    assert_eq!(data("defaults: {scrape_interval: 15s}\n", "timeInterval"), "15s");
    assert_eq!(data("defaults: {scrape_interval: 2m}\n", "timeInterval"), "2m");
    assert_eq!(data("", "prometheusVersion"), Value::Null);
    assert_eq!(data("targets: {prometheus: '2.53'}\n", "prometheusVersion"), "2.53.0");
}

#[test]
fn nothing_provisioned_holds_a_secret() {
    for project in projects() {
        for output in compile_project(&project).1.outputs {
            if output.path.starts_with("grafana/provisioning/") {
                for word in ["secureJsonData", "assword", "token"] {
                    assert!(!output.text.contains(word), "{}: {word}", output.path);
                }
            }
        }
    }
}

/// What Grafana's reader of files says of some boards, as it reads one folder level below the provider's path.
fn reader_faults(boards: &[(&str, &str)]) -> Vec<String> {
    let mut faults = Vec::new();
    let (mut uids, mut titles) = (BTreeSet::new(), BTreeSet::new());
    for (path, text) in boards {
        let Ok(board) = serde_json::from_str::<Value>(text) else {
            faults.push(format!("{path}: no JSON"));
            continue;
        };
        let (uid, title) = (board["uid"].as_str().unwrap_or_default(), board["title"].as_str().unwrap_or_default());
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for (is_so, words) in [
            (path.matches('/').count() != 1, "not in a folder of the first level"),
            (title.is_empty(), "no title"),
            (uid.is_empty(), "no uid, so that links break"),
            (uid.len() > 40, "a uid that is too long"),
            (board["id"] != Value::Null, "an id of some other database"),
            (!uids.insert(uid.to_owned()), "the uid of another board"),
            (!titles.insert((folder.to_owned(), title.to_lowercase())), "the title of another board in its folder"),
        ] {
            if is_so {
                faults.push(format!("{path}: {words}"));
            }
        }
    }
    faults
}

#[test]
fn grafana_reads_every_board() {
    for project in projects() {
        let compiled = compile_project(&project).1;
        let inside = compiled.outputs.iter().filter_map(|output| {
            let path = output.path.strip_prefix("grafana/dashboards/")?;
            (!path.ends_with("/.lint")).then_some((path, output.text.as_str()))
        });
        let boards: Vec<_> = inside.collect();
        assert!(boards.len() >= 2, "{}", project.display());
        assert_eq!(reader_faults(&boards), Vec::<String>::new(), "{}", project.display());
    }
}

#[test]
fn the_reader_of_files_finds_what_grafana_would() {
    let board = |uid: &str, title: &str| json!({"uid": uid, "title": title}).to_string();
    let whole = json!({"dashboard": {"uid": "a", "title": "A"}}).to_string();
    let (long, numbered) = (board(&"a".repeat(41), "C"), json!({"uid": "n", "title": "N", "id": 7}).to_string());
    let (good, other) = (board("a", "A"), board("b", "A"));
    for (boards, word) in [
        (vec![("slo/a.json", good.as_str()), ("slo/b.json", &other)], "the title of another"),
        (vec![("slo/a.json", &good), ("web/a.json", &good)], "the uid of another"),
        (vec![("slo/a.json", &whole)], "no title"),
        (vec![("a.json", &good)], "not in a folder"),
        (vec![("slo/x/a.json", &good)], "not in a folder"),
        (vec![("slo/a.json", &long)], "too long"),
        (vec![("slo/a.json", &numbered)], "an id"),
        (vec![("slo/a.json", "{")], "no JSON"),
    ] {
        assert!(reader_faults(&boards).iter().any(|fault| fault.contains(word)), "{word}");
    }
    assert_eq!(reader_faults(&[("slo/a.json", &good), ("web/b.json", &other)]), Vec::<String>::new());
}
