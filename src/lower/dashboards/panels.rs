//! The look that all SLO boards share: fields, thresholds, mappings, kinds of panels.

use rust_decimal::Decimal;
use smol_str::SmolStr;

use crate::ir::dashboard::{
    Answer, Calculation, Color, DataLink, Draw, FieldMatcher, Fields, Gradient, Grid, Legend, LegendMode, Mapping,
    MappingResult, Override, Panel, Placement, Points, Property, Scale, Stacking, Stat, StatColor, StatLayout, Target,
    Threshold, ThresholdStyle, Thresholds, TimeSeries, Visual,
};
use crate::model::Severity;
use crate::promql::Expr;

/// The unit of burn rates.
pub(super) const TIMES: SmolStr = SmolStr::new_static("suffix:x");
/// The unit of ratios.
pub(super) const PERCENT: SmolStr = SmolStr::new_static("percentunit");
/// The unit of durations.
pub(super) const SECONDS: SmolStr = SmolStr::new_static("s");
/// The unit of counts.
pub(super) const NONE: SmolStr = SmolStr::new_static("none");

/// `mantissa / 10^scale`
pub(super) fn decimal(mantissa: i64, scale: u32) -> Decimal {
    Decimal::new(mantissa, scale)
}

/// A text that is known beforehand.
pub(super) fn text(text: &'static str) -> SmolStr {
    SmolStr::new_static(text)
}

/// A panel without links, overrides and transformations.
pub(super) fn panel(
    id: u32,
    [x, y, width, height]: [u32; 4],
    (title, description): (impl Into<SmolStr>, impl Into<SmolStr>),
    visual: Visual,
    fields: Fields,
    targets: Vec<Target>,
) -> Panel {
    Panel {
        id,
        title: title.into(),
        description: description.into(),
        grid: Grid { x, y, width, height },
        links: Vec::new(),
        targets,
        fields,
        overrides: Vec::new(),
        transformations: Vec::new(),
        visual,
        repeat: None,
    }
}

/// Fields of a unit, blue, with nothing special about them.
pub(super) fn fields(unit: SmolStr) -> Fields {
    Fields {
        unit,
        decimals: None,
        min: None,
        max: None,
        no_value: None,
        color: Color::Thresholds,
        thresholds: one_color("blue"),
        mappings: Vec::new(),
        links: Vec::new(),
    }
}

/// Fields of a unit with digits and colours.
pub(super) fn colored(unit: SmolStr, decimals: u32, thresholds: Thresholds) -> Fields {
    Fields { decimals: Some(decimals), thresholds, ..fields(unit) }
}

/// One colour for all values.
pub(super) fn one_color(color: &'static str) -> Thresholds {
    Thresholds { base: text(color), steps: Vec::new() }
}

/// Colours from values on.
pub(super) fn steps(base: &'static str, steps: &[(Decimal, &'static str)]) -> Thresholds {
    let steps = steps.iter().map(|(from, color)| Threshold { from: *from, color: text(color) });
    Thresholds { base: text(base), steps: steps.collect() }
}

/// The colours of the share of the budget that is left, the same on every board.
pub(super) fn budget_thresholds() -> Thresholds {
    steps(
        "dark-red",
        &[(Decimal::ZERO, "red"), (decimal(1, 1), "orange"), (decimal(25, 2), "yellow"), (decimal(5, 1), "green")],
    )
}

/// The colours of burn rates where the tiers are not known.
pub(super) fn burn_thresholds() -> Thresholds {
    steps(
        "green",
        &[(Decimal::ONE, "yellow"), (decimal(3, 0), "orange"), (decimal(6, 0), "red"), (decimal(144, 1), "dark-red")],
    )
}

/// The colour of a severity.
pub(super) fn severity_color(severity: Severity) -> &'static str {
    match severity {
        Severity::Page => "red",
        Severity::Ticket => "orange",
    }
}

/// The ends of a share as they are read, whatever the digits of what lies between: `100%` is all of it, `100.00%` is not.
pub(super) fn share_ends(unit: &str) -> Vec<Mapping> {
    let whole = if unit == "percent" { "100" } else { "1" };
    let word = |word| MappingResult { text: text(word), color: None };
    vec![Mapping::Values(vec![(text("0"), word("0%")), (text(whole), word("100%"))])]
}

/// Words for 0, 1 and 2.
pub(super) fn alert_mappings() -> Vec<Mapping> {
    vec![Mapping::Values(vec![value("0", "OK", "green"), value("1", "TICKET", "orange"), value("2", "PAGE", "red")])]
}

/// Words for 0 and 1.
pub(super) fn firing_mappings(color: &'static str) -> Vec<Mapping> {
    vec![Mapping::Values(vec![value("0", "OK", "green"), value("1", "FIRING", color)])]
}

/// Colours of the words page and ticket.
pub(super) fn severity_mappings() -> Vec<Mapping> {
    vec![Mapping::Values(vec![value("page", "page", "red"), value("ticket", "ticket", "orange")])]
}

/// A word and a colour for a value.
pub(super) fn value(value: &'static str, word: &'static str, color: &'static str) -> (SmolStr, MappingResult) {
    (text(value), MappingResult { text: text(word), color: Some(text(color)) })
}

/// A big number.
pub(super) fn stat() -> Visual {
    Visual::Stat(Stat::default())
}

/// A big number on a colour.
pub(super) fn background_stat() -> Visual {
    Visual::Stat(Stat { color: StatColor::Background, ..Stat::default() })
}

/// Big numbers one below the other.
pub(super) fn stacked_stat() -> Visual {
    Visual::Stat(Stat { color: StatColor::Value, layout: StatLayout::Stacked })
}

/// Lines over time with a legend of names below.
pub(super) fn lines() -> TimeSeries {
    TimeSeries {
        draw: Draw::Lines,
        line_width: 2,
        fill: 0,
        gradient: Gradient::None,
        points: Points::Auto,
        scale: Scale::Linear,
        stacking: Stacking::None,
        thresholds: ThresholdStyle::Off,
        soft_min: None,
        soft_max: None,
        legend: legend(LegendMode::List, Vec::new()),
    }
}

/// Fields whose digits follow from the values: those of an axis from its steps.
pub(super) fn drawn(unit: SmolStr, thresholds: Thresholds) -> Fields {
    Fields { thresholds, ..fields(unit) }
}

/// Lines of burn rates: even up to 1x, then each step a multiple, so that 0.2 and 40 can be read in one graph.
pub(super) fn burn_lines() -> TimeSeries {
    TimeSeries {
        scale: Scale::Symlog { linear_threshold: Decimal::ONE },
        thresholds: ThresholdStyle::Dashed,
        soft_min: Some(Decimal::ZERO),
        ..lines()
    }
}

/// The budget that is left: coloured by value, with zero always in view.
pub(super) fn budget_lines() -> TimeSeries {
    TimeSeries {
        fill: 25,
        gradient: Gradient::Scheme,
        thresholds: ThresholdStyle::Dashed,
        soft_min: Some(Decimal::ZERO),
        ..lines()
    }
}

/// The names of series below a graph.
pub(super) fn legend(mode: LegendMode, calculations: Vec<Calculation>) -> Legend {
    Legend { mode, placement: Placement::Bottom, calculations, sort: None }
}

/// The names of series in a table below a graph, with their usual numbers.
pub(super) fn legend_table() -> Legend {
    legend(LegendMode::Table, vec![Calculation::Min, Calculation::Mean, Calculation::Max, Calculation::Last])
}

/// A query for the values now.
pub(super) fn now(name: &'static str, legend: Option<&'static str>, expr: Expr) -> Target {
    Target { name: text(name), expr, legend: legend.map(text), answer: Answer::Instant, step: None }
}

/// A query for a table.
pub(super) fn rows(name: &'static str, expr: Expr) -> Target {
    Target { name: text(name), expr, legend: None, answer: Answer::InstantTable, step: None }
}

/// A query for values over time.
pub(super) fn over_time(name: &'static str, legend: impl Into<SmolStr>, expr: Expr) -> Target {
    Target { name: text(name), expr, legend: Some(legend.into()), answer: Answer::Range, step: None }
}

/// What is different about a field.
pub(super) fn field(name: &'static str, properties: Vec<Property>) -> Override {
    Override { matcher: FieldMatcher::Name(text(name)), properties }
}

/// A dashed line of a colour.
pub(super) fn dashed(name: &'static str, color: &'static str) -> Override {
    field(name, vec![fixed(color), Property::Dashed, Property::Fill(0)])
}

/// One colour for a field.
pub(super) fn fixed(color: &'static str) -> Property {
    Property::Color(Color::Fixed(text(color)))
}

/// A link to a board or page.
pub(super) fn link(title: impl Into<SmolStr>, url: impl Into<SmolStr>) -> DataLink {
    DataLink { title: title.into(), url: url.into() }
}
