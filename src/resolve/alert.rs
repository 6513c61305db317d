//! Cause alerts: plain Prometheus alerting rules, checked.

use super::alert_tests;
use super::durations::duration;
use super::labels::{LabelDecls, is_label_value};
use super::lint;
use super::names::{is_alert_name, label_name};
use super::promql::{expression, quoted, slice, typed, unbracketed};
use super::severity::severity;
use super::{Read, Reported, template};
use crate::diag::{Code, Diagnostic, Sink};
use crate::model::{AlertRunbook, CauseAlert, Duration, Inhibits, Severity, SeverityLabels};
use crate::parse::decl::AlertDecl;
use crate::promql::lint::{Context, Role};
use crate::promql::{Dialect, Expr, ExprKind, ValueType};
use crate::source::Text;

/// Reads a cause alert; `scrape` is the scrape interval if one is declared.
pub(super) fn alert(
    decl: &AlertDecl,
    severity_labels: &SeverityLabels,
    scrape: Option<Duration>,
    sink: &mut Sink,
) -> Option<CauseAlert> {
    let is_named = is_alert_name(&decl.alert, sink);
    let expr = condition(&decl.expr, scrape, sink);
    let or_absent = decl.or_absent.as_ref().map(|text| selector(text, sink));
    let wait = optional_duration(decl.wait.as_ref(), sink);
    let keep_firing_for = optional_duration(decl.keep_firing_for.as_ref(), sink);
    let labels = labels(&decl.labels, sink);
    let severity = severity_of(decl, severity_labels, sink);
    let annotations = annotations(decl, sink);
    let runbook = decl.runbook.as_ref().map_or_else(AlertRunbook::default, |runbook| AlertRunbook {
        topic: runbook.topic.clone(),
        steps: runbook.steps.iter().map(|step| step.value.clone()).collect(),
    });
    let inhibits = decl.inhibits.as_ref().map(|decl| Inhibits {
        span: decl.span,
        alerts: decl.alerts.clone(),
        equal: decl.equal.clone(),
    });
    let (expr, or_absent) = (expr?, or_absent.map_or(Some(None), |read| read.map(Some))?);
    let wait = wait.ok()?;
    let tests = alert_tests::tests(decl, &expr, or_absent.as_ref(), wait, sink);
    check_templates(decl, &expr, or_absent.as_ref(), [annotations.as_deref(), labels.as_deref()], sink);
    let alert = CauseAlert {
        span: decl.span,
        name: decl.alert.clone(),
        expr,
        expr_text: decl.expr.clone(),
        or_absent,
        wait,
        keep_firing_for: keep_firing_for.ok()?,
        severity: severity?,
        labels: labels?,
        annotations: annotations?,
        runbook,
        inhibits,
        tests,
    };
    is_named.then_some(alert)
}

/// Looks at the templates in annotations and labels.
fn check_templates(
    decl: &AlertDecl,
    expr: &Expr,
    or_absent: Option<&Expr>,
    texts: [Option<&[(String, Text)]>; 2],
    sink: &mut Sink,
) {
    let origin = template::Origin::new((&decl.expr, expr), or_absent, &decl.labels);
    for (_, text) in texts.into_iter().flatten().flatten() {
        template::check(text, &origin, sink);
    }
}

/// Reads a condition: whatever Prometheus takes for an alert.
pub(super) fn condition(text: &Text, scrape: Option<Duration>, sink: &mut Sink) -> Option<Expr> {
    let typed = typed(text, Dialect::Rule, sink)?;
    let scrape_interval = scrape.and_then(|scrape| i64::try_from(scrape.millis()).ok());
    lint::expression(&typed.expr, text, &Context { role: Role::Alert, scrape_interval }, sink);
    match typed.value_type {
        ValueType::Vector | ValueType::Scalar => Some(typed.expr),
        ValueType::Matrix | ValueType::String => {
            let found = typed.value_type.with_article();
            let message = format!("the condition of an alert has to be an instant vector, found {found}");
            let diagnostic = Diagnostic::new(Code::PromqlType, text.span, message);
            sink.push(diagnostic.help("write a comparison that holds while something is wrong, as in `up == 0`"));
            None
        }
    }
}

/// Reads a selector whose absence fires the alert.
fn selector(text: &Text, sink: &mut Sink) -> Option<Expr> {
    let typed = expression(text, Dialect::Rule, sink)?;
    let inner = unbracketed(&typed.expr);
    if matches!(inner.kind, ExprKind::Selector(_)) {
        return Some(inner.clone());
    }
    let message = "`or_absent` has to be the selector of the series that must exist";
    let diagnostic = Diagnostic::new(Code::NotASelector, text.span, message);
    let absent = match &inner.kind {
        ExprKind::Call(call) if call.function.value == "absent" => call.args.first(),
        _ => None,
    };
    sink.push(match absent {
        Some(series) => {
            let series = slice(text, series.range);
            diagnostic.replace("the rule adds `absent` itself", text.span, quoted(series))
        }
        None => diagnostic.note("the alert then also fires while no such series exists"),
    });
    None
}

/// Reads a duration that may be missing; zero is the same as missing.
fn optional_duration(text: Option<&Text>, sink: &mut Sink) -> Read<Option<Duration>> {
    match text {
        None => Ok(None),
        Some(text) => {
            let duration = duration(text, sink).ok_or(Reported)?;
            Ok(Some(duration).filter(|duration| duration.millis() > 0))
        }
    }
}

fn labels(decls: &LabelDecls, sink: &mut Sink) -> Option<Vec<(String, Text)>> {
    let mut labels = Vec::with_capacity(decls.len());
    for (key, value) in decls {
        let name = label_name(key, Code::BadLabel, sink).filter(|_| !is_alert_name_label(key, sink));
        if let Some(name) = name.filter(|_| is_label_value(key, value, sink)) {
            labels.push((name.as_str().to_owned(), value.clone()));
        }
    }
    (labels.len() == decls.len()).then_some(labels)
}

/// Whether a label is `alertname`, which Prometheus overwrites; if so, reports it.
fn is_alert_name_label(key: &Text, sink: &mut Sink) -> bool {
    let is_name = key.value == "alertname";
    if is_name {
        let message = "the label `alertname` is set by Prometheus itself";
        sink.push(Diagnostic::new(Code::BadLabel, key.span, message).help("rename the alert instead"));
    }
    is_name
}

/// Page or ticket: by its key, else by labels that are those of a severity.
fn severity_of(decl: &AlertDecl, severity_labels: &SeverityLabels, sink: &mut Sink) -> Option<Severity> {
    let labelled = labelled_severity(&decl.labels, severity_labels);
    let Some(text) = &decl.severity else {
        if labelled.is_none() {
            sink.push(missing_severity(decl, severity_labels));
        }
        return labelled.map(|(severity, _)| severity);
    };
    let written = severity(text, sink)?;
    if let Some((labelled, label)) = labelled.filter(|(labelled, _)| *labelled != written) {
        let message =
            format!("the alert is a {}, and its labels are those of a {}", written.as_str(), labelled.as_str());
        let diagnostic = Diagnostic::new(Code::BadSeverity, text.span, message).secondary(label.span, "this label");
        sink.push(diagnostic.help("remove one of them; `severity` sets the labels as well"));
        return None;
    }
    Some(written)
}

/// The severity that the labels of a pasted rule belong to, and the label that says so.
fn labelled_severity<'a>(labels: &'a LabelDecls, severity_labels: &SeverityLabels) -> Option<(Severity, &'a Text)> {
    [Severity::Page, Severity::Ticket].into_iter().find_map(|severity| {
        let wanted = severity_labels.of(severity);
        let find = |name: &str, value: &str| labels.iter().find(|(key, text)| key.value == name && text.value == value);
        let found: Option<Vec<_>> = wanted.iter().map(|(name, value)| find(name.as_str(), value)).collect();
        found?.first().map(|(_, text)| (severity, text))
    })
}

fn missing_severity(decl: &AlertDecl, severity_labels: &SeverityLabels) -> Diagnostic {
    let message = format!("the alert `{}` does not say whether it is a page or a ticket", decl.alert.value);
    let mut diagnostic = Diagnostic::new(Code::MissingSeverity, decl.alert.span, message);
    let page = severity_labels.page.iter().next();
    let ticket = severity_labels.ticket.iter().next();
    let pasted = page.and_then(|(name, _)| decl.labels.iter().find(|(key, _)| key.value == name.as_str()));
    if let Some((key, value)) = pasted {
        diagnostic = diagnostic.secondary(value.span, format!("no severity has `{}: {}`", key.value, value.value));
    }
    let by_label = match (page, ticket) {
        (Some((page_name, page)), Some((ticket_name, ticket))) => {
            format!(", or the label `{page_name}: {page}` for a page, `{ticket_name}: {ticket}` for a ticket")
        }
        _ => String::new(),
    };
    diagnostic
        .note("a page wakes somebody up now, a ticket waits for the working day")
        .help(format!("add `severity: page` or `severity: ticket`{by_label}"))
}

/// The annotations as written, with those that have a key of their own first.
fn annotations(decl: &AlertDecl, sink: &mut Sink) -> Option<Vec<(String, Text)>> {
    let keys = [("summary", decl.summary.as_ref()), ("description", decl.description.as_ref())];
    let own = keys.into_iter().filter_map(|(key, text)| Some((key.to_owned(), text?.clone())));
    let mut annotations: Vec<_> = own.collect();
    let mut complete = true;
    for (key, text) in &decl.annotations {
        let first = keys.iter().find(|(own, _)| *own == key.value).and_then(|(_, text)| *text);
        if let Some(first) = first {
            let message = format!("the annotation `{}` is given twice", key.value);
            let diagnostic = Diagnostic::new(Code::DuplicateAnnotation, key.span, message)
                .secondary(first.span, format!("the key `{}` is the same annotation", key.value));
            sink.push(diagnostic.help("keep one of them"));
        }
        match label_name(key, Code::BadLabel, sink).filter(|_| first.is_none()) {
            Some(name) => annotations.push((name.as_str().to_owned(), text.clone())),
            None => complete = false,
        }
    }
    complete.then_some(annotations)
}
