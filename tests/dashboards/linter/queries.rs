//! The rules about queries.

use std::collections::BTreeSet;

use serde_json::Value;
use slosmith::promql::{self, CheckOptions, Dialect, Expr, ExprKind, MatchOp, ParseOptions, Selector};

use super::text;

/// The kinds of panels whose queries are read for their syntax and ranges.
const PANELS: [&str; 7] = ["stat", "singlestat", "graph", "table", "timeseries", "gauge", "state-timeline"];

/// The rules that a query breaks, each with what is wrong.
pub fn rules(panel: &Value, target: &Value, variables: &BTreeSet<&str>) -> Vec<(&'static str, String)> {
    let query = text(&target["expr"]);
    if target["datasource"]["type"] == "loki" {
        // No board here has such a query, so nothing here can read one.
        return vec![("target-logql-rule", query.to_owned()), ("target-logql-auto-rule", query.to_owned())];
    }
    let is_read = PANELS.contains(&text(&panel["type"]));
    let Some(expr) = read(query, variables) else {
        return if is_read { vec![("target-promql-rule", query.to_owned())] } else { Vec::new() };
    };
    let mut broken = Vec::new();
    for (rule, label) in [("target-job-rule", "job"), ("target-instance-rule", "instance")] {
        if let Some(selector) = selectors(&expr).into_iter().find(|selector| !is_chosen(selector, label)) {
            broken.push((rule, selector.name.as_ref().map_or("{}", |name| name.value.as_str()).to_owned()));
        }
    }
    if is_read && fixed_rate(&expr) {
        broken.push(("target-rate-interval-rule", query.to_owned()));
    }
    if bare_counter(&expr) {
        broken.push(("target-counter-agg-rule", query.to_owned()));
    }
    broken
}

/// Whether a text is PromQL, also to others.
pub fn parses(query: &str) -> bool {
    read(query, &BTreeSet::new()).is_some()
}

/// The tree of a query that our parser, and the one of others with variables filled in, can read.
fn read(query: &str, variables: &BTreeSet<&str>) -> Option<Expr> {
    let expr = promql::parse(query, &ParseOptions::new(Dialect::Dashboard)).ok()?;
    promql::check(&expr, &CheckOptions::everything()).ok()?;
    let mut filled = query.to_owned();
    for (name, value) in [("__rate_interval", "5m"), ("__range_s", "3600"), ("__range", "1h"), ("__interval", "1m")] {
        filled = filled.replace(&format!("${{{name}}}"), value).replace(&format!("${name}"), value);
    }
    for name in variables {
        // What can be chosen on boards stands in matchers and names, or is a range.
        filled = filled.replace(&format!("[${{{name}}}]"), "[5m]").replace(&format!("[${name}]"), "[5m]");
        filled = filled.replace(&format!("${{{name}}}"), "5m").replace(&format!("${name}"), "5m");
    }
    promql_parser::parser::parse(&filled).ok()?;
    Some(expr)
}

fn selectors(expr: &Expr) -> Vec<&Selector> {
    let mut selectors = Vec::new();
    promql::visit::walk(expr, &mut |part| match &part.kind {
        ExprKind::Selector(selector) => selectors.push(&**selector),
        ExprKind::Matrix(matrix) => selectors.push(&matrix.selector),
        _ => {}
    });
    selectors
}

/// Whether a selector has exactly `label=~"$label"`.
fn is_chosen(selector: &Selector, label: &str) -> bool {
    let mut matchers = selector.matchers.iter().filter(|matcher| matcher.label.value == label);
    matchers.any(|matcher| matcher.op == MatchOp::Regex && matcher.value.value.as_str() == format!("${label}"))
}

fn fixed_rate(expr: &Expr) -> bool {
    let mut is_fixed = false;
    promql::visit::walk(expr, &mut |part| {
        if let ExprKind::Call(call) = &part.kind
            && matches!(call.function.value.as_str(), "rate" | "irate")
            && call.args.iter().any(|argument| matches!(argument.kind, ExprKind::Matrix(_)))
        {
            is_fixed |= !promql::print_line(part).contains("[$__rate_interval]");
        }
    });
    is_fixed
}

/// Whether a counter without matchers stands outside of `rate`, `irate` and `increase`.
fn bare_counter(expr: &Expr) -> bool {
    let is_counter = |selector: &Selector| {
        selector.matchers.is_empty() && selector.name.as_ref().is_some_and(|name| name.value.ends_with("_total"))
    };
    match &expr.kind {
        ExprKind::Selector(selector) => is_counter(selector),
        ExprKind::Matrix(matrix) => is_counter(&matrix.selector),
        ExprKind::Call(call) if matches!(call.function.value.as_str(), "rate" | "irate" | "increase") => {
            let others = call.args.iter().filter(|argument| !matches!(argument.kind, ExprKind::Matrix(_)));
            others.into_iter().any(bare_counter)
        }
        _ => promql::visit::children(expr).any(bare_counter),
    }
}
