//! The series that an SLO's rules record, and selectors of them.

use smol_str::SmolStr;

use super::names::Names;
use crate::model::{Duration, Slo};
use crate::promql::{AggregateOp, Expr, GroupingKind, MatchOp, build};

/// Events in a fast block.
pub(super) const EVENTS_FAST: SmolStr = SmolStr::new_static("slo:events:increase_fast");
/// Failed events in a fast block.
pub(super) const ERRORS_FAST: SmolStr = SmolStr::new_static("slo:errors:increase_fast");
/// Events in a slow block.
pub(super) const EVENTS_SLOW: SmolStr = SmolStr::new_static("slo:events:increase_slow");
/// Failed events in a slow block.
pub(super) const ERRORS_SLOW: SmolStr = SmolStr::new_static("slo:errors:increase_slow");
/// Events in a slice of time.
pub(super) const SLICE_EVENTS: SmolStr = SmolStr::new_static("slo:slice_events:increase");
/// Failed events in a slice of time.
pub(super) const SLICE_ERRORS: SmolStr = SmolStr::new_static("slo:slice_errors:increase");
/// When the last slice of time was looked at, in Unix seconds.
pub(super) const SLICE_EVALUATION: SmolStr = SmolStr::new_static("slo:slice_evaluation:timestamp");
/// The error ratio of a component in the last block of its composite.
pub(super) const COMPONENT_ERROR: SmolStr = SmolStr::new_static("slo:component_error:ratio");
/// The burn rate of the last five minutes.
pub(super) const CURRENT_BURN_RATE: SmolStr = SmolStr::new_static("slo:current_burn_rate:ratio");
/// The target.
pub(super) const OBJECTIVE: SmolStr = SmolStr::new_static("slo:objective:ratio");
/// One minus the target.
pub(super) const ERROR_BUDGET: SmolStr = SmolStr::new_static("slo:error_budget:ratio");
/// The period's length.
pub(super) const TIME_PERIOD: SmolStr = SmolStr::new_static("slo:time_period:days");
/// When a calendar period began, in Unix seconds.
pub(super) const PERIOD_START: SmolStr = SmolStr::new_static("slo:period_start:timestamp");
/// When it began by the clocks of its zone, as if they showed UTC.
pub(super) const LOCAL_PERIOD_START: SmolStr = SmolStr::new_static("slo:period_start_local:timestamp");
/// When it ends by them.
pub(super) const LOCAL_PERIOD_END: SmolStr = SmolStr::new_static("slo:period_end_local:timestamp");
/// What the clocks of its zone show, as if they showed UTC.
pub(super) const LOCAL_TIME: SmolStr = SmolStr::new_static("slo:local_time:timestamp");
/// 1 during maintenance and a little before, absent otherwise.
pub(super) const MAINTENANCE: SmolStr = SmolStr::new_static("slo:maintenance:active");
/// When the slow rules were evaluated, in Unix seconds.
pub(super) const EVALUATED: SmolStr = SmolStr::new_static("slo:evaluated:timestamp");
/// The share of the period that has history.
pub(super) const PERIOD_ELAPSED: SmolStr = SmolStr::new_static("slo:period_elapsed:ratio");
/// The burn rate of the period.
pub(super) const PERIOD_BURN_RATE: SmolStr = SmolStr::new_static("slo:period_burn_rate:ratio");
/// The share of the budget that is left.
pub(super) const BUDGET_REMAINING: SmolStr = SmolStr::new_static("slo:period_error_budget_remaining:ratio");
/// 1, with what is known of the SLO as labels.
pub(super) const INFO: SmolStr = SmolStr::new_static("slo_info");

/// The label that selects an SLO; unique in the whole input.
pub(super) const SLO_ID: SmolStr = SmolStr::new_static("slo_id");
/// The label of a composite's component: its `slo_id`.
pub(super) const COMPONENT: SmolStr = SmolStr::new_static("slo_component");
/// The label of the service.
pub(super) const SLO_SERVICE: SmolStr = SmolStr::new_static("slo_service");
/// The label of the SLO's name.
pub(super) const SLO_NAME: SmolStr = SmolStr::new_static("slo_name");

/// The label that tells page from ticket.
pub(super) const SLO_ALERT: SmolStr = SmolStr::new_static("slo_alert");

/// The label of the entry of `maintenance`.
pub(super) const MAINTENANCE_NAME: SmolStr = SmolStr::new_static("maintenance");
/// The label of the zone whose clocks are recorded.
pub(super) const TIMEZONE: SmolStr = SmolStr::new_static("timezone");

/// What the names of error ratios begin with.
pub(super) const RATIO_PREFIX: &str = "slo:sli_error:ratio_rate";

/// The error ratios over windows that nearly every SLO has: their names need no memory.
const USUAL_RATIOS: [(Duration, &str); 9] = [
    (Duration::from_mins(5), "slo:sli_error:ratio_rate5m"),
    (Duration::from_mins(30), "slo:sli_error:ratio_rate30m"),
    (Duration::from_hours(1), "slo:sli_error:ratio_rate1h"),
    (Duration::from_hours(2), "slo:sli_error:ratio_rate2h"),
    (Duration::from_hours(6), "slo:sli_error:ratio_rate6h"),
    (Duration::from_days(1), "slo:sli_error:ratio_rate1d"),
    (Duration::from_days(3), "slo:sli_error:ratio_rate3d"),
    (Duration::from_days(28), "slo:sli_error:ratio_rate28d"),
    (Duration::from_days(30), "slo:sli_error:ratio_rate30d"),
];

/// The name of the error ratio over a window: `slo:sli_error:ratio_rate5m`.
pub(super) fn ratio_name(window: Duration) -> SmolStr {
    if let Some((_, name)) = USUAL_RATIOS.iter().find(|(usual, _)| *usual == window) {
        return SmolStr::new_static(name);
    }
    SmolStr::from(format!("slo:sli_error:ratio_rate{}", window.in_largest_unit()))
}

/// The name of the error ratio over the period: `slo:sli_error:ratio_rate30d`, `slo:sli_error:ratio_rate_month`.
pub(super) fn period_ratio_name(slo: &Slo) -> SmolStr {
    match &slo.calendar {
        Some(calendar) => SmolStr::from(format!("slo:sli_error:ratio_rate_{}", calendar.unit.as_str())),
        None => Names::of(&slo.profile).ratio(slo.window),
    }
}

/// Selectors of one SLO's series.
pub(super) struct Series<'a> {
    /// The SLO.
    pub(super) slo: &'a Slo,
    /// Its group labels, to pair series `on` them; empty if it is not grouped.
    pub(super) groups: Vec<SmolStr>,
    /// How its labels are called.
    pub(super) names: &'static Names,
    /// The labels of everything that is recorded.
    labels: [(SmolStr, SmolStr); 3],
}

impl<'a> Series<'a> {
    /// The series of an SLO.
    pub(super) fn new(slo: &'a Slo) -> Self {
        let groups = slo.grouping.iter().flat_map(|grouping| &grouping.labels);
        let names = Names::of(&slo.profile);
        let labels = [
            (names.id(), slo.id.clone()),
            (names.service(), slo.service.as_str().into()),
            (names.slo(), slo.name.as_str().into()),
        ];
        Self { slo, groups: groups.map(|label| SmolStr::new(label.as_str())).collect(), names, labels }
    }

    /// Whether it has a budget for each group.
    pub(super) fn is_grouped(&self) -> bool {
        !self.groups.is_empty()
    }

    /// All series of a name: every group, and the overall one.
    pub(super) fn all(&self, name: SmolStr) -> Expr {
        self.matching(name, [])
    }

    /// The series of a name by group, without the overall one; the only series if there are no groups.
    pub(super) fn by_group(&self, name: SmolStr) -> Expr {
        let not_empty = |label: &SmolStr| (label.clone(), MatchOp::NotEqual, SmolStr::default());
        self.matching(name, self.groups.iter().map(not_empty))
    }

    /// The series of a name that match more than the SLO.
    pub(super) fn matching(
        &self,
        name: SmolStr,
        matchers: impl IntoIterator<Item = (SmolStr, MatchOp, SmolStr)>,
    ) -> Expr {
        let own = (self.names.id(), MatchOp::Equal, self.slo.id.clone());
        without_window(self.names, name, std::iter::once(own).chain(matchers))
    }

    /// All series of a name as they are recorded, for a range or for `absent`.
    pub(super) fn recorded(&self, name: SmolStr) -> Expr {
        build::selector(name, [(self.names.id(), MatchOp::Equal, self.slo.id.clone())])
    }

    /// The labels of everything that is recorded.
    pub(super) fn labels(&self) -> Vec<(SmolStr, SmolStr)> {
        self.labels.to_vec()
    }
}

/// The series of a name, without the label of their window, so that they pair with those of other windows.
pub(super) fn without_window(
    names: &Names,
    name: SmolStr,
    matchers: impl IntoIterator<Item = (SmolStr, MatchOp, SmolStr)>,
) -> Expr {
    let window = names.window_of(&name);
    let selector = build::selector(name, matchers);
    match window {
        Some((label, _)) => build::aggregate(AggregateOp::Max, Some((GroupingKind::Without, &[label])), selector),
        None => selector,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_names_are_those_of_their_windows() {
        for (window, name) in USUAL_RATIOS {
            assert_eq!(name, format!("slo:sli_error:ratio_rate{}", window.in_largest_unit()));
        }
    }
}
