//! Rates of what is no counter any more, and changes of counters that do not know restarts.

use crate::promql::lint::shape::{aggregate_of, call_of, selector_of};
use crate::promql::lint::{Context, Finding, Lint, Role};
use crate::promql::{AggregateOp, Call, Expr, ExprKind};

/// Functions that take every fall of the value for a restart.
const OF_COUNTERS: [&str; 3] = ["rate", "increase", "irate"];

pub(super) fn check(part: &Expr, context: &Context) -> Option<Finding> {
    let ExprKind::Call(call) = &part.kind else {
        return None;
    };
    rate_of_derived(call).or_else(|| delta_of_counter(call)).or_else(|| irate_in_alert(call, context))
}

fn rate_of_derived(call: &Call) -> Option<Finding> {
    let name = call.function.value.as_str();
    let ExprKind::Subquery(subquery) = &call.args.first()?.kind else {
        return None;
    };
    if !OF_COUNTERS.contains(&name) {
        return None;
    }
    if let Some(inner) = call_of(&subquery.expr, &["rate", "irate", "increase", "deriv", "delta", "idelta"]) {
        let inner = &inner.function;
        return Some(
            Finding::new(
                Lint::RateOfRate,
                call.function.range,
                format!("`{name}` of `{}`, which is no counter", inner.value),
            )
            .related(inner.range, "the result rises and falls")
            .note(format!("`{name}` takes every fall of the value for a restart of the counter, and adds it up"))
            .help("for the change of a rate use `deriv(...)` or `delta(...)`"),
        );
    }
    let aggregate = aggregate_of(&subquery.expr)?;
    let op = aggregate.op.value;
    if !matches!(op, AggregateOp::Sum | AggregateOp::Avg) || selector_of(&aggregate.expr).is_none() {
        return None;
    }
    Some(
        Finding::new(Lint::RateOfSum, call.function.range, format!("`{name}` of `{}`", op.as_str()))
            .related(aggregate.op.range, "the restart of one counter is only a small fall here")
            .note(format!(
                "`{name}` takes every fall of the value for a restart, so that it adds up the whole sum again"
            ))
            .help(format!("first `{name}`, then `{op}`: `{op}({name}(...[5m]))`", op = op.as_str())),
    )
}

fn delta_of_counter(call: &Call) -> Option<Finding> {
    let instead = match call.function.value.as_str() {
        "delta" => "increase",
        "idelta" => "irate",
        "deriv" => "rate",
        _ => return None,
    };
    let name = selector_of(call.args.first()?)?.name.as_ref()?;
    if !(name.value.ends_with("_total") || name.value.ends_with("_bucket")) {
        return None;
    }
    let function = &call.function;
    Some(
        Finding::new(
            Lint::DeltaOfCounter,
            function.range,
            format!("`{}` of the counter `{}`", function.value, name.value),
        )
        .note("a restart of the process sets the counter to 0: the result is then far below zero")
        .help(format!("`{instead}` knows restarts")),
    )
}

fn irate_in_alert(call: &Call, context: &Context) -> Option<Finding> {
    let function = &call.function;
    let instead = match function.value.as_str() {
        "irate" => "rate",
        "idelta" => "delta",
        _ => return None,
    };
    if context.role != Role::Alert {
        return None;
    }
    Some(
        Finding::new(Lint::IrateInAlert, function.range, format!("`{}` in an alert", function.value))
            .note("it sees only the last two samples: one quiet scrape resets the alert's `for`")
            .replace(format!("write `{instead}`"), function.range, instead),
    )
}
