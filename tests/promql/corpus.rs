//! Prometheus's own verdicts on its own expressions, its functions, and rules from the wild.

use std::collections::BTreeSet;

use serde_json::Value;
use slosmith::promql::{Arity, Dialect, ValueType, functions};

use super::{accept, json_lines, shared, verdicts};

#[test]
fn accepts_and_refuses_what_prometheus_does() {
    let mut wrong = Vec::new();
    for case in verdicts() {
        let text = case["expr"].as_str().unwrap();
        let shown: String = text.chars().take(120).collect();
        match (accept(text, Dialect::Rule), case["ok"] == true) {
            (Ok((_, found)), true) => {
                let expected = case["type"].as_str().map(value_type);
                if expected.is_some_and(|expected| expected != found) {
                    wrong.push(format!("{shown}: type {found}, expected {}", case["type"]));
                }
            }
            (Ok(_), false) => wrong.push(format!("{shown}: accepted, expected {}", case["error"])),
            (Err(errors), true) => wrong.push(format!("{shown}: refused, {}", errors[0].message)),
            (Err(errors), false) => {
                let place = |index: usize| u32::try_from(case["pos"][index].as_u64().unwrap()).unwrap();
                let (start, end) = (place(0), place(1));
                if !errors.iter().any(|error| error.range.start <= end && error.range.end >= start) {
                    wrong.push(format!("{shown}: {:?} does not touch {start}..{end}", errors[0]));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn value_type(name: &str) -> ValueType {
    match name {
        "scalar" => ValueType::Scalar,
        "vector" => ValueType::Vector,
        "matrix" => ValueType::Matrix,
        "string" => ValueType::String,
        _ => panic!("unknown type {name}"),
    }
}

#[test]
fn functions_are_those_of_prometheus() {
    let Some(folder) = shared("promql") else { return };
    let text = std::fs::read_to_string(folder.join("functions.json")).unwrap();
    let listed: serde_json::Map<String, Value> = serde_json::from_str(&text).unwrap();
    for (name, expected) in &listed {
        let function = slosmith::promql::function(name).unwrap_or_else(|| panic!("{name} is missing"));
        let args: Vec<ValueType> =
            expected["args"].as_array().unwrap().iter().map(|arg| value_type(arg.as_str().unwrap())).collect();
        assert_eq!(function.args, args, "{name}");
        assert_eq!(function.returns, value_type(expected["returns"].as_str().unwrap()), "{name}");
        let arity = match expected["variadic"].as_i64().unwrap() {
            0 => Arity::Exact,
            -1 => Arity::Any,
            most => Arity::UpTo(usize::try_from(most).unwrap()),
        };
        assert_eq!(function.arity, arity, "{name}");
        let behind_flag = function.availability.flag.is_some_and(|(_, stable)| stable.is_none());
        assert_eq!(behind_flag, expected["experimental"] == true, "{name}");
    }
    let known: BTreeSet<&str> = functions().iter().map(|function| function.name).collect();
    let unlisted: Vec<&&str> = known.iter().filter(|name| !listed.contains_key(**name)).collect();
    assert_eq!(unlisted, [&"integral"], "functions newer than the corpus");
}

/// Every expression of the rule files of the corpus.
pub(crate) fn rule_expressions() -> Vec<String> {
    let Some(folder) = shared("rules") else { return Vec::new() };
    let mut found = Vec::new();
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.unwrap();
        if !entry.path().extension().is_some_and(|extension| extension == "yml" || extension == "yaml") {
            continue;
        }
        let text = std::fs::read_to_string(entry.path()).unwrap();
        for document in serde_yaml::Deserializer::from_str(&text) {
            match serde::Deserialize::deserialize(document) {
                Ok(value) => collect(&value, &mut found),
                Err(_) => break,
            }
        }
    }
    found
}

fn collect(value: &serde_yaml::Value, found: &mut Vec<String>) {
    match value {
        serde_yaml::Value::Mapping(mapping) => {
            let is_rule = mapping.contains_key("alert") || mapping.contains_key("record");
            if let Some(expr) = mapping.get("expr").and_then(serde_yaml::Value::as_str).filter(|_| is_rule) {
                found.push(expr.to_owned());
            }
            mapping.values().for_each(|inner| collect(inner, found));
        }
        serde_yaml::Value::Sequence(values) => values.iter().for_each(|inner| collect(inner, found)),
        _ => {}
    }
}

#[test]
fn reads_the_dashboards_of_others() {
    let Some(folder) = shared("dashboards") else { return };
    for query in json_lines(&folder.join("queries.jsonl")) {
        if let Some(expr) = query["expr"].as_str() {
            assert!(accept(expr, Dialect::Dashboard).is_ok(), "{expr}: {:?}", accept(expr, Dialect::Dashboard));
        }
    }
}

/// Rules that show faults on purpose are the only ones that are refused.
#[test]
fn reads_the_rules_of_others() {
    let expressions = rule_expressions();
    if expressions.is_empty() {
        return;
    }
    let mut refused: Vec<String> = expressions
        .into_iter()
        .filter_map(|expr| accept(&expr, Dialect::Rule).err().map(|errors| format!("{expr}\n  {}", errors[0].message)))
        .collect();
    refused.sort();
    refused.dedup();
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/promql/refused_rules.txt");
    if std::env::var("UPDATE").is_ok() {
        std::fs::write(path, refused.join("\n") + "\n").unwrap();
        return;
    }
    assert_eq!(refused.join("\n") + "\n", std::fs::read_to_string(path).unwrap());
}
