//! Expressions against the metric catalogue; what the catalogue does not say for certain is not claimed.

mod buckets;
mod histograms;
mod labels;
mod names;
mod types;
mod units;
mod used;

use rayon::prelude::*;

use crate::catalogue::{EXPORTERS, Known, exporter, is_file};
use crate::diag::{Code, Diagnostic, Sink, suggest};
use crate::parse::decl::{
    AlertDecl, BoardDecl, BoardVariableDecl, BoardVariableKindDecl, ProjectDecl, RatioPartDecl, SliDecl, SliFamilyDecl,
    SpecDecl, UnfinishedDecl,
};
use crate::parse::metrics;
use crate::promql::{self, Dialect, Expr, ExprKind, ParseOptions, Selector, visit};
use crate::resolve::promql::{matchers, unbracketed};
use crate::source::{SourceKind, Sources, Text};

pub use used::used_metrics;

/// The metric catalogues among the sources; names of exporters in the project file that do not exist are reported.
#[must_use]
pub fn known_metrics(sources: &Sources, project: &ProjectDecl, sink: &mut Sink) -> Known {
    for name in project.metrics.iter().filter(|name| !is_file(&name.value)) {
        sink.extend(no_exporter(name));
    }
    let files: Vec<_> = sources.iter().filter(|(_, file)| file.kind == SourceKind::Metrics).collect();
    let catalogues = files.into_par_iter().map(|(id, file)| {
        let mut sink = Sink::default();
        (&file.path, metrics::catalogue(sources, id, &mut sink), sink)
    });
    let mut known = Known::default();
    for (path, catalogue, problems) in catalogues.collect::<Vec<_>>() {
        known.add(path, catalogue);
        sink.append(problems);
    }
    known
}

/// Checks every expression of a spec; those that are no PromQL are reported elsewhere.
pub fn catalogued(spec: &SpecDecl, known: &Known, sink: &mut Sink) {
    if known.is_empty() {
        return;
    }
    for decl in spec.slos.iter().filter_map(|slo| slo.sli.as_ref()) {
        sli(decl, known, sink);
    }
    for decl in &spec.unfinished {
        match decl {
            UnfinishedDecl::Indicator(text) => drop(read(text, Dialect::Sli, known, sink)),
            UnfinishedDecl::Condition(text) => drop(read(text, Dialect::Rule, known, sink)),
            UnfinishedDecl::Matchers(..) => {}
        }
    }
    for AlertDecl { expr, or_absent, .. } in &spec.alerts {
        read(expr, Dialect::Rule, known, sink);
        if let Some(selector) = or_absent {
            read(selector, Dialect::Rule, known, sink);
        }
    }
    for text in spec.dashboards.iter().flat_map(BoardDecl::queries) {
        read(text, Dialect::Dashboard, known, sink);
    }
    for panel in spec.dashboards.iter().flat_map(|board| &board.rows).flat_map(|row| &row.panels) {
        units::panel(panel, known, sink);
    }
    for variable in spec.dashboards.iter().flat_map(|board| &board.variables) {
        default(variable, known, sink);
    }
}

/// What is chosen at first on a board has to be a value that the label can have.
fn default(variable: &BoardVariableDecl, known: &Known, sink: &mut Sink) {
    if let (BoardVariableKindDecl::LabelValues { selector, label }, Some(default)) = (&variable.kind, &variable.default)
        && let Some(of) = parsed(selector, Dialect::Dashboard).and_then(only_selector)
    {
        let label = label.as_ref().unwrap_or(&variable.name).value.as_str();
        sink.extend(labels::unseen_default(&of, label, default, known));
    }
}

/// What is wrong with the name of an exporter in the project file.
fn no_exporter(name: &Text) -> Option<Diagnostic> {
    if exporter(&name.value).is_some() {
        return None;
    }
    let message = format!("no exporter of the name `{}` is known", name.value);
    let diagnostic = Diagnostic::new(Code::UnknownValue, name.span, message);
    let names = EXPORTERS.iter().map(|(name, _)| *name);
    Some(match suggest(&name.value, names.clone()) {
        Some(meant) => diagnostic.replace(format!("did you mean `{meant}`?"), name.span, meant),
        None => diagnostic
            .note(format!("known are {}", names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")))
            .help("name the file of a catalogue, as in `metrics.yaml`"),
    })
}

fn sli(decl: &SliDecl, known: &Known, sink: &mut Sink) {
    match &decl.family {
        SliFamilyDecl::Ratio { total, part } => {
            counter(total, "total", known, sink);
            match &part.value {
                RatioPartDecl::Bad(text) => counter(text, "bad", known, sink),
                RatioPartDecl::Good(text) => counter(text, "good", known, sink),
                RatioPartDecl::BadWhen(text) | RatioPartDecl::GoodWhen(text) => added(text, total, known, sink),
            }
        }
        SliFamilyDecl::Latency { latency, under, histogram, bad_when } => {
            if let Some(selector) = parsed(latency, Dialect::Sli).and_then(only_selector) {
                labels::selector(&selector, latency, known, sink);
                histograms::latency(&selector, latency, histogram.as_ref(), known, sink);
                buckets::under(&selector, under, histogram.as_ref(), known, sink);
            }
            if let Some(text) = bad_when {
                added(text, latency, known, sink);
            }
        }
        SliFamilyDecl::Up { up, .. } => {
            read(up, Dialect::Sli, known, sink);
        }
        SliFamilyDecl::Value { value, .. } => {
            read(value, Dialect::Sli, known, sink);
        }
        SliFamilyDecl::Composite { .. } => {}
        SliFamilyDecl::ErrorRatio { error_ratio } => {
            read(error_ratio, Dialect::Sli, known, sink);
        }
    }
}

/// Checks the expression of a text, and gives it back.
fn read(text: &Text, dialect: Dialect, known: &Known, sink: &mut Sink) -> Option<Expr> {
    let expr = parsed(text, dialect)?;
    expression(&expr, text, known, sink);
    Some(expr)
}

/// Checks an expression that was read from a text, wherever it stands.
///
/// It comes after the lints, since it withdraws what they took from names alone and real types disprove.
pub(crate) fn expression(expr: &Expr, text: &Text, known: &Known, sink: &mut Sink) {
    if known.is_empty() {
        return;
    }
    visit::walk(expr, &mut |part| {
        types::check(part, text, known, sink);
        histograms::check(part, text, known, sink);
        labels::grouping(part, text, known, sink);
    });
    for selected in visit::selectors(expr) {
        names::check(selected.selector, text, known, sink);
        labels::selector(selected.selector, text, known, sink);
        buckets::matcher(selected.selector, text, known, sink);
    }
}

/// Checks what a rate is taken of, if it is a selector alone, or an expression.
fn counter(text: &Text, key: &str, known: &Known, sink: &mut Sink) {
    let expr = read(text, Dialect::Sli, known, sink);
    if let Some(selector) = expr.and_then(only_selector) {
        types::counted(&selector, text, key, known, sink);
    }
}

/// Checks matchers that are added to the selector of another text.
fn added(text: &Text, to: &Text, known: &Known, sink: &mut Sink) {
    let selector = parsed(to, Dialect::Sli).and_then(only_selector);
    let added = matchers(text, "bad_when", &mut Sink::default());
    let (Some(mut selector), Some(added)) = (selector, added) else { return };
    selector.matchers = added;
    labels::selector(&selector, text, known, sink);
}

fn parsed(text: &Text, dialect: Dialect) -> Option<Expr> {
    promql::parse(&text.value, &ParseOptions::new(dialect)).ok()
}

/// The selector that an expression is, brackets aside.
#[expect(clippy::needless_pass_by_value, reason = "the end of a chain of options")]
fn only_selector(expr: Expr) -> Option<Selector> {
    match &unbracketed(&expr).kind {
        ExprKind::Selector(selector) => Some((**selector).clone()),
        _ => None,
    }
}
