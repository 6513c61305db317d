//! Function calls.

use super::{Line, Moment, Ranged, Sample, Unsupported, Value, evaluate, mapped, ranged, scalar, vector};
use crate::promql::example::LabelValues;
use crate::promql::{Call, Expr, ExprKind, MatchOp};

/// What a call yields.
pub(super) fn call(call: &Call, lines: &[Line], moment: Moment) -> Result<Value, Unsupported> {
    let args = &call.args;
    let argument = |index: usize| args.get(index).ok_or(Unsupported);
    let number = |index: usize| scalar(argument(index)?, lines, moment);
    let mapped = |map: &dyn Fn(f64) -> f64| Ok(mapped(evaluate(argument(0)?, lines, moment)?, map));
    match call.function.value.as_str() {
        "time" => Ok(Value::Scalar(moment.at)),
        "pi" => Ok(Value::Scalar(std::f64::consts::PI)),
        "vector" => Ok(Value::Vector(vec![Sample { labels: LabelValues::new(), value: number(0)? }])),
        "scalar" => {
            let samples = vector(argument(0)?, lines, moment)?;
            Ok(Value::Scalar(if let [only] = samples.as_slice() { only.value } else { f64::NAN }))
        }
        "timestamp" => mapped(&|_| moment.at),
        "absent" => absent(argument(0)?, lines, moment),
        "abs" => mapped(&f64::abs),
        "ceil" => mapped(&f64::ceil),
        "floor" => mapped(&f64::floor),
        "sqrt" => mapped(&f64::sqrt),
        "exp" => mapped(&f64::exp),
        "ln" => mapped(&f64::ln),
        "log2" => mapped(&f64::log2),
        "log10" => mapped(&f64::log10),
        "sgn" => mapped(&|value| if value == 0.0 { 0.0 } else { value.signum() }),
        "round" => mapped(&|value| (value + 0.5).floor()),
        "clamp_min" => {
            let least = number(1)?;
            mapped(&|value| value.max(least))
        }
        "clamp_max" => {
            let most = number(1)?;
            mapped(&|value| value.min(most))
        }
        "clamp" => {
            let (least, most) = (number(1)?, number(2)?);
            mapped(&|value| value.min(most).max(least))
        }
        "sort" | "sort_desc" => mapped(&|value| value),
        "predict_linear" => {
            let after = number(1)?;
            over(argument(0)?, lines, moment, |range, _| Ok(range.now + range.slope * after))
        }
        "quantile_over_time" => over(argument(1)?, lines, moment, |range, _| steady(range)),
        function => {
            let scrape = moment.scrape;
            over(argument(0)?, lines, moment, |range, window| over_time(function, range, window, scrape))
        }
    }
}

/// A function of each range.
fn over(
    expr: &Expr,
    lines: &[Line],
    moment: Moment,
    function: impl Fn(&Ranged, f64) -> Result<f64, Unsupported>,
) -> Result<Value, Unsupported> {
    let (ranges, window) = ranged(expr, lines, moment)?;
    let window = window.min(moment.at);
    let samples = ranges.into_iter().map(|range| Ok(Sample { value: function(&range, window)?, labels: range.labels }));
    Ok(Value::Vector(samples.collect::<Result<_, _>>()?))
}

/// The value of what does not change.
fn steady(range: &Ranged) -> Result<f64, Unsupported> {
    if range.slope == 0.0 { Ok(range.now) } else { Err(Unsupported) }
}

fn over_time(function: &str, range: &Ranged, window: f64, scrape: f64) -> Result<f64, Unsupported> {
    let change = range.slope * window;
    Ok(match function {
        "rate" | "irate" if range.slope >= 0.0 => range.slope,
        "increase" if range.slope >= 0.0 => change,
        "deriv" => range.slope,
        "delta" => change,
        "idelta" => range.slope * scrape,
        "avg_over_time" => range.now - change / 2.0,
        "min_over_time" => range.now.min(range.now - change),
        "max_over_time" => range.now.max(range.now - change),
        "last_over_time" => range.now,
        "sum_over_time" => (range.now - change / 2.0) * (window / scrape),
        "count_over_time" => window / scrape,
        "present_over_time" => 1.0,
        "changes" => {
            if range.slope == 0.0 {
                0.0
            } else {
                window / scrape
            }
        }
        "resets" if range.slope >= 0.0 => 0.0,
        "stddev_over_time" | "stdvar_over_time" if range.slope == 0.0 => 0.0,
        _ => return Err(Unsupported),
    })
}

/// 1 where nothing is selected, with the labels that the selector fixes.
fn absent(expr: &Expr, lines: &[Line], moment: Moment) -> Result<Value, Unsupported> {
    if !vector(expr, lines, moment)?.is_empty() {
        return Ok(Value::Vector(Vec::new()));
    }
    let mut labels = LabelValues::new();
    if let ExprKind::Selector(selector) = &expr.kind {
        let fixed = selector.matchers.iter().filter(|matcher| matcher.op == MatchOp::Equal);
        labels.extend(fixed.map(|matcher| (matcher.label.value.clone(), matcher.value.value.clone())));
        labels.retain(|(_, value)| !value.is_empty());
        labels.sort_unstable();
    }
    Ok(Value::Vector(vec![Sample { labels, value: 1.0 }]))
}
