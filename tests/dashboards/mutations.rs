//! The checks can fail: each kind of damage to a good board is found.

use serde_json::{Value, json};

use super::{boards, every_kind, linter, schema, schema_errors, structure};

fn detail() -> Value {
    let (_, board) = boards(&every_kind()).into_iter().find(|(path, _)| path.ends_with("slo-detail.json")).unwrap();
    board
}

/// Damage: what it is called, where, and what stands there then.
type Damage = (&'static str, &'static str, Value);

fn damaged(board: &Value, (name, pointer, value): &Damage) -> Value {
    let mut board = board.clone();
    *board.pointer_mut(pointer).unwrap_or_else(|| panic!("{name}: nothing at {pointer}")) = value.clone();
    board
}

#[test]
fn damage_is_found() {
    let (board, schema) = (detail(), schema());
    let found = |board: &Value| {
        [schema_errors(&schema, board).len(), structure::faults(board).len(), linter::faults(board).len()]
    };
    assert_eq!(found(&board), [0, 0, 0]);
    for damage in by_schema() {
        assert!(found(&damaged(&board, &damage))[0] > 0, "{}", damage.0);
    }
    for damage in by_structure() {
        assert!(found(&damaged(&board, &damage))[1] > 0, "{}", damage.0);
    }
    for damage in by_linter() {
        assert!(found(&damaged(&board, &damage))[2] > 0, "{}", damage.0);
    }
}

fn by_schema() -> Vec<Damage> {
    vec![
        ("a kind of panel that does not exist", "/panels/0/type", json!("stats")),
        ("a colour mode that does not exist", "/panels/0/options/colorMode", json!("loud")),
        ("a threshold without its value", "/panels/0/fieldConfig/defaults/thresholds/steps/0", json!({"color": "red"})),
        ("a place without its width", "/panels/0/gridPos", json!({"x": 0, "y": 0, "h": 4})),
        ("decimals as text", "/panels/0/fieldConfig/defaults/decimals", json!("2")),
        ("a target without a query", "/panels/0/targets/0", json!({"refId": "A"})),
        ("a refresh as number", "/refresh", json!(60)),
    ]
}

fn by_structure() -> Vec<Damage> {
    vec![
        ("a panel beyond the last column", "/panels/0/gridPos/x", json!(23)),
        ("a panel on another", "/panels/1/gridPos/x", json!(0)),
        ("an id twice", "/panels/1/id", json!(1)),
        ("a uid that is too long", "/uid", json!("a".repeat(41))),
        ("a uid with a space", "/uid", json!("slo detail")),
        ("an unknown property", "/panels/8/fieldConfig/overrides/0/properties/0/id", json!("custom.linewidth")),
        ("an unknown transformation", "/panels/17/transformations/0/id", json!("organise")),
    ]
}

fn by_linter() -> Vec<Damage> {
    vec![
        ("an editable board", "/editable", json!(true)),
        ("a fixed data source", "/panels/0/datasource/uid", json!("prometheus")),
        ("a fixed data source of a query", "/panels/0/targets/0/datasource/uid", json!("prometheus")),
        ("no description", "/panels/0/description", json!("")),
        ("no mappings", "/panels/0/fieldConfig/defaults/mappings", Value::Null),
        ("a query that is none", "/panels/0/targets/0/expr", json!("sum(")),
        ("a query of the wrong type", "/panels/0/targets/0/expr", json!("rate(up)")),
        ("a rate over a fixed range", "/panels/0/targets/0/expr", json!("rate(x_total[5m])")),
        ("a counter as it is", "/panels/0/targets/0/expr", json!("x_total")),
        ("a variable that is read once", "/templating/list/1/refresh", json!(1)),
        ("no data source to choose", "/templating/list/0/name", json!("prometheus")),
    ]
}
