//! Lints over rules and dashboards from the wild: how often each fires, on what.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;
use slosmith::promql::Dialect;
use slosmith::promql::lint::{Context, Finding, Lint, Role, lint};

use super::{accept, json_lines, shared};

/// An expression from the wild.
struct Sample {
    file: String,
    name: String,
    expr: String,
    dialect: Dialect,
    role: Role,
}

/// Rules of files of a kind that the index names.
fn rules(is_wanted: impl Fn(&Value) -> bool) -> Vec<Sample> {
    let Some(folder) = shared("rules") else { return Vec::new() };
    let index: Value = serde_json::from_str(&std::fs::read_to_string(folder.join("index.json")).unwrap()).unwrap();
    let mut samples = Vec::new();
    for entry in index["files"].as_array().unwrap().iter().filter(|entry| is_wanted(entry)) {
        let file = entry["file"].as_str().unwrap();
        let text = std::fs::read_to_string(folder.join(file)).unwrap();
        for document in serde_yaml::Deserializer::from_str(&text) {
            match serde::Deserialize::deserialize(document) {
                Ok(value) => collect(&value, file, &mut samples),
                Err(_) => break,
            }
        }
    }
    samples
}

fn collect(value: &serde_yaml::Value, file: &str, samples: &mut Vec<Sample>) {
    match value {
        serde_yaml::Value::Mapping(mapping) => {
            let text = |key: &str| mapping.get(key).and_then(serde_yaml::Value::as_str);
            let (role, name) = match (text("alert"), text("record")) {
                (Some(name), _) => (Role::Alert, name),
                (None, Some(name)) => (Role::Recording, name),
                (None, None) => (Role::Query, ""),
            };
            if let Some(expr) = text("expr").filter(|_| role != Role::Query) {
                let (file, name, expr) = (file.to_owned(), name.to_owned(), expr.to_owned());
                samples.push(Sample { file, name, expr, dialect: Dialect::Rule, role });
            }
            mapping.values().for_each(|inner| collect(inner, file, samples));
        }
        serde_yaml::Value::Sequence(values) => values.iter().for_each(|inner| collect(inner, file, samples)),
        _ => {}
    }
}

fn queries() -> Vec<Sample> {
    let Some(folder) = shared("dashboards") else { return Vec::new() };
    let text = |value: &Value, key: &str| value[key].as_str().unwrap_or_default().to_owned();
    let sample = |query: &Value| Sample {
        file: text(query, "file"),
        name: text(query, "panel"),
        expr: text(query, "expr"),
        dialect: Dialect::Dashboard,
        role: Role::Query,
    };
    json_lines(&folder.join("queries.jsonl")).iter().map(sample).filter(|sample| !sample.expr.is_empty()).collect()
}

/// What the lints find, each expression once for each thing it is for.
fn findings(samples: &[Sample]) -> BTreeMap<Lint, Vec<(&Sample, Finding)>> {
    let mut seen = std::collections::BTreeSet::new();
    let mut found: BTreeMap<Lint, Vec<(&Sample, Finding)>> = BTreeMap::new();
    for sample in samples {
        let Ok((expr, _)) = accept(&sample.expr, sample.dialect) else { continue };
        if !seen.insert((&sample.expr, sample.role == Role::Alert)) {
            continue;
        }
        let context = Context { role: sample.role, scrape_interval: Some(60_000) };
        for finding in lint(&expr, &context) {
            found.entry(finding.lint).or_default().push((sample, finding));
        }
    }
    found
}

/// Prints counts, and with `LINT=slug` or `LINT=all` every finding: `cargo test --test all lints_on_the_corpus -- --nocapture`.
#[test]
fn lints_on_the_corpus() {
    let (rules, queries) = (rules(|entry| entry["kind"] == "real"), queries());
    if rules.is_empty() || queries.is_empty() {
        return;
    }
    let wanted = std::env::var("LINT").unwrap_or_default();
    let (in_rules, in_queries) = (findings(&rules), findings(&queries));
    let mut out = String::new();
    for lint in Lint::ALL {
        let count = |found: &BTreeMap<Lint, Vec<(&Sample, Finding)>>| found.get(&lint).map_or(0, Vec::len);
        writeln!(out, "{:26} {:5} {:5}", lint.slug(), count(&in_rules), count(&in_queries)).unwrap();
        if wanted != "all" && wanted != lint.slug() {
            continue;
        }
        for (sample, finding) in in_rules.get(&lint).into_iter().chain(in_queries.get(&lint)).flatten() {
            let range = finding.range.start as usize..finding.range.end as usize;
            let related = finding.related.iter().map(|(_, words)| words.as_str()).collect::<Vec<_>>().join("; ");
            writeln!(out, "  {} {}", sample.file, sample.name).unwrap();
            let expr = sample.expr.split_whitespace().collect::<Vec<_>>().join(" ");
            writeln!(out, "    {expr}\n    `{}`: {} ({related})", &sample.expr[range], finding.message).unwrap();
        }
    }
    eprintln!("{out}");
}
