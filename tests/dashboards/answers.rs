//! Every query answers: Prometheus runs it on series like those that the rules record.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;

use serde_json::Value;
use serde_yaml::Value as Yaml;

use super::{boards, every_kind, panels};
use crate::support::promtool;

/// The groups of the SLO that has some, each with the share of the budget that is left.
const GROUPS: [(&str, f64); 2] = [("eu-west", 0.25), ("us-east", 0.75)];

#[test]
fn every_query_answers() {
    let Some(promtool) = promtool() else { return };
    let compiled = every_kind();
    let mut series = String::new();
    for output in compiled.outputs.iter().filter(|output| output.path.starts_with("prometheus/rules/")) {
        add_series(&mut series, &serde_yaml::from_str(&output.text).unwrap());
    }
    let mut tests = String::new();
    let mut count = 0;
    for (path, board) in boards(&compiled) {
        for (query, must_answer) in queries(&path, &board) {
            let query = if must_answer {
                format!("count({query}) > bool 0")
            } else {
                format!("(count({query}) or vector(0)) >= bool 0")
            };
            add_test(&mut tests, &query, "1");
            count += 1;
        }
    }
    assert!(count > 100, "{count}");
    for (query, value) in expected() {
        add_test(&mut tests, &query, value);
    }
    let text = format!(
        "rule_files: []\nevaluation_interval: 1m\ntests:\n- interval: 1m\n  input_series:\n{series}  promql_expr_test:\n{tests}"
    );
    let work = tempfile::tempdir().unwrap();
    fs::write(work.path().join("test.yaml"), text).unwrap();
    let failure = promtool.run(work.path(), &["test", "rules", "test.yaml"]);
    assert_eq!(failure, None, "{}", failure.as_deref().unwrap_or_default());
}

/// Some answers by hand: half of the budget is left overall, a quarter of it in the worst group.
fn expected() -> Vec<(String, &'static str)> {
    let values = [
        ("slo-fleet", "Within budget", "A", "3"),
        ("slo-fleet", "At risk (< 25 %)", "A", "0"),
        ("slo-fleet", "No data", "A", "0"),
        ("slo-detail", "Error budget left", "A", "0.25"),
        ("slo-detail", "Outage left", "A", "648"),
        ("slo-detail", "Burn rate (1 h)", "A", "7.5"),
        ("slo-detail", "Alert", "A", "2"),
        ("slo-detail", "Events per second", "A", "9.9"),
        ("slo-detail", "Error budget left (rolling window)", "A", "0.5"),
        ("slo-detail", "Error budget left (rolling window)", "B", "0.25"),
        ("slo-detail", "Burn rate, windows that page", "E", "14.4"),
        ("slo-detail", "Burn rate, windows that page", "F", "6"),
        ("slo-svc-search", "Error budget left", "A", "0.5"),
        ("slo-svc-search", "Error budget left", "B", "0.25"),
        ("slo-svc-search", "Lowest budget left", "A", "0.25"),
    ];
    let boards = boards(&every_kind());
    let query = |uid: &str, title: &str, target: &str| {
        let (_, board) = boards.iter().find(|(_, board)| board["uid"] == uid).unwrap();
        let panel = panels(board).into_iter().find(|panel| panel["title"] == title).unwrap();
        let targets = panel["targets"].as_array().unwrap();
        let query = targets.iter().find(|each| each["refId"] == target).unwrap()["expr"].as_str().unwrap();
        let (service, slo) = if uid == "slo-fleet" { (".*", "") } else { ("search", "availability") };
        query.replace("$service", service).replace("$slo", slo).replace("$team", ".*")
    };
    values.iter().map(|(uid, title, target, value)| (format!("max({})", query(uid, title, target)), *value)).collect()
}

/// The queries of a board with variables filled in, and whether each has to have an answer.
fn queries(path: &str, board: &Value) -> BTreeSet<(String, bool)> {
    let mut queries = BTreeSet::new();
    for panel in panels(board) {
        for target in panel["targets"].as_array().into_iter().flatten() {
            let query = target["expr"].as_str().unwrap().replace("$__range", "30m").replace("$team", ".*");
            if !path.ends_with("slo-detail.json") {
                queries.insert((query.replace("$service", ".*"), true));
                continue;
            }
            for window in ["5m", "30m", "1h", "2h", "6h", "1d", "3d"] {
                let query = query.replace("${sli_window}", window);
                let of = |service, slo| query.replace("$service", service).replace("$slo", slo);
                queries.insert((of("search", "availability"), true));
                queries.insert((of("shop", "checkout"), false));
                queries.insert((of("shop", "freshness"), false));
            }
        }
    }
    queries
}

fn add_test(tests: &mut String, query: &str, value: &str) {
    let query = query.replace('\'', "''").replace('\n', " ");
    writeln!(tests, "  - expr: '{query}'\n    eval_time: 1h\n    exp_samples: [{{labels: '{{}}', value: {value}}}]")
        .unwrap();
}

/// A series for everything that is recorded, and an alert of each rule that fires.
fn add_series(out: &mut String, rules: &Yaml) {
    for rule in rules["groups"].as_sequence().unwrap().iter().flat_map(|group| group["rules"].as_sequence().unwrap()) {
        let labels = labels(rule);
        if let Some(name) = rule["alert"].as_str() {
            add(out, &format!(r#"ALERTS{{alertname="{name}",alertstate="firing",{labels}}}"#), 1.0);
            add(out, &format!(r#"ALERTS_FOR_STATE{{alertname="{name}",{labels}}}"#), 60.0);
            continue;
        }
        let name = rule["record"].as_str().unwrap();
        // The second rule of a block series records the overall one, under the same labels.
        let series = format!("{name}{{{labels}}}");
        if out.contains(&format!("'{series}'")) {
            continue;
        }
        add(out, &series, value(name, 0.5));
        let is_grouped =
            labels.contains(r#"slo_service="search""#) && name != "slo:time_period:days" && name != "slo_info";
        for (region, left) in GROUPS.iter().filter(|_| is_grouped) {
            add(out, &format!(r#"{name}{{{labels},region="{region}"}}"#), value(name, *left));
        }
    }
}

fn labels(rule: &Yaml) -> String {
    let labels = rule["labels"].as_mapping().into_iter().flatten();
    let text = |value: &Yaml| {
        value.as_str().map_or_else(|| serde_yaml::to_string(value).unwrap().trim().to_owned(), str::to_owned)
    };
    let labels = labels.filter(|(_, value)| value.as_str() != Some(""));
    let labels: Vec<_> = labels.map(|(name, value)| format!("{}={:?}", text(name), text(value))).collect();
    labels.join(",")
}

fn add(out: &mut String, series: &str, value: f64) {
    writeln!(out, "  - series: '{series}'\n    values: '{value}x120'").unwrap();
}

/// A value that fits to what is recorded, where this share of the budget is left.
fn value(name: &str, left: f64) -> f64 {
    match name {
        "slo:objective:ratio" => 0.999,
        "slo:error_budget:ratio" => 0.001,
        "slo:time_period:days" => 30.0,
        "slo:period_error_budget_remaining:ratio" => left,
        "slo:period_burn_rate:ratio" => 1.0 - left,
        "slo:events:increase_slow" => 2400.0,
        "slo:errors:increase_slow" => 24.0,
        name if name.starts_with("slo:sli_error:ratio_rate") => (1.0 - left) / 100.0,
        _ => 1.0,
    }
}
