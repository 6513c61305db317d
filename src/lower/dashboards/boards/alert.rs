//! The limit of an alert, taken from its condition, and its state as marks.

use rust_decimal::Decimal;
use smol_str::{SmolStr, format_smolstr};

use crate::ir::dashboard::{Annotation, Visibility};
use crate::lower::dashboards::panels::{severity_color, text};
use crate::lower::dashboards::queries::{ALERTS, equal, firing};
use crate::model::CauseAlert;
use crate::promql::evaluate::{Moment, Value, evaluate};
use crate::promql::{BinaryOp, Expr, ExprKind, build};

/// Where an alert begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Limit {
    /// The value.
    pub(super) value: Decimal,
    /// Which side of it fires.
    pub(super) side: Side,
}

/// The side of a limit on which an alert fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// Above.
    Above,
    /// Below.
    Below,
    /// On the value itself.
    On,
}

/// The limit of an alert, and what is compared with it: those of the first of several conditions; `None` if nothing is
/// compared with a number.
pub(super) fn limit(expr: &Expr) -> Option<(Limit, &Expr)> {
    let binary = match &expr.kind {
        ExprKind::Paren(inner) => return limit(inner),
        ExprKind::Binary(binary) => binary,
        _ => return None,
    };
    let side = match binary.op.value {
        BinaryOp::And | BinaryOp::Or | BinaryOp::Unless => return limit(&binary.lhs),
        BinaryOp::Greater | BinaryOp::GreaterEqual => Side::Above,
        BinaryOp::Less | BinaryOp::LessEqual => Side::Below,
        BinaryOp::Equal => Side::On,
        _ => return None,
    };
    match (constant(&binary.rhs), constant(&binary.lhs)) {
        (Some(value), _) => Some((Limit { value, side }, &binary.lhs)),
        (None, Some(value)) => Some((Limit { value, side: side.turned() }, &binary.rhs)),
        (None, None) => None,
    }
}

impl Side {
    /// The other side.
    pub(super) fn turned(self) -> Self {
        match self {
            Self::Above => Self::Below,
            Self::Below => Self::Above,
            Self::On => Self::On,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Above => "above",
            Self::Below => "below",
            Self::On => "at",
        }
    }
}

/// The value of an expression that is the same whatever the series are.
pub(super) fn constant(expr: &Expr) -> Option<Decimal> {
    if let ExprKind::Number(number) = &expr.kind
        && let Ok(value) = Decimal::from_str_exact(&number.text)
    {
        return Some(value);
    }
    match evaluate(expr, &[], Moment { at: 0.0, scrape: 60.0 }) {
        Ok(Value::Scalar(value)) if value.is_finite() => Decimal::from_str_exact(&value.to_string()).ok(),
        Ok(Value::Scalar(_) | Value::Vector(_)) | Err(_) => None,
    }
}

/// What the line in a graph means: a sentence.
pub(super) fn sentence(alert: &CauseAlert, limit: Option<Limit>) -> String {
    let (name, severity) = (&alert.name.value, alert.severity.as_str());
    match limit {
        Some(limit) => format!(
            "The alert {name} ({severity}) fires {} {}; marks show when it did.",
            limit.side.words(),
            limit.value.normalize()
        ),
        None => format!("Marks show when the alert {name} ({severity}) fired."),
    }
}

/// Marks in some panels while an alert fires.
pub(super) fn marks(alert: &CauseAlert, panels: Vec<u32>) -> Annotation {
    let name = alert.name.value.as_str();
    Annotation {
        name: format_smolstr!("{name}"),
        expr: build::selector(ALERTS, [equal(text("alertname"), name), firing()]),
        color: SmolStr::new_static(severity_color(alert.severity)),
        visibility: Visibility::Shown,
        title: text("{{alertname}}"),
        text: text("{{slo_service}}"),
        tags: vec![text("slo_alert")],
        panels,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::promql::{ParseOptions, parse};

    #[test]
    fn limits_are_those_of_the_first_comparison() {
        let of = |text: &str| limit(&parse(text, &ParseOptions::default()).unwrap()).map(|(limit, _)| limit);
        let found = |value: &str, side| Some(Limit { value: Decimal::from_str_exact(value).unwrap(), side });
        assert_eq!(of("a > 0.9"), found("0.9", Side::Above));
        assert_eq!(of("(time() - a > 26 * 3600) and b > 1"), found("93600", Side::Above));
        assert_eq!(of("10 > a"), found("10", Side::Below));
        assert_eq!(of("up == 0"), found("0", Side::On));
        assert_eq!(of("a > b"), None);
        assert_eq!(of("absent(a)"), None);
    }
}
