//! Labels that a metric does not have, and values that a label never has.

use crate::catalogue::{Found, Kind, Known, Values};
use crate::diag::{Code, Diagnostic, Sink, slip, suggest};
use crate::promql::name::has_variable;
use crate::promql::{Expr, ExprKind, GroupingKind, MatchOp, Matcher, Ranged, Selector};
use crate::resolve::promql::{place, unbracketed};
use crate::source::{Span, Text};
use smol_str::SmolStr;

/// Labels that every scraped series has.
const TARGET: [&str; 2] = ["instance", "job"];

/// Labels that targets often have, so that they are no slip of the pen wherever the labels of targets are not known.
const OFTEN_TARGET: [&str; 27] = [
    "account",
    "app",
    "cluster",
    "component",
    "container",
    "datacenter",
    "env",
    "environment",
    "group",
    "host",
    "hostname",
    "image",
    "namespace",
    "node",
    "nodename",
    "pod",
    "project",
    "region",
    "release",
    "replica",
    "role",
    "service",
    "shard",
    "stage",
    "team",
    "tenant",
    "zone",
];

/// Checks the matchers of a selector.
pub(super) fn selector(selector: &Selector, text: &Text, known: &Known, sink: &mut Sink) {
    let Some(name) = &selector.name else { return };
    let Some(found) = known.find(&name.value) else { return };
    for matcher in &selector.matchers {
        if let Some(problem) = unknown(&found, &name.value, &matcher.label, text) {
            sink.push(problem);
        } else if let Some(problem) = unseen(&found, matcher, text) {
            sink.push(problem);
        }
    }
}

/// Checks `by (...)` over a selector or the rate of one; labels may be made in between anywhere else.
pub(super) fn grouping(part: &Expr, text: &Text, known: &Known, sink: &mut Sink) {
    let ExprKind::Aggregate(aggregate) = &part.kind else { return };
    let Some(grouping) = aggregate.grouping.as_ref().filter(|grouping| grouping.kind == GroupingKind::By) else {
        return;
    };
    let Some(name) = source(&aggregate.expr) else { return };
    let Some(found) = known.find(&name.value) else { return };
    for label in &grouping.labels {
        if let Some(Values::Only(_)) = found.metric.labels.get(label.value.as_str()) {
            sink.withdraw(Code::UnboundedLabel, place(text, label.range));
        }
        sink.extend(unknown(&found, &name.value, label, text));
    }
}

/// The metric that an expression has the labels of.
fn source(expr: &Expr) -> Option<&Ranged<SmolStr>> {
    match &unbracketed(expr).kind {
        ExprKind::Selector(selector) => selector.name.as_ref(),
        ExprKind::Matrix(matrix) => matrix.selector.name.as_ref(),
        ExprKind::Call(call) if matches!(call.function.value.as_str(), "rate" | "irate" | "increase" | "delta") => {
            source(call.args.first()?)
        }
        _ => None,
    }
}

/// A label that the metric cannot have, or that is a slip away from one that it has.
fn unknown(found: &Found<'_>, series: &str, label: &Ranged<SmolStr>, text: &Text) -> Option<Diagnostic> {
    let name = label.value.as_str();
    if has_variable(name) {
        return None;
    }
    let is_special = name.starts_with("__")
        || name == "le" && series.ends_with("_bucket")
        || name == "quantile" && found.metric.kind == Kind::Summary;
    let is_target = TARGET.contains(&name) || found.target_labels.is_some_and(|labels| labels.contains(name));
    if is_special || is_target || found.metric.labels.contains_key(name) {
        return None;
    }
    let own = found.metric.labels.keys().map(String::as_str).chain(TARGET);
    let meant = if found.target_labels.is_some() {
        suggest(name, own)
    } else {
        Some(slip(name, own).filter(|_| !OFTEN_TARGET.contains(&name))?)
    };
    let span = place(text, label.range);
    let message = format!("`{series}` has no label `{name}`");
    let own: Vec<String> = found.metric.labels.keys().map(|label| format!("`{label}`")).collect();
    let listed = if own.is_empty() { "it has no labels of its own".to_owned() } else { own.join(", ") };
    let diagnostic =
        Diagnostic::new(Code::UnknownLabel, span, message).note(format!("`{}` lists its labels: {listed}", found.file));
    Some(match meant {
        Some(meant) => diagnostic.replace(format!("did you mean `{meant}`?"), span, meant),
        None => diagnostic.help("remove it, or add it to the catalogue if it is new"),
    })
}

/// A value that is none of those that the catalogue gives as the only ones.
fn unseen(found: &Found<'_>, matcher: &Matcher, text: &Text) -> Option<Diagnostic> {
    let label = matcher.label.value.as_str();
    let Values::Only(values) = found.metric.labels.get(label)? else { return None };
    let wanted: Vec<&str> = match matcher.op {
        MatchOp::Equal | MatchOp::NotEqual => vec![&matcher.value.value],
        MatchOp::Regex | MatchOp::NotRegex => matcher.value.value.split('|').collect(),
    };
    let is_plain = |value: &&str| !value.chars().any(regex_syntax::is_meta_character);
    let is_regex = matches!(matcher.op, MatchOp::Regex | MatchOp::NotRegex);
    if is_regex && !wanted.iter().all(is_plain) {
        return None;
    }
    let is_unseen = |value: &&str| !value.is_empty() && !values.contains(*value) && !has_variable(value);
    let value = wanted.into_iter().find(is_unseen)?;
    Some(never(found, label, value, place(text, matcher.value.range)))
}

/// The choice of a value that the label never has.
pub(super) fn unseen_default(selector: &Selector, label: &str, default: &Text, known: &Known) -> Option<Diagnostic> {
    let found = known.find(&selector.name.as_ref()?.value)?;
    let Values::Only(values) = found.metric.labels.get(label)? else { return None };
    let value = default.value.as_str();
    (!values.contains(value)).then(|| never(&found, label, value, default.span))
}

fn never(found: &Found<'_>, label: &str, value: &str, span: Span) -> Diagnostic {
    let values = found.metric.labels.get(label).map(Values::set).into_iter().flatten();
    let listed: Vec<String> = values.clone().map(|value| format!("`{value}`")).collect();
    let message = format!("the label `{label}` of `{}` is never `{value}`", found.name);
    let diagnostic = Diagnostic::new(Code::UnseenValue, span, message).note(format!(
        "`{}` lists all its values: {}",
        found.file,
        listed.join(", ")
    ));
    match suggest(value, values.map(String::as_str)) {
        Some(meant) => diagnostic.help(format!("did you mean `{meant}`?")),
        None => diagnostic.help("add the value to the catalogue if it is new"),
    }
}
