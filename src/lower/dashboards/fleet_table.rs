//! The table of all SLOs, worst budget first.

use smol_str::{SmolStr, format_smolstr};

use super::facts::Facts;
use super::fleet::{Fleet, TEAM};
use super::panels;
use super::panels::{
    PERCENT, TIMES, alert_mappings, budget_thresholds, burn_thresholds, decimal, field, fields, fixed, link, one_color,
    over_time, rows, share_ends, text,
};
use crate::ir::dashboard::{
    Align, Cell, Color, DataLink, Fields, Mapping, MappingResult, Order, Override, Panel, Property, Sort, Table,
    Target, Transformation, Visual,
};
use crate::model::{Duration, SERVICE_PREFIX};

/// The labels of `slo_info` that become columns.
const TIER: SmolStr = SmolStr::new_static("tier");
const RUNBOOK: SmolStr = SmolStr::new_static("runbook_url");

/// The table.
pub(super) fn panel(fleet: &Fleet, facts: &Facts) -> Panel {
    let worst = if facts.has_groups {
        " An SLO with groups shows its worst group's budget and burn rates, and its overall objective and SLI."
    } else {
        ""
    };
    let description = format!(
        "Every SLO with the error budget it has left over its window, how fast it burns now, and whether an alert fires. \
         Click a service or SLO to see it in detail.{worst}"
    );
    let sort = Sort { field: text("Budget left"), order: Order::Ascending };
    let table = Visual::Table(Table { sort: Some(sort.clone()) });
    let fields = Fields { thresholds: one_color("text"), ..fields(text("short")) };
    let texts = ("All SLOs, worst budget first", description);
    let mut panel = panels::panel(8, [0, 4, 24, 12], texts, table, fields, targets(fleet));
    panel.overrides = overrides(facts);
    panel.transformations = vec![
        Transformation::Sparklines { target: text("trend") },
        Transformation::Merge,
        Transformation::Organize { exclude: excluded(facts), columns: columns(facts) },
        Transformation::SortBy(sort),
    ];
    panel
}

/// All queries but the first keep the same labels, by which the answers are joined; the first has a row for every SLO.
fn targets(fleet: &Fleet) -> Vec<Target> {
    let scope = &fleet.scope;
    let burn = |hours| fleet.known(scope.burn(Duration::from_hours(hours)), &[]);
    let mut trend = over_time("trend", format_smolstr!("{{{{{}}}}}", scope.names.id()), fleet.budget_left());
    trend.step = Some(text("1h"));
    vec![
        rows("objective", fleet.known(scope.objective(), &[TEAM, TIER, RUNBOOK])),
        rows("sli", fleet.known(scope.sli_of_period(), &[])),
        rows("remaining", fleet.budget_left()),
        rows("burn1h", burn(1)),
        rows("burn6h", burn(6)),
        rows("alert", fleet.known(scope.alert_state(), &[])),
        trend,
    ]
}

fn columns(facts: &Facts) -> Vec<(SmolStr, SmolStr)> {
    let [_, service, slo] = &facts.names.identity;
    let names = [
        (service.as_str(), "Service"),
        (slo.as_str(), "SLO"),
        ("team", "Team"),
        ("tier", "Tier"),
        ("Value #alert", "Alert"),
        ("Value #objective", "Objective"),
        ("Value #sli", "SLI"),
        ("Value #remaining", "Budget left"),
        ("Trend #trend", "Budget trend"),
        ("Value #burn1h", "Burn 1h"),
        ("Value #burn6h", "Burn 6h"),
        ("runbook_url", "Runbook"),
    ];
    names.map(|(name, shown)| (name.into(), text(shown))).to_vec()
}

fn excluded(facts: &Facts) -> Vec<SmolStr> {
    let mut names = vec![text("Time"), facts.names.id()];
    if !facts.has_runbooks {
        names.push(RUNBOOK);
    }
    names
}

fn overrides(facts: &Facts) -> Vec<Override> {
    let width = Property::Width;
    let ratio = |digits| vec![Property::Unit(PERCENT), Property::Decimals(digits), width(100)];
    let burn = vec![
        Property::Unit(TIMES),
        Property::Decimals(1),
        Property::Thresholds(burn_thresholds()),
        Property::Cell(Cell::ColoredText),
        width(90),
    ];
    let (mut objective, mut sli) = (ratio(facts.objective_digits), ratio(facts.sli_digits));
    objective.push(Property::Mappings(facts.objective_words.clone()));
    sli.push(Property::Mappings(share_ends(&PERCENT)));
    let mut overrides = vec![
        field("Service", vec![Property::Filterable, Property::Links(service_links(facts))]),
        field("SLO", vec![Property::Links(vec![detail_link(facts)])]),
        field("Team", vec![Property::Filterable, width(120)]),
        field("Tier", vec![Property::Filterable, width(80)]),
        field("Alert", alert()),
        field("Objective", objective),
        field("SLI", sli),
        field("Budget left", budget_left()),
        field("Budget trend", trend()),
        field("Burn 1h", burn.clone()),
        field("Burn 6h", burn),
    ];
    if facts.has_runbooks {
        let mut cell = runbook_cell();
        cell.push(width(90));
        overrides.push(field("Runbook", cell));
    }
    overrides
}

fn alert() -> Vec<Property> {
    vec![
        Property::Mappings(alert_mappings()),
        Property::Cell(Cell::ColoredBackground),
        Property::Width(90),
        Property::Align(Align::Center),
    ]
}

fn budget_left() -> Vec<Property> {
    vec![
        Property::Unit(PERCENT),
        Property::Decimals(1),
        Property::Min(decimal(0, 0)),
        Property::Max(decimal(1, 0)),
        Property::Thresholds(budget_thresholds()),
        // Without it a budget that nobody knows has the colour of one that is spent.
        Property::Mappings(vec![Mapping::Missing(MappingResult {
            text: text("no data"),
            color: Some(text("purple")),
        })]),
        Property::Color(Color::Thresholds),
        Property::Cell(Cell::Gauge),
        Property::Width(230),
    ]
}

/// Four digits, since the graph's range is rounded to the digits of the field.
fn trend() -> Vec<Property> {
    vec![
        Property::Unit(PERCENT),
        Property::Decimals(4),
        fixed("blue"),
        Property::Cell(Cell::Sparkline),
        Property::Width(200),
    ]
}

/// A word instead of the link's text; a click opens it.
pub(super) fn runbook_cell() -> Vec<Property> {
    let result = MappingResult { text: text("open"), color: None };
    vec![
        Property::Mappings(vec![Mapping::Regex { pattern: text(".+"), result }]),
        Property::Links(vec![link("Open the runbook", "${__value.raw}")]),
    ]
}

fn detail_link(facts: &Facts) -> DataLink {
    let uid = facts.names.detail_uid;
    let url = format!(
        "/d/{uid}?${{__url_time_range}}&var-datasource=${{datasource}}&var-service=${{__data.fields.Service}}&var-slo=${{__data.fields.SLO}}"
    );
    link("Open the detail of ${__data.fields.Service} / ${__data.fields.SLO}", url)
}

fn service_links(facts: &Facts) -> Vec<DataLink> {
    let mut links = vec![detail_link(facts)];
    if facts.has_plain_uids {
        let prefix = SERVICE_PREFIX;
        let url = format!("/d/{prefix}${{__data.fields.Service}}?${{__url_time_range}}&var-datasource=${{datasource}}");
        links.push(link("All SLOs of ${__data.fields.Service}", url));
    }
    links
}
