//! The queries of panels: PromQL, its variables, and the names of its series.

use super::uses::{Place, Uses};
use crate::diag::{Code, Diagnostic, Sink};
use crate::model::PanelSeries;
use crate::parse::decl::SeriesDecl;
use crate::promql::lint::{Context, Role};
use crate::promql::{Dialect, Expr, ValueType, labels};
use crate::resolve::lint;
use crate::resolve::promql::{place, typed};
use crate::resolve::template::with_ways_to_a_label;
use crate::source::Text;

/// Reads a query with the name of its series.
pub(super) fn series(decl: &SeriesDecl, uses: &mut Uses<'_>, sink: &mut Sink) -> Option<PanelSeries> {
    let expr = query(&decl.expr, uses, sink);
    if let Some(legend) = &decl.legend {
        uses.text(legend, Place::Text, sink);
        if let Some(expr) = &expr {
            self::legend(legend, (&decl.expr, expr), sink);
        }
    }
    let legend = decl.legend.as_ref().map(|text| text.value.as_str().into());
    Some(PanelSeries { legend, expr: expr?, text: decl.expr.clone() })
}

fn query(text: &Text, uses: &mut Uses<'_>, sink: &mut Sink) -> Option<Expr> {
    let typed = typed(text, Dialect::Dashboard, sink);
    uses.query(text, typed.as_ref().map(|typed| &typed.expr), sink);
    let typed = typed?;
    lint::expression(&typed.expr, text, &Context::new(Role::Query), sink);
    match typed.value_type {
        ValueType::Vector | ValueType::Scalar => Some(typed.expr),
        ValueType::Matrix | ValueType::String => {
            let found = typed.value_type.with_article();
            let message = format!("a panel draws an instant vector, found {found}");
            let diagnostic = Diagnostic::new(Code::PromqlType, text.span, message);
            sink.push(diagnostic.help("wrap it in a function of ranges, as in `rate(x_total[$__rate_interval])`"));
            None
        }
    }
}

/// A name can only show labels that the series have.
fn legend(legend: &Text, (text, expr): (&Text, &Expr), sink: &mut Sink) {
    let carried = labels::of(expr);
    let mut at = 0;
    while let Some(open) = legend.value[at..].find("{{").map(|found| at + found + 2) {
        let Some(close) = legend.value[open..].find("}}").map(|found| open + found) else {
            let message = "an opening `{{` without its `}}`";
            sink.push(Diagnostic::new(Code::LegendLabel, super::part(legend, open - 2..open), message));
            return;
        };
        at = close + 2;
        let written = &legend.value[open..close];
        let label = written.trim();
        let Some(removal) = carried.removed(label) else { continue };
        let start = open + (written.len() - written.trim_start().len());
        let span = super::part(legend, start..start + label.len());
        let message = format!("no series of the query has the label `{label}`");
        let diagnostic = Diagnostic::new(Code::LegendLabel, span, message)
            .label("always empty")
            .secondary(place(text, removal.range), format!("`{label}` {}", removal.cause.describe()));
        sink.push(with_ways_to_a_label(diagnostic, (label, span), &carried));
    }
}
