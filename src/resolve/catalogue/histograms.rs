//! Histograms that are read as the other kind, and metrics that are none.

use crate::catalogue::{Found, HistogramKind, Kind, Known};
use crate::diag::{Code, Diagnostic, Sink, slip, suggest};
use crate::promql::{Expr, ExprKind, Selector, visit};
use crate::resolve::promql::place;
use crate::source::Text;

/// Checks the histogram of a latency SLI.
pub(super) fn latency(selector: &Selector, text: &Text, histogram: Option<&Text>, known: &Known, sink: &mut Sink) {
    let Some(name) = &selector.name else { return };
    let span = place(text, name.range);
    let Some(found) = known.find(&name.value) else {
        let complete = known.complete_for(&name.value);
        let meant = match complete {
            Some(_) => suggest(&name.value, known.histograms()),
            None => slip(&name.value, known.histograms()),
        };
        if meant.is_some() || complete.is_some() {
            let message = format!("no histogram is called `{}`", name.value);
            let diagnostic = Diagnostic::new(Code::UnknownMetric, span, message);
            sink.push(match meant {
                Some(meant) => diagnostic.replace(format!("did you mean `{meant}`?"), span, meant),
                None => diagnostic.help("add it with `slosmith metrics read` if it is new"),
            });
        }
        return;
    };
    let reads = if histogram.is_some_and(|text| text.value == "native") { "native" } else { "classic" };
    match found.metric.kind {
        Kind::Histogram => {
            if let Some((message, help)) = mismatch(&found, reads) {
                sink.push(Diagnostic::new(Code::HistogramKind, span, message).note(says(&found)).help(help));
            }
        }
        Kind::Unknown => {}
        kind => sink.push(
            Diagnostic::new(Code::HistogramKind, span, format!("`{}` is no histogram", name.value))
                .note(format!("`{}` says that it is of the type {}", found.file, kind.as_str()))
                .help("give a histogram, or another kind of SLI"),
        ),
    }
}

/// What is wrong if a histogram is read as the given kind, and what to do.
fn mismatch(found: &Found<'_>, reads: &str) -> Option<(String, &'static str)> {
    let name = found.name;
    match (found.metric.histogram?, reads) {
        (HistogramKind::Native, "classic") => {
            Some((format!("`{name}` is a native histogram, read as a classic one"), "add `histogram: native`"))
        }
        (HistogramKind::Classic, "native") => {
            Some((format!("`{name}` is a classic histogram, read as a native one"), "remove `histogram: native`"))
        }
        (HistogramKind::Native | HistogramKind::Classic | HistogramKind::Both, _) => None,
    }
}

fn says(found: &Found<'_>) -> String {
    let kind = found.metric.histogram.map_or("", HistogramKind::as_str);
    format!("`{}` says `histogram: {kind}`", found.file)
}

/// Checks quantiles and fractions.
pub(super) fn check(part: &Expr, text: &Text, known: &Known, sink: &mut Sink) {
    let ExprKind::Call(call) = &part.kind else { return };
    let buckets = match call.function.value.as_str() {
        "histogram_quantile" => call.args.get(1),
        "histogram_fraction" => call.args.get(2),
        "histogram_count" | "histogram_sum" | "histogram_avg" => call.args.first(),
        _ => None,
    };
    for selected in buckets.into_iter().flat_map(visit::selectors) {
        let Some(name) = &selected.selector.name else { continue };
        let Some(found) = known.find(&name.value).filter(|found| found.metric.kind == Kind::Histogram) else {
            continue;
        };
        let span = place(text, name.range);
        let problem = match found.metric.histogram {
            Some(HistogramKind::Native) if name.value.ends_with("_bucket") => {
                Some((format!("`{}` is a native histogram, which has no series `{}`", found.name, name.value), ""))
            }
            Some(HistogramKind::Classic) if name.value == found.name => {
                Some((format!("`{}` is a classic histogram, which has no series of that name", found.name), "_bucket"))
            }
            Some(HistogramKind::Native | HistogramKind::Classic | HistogramKind::Both) | None => None,
        };
        sink.extend(problem.map(|(message, suffix)| {
            let right = format!("{}{suffix}", found.name);
            Diagnostic::new(Code::HistogramKind, span, message).note(says(&found)).replace(
                format!("write `{right}`"),
                span,
                right,
            )
        }));
    }
}
