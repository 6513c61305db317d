//! Another parser of PromQL and the promtool at hand, where we disagree, and why.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::panic::catch_unwind;

use slosmith::promql::{CheckOptions, Dialect, DurationKind, Expr, ParseOptions, check, parse, visit};

use super::{accept, good_expressions, verdicts};
use crate::support::promtool;

/// Longer texts are not given to the other parser, whose time grows with the square.
const LONGEST: usize = 2000;

/// Whether the other parser accepts the text; nothing when it panics.
fn other(text: &str) -> Option<bool> {
    let text = text.to_owned();
    catch_unwind(move || promql_parser::parser::parse(&text).is_ok()).ok()
}

/// Words and signs of PromQL that the other parser does not have yet.
const NEWER: [&str; 16] = [
    "anchored",
    "smoothed",
    "fill",
    "</",
    ">/",
    "step(",
    "range()",
    "start()",
    "end()",
    "_of(",
    "histogram_quantiles",
    "start_timestamp",
    "ts_of_",
    "first_over_time",
    "info(",
    "integral",
];

/// Out of range for Prometheus, but not for the other parser.
const TOO_LARGE: [&str; 3] = ["9223372036854775808", "9.5e10", "99999999999999999999"];

/// Whether a disagreement is known: the other parser lacks newer words and arithmetic with durations, and bounds less.
fn is_known(text: &str, ours: Option<&Expr>) -> bool {
    let lower = text.to_ascii_lowercase();
    let Some(expr) = ours else {
        return TOO_LARGE.iter().any(|number| text.contains(number));
    };
    NEWER.iter().any(|piece| lower.contains(piece))
        || visit::durations(expr).iter().any(|duration| !matches!(duration.kind, DurationKind::Millis(_)))
        || text.contains("'foo\\'bar', `")
}

#[test]
fn the_other_parser_agrees_but_for_known_differences() {
    let mut surprises = Vec::new();
    let mut compared = 0;
    for text in texts() {
        let ours = accept(&text, Dialect::Rule).ok().map(|(expr, _)| expr);
        let Some(theirs) = other(&text) else { continue };
        compared += 1;
        if ours.is_some() != theirs && !is_known(&text, ours.as_ref()) {
            surprises
                .push(format!("{text}: {}", if ours.is_some() { "only we accept it" } else { "only they accept it" }));
        }
    }
    assert!(surprises.is_empty(), "{} of {compared}\n{}", surprises.len(), surprises.join("\n"));
}

/// Good and faulty expressions of a bounded length.
fn texts() -> Vec<String> {
    let good = good_expressions().into_iter().filter(|(_, dialect)| *dialect == Dialect::Rule).map(|(text, _)| text);
    let refused = verdicts().into_iter().filter(|case| case["ok"] == false);
    let refused = refused.map(|case| case["expr"].as_str().unwrap().to_owned());
    good.chain(refused).filter(|text| text.len() <= LONGEST && !text.trim().is_empty()).collect()
}

/// Faults that our trees do not tell: a number where older versions want a duration and the other way round, quotes
/// around a plain metric name, offsets of nothing.
const UNTOLD: [&str; 6] = [
    "missing unit",
    "expected duration",
    "expected timestamp",
    "expected identifier or",
    "must be greater than 0",
    "invalid UTF-8",
];

#[test]
fn promtool_agrees_for_its_version() {
    let Some(tool) = promtool() else { return };
    let texts = texts();
    let rules: Vec<serde_json::Value> = texts
        .iter()
        .enumerate()
        .map(|(place, text)| serde_json::json!({"record": "r:r", "expr": text, "labels": {"place": place.to_string()}}))
        .collect();
    let file = serde_json::json!({"groups": [{"name": "g", "rules": rules}]});
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rules.json"), file.to_string()).unwrap();
    let printed = tool.run(folder.path(), &["check", "rules", "--lint=none", "rules.json"]).unwrap_or_default();
    let mut refused: BTreeMap<usize, &str> = BTreeMap::new();
    for line in printed.lines() {
        let Some((_, rest)) = line.split_once("group \"g\", rule ") else { continue };
        let (place, message) = rest.split_once(',').unwrap();
        refused.insert(place.parse::<usize>().unwrap() - 1, message);
    }
    assert_eq!(refused.is_empty(), texts.is_empty(), "{printed}");
    let options = CheckOptions { version: tool.version(), enabled: Vec::new() };
    let mut surprises = String::new();
    for (place, text) in texts.iter().enumerate() {
        let ours = parse(text, &ParseOptions::default()).and_then(|expr| check(&expr, &options));
        let theirs = refused.get(&place);
        let quirk = theirs.is_none() && ["@ end()", "@ start()", "[5s "].iter().any(|piece| text.contains(piece));
        let untold = quirk || theirs.is_some_and(|message| UNTOLD.iter().any(|fault| message.contains(fault)));
        if ours.is_ok() == theirs.is_some() && !untold {
            let _ = writeln!(surprises, "{text}\n  ours {ours:?}\n  theirs {theirs:?}");
        }
    }
    assert!(surprises.is_empty(), "{surprises}");
}
