//! What an objective and its burn rates mean in time: budgets, detection, exhaustion.
//!
//! With the budget `b` (1 - target), the period `P`, a burn rate `f` over a window `w`, and a steady error ratio `e`:
//!
//! | what | formula | 99.9% over 30d, 14.4 over 1h |
//! |---|---|---|
//! | the budget as a total outage | `b * P` | 43m12s |
//! | the error ratio at which a burn rate is reached | `f * b` | 1.44% |
//! | the share of the budget that goes within the window | `f * w / P` | 2% |
//! | how long the whole budget lasts | `b * P / e`, or `P / f` | 2d2h at 14.4 |
//! | when it is noticed | the fewest blocks `n` with `n * e / N > f * b`, `N` blocks in the window | total outage, 2 of 120: 1m |
//! | how long it is seen after its end | the fewest blocks `k` with `(N - k) * e / N <= f * b`, in the first window that is clean | 5m, 10 of 10: 5m |
//!
//! The first four are those of the SRE workbook, chapter 5. The last two count whole recording blocks, since a rule sees no
//! less: traffic is steady, the window was free of errors before, and the guard of `min_errors` is not taken into account.

use rust_decimal::Decimal;

use super::{Blocks, Burn, Duration, Objective};

/// The share of events that may fail as a fraction in lowest terms: 1 of 1000.
///
/// `None` if it has more digits than 128 bits hold.
#[must_use]
pub fn budget_fraction(objective: Objective) -> Option<(i128, i128)> {
    let budget = objective.budget();
    let denominator = 10_i128.checked_pow(budget.scale())?;
    let divisor = greatest_common_divisor(budget.mantissa(), denominator);
    Some((budget.mantissa() / divisor, denominator / divisor))
}

fn greatest_common_divisor(mut left: i128, mut right: i128) -> i128 {
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left.max(1)
}

/// How long a total outage may last in a period, in seconds: `budget * period`.
///
/// `None` if the numbers leave the range of decimals.
#[must_use]
pub fn budget_seconds(objective: Objective, period: Duration) -> Option<Decimal> {
    seconds(period)?.checked_mul(objective.budget()).map(|product| product.normalize())
}

/// How long a full budget lasts while this share of events fails, in seconds: `budget * period / error_ratio`.
///
/// `None` for a ratio of zero, or if the numbers leave the range of decimals.
#[must_use]
pub fn exhausted_after_seconds(objective: Objective, period: Duration, error_ratio: Decimal) -> Option<Decimal> {
    budget_seconds(objective, period)?.checked_div(error_ratio).map(|quotient| quotient.normalize())
}

/// The error ratio at which a burn rate is reached: `factor * budget`.
///
/// `None` if the numbers leave the range of decimals.
#[must_use]
pub fn error_ratio(burn: Burn, objective: Objective) -> Option<Decimal> {
    burn.factor().checked_mul(objective.budget()).map(|product| product.normalize())
}

/// The share of the budget that a burn rate takes within a window: `factor * window / period`, to 9 significant digits.
///
/// `None` if the numbers leave the range of decimals.
#[must_use]
pub fn budget_share(burn: Burn, window: Duration, period: Duration) -> Option<Decimal> {
    let product = burn.factor().checked_mul(seconds(window)?)?;
    product.checked_div(seconds(period)?)?.round_sf(9).map(|share| share.normalize())
}

/// When failures of a share `error_rate` of all events exceed an error ratio in every window, each given with the block that it
/// is a sum of.
///
/// `interval` is the one of the rule that compares. `None` if they never do, or if the numbers leave the range of decimals.
#[must_use]
pub fn detected_after(
    error_ratio: Decimal,
    error_rate: Decimal,
    windows: &[(Duration, Duration)],
    interval: Duration,
) -> Option<Duration> {
    let mut latest = 0;
    for (window, block) in windows {
        let count = Blocks::count(*window, *block);
        let blocks = tolerated(error_ratio, error_rate, count)?.checked_add(1).filter(|blocks| *blocks <= count)?;
        latest = latest.max(blocks.checked_mul(block.millis())?);
    }
    in_intervals(latest, interval)
}

/// How long after their end failures of a share `error_rate` are still seen: until one window is at or below the error ratio.
///
/// What holds an alert for longer, such as `keep_firing_for`, comes on top. `None` if the numbers leave the range of decimals.
#[must_use]
pub fn reset_after(
    error_ratio: Decimal,
    error_rate: Decimal,
    windows: &[(Duration, Duration)],
    interval: Duration,
) -> Option<Duration> {
    let mut earliest = u64::MAX;
    for (window, block) in windows {
        let count = Blocks::count(*window, *block);
        let blocks = count.saturating_sub(tolerated(error_ratio, error_rate, count)?);
        earliest = earliest.min(blocks.checked_mul(block.millis())?);
    }
    in_intervals(earliest, interval)
}

/// The most blocks with failures of a share that keep a window of so many blocks at or below an error ratio.
fn tolerated(error_ratio: Decimal, error_rate: Decimal, count: u64) -> Option<u64> {
    u64::try_from(error_ratio.checked_mul(Decimal::from(count))?.checked_div(error_rate)?.floor()).ok()
}

/// Rounded up to whole evaluations.
fn in_intervals(millis: u64, interval: Duration) -> Option<Duration> {
    let interval = interval.millis().max(1);
    millis.div_ceil(interval).checked_mul(interval).map(Duration::from_millis)
}

fn seconds(duration: Duration) -> Option<Decimal> {
    Decimal::from(duration.millis()).checked_div(Decimal::ONE_THOUSAND)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::from_str_exact(text).unwrap()
    }

    fn objective(text: &str) -> Objective {
        Objective::from_percent(decimal(text)).unwrap()
    }

    #[test]
    fn budgets_in_events_and_time() {
        for (target, days, fraction, seconds) in [
            ("99.9", 30, (1, 1000), "2592"),
            ("99.95", 28, (1, 2000), "1209.6"),
            ("99.99", 30, (1, 10_000), "259.2"),
            ("95", 30, (1, 20), "129600"),
            ("93", 7, (7, 100), "42336"),
            ("99.5", 30, (1, 200), "12960"),
        ] {
            let objective = objective(target);
            assert_eq!(budget_fraction(objective), Some(fraction), "{target}");
            assert_eq!(budget_seconds(objective, Duration::from_days(days)), Some(decimal(seconds)), "{target}");
        }
        let month = Duration::from_days(30);
        assert_eq!(exhausted_after_seconds(objective("99.9"), month, decimal("0.5")), Some(decimal("5184")));
        assert_eq!(exhausted_after_seconds(objective("99.9"), month, Decimal::ZERO), None);
    }

    #[test]
    fn shares_come_back_exact() {
        for (share, days, hours) in [("0.02", 30, 1), ("0.02", 28, 1), ("0.1", 28, 72), ("0.05", 90, 6)] {
            let (period, window) = (Duration::from_days(days), Duration::from_hours(hours));
            let burn = Burn::from_budget_share(decimal(share), period, window).unwrap();
            assert_eq!(budget_share(burn, window, period), Some(decimal(share)), "{share} {days} {hours}");
        }
    }

    #[test]
    fn failures_are_noticed_in_whole_blocks() {
        let (m, h) = (Duration::from_mins, Duration::from_hours);
        let half = Duration::from_secs(30);
        // Error ratio, error rate, windows with their blocks, interval of the rule, when, and until when after the end.
        for (ratio, rate, windows, interval, after, until) in [
            ("0.0144", "1", [(h(1), half), (m(5), half)], half, Some("1m"), "5m"),
            ("0.0144", "1", [(h(1), m(2)), (m(5), m(2))], m(2), Some("2m"), "6m"),
            ("0.006", "1", [(h(6), half), (m(30), half)], half, Some("2m30s"), "30m"),
            ("0.003", "1", [(h(24), m(4)), (h(2), m(4))], m(4), Some("8m"), "2h"),
            ("0.001", "1", [(h(72), m(4)), (h(6), half)], m(4), Some("8m"), "6h"),
            ("0.05", "1", [(h(6), half), (h(1), half)], half, Some("18m30s"), "57m"),
            ("0.0144", "0.5", [(h(1), half), (m(5), half)], half, Some("2m"), "5m"),
            ("0.0144", "0.02", [(h(1), half), (m(5), half)], half, Some("43m30s"), "1m30s"),
            ("0.0144", "0.0144", [(h(1), half), (m(5), half)], half, None, "0s"),
            ("1", "1", [(h(1), half), (m(5), half)], half, None, "0s"),
        ] {
            let (ratio, rate) = (decimal(ratio), decimal(rate));
            let found = detected_after(ratio, rate, &windows, interval).map(|time| time.to_string());
            assert_eq!(found.as_deref(), after, "{ratio} {rate}");
            let found = reset_after(ratio, rate, &windows, interval).map(|time| time.to_string());
            assert_eq!(found.as_deref(), Some(until), "{ratio} {rate}");
        }
        assert_eq!(detected_after(decimal("0.1"), Decimal::ZERO, &[(h(1), half)], half), None);
    }
}
