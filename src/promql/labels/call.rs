//! What functions do to labels.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use crate::promql::functions::function_by_any_name;
use crate::promql::labels::{Cause, Labels, Presence, Removal, of};
use crate::promql::name::{METRIC_NAME, has_variable};
use crate::promql::{Call, Expr, ExprKind, MatchOp, TextRange, ValueType};

pub(super) fn labels(call: &Call, range: TextRange) -> Labels {
    let name = call.function.value.as_str();
    let Some(known) = function_by_any_name(name) else {
        return Labels::all(Presence::May);
    };
    if known.returns == ValueType::Scalar {
        return Labels::none(range, Cause::Scalar);
    }
    let vector = call.args.iter().find(|arg| matches!(arg.value_type(), ValueType::Vector | ValueType::Matrix));
    let Some(vector) = vector.or_else(|| call.args.iter().find(|arg| matches!(arg.kind, ExprKind::Variable(_)))) else {
        return Labels::none(range, Cause::Scalar);
    };
    let mut labels = of(vector);
    let gone = if call.function.range.end > 0 { call.function.range } else { range };
    match name {
        "vector" => return Labels::none(range, Cause::Scalar),
        "absent" | "absent_over_time" => return absent(vector, gone),
        "sort" | "sort_desc" | "sort_by_label" | "sort_by_label_desc" | "last_over_time" | "first_over_time" => {}
        "label_replace" => label_replace(&mut labels, call, gone),
        "label_join" => label_join(&mut labels, call, gone),
        "info" => add_information(&mut labels),
        "histogram_quantile" => {
            labels.remove("le", gone, Cause::Function);
            labels.remove_name(gone);
        }
        "histogram_quantiles" => {
            labels.remove("le", gone, Cause::Function);
            labels.remove_name(gone);
            if let Some(label) = text(call, 1) {
                labels.set(label.clone(), Presence::Must);
            }
        }
        _ => labels.remove_name(gone),
    }
    labels
}

/// The literal text of an argument without variables.
fn text(call: &Call, place: usize) -> Option<&SmolStr> {
    match &call.args.get(place)?.kind {
        ExprKind::String(text) if !has_variable(text) => Some(text),
        _ => None,
    }
}

/// The labels with one `=` matcher in the selector; none for other expressions.
fn absent(vector: &Expr, range: TextRange) -> Labels {
    let mut labels = Labels::none(range, Cause::Absent);
    let matchers = match &vector.kind {
        ExprKind::Selector(selector) => &selector.matchers,
        ExprKind::Matrix(matrix) => &matrix.selector.matchers,
        ExprKind::Paren(inner) => return absent(inner, range),
        ExprKind::Variable(_) => return Labels::all(Presence::May),
        _ => return labels,
    };
    let mut matched: BTreeMap<&str, usize> = BTreeMap::new();
    for matcher in matchers {
        *matched.entry(&matcher.label.value).or_default() += 1;
    }
    for matcher in matchers {
        let label = &matcher.label.value;
        let value = &matcher.value.value;
        let once = matched.get(label.as_str()) == Some(&1);
        if matcher.op != MatchOp::Equal || label == METRIC_NAME || !once || value.is_empty() {
            continue;
        }
        labels.set(label.clone(), if has_variable(value) { Presence::May } else { Presence::Must });
    }
    labels
}

fn label_replace(labels: &mut Labels, call: &Call, range: TextRange) {
    let Some(target) = text(call, 1) else {
        *labels = Labels::all(Presence::May);
        return;
    };
    let before = labels.get(target);
    let replacement = match text(call, 2) {
        Some(replacement) if replacement.is_empty() => Presence::Cannot(Removal { range, cause: Cause::Emptied }),
        Some(replacement) if !replacement.contains('$') => Presence::Must,
        Some(_) | None => Presence::May,
    };
    let always = text(call, 4).is_some_and(|regex| matches!(regex.as_str(), ".*" | "(.*)"));
    labels.set(target.clone(), if always { replacement } else { before.either(replacement) });
}

fn label_join(labels: &mut Labels, call: &Call, range: TextRange) {
    let Some(target) = text(call, 1) else {
        *labels = Labels::all(Presence::May);
        return;
    };
    let sources: Vec<Presence> = (3..call.args.len())
        .map(|place| text(call, place).map_or(Presence::May, |source| labels.get(source)))
        .collect();
    let separated = sources.len() > 1 && text(call, 2).is_some_and(|separator| !separator.is_empty());
    let empty = text(call, 2).is_some() && !separated;
    let all_absent = sources.iter().all(|source| matches!(source, Presence::Cannot(_)));
    let presence = if separated || sources.contains(&Presence::Must) {
        Presence::Must
    } else if empty && all_absent {
        Presence::Cannot(Removal { range, cause: Cause::Emptied })
    } else {
        Presence::May
    };
    labels.set(target.clone(), presence);
}

/// `info` adds labels of other series: what was impossible is possible.
fn add_information(labels: &mut Labels) {
    labels.others = Presence::May;
    for presence in labels.listed.values_mut() {
        if let Presence::Cannot(_) = presence {
            *presence = Presence::May;
        }
    }
}
