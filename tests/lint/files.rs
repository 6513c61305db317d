//! `slosmith lint`: small files with everything it says, and the rules and dashboards of others.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::promql::slosmith;
use crate::promql::shared;

/// Lints files of a fresh folder; all that is printed, without the time.
fn lint(files: &[(&str, &str)], args: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let directory = folder.path().to_str().unwrap();
    let mut all = vec!["lint", "-C", directory];
    all.extend(args);
    let (status, out, error) = slosmith(&all, "");
    format!("status {status}\n{out}{error}")
}

/// Without the time, which differs from run to run.
fn timeless(text: &str) -> String {
    let number = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let mut parts = text.split(" in ");
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        let digits = number(part);
        let is_time = digits > 0 && part[digits..].starts_with(" ms");
        out.push_str(" in ");
        out.push_str(if is_time { "N" } else { "" });
        out.push_str(if is_time { &part[digits..] } else { part });
    }
    out
}

const RULES: &str = r#"groups:
- name: cart
  interval: 1m
  rules:
  - alert: CartErrors
    expr: |
      sum by (job) (rate(http_requests_total{job="cart",code=~"5.."}[5m]))
        / sum(rate(http_requests_total{job="cart"})) > 0.1
    for: 30s
    annotations:
      summary: "{{ $labels.instance }} fails"
  - alert: CartDown
    expr: sum by (job) (up{job="cart"}) == 0
    annotations:
      summary: "{{ $labels.instance }} is down: {{ $value"
  - record: "cart{}"
    expr: up
    annotation: {}
- name: cart
  rules: []
"#;

const BOARD: &str = r#"{
	"dashboard": {"title": "Cart", "schemaVersion": 39, "templating": {"list": [
		{"name": "DS", "type": "datasource", "query": "loki"},
		{"name": "job", "type": "query", "query": "label_values(up{env=~\"prod}, job)"}
	]},
	"panels": [
		{"type": "row", "title": "\ud83d\ude00", "panels": [
			{"title": "errors", "datasource": {"type": "prometheus", "uid": "x"},
			 "targets": [{"expr": "sum(\n  rate(http_requests_total{path=\"\/caf\u00e9\",code=~\"5..\"}[$__rate_interval])"}]}
		]},
		{"title": "logs", "datasource": "$DS", "targets": [{"expr": "{app=\"cart\"} |= `x`"}]}
	]}
}
"#;

#[test]
fn rules_and_dashboards() {
    let helm = "groups:\n{{- if .Values.x }}\n- name: x\n{{- end }}\n";
    let operator = "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nspec:\n  groups:\n  - name: a\n    rules:\n    - record: a:b\n      expr: sun(up)\n";
    let files = [
        ("rules/cart.yaml", RULES),
        ("rules/helm.yaml", helm),
        ("rules/operator.yml", operator),
        ("rules/other.yaml", "a: [1, 2\n"),
        ("boards/cart.json", BOARD),
        ("boards/package.json", "{\"name\": \"x\"}"),
    ];
    insta::assert_snapshot!(timeless(&lint(&files, &["rules", "boards"])));
}

#[test]
fn levels_and_comments_of_the_project() {
    let rules = "groups:\n- name: a\n  rules:\n  - record: a:b\n    expr: up{job=~\"a\"}\n  - record: a:c\n    # slosmith: allow(plain-regex): it will have more of them\n    expr: up{job=~\"a\"}\n";
    let project = "apiVersion: slosmith/v1\nlint: {plain-regex: error}\n";
    let files = [("r.yaml", rules), ("slosmith.yaml", project)];
    insta::assert_snapshot!(timeless(&lint(&files, &["r.yaml"])));
}

const CATALOGUE: &str = "apiVersion: slosmith/v1
target_labels: [job, instance]
complete: [shop_]
metrics:
  shop_orders_total: {type: counter, labels: {status: {only: [paid, failed]}}}
  shop_baskets: {type: gauge}
";

/// What is proposed can be pasted: quotes and backslashes are written as the file needs them.
#[test]
fn replacements_are_written_in_the_quotes_of_their_file() {
    let board = r#"{"title": "t", "panels": [{"title": "p", "targets": [{"expr": "sum by (x) (up{job=api})"}]}]}"#;
    let rules = "groups:\n- name: a\n  rules:\n  - {record: 'a:b', expr: \"up{job=api}\"}\n  - {record: 'a:c', expr: 'up{job=api}'}\n  - alert: A\n    expr: up{job=api}\n    annotations:\n      summary: \"{{ query \\\"up{job=api}\\\" }}\"\n";
    insta::assert_snapshot!(timeless(&lint(&[("a.json", board), ("b.yaml", rules)], &["a.json", "b.yaml"])));
}

/// What one file records is known in all others; boards with variables are judged by what is not one.
#[test]
fn catalogues_of_the_project_and_of_the_command_line() {
    let rules = "groups:
- name: a
  rules:
  - record: shop_orders_failed
    expr: sum by (job) (rate(shop_orders_total{status=\"failed\"}[5m]))
  - alert: A
    expr: shop_orders_faild > 1 or rate(shop_baskets[5m]) > 0
";
    let other = "groups:
- name: b
  rules:
  - alert: B
    expr: shop_orders_failed{team=\"a\"} > 1 or sum by (instanc) (rate(shop_orders_total{status=\"payed\"}[5m])) > 1
";
    let board = r#"{"title": "t", "panels": [{"title": "p", "targets": [
        {"expr": "rate(shop_$what[5m]) + rate(shop_orders_total{status=\"$status\", $label=\"a\"}[$__rate_interval])"},
        {"expr": "sum by (statu) (rate(shop_orders_total[$__rate_interval]))"}]}]}"#;
    let project = "apiVersion: slosmith/v1\nmetrics: [c.yaml]\n";
    let mut files = vec![("r/a.yaml", rules), ("r/b.yaml", other), ("r/c.json", board), ("c.yaml", CATALOGUE)];
    let silent = timeless(&lint(&files, &["r"]));
    let named = timeless(&lint(&files, &["r", "--metrics", "c.yaml", "--metrics", "node_exporter"]));
    let wrong = lint(&files, &["r", "--metrics", "node_exportr"]);
    files.push(("slosmith.yaml", project));
    let declared = timeless(&lint(&files, &["r"]));
    assert_eq!(named, declared);
    insta::assert_snapshot!([silent, named, wrong].join("\n"));
}

#[test]
fn nothing_to_lint_is_wrong_usage() {
    let text = lint(&[("a.yaml", "x: 1\n")], &["."]);
    assert!(text.starts_with("status 2\n"), "{text}");
    assert!(text.contains("there is no rule file and no dashboard in `.`"), "{text}");
    let text = lint(&[], &["missing.yaml"]);
    assert!(text.starts_with("status 2\n") && text.contains("cannot read `missing.yaml`"), "{text}");
}

/// The errors in each file of a part of the shared corpus, and the summary.
fn corpus(part: &str) -> Option<(BTreeMap<String, BTreeSet<String>>, Value)> {
    let folder = shared(part)?;
    let (_, out, error) = slosmith(&["lint", "-C", folder.to_str().unwrap(), ".", "--format", "json"], "");
    assert_eq!(error, "");
    let mut errors: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let objects: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for object in objects.iter().filter(|object| object["severity"] == "error") {
        let file = object["file"].as_str().unwrap().to_owned();
        errors.entry(file).or_default().insert(object["code"].as_str().unwrap().to_owned());
    }
    Some((errors, objects.last().unwrap().clone()))
}

/// Files that Prometheus loads, and in which one expression can never have a result.
const TRUE_ERRORS: [(&str, &str); 3] = [
    ("thanos-io__thanos/examples/alerts/alerts.yaml", "quantile-without-le"),
    ("samber__awesome-prometheus-alerts/dist/rules/memcached/memcached-exporter.yml", "unmatched-operands"),
    ("samber__awesome-prometheus-alerts/dist/rules/mongodb/percona-mongodb-exporter.yml", "unmatched-operands"),
];

#[test]
fn verdicts_on_rule_files_are_those_of_prometheus() {
    let Some((mut errors, summary)) = corpus("rules") else { return };
    for (file, code) in TRUE_ERRORS {
        assert_eq!(errors.remove(file), Some(BTreeSet::from([code.to_owned()])), "{file}");
    }
    let folder = shared("rules").unwrap();
    let index: Value = serde_json::from_str(&fs::read_to_string(folder.join("index.json")).unwrap()).unwrap();
    let mut wrong = Vec::new();
    for file in index["files"].as_array().unwrap() {
        // Names that Prometheus 3 takes and older ones did not; files that are no rules.
        if file["disputed"].is_string() || file["kind"] == "promtool unit test file" {
            continue;
        }
        let name = file["file"].as_str().unwrap();
        let found = errors.get(name);
        if found.is_none() != file["valid"].as_bool().unwrap() {
            wrong.push(format!("{name}: {found:?}, expected {}", file["error"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(summary["expressions"].as_u64().unwrap() > 1_900, "{summary}");
}

#[test]
fn dashboards_of_others_have_no_errors() {
    let Some((errors, summary)) = corpus("dashboards") else { return };
    assert_eq!(errors, BTreeMap::new());
    assert!(summary["dashboards"].as_u64().unwrap() >= 44, "{summary}");
    let queries = fs::read_to_string(shared("dashboards").unwrap().join("queries.jsonl")).unwrap();
    let listed = queries.lines().filter(|line| line.contains("\"expr\": \"")).count();
    assert!(
        summary["expressions"].as_u64().unwrap() * 10 > u64::try_from(listed).unwrap() * 9,
        "{summary} of {listed}"
    );
}

/// No truncation and no change of a byte makes it panic.
#[test]
fn survives_broken_files() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("rules.yaml", RULES), ("board.json", BOARD)] {
        let (stem, ending) = name.split_once('.').unwrap();
        for at in (0..text.len()).filter(|at| text.is_char_boundary(*at)).step_by(3) {
            let write = |what: &str, text: &str| {
                fs::write(folder.path().join(format!("{stem}-{what}-{at}.{ending}")), text).unwrap();
            };
            write("cut", &text[..at]);
            for (what, byte) in [("quote", '"'), ("brace", '{'), ("tab", '\t'), ("escape", '\\')] {
                write(what, &format!("{}{byte}{}", &text[..at], &text[at + 1..]));
            }
        }
    }
    let (status, out, error) = slosmith(&["lint", folder.path().to_str().unwrap(), "--format", "json"], "");
    assert_eq!((status, error.as_str()), (1, ""));
    assert!(out.lines().count() > 100 && Path::new(folder.path()).is_dir());
}
