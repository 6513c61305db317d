//! A row of a service's board: one SLO, with the exact objective and alert lines of its own.

use std::fmt::Write as _;

use rust_decimal::Decimal;
use smol_str::{SmolStr, format_smolstr};

use super::detail_rows::WORST;
use super::facts::{objective_digits, sli_digits};
use super::panels::{
    self, PERCENT, TIMES, budget_lines, budget_thresholds, burn_lines, colored, dashed, drawn, field, fixed, lines,
    link, now, over_time, panel, share_ends, stacked_stat, steps, text,
};
use super::queries::{Overall, Scope, equal};
use crate::ir::dashboard::{
    Color, DataLink, Fields, Panel, Property, Row, RowHeader, RowState, Threshold, ThresholdStyle, Thresholds,
    TimeSeries, Visual,
};
use crate::lower::names::Names;
use crate::lower::series::{BUDGET_REMAINING, Series, ratio_name};
use crate::model::{Component, Duration, Severity, Sli, Slo, SloPart, decimal_text};

/// How many units a row takes: its header and its panels.
pub(super) const HEIGHT: u32 = 1 + PANELS;
/// How many ids a row takes.
pub(super) const IDS: u32 = 5;
/// How many units the panels take.
const PANELS: u32 = 8;

/// A row whose header has this id and stands at this height.
pub(super) fn row(slo: &Slo, id: u32, y: u32) -> Row {
    let scope = scope(slo);
    let percent = decimal_text(slo.objective.percent());
    let title = format_smolstr!("{}: {percent}% over {}", slo.name, slo.period_in_words());
    let top = y + 1;
    Row {
        header: Some(RowHeader { id, title, y, state: RowState::Open, repeat: None }),
        panels: vec![
            numbers(slo, &scope, id + 1, [0, top, 4, PANELS]),
            sli(slo, &scope, id + 2, [4, top, 7, PANELS]),
            burn(slo, &scope, id + 3, [11, top, 7, PANELS]),
            budget(slo, &scope, id + 4, [18, top, 6, PANELS]),
        ],
        origin: Some(slo.span),
    }
}

/// One panel of the row, wherever it stands.
pub(super) fn part(slo: &Slo, part: SloPart, id: u32) -> Panel {
    let scope = scope(slo);
    let place = [0; 4];
    match part {
        SloPart::Now => numbers(slo, &scope, id, place),
        SloPart::Sli => sli(slo, &scope, id, place),
        SloPart::Burn => burn(slo, &scope, id, place),
        SloPart::Budget => budget(slo, &scope, id, place),
    }
}

fn scope(slo: &Slo) -> Scope {
    let series = Series::new(slo);
    let overall = if series.is_grouped() { Overall::Without(series.groups) } else { Overall::Only };
    let names = series.names;
    Scope { names, conditions: vec![equal(names.id(), slo.id.clone())], identity: &[], overall }
}

/// The objective, what is left of the budget, and how fast it burns.
fn numbers(slo: &Slo, scope: &Scope, id: u32, place: [u32; 4]) -> Panel {
    let targets = vec![
        now("A", Some("Objective"), scope.objective()),
        now("B", Some("Budget left"), scope.budget_left()),
        now("C", Some("Burn rate (1 h)"), scope.burn(Duration::from_hours(1))),
    ];
    let digits = objective_digits(slo);
    let fields = colored(PERCENT, digits, panels::one_color("blue"));
    let groups = if scope.is_grouped() { " Budget and burn rate are those of the worst group." } else { "" };
    let promise = slo.description.as_deref().unwrap_or("What is promised, what is left of it, and how fast that goes.");
    let description = format_smolstr!(
        "{}\n\nA burn rate of 1x spends the error budget exactly over {}.{groups}",
        promise.trim(),
        slo.period_in_words()
    );
    let mut panel = panel(id, place, ("Now", description), stacked_stat(), fields, targets);
    panel.overrides = vec![
        field("Budget left", vec![Property::Decimals(1), Property::Thresholds(budget_thresholds())]),
        field(
            "Burn rate (1 h)",
            vec![Property::Unit(TIMES), Property::Decimals(1), Property::Thresholds(burn_colors(slo))],
        ),
    ];
    panel.links = links(slo);
    panel
}

/// To the detail of this SLO, and to its runbook.
fn links(slo: &Slo) -> Vec<DataLink> {
    let (service, name) = (&slo.service, &slo.name);
    let uid = Names::of(&slo.profile).detail_uid;
    let url = format_smolstr!(
        "/d/{uid}?${{__url_time_range}}&var-datasource=${{datasource}}&var-service={service}&var-slo={name}"
    );
    let runbook = slo.links.runbook.as_ref();
    let runbook = runbook.map(|template| template.fill_without_fragment(&slo.link_values(Severity::Page)));
    let detail = std::iter::once(link("Open the detail", url)).chain(components(slo));
    detail.chain(runbook.map(|url| link("Open the runbook", url))).collect()
}

/// To the detail of each component of a composite.
fn components(slo: &Slo) -> Vec<DataLink> {
    let Sli::Composite(composite) = &slo.sli else { return Vec::new() };
    let to = |part: &Component| {
        let (service, name) = (&part.service, &part.name);
        let uid = Names::of(&part.recorded.profile).detail_uid;
        let url = format_smolstr!(
            "/d/{uid}?${{__url_time_range}}&var-datasource=${{datasource}}&var-service={service}&var-slo={name}"
        );
        link(format_smolstr!("Component {}", part.path()), url)
    };
    composite.parts.iter().map(to).collect()
}

fn sli(slo: &Slo, scope: &Scope, id: u32, place: [u32; 4]) -> Panel {
    let ratio = ratio_name(Duration::from_hours(1));
    let mut targets = vec![over_time("A", "SLI (1h)", scope.sli(ratio.clone()))];
    let mut overrides = Vec::new();
    if scope.is_grouped() {
        targets.push(over_time("B", WORST, scope.worst_sli(ratio)));
        overrides.push(field(WORST, vec![fixed("purple"), Property::Fill(0)]));
    }
    let objective = slo.objective.ratio();
    let fields = Fields {
        max: Some(Decimal::ONE),
        color: Color::Fixed(text("blue")),
        mappings: share_ends(&PERCENT),
        ..colored(PERCENT, sli_digits(objective_digits(slo)), steps("transparent", &[(objective, "orange")]))
    };
    let graph = TimeSeries {
        fill: 8,
        thresholds: ThresholdStyle::Dashed,
        soft_min: Some((objective - slo.objective.budget()).max(Decimal::ZERO)),
        ..lines()
    };
    let description = format_smolstr!(
        "The share of good {} in the hour before each moment. The dashed line is the objective of {}%. Gaps mean that there were no events.",
        slo.slices.map_or_else(|| "events".to_owned(), |slices| format!("slices of {}", slices.length)),
        decimal_text(slo.objective.percent())
    );
    let mut panel = panel(id, place, ("SLI and objective", description), Visual::TimeSeries(graph), fields, targets);
    panel.overrides = overrides;
    panel
}

/// The long windows of the SLO's own tiers, against their factors.
fn burn(slo: &Slo, scope: &Scope, id: u32, place: [u32; 4]) -> Panel {
    const NAMES: [&str; 8] = ["A", "B", "C", "D", "E", "F", "G", "H"];
    let mut windows: Vec<Duration> = slo.alerting.tiers.iter().map(|tier| tier.long).collect();
    windows.sort_unstable();
    windows.dedup();
    if windows.is_empty() {
        windows.push(Duration::from_hours(1));
    }
    let line = |(name, window): (&'static str, Duration)| over_time(name, window.in_largest_unit(), scope.burn(window));
    let targets = NAMES.into_iter().zip(windows).map(line).collect();
    let thresholds = Thresholds { base: text("transparent"), steps: alert_steps(slo) };
    let fields = Fields { color: Color::Palette, ..drawn(TIMES, thresholds) };
    let description = if slo.alerting.tiers.is_empty() {
        text(
            "How much faster than allowed the budget is spent. 1x spends it exactly over the window. This SLO has no burn-rate alert.",
        )
    } else {
        tiers_description(slo)
    };
    panel(id, place, ("Burn rate", description), Visual::TimeSeries(burn_lines()), fields, targets)
}

/// What the dashed lines mean.
fn tiers_description(slo: &Slo) -> SmolStr {
    let mut description = String::from(
        "How much faster than allowed the budget is spent. The dashed lines are where alerts fire, once the short window is above them too:",
    );
    for tier in &slo.alerting.tiers {
        let factor = decimal_text(tier.burn.factor());
        let (long, short) = (tier.long.in_largest_unit(), tier.short.in_largest_unit());
        let severity = tier.severity.as_str();
        // Writing to a string cannot fail.
        let _ = write!(description, "\n- {severity}: {long} and {short} above {factor}x");
    }
    description.into()
}

/// The factors of the tiers, ascending, in the colour of the more urgent severity.
fn alert_steps(slo: &Slo) -> Vec<Threshold> {
    let mut tiers: Vec<_> = slo.alerting.tiers.iter().map(|tier| (tier.burn.factor(), tier.severity)).collect();
    tiers.sort_unstable();
    tiers.dedup_by_key(|(factor, _)| *factor);
    let step = |(from, severity)| Threshold { from, color: text(panels::severity_color(severity)) };
    tiers.into_iter().map(step).collect()
}

/// Green while the budget lasts, yellow from 1x on, then orange for tickets and red for pages, dark where the fastest of several
/// pages: with the standard tiers the colours of the fleet board.
fn burn_colors(slo: &Slo) -> Thresholds {
    let mut steps = alert_steps(slo);
    let pages = slo.alerting.tiers.iter().filter(|tier| tier.severity == Severity::Page).count();
    if let Some(last) =
        steps.last_mut().filter(|step| pages > 1 && step.color == panels::severity_color(Severity::Page))
    {
        last.color = text("dark-red");
    }
    match steps.first_mut() {
        Some(first) if first.from <= Decimal::ONE => {
            if first.color == panels::severity_color(Severity::Ticket) {
                first.color = text("yellow");
            }
        }
        Some(_) | None => steps.insert(0, Threshold { from: Decimal::ONE, color: text("yellow") }),
    }
    Thresholds { base: text("green"), steps }
}

fn budget(slo: &Slo, scope: &Scope, id: u32, place: [u32; 4]) -> Panel {
    let mut targets = vec![over_time("A", "Budget left", scope.overall(BUDGET_REMAINING))];
    let mut overrides = Vec::new();
    if scope.is_grouped() {
        targets.push(over_time("B", WORST, scope.budget_left()));
        overrides.push(dashed(WORST, "purple"));
    }
    let fields = Fields { max: Some(Decimal::ONE), ..drawn(PERCENT, budget_thresholds()) };
    let over = if let Some(calendar) = &slo.calendar {
        format_smolstr!("since the {} began", calendar.unit.as_str())
    } else {
        format_smolstr!("over the {} that end there", slo.window.in_largest_unit())
    };
    let description = format_smolstr!(
        "The share of the error budget that was left at each moment, {over}. Below zero the objective is missed."
    );
    let mut panel =
        panel(id, place, ("Error budget left", description), Visual::TimeSeries(budget_lines()), fields, targets);
    panel.overrides = overrides;
    panel
}
