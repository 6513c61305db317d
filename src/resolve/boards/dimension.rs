//! What the values of an expression measure, as far as the names of metrics and the operators say it for certain.

use crate::promql::{Aggregate, AggregateOp, Binary, BinaryOp, Call, Expr, ExprKind, visit};

/// What values measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::resolve) enum Dimension {
    /// Seconds.
    Seconds,
    /// Seconds of each second, as of processors.
    SecondsPerSecond,
    /// Bytes.
    Bytes,
    /// Bytes each second.
    BytesPerSecond,
    /// Bits each second.
    BitsPerSecond,
    /// A share of something, 1 for all of it.
    Ratio,
    /// A share in percent.
    Percent,
    /// Things that are counted.
    Count,
    /// Things that are counted, each second.
    PerSecond,
    /// A number without a unit.
    Number,
    /// Nothing is certain.
    Unknown,
}

/// What a metric measures, by its name.
pub(in crate::resolve) type Measure<'a> = &'a dyn Fn(&str) -> Dimension;

/// What the values of an expression measure, as far as something is known of its metrics.
pub(in crate::resolve) fn of(expr: &Expr, measure: Measure<'_>) -> Dimension {
    match &expr.kind {
        ExprKind::Number(_) => Dimension::Number,
        ExprKind::String(_) | ExprKind::Variable(_) => Dimension::Unknown,
        ExprKind::Selector(selector) => selector.name.as_ref().map_or(Dimension::Unknown, |name| measure(&name.value)),
        ExprKind::Matrix(matrix) => {
            matrix.selector.name.as_ref().map_or(Dimension::Unknown, |name| measure(&name.value))
        }
        ExprKind::Subquery(subquery) => of(&subquery.expr, measure),
        ExprKind::Paren(inner) | ExprKind::Unary(_, inner) => of(inner, measure),
        ExprKind::Call(call) => of_call(call, measure),
        ExprKind::Aggregate(aggregate) => of_aggregate(aggregate, measure),
        ExprKind::Binary(binary) => of_binary(binary, measure),
    }
}

/// By the base unit that the name of a metric ends with.
pub(in crate::resolve) fn named(name: &str) -> Dimension {
    if name.contains('$') || name.contains("timestamp") || name.contains("_time_seconds") && !name.contains("io_time") {
        return Dimension::Unknown;
    }
    if name.ends_with("_count") || name.ends_with("_bucket") {
        return Dimension::Count;
    }
    let is_total = name.ends_with("_total");
    let base = name.strip_suffix("_total").or_else(|| name.strip_suffix("_sum")).unwrap_or(name);
    if base.ends_with("_seconds") {
        Dimension::Seconds
    } else if base.ends_with("_bytes") {
        Dimension::Bytes
    } else if base.ends_with("_ratio") {
        Dimension::Ratio
    } else if is_total {
        Dimension::Count
    } else {
        Dimension::Unknown
    }
}

fn of_call(call: &Call, measure: Measure<'_>) -> Dimension {
    let first = || call.args.first().map_or(Dimension::Unknown, |expr| of(expr, measure));
    match call.function.value.as_str() {
        "rate" | "irate" | "deriv" => match first() {
            Dimension::Seconds => Dimension::SecondsPerSecond,
            Dimension::Bytes => Dimension::BytesPerSecond,
            Dimension::Count => Dimension::PerSecond,
            Dimension::Ratio
            | Dimension::Percent
            | Dimension::SecondsPerSecond
            | Dimension::BytesPerSecond
            | Dimension::BitsPerSecond
            | Dimension::PerSecond
            | Dimension::Number
            | Dimension::Unknown => Dimension::Unknown,
        },
        "increase" | "delta" | "idelta" | "avg_over_time" | "min_over_time" | "max_over_time" | "last_over_time"
        | "predict_linear" | "clamp" | "clamp_min" | "clamp_max" | "abs" | "ceil" | "floor" | "round" | "sort"
        | "sort_desc" | "label_replace" | "label_join" | "vector" | "scalar" => first(),
        "quantile_over_time" => call.args.get(1).map_or(Dimension::Unknown, |expr| of(expr, measure)),
        "histogram_quantile" => call.args.get(1).map_or(Dimension::Unknown, |expr| of_histogram(expr, measure)),
        "changes" | "resets" | "count_over_time" => Dimension::Count,
        _ => Dimension::Unknown,
    }
}

/// What the observations of a histogram measure.
fn of_histogram(expr: &Expr, measure: Measure<'_>) -> Dimension {
    let selectors = visit::selectors(expr);
    let name = selectors.first().and_then(|selected| selected.selector.name.as_ref());
    let base = name.and_then(|name| name.value.strip_suffix("_bucket"));
    match base.map(measure) {
        Some(dimension @ (Dimension::Seconds | Dimension::Bytes)) => dimension,
        _ => Dimension::Unknown,
    }
}

fn of_aggregate(aggregate: &Aggregate, measure: Measure<'_>) -> Dimension {
    match aggregate.op.value {
        AggregateOp::Sum
        | AggregateOp::Avg
        | AggregateOp::Min
        | AggregateOp::Max
        | AggregateOp::Topk
        | AggregateOp::Bottomk
        | AggregateOp::Quantile
        | AggregateOp::Stddev
        | AggregateOp::Limitk
        | AggregateOp::LimitRatio => of(&aggregate.expr, measure),
        AggregateOp::Count | AggregateOp::CountValues => Dimension::Count,
        AggregateOp::Group | AggregateOp::Stdvar => Dimension::Unknown,
    }
}

fn of_binary(binary: &Binary, measure: Measure<'_>) -> Dimension {
    let (left, right) = (of(&binary.lhs, measure), of(&binary.rhs, measure));
    match binary.op.value {
        BinaryOp::Add | BinaryOp::Sub => match (left, right) {
            (Dimension::Number, Dimension::Ratio) | (Dimension::Ratio, Dimension::Number) => Dimension::Ratio,
            (left, right) if left == right => left,
            _ => Dimension::Unknown,
        },
        BinaryOp::Div => quotient(left, right),
        BinaryOp::Mul => product((left, &binary.lhs), (right, &binary.rhs)),
        BinaryOp::And | BinaryOp::Unless => left,
        BinaryOp::Or if left == right || right == Dimension::Number => left,
        BinaryOp::Greater
        | BinaryOp::GreaterEqual
        | BinaryOp::Less
        | BinaryOp::LessEqual
        | BinaryOp::Equal
        | BinaryOp::NotEqual
            if !binary.returns_bool =>
        {
            left
        }
        BinaryOp::Or
        | BinaryOp::Mod
        | BinaryOp::Pow
        | BinaryOp::Atan2
        | BinaryOp::Greater
        | BinaryOp::GreaterEqual
        | BinaryOp::Less
        | BinaryOp::LessEqual
        | BinaryOp::Equal
        | BinaryOp::NotEqual
        | BinaryOp::TrimUpper
        | BinaryOp::TrimLower => Dimension::Unknown,
    }
}

fn quotient(left: Dimension, right: Dimension) -> Dimension {
    match (left, right) {
        (Dimension::Unknown | Dimension::Number, _) | (_, Dimension::Unknown | Dimension::Number) => Dimension::Unknown,
        (left, right) if left == right => Dimension::Ratio,
        (Dimension::SecondsPerSecond, Dimension::PerSecond) | (Dimension::Seconds, Dimension::Count) => {
            Dimension::Seconds
        }
        (Dimension::BytesPerSecond, Dimension::PerSecond) | (Dimension::Bytes, Dimension::Count) => Dimension::Bytes,
        _ => Dimension::Unknown,
    }
}

fn product((left, left_expr): (Dimension, &Expr), (right, right_expr): (Dimension, &Expr)) -> Dimension {
    let number = |expr: &Expr| match &expr.kind {
        ExprKind::Number(number) => Some(number.value()),
        _ => None,
    };
    let (dimension, factor) = match (number(left_expr), number(right_expr)) {
        (None, Some(factor)) => (left, factor),
        (Some(factor), None) => (right, factor),
        _ => return Dimension::Unknown,
    };
    let is = |wanted: f64| (factor - wanted).abs() < f64::EPSILON;
    match dimension {
        Dimension::Ratio if is(100.0) => Dimension::Percent,
        Dimension::BytesPerSecond if is(8.0) => Dimension::BitsPerSecond,
        _ => Dimension::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::{Dimension, named, of};
    use crate::promql::{Dialect, ParseOptions, parse};

    #[test]
    fn measures() {
        for (text, dimension) in [
            ("sum(rate(http_requests_total[5m]))", Dimension::PerSecond),
            ("rate(a_total{code=~\"5..\"}[5m]) / rate(a_total[5m])", Dimension::Ratio),
            ("1 - avg(node_memory_free_bytes / node_memory_total_bytes)", Dimension::Ratio),
            ("100 * (a_bytes / b_bytes)", Dimension::Percent),
            ("a_bytes / b_bytes * 100", Dimension::Percent),
            ("histogram_quantile(0.9, sum by (le) (rate(d_seconds_bucket[5m])))", Dimension::Seconds),
            ("rate(d_seconds_sum[5m]) / rate(d_seconds_count[5m])", Dimension::Seconds),
            ("rate(net_bytes_total[5m]) * 8", Dimension::BitsPerSecond),
            ("avg by (instance) (rate(node_cpu_seconds_total[5m]))", Dimension::SecondsPerSecond),
            ("process_start_time_seconds", Dimension::Unknown),
            ("count(up)", Dimension::Count),
            ("up", Dimension::Unknown),
        ] {
            let expr = parse(text, &ParseOptions::new(Dialect::Dashboard)).unwrap();
            assert_eq!(of(&expr, &named), dimension, "{text}");
        }
    }
}
