//! The Prometheus that the rules are for: PromQL that it does not have is an error.

use super::promql::{diagnostic, matchers, unbracketed};
use crate::diag::{Code, Diagnostic, Sink, suggest};
use crate::model::{Backfill, GrafanaAlerts, RuleTests};
use crate::parse::decl::{
    AlertDecl, BoardDecl, RatioPartDecl, SliDecl, SliFamilyDecl, SpecDecl, TargetsDecl, UnfinishedDecl,
};
use crate::promql::{self, CheckOptions, Dialect, ErrorKind, Expr, ExprKind, Flag, ParseOptions};
use crate::source::Text;

/// Reads what the project file says of its Prometheus; without a word of it, the newest one without any feature enabled.
pub fn targets(decl: &TargetsDecl, sink: &mut Sink) -> CheckOptions {
    let mut options = CheckOptions::default();
    if let Some(text) = &decl.prometheus {
        match text.value.parse() {
            Ok(version) => options.version = version,
            Err(message) => {
                let message: String = message;
                let diagnostic = Diagnostic::new(Code::UnknownValue, text.span, message);
                sink.push(diagnostic.help("write the version that `prometheus --version` prints"));
            }
        }
    }
    for text in &decl.features {
        match Flag::ALL.into_iter().find(|flag| flag.as_str() == text.value) {
            Some(flag) => options.enabled.push(flag),
            None => sink.push(unknown_feature(text)),
        }
    }
    options
}

/// Whether tests of the rules are written: unless `tests: off`.
pub fn rule_tests(decl: &TargetsDecl, sink: &mut Sink) -> RuleTests {
    match switch(decl.tests.as_ref(), "`tests: off` leaves out `prometheus/tests/`", sink) {
        Some(false) => RuleTests::Skipped,
        Some(true) | None => RuleTests::Written,
    }
}

/// Whether alerts are written for Grafana to evaluate: only with `grafana_alerts: on`.
pub fn grafana_alerts(decl: &TargetsDecl, sink: &mut Sink) -> GrafanaAlerts {
    let help = "`grafana_alerts: on` adds `grafana/provisioning/alerting/`";
    match switch(decl.grafana_alerts.as_ref(), help, sink) {
        Some(true) => GrafanaAlerts::Written,
        Some(false) | None => GrafanaAlerts::Skipped,
    }
}

/// Whether rules that fill the history of new SLOs are written: if `backfill: on`.
pub fn backfill(decl: &TargetsDecl, sink: &mut Sink) -> Backfill {
    let help = "`backfill: on` writes `prometheus/backfill/`, the rules of `slosmith backfill`";
    match switch(decl.backfill.as_ref(), help, sink) {
        Some(true) => Backfill::Written,
        Some(false) | None => Backfill::Skipped,
    }
}

/// Reads `on` or `off`; nothing if it is absent, or something else, which is reported with `help`.
fn switch(text: Option<&Text>, help: &str, sink: &mut Sink) -> Option<bool> {
    let text = text?;
    match text.value.as_str() {
        "on" => Some(true),
        "off" => Some(false),
        other => {
            let message = format!("expected `on` or `off`, found `{other}`");
            sink.push(Diagnostic::new(Code::UnknownValue, text.span, message).help(help));
            None
        }
    }
}

fn unknown_feature(text: &Text) -> Diagnostic {
    let names = Flag::ALL.map(Flag::as_str);
    let message = format!("`{}` is no feature of PromQL", text.value);
    let diagnostic = Diagnostic::new(Code::UnknownValue, text.span, message);
    match suggest(&text.value, names) {
        Some(close) => diagnostic.replace(format!("did you mean `{close}`?"), text.span, close),
        None => diagnostic.help(format!("the features are {}", names.map(|name| format!("`{name}`")).join(", "))),
    }
}

/// Reports what the expressions of a spec use that their Prometheus does not have.
pub fn targeted(spec: &SpecDecl, targets: &CheckOptions, sink: &mut Sink) {
    for decl in spec.slos.iter().filter_map(|slo| slo.sli.as_ref()) {
        sli(decl, targets, sink);
    }
    for decl in &spec.unfinished {
        match decl {
            UnfinishedDecl::Indicator(text) => expression(text, Dialect::Sli, targets, sink),
            UnfinishedDecl::Condition(text) => expression(text, Dialect::Rule, targets, sink),
            UnfinishedDecl::Matchers(..) => {}
        }
    }
    for AlertDecl { expr, or_absent, .. } in &spec.alerts {
        for text in [Some(expr), or_absent.as_ref()].into_iter().flatten() {
            expression(text, Dialect::Rule, targets, sink);
        }
    }
    for text in spec.dashboards.iter().flat_map(BoardDecl::queries) {
        expression(text, Dialect::Dashboard, targets, sink);
    }
}

fn sli(decl: &SliDecl, targets: &CheckOptions, sink: &mut Sink) {
    let mut check = |text: &Text| expression(text, Dialect::Sli, targets, sink);
    match &decl.family {
        SliFamilyDecl::Ratio { total, part } => {
            check(total);
            match &part.value {
                RatioPartDecl::Bad(text) | RatioPartDecl::Good(text) => check(text),
                RatioPartDecl::BadWhen(text) | RatioPartDecl::GoodWhen(text) => added(text, total, targets, sink),
            }
        }
        SliFamilyDecl::Latency { latency, bad_when, .. } => {
            check(latency);
            if let Some(text) = bad_when {
                added(text, latency, targets, sink);
            }
        }
        SliFamilyDecl::Up { up, .. } => check(up),
        SliFamilyDecl::Value { value, .. } => check(value),
        SliFamilyDecl::ErrorRatio { error_ratio } => check(error_ratio),
        SliFamilyDecl::Composite { .. } => {}
    }
}

fn expression(text: &Text, dialect: Dialect, targets: &CheckOptions, sink: &mut Sink) {
    if let Ok(expr) = promql::parse(&text.value, &ParseOptions::new(dialect)) {
        report(&expr, text, targets, sink);
    }
}

/// Matchers that are added to the selector of another text.
fn added(text: &Text, to: &Text, targets: &CheckOptions, sink: &mut Sink) {
    let Ok(expr) = promql::parse(&to.value, &ParseOptions::new(Dialect::Sli)) else { return };
    let mut expr = unbracketed(&expr).clone();
    if let ExprKind::Selector(selector) = &mut expr.kind
        && let Some(added) = matchers(text, "bad_when", &mut Sink::default())
    {
        selector.name = None;
        selector.matchers = added;
        report(&expr, text, targets, sink);
    }
}

fn report(expr: &Expr, text: &Text, targets: &CheckOptions, sink: &mut Sink) {
    let errors = promql::check(expr, targets).err().unwrap_or_default();
    let lacking = errors.iter().filter(|error| error.kind == ErrorKind::Version);
    sink.extend(lacking.map(|error| diagnostic(error, text)));
}
