//! The checks can fail: each kind of damage to a good board is found.

use serde_json::{Value, json};
use slosmith::diag::Sink;
use slosmith::ir::Dashboard;
use slosmith::ir::dashboard::{BoardTarget, FieldMatcher, Override, Panel, Sort, Transformation, VariableKind, Visual};
use slosmith::parse::decl::ProjectDecl;
use slosmith::promql::{MatchOp, build};
use slosmith::source::SourceKind;
use slosmith::verify::{self, Recorded};
use slosmith::{lower, parse, resolve};

use super::{boards, every_kind, folder, linter, schema, schema_errors, structure};
use crate::support::compile_project;

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

/// The boards of all SLOs and of a chosen one before they are written, and what the rules record.
fn lowered() -> (Vec<Dashboard>, Recorded) {
    let (sources, _) = compile_project(&folder().join("project"));
    let mut sink = Sink::default();
    let specs = sources.iter().filter(|(_, file)| file.kind == SourceKind::Spec);
    let specs: Vec<_> = specs.filter_map(|(file, _)| parse::spec(&sources, file, &mut sink)).collect();
    let project = ProjectDecl::default();
    let services = specs.iter().filter_map(|spec| resolve::service(spec, &project, &sources, &mut sink));
    let services: Vec<_> = services.collect();
    let mut recorded = Recorded::default();
    for service in &services {
        recorded.append(Recorded::of(&lower::rule_file(service)));
    }
    let boards = services.iter().filter_map(lower::service_dashboard);
    (lower::fleet_dashboards(&services).into_iter().chain(boards).collect(), recorded)
}

/// The panel of a board, which has to be there.
fn panel<'a>(board: &'a mut Dashboard, title: &str) -> &'a mut Panel {
    let mut panels = board.rows.iter_mut().flat_map(|row| &mut row.panels);
    panels.find(|panel| panel.title == title).unwrap()
}

/// Damage to the detail board, and a word of the fault that tells of it.
type Change = (&'static str, fn(&mut Dashboard));

fn changes() -> Vec<Change> {
    vec![
        ("is no uid", |board| board.uid = "a".repeat(41).into()),
        ("is used twice", |board| panel(board, "Alert").id = 1),
        ("overlap", |board| panel(board, "Alert").grid.x = 18),
        ("24 columns", |board| panel(board, "Alert").grid.width = 4),
        ("above its row", |board| panel(board, "Definition").grid.y = 1),
        ("within the one above", |board| board.rows[1].header.as_mut().unwrap().y = 2),
        ("no description", |board| panel(board, "Alert").description = "".into()),
        ("nothing records", |board| panel(board, "Alert").targets[0].expr = build::selector("slo:nothing:ratio", [])),
        ("nothing records", |board| {
            if let VariableKind::Custom { values, .. } = &mut board.variables[3].kind {
                values.push("7m".into());
            }
        }),
        ("has a wrong type", |board| {
            let selector = build::selector("slo_info", []);
            panel(board, "Alert").targets[0].expr = build::matrix(selector, 60_000);
        }),
        ("has the label `service`", |board| {
            let condition = ("service".into(), MatchOp::Equal, "$service".into());
            panel(board, "Alert").targets[0].expr = build::selector("slo_info", [condition]);
        }),
        ("no variable `$nothing`", |board| {
            let condition = ("slo_id".into(), MatchOp::Equal, "$nothing".into());
            panel(board, "Alert").targets[0].expr = build::selector("slo_info", [condition]);
        }),
        ("of its legend", |board| panel(board, "Alert state").targets[0].legend = Some("{{slo_name}}".into())),
        ("no field", |board| {
            let matcher = FieldMatcher::Name("objective".into());
            panel(board, "SLI and objective").overrides.push(Override { matcher, properties: Vec::new() });
        }),
        ("no query", |board| {
            let matcher = FieldMatcher::Query("Z".into());
            panel(board, "SLI and objective").overrides.push(Override { matcher, properties: Vec::new() });
        }),
        ("have one name", |board| panel(board, "SLI and objective").targets[1].name = "A".into()),
        ("no field", |board| {
            if let Visual::Table(table) = &mut panel(board, "Alert time in the range").visual {
                table.sort.iter_mut().for_each(|sort: &mut Sort| sort.field = "Time".into());
            }
        }),
        ("has the column `severity`", |board| {
            let table = panel(board, "Alert time in the range");
            if let Transformation::Organize { columns, .. } = &mut table.transformations[0] {
                columns.push(("severity".into(), "Severity".into()));
            }
        }),
    ]
}

#[test]
fn verify_finds_damage() {
    let (boards, recorded) = lowered();
    assert!(boards.len() >= 5, "{}", boards.len());
    let detail = boards.iter().find(|board| board.uid == lower::DETAIL_UID).unwrap();
    assert_eq!(verify::dashboard_faults(detail, &recorded), Vec::<String>::new());
    for (word, change) in changes() {
        let mut damaged = detail.clone();
        change(&mut damaged);
        let faults = verify::dashboard_faults(&damaged, &recorded);
        assert!(faults.iter().any(|fault| fault.contains(word)), "{word}: {faults:?}");
    }
}

#[test]
fn verify_finds_boards_that_do_not_fit_together() {
    let (boards, recorded) = lowered();
    let names: Vec<_> = boards.iter().map(|board| verify::dashboard(board, &recorded)).collect();
    assert_eq!(verify::dashboard_set_faults(&names), Vec::<String>::new());
    let faults = |change: fn(&mut Vec<verify::BoardNames>)| {
        let mut names = names.clone();
        change(&mut names);
        verify::dashboard_set_faults(&names).join("\n")
    };
    assert!(faults(|names| names[0].uid = names[1].uid.clone()).contains("the uid"));
    assert!(faults(|names| names[0].title = names[1].title.clone()).contains("the title"));
    assert!(faults(|names| drop(names.remove(1))).contains("links to `slo-detail`"));
    assert!(faults(|names| names.truncate(2)).contains("links to `slo-svc-"));
    let mut fleet = boards[0].clone();
    fleet.links[0].target = BoardTarget::Dashboard { uid: "slo-nothing".into(), query: None };
    assert!(verify::dashboard(&fleet, &recorded).leads_to.contains("slo-nothing"));
}
