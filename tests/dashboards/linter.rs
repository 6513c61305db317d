//! The rules of Grafana's dashboard-linter that apply to boards of recorded series.
//!
//! Those that demand `job` and `instance` do not: SLO series are recorded without them.

use serde_json::Value;
use slosmith::promql::{self, CheckOptions, Dialect, Expr, ExprKind, ParseOptions};

use super::panels;

const WITH_QUERIES: [&str; 5] = ["stat", "table", "timeseries", "gauge", "state-timeline"];

/// Everything the linter would say, each with the name of its rule.
pub fn faults(board: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    let variables = board["templating"]["list"].as_array().cloned().unwrap_or_default();
    variable_rules(&variables, &mut faults);
    if board["editable"].as_bool() != Some(false) {
        faults.push("uneditable-dashboard".to_owned());
    }
    for panel in panels(board) {
        panel_rules(panel, &mut faults);
    }
    faults
}

fn variable_rules(variables: &[Value], faults: &mut Vec<String>) {
    let of_type = |kind: &'static str| variables.iter().filter(move |variable| variable["type"] == kind).cloned();
    let sources: Vec<_> = of_type("datasource").collect();
    match sources.as_slice() {
        [source] if source["name"] == "datasource" && source["label"] == "Data source" => {}
        _ => faults.push("template-datasource-rule".to_owned()),
    }
    for variable in of_type("query") {
        if variable["refresh"] != 2 {
            faults.push(format!("template-on-time-change-reload-rule: {}", variable["name"]));
        }
        let query = variable["query"]["query"].as_str().unwrap_or_default();
        let inner = query.strip_prefix("label_values(").and_then(|rest| rest.rsplit_once(", "));
        let parses = inner.is_some_and(|(selector, _)| read(selector).is_some());
        if !parses || variable["definition"] != query {
            faults.push(format!("template-label-promql-rule: {query}"));
        }
    }
}

fn panel_rules(panel: &Value, faults: &mut Vec<String>) {
    let kind = panel["type"].as_str().unwrap_or_default();
    if !WITH_QUERIES.contains(&kind) {
        return;
    }
    let mut fault = |rule: &str, detail: &str| faults.push(format!("{rule}: panel {} {detail}", panel["id"]));
    let is_empty = |value: &Value| value.as_str().is_none_or(str::is_empty);
    if panel["datasource"]["uid"] != "${datasource}" {
        fault("panel-datasource-rule", "");
    }
    if is_empty(&panel["title"]) || is_empty(&panel["description"]) {
        fault("panel-title-description-rule", "");
    }
    let defaults = &panel["fieldConfig"]["defaults"];
    if is_empty(&defaults["unit"]) || !defaults["mappings"].is_array() {
        fault("panel-units-rule", "");
    }
    let targets = panel["targets"].as_array().cloned().unwrap_or_default();
    if targets.is_empty() {
        fault("panel-no-targets-rule", "");
    }
    for target in targets {
        let text = target["expr"].as_str().unwrap_or_default();
        match read(text) {
            None => fault("target-promql-rule", text),
            Some(expr) => {
                if let Some(rule) = query_rule(&expr) {
                    fault(rule, text);
                }
            }
        }
        if target["datasource"]["uid"] != "${datasource}" {
            fault("target-datasource", text);
        }
    }
}

/// The tree of a query that our parser, and the one of others with variables filled in, can read.
fn read(text: &str) -> Option<Expr> {
    let expr = promql::parse(text, &ParseOptions::new(Dialect::Dashboard)).ok()?;
    promql::check(&expr, &CheckOptions::everything()).ok()?;
    let filled = text.replace("${sli_window}", "5m").replace("$__range", "1h").replace("$__rate_interval", "5m");
    promql_parser::parser::parse(&filled).ok()?;
    Some(expr)
}

/// The rule about rates and counters that a query breaks.
fn query_rule(expr: &Expr) -> Option<&'static str> {
    let mut broken = None;
    promql::visit::walk(expr, &mut |part| match &part.kind {
        ExprKind::Call(call) if matches!(call.function.value.as_str(), "rate" | "irate") => {
            let is_interval = promql::print_line(part).contains("[$__rate_interval]");
            broken = broken.or((!is_interval).then_some("target-rate-interval-rule"));
        }
        ExprKind::Selector(selector) => {
            let name = selector.name.as_ref().map_or("", |name| name.value.as_str());
            broken = broken.or(name.ends_with("_total").then_some("target-counter-agg-rule"));
        }
        _ => {}
    });
    broken
}
