//! What stands where on each board, and what it asks: the part of a board that a reviewer reads.

use std::fmt::Write;

use serde_json::Value;

use super::{boards, every_kind, panels};

#[test]
fn boards_in_outline() {
    let compiled = every_kind();
    for (path, board) in boards(&compiled) {
        let name = path.rsplit('/').next().unwrap().trim_end_matches(".json");
        insta::assert_snapshot!(name, outline(&board));
    }
}

pub fn outline(board: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let mut out = format!("{}\n{}\n\n", text(&board["title"]), text(&board["description"]));
    for variable in list(&board["templating"]["list"]) {
        let definition = variable["definition"].as_str().or(variable["query"].as_str()).unwrap_or_default();
        let chosen = &variable["current"]["value"];
        let chosen = if chosen.is_null() { String::new() } else { format!(" = {chosen}") };
        writeln!(out, "${} {definition}{chosen}", text(&variable["name"])).unwrap();
    }
    for annotation in list(&board["annotations"]["list"]) {
        writeln!(out, "marks `{}`: {}", text(&annotation["name"]), text(&annotation["expr"])).unwrap();
    }
    for link in list(&board["links"]) {
        writeln!(out, "link `{}`: {} {}", text(&link["title"]), text(&link["url"]), link["tags"]).unwrap();
    }
    for panel in panels(board) {
        let [x, y, width, height] = ["x", "y", "w", "h"].map(|key| panel["gridPos"][key].as_u64().unwrap_or(0));
        let (id, kind) = (panel["id"].as_u64().unwrap_or(0), text(&panel["type"]));
        writeln!(out, "\n{id} {kind} `{}` at {x},{y} {width}x{height}", text(&panel["title"])).unwrap();
        for line in text(&panel["description"]).lines().chain(text(&panel["options"]["content"]).lines()) {
            writeln!(out, "    | {line}").unwrap();
        }
        for link in list(&panel["links"]) {
            writeln!(out, "    link `{}`: {}", text(&link["title"]), text(&link["url"])).unwrap();
        }
        let thresholds = list(&panel["fieldConfig"]["defaults"]["thresholds"]["steps"]);
        let steps: Vec<_> =
            thresholds.iter().map(|step| format!("{} {}", step["value"], text(&step["color"]))).collect();
        if kind == "timeseries" {
            writeln!(out, "    thresholds {}", steps.join(", ")).unwrap();
        }
        for target in list(&panel["targets"]) {
            let expr = text(&target["expr"]).replace('\n', "\n        ");
            writeln!(out, "    {} {}\n        {expr}", text(&target["refId"]), text(&target["legendFormat"])).unwrap();
        }
    }
    out
}
