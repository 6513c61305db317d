//! `slosmith promql`: what people see, and what programs get for every expression of Prometheus's own tests.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::promql::{json_lines, shared};

/// Runs the binary; its exit status, standard output and standard error.
pub(super) fn slosmith(args: &[&str], input: &str) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_slosmith"));
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().unwrap();
    let _ = writer.join().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// A command line as people type it, with what it prints.
fn session(args: &[&str]) -> String {
    let (status, out, error) = slosmith(args, "");
    format!("status {status}\n{out}{error}")
}

#[test]
fn for_people() {
    let good =
        "sum by (job) (rate(http_requests_total{code=~'5..'}[5m])) / on (job) group_left (team) job_info{env='a'}";
    let runs = [
        session(&["promql", good]),
        session(&["promql", "sum(rate(http_requests_total[5m])"]),
        session(&["promql", "rate(errors_total) + foo(1)"]),
        session(&["promql", "--target-version", "2.50", "limitk(3, up)"]),
        session(&["promql", "-1"]),
        session(&["promql", "--dialect", "dashboard", "rate(a_total{job=~\"$job\"}[$__rate_interval])"]),
        session(&["promql", "--dialect", "sli", "rate(a_total[$window])"]),
        session(&["promql", "--metrics", "node_exporter", "rate(node_load1[5m]) + node_load1{device='a'}"]),
        session(&["promql", "--metrics", "nodes", "up"]),
    ];
    insta::assert_snapshot!(runs.join("\n---\n"));
}

#[test]
fn verdicts_are_those_of_prometheus() {
    let Some(folder) = shared("promql") else { return };
    let mut cases: Vec<Value> = json_lines(&folder.join("parse.jsonl"));
    // The others are no UTF-8.
    cases.retain(|case| case.get("expr_b64").is_none());
    let lines: Vec<String> = cases.iter().map(|case| serde_json::json!({"expr": case["expr"]}).to_string()).collect();
    let input = lines.join("\n");
    let mut args = vec!["promql", "-", "--format", "json"];
    let features = ["functions", "duration-expr", "extended-range-selectors", "binop-fill-modifiers"].map(|name| {
        format!("--enable-feature=promql-{}{name}", if name == "functions" { "experimental-" } else { "" })
    });
    args.extend(features.iter().map(String::as_str));
    let (status, out, error) = slosmith(&args, &input);
    assert_eq!((status, error.as_str()), (1, ""));
    let answers: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), cases.len());
    for (case, answer) in cases.iter().zip(&answers) {
        assert_eq!(answer["ok"].as_bool(), case["ok"].as_bool(), "{case}\n{answer}");
        let length = case["expr"].as_str().unwrap().len() as u64;
        for error in answer["errors"].as_array().unwrap() {
            assert!(error["start"].as_u64() <= error["end"].as_u64(), "{answer}");
            assert!(error["end"].as_u64() <= Some(length), "{case}\n{answer}");
        }
        if case["ok"] == true {
            assert!(case["type"].is_null() || case["type"] == answer["type"], "{case}\n{answer}");
            assert!(answer["formatted"].is_string());
        } else {
            assert!(answer["errors"].as_array().is_some_and(|errors| !errors.is_empty()));
        }
    }
}

#[test]
fn lines_of_standard_input() {
    let (status, out, _) = slosmith(&["promql", "-", "--format", "json"], "up\n\n{\"expr\": \"1 +\\n2\"}\nrate(up)\n");
    assert_eq!(status, 1);
    insta::assert_snapshot!(out);
}
