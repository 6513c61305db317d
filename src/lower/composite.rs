//! Composites: the error ratio of each component in a block, and what these make together.
//!
//! Only recorded series are read. A component without events in a block is left out of it.

use smol_str::SmolStr;

use super::blocks::{Pair, over};
use super::maintenance;
use super::names::Names;
use super::recording::{decimal, record};
use super::series::{COMPONENT, COMPONENT_ERROR, ERRORS_FAST, EVENTS_FAST, SLICE_ERRORS, Series, ratio_name};
use crate::ir::Rule;
use crate::model::{Component, ComponentForm, Composite, CompositeMode, Duration};
use crate::promql::{AggregateOp, BinaryOp, Expr, GroupingKind, MatchOp, build};

/// The error ratio of each component, as a series of the composite.
pub(super) fn components(series: &Series<'_>, composite: &Composite) -> Vec<Rule> {
    let rule = |part: &Component| {
        let mut rule = record(series, COMPONENT_ERROR, ratio(series, part));
        rule.labels.push((COMPONENT, part.id()));
        rule
    };
    composite.parts.iter().map(rule).collect()
}

/// One event for each block in which any component had some, and the part of it that failed.
pub(super) fn pair(series: &Series<'_>, composite: &Composite) -> Pair {
    let parts = || series.all(COMPONENT_ERROR);
    let count = build::aggregate(AggregateOp::Count, None, parts());
    let events = build::binary(count, BinaryOp::Greater, build::number("0")).bool();
    let errors = match composite.mode {
        CompositeMode::Worst => build::aggregate(AggregateOp::Max, None, parts()),
        CompositeMode::All => {
            let good = build::binary(build::number("1"), BinaryOp::Sub, parts());
            let product = build::call("exp", vec![build::sum(build::call("ln", vec![good]))]);
            build::binary(build::number("1"), BinaryOp::Sub, product)
        }
        CompositeMode::Weighted => {
            let failed = weighted(series, composite, |ratio, weight| build::binary(ratio, BinaryOp::Mul, weight));
            let all = weighted(series, composite, |ratio, weight| {
                let zero = build::binary(ratio, BinaryOp::Mul, build::number("0"));
                build::binary(zero, BinaryOp::Add, weight)
            });
            build::binary(failed, BinaryOp::Div, all)
        }
    };
    Pair { events, errors }
}

/// The sum of something over the components that are there.
fn weighted(series: &Series<'_>, composite: &Composite, term: impl Fn(Expr, Expr) -> Expr) -> Expr {
    let terms = composite.parts.iter().map(|part| {
        let own = series.matching(COMPONENT_ERROR, [(COMPONENT, MatchOp::Equal, part.id())]);
        term(own, decimal(part.weight))
    });
    let all = terms.reduce(|left, right| build::binary(left, BinaryOp::Or, right));
    build::sum(all.unwrap_or_else(|| unreachable!("a bug in slosmith: a composite of nothing")))
}

/// Errors over events of a component in a block of the composite; within 0 and 1, absent without events.
fn ratio(series: &Series<'_>, part: &Component) -> Expr {
    let block = series.slo.blocks.fast();
    let sum = |function, name| {
        if part.recorded.block == block {
            // The last one, whichever of the two groups is evaluated first.
            return overall(part, name);
        }
        // Without the block that ends where this one begins.
        build::call(function, vec![over(overall(part, name), Duration::from_millis(block.millis() - 1))])
    };
    let ratio = match part.recorded.form {
        ComponentForm::Ratio => sum("avg_over_time", ratio_name(Duration::from_mins(5))),
        ComponentForm::Blocks | ComponentForm::Slices => {
            let events = build::binary(sum("sum_over_time", EVENTS_FAST), BinaryOp::Greater, build::number("0"));
            let ratio = build::binary(sum("sum_over_time", ERRORS_FAST), BinaryOp::Div, events);
            build::call("clamp", vec![ratio, build::number("0"), build::number("1")])
        }
    };
    let window = Names::of(&part.recorded.profile).window.iter().filter(|_| part.recorded.form == ComponentForm::Ratio);
    let foreign: Vec<SmolStr> = identity_of_others(series, part).into_iter().chain(window.cloned()).collect();
    without(&foreign, ratio)
}

/// Labels that identify a component and that those of the composite do not replace.
fn identity_of_others(series: &Series<'_>, part: &Component) -> Vec<SmolStr> {
    let names = Names::of(&part.recorded.profile);
    if names == series.names { Vec::new() } else { names.identity.to_vec() }
}

fn without(labels: &[SmolStr], expr: Expr) -> Expr {
    if labels.is_empty() {
        return expr;
    }
    build::aggregate(AggregateOp::Max, Some((GroupingKind::Without, labels)), expr)
}

/// The overall series of a component.
fn overall(part: &Component, name: SmolStr) -> Expr {
    let own = (Names::of(&part.recorded.profile).id(), MatchOp::Equal, part.id());
    let groups = part.recorded.groups.iter().map(|label| (label.as_str().into(), MatchOp::Equal, "".into()));
    build::selector(name, std::iter::once(own).chain(groups))
}

/// Which components have no data, outside of their maintenance; nothing if all have some.
pub(super) fn absent(series: &Series<'_>, composite: &Composite) -> Expr {
    let terms = composite.parts.iter().map(|part| {
        let marker = match part.recorded.form {
            ComponentForm::Blocks => ERRORS_FAST,
            ComponentForm::Slices => SLICE_ERRORS,
            ComponentForm::Ratio => ratio_name(Duration::from_mins(5)),
        };
        let absent = build::call("absent", vec![overall(part, marker)]);
        let absent = without(&identity_of_others(series, part), absent);
        let arguments = ["slo_component", part.id().as_str(), "", ""].map(|text| build::string(text.to_owned()));
        let named = build::call("label_replace", std::iter::once(absent).chain(arguments).collect());
        let range = Duration::from_millis(4 * series.slo.blocks.fast_range().millis() + maintenance::STEP.millis());
        maintenance::unless_active_in(&part.service, &part.recorded.maintenance, named, range)
    });
    let all = terms.reduce(|left, right| build::binary(left, BinaryOp::Or, right));
    all.unwrap_or_else(|| unreachable!("a bug in slosmith: a composite of nothing"))
}
