//! The rules of a file: their expressions, names, labels, times and templates.

use std::collections::BTreeMap;

use super::{Settings, nan};
use crate::diag::{Code, Diagnostic, Sink};
use crate::model::Duration;
use crate::parse::prometheus_rules::{GroupDecl, RuleDecl, RuleKind};
use crate::promql::lint::{Context, Role};
use crate::promql::{Dialect, Expr, ValueType, Version, labels};
use crate::resolve::durations::duration;
use crate::resolve::promql::typed_for;
use crate::resolve::{catalogue, lint, template};
use crate::source::{Span, Text};

/// What tells rules apart: kind, name, and labels.
type Identity<'r> = (RuleKind, &'r str, BTreeMap<&'r str, &'r str>);

/// Checks all groups of a file.
pub(super) fn check(groups: &[GroupDecl], settings: &Settings, sink: &mut Sink) {
    let mut earlier: BTreeMap<Identity<'_>, Vec<Earlier>> = BTreeMap::new();
    for group in groups {
        let interval = group.interval.as_ref().and_then(|text| time(text, sink));
        for rule in &group.rules {
            let expr = self::rule(rule, settings, sink);
            let wait = rule.wait.as_ref().and_then(|text| time(text, sink).map(|wait| (text, wait)));
            if let (Some((text, wait)), Some(interval)) = (wait, interval)
                && 0 < wait.millis()
                && wait.millis() < interval.millis()
            {
                sink.push(short_for(text, group.interval.as_ref().map(|text| text.span)));
            }
            if let Some(text) = &rule.keep_firing_for {
                time(text, sink);
            }
            let earlier = earlier.entry(identity(rule)).or_default();
            let mut recent = earlier.iter().skip(earlier.len().saturating_sub(MOST_ALIKE));
            if let Some(first) = recent.find(|one| !is_apart(one, expr.as_ref(), rule)) {
                sink.push(duplicate(rule, first.name));
            }
            earlier.push(Earlier { name: rule.name.span, expr });
        }
    }
}

/// A rule that came before.
struct Earlier {
    name: Span,
    expr: Option<Expr>,
}

/// The most rules of one name and labels that another one is compared with.
const MOST_ALIKE: usize = 50;

/// Whether the series of two rules that set the same labels always differ in a label that they do not set.
fn is_apart(earlier: &Earlier, expr: Option<&Expr>, rule: &RuleDecl) -> bool {
    let (Some(one), Some(other)) = (&earlier.expr, expr) else { return false };
    let set: Vec<&str> = rule.labels.iter().map(|(name, _)| name.value.as_str()).collect();
    labels::are_apart(one, other, &set)
}

/// A duration as Prometheus reads it, where zero needs no unit.
fn time(text: &Text, sink: &mut Sink) -> Option<Duration> {
    if text.value == "0" { None } else { duration(text, sink) }
}

fn identity(rule: &RuleDecl) -> Identity<'_> {
    let labels = rule.labels.iter().map(|(name, value)| (name.value.as_str(), value.value.as_str()));
    (rule.kind, &rule.name.value, labels.collect())
}

fn duplicate(rule: &RuleDecl, first: Span) -> Diagnostic {
    let (what, name) = (noun(rule.kind), &rule.name.value);
    let message = format!("two {what}s are named `{name}` and set the same labels");
    let diagnostic = Diagnostic::new(Code::DuplicateRule, rule.name.span, message).secondary(first, "the first one");
    match rule.kind {
        RuleKind::Record => diagnostic.help("rename one of them, or give them labels that tell them apart"),
        RuleKind::Alert => {
            diagnostic.help("rename one of them, or give them labels that tell them apart, such as `severity`")
        }
    }
}

fn noun(kind: RuleKind) -> &'static str {
    match kind {
        RuleKind::Record => "recording rule",
        RuleKind::Alert => "alert",
    }
}

fn short_for(text: &Text, interval: Option<Span>) -> Diagnostic {
    let message = format!("`for: {}` is shorter than the interval of the group", text.value);
    let diagnostic = Diagnostic::new(Code::ShortFor, text.span, message)
        .note("the alert can fire at the second evaluation at the earliest, whatever a shorter wait says");
    let diagnostic = match interval {
        Some(interval) => diagnostic.secondary(interval, "evaluated this often"),
        None => diagnostic,
    };
    diagnostic.help("write at least two intervals, or leave `for` out")
}

/// Checks a rule; its expression if that is one.
fn rule(rule: &RuleDecl, settings: &Settings, sink: &mut Sink) -> Option<Expr> {
    let has_utf8 = settings.options.version >= Version::new(3, 0);
    if rule.kind == RuleKind::Record {
        record_name(&rule.name, has_utf8, sink);
    }
    names(&rule.labels, "label", has_utf8, sink);
    names(&rule.annotations, "annotation", has_utf8, sink);
    let text = rule.expr.as_ref()?;
    let typed = typed_for(text, Dialect::Rule, &settings.options, sink)?;
    let purpose = match rule.kind {
        RuleKind::Record => Role::Recording,
        RuleKind::Alert => Role::Alert,
    };
    lint::expression(&typed.expr, text, &Context::new(purpose), sink);
    catalogue::expression(&typed.expr, text, &settings.known, sink);
    nan::check(&typed.expr, text, &settings.nan, sink);
    match typed.value_type {
        ValueType::Vector | ValueType::Scalar => {}
        ValueType::Matrix | ValueType::String => {
            let what = noun(rule.kind);
            let found = typed.value_type.with_article();
            let message = format!("the expression of the {what} has to be an instant vector, found {found}");
            sink.push(Diagnostic::new(Code::PromqlType, text.span, message));
        }
    }
    if rule.kind == RuleKind::Alert {
        templates(rule, (text, &typed.expr), sink);
    }
    Some(typed.expr)
}

fn templates(rule: &RuleDecl, condition: (&Text, &Expr), sink: &mut Sink) {
    let origin = template::Origin::new(condition, None, &rule.labels).lenient();
    for (_, text) in rule.labels.iter().chain(&rule.annotations) {
        template::check(text, &origin, sink);
    }
}

fn record_name(name: &Text, has_utf8: bool, sink: &mut Sink) {
    if name.value.contains(['{', '}']) {
        let message = format!("`{}` is no name for a series", name.value);
        let diagnostic = Diagnostic::new(Code::BadName, name.span, message);
        sink.push(diagnostic.help("write the name alone, and set labels under `labels`"));
    } else if !has_utf8 && !is_classic(&name.value, ":") {
        let message = format!("`{}` is a name for a series since Prometheus 3.0 only", name.value);
        sink.push(Diagnostic::new(Code::BadName, name.span, message).help("use letters, digits, `_` and `:`"));
    }
}

/// Reports names of labels or annotations that Prometheus refuses.
fn names(pairs: &[(Text, Text)], what: &str, has_utf8: bool, sink: &mut Sink) {
    for (name, _) in pairs {
        let is_name = !name.value.is_empty() && (has_utf8 || is_classic(&name.value, ""));
        if !is_name {
            let message = format!("`{}` is no name for {} {what}", name.value, article(what));
            sink.push(Diagnostic::new(Code::BadLabel, name.span, message).help("use letters, digits and `_`"));
        } else if what == "label" && name.value == "__name__" {
            let message = "the label `__name__` is the name of the series";
            sink.push(Diagnostic::new(Code::BadLabel, name.span, message).help("set the name by `record`"));
        }
    }
}

fn article(what: &str) -> &'static str {
    if what.starts_with('a') { "an" } else { "a" }
}

/// Whether a name has only what Prometheus took before version 3.
fn is_classic(name: &str, more: &str) -> bool {
    !name.starts_with(|first: char| first.is_ascii_digit())
        && !name.is_empty()
        && name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_' || more.contains(it))
}
