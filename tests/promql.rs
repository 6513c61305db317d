//! PromQL: Prometheus's verdicts, a second parser's opinion, print and parse, messages, no panic whatever the bytes.

mod built;
mod corpus;
mod golden;
mod laws;
mod lints;
mod robustness;
mod second_opinion;
mod trees;

use std::path::{Path, PathBuf};

use serde_json::Value;
use slosmith::promql::{CheckOptions, Dialect, Error, Expr, ParseOptions, ValueType, check, parse};

/// A folder of the shared corpus, which lies beside the project; a visible skip without it, a failure in CI.
pub(crate) fn shared(folder: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus").join(folder);
    if path.is_dir() {
        return Some(path);
    }
    assert!(std::env::var("CI").is_err(), "{} is missing", path.display());
    eprintln!("skipped: {} is missing", path.display());
    None
}

/// The values of a file of JSON lines.
pub(crate) fn json_lines(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The verdicts of Prometheus, without the texts that are no UTF-8.
fn verdicts() -> Vec<Value> {
    let Some(folder) = shared("promql") else { return Vec::new() };
    let mut cases = json_lines(&folder.join("parse.jsonl"));
    cases.retain(|case| case.get("expr_b64").is_none());
    cases
}

/// Reads and checks for the newest Prometheus with every feature.
fn accept(text: &str, dialect: Dialect) -> Result<(Expr, ValueType), Vec<Error>> {
    let expr = parse(text, &ParseOptions::new(dialect))?;
    let value_type = check(&expr, &CheckOptions::everything())?;
    Ok((expr, value_type))
}

/// Expressions that are read without a fault, each with its dialect: Prometheus's, dashboards', rules'.
fn good_expressions() -> Vec<(String, Dialect)> {
    let text = |value: &Value| value["expr"].as_str().map(str::to_owned);
    let mut found: Vec<(String, Dialect)> = Vec::new();
    for case in verdicts().iter().filter(|case| case["ok"] == true) {
        found.extend(text(case).map(|expr| (expr, Dialect::Rule)));
    }
    if let Some(folder) = shared("dashboards") {
        for query in json_lines(&folder.join("queries.jsonl")) {
            found.extend(text(&query).map(|expr| (expr, Dialect::Dashboard)));
        }
    }
    found.extend(corpus::rule_expressions().into_iter().map(|expr| (expr, Dialect::Rule)));
    found
}
