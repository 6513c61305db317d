//! The profile of Sloth against Sloth's own outputs, and against the queries of its dashboards.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value as Json;
use serde_yaml::Value as Yaml;
use slosmith::source::{SourceFile, SourceKind, Sources};
use slosmith::{Compiled, compile};

use crate::rule_tests;
use crate::support::{compile_project, print_diagnostics, promtool};

type Labels = BTreeMap<String, String>;

/// What Sloth's outputs have and ours do not, with the reason. What is not found any more is to be removed from here.
const EXCEPTIONS: [(&str, &str, &str); 13] = [
    (
        "examples-contrib-denominator-corrected.yaml",
        "slo:numerator_correction:",
        "seven steps on the way to ratios by events, which ours are without them",
    ),
    ("examples-contrib-slo-plugins.yml", "label plug-l1 of sloth_slo_info", PLUGIN),
    ("examples-contrib-slo-plugins.yml", "label plug-l2 of sloth_slo_info", PLUGIN),
    ("examples-contrib-slo-plugins.yml", "label plug-l3 of sloth_slo_info", PLUGIN),
    ("integration-in-sli-plugin.yaml", "everything", PLUGIN),
    ("integration-in-slo-plugin-k8s.yaml", "label k1 of sloth_slo_info", PLUGIN),
    ("integration-in-slo-plugin-k8s.yaml", "label k2 of sloth_slo_info", PLUGIN),
    ("integration-in-slo-plugin-k8s.yaml", "label k4 of sloth_slo_info", PLUGIN),
    ("integration-in-slo-plugin-k8s.yaml", "label k5 of sloth_slo_info", PLUGIN),
    ("integration-in-slo-plugin.yaml", "label k1 of sloth_slo_info", PLUGIN),
    ("integration-in-slo-plugin.yaml", "label k2 of sloth_slo_info", PLUGIN),
    ("integration-in-slo-plugin.yaml", "label k4 of sloth_slo_info", PLUGIN),
    ("integration-in-slo-plugin.yaml", "label k5 of sloth_slo_info", PLUGIN),
];
const PLUGIN: &str = "made by a plugin, a program that slosmith does not run";

fn folder() -> &'static Path {
    Path::new("tests/sloth")
}

fn source(path: &str, kind: SourceKind, text: String) -> SourceFile {
    SourceFile { path: path.to_owned(), kind, text, problem: None }
}

/// Compiles a file of Sloth's with this project file.
fn compiled(case: &str, project: &str) -> (Sources, Compiled) {
    let mut sources = Sources::default();
    sources.add(source("slosmith.yaml", SourceKind::Project, project.to_owned()));
    let text = |name: &str| fs::read_to_string(folder().join("valid").join(name)).unwrap();
    sources.add(source("slos/case.yaml", SourceKind::Spec, text(case)));
    if project.contains("7d") {
        sources.add(source("slos/windows.yaml", SourceKind::Spec, text("examples-windows-7d.yaml")));
    }
    let compiled = compile(&sources);
    (sources, compiled)
}

/// All rules of SLOs.
fn rules(compiled: &Compiled) -> Vec<Yaml> {
    let is_rules = |path: &str| path.starts_with("prometheus/rules/") && !path.ends_with("/slosmith.yaml");
    let files = compiled.outputs.iter().filter(|output| is_rules(&output.path));
    let groups = files.flat_map(|output| {
        let file: Yaml = serde_yaml::from_str(&output.text).unwrap();
        file["groups"].as_sequence().unwrap().clone()
    });
    groups.flat_map(|group| group["rules"].as_sequence().unwrap().clone()).collect()
}

fn texts(value: &Yaml) -> Labels {
    let pairs = value.as_mapping().into_iter().flatten();
    pairs.map(|(name, text)| (name.as_str().unwrap().to_owned(), text.as_str().unwrap().to_owned())).collect()
}

fn json_texts(value: &Json) -> Labels {
    let pairs = value.as_object().unwrap().iter();
    pairs.map(|(name, text)| (name.clone(), text.as_str().unwrap().to_owned())).collect()
}

/// Labels that the rules set, without those that the user gave.
fn generated(labels: &Labels) -> Labels {
    labels
        .iter()
        .filter(|(name, _)| name.starts_with("sloth_"))
        .map(|(name, text)| (name.clone(), text.clone()))
        .collect()
}

/// What an SLO of a golden output has and ours does not.
fn missing(golden: &Json, ours: &[Yaml]) -> Vec<String> {
    let id = golden["id"].as_str().unwrap();
    let mine = |rule: &&Yaml| rule["labels"]["sloth_id"].as_str() == Some(id);
    let ours: Vec<&Yaml> = ours.iter().filter(mine).collect();
    let mut missing = recorded(golden, &ours);
    missing.extend(info(golden, &ours));
    missing.extend(alerts(golden, &ours));
    missing
}

/// Every name with its labels. Labels of the user are on alerts and `sloth_slo_info` only: whoever changes one there, such as an
/// owner, would otherwise begin 30 days of history anew.
fn recorded(golden: &Json, ours: &[&Yaml]) -> Vec<String> {
    let common = generated(&json_texts(&golden["labels"]));
    let mut missing = Vec::new();
    for series in golden["series"].as_array().unwrap() {
        let name = series[0].as_str().unwrap();
        let mut labels = common.clone();
        labels.extend(series[1].as_str().map(|window| ("sloth_window".to_owned(), window.to_owned())));
        let is_same = |rule: &&&Yaml| rule["record"].as_str() == Some(name) && texts(&rule["labels"]) == labels;
        if ours.iter().filter(is_same).count() != 1 {
            missing.push(format!("{name} {labels:?}"));
        }
    }
    missing
}

fn info(golden: &Json, ours: &[&Yaml]) -> Vec<String> {
    let Some(rule) = ours.iter().find(|rule| rule["record"].as_str() == Some("sloth_slo_info")) else {
        return vec!["sloth_slo_info".to_owned()];
    };
    let has = texts(&rule["labels"]);
    assert_eq!(has["sloth_version"], "slosmith");
    let wanted = json_texts(&golden["info"]);
    let missing = wanted.into_iter().filter(|(name, text)| has.get(name) != Some(text));
    missing.map(|(name, _)| format!("label {name} of sloth_slo_info")).collect()
}

/// Alerts with the labels that Sloth's have when they fire: those of the rule, and those of its series.
fn alerts(golden: &Json, ours: &[&Yaml]) -> Vec<String> {
    let of_series = json_texts(&golden["labels"]);
    let mut missing = Vec::new();
    for alert in golden["alerts"].as_array().unwrap() {
        let name = alert[0].as_str().unwrap();
        let mut labels = of_series.clone();
        labels.extend(json_texts(&alert[1]));
        let severity = labels["sloth_severity"].clone();
        let is_it = |rule: &&&Yaml| {
            rule["alert"].as_str() == Some(name) && rule["labels"]["sloth_severity"].as_str() == Some(&severity)
        };
        let Some(rule) = ours.iter().find(is_it) else {
            missing.push(format!("alert {name}, {severity}"));
            continue;
        };
        let differs = |has: Labels, wanted: Labels| {
            wanted
                .into_iter()
                .filter(move |(name, text)| has.get(name) != Some(text))
                .map(|(name, text)| format!("{name}: {text}"))
        };
        missing.extend(differs(texts(&rule["labels"]), labels));
        missing.extend(differs(texts(&rule["annotations"]), json_texts(&alert[2])));
    }
    missing
}

#[test]
fn all_that_sloth_records_is_there_or_has_a_reason() {
    let goldens = fs::read_to_string(folder().join("golden.jsonl")).unwrap();
    let mut problems = Vec::new();
    let mut used = BTreeSet::new();
    let mut found = 0;
    for line in goldens.lines() {
        let golden: Json = serde_json::from_str(line).unwrap();
        let case = golden["case"].as_str().unwrap();
        let (_, compiled) = compiled(case, golden["project"].as_str().unwrap());
        let rules = rules(&compiled);
        found += rules.len();
        for what in missing(&golden, &rules) {
            let excused = EXCEPTIONS
                .iter()
                .find(|(of, start, _)| *of == case && (what.starts_with(start) || *start == "everything"));
            match excused {
                Some(exception) => drop(used.insert(exception)),
                None => problems.push(format!("{case}, {} of {}: {what}", golden["id"], golden["golden"])),
            }
        }
    }
    assert!(found > 500, "{found}");
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    let unused: Vec<_> = EXCEPTIONS.iter().filter(|exception| !used.contains(exception)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

/// The test of a promtool: an hour of traffic with failures, and a query for each line of the dashboards.
fn dashboard_test(rules: &str, queries: &[String]) -> String {
    let check = |query: &String| {
        let expr = serde_json::to_string(&format!("count({query}) > bool 0")).unwrap();
        format!("  - {{expr: {expr}, eval_time: 70m, exp_samples: [{{labels: '{{}}', value: 1}}]}}\n")
    };
    let checks: String = queries.iter().map(check).collect();
    format!(
        "rule_files: [{rules}]\nevaluation_interval: 2m\ntests:\n- interval: 1m\n  input_series:\n  \
         - {{series: 'http_request_duration_seconds_count{{job=\"myservice\",code=\"200\"}}', values: '0+600x80'}}\n  \
         - {{series: 'http_request_duration_seconds_count{{job=\"myservice\",code=\"503\"}}', values: '0+300x80'}}\n  \
         promql_expr_test:\n{checks}"
    )
}

#[test]
fn queries_of_sloths_dashboards_find_series() {
    let Some(promtool) = promtool() else { return };
    let (sources, compiled) = compiled("examples-getting-started.yml", "");
    assert!(compiled.diagnostics.is_empty(), "{}", print_diagnostics(&sources, &compiled));
    let values = [
        ("${service}", "myservice"),
        ("${slo}", "requests-availability"),
        ("${min_burning_rate}", "1"),
        ("${__to:date:M}", "1"),
    ];
    let filled = |line: &str| values.iter().fold(line.to_owned(), |text, (name, value)| text.replace(name, value));
    let mut queries = Vec::new();
    for line in fs::read_to_string(folder().join("dashboard-queries.txt")).unwrap().lines() {
        if line.contains("${sli_window}") {
            queries.extend(
                ["5m", "30m", "1h", "2h", "6h", "1d", "3d", "30d"].map(|it| filled(&line.replace("${sli_window}", it))),
            );
        } else if !line.is_empty() && !line.starts_with('#') {
            queries.push(filled(line));
        }
    }
    assert!(queries.len() > 20, "{queries:?}");
    let work = tempfile::tempdir().unwrap();
    let rules = compiled.outputs.iter().find(|output| output.path == "prometheus/rules/myservice.yaml").unwrap();
    fs::write(work.path().join("rules.yaml"), &rules.text).unwrap();
    fs::write(work.path().join("test.yaml"), dashboard_test("rules.yaml", &queries)).unwrap();
    assert_eq!(promtool.run(work.path(), &["test", "rules", "test.yaml"]), None);
}

#[test]
fn both_profiles_work_side_by_side() {
    let (sources, compiled) = compile_project(&folder().join("mixed"));
    assert!(compiled.diagnostics.is_empty(), "{}", print_diagnostics(&sources, &compiled));
    let boards = |suffix: &str| compiled.outputs.iter().filter(|output| output.path.ends_with(suffix)).count();
    for board in ["slo-fleet.json", "slo-fleet-sloth.json", "slo-detail.json", "slo-detail-sloth.json"] {
        assert_eq!(boards(board), 1, "{board}");
    }
    for rule in rules(&compiled) {
        let labels = texts(&rule["labels"]);
        let is_both = labels.contains_key("sloth_id") && labels.contains_key("slo_id");
        assert!(!is_both, "{rule:?}");
    }
    let Some(promtool) = promtool() else { return };
    let work = tempfile::tempdir().unwrap();
    let tests = rule_tests::write(work.path(), &compiled.outputs);
    let failures = rule_tests::run(&promtool, tests);
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
