//! Ratios of a bucket to all events, as the latencies that they are.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use smol_str::SmolStr;

use super::ratio::{as_expr, comments, counter, counter_of};
use super::tree::{Entry, Value};
use crate::model::Duration;
use crate::parse::decl::RatioPartDecl;
use crate::promql::{BinaryOp, Dialect, Expr, ExprKind, MatchOp, ParseOptions, Ranged, Selector, parse, print_line};
use crate::source::Text;

/// The entries of a latency, if `total` counts the events of a classic histogram of seconds and the part those in a bucket, or all others.
pub(super) fn latency(total: &Text, part: &RatioPartDecl, groups: &[Text]) -> Option<Vec<Entry>> {
    let all = counter(total, groups)?;
    let name = all.name.as_ref()?.value.strip_suffix("_count").filter(|name| name.ends_with("_seconds"))?;
    let (text, bucket) = match part {
        RatioPartDecl::Good(text) => (text, counter(text, groups)?),
        RatioPartDecl::Bad(text) => (text, bucket_of_rest(text, &all, groups)?),
        RatioPartDecl::BadWhen(_) | RatioPartDecl::GoodWhen(_) => return None,
    };
    if bucket.name.as_ref()?.value.strip_suffix("_bucket") != Some(name) {
        return None;
    }
    let (bounds, others): (Vec<_>, Vec<_>) =
        bucket.matchers.into_iter().partition(|matcher| matcher.label.value == "le");
    let [bound] = bounds.as_slice() else { return None };
    if bound.op != MatchOp::Equal || others != all.matchers {
        return None;
    }
    let under = length(&bound.value.value)?;
    let histogram = Selector { name: Some(Ranged::built(SmolStr::from(name))), ..all.clone() };
    let histogram = Value::Expression(print_line(&as_expr(histogram)));
    Some(vec![
        Entry { above: comments(&total.value), ..Entry::new("latency", histogram, Some(total.span)) },
        Entry { above: comments(&text.value), ..Entry::new("under", Value::Word(under.to_string()), Some(text.span)) },
    ])
}

/// The bucket in `all - bucket`.
fn bucket_of_rest(text: &Text, all: &Selector, groups: &[Text]) -> Option<Selector> {
    let expr = unbracketed(parse(&text.value, &ParseOptions::new(Dialect::Sli)).ok()?);
    let ExprKind::Binary(binary) = expr.kind else { return None };
    if binary.op.value != BinaryOp::Sub || binary.matching.is_some() || counter_of(binary.lhs, groups)? != *all {
        return None;
    }
    counter_of(binary.rhs, groups)
}

fn unbracketed(expr: Expr) -> Expr {
    match expr.kind {
        ExprKind::Paren(inner) => unbracketed(*inner),
        _ => expr,
    }
}

/// Seconds as a length of time; `None` if they are no whole milliseconds above zero.
fn length(seconds: &str) -> Option<Duration> {
    let millis = Decimal::from_str_exact(seconds).ok()?.checked_mul(Decimal::ONE_THOUSAND)?;
    let millis = Some(millis).filter(Decimal::is_integer)?.to_u64()?;
    (millis > 0).then(|| Duration::from_millis(millis))
}
