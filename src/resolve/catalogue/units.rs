//! Units of panels against what the catalogue knows of the metrics they show.

use super::parsed;
use crate::catalogue::{Kind, Known};
use crate::diag::{Code, Sink};
use crate::parse::decl::PanelDecl;
use crate::promql::{Dialect, visit};
use crate::resolve::boards::dimension::{self, Dimension};
use crate::resolve::boards::{panels, units};

/// Checks the unit of a panel; withdraws what was said of it by names alone.
pub(super) fn panel(panel: &PanelDecl, known: &Known, sink: &mut Sink) {
    let Some(unit) = &panel.unit else { return };
    let measure = |name: &str| measured(name, known).unwrap_or_else(|| dimension::named(name));
    let exprs = panels::measured(panel).filter_map(|(_, decl)| Some((parsed(&decl.expr, Dialect::Dashboard)?, decl)));
    let exprs: Vec<_> = exprs.collect();
    let is_known = exprs
        .iter()
        .flat_map(|(expr, _)| visit::selectors(expr))
        .any(|selected| selected.selector.name.as_ref().is_some_and(|name| measured(&name.value, known).is_some()));
    if !is_known {
        return;
    }
    sink.withdraw(Code::UnitMismatch, unit.span);
    for (expr, decl) in &exprs {
        units::fit(unit, dimension::of(expr, &measure), decl.expr.span, sink);
    }
}

/// What a series measures, by the unit and the type of its metric; `None` if the catalogue says neither.
fn measured(series: &str, known: &Known) -> Option<Dimension> {
    let found = known.find(series)?;
    let suffix = series.strip_prefix(found.name).unwrap_or_default();
    if matches!(suffix, "_count" | "_bucket" | "_gcount") {
        return (found.metric.kind != Kind::Unknown).then_some(Dimension::Count);
    }
    let by_unit = match found.metric.unit.as_deref() {
        Some("seconds") => Some(Dimension::Seconds),
        Some("bytes") => Some(Dimension::Bytes),
        Some("ratio" | "ratios") => Some(Dimension::Ratio),
        Some("percent") => Some(Dimension::Percent),
        Some(_) | None => None,
    };
    // A time of day is in seconds as well, but none of a duration.
    let by_name = dimension::named(series);
    let is_moment = series.contains("timestamp") || series.contains("start_time");
    match (by_unit, found.metric.kind) {
        (Some(_), _) if is_moment => Some(Dimension::Unknown),
        (Some(dimension), _) => Some(dimension),
        (None, Kind::Counter) if matches!(by_name, Dimension::Unknown) && !is_moment => Some(Dimension::Count),
        (None, Kind::Gauge) if by_name == Dimension::Count => Some(Dimension::Unknown),
        (None, _) => None,
    }
}
