//! Series of gauges: several probes, and values on either side of a limit.

use smol_str::SmolStr;

use super::{Feed, FeedSeries, Missing, Shape, Unit, matchers, samples, selector, series_text};
use crate::model::{Across, Comparison, Slo, Value};
use crate::promql::evaluate::{Line, Moment, Value as Evaluated, evaluate};
use crate::promql::{self, BinaryOp, Expr, LabelValues, Selector, visit};

/// Labels that tell one probe from another.
const TELLING: [&str; 3] = ["instance", "prober", "replica"];
/// The most series of an expression.
const MOST: usize = 3;
/// Early and late in a test, in seconds.
const MOMENTS: [f64; 2] = [60.0, 14_400.0];

/// Probes, as bad as they may be while all is well, and as good as they may be while it is not.
pub(super) fn up(slo: &Slo, gauge: &Expr, across: Across, group: &LabelValues) -> Option<Feed> {
    let selector = selector(gauge)?;
    let matchers = matchers(selector, group);
    let labels = promql::example(&matchers)?;
    let telling = TELLING.into_iter().find(|label| matchers.iter().all(|matcher| matcher.label.value != *label))?;
    let states: &[(&str, &str)] = match across {
        Across::Average => &[("1", "0"), ("1", "0")],
        Across::Any => &[("1", "0"), ("0", "0")],
        Across::All => &[("1", "1"), ("1", "0")],
        Across::Quorum => &[("1", "1"), ("1", "0"), ("0", "0")],
    };
    let series = states.iter().zip(["a", "b", "c"]).map(|((good, bad), replica)| {
        let mut labels = labels.clone();
        labels.push((SmolStr::new_static(telling), SmolStr::new_static(replica)));
        labels.sort_unstable();
        let shape = Shape::Gauge(SmolStr::new_static(good), SmolStr::new_static(bad));
        Some(FeedSeries { text: series_text(selector, &labels)?, shape, missing: Missing::NoData })
    });
    let series: Vec<FeedSeries> = series.collect::<Option<_>>()?;
    let count = match across {
        Across::Average => samples(slo.blocks) * series.len() as u64,
        Across::Any | Across::All | Across::Quorum => samples(slo.blocks),
    };
    Some(Feed { series, unit: Unit::Samples(count) })
}

/// A gauge on either side of its limit.
pub(super) fn value(value: &Value, group: &LabelValues) -> Option<Feed> {
    let mut selectors: Vec<&Selector> = visit::selectors(&value.expr).into_iter().map(|found| found.selector).collect();
    selectors.dedup();
    if selectors.is_empty() || selectors.len() > MOST {
        return None;
    }
    let series: Option<Vec<(&Selector, LabelValues)>> =
        selectors.into_iter().map(|selector| Some((selector, promql::example(&matchers(selector, group))?))).collect();
    let series = series?;
    let levels = levels(value.good.limit.parse().ok()?);
    let good = assignment(&series, &levels, |lines| holds(value, lines) == Some(true))?;
    let bad = assignment(&series, &levels, |lines| holds(value, lines) == Some(false))?;
    let named = series.iter().zip(good.into_iter().zip(bad)).map(|((selector, labels), (good, bad))| {
        let shape = Shape::Gauge(SmolStr::from(good.to_string()), SmolStr::from(bad.to_string()));
        Some(FeedSeries { text: series_text(selector, labels)?, shape, missing: Missing::NoData })
    });
    Some(Feed { series: named.collect::<Option<_>>()?, unit: Unit::Samples(1) })
}

/// Values worth a try around a limit.
fn levels(limit: f64) -> Vec<f64> {
    let around = limit.abs().max(1.0);
    let mut levels = vec![1.0, limit / 2.0, limit * 2.0, limit, 0.0, limit + 1.0, limit - 1.0];
    levels.extend([-20_000.0 - 2.0 * around, -around, around * 1000.0]);
    levels
}

/// The first values of all series that are as wanted.
fn assignment(
    series: &[(&Selector, LabelValues)],
    levels: &[f64],
    is_wanted: impl Fn(&[Line]) -> bool,
) -> Option<Vec<f64>> {
    let count = levels.len().pow(u32::try_from(series.len()).ok()?);
    (0..count).find_map(|mut choice| {
        let mut values = Vec::with_capacity(series.len());
        for _ in series {
            values.push(levels[choice % levels.len()]);
            choice /= levels.len();
        }
        let lines = series.iter().zip(&values).map(|((selector, labels), value)| Line {
            name: selector.name.as_ref().map(|name| name.value.clone()).unwrap_or_default(),
            labels: labels.clone(),
            start: *value,
            slope: 0.0,
        });
        is_wanted(&lines.collect::<Vec<_>>()).then_some(values)
    })
}

/// Whether the value is good, early and late; `None` where it changes, or is not one.
fn holds(value: &Value, lines: &[Line]) -> Option<bool> {
    let limit: f64 = value.good.limit.parse().ok()?;
    let at = |at: f64| match evaluate(&value.expr, lines, Moment { at, scrape: 15.0 }).ok()? {
        Evaluated::Vector(samples) => match samples.as_slice() {
            [only] if only.value.is_finite() => Some(compare(&value.good, only.value, limit)),
            _ => None,
        },
        Evaluated::Scalar(_) => None,
    };
    let [early, late] = MOMENTS.map(at);
    early.filter(|early| Some(*early) == late)
}

#[expect(clippy::float_cmp, reason = "as Prometheus compares")]
fn compare(comparison: &Comparison, value: f64, limit: f64) -> bool {
    match comparison.op {
        BinaryOp::Less => value < limit,
        BinaryOp::LessEqual => value <= limit,
        BinaryOp::Greater => value > limit,
        BinaryOp::GreaterEqual => value >= limit,
        BinaryOp::Equal => value == limit,
        _ => value != limit,
    }
}
