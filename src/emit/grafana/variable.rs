//! What can be chosen at the top of a board.

use smol_str::SmolStr;

use super::json::{Json, Layout};
use super::{choice, datasource};
use crate::ir::dashboard::Selection;

/// The answers of a query in Grafana's own language of variables.
pub(super) fn query(json: &mut Json, query: &str, current: Option<&str>, selection: &Selection) {
    json.string("type", "query");
    datasource(json);
    json.string("definition", query);
    json.object("query", Layout::Line, |json| {
        json.number("qryType", if query.starts_with("label_values") { 1 } else { 3 });
        json.string("query", query);
        json.string("refId", "PrometheusVariableQueryEditor-VariableQuery");
    });
    json.number("refresh", 2);
    json.number("sort", 1);
    json.object("current", Layout::Line, |json| match (current, selection) {
        (Some(value), Selection::One) => {
            json.string("text", value);
            json.string("value", value);
        }
        (Some(value), Selection::Many { .. }) => {
            json.strings("text", [value]);
            json.strings("value", [value]);
        }
        (None, Selection::Many { .. }) => {
            json.strings("text", ["All"]);
            json.strings("value", ["$__all"]);
        }
        (None, Selection::One) => {}
    });
    json.list("options", Layout::Line, |_| {});
    choice(json, selection);
}

/// Fixed values, one of which is chosen.
pub(super) fn choices(json: &mut Json, kind: &str, values: &[SmolStr], current: &str) {
    json.string("type", kind);
    json.string("query", &values.join(","));
    let option = |json: &mut Json, value: &str| {
        json.truth("selected", value == current);
        json.string("text", value);
        json.string("value", value);
    };
    json.object("current", Layout::Line, |json| option(json, current));
    json.list("options", Layout::Block, |json| {
        for value in values {
            json.item(Layout::Line, |json| option(json, value));
        }
    });
}

/// Durations, one of which is chosen.
pub(super) fn interval(json: &mut Json, values: &[SmolStr], current: &str) {
    choices(json, "interval", values, current);
    json.number("refresh", 2);
}

/// One value, which nobody changes or anybody types.
pub(super) fn fixed(json: &mut Json, kind: &str, value: &str) {
    json.string("type", kind);
    json.string("query", value);
    let option = |json: &mut Json| {
        json.truth("selected", true);
        json.string("text", value);
        json.string("value", value);
    };
    json.object("current", Layout::Line, option);
    json.list("options", Layout::Line, |json| json.item(Layout::Line, option));
}
