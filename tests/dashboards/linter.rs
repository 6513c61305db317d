//! The 17 rules of Grafana's dashboard-linter, written anew after its documentation and behaviour.
//!
//! The linter itself is judged by what it does, oddities included: a panel with `mappings`, even empty ones, needs no unit, and a
//! counter with matchers needs no rate.

mod exclusions;
mod queries;

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

use super::panels;

pub use exclusions::Exclusions;

/// The rules, each of which is broken by a damaged board in the tests.
pub const RULES: [&str; 17] = [
    "template-datasource-rule",
    "template-job-rule",
    "template-instance-rule",
    "template-label-promql-rule",
    "template-on-time-change-reload-rule",
    "panel-datasource-rule",
    "panel-title-description-rule",
    "panel-units-rule",
    "panel-no-targets-rule",
    "target-promql-rule",
    "target-rate-interval-rule",
    "target-job-rule",
    "target-instance-rule",
    "target-counter-agg-rule",
    "target-logql-rule",
    "target-logql-auto-rule",
    "uneditable-dashboard",
];

/// The kinds of panels that have to have queries, titles and units.
const PANELS: [&str; 6] = ["stat", "singlestat", "graph", "table", "timeseries", "gauge"];
/// Units that the linter knows, as far as boards have them.
const UNITS: [&str; 30] = [
    "none",
    "string",
    "short",
    "percent",
    "percentunit",
    "currencyUSD",
    "currencyEUR",
    "currencyGBP",
    "bytes",
    "decbytes",
    "bits",
    "pps",
    "binBps",
    "Bps",
    "bps",
    "dateTimeAsIso",
    "dateTimeFromNow",
    "hertz",
    "ms",
    "s",
    "m",
    "h",
    "d",
    "dtdurations",
    "cps",
    "ops",
    "reqps",
    "rps",
    "iops",
    "bool_yes_no",
];

/// Something that the linter says.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The rule that is broken.
    pub rule: &'static str,
    /// The title of the panel it is about, if it is about one.
    pub panel: Option<String>,
    /// Which query of the panel, from 0, if it is about one.
    pub target: Option<usize>,
    /// What is wrong.
    pub detail: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let panel = self.panel.as_deref().unwrap_or("the board");
        let target = self.target.map(|target| format!(", query {target}")).unwrap_or_default();
        write!(formatter, "{} ({panel}{target}): {}", self.rule, self.detail)
    }
}

/// Everything that the linter says of a board.
pub fn faults(board: &Value) -> Vec<Fault> {
    let mut faults = Vec::new();
    let variables = list(&board["templating"]["list"]);
    if board["editable"].as_bool().unwrap_or(false) {
        faults.push(of_board("uneditable-dashboard", "editable"));
    }
    sources(&variables, &mut faults);
    // The other rules ask nothing of boards that do not choose a Prometheus.
    let is_prometheus =
        variables.iter().find(|variable| variable["type"] == "datasource").map(|source| &source["query"]);
    if is_prometheus.is_some_and(|query| query == "prometheus") {
        chosen(&variables, "job", "Job", "template-job-rule", &mut faults);
        chosen(&variables, "instance", "Instance", "template-instance-rule", &mut faults);
        for variable in variables.iter().filter(|variable| variable["type"] == "query") {
            query_variable(variable, &mut faults);
        }
    }
    let names: BTreeSet<&str> = variables.iter().filter_map(|variable| variable["name"].as_str()).collect();
    for panel in panels(board) {
        panel_rules(panel, &variables, &mut faults);
        for (index, target) in list(&panel["targets"]).iter().enumerate() {
            let broken = queries::rules(panel, target, &names);
            faults.extend(broken.into_iter().map(|(rule, detail)| Fault {
                rule,
                panel: Some(text(&panel["title"]).to_owned()),
                target: Some(index),
                detail,
            }));
        }
    }
    faults
}

fn of_board(rule: &'static str, detail: impl Into<String>) -> Fault {
    Fault { rule, panel: None, target: None, detail: detail.into() }
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// At least one data source to choose, of the usual name and label.
fn sources(variables: &[Value], faults: &mut Vec<Fault>) {
    let sources: Vec<_> = variables.iter().filter(|variable| variable["type"] == "datasource").collect();
    if sources.is_empty() {
        faults.push(of_board("template-datasource-rule", "no data source to choose"));
    }
    for source in &sources {
        let (name, label) = (text(&source["name"]), text(&source["label"]));
        let is_usual = sources.len() == 1 && (name, label) == ("datasource", "Data source");
        if !is_usual && (name, label) != ("prometheus_datasource", "Prometheus data source") {
            faults.push(of_board("template-datasource-rule", format!("{name}, labelled {label}")));
        }
    }
}

/// A variable for a label that every scraped series has: several can be chosen, or all of them.
fn chosen(variables: &[Value], name: &str, label: &str, rule: &'static str, faults: &mut Vec<Fault>) {
    let Some(variable) = variables.iter().find(|variable| variable["name"] == name) else {
        faults.push(of_board(rule, format!("no variable {name}")));
        return;
    };
    let uids = ["$datasource", "${datasource}", "$prometheus_datasource", "${prometheus_datasource}"];
    for (is_so, detail) in [
        (uids.contains(&text(&variable["datasource"]["uid"])), "another data source"),
        (variable["type"] == "query", "no query"),
        (variable["label"] == label, "another label"),
        (variable["multi"] == true, "one choice only"),
        (variable["allValue"] == ".+", "another value for all"),
    ] {
        if !is_so {
            faults.push(of_board(rule, detail));
        }
    }
}

fn query_variable(variable: &Value, faults: &mut Vec<Fault>) {
    if variable["refresh"] != 2 {
        faults.push(of_board("template-on-time-change-reload-rule", text(&variable["name"])));
    }
    let query = variable["query"].as_str().or(variable["query"]["query"].as_str()).unwrap_or_default();
    let function = ["label_names", "label_values", "metrics", "query_result"];
    let is_valid = query.split_once('(').zip(query.rfind(')')).is_some_and(|((name, rest), end)| {
        let argument = &rest[..end - name.len() - 1];
        let selector = argument.rsplit_once(", ").map_or(argument, |(selector, _)| selector);
        function.contains(&name) && queries::parses(selector)
    });
    if !is_valid {
        faults.push(of_board("template-label-promql-rule", query));
    }
}

fn panel_rules(panel: &Value, variables: &[Value], faults: &mut Vec<Fault>) {
    let kind = text(&panel["type"]);
    if !PANELS.contains(&kind) {
        return;
    }
    let mut fault = |rule, detail: &str| {
        let panel = Some(text(&panel["title"]).to_owned());
        faults.push(Fault { rule, panel, target: None, detail: detail.to_owned() });
    };
    let sources = variables.iter().filter(|variable| variable["type"] == "datasource");
    let uids: Vec<_> = sources
        .map(|source| text(&source["name"]))
        .flat_map(|name| [format!("${name}"), format!("${{{name}}}")])
        .collect();
    let uid = text(&panel["datasource"]["uid"]);
    // Stats and gauges are not looked at, but there is no reason for one of a fixed source.
    if !uids.iter().any(|known| known == uid) {
        fault("panel-datasource-rule", uid);
    }
    if text(&panel["title"]).is_empty() || text(&panel["description"]).is_empty() {
        fault("panel-title-description-rule", "no title or no description");
    }
    if !panel["targets"].is_array() {
        fault("panel-no-targets-rule", "no queries");
    }
    if !has_unit(panel) {
        fault("panel-units-rule", text(&panel["fieldConfig"]["defaults"]["unit"]));
    }
}

fn has_unit(panel: &Value) -> bool {
    if panel["type"] == "stat" && !text(&panel["options"]["reduceOptions"]["fields"]).is_empty() {
        return true;
    }
    let config = &panel["fieldConfig"];
    let properties = || list(&config["overrides"]).into_iter().flat_map(|field| list(&field["properties"]));
    let has_mappings = properties().any(|property| property["id"] == "mappings" && !property["value"].is_null());
    if has_mappings || !config["defaults"]["mappings"].is_null() {
        return true;
    }
    let own = properties().rfind(|property| property["id"] == "unit").map(|property| property["value"].clone());
    let unit = own.unwrap_or_else(|| config["defaults"]["unit"].clone());
    UNITS.contains(&text(&unit))
}
