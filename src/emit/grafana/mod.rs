//! Dashboards as classic Grafana JSON, the form that file provisioning reads.

mod field;
mod json;
mod lint;
mod panel;
mod variable;
mod alerting;
mod notifications;
mod provisioning;
mod visual;

use smol_str::SmolStr;

use crate::ir::dashboard::{
    Annotation, BoardLink, BoardTarget, Dashboard, Panel, Row, RowHeader, RowState, Selection, Variable, VariableKind,
    Visibility,
};
use crate::promql::print_line;
use json::{Json, Layout};

pub use alerting::alerts;
pub use lint::{LINT_PATH, lint_exceptions, lint_exclusions};
pub use notifications::notifications;
pub use provisioning::{DATASOURCES_PATH, PROVIDERS_PATH, datasources, providers};

/// The version of the form: that of Grafana 12; older and newer ones read it too.
const SCHEMA_VERSION: u32 = 41;

/// A panel's text is about this long.
const PANEL_BYTES: usize = 2_500;

/// The text of a dashboard: the same for the same dashboard, whatever the clock says.
#[must_use]
pub fn dashboard(board: &Dashboard) -> String {
    let capacity = 4_096 + PANEL_BYTES * board.panels().count();
    Json::document(capacity, |json| {
        json.string("uid", &board.uid);
        json.string("title", &board.title);
        json.string("description", &board.description);
        json.strings("tags", board.tags.iter().map(SmolStr::as_str));
        json.number("schemaVersion", SCHEMA_VERSION);
        json.number("version", 1);
        json.truth("editable", false);
        json.number("graphTooltip", 1);
        json.string("timezone", "browser");
        json.string("refresh", &board.refresh);
        json.object("time", Layout::Line, |json| {
            json.string("from", &board.from);
            json.string("to", "now");
        });
        json.object("timepicker", Layout::Line, |json| {
            json.strings("refresh_intervals", ["30s", "1m", "5m", "15m", "30m", "1h"]);
        });
        json.object("templating", Layout::Block, |json| {
            json.list("list", Layout::Block, |json| board.variables.iter().for_each(|each| variable(json, each)));
        });
        json.object("annotations", Layout::Block, |json| {
            json.list("list", Layout::Block, |json| board.annotations.iter().for_each(|each| annotation(json, each)));
        });
        json.list("links", Layout::Block, |json| board.links.iter().for_each(|link| board_link(json, link)));
        json.list("panels", Layout::Block, |json| board.rows.iter().for_each(|row| push_row(json, row)));
    })
}

/// The data source that is chosen at the top.
fn datasource(json: &mut Json) {
    json.object("datasource", Layout::Line, |json| {
        json.string("type", "prometheus");
        json.string("uid", "${datasource}");
    });
}

fn variable(json: &mut Json, variable: &Variable) {
    json.item(Layout::Block, |json| {
        json.string("name", &variable.name);
        json.string("label", &variable.label);
        match &variable.kind {
            VariableKind::Datasource => {
                json.string("type", "datasource");
                json.string("query", "prometheus");
                json.number("refresh", 1);
                json.object("current", Layout::Line, |_| {});
                json.list("options", Layout::Line, |_| {});
                choice(json, &Selection::One);
            }
            VariableKind::LabelValues { selector, label, current, selection } => {
                let query = format!("label_values({}, {label})", print_line(selector));
                variable::query(json, &query, current.as_deref(), selection);
            }
            VariableKind::Custom { values, current, selection } => {
                variable::choices(json, "custom", values, current);
                choice(json, selection);
            }
            VariableKind::Query { query, current, selection } => {
                variable::query(json, query, current.as_deref(), selection);
            }
            VariableKind::Interval { values, current } => variable::interval(json, values, current),
            VariableKind::Constant(value) => variable::fixed(json, "constant", value),
            VariableKind::TextBox(value) => variable::fixed(json, "textbox", value),
        }
        json.string("regex", "");
        json.number("hide", if matches!(variable.kind, VariableKind::Constant(_)) { 2 } else { 0 });
    });
}

fn choice(json: &mut Json, selection: &Selection) {
    let is_multi = *selection != Selection::One;
    json.truth("multi", is_multi);
    json.truth("includeAll", is_multi);
    if let Selection::Many { all } = selection {
        json.string("allValue", all);
    }
}

fn annotation(json: &mut Json, annotation: &Annotation) {
    json.item(Layout::Block, |json| {
        json.string("name", &annotation.name);
        datasource(json);
        json.truth("enable", annotation.visibility == Visibility::Shown);
        json.truth("hide", false);
        json.string("iconColor", &annotation.color);
        json.string("expr", &print_line(&annotation.expr));
        json.string("step", "60s");
        json.string("titleFormat", &annotation.title);
        json.string("textFormat", &annotation.text);
        json.string("tagKeys", &annotation.tags.join(","));
        json.truth("useValueForTime", false);
        if !annotation.panels.is_empty() {
            json.object("filter", Layout::Line, |json| {
                json.truth("exclude", false);
                json.list("ids", Layout::Line, |json| annotation.panels.iter().for_each(|id| json.number_item(id)));
            });
        }
    });
}

fn board_link(json: &mut Json, link: &BoardLink) {
    json.item(Layout::Block, |json| {
        json.string("title", &link.title);
        match &link.target {
            BoardTarget::Dashboard { uid, query } => {
                let query = query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
                json.string("type", "link");
                json.string("icon", "dashboard");
                json.string("url", &format!("/d/{uid}{query}"));
                link_options(json, &Carried::EVERYTHING, Opens::Here, &[]);
            }
            BoardTarget::Tagged(tag) => {
                json.string("type", "dashboards");
                json.string("icon", "external link");
                link_options(json, &Carried::EVERYTHING, Opens::Here, &[tag]);
            }
            BoardTarget::Page(url) => {
                json.string("type", "link");
                json.string("icon", "doc");
                json.string("url", url);
                link_options(json, &Carried::NOTHING, Opens::NewTab, &[]);
            }
        }
    });
}

/// What a link takes along.
struct Carried {
    variables: bool,
    time: bool,
}

impl Carried {
    const EVERYTHING: Self = Self { variables: true, time: true };
    const NOTHING: Self = Self { variables: false, time: false };
}

/// Where a link opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Opens {
    Here,
    NewTab,
}

fn link_options(json: &mut Json, carried: &Carried, opens: Opens, tags: &[&str]) {
    json.string("tooltip", "");
    json.strings("tags", tags.iter().copied());
    json.truth("asDropdown", !tags.is_empty());
    json.truth("targetBlank", opens == Opens::NewTab);
    json.truth("includeVars", carried.variables);
    json.truth("keepTime", carried.time);
}

fn push_row(json: &mut Json, row: &Row) {
    let panels = |json: &mut Json| row.panels.iter().for_each(|each: &Panel| panel::panel(json, each));
    match &row.header {
        None => panels(json),
        Some(header) => match header.state {
            RowState::Open => {
                row_header(json, header, |_| {});
                panels(json);
            }
            RowState::Collapsed => row_header(json, header, panels),
        },
    }
}

fn row_header(json: &mut Json, header: &RowHeader, panels: impl FnOnce(&mut Json)) {
    json.item(Layout::Block, |json| {
        json.number("id", header.id);
        json.string("type", "row");
        json.string("title", &header.title);
        json.truth("collapsed", header.state == RowState::Collapsed);
        panel::grid(json, crate::ir::dashboard::Grid { x: 0, y: header.y, width: 24, height: 1 });
        if let Some(variable) = &header.repeat {
            json.string("repeat", variable);
        }
        json.list("panels", Layout::Block, panels);
    });
}
