//! A query as it was some time before.

use crate::model::Duration;
use crate::promql::{BinaryOp, DurationKind, Expr, Selector, build, visit};

/// The expression with every selector read this much earlier.
pub(super) fn earlier(expr: &Expr, by: Duration) -> Expr {
    let millis = i64::try_from(by.millis()).unwrap_or(i64::MAX);
    let mut shifted = expr.clone();
    visit::selectors_mut(&mut shifted, &mut |selector| shift(selector, millis));
    shifted
}

fn shift(selector: &mut Selector, millis: i64) {
    let offset = selector.modifiers.offset.take();
    selector.modifiers.offset = Some(match offset {
        None => build::duration(millis),
        Some(mut duration) => {
            if let DurationKind::Millis(before) = &mut duration.kind {
                *before = before.saturating_add(millis);
            }
            duration
        }
    });
}

/// By how much of its earlier value an expression has grown.
pub(super) fn change(expr: &Expr, by: Duration) -> Expr {
    let ratio = build::binary(expr.clone(), BinaryOp::Div, earlier(expr, by));
    build::binary(ratio, BinaryOp::Sub, build::number("1"))
}

/// A length of time in words: `1 week`, `24h`.
pub(super) fn words(by: Duration) -> String {
    const WEEK: u64 = 7 * 86_400;
    match by.seconds() {
        WEEK => "a week".to_owned(),
        86_400 => "a day".to_owned(),
        3_600 => "an hour".to_owned(),
        _ => by.in_largest_unit(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::promql::{Dialect, ParseOptions, parse, print_line};

    #[test]
    fn every_selector_is_shifted() {
        let shift = |text: &str| {
            let expr = parse(text, &ParseOptions::new(Dialect::Dashboard)).unwrap();
            print_line(&earlier(&expr, Duration::from_days(7)))
        };
        assert_eq!(shift("sum(rate(a_total[5m])) / b"), "sum(rate(a_total[5m] offset 7d)) / b offset 7d");
        assert_eq!(shift("a offset 1h"), "a offset 7d1h");
        assert_eq!(shift("max_over_time(rate(a_total[5m])[1h:])"), "max_over_time(rate(a_total[5m] offset 7d)[1h:])");
    }
}
