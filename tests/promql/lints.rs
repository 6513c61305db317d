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
        // Rules within a ConfigMap.
        serde_yaml::Value::String(text) if text.contains("alert:") => {
            if let Ok(inner @ (serde_yaml::Value::Mapping(_) | serde_yaml::Value::Sequence(_))) =
                serde_yaml::from_str(text)
            {
                collect(&inner, file, samples);
            }
        }
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
fn findings(samples: &[Sample], scrape_interval: Option<i64>) -> BTreeMap<Lint, Vec<(&Sample, Finding)>> {
    let mut seen = std::collections::BTreeSet::new();
    let mut found: BTreeMap<Lint, Vec<(&Sample, Finding)>> = BTreeMap::new();
    for sample in samples {
        let Ok((expr, _)) = accept(&sample.expr, sample.dialect) else { continue };
        if !seen.insert((&sample.expr, sample.role == Role::Alert)) {
            continue;
        }
        let context = Context { role: sample.role, scrape_interval };
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
    let (in_rules, in_queries) = (findings(&rules, Some(60_000)), findings(&queries, Some(60_000)));
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
    eprintln!("{} expressions of rules, {} queries\n{out}", rules.len(), queries.len());
    compare_with_page(&in_rules, &in_queries);
}

/// The counts are those that docs/lints.md says; `UPDATE=1` writes them there.
fn compare_with_page(
    in_rules: &BTreeMap<Lint, Vec<(&Sample, Finding)>>,
    in_queries: &BTreeMap<Lint, Vec<(&Sample, Finding)>>,
) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/lints.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let mut expected = page.clone();
    for lint in Lint::ALL {
        let start = format!("| `{}` |", lint.slug());
        let row = page.lines().find(|line| line.starts_with(&start)).unwrap_or_else(|| panic!("no row {start}"));
        let mut cells: Vec<String> = row.split('|').map(str::to_owned).collect();
        cells[3] = format!(" {} ", in_rules.get(&lint).map_or(0, Vec::len));
        cells[4] = format!(" {} ", in_queries.get(&lint).map_or(0, Vec::len));
        expected = expected.replace(row, &cells.join("|"));
    }
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, expected).unwrap();
        return;
    }
    assert!(page == expected, "docs/lints.md differs, UPDATE=1 rewrites it:\n{expected}");
}

/// What pint finds in its own tests without a server, and the lint that says the same here.
#[test]
fn what_pint_finds_offline_is_found() {
    let Some(folder) = shared("rules") else { return };
    let text = std::fs::read_to_string(folder.join("pint.json")).unwrap();
    let tests: Vec<Value> = serde_json::from_str(&text).unwrap();
    let (mut compared, mut missed) = (0, String::new());
    for test in &tests {
        let files: Vec<&str> =
            test["files"].as_array().unwrap().iter().filter_map(|file| file["file"].as_str()).collect();
        for problem in test["problems"].as_array().unwrap() {
            let wanted: &[Lint] = match problem["summary"].as_str().unwrap() {
                "always firing alert" => &[Lint::AlwaysFiring],
                "redundant regexp" => &[Lint::PlainRegex, Lint::MatchAllRegex],
                "unsafe division in aggregation" => &[Lint::AverageOfRatios],
                _ => continue,
            };
            let path = problem["file"].as_str().unwrap();
            let Some(file) = files.iter().find(|file| file.ends_with(path)) else { continue };
            let mut samples = Vec::new();
            let text = std::fs::read_to_string(folder.join(file)).unwrap();
            for document in serde_yaml::Deserializer::from_str(&text) {
                let Ok(mut value) = <serde_yaml::Value as serde::Deserialize>::deserialize(document) else { break };
                let _ = value.apply_merge();
                collect(&value, file, &mut samples);
            }
            let rule = problem["rule"].as_str().unwrap();
            samples.retain(|sample| sample.name == rule);
            compared += 1;
            let found = findings(&samples, None);
            if !wanted.iter().any(|lint| found.contains_key(lint)) {
                let expressions: Vec<&str> = samples.iter().map(|sample| sample.expr.as_str()).collect();
                writeln!(missed, "{file} {rule}: {} in {expressions:#?}", problem["summary"]).unwrap();
            }
        }
    }
    assert!(missed.is_empty(), "{missed}");
    assert!(compared >= 10, "{compared}");
}

/// Where a variable decides, nothing is claimed.
#[test]
fn variables_silence_lints() {
    for text in [
        "a{x='1'} / ignoring ($by) b{x='2'}",
        "a{x='$x',x='2'}",
        "sum by ($by) (sum by ($other) (a))",
        "sum by (x) (a) / on ($by) sum by (x) (b)",
        "a{x=~'^$x$'}",
        "a{x=~'${host}.example.com'}",
        "$a > 1",
        "count($a) == 0",
        "sum by ($by) (rate(a_bucket[5m]))",
    ] {
        let (expr, _) = accept(text, Dialect::Dashboard).unwrap();
        assert_eq!(lint(&expr, &Context::new(Role::Query)), [], "{text}");
    }
}

/// Rules and boards that are generated raise nothing.
#[test]
fn generated_expressions_are_clean() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut samples = Vec::new();
    for folder in ["generated", "examples", "tests/reference/rules"] {
        for entry in walkdir::WalkDir::new(root.join(folder)).sort_by_file_name() {
            let entry = entry.unwrap();
            let file = entry.path().strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            let extension = entry.path().extension().and_then(|extension| extension.to_str()).unwrap_or_default();
            let is_rules = file.contains("rules/") && extension == "yaml" && !file.contains("_test.");
            if is_rules {
                let text = std::fs::read_to_string(entry.path()).unwrap();
                collect(&serde_yaml::from_str(&text).unwrap(), &file, &mut samples);
            } else if file.contains("dashboards/") && extension == "json" {
                let text = std::fs::read_to_string(entry.path()).unwrap();
                collect_queries(&serde_json::from_str(&text).unwrap(), &file, &mut samples);
            }
        }
    }
    assert!(samples.len() > 500, "{}", samples.len());
    let mut found = String::new();
    for (lint, findings) in findings(&samples, None) {
        for (sample, finding) in findings {
            let Sample { file, name, expr, .. } = sample;
            writeln!(found, "{}: {file} {name}\n  {expr}\n  {}", lint.slug(), finding.message).unwrap();
        }
    }
    assert!(found.is_empty(), "{found}");
}

/// The queries of a board: each `expr` of a target.
fn collect_queries(value: &Value, file: &str, samples: &mut Vec<Sample>) {
    match value {
        Value::Object(fields) => {
            if let Some(expr) = fields.get("expr").and_then(Value::as_str) {
                let (file, name, expr) = (file.to_owned(), String::new(), expr.to_owned());
                samples.push(Sample { file, name, expr, dialect: Dialect::Dashboard, role: Role::Query });
            }
            fields.values().for_each(|inner| collect_queries(inner, file, samples));
        }
        Value::Array(values) => values.iter().for_each(|inner| collect_queries(inner, file, samples)),
        _ => {}
    }
}
