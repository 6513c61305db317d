//! Alerts that silence others: those are there, may be silenced, and have the labels that both shall have in common.

use std::collections::{BTreeMap, BTreeSet};

use super::named_labels::named_labels;
use crate::diag::{Code, Diagnostic, Sink, suggest};
use crate::model::{CauseAlert, Service, Severity};
use crate::promql::labels;
use crate::source::Text;

/// An alert and the service that it is of.
type Known<'a> = BTreeMap<&'a str, (&'a Service, &'a CauseAlert)>;

pub(super) fn check(services: &[&Service], sink: &mut Sink) {
    let all = || services.iter().flat_map(|service| service.alerts.iter().map(move |alert| (*service, alert)));
    if all().all(|(_, alert)| alert.inhibits.is_none()) {
        return;
    }
    let known: Known<'_> = all().map(|(service, alert)| (alert.name.value.as_str(), (service, alert))).collect();
    let named = named_labels(services);
    for (service, alert) in all() {
        let Some(inhibits) = &alert.inhibits else { continue };
        sink.extend(inhibits.equal.iter().filter_map(|label| unheard_of(label, &named)));
        let equal: Vec<&Text> = inhibits.equal.iter().filter(|label| named.contains(&label.value)).collect();
        for name in &inhibits.alerts {
            target((service, alert), name, &equal, &known, sink);
        }
    }
}

fn target(source: (&Service, &CauseAlert), name: &Text, equal: &[&Text], known: &Known<'_>, sink: &mut Sink) {
    let Some(target) = known.get(name.value.as_str()) else {
        sink.push(unknown(name, known));
        return;
    };
    let problem = |message: String| Diagnostic::new(Code::BadInhibition, name.span, message);
    if std::ptr::eq(target.1, source.1) {
        let message = format!("the alert `{}` inhibits itself", name.value);
        sink.push(problem(message).help("name the alerts that say nothing new while it fires"));
        return;
    }
    if source.1.severity == Severity::Ticket && target.1.severity == Severity::Page {
        let message = format!("the ticket `{}` silences the page `{}`", source.1.name.value, name.value);
        let diagnostic = problem(message).secondary(target.1.name.span, "this one would wake nobody");
        sink.push(diagnostic.help("make the one a page as well, or the other a ticket"));
        return;
    }
    for label in equal {
        sink.extend(unequal(label, source, *target));
    }
}

/// The problem of a label that nothing in the project names: missing on both sides, it would be equal wherever the alerts fire.
fn unheard_of(label: &Text, named: &BTreeSet<String>) -> Option<Diagnostic> {
    let name = label.value.as_str();
    if named.contains(name) {
        return None;
    }
    let message = format!("no alert is known to have a label `{name}`");
    let problem = Diagnostic::new(Code::BadInhibition, label.span, message);
    let problem = problem.note("a label that is missing on both alerts is equal, so that one silences all others");
    Some(match suggest(name, named.iter().map(String::as_str)) {
        Some(meant) => problem.replace(format!("did you mean `{meant}`?"), label.span, label.written(meant)),
        None => problem.help(format!("if both have it, say so in their expressions: `{name}!=\"\"`")),
    })
}

fn unknown(name: &Text, known: &Known<'_>) -> Diagnostic {
    let message = format!("there is no alert `{}`", name.value);
    let diagnostic = Diagnostic::new(Code::UnknownReference, name.span, message);
    match suggest(&name.value, known.keys().copied()) {
        Some(meant) => diagnostic.replace(format!("did you mean `{meant}`?"), name.span, name.written(meant)),
        None => diagnostic.help("an alert is written in `alerts` of this or another spec"),
    }
}

/// The problem of a label that two alerts cannot have in common.
fn unequal(label: &Text, source: (&Service, &CauseAlert), target: (&Service, &CauseAlert)) -> Option<Diagnostic> {
    let name = label.value.as_str();
    let problem = |message: String| Diagnostic::new(Code::BadInhibition, label.span, message);
    if name == "alertname" {
        let message = "two alerts never have the same `alertname`".to_owned();
        return Some(problem(message).help("name labels of the series, as in `instance`"));
    }
    if let (Some(one), Some(other)) = (fixed(name, source), fixed(name, target)) {
        let differs = one != other && !one.contains("{{") && !other.contains("{{");
        let (first, second) = (&source.1.name.value, &target.1.name.value);
        let message = format!("`{name}` is `{one}` on `{first}` and `{other}` on `{second}`, so never equal");
        return differs.then(|| problem(message).help("leave it out, or name a label that both have in common"));
    }
    [source, target].into_iter().find_map(|(service, alert)| lost(label, service, alert)).map(|(alert, place)| {
        let message = format!("the alert `{}` has no label `{name}`", alert.name.value);
        let diagnostic = problem(message);
        let diagnostic = match place {
            Some((span, words)) => diagnostic.secondary(span, words),
            None => diagnostic.secondary(alert.name.span, "this alert"),
        };
        let certain: Vec<String> = labels::of(&alert.expr).certain().map(|label| format!("`{label}`")).collect();
        if certain.is_empty() {
            diagnostic.help("keep the label in its expression, or leave it out here")
        } else {
            diagnostic.help(format!("its expression has {}", certain.join(", ")))
        }
    })
}

/// An alert that lacks a label, and the place and cause in its expression.
type Lost<'a> = (&'a CauseAlert, Option<(crate::source::Span, String)>);

fn lost<'a>(label: &Text, service: &Service, alert: &'a CauseAlert) -> Option<Lost<'a>> {
    let name = label.value.as_str();
    let of_expr = labels::of(&alert.expr);
    let of_absent = alert.or_absent.as_ref().is_some_and(|expr| labels::of(expr).must_have(name));
    if fixed(name, (service, alert)).is_some() || of_expr.may_have(name) || of_absent {
        return None;
    }
    let place = of_expr.removed(name).map(|removal| {
        let words = format!("`{name}` {}", removal.cause.describe());
        (alert.expr_text.part(removal.range.start..removal.range.end), words)
    });
    Some((alert, place))
}

/// The value that the rule itself gives to a label.
fn fixed<'a>(name: &str, (service, alert): (&'a Service, &'a CauseAlert)) -> Option<&'a str> {
    let own = alert.labels.iter().find(|(label, _)| label == name).map(|(_, text)| text.value.as_str());
    let inherited = || service.labels.iter().find(|(label, _)| label.as_str() == name).map(|(_, value)| value.as_str());
    let of_severity = || {
        let labels = service.severity_labels.of(alert.severity);
        labels.iter().find(|(label, _)| label.as_str() == name).map(|(_, value)| value.as_str())
    };
    let generated = || match name {
        "slo_service" => Some(service.name.as_str()),
        "slo_alert" => Some(alert.severity.as_str()),
        "team" => service.owner.as_ref().map(|owner| owner.team.as_str()),
        "tier" => service.tier.as_deref(),
        _ => None,
    };
    own.or_else(inherited).or_else(of_severity).or_else(generated)
}
