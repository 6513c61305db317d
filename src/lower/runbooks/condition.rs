//! The condition of an alert in words, as far as words say it better than PromQL.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;
use smol_str::SmolStr;

use super::words;
use crate::model::decimal_text;
use crate::promql::{
    Aggregate, AggregateOp, Binary, BinaryOp, Call, Duration, DurationKind, Expr, ExprKind, GroupingKind, MatchOp,
    Matrix, Selector, labels, print_line, visit,
};

/// The longest expression that stands in a sentence as it is.
const LONGEST_CODE: usize = 100;
/// The longest sentence; more is harder to read than the expression.
const LONGEST: usize = 600;

/// When the condition holds; nothing where the expression itself says it best.
pub(super) fn in_words(expr: &Expr) -> Option<String> {
    let series = labels::of(expr).possible();
    let each: BTreeSet<SmolStr> = series.clone().unwrap_or_default().into_iter().collect();
    let condition = condition(expr, &each)?;
    let found = match series {
        None => format!("for any one series, {condition}"),
        Some(_) if each.is_empty() => condition,
        Some(_) => format!("for any one {}, {condition}", list(&each)),
    };
    (found.len() <= LONGEST).then_some(found)
}

/// A sentence that is true while the expression has a result.
fn condition(expr: &Expr, each: &BTreeSet<SmolStr>) -> Option<String> {
    match &expr.kind {
        ExprKind::Paren(inner) => condition(inner, each),
        ExprKind::Binary(binary) if binary.op.value.is_set() => both(binary, each),
        ExprKind::Binary(binary) if binary.op.value.is_comparison() && !binary.returns_bool => comparison(binary, each),
        ExprKind::Call(call) if call.function.value == "vector" => Some("always".to_owned()),
        ExprKind::Call(call) if call.function.value == "absent" => {
            Some(format!("there is no series {}", code(call.args.first()?)?))
        }
        _ => existing(expr).map(|series| format!("there is a series {series}")),
    }
}

/// What an expression has a result for, whatever its value is.
fn existing(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Paren(inner) => existing(inner),
        ExprKind::Aggregate(aggregate) => existing(&aggregate.expr),
        ExprKind::Call(call) if matches!(call.function.value.as_str(), "label_replace" | "label_join") => {
            existing(call.args.first()?)
        }
        ExprKind::Selector(selector) => Some(series(selector)),
        _ => None,
    }
}

/// Two conditions; brackets show what belongs together.
fn both(binary: &Binary, each: &BTreeSet<SmolStr>) -> Option<String> {
    let side = |side: &Expr| {
        let words = condition(side, each)?;
        let is_mixed = matches!(&strip(side).kind, ExprKind::Binary(inner)
            if inner.op.value.is_set() && inner.op.value != binary.op.value);
        Some(if is_mixed { format!("({words})") } else { words })
    };
    let word = match binary.op.value {
        BinaryOp::And => "and",
        BinaryOp::Or => "or",
        _ => "unless",
    };
    Some(format!("{}, {word} {}", side(&binary.lhs)?, side(&binary.rhs)?))
}

fn comparison(binary: &Binary, each: &BTreeSet<SmolStr>) -> Option<String> {
    let left = value(&binary.lhs, each)?;
    let unit = unit(&binary.lhs);
    let right = match constant(&binary.rhs) {
        Some(number) => measured(number, unit),
        None => value(&binary.rhs, each)?,
    };
    Some(format!("{left} is {}{right}", relation(binary.op.value)))
}

fn relation(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Greater => "above ",
        BinaryOp::Less => "below ",
        BinaryOp::GreaterEqual => "at least ",
        BinaryOp::LessEqual => "at most ",
        BinaryOp::NotEqual => "not ",
        _ => "",
    }
}

/// What an expression measures.
fn value(expr: &Expr, each: &BTreeSet<SmolStr>) -> Option<String> {
    if let Some(number) = constant(expr) {
        return Some(words::number(number));
    }
    let found = match &expr.kind {
        ExprKind::Paren(inner) => value(inner, each),
        ExprKind::Selector(selector) => Some(series(selector)),
        ExprKind::Call(call) => function(call, each),
        ExprKind::Aggregate(aggregate) => aggregation(aggregate, each),
        ExprKind::Binary(binary) if binary.op.value.is_comparison() && !binary.returns_bool => {
            let limit = words::number(constant(&binary.rhs)?);
            Some(format!("{} (where {}{limit})", value(&binary.lhs, each)?, relation(binary.op.value)))
        }
        ExprKind::Binary(binary) => arithmetic(binary, each),
        _ => None,
    };
    found.or_else(|| code(expr))
}

/// A part of something larger, in brackets if it has operators itself.
fn operand(expr: &Expr, each: &BTreeSet<SmolStr>) -> Option<String> {
    let words = value(expr, each)?;
    let is_joined = matches!(&strip(expr).kind, ExprKind::Binary(binary) if !binary.op.value.is_comparison());
    Some(if is_joined && constant(expr).is_none() { format!("({words})") } else { words })
}

fn arithmetic(binary: &Binary, each: &BTreeSet<SmolStr>) -> Option<String> {
    let is_now = |side: &Expr| matches!(&strip(side).kind, ExprKind::Call(call) if call.function.value == "time");
    let (left, right) = (operand(&binary.lhs, each), operand(&binary.rhs, each));
    match binary.op.value {
        BinaryOp::Sub if is_now(&binary.lhs) => Some(format!("the time since {}", right?)),
        BinaryOp::Sub if is_now(&binary.rhs) => Some(format!("the time until {}", left?)),
        BinaryOp::Sub => Some(format!("{} minus {}", left?, right?)),
        BinaryOp::Add => Some(format!("{} plus {}", left?, right?)),
        BinaryOp::Mul => Some(format!("{} times {}", left?, right?)),
        BinaryOp::Div => Some(format!("{} divided by {}", left?, right?)),
        _ => None,
    }
}

fn aggregation(aggregate: &Aggregate, each: &BTreeSet<SmolStr>) -> Option<String> {
    let name = match aggregate.op.value {
        AggregateOp::Sum => "the sum of",
        AggregateOp::Avg => "the average of",
        AggregateOp::Min => "the lowest",
        AggregateOp::Max => "the highest",
        AggregateOp::Count => "the number of series of",
        _ => return None,
    };
    let of = operand(&aggregate.expr, &BTreeSet::new())?;
    let by = match &aggregate.grouping {
        None => BTreeSet::new(),
        Some(grouping) if grouping.kind == GroupingKind::By => {
            grouping.labels.iter().map(|label| label.value.clone()).collect()
        }
        Some(_) => return None,
    };
    if by != *each {
        return (!by.is_empty()).then(|| format!("{name} {of} by {}", list(&by)));
    }
    // The highest of the highest ones is the highest one.
    Some(if of.starts_with(name) { of } else { format!("{name} {of}") })
}

fn function(call: &Call, each: &BTreeSet<SmolStr>) -> Option<String> {
    let first = call.args.first();
    let ranged = || match first.map(|arg| &strip(arg).kind) {
        Some(ExprKind::Matrix(matrix)) => Some((series(&matrix.selector), window(matrix)?)),
        _ => None,
    };
    let over = |before: &str, between: &str| ranged().map(|(of, window)| format!("{before}{of} {between} {window}"));
    match call.function.value.as_str() {
        "rate" | "irate" => over("", "per second over"),
        "increase" => over("the increase of ", "within"),
        "delta" => over("the change of ", "within"),
        "changes" => over("number of changes of ", "within"),
        "resets" => over("number of restarts of ", "within"),
        "max_over_time" => over("the highest ", "of the last"),
        "min_over_time" => over("the lowest ", "of the last"),
        "avg_over_time" => over("the average ", "of the last"),
        "sum_over_time" => over("the sum of ", "over the last"),
        "count_over_time" => over("the number of samples of ", "within"),
        "predict_linear" => {
            let ahead = duration(constant(call.args.get(1)?)?);
            over("", &format!("in {ahead}, if all goes on as in the last")).map(|words| words + ",")
        }
        "time" => Some("now".to_owned()),
        "abs" => Some(format!("the absolute value of {}", value(first?, each)?)),
        _ => None,
    }
}

/// A metric with the matchers that say more than where it comes from.
fn series(selector: &Selector) -> String {
    let mut short = selector.clone();
    let is_up = selector.name.as_ref().is_some_and(|name| name.value == "up");
    short.matchers.retain(|matcher| {
        let is_place = matcher.label.value == "job" && matcher.op == MatchOp::Equal && !is_up;
        !(is_place || matcher.op == MatchOp::NotEqual && matcher.value.value.is_empty())
    });
    let print = |selector: Selector| {
        let kind = ExprKind::Selector(Box::new(selector));
        print_line(&Expr { kind, range: crate::promql::TextRange::default() })
    };
    let mut text = print(short.clone());
    if text.len() > LONGEST_CODE && short.name.is_some() {
        short.matchers.clear();
        text = print(short);
    }
    format!("`{text}`")
}

/// A short expression as it is.
fn code(expr: &Expr) -> Option<String> {
    let text = print_line(expr);
    (text.len() <= LONGEST_CODE && !text.contains('`')).then(|| format!("`{text}`"))
}

fn strip(expr: &Expr) -> &Expr {
    match &expr.kind {
        ExprKind::Paren(inner) => strip(inner),
        _ => expr,
    }
}

fn window(matrix: &Matrix) -> Option<String> {
    let Duration { kind: DurationKind::Millis(millis), .. } = &matrix.window else { return None };
    Some(words::in_words(Decimal::from(*millis) / Decimal::ONE_THOUSAND))
}

/// The number that an expression of numbers alone comes to.
fn constant(expr: &Expr) -> Option<Decimal> {
    match &expr.kind {
        ExprKind::Paren(inner) => constant(inner),
        ExprKind::Number(number) => {
            let value = number.text.parse().ok();
            value.or_else(|| Decimal::from_f64(number.value()))
        }
        ExprKind::Binary(binary) => {
            let (left, right) = (constant(&binary.lhs)?, constant(&binary.rhs)?);
            match binary.op.value {
                BinaryOp::Add => left.checked_add(right),
                BinaryOp::Sub => left.checked_sub(right),
                BinaryOp::Mul => left.checked_mul(right),
                BinaryOp::Div => left.checked_div(right),
                _ => None,
            }
        }
        _ => None,
    }
}

/// What a value is measured in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    Seconds,
    Bytes,
    Share,
    Number,
}

/// What an expression is measured in, by the names of its metrics and what is done with them.
fn unit(expr: &Expr) -> Unit {
    match &expr.kind {
        ExprKind::Paren(inner) => unit(inner),
        ExprKind::Selector(selector) => unit_of_name(selector.name.as_ref().map_or("", |name| name.value.as_str())),
        ExprKind::Aggregate(aggregate) => match aggregate.op.value {
            AggregateOp::Count => Unit::Number,
            _ => unit(&aggregate.expr),
        },
        ExprKind::Call(call) => match (call.function.value.as_str(), call.args.first().map(|arg| &strip(arg).kind)) {
            ("time", _) => Unit::Seconds,
            ("abs", _) => call.args.first().map_or(Unit::Number, unit),
            (
                "max_over_time" | "min_over_time" | "avg_over_time" | "predict_linear",
                Some(ExprKind::Matrix(matrix)),
            ) => unit_of_name(matrix.selector.name.as_ref().map_or("", |name| name.value.as_str())),
            _ => Unit::Number,
        },
        ExprKind::Binary(binary) if binary.op.value == BinaryOp::Div => match (unit(&binary.lhs), names(&binary.lhs)) {
            (_, Some(name)) if name.ends_with("_seconds_sum") => Unit::Seconds,
            _ => Unit::Share,
        },
        ExprKind::Binary(binary) if binary.op.value == BinaryOp::Sub => match (unit(&binary.lhs), unit(&binary.rhs)) {
            (_, Unit::Seconds) => Unit::Seconds,
            _ if constant(&binary.lhs) == Some(Decimal::ONE) => Unit::Share,
            (left, _) => left,
        },
        _ => Unit::Number,
    }
}

/// The metric that an expression begins with.
fn names(expr: &Expr) -> Option<SmolStr> {
    let selected = visit::selectors(expr);
    selected.first().and_then(|found| found.selector.name.as_ref()).map(|name| name.value.clone())
}

fn unit_of_name(name: &str) -> Unit {
    if name.ends_with("_seconds") {
        Unit::Seconds
    } else if name.ends_with("_bytes") {
        Unit::Bytes
    } else {
        Unit::Number
    }
}

/// A limit in its unit.
fn measured(limit: Decimal, unit: Unit) -> String {
    let mebibyte = Decimal::from(1 << 20);
    match unit {
        Unit::Seconds if limit > Decimal::ZERO => duration(limit),
        Unit::Bytes if limit >= mebibyte => format!("{} MiB", words::number(limit / mebibyte)),
        Unit::Share if limit > Decimal::ZERO && limit <= Decimal::ONE => words::percent(limit),
        Unit::Seconds | Unit::Bytes | Unit::Share | Unit::Number => decimal_text(limit.normalize()),
    }
}

fn duration(seconds: Decimal) -> String {
    words::in_words(seconds)
}

/// `a`, `a and b`, `a, b and c`, each as code.
fn list(names: &BTreeSet<SmolStr>) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::promql::{ParseOptions, parse};

    #[test]
    fn conditions_read_as_sentences() {
        let cases = [
            ("pg_up{job=\"a\"} == 0", "for any one series, `pg_up` is 0"),
            (
                "time() - max by (db) (last_seconds) > 26 * 3600",
                "for any one `db`, the time since the highest `last_seconds` is above 1 day 2 hours",
            ),
            (
                "sum(rate(bad_total[5m])) / sum(rate(all_total[5m])) > 0.05",
                "the sum of `bad_total` per second over 5 minutes divided by the sum of `all_total` per second over 5 minutes is above 5%",
            ),
            ("min by (i) (e) - time() < 2 * 86400", "for any one `i`, the time until the lowest `e` is below 2 days"),
            (
                "up{job=\"a\"} == 0 or up{job=\"b\"} == 0",
                "for any one series, `up{job=\"a\"}` is 0, or `up{job=\"b\"}` is 0",
            ),
            ("max(lag_bytes) > 512 * 1024 * 1024", "the highest `lag_bytes` is above 512 MiB"),
            ("max by (i) (max_over_time(a[7d])) < 3", "for any one `i`, the highest `a` of the last 7 days is below 3"),
            (
                "predict_linear(a_bytes[6h], 3600) < 0",
                "for any one series, `a_bytes` in 1 hour, if all goes on as in the last 6 hours, is below 0",
            ),
            (
                "max by (p) (label_replace(ALERTS, \"p\", \"$1\", \"q\", \"(.+)\"))",
                "for any one `p`, there is a series `ALERTS`",
            ),
            ("absent(a)", "there is no series `a`"),
            ("vector(1)", "always"),
        ];
        for (expr, wanted) in cases {
            let parsed = parse(expr, &ParseOptions::default()).unwrap();
            assert_eq!(in_words(&parsed).as_deref(), Some(wanted), "{expr}");
        }
    }
}
