//! The checks can fail: each kind of damage to a good board is found.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use slosmith::diag::Sink;
use slosmith::ir::Dashboard;
use slosmith::ir::dashboard::{
    BoardTarget, FieldMatcher, Override, Panel, Property, Sort, Transformation, VariableKind, Visual,
};
use slosmith::parse::decl::ProjectDecl;
use slosmith::promql::{MatchOp, build};
use slosmith::source::SourceKind;
use slosmith::verify::{self, Recorded};
use slosmith::{lower, parse, resolve};

use super::linter::Exclusions;
use super::{boards, every_kind, exclusions, folder, linter, schema, schema_errors, structure};
use crate::support::compile_project;

fn detail() -> (Value, Exclusions) {
    let compiled = every_kind();
    let (path, board) = boards(&compiled).into_iter().find(|(path, _)| path.ends_with("slo-detail.json")).unwrap();
    (board, exclusions(&compiled, &path))
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
    let ((board, exclusions), schema) = (detail(), schema());
    let remaining =
        |board: &Value| linter::faults(board).into_iter().filter(|fault| !exclusions.leaves_out(board, fault)).count();
    let found = |board: &Value| [schema_errors(&schema, board).len(), structure::faults(board).len(), remaining(board)];
    assert_eq!(found(&board), [0, 0, 0]);
    for damage in by_schema() {
        assert!(found(&damaged(&board, &damage))[0] > 0, "{}", damage.0);
    }
    for damage in by_structure() {
        assert!(found(&damaged(&board, &damage))[1] > 0, "{}", damage.0);
    }
}

#[test]
fn every_rule_of_the_linter_finds_its_damage() {
    let board = obedient(&detail().0);
    assert_eq!(linter::faults(&board).iter().map(ToString::to_string).collect::<Vec<_>>(), Vec::<String>::new());
    let mut broken = BTreeSet::new();
    for (rule, damage) in by_linter() {
        let faults = linter::faults(&damaged(&board, &damage));
        assert!(faults.iter().any(|fault| fault.rule == rule), "{}: {faults:?}", damage.0);
        broken.insert(rule);
    }
    assert_eq!(broken, BTreeSet::from(linter::RULES));
}

/// A board that needs no exclusions: with variables for job and instance, and one panel that chooses by them.
fn obedient(board: &Value) -> Value {
    let mut board = board.clone();
    let variable = |name: &str, label: &str| {
        let query = format!("label_values(up, {name})");
        json!({"name": name, "label": label, "type": "query", "datasource": {"uid": "${datasource}"}, "refresh": 2,
            "multi": true, "allValue": ".+", "query": {"query": query}})
    };
    let source = board["templating"]["list"][0].clone();
    board["templating"]["list"] = json!([source, variable("job", "Job"), variable("instance", "Instance")]);
    let mut panel = board["panels"][0].clone();
    let query = "sum(rate(x_total{job=~\"$job\",instance=~\"$instance\"}[$__rate_interval]))";
    panel["targets"][0]["expr"] = json!(query);
    panel["type"] = json!("timeseries");
    board["panels"] = json!([panel]);
    board
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

fn by_linter() -> Vec<(&'static str, Damage)> {
    let expr = "/panels/0/targets/0/expr";
    let chosen = |expr: &str| json!(expr.replace("{}", "{job=~\"$job\",instance=~\"$instance\"}"));
    vec![
        ("uneditable-dashboard", ("an editable board", "/editable", json!(true))),
        ("template-datasource-rule", ("another name", "/templating/list/0/name", json!("prometheus"))),
        ("template-datasource-rule", ("another label", "/templating/list/0/label", json!("Source"))),
        ("template-job-rule", ("no such variable", "/templating/list/1/name", json!("jobs"))),
        ("template-job-rule", ("another value for all", "/templating/list/1/allValue", json!(".*"))),
        ("template-instance-rule", ("one choice", "/templating/list/2/multi", json!(false))),
        ("template-instance-rule", ("another label", "/templating/list/2/label", json!("instance"))),
        ("template-label-promql-rule", ("no function", "/templating/list/1/query/query", json!("up"))),
        (
            "template-label-promql-rule",
            ("no selector", "/templating/list/1/query/query", json!("label_values(up{, job)")),
        ),
        ("template-on-time-change-reload-rule", ("read once", "/templating/list/1/refresh", json!(1))),
        ("panel-datasource-rule", ("a fixed data source", "/panels/0/datasource/uid", json!("prometheus"))),
        ("panel-title-description-rule", ("no description", "/panels/0/description", json!(""))),
        ("panel-units-rule", ("no unit", "/panels/0/fieldConfig/defaults", json!({"mappings": null, "unit": ""}))),
        ("panel-units-rule", ("no such unit", "/panels/0/fieldConfig/defaults", json!({"unit": "parsecs"}))),
        ("panel-no-targets-rule", ("no queries", "/panels/0/targets", Value::Null)),
        ("target-promql-rule", ("no query", expr, json!("sum("))),
        ("target-promql-rule", ("a wrong type", expr, json!("rate(up)"))),
        ("target-rate-interval-rule", ("a fixed range", expr, chosen("rate(x_total{}[5m])"))),
        ("target-job-rule", ("every job", expr, json!("up{instance=~\"$instance\"}"))),
        ("target-job-rule", ("one job", expr, json!("up{job=\"$job\",instance=~\"$instance\"}"))),
        ("target-instance-rule", ("every instance", expr, json!("up{job=~\"$job\"}"))),
        ("target-counter-agg-rule", ("a counter as it is", expr, json!("x_total"))),
        ("target-counter-agg-rule", ("its maximum", expr, json!("max_over_time(x_total[5m])"))),
        ("target-logql-rule", ("a query for Loki", "/panels/0/targets/0/datasource/type", json!("loki"))),
        ("target-logql-auto-rule", ("a range for Loki", "/panels/0/targets/0/datasource/type", json!("loki"))),
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
        ("can have the property", |board| {
            let name = panel(board, "SLI and objective").targets[0].legend.clone().unwrap();
            let properties = vec![Property::Filterable];
            let field = Override { matcher: FieldMatcher::Name(name), properties };
            panel(board, "SLI and objective").overrides.push(field);
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
    let detail = boards.iter().find(|board| board.uid == "slo-detail").unwrap();
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
