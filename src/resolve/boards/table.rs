//! What is special about tables: columns, order, and how many rows.

use super::units;
use super::uses::{Place, Uses};
use super::values::{thresholds, truth, whole};
use crate::diag::{Code, Diagnostic, Sink, suggest};
use crate::model::{PanelColumn, PanelContent, PanelSeries, PanelVisual, TableLook};
use crate::parse::decl::{ColumnDecl, PanelDecl};
use crate::promql::labels;
use crate::source::Text;

/// The name of the value of a query without a name.
const VALUE: &str = "Value";

/// Reads how a table looks.
pub(super) fn look(
    decl: &PanelDecl,
    content: Option<&PanelContent>,
    uses: &mut Uses<'_>,
    sink: &mut Sink,
) -> TableLook {
    let series = match content {
        Some(PanelContent::Series(PanelVisual::Table, series)) => series.as_slice(),
        Some(PanelContent::Series(..) | PanelContent::Markdown(_) | PanelContent::Slo(..)) | None => {
            return TableLook::default();
        }
    };
    let columns: Vec<PanelColumn> =
        decl.columns.iter().filter_map(|column| self::column(column, series, uses, sink)).collect();
    TableLook {
        sort: decl.sort.as_ref().and_then(|text| sort(text, series, &columns, sink)),
        limit: decl.limit.as_ref().and_then(|text| whole(text, "limit", (1, 1000), sink)),
        columns,
    }
}

fn column(decl: &ColumnDecl, series: &[PanelSeries], uses: &mut Uses<'_>, sink: &mut Sink) -> Option<PanelColumn> {
    if let Some(link) = &decl.link {
        uses.text(link, Place::Link, sink);
    }
    let unit = decl.unit.as_ref().map(|text| units::unit(text, sink));
    let thresholds = thresholds(&decl.thresholds, sink);
    let is_hidden = truth(decl.hide.as_ref(), "hide", sink);
    if !is_field(&decl.field, series, sink) {
        return None;
    }
    Some(PanelColumn {
        field: decl.field.value.as_str().into(),
        name: decl.name.as_ref().unwrap_or(&decl.field).value.as_str().into(),
        unit,
        thresholds,
        link: decl.link.clone(),
        is_hidden,
    })
}

/// The fields that answers have for certain.
fn fields(series: &[PanelSeries]) -> Vec<String> {
    let names = series.iter().map(|series| series.legend.as_deref().unwrap_or(VALUE).to_owned());
    let labels = series.iter().filter_map(|series| labels::of(&series.expr).possible()).flatten();
    let mut all: Vec<String> = names.chain(labels.map(|label| label.to_string())).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Whether answers have a field; of expressions that bound no labels, they can have any.
fn is_field(text: &Text, series: &[PanelSeries], sink: &mut Sink) -> bool {
    let known = fields(series);
    let is_label = |series: &PanelSeries| labels::of(&series.expr).may_have(&text.value);
    if known.contains(&text.value) || series.iter().any(is_label) {
        return true;
    }
    sink.push(no_field(text, &text.value, &known));
    false
}

fn no_field(text: &Text, name: &str, known: &[String]) -> Diagnostic {
    let message = format!("this table has no column `{name}`");
    let diagnostic = Diagnostic::new(Code::UnknownReference, text.span, message);
    if let Some(meant) = suggest(name, known.iter().map(String::as_str)) {
        return diagnostic.replace(format!("did you mean `{meant}`?"), text.span, meant);
    }
    let list = known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    diagnostic.note(format!("it has {list}"))
}

/// `Errors` for the greatest first, `-Errors` for the least.
fn sort(
    text: &Text,
    series: &[PanelSeries],
    columns: &[PanelColumn],
    sink: &mut Sink,
) -> Option<(smol_str::SmolStr, bool)> {
    let (name, is_ascending) = text.value.strip_prefix('-').map_or((text.value.as_str(), false), |name| (name, true));
    if let Some(column) = columns.iter().find(|column| column.name == name || column.field == name) {
        return Some((column.field.clone(), is_ascending));
    }
    let mut known = fields(series);
    if known.iter().any(|field| field == name) {
        return Some((name.into(), is_ascending));
    }
    known.extend(columns.iter().map(|column| column.name.to_string()));
    if series
        .iter()
        .any(|series| labels::of(&series.expr).may_have(name) && labels::of(&series.expr).possible().is_none())
    {
        return Some((name.into(), is_ascending));
    }
    sink.push(no_field(text, name, &known));
    None
}
