//! Another parser of PromQL, where the two disagree, and why.

use std::panic::catch_unwind;

use slosmith::promql::Dialect;

use super::{accept, good_expressions, verdicts};

/// Longer texts are not given to the other parser, whose time grows with the square.
const LONGEST: usize = 2000;

/// Whether the other parser accepts the text; nothing when it panics.
fn other(text: &str) -> Option<bool> {
    let text = text.to_owned();
    catch_unwind(move || promql_parser::parser::parse(&text).is_ok()).ok()
}

/// What the other parser does not know, or accepts against Prometheus.
fn known_difference(text: &str, we_accept: bool) -> bool {
    let lower = text.to_ascii_lowercase();
    let has = |pieces: &[&str]| pieces.iter().any(|piece| lower.contains(piece));
    if we_accept {
        // Newer than it: number forms, range arithmetic, extended ranges, fill, histogram operators, functions.
        return has(&[
            "smoothed",
            "anchored",
            "fill",
            "</",
            ">/",
            "step",
            "range()",
            "start()",
            "end()",
            "_of(",
            "integral",
            "histogram_quantiles",
            "start_timestamp",
            "ts_of_",
            "first_over_time",
            "info(",
        ]) || text.contains('[')
            || has(&["offset", "@", "0x", "_", "inf", "nan", "\\"]);
    }
    // Laxer than Prometheus: ranges of zero, regular expressions, `or` within braces, units out of order, huge numbers.
    if text.len() > 300 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return true;
    }
    has(&["[0", " or ", "=~", "!~", "\\", "offset", "@"]) || text.contains('[')
}

#[test]
fn the_other_parser_agrees_but_for_known_differences() {
    let mut surprises = Vec::new();
    let mut compared = 0;
    let texts = good_expressions().into_iter().filter(|(_, dialect)| *dialect == Dialect::Rule).map(|(text, _)| text);
    let refused = verdicts().into_iter().filter(|case| case["ok"] == false);
    let refused = refused.map(|case| case["expr"].as_str().unwrap().to_owned());
    for text in texts.chain(refused).filter(|text| text.len() <= LONGEST) {
        let ours = accept(&text, Dialect::Rule).is_ok();
        let Some(theirs) = other(&text) else { continue };
        compared += 1;
        if ours != theirs && !known_difference(&text, ours) {
            surprises.push(format!("{text}: {}", if ours { "only we accept it" } else { "only they accept it" }));
        }
    }
    assert!(surprises.is_empty(), "{} of {compared}\n{}", surprises.len(), surprises.join("\n"));
}
