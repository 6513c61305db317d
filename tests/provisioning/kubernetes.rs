//! Objects of Kubernetes: valid by their schemas, and carriers of the boards and rules as they are.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};
use slosmith::Compiled;

use super::{errors, text, validator, with_project, yaml};
use crate::support::compile_project;

fn example() -> Compiled {
    compile_project(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/kubernetes")).1
}

/// The objects with their paths.
fn objects(compiled: &Compiled) -> Vec<(&str, Value)> {
    let outputs = compiled.outputs.iter().filter(|output| output.path.starts_with("kubernetes/"));
    outputs.map(|output| (output.path.as_str(), yaml(&output.text))).collect()
}

fn is_dns_label(name: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !name.is_empty() && name.len() <= 63 && name.bytes().all(is_inner) && !name.starts_with('-') && !name.ends_with('-')
}

#[test]
fn objects_match_their_schemas() {
    let compiled = example();
    let objects = objects(&compiled);
    let kinds: BTreeSet<&str> = objects.iter().map(|(_, object)| object["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, BTreeSet::from(["ConfigMap", "GrafanaDashboard", "GrafanaFolder", "PrometheusRule"]));
    let mut names = BTreeSet::new();
    for (path, object) in &objects {
        let kind = object["kind"].as_str().unwrap();
        let found = errors(&validator("kubernetes.schema.json", &format!("I{kind}")), object);
        assert!(found.is_empty(), "{path}:\n{}", found.join("\n"));
        let name = object["metadata"]["name"].as_str().unwrap();
        assert!(is_dns_label(name), "{path}: {name}");
        assert!(path.ends_with(&format!("/{name}.yaml")), "{path}");
        assert!(names.insert((kind, name)), "{path}");
        assert_eq!(object["metadata"]["namespace"], "monitoring");
        assert_eq!(object["metadata"]["labels"]["release"], "kube-prometheus-stack");
    }
}

#[test]
fn damage_to_objects_is_found() {
    let compiled = example();
    let damages = [
        ("ConfigMap", "/data/slo-fleet.json", json!({})),
        ("ConfigMap", "/metadata/labels/grafana_dashboard", json!(1)),
        ("ConfigMap", "/apiVersion", json!("v2")),
        ("GrafanaDashboard", "/spec/instanceSelector", Value::Null),
        ("GrafanaDashboard", "/spec/json", json!({"title": "x"})),
        ("GrafanaDashboard", "/spec", json!({"instanceSelector": {}, "folderName": "slo"})),
        ("GrafanaFolder", "/spec/title", json!(1)),
        ("PrometheusRule", "/spec/groups/0/rules/0/labels", json!([])),
    ];
    let all = objects(&compiled);
    for (kind, pointer, value) in damages {
        let validator = validator("kubernetes.schema.json", &format!("I{kind}"));
        let is_it = |object: &Value| object["kind"] == kind && object.pointer(pointer).is_some();
        let (_, object) = all.iter().find(|(_, object)| is_it(object)).unwrap_or_else(|| panic!("{kind} {pointer}"));
        let mut object = object.clone();
        *object.pointer_mut(pointer).unwrap() = value;
        assert!(!errors(&validator, &object).is_empty(), "{kind} {pointer}");
    }
}

#[test]
fn objects_carry_what_was_written() {
    let compiled = example();
    let mut carried = 0;
    for (path, object) in objects(&compiled) {
        carried += 1;
        match object["kind"].as_str().unwrap() {
            "ConfigMap" => {
                let (file, board) = object["data"].as_object().unwrap().iter().next().unwrap();
                let folder = object["metadata"]["annotations"]["grafana_folder"].as_str().unwrap();
                assert_eq!(board, text(&compiled, &format!("grafana/dashboards/{folder}/{file}")), "{path}");
                assert_eq!(object["metadata"]["labels"]["grafana_dashboard"], "1");
            }
            "GrafanaDashboard" => {
                let folder = object["spec"]["folderRef"].as_str().unwrap();
                let title = yaml(text(&compiled, &format!("kubernetes/grafana-folders/{folder}.yaml")));
                let title = title["spec"]["title"].as_str().unwrap();
                let board = object["spec"]["json"].as_str().unwrap();
                let uid = serde_json::from_str::<Value>(board).unwrap()["uid"].as_str().unwrap().to_owned();
                assert_eq!(board, text(&compiled, &format!("grafana/dashboards/{title}/{uid}.json")), "{path}");
            }
            "PrometheusRule" => {
                let rules = path.replace("kubernetes/prometheus-rules/", "prometheus/rules/");
                assert_eq!(object["spec"], yaml(text(&compiled, &rules)), "{path}");
            }
            _ => {}
        }
    }
    assert!(carried >= 10, "{carried}");
}

#[test]
fn objects_are_written_only_where_they_are_asked_for() {
    assert_eq!(objects(&with_project("")), []);
    let compiled = with_project("targets: {kubernetes: {objects: [grafana-operator], labels: {team: shop}}}\n");
    for (path, object) in objects(&compiled) {
        assert!(path.starts_with("kubernetes/grafana-"), "{path}");
        assert_eq!(object["metadata"]["namespace"], Value::Null);
        assert_eq!(object["metadata"]["labels"]["team"], "shop");
        assert_eq!(object["spec"]["instanceSelector"]["matchLabels"], json!({"dashboards": "grafana"}));
    }
}

#[test]
fn every_object_is_in_the_manifest() {
    let compiled = example();
    let manifest: Value = serde_json::from_str(text(&compiled, "manifest.json")).unwrap();
    for (path, _) in objects(&compiled) {
        assert!(manifest["files"][path]["sha256"].is_string(), "{path}");
    }
    for path in [super::DATASOURCES, super::PROVIDERS] {
        assert!(manifest["files"][path]["sha256"].is_string(), "{path}");
    }
}
