//! Which windows an SLO records, and from which blocks.

use std::collections::BTreeSet;

use crate::model::{ALWAYS_RECORDED, Blocks, Duration, Severity, Slo};

/// Where a window is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// With the fast blocks.
    Fast,
    /// With the slow blocks.
    Slow,
}

/// All windows of an SLO, ascending: the usual ones, those of its tiers and budget alerts, the period if it is rolling.
pub(super) fn all(slo: &Slo) -> BTreeSet<Duration> {
    let tiers = slo.alerting.tiers.iter().flat_map(|tier| [tier.short, tier.long]);
    let rolling = slo.calendar.is_none().then_some(slo.window);
    let over = slo.alerting.exhausts_in.iter().map(|alert| alert.over);
    ALWAYS_RECORDED.into_iter().chain(tiers).chain(over).chain(rolling).collect()
}

/// The group that records a window: fast below 2h, for 6h, and for whatever pages; slow otherwise.
pub(super) fn group(slo: &Slo, window: Duration) -> Group {
    let pages = || {
        let mut tiers = slo.alerting.tiers.iter();
        tiers.any(|tier| tier.severity == Severity::Page && (tier.short == window || tier.long == window))
    };
    if window < Duration::from_hours(2) || window == Duration::from_hours(6) || pages() {
        return Group::Fast;
    }
    Group::Slow
}

/// The length of the blocks that a window is a sum of.
pub(super) fn block(slo: &Slo, window: Duration) -> Duration {
    match group(slo, window) {
        Group::Fast => slo.blocks.fast(),
        Group::Slow => Blocks::SLOW,
    }
}
