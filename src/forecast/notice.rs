//! When failures of a steady share are noticed, and how long that lasts after their end.

use rust_decimal::Decimal;

use super::counting::interval;
use crate::lower::{keep_firing_for, window_block};
use crate::model::{Blocks, BurnTier, Duration, Objective, Severity, Slo, detected_after, error_ratio, reset_after};

/// What comes of failures for a severity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// An alert fires.
    Fires {
        /// The tier that is the first, by its place in the SLO's list.
        tier: usize,
        /// From the first failure on.
        after: Duration,
        /// The share of a full budget that is gone by then.
        budget_gone: Decimal,
        /// From the last failure on, if they lasted as long as the long windows: when no tier holds any more.
        reset_after: Duration,
        /// The same with what keeps the alert.
        resolved_after: Duration,
    },
    /// No alert fires.
    Silent(Silence),
}

/// Why no alert fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    /// There is no tier of this severity.
    NoTier,
    /// The share is at or below what every tier allows.
    Allowed,
    /// Within the long windows there are fewer failures than `min_errors`.
    TooFew,
}

/// Failures of a steady share of all events.
#[derive(Clone, Copy, Debug)]
pub(super) struct Failures {
    /// The share.
    pub(super) share: Decimal,
    /// Events per second; without them, there are enough.
    pub(super) events: Option<Decimal>,
}

/// When a tier holds, and for how long after the end of failures that filled its windows.
struct Spell {
    after: Duration,
    reset_after: Duration,
}

/// What comes of failures after a time without any.
pub(super) fn notice(slo: &Slo, objective: Objective, severity: Severity, failures: Failures) -> Notice {
    let tiers = || slo.alerting.tiers.iter().enumerate().filter(|(_, tier)| tier.severity == severity);
    let spells: Vec<_> = tiers().map(|(index, tier)| (index, spell(slo, objective, tier, failures))).collect();
    let firing = || spells.iter().filter_map(|(index, spell)| Some((*index, spell.as_ref().ok()?)));
    let Some((tier, first)) = firing().min_by_key(|(_, spell)| spell.after) else {
        let reasons = spells.iter().filter_map(|(_, spell)| spell.as_ref().err().copied());
        return Notice::Silent(reasons.max_by_key(|reason| *reason == Silence::TooFew).unwrap_or(Silence::NoTier));
    };
    let reset = firing().map(|(_, spell)| spell.reset_after).max().unwrap_or(first.reset_after);
    let every = interval(slo, severity).millis().max(1);
    let kept = keep_firing_for(severity).millis().div_ceil(every) * every;
    Notice::Fires {
        tier,
        after: first.after,
        budget_gone: budget_gone(objective, slo.window, failures.share, first.after),
        reset_after: reset,
        resolved_after: Duration::from_millis(reset.millis() + kept),
    }
}

/// The share of a full budget that goes within a time.
pub(super) fn budget_gone(objective: Objective, period: Duration, share: Decimal, time: Duration) -> Decimal {
    let spent = share.checked_mul(Decimal::from(time.millis()));
    let all = objective.budget().checked_mul(Decimal::from(period.millis()));
    spent.zip(all).and_then(|(spent, all)| spent.checked_div(all)).map_or(Decimal::MAX, |gone| gone.normalize())
}

fn spell(slo: &Slo, objective: Objective, tier: &BurnTier, failures: Failures) -> Result<Spell, Silence> {
    let every = interval(slo, tier.severity);
    let windows = [tier.long, tier.short].map(|window| (window, window_block(slo, window)));
    let limit = error_ratio(tier.burn, objective).ok_or(Silence::Allowed)?;
    let after = detected_after(limit, failures.share, &windows, every).ok_or(Silence::Allowed)?;
    let reset = reset_after(limit, failures.share, &windows, every).ok_or(Silence::Allowed)?;
    let Some(least) = slo.alerting.min_errors else {
        return Ok(Spell { after, reset_after: reset });
    };
    let Some(few) = blocks_with_few(slo, tier, least, failures) else {
        return Ok(Spell { after, reset_after: reset });
    };
    let (count, block) = (Blocks::count(tier.long, windows[0].1), windows[0].1);
    if few >= count {
        return Err(Silence::TooFew);
    }
    let enough = in_intervals((few + 1) * block.millis(), every);
    let too_few_again = in_intervals((count - few) * block.millis(), every);
    Ok(Spell { after: after.max(enough), reset_after: reset.min(too_few_again) })
}

/// The most blocks of the long window whose failures are fewer than `min_errors`; `None` if nothing is known of their number.
fn blocks_with_few(slo: &Slo, tier: &BurnTier, least: u64, failures: Failures) -> Option<u64> {
    let bound = Decimal::from(least) - Decimal::new(5, 1);
    let seconds = Decimal::from(window_block(slo, tier.long).millis()).checked_div(Decimal::ONE_THOUSAND)?;
    let per_block = failures.share.checked_mul(failures.events?)?.checked_mul(seconds)?;
    let blocks = bound.checked_div(per_block).map(|blocks| blocks.floor());
    Some(blocks.and_then(|blocks| u64::try_from(blocks).ok()).unwrap_or(u64::MAX))
}

/// Rounded up to whole evaluations.
fn in_intervals(millis: u64, interval: Duration) -> Duration {
    let interval = interval.millis().max(1);
    Duration::from_millis(millis.div_ceil(interval) * interval)
}
