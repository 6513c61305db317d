//! What an expression yields for a few series that are straight lines: enough to make up series that satisfy it.
//!
//! Selectors, arithmetic, comparisons, set operators, aggregations and the functions that straight lines make easy. Whatever else
//! there is yields [`Unsupported`], so that nothing is ever claimed of it.

mod aggregate;
mod binary;
mod call;

use smol_str::SmolStr;

use crate::promql::example::{LabelValues, selects};
use crate::promql::{Duration, DurationKind, Expr, ExprKind, Modifiers, Selector, UnaryOp};

/// A series that rises or falls evenly.
#[derive(Clone, Debug)]
pub struct Line {
    /// The metric.
    pub name: SmolStr,
    /// Its other labels, sorted.
    pub labels: LabelValues,
    /// The value at 0s.
    pub start: f64,
    /// The change per second.
    pub slope: f64,
}

/// When an expression is evaluated.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// Seconds since the series began.
    pub at: f64,
    /// Seconds between their samples.
    pub scrape: f64,
}

/// Something that straight lines do not tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsupported;

/// What an expression yields.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A number.
    Scalar(f64),
    /// Series with their values.
    Vector(Vec<Sample>),
}

/// A series with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// The labels without the name, sorted.
    pub labels: LabelValues,
    /// The value.
    pub value: f64,
}

/// Series over a range: where each is now, and how it came there.
struct Ranged {
    labels: LabelValues,
    now: f64,
    slope: f64,
}

/// What an expression yields for these series.
///
/// # Errors
/// Where straight lines are not enough to tell.
pub fn evaluate(expr: &Expr, lines: &[Line], moment: Moment) -> Result<Value, Unsupported> {
    Ok(match &expr.kind {
        ExprKind::Number(number) => Value::Scalar(self::number(&number.text)?),
        ExprKind::Selector(selector) => {
            let found = self::selected(selector, lines, moment)?;
            Value::Vector(
                found.into_iter().map(|(labels, line, at)| Sample { labels, value: value(line, at) }).collect(),
            )
        }
        ExprKind::Call(call) => call::call(call, lines, moment)?,
        ExprKind::Aggregate(aggregate) => Value::Vector(aggregate::aggregate(aggregate, lines, moment)?),
        ExprKind::Binary(binary) => binary::binary(binary, lines, moment)?,
        ExprKind::Unary(UnaryOp::Plus, inner) | ExprKind::Paren(inner) => evaluate(inner, lines, moment)?,
        ExprKind::Unary(UnaryOp::Minus, inner) => mapped(evaluate(inner, lines, moment)?, |value| -value),
        ExprKind::String(_) | ExprKind::Matrix(_) | ExprKind::Subquery(_) | ExprKind::Variable(_) => {
            return Err(Unsupported);
        }
    })
}

/// The vector that an expression yields.
fn vector(expr: &Expr, lines: &[Line], moment: Moment) -> Result<Vec<Sample>, Unsupported> {
    match evaluate(expr, lines, moment)? {
        Value::Vector(samples) => Ok(samples),
        Value::Scalar(_) => Err(Unsupported),
    }
}

/// The number that an expression yields.
fn scalar(expr: &Expr, lines: &[Line], moment: Moment) -> Result<f64, Unsupported> {
    match evaluate(expr, lines, moment)? {
        Value::Scalar(value) => Ok(value),
        Value::Vector(_) => Err(Unsupported),
    }
}

fn mapped(value: Value, map: impl Fn(f64) -> f64) -> Value {
    match value {
        Value::Scalar(value) => Value::Scalar(map(value)),
        Value::Vector(samples) => {
            let map = |sample: Sample| Sample { value: map(sample.value), ..sample };
            Value::Vector(samples.into_iter().map(map).collect())
        }
    }
}

fn value(line: &Line, at: f64) -> f64 {
    line.start + line.slope * at
}

/// The lines that a selector selects, and the time it looks at.
fn selected<'a>(
    selector: &Selector,
    lines: &'a [Line],
    moment: Moment,
) -> Result<Vec<(LabelValues, &'a Line, f64)>, Unsupported> {
    let at = looked_at(&selector.modifiers, moment)?;
    let found = lines.iter().filter(|line| selects(selector, &line.name, &line.labels));
    Ok(found.filter(|_| at >= 0.0).map(|line| (line.labels.clone(), line, at)).collect())
}

fn looked_at(modifiers: &Modifiers, moment: Moment) -> Result<f64, Unsupported> {
    if modifiers.at.is_some() || modifiers.extended.is_some() {
        return Err(Unsupported);
    }
    Ok(moment.at - modifiers.offset.as_ref().map_or(Ok(0.0), seconds)?)
}

/// The range that an expression yields, and its length in seconds.
fn ranged(expr: &Expr, lines: &[Line], moment: Moment) -> Result<(Vec<Ranged>, f64), Unsupported> {
    match &expr.kind {
        ExprKind::Matrix(matrix) => {
            let window = seconds(&matrix.window)?;
            let found = selected(&matrix.selector, lines, moment)?;
            let ranges =
                found.into_iter().map(|(labels, line, at)| Ranged { labels, now: value(line, at), slope: line.slope });
            Ok((ranges.collect(), window))
        }
        ExprKind::Subquery(subquery) => {
            let window = seconds(&subquery.window)?;
            let at = looked_at(&subquery.modifiers, moment)?;
            let now = vector(&subquery.expr, lines, Moment { at, ..moment })?;
            let before = (at - window).max(moment.scrape);
            let then = vector(&subquery.expr, lines, Moment { at: before, ..moment })?;
            let ranges = now.into_iter().map(|sample| {
                let old = then.iter().find(|old| old.labels == sample.labels).ok_or(Unsupported)?;
                let slope = if at > before { (sample.value - old.value) / (at - before) } else { 0.0 };
                Ok(Ranged { labels: sample.labels, now: sample.value, slope })
            });
            Ok((ranges.collect::<Result<_, _>>()?, window))
        }
        ExprKind::Paren(inner) => ranged(inner, lines, moment),
        _ => Err(Unsupported),
    }
}

#[expect(clippy::cast_precision_loss, reason = "durations are far below 2^52 milliseconds")]
fn seconds(duration: &Duration) -> Result<f64, Unsupported> {
    match &duration.kind {
        DurationKind::Millis(millis) => Ok(*millis as f64 / 1000.0),
        DurationKind::Paren(inner) => seconds(inner),
        DurationKind::Variable(_) | DurationKind::Binary(..) | DurationKind::Unary(..) | DurationKind::Call(..) => {
            Err(Unsupported)
        }
    }
}

fn number(text: &str) -> Result<f64, Unsupported> {
    if text.starts_with("0x") || text.starts_with("0X") {
        return Err(Unsupported);
    }
    text.replace('_', "").parse().map_err(|_| Unsupported)
}

#[cfg(test)]
mod tests {
    use crate::promql::{ParseOptions, parse};

    use super::*;

    fn line(name: &str, labels: &[(&str, &str)], start: f64, slope: f64) -> Line {
        let labels = labels.iter().map(|(label, value)| (SmolStr::new(label), SmolStr::new(value))).collect();
        Line { name: name.into(), labels, start, slope }
    }

    fn values(query: &str) -> Option<Vec<f64>> {
        let lines = [
            line("r", &[("code", "200"), ("job", "a")], 0.0, 9.0),
            line("r", &[("code", "500"), ("job", "a")], 0.0, 1.0),
            line("r", &[("code", "200"), ("job", "b")], 0.0, 5.0),
            line("up", &[("instance", "x"), ("job", "a")], 1.0, 0.0),
            line("up", &[("instance", "y"), ("job", "a")], 0.0, 0.0),
            line("stamp", &[], -100.0, 0.0),
            line("limit", &[("job", "a")], 4.0, 0.0),
        ];
        let expr = parse(query, &ParseOptions::default()).unwrap();
        match evaluate(&expr, &lines, Moment { at: 600.0, scrape: 15.0 }) {
            Ok(Value::Scalar(value)) => Some(vec![value]),
            Ok(Value::Vector(samples)) => Some(samples.into_iter().map(|sample| sample.value).collect()),
            Err(Unsupported) => None,
        }
    }

    #[test]
    fn expressions_over_straight_lines() {
        for (query, wanted) in [
            ("sum(rate(r[5m]))", Some(vec![15.0])),
            ("sum by (job) (rate(r[5m]))", Some(vec![10.0, 5.0])),
            (r#"sum(rate(r{code=~"5.."}[5m])) / sum(rate(r[5m]))"#, Some(vec![1.0 / 15.0])),
            (r#"sum by (job) (rate(r{code="500"}[5m])) / on (job) sum by (job) (rate(r[5m]))"#, Some(vec![0.1])),
            ("up == 0", Some(vec![0.0])),
            ("up == bool 0", Some(vec![0.0, 1.0])),
            ("time() - stamp > 3600", Some(vec![])),
            ("time() - stamp > 600", Some(vec![700.0])),
            ("count by (job) (up == 0) > 0", Some(vec![1.0])),
            ("absent(nothing)", Some(vec![1.0])),
            ("absent(up)", Some(vec![])),
            ("increase(r{job=\"b\"}[5m])", Some(vec![1500.0])),
            ("avg_over_time(up[5m]) < 0.5 or up > 7", Some(vec![0.0])),
            ("up unless on (job) limit", Some(vec![])),
            ("up * on (job) group_left () limit", Some(vec![4.0, 0.0])),
            ("max_over_time(up[5m:1m])", Some(vec![1.0, 0.0])),
            ("predict_linear(r{job=\"b\"}[5m], 60)", Some(vec![3300.0])),
            ("histogram_quantile(0.9, sum by (le) (rate(r[5m])))", None),
            ("clamp_max(limit, 3) ^ 2", Some(vec![9.0])),
            ("-limit + 1", Some(vec![-3.0])),
        ] {
            assert_eq!(values(query), wanted, "{query}");
        }
    }
}
