//! Tables: the values now, a row for each set of labels, a column for each query.

use smol_str::{SmolStr, format_smolstr};

use super::{fields, query_name};
use crate::ir::dashboard::{
    Answer, Cell, Fields, Order, Override, Panel, Property, Sort, Table, Target, Transformation, Visual,
};
use crate::lower::dashboards::panels::{self, link, text};
use crate::model::{BoardPanel, PanelColumn, PanelSeries};
use crate::promql::labels;

/// A column as the answer names it, with what stands in its header.
struct Column<'a> {
    source: SmolStr,
    shown: SmolStr,
    asked: Option<&'a PanelColumn>,
    is_value: bool,
}

/// A table.
pub(super) fn panel(panel: &BoardPanel, series: &[PanelSeries], fields: Fields, description: SmolStr) -> Panel {
    let targets = series.iter().enumerate().map(|(index, series)| Target {
        name: query_name(index),
        expr: series.expr.clone(),
        legend: None,
        answer: Answer::InstantTable,
        step: None,
    });
    let columns = columns(panel, series);
    let mut transformations = Vec::new();
    if series.len() > 1 {
        transformations.push(Transformation::Merge);
    }
    let hidden = columns.iter().filter(|column| column.asked.is_some_and(|asked| asked.is_hidden));
    let exclude = [text("Time"), text("__name__")].into_iter().chain(hidden.map(|column| column.source.clone()));
    let shown: Vec<&Column<'_>> =
        columns.iter().filter(|column| !column.asked.is_some_and(|asked| asked.is_hidden)).collect();
    transformations.push(Transformation::Organize {
        exclude: exclude.collect(),
        columns: shown.iter().map(|column| (column.source.clone(), column.shown.clone())).collect(),
    });
    let sort = sort(panel, &shown);
    transformations.extend(sort.map(Transformation::SortBy));
    transformations.extend(panel.table.limit.map(Transformation::Limit));
    let has_colors = !panel.look.thresholds.is_empty();
    let overrides = shown.iter().filter_map(|column| properties(column, has_colors)).collect();
    let texts = (panel.title.clone(), description);
    let mut result = panels::panel(0, [0; 4], texts, Visual::Table(Table::default()), fields, targets.collect());
    result.transformations = transformations;
    result.overrides = overrides;
    result
}

/// The columns that are known: those that are asked for in their order, then the other labels, then the values.
fn columns<'a>(panel: &'a BoardPanel, series: &[PanelSeries]) -> Vec<Column<'a>> {
    let asked = |field: &str| panel.table.columns.iter().find(|column| column.field == field);
    let mut labels: Vec<SmolStr> =
        series.iter().filter_map(|series| labels::of(&series.expr).possible()).flatten().collect();
    labels.sort_unstable();
    labels.dedup();
    let value = |(index, series): (usize, &PanelSeries)| {
        let field = series.legend.clone().unwrap_or(text("Value"));
        let source =
            if series_is_alone(index, panel) { text("Value") } else { format_smolstr!("Value #{}", query_name(index)) };
        (field, source)
    };
    let values: Vec<(SmolStr, SmolStr)> = series.iter().enumerate().map(value).collect();
    let mut columns: Vec<Column<'a>> = Vec::new();
    for column in &panel.table.columns {
        let source = values.iter().find(|(field, _)| *field == column.field);
        columns.push(Column {
            source: source.map_or_else(|| column.field.clone(), |(_, source)| source.clone()),
            shown: column.name.clone(),
            asked: Some(column),
            is_value: source.is_some(),
        });
    }
    for label in labels.into_iter().filter(|label| asked(label).is_none()) {
        columns.push(Column { source: label.clone(), shown: label, asked: None, is_value: false });
    }
    for (field, source) in values.into_iter().filter(|(field, _)| asked(field).is_none()) {
        columns.push(Column { source, shown: field, asked: None, is_value: true });
    }
    columns
}

/// Whether a query is the only one of its panel, so that its value has no name.
fn series_is_alone(index: usize, panel: &BoardPanel) -> bool {
    match &panel.content {
        crate::model::PanelContent::Series(_, series) => index == 0 && series.len() == 1,
        crate::model::PanelContent::Markdown(_) | crate::model::PanelContent::Slo(..) => false,
    }
}

/// By what is asked for, or else by the first value, the greatest first.
fn sort(panel: &BoardPanel, shown: &[&Column<'_>]) -> Option<Sort> {
    let Some((field, is_ascending)) = &panel.table.sort else {
        let value = shown.iter().find(|column| column.is_value)?;
        return Some(Sort { field: value.shown.clone(), order: Order::Descending });
    };
    let is_it = |column: &&&Column<'_>| {
        column.asked.is_some_and(|asked| asked.field == *field) || column.shown == *field || column.source == *field
    };
    let column = shown.iter().find(is_it)?;
    let order = if *is_ascending { Order::Ascending } else { Order::Descending };
    Some(Sort { field: column.shown.clone(), order })
}

fn properties(column: &Column<'_>, has_colors: bool) -> Option<Override> {
    let mut properties = Vec::new();
    if let Some(asked) = column.asked {
        properties.extend(asked.unit.clone().map(Property::Unit));
        if !asked.thresholds.is_empty() {
            properties.push(Property::Thresholds(fields::thresholds(&asked.thresholds, "green")));
            properties.push(Property::Cell(Cell::ColoredText));
        }
        properties.extend(asked.link.as_ref().map(|url| Property::Links(vec![link("Open", url.value.as_str())])));
    }
    let is_colored = column.asked.is_some_and(|asked| !asked.thresholds.is_empty());
    if has_colors && column.is_value && !is_colored {
        properties.push(Property::Cell(Cell::ColoredText));
    }
    let matcher = crate::ir::dashboard::FieldMatcher::Name(column.shown.clone());
    (!properties.is_empty()).then_some(Override { matcher, properties })
}
