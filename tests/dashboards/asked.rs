//! Boards that specs ask for: every key of the language, places and ids that stay, queries as they were before.

use std::collections::BTreeMap;

use serde_json::Value;
use slosmith::Compiled;
use slosmith::source::{SourceFile, SourceKind, Sources};

use super::{boards, folder, panels};
use crate::support::{compile_project, print_diagnostics};

/// The project that has every key of `dashboards`.
pub fn project() -> Compiled {
    let (sources, compiled) = compile_project(&folder().join("asked"));
    assert_eq!(print_diagnostics(&sources, &compiled), "");
    compiled
}

/// The only board that a spec asks for.
fn board(spec: &str) -> Value {
    let mut sources = Sources::default();
    let (path, text) = ("slos/shop.yaml".to_owned(), spec.to_owned());
    sources.add(SourceFile { path, kind: SourceKind::Spec, text, problem: None });
    let compiled = slosmith::compile(&sources);
    assert!(compiled.diagnostics.is_empty(), "{:#?}", compiled.diagnostics);
    let asked = boards(&compiled).into_iter().find(|(path, _)| !path.contains("/slo-"));
    asked.unwrap().1
}

fn spec(panels: &[&str]) -> String {
    let head = "apiVersion: slosmith/v1\nservice: shop\ndashboards:\n- title: Shop\n  rows:\n";
    let row = |title: &str, panels: &[&str]| {
        let list = panels.iter().map(|panel| format!("    - {panel}\n")).collect::<Vec<_>>().concat();
        format!("  - title: {title}\n    panels:\n{list}")
    };
    format!("{head}{}{}", row("First", panels), row("Second", &["{title: Up, graph: 'up{job=\"a\"}'}"]))
}

/// Each panel without its place, by its id.
fn by_id(board: &Value) -> BTreeMap<u64, Value> {
    let bare = |panel: &Value| {
        let mut panel = panel.clone();
        panel.as_object_mut().unwrap().remove("gridPos");
        panel
    };
    panels(board).into_iter().map(|panel| (panel["id"].as_u64().unwrap(), bare(panel))).collect()
}

#[test]
fn a_new_panel_changes_no_other_one() {
    let [one, two, three] = ["a", "b", "c"].map(|name| format!("{{title: {name}, stat: 'sum({name}{{job=\"x\"}})'}}"));
    let before = by_id(&board(&spec(&[&one, &three])));
    let after = by_id(&board(&spec(&[&one, &two, &three])));
    assert_eq!(after.len(), before.len() + 1);
    for (id, panel) in before {
        assert_eq!(after.get(&id), Some(&panel));
    }
}

#[test]
fn a_new_panel_moves_only_its_neighbours() {
    let stat = |name: &str| format!("{{title: {name}, stat: 'sum({name}{{job=\"x\"}})'}}");
    let graph = "{title: g, graph: 'sum(g{job=\"x\"})'}";
    let places = |panels: &[&str]| {
        let board = board(&spec(panels));
        let place = |panel: &Value| {
            let at = |key: &str| panel["gridPos"][key].as_u64().unwrap();
            (panel["title"].as_str().unwrap().to_owned(), ["x", "y", "w", "h"].map(at))
        };
        super::panels(&board).into_iter().map(place).collect::<BTreeMap<_, _>>()
    };
    let lines = [stat("a"), stat("b"), graph.to_owned(), stat("c")];
    let before = places(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    let added = stat("d");
    let after = places(&lines.iter().map(String::as_str).chain([added.as_str()]).collect::<Vec<_>>());
    for title in ["First", "a", "b", "g"] {
        assert_eq!(after[title], before[title], "{title} stands in another line");
    }
    assert_eq!((before["c"][2], after["c"][2], after["d"][2]), (24, 12, 12), "the line is shared");
    assert_eq!(after["Up"], before["Up"], "the row below does not move, since no line was added");
}

#[test]
fn panels_of_one_title_have_ids_of_their_own() {
    let same = "{title: Up, graph: 'up{job=\"a\"}'}";
    let board = board(&spec(&[same, same, same]));
    assert_eq!(by_id(&board).len(), 6);
}

/// The panel of a title on the board of every kind of panel.
fn panel(title: &str) -> Value {
    let compiled = project();
    let all = boards(&compiled);
    let (_, board) = all.iter().find(|(path, _)| path.ends_with("/panels.json")).unwrap();
    panels(board).into_iter().find(|panel| panel["title"] == title).unwrap().clone()
}

#[test]
fn panels_draw_what_stands_around_their_values() {
    let cpu = panel("CPU");
    let steps = &cpu["fieldConfig"]["defaults"]["thresholds"]["steps"];
    assert_eq!(steps[1], serde_json::json!({"color": "orange", "value": 0.9}), "the limit of the alert");
    assert_eq!(cpu["fieldConfig"]["defaults"]["custom"]["thresholdsStyle"]["mode"], "dashed");
    assert!(cpu["targets"][1]["expr"].as_str().unwrap().contains("offset 7d"), "{cpu}");
    assert!(cpu["description"].as_str().unwrap().contains("HighCPU (ticket) fires above 0.9"), "{cpu}");
    assert_eq!(cpu["links"][0]["url"], "https://runbooks.example.com/alerts/HighCPU");
    let network = panel("Network");
    assert_eq!(network["fieldConfig"]["defaults"]["unit"], "Bps", "taken from the names");
    assert_eq!(network["fieldConfig"]["overrides"][0]["properties"][0]["value"], "negative-Y");
    let latency = panel("Latency");
    assert_eq!(latency["gridPos"]["w"], 16);
    assert_eq!(
        (&latency["targets"][0]["format"], &latency["options"]["yAxis"]["unit"]),
        (&"heatmap".into(), &"s".into())
    );
    let slow = panel("Checkout p95");
    let colors: Vec<&str> = slow["fieldConfig"]["defaults"]["thresholds"]["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["color"].as_str().unwrap())
        .collect();
    assert_eq!(colors, ["green", "orange", "red"], "less is better");
}

#[test]
fn marks_of_an_alert_are_drawn_into_its_panel_alone() {
    let compiled = project();
    let all = boards(&compiled);
    let (_, board) = all.iter().find(|(path, _)| path.ends_with("/panels.json")).unwrap();
    let annotation = &board["annotations"]["list"][0];
    assert_eq!(annotation["filter"]["ids"], serde_json::json!([panel("CPU")["id"]]));
}

#[test]
fn boards_that_are_asked_for_in_outline() {
    for (path, board) in boards(&project()).into_iter().filter(|(path, _)| !path.contains("/slo/")) {
        let name = path.rsplit('/').next().unwrap().trim_end_matches(".json");
        insta::assert_snapshot!(format!("asked-{name}"), super::outline::outline(&board));
    }
}
