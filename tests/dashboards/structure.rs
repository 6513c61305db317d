//! What the schema cannot say: places, ids, uids, names of transformations and properties.

use std::collections::BTreeSet;

use serde_json::Value;

use super::panels;

/// The transformations of Grafana 13.
const TRANSFORMATIONS: [&str; 35] = [
    "calculateField",
    "concatenate",
    "configFromData",
    "convertFieldType",
    "extractFields",
    "fieldLookup",
    "filterByRefId",
    "filterByValue",
    "filterFieldsByName",
    "formatString",
    "formatTime",
    "groupBy",
    "groupToNestedTable",
    "groupingToMatrix",
    "heatmap",
    "histogram",
    "joinByField",
    "joinByLabels",
    "labelsToFields",
    "limit",
    "merge",
    "organize",
    "partitionByValues",
    "prepareTimeSeries",
    "reduce",
    "regression",
    "renameByRegex",
    "rowsToFields",
    "seriesToRows",
    "smoothing",
    "sortBy",
    "spatial",
    "timeSeriesTable",
    "transpose",
    "filterFields",
];

/// Properties that every kind of panel knows.
const PROPERTIES: [&str; 12] = [
    "unit",
    "min",
    "max",
    "decimals",
    "displayName",
    "noValue",
    "color",
    "thresholds",
    "mappings",
    "links",
    "filterable",
    "description",
];

/// Properties of one kind of panel, behind `custom.`.
fn custom_properties(kind: &str) -> &'static [&'static str] {
    match kind {
        "timeseries" => &[
            "axisBorderShow",
            "axisCenteredZero",
            "axisColorMode",
            "axisGridShow",
            "axisLabel",
            "axisPlacement",
            "axisSoftMax",
            "axisSoftMin",
            "axisWidth",
            "barAlignment",
            "barMaxWidth",
            "barWidthFactor",
            "drawStyle",
            "fillBelowTo",
            "fillOpacity",
            "gradientMode",
            "hideFrom",
            "insertNulls",
            "lineColor",
            "lineInterpolation",
            "lineStyle",
            "lineWidth",
            "pointColor",
            "pointSize",
            "pointSymbol",
            "scaleDistribution",
            "showPoints",
            "showValues",
            "spanNulls",
            "stacking",
            "thresholdsStyle",
            "transform",
        ],
        "table" => &[
            "align",
            "cellOptions",
            "filterable",
            "footer",
            "hideFrom",
            "hideHeader",
            "inspect",
            "minWidth",
            "sortable",
            "styleField",
            "tooltip",
            "width",
            "wrapHeaderText",
            "wrapText",
        ],
        "state-timeline" => &["axisPlacement", "axisWidth", "fillOpacity", "hideFrom", "lineWidth"],
        _ => &[],
    }
}

/// Everything that is wrong with a board.
pub fn faults(board: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    let uid = board["uid"].as_str().unwrap_or_default();
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if uid.is_empty() || uid.len() > 40 || !uid.chars().all(is_allowed) {
        faults.push(format!("bad uid {uid}"));
    }
    ids_and_places(board, &mut faults);
    for panel in panels(board) {
        names(panel, &mut faults);
    }
    faults
}

fn ids_and_places(board: &Value, faults: &mut Vec<String>) {
    let mut ids = BTreeSet::new();
    let mut taken = BTreeSet::new();
    for panel in panels(board) {
        if !ids.insert(panel["id"].as_u64()) {
            faults.push(format!("panel id {} twice", panel["id"]));
        }
        let [x, y, width, height] = ["x", "y", "w", "h"].map(|key| panel["gridPos"][key].as_u64().unwrap_or(99));
        if width == 0 || height == 0 || x + width > 24 {
            faults.push(format!("panel {} out of 24 columns", panel["id"]));
        }
        for place in (x..x + width).flat_map(|column| (y..y + height).map(move |line| (column, line))) {
            if !taken.insert(place) {
                faults.push(format!("panel {} overlaps another", panel["id"]));
                break;
            }
        }
    }
}

fn names(panel: &Value, faults: &mut Vec<String>) {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    for transformation in list(&panel["transformations"]) {
        if !TRANSFORMATIONS.contains(&transformation["id"].as_str().unwrap_or_default()) {
            faults.push(format!("panel {}: no transformation {}", panel["id"], transformation["id"]));
        }
    }
    let kind = panel["type"].as_str().unwrap_or_default();
    for property in list(&panel["fieldConfig"]["overrides"]).iter().flat_map(|each| list(&each["properties"])) {
        let id = property["id"].as_str().unwrap_or_default();
        let is_known = match id.strip_prefix("custom.") {
            Some(custom) => custom_properties(kind).contains(&custom),
            None => PROPERTIES.contains(&id),
        };
        if !is_known {
            faults.push(format!("panel {}: a {kind} has no property {id}", panel["id"]));
        }
    }
}
