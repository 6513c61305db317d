//! What an SLO measures, and the limit that its objective compares a value with.

use super::losses::{change, loss};
use super::{map, text, word};
use crate::convert::tree::{Entry, Value};
use crate::diag::Sink;
use crate::model::{RatioPart, Sli, Slo};
use crate::parse::decl::SloDecl;
use crate::promql::{BinaryOp, Expr, print_line};
use crate::source::Span;

/// The metric of an SLI, and the entries of its objective.
pub(super) fn indicator(decl: &SloDecl, slo: &Slo, sink: &mut Sink) -> (Option<Entry>, Vec<Entry>) {
    let place = decl.sli.as_ref().map_or(decl.span, |sli| sli.span);
    let metric = match &slo.sli {
        Sli::Ratio(ratio) => {
            let (key, part) = match &ratio.part {
                RatioPart::Bad(bad) => ("bad", bad),
                RatioPart::Good(good) => ("good", good),
            };
            self::ratio(key, part, &ratio.total)
        }
        Sli::Latency(latency) => {
            if latency.bad.is_some() {
                sink.push(loss(place, "bad_when"));
            }
            let note = "as a latency, an SLO has no failed events while the series of its bucket are missing; as a ratio, all of them have failed";
            sink.push(change(place, "`latency` is written as the ratio of a bucket to all events", note));
            self::ratio("good", &latency.bucket, &latency.count)
        }
        Sli::Value(value) => {
            let Some(operator) = operator(value.good.op) else { return unsaid(place, "good", sink) };
            let limit = vec![word("op", operator), word("value", value.good.limit.as_str())];
            return (Some(map("thresholdMetric", vec![source(&value.expr)])), limit);
        }
        Sli::ErrorRatio(expr) => map("ratioMetric", vec![text("rawType", "failure"), map("raw", vec![source(expr)])]),
        Sli::NativeLatency(_) => return unsaid(place, "histogram: native", sink),
        Sli::Up { .. } => return unsaid(place, "up", sink),
        Sli::Composite(_) => return unsaid(place, "composite", sink),
    };
    (Some(metric), Vec::new())
}

fn unsaid(place: Span, key: &str, sink: &mut Sink) -> (Option<Entry>, Vec<Entry>) {
    sink.push(loss(place, key));
    (None, Vec::new())
}

fn ratio(key: &str, part: &Expr, total: &Expr) -> Entry {
    map("ratioMetric", vec![word("counter", "true"), map(key, vec![source(part)]), map("total", vec![source(total)])])
}

fn source(expr: &Expr) -> Entry {
    // The placeholder that Sloth made known.
    let query = print_line(expr).replace("[$window", "[{{.window}}");
    let query = Entry::new("query", Value::Expression(query), None);
    map("metricSource", vec![text("type", "Prometheus"), map("spec", vec![query])])
}

/// The word of OpenSLO for a comparison.
fn operator(op: BinaryOp) -> Option<&'static str> {
    let words = [
        (BinaryOp::Less, "lt"),
        (BinaryOp::LessEqual, "lte"),
        (BinaryOp::Greater, "gt"),
        (BinaryOp::GreaterEqual, "gte"),
    ];
    words.into_iter().find(|(known, _)| *known == op).map(|(_, word)| word)
}
