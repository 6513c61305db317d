//! Fields: what overrides, orders and columns name is there.

use smol_str::SmolStr;

use super::of;
use crate::ir::dashboard::{Answer, FieldMatcher, Panel, Sort, Transformation, Visual};
use crate::promql::labels;

/// Checks the fields that a panel names.
pub(super) fn check(panel: &Panel, faults: &mut Vec<String>) {
    let mut refs: Vec<&SmolStr> = panel.targets.iter().map(|target| &target.name).collect();
    refs.sort_unstable();
    if refs.windows(2).any(|pair| pair[0] == pair[1]) {
        faults.push(format!("two queries {} have one name", of(&panel.title)));
    }
    let organized = panel.transformations.iter().find_map(|each| match each {
        Transformation::Organize { columns, .. } => Some(columns),
        Transformation::Sparklines { .. }
        | Transformation::Merge
        | Transformation::SortBy(_)
        | Transformation::Limit(_) => None,
    });
    let names = match organized {
        Some(columns) => {
            for (column, _) in columns {
                source(panel, column, faults);
            }
            Names::Known(columns.iter().map(|(_, shown)| shown).collect())
        }
        None => series_names(panel),
    };
    for field in &panel.overrides {
        match &field.matcher {
            FieldMatcher::Name(name) => names.check(name, panel, faults),
            FieldMatcher::Query(target) if !refs.contains(&target) => {
                faults.push(format!("no query {} is named `{target}`", of(&panel.title)));
            }
            FieldMatcher::Query(_) | FieldMatcher::Regex(_) => {}
        }
    }
    for sort in sorts(panel) {
        // The name of the value of a series without a name.
        if sort.field != "Value" {
            names.check(&sort.field, panel, faults);
        }
    }
}

/// The names of a panel's fields.
enum Names<'a> {
    /// These.
    Known(Vec<&'a SmolStr>),
    /// They follow from labels.
    FromLabels,
}

impl Names<'_> {
    fn check(&self, name: &SmolStr, panel: &Panel, faults: &mut Vec<String>) {
        let is_missing = match self {
            Self::Known(names) => !names.contains(&name),
            Self::FromLabels => false,
        };
        if is_missing {
            faults.push(format!("no field {} is named `{name}`", of(&panel.title)));
        }
    }
}

fn series_names(panel: &Panel) -> Names<'_> {
    let legends: Option<Vec<_>> = panel.targets.iter().map(|target| target.legend.as_ref()).collect();
    match legends {
        Some(legends) if legends.iter().all(|legend| !legend.contains("{{")) => Names::Known(legends),
        Some(_) | None => Names::FromLabels,
    }
}

fn sorts(panel: &Panel) -> impl Iterator<Item = &Sort> {
    let table = match &panel.visual {
        Visual::Table(table) => table.sort.as_ref(),
        Visual::Stat(_)
        | Visual::Gauge
        | Visual::TimeSeries(_)
        | Visual::BarGauge
        | Visual::StateTimeline
        | Visual::Heatmap(_)
        | Visual::Text(_) => None,
    };
    let steps = panel.transformations.iter().filter_map(|each| match each {
        Transformation::SortBy(sort) => Some(sort),
        Transformation::Sparklines { .. }
        | Transformation::Merge
        | Transformation::Organize { .. }
        | Transformation::Limit(_) => None,
    });
    table.into_iter().chain(steps)
}

/// A column is a label of an answer, the value of a query, or its small graph.
fn source(panel: &Panel, column: &SmolStr, faults: &mut Vec<String>) {
    let tables = || panel.targets.iter().filter(|target| target.answer == Answer::InstantTable);
    let is_there = match column.split_once(" #") {
        Some(("Value", name)) => tables().any(|target| target.name == name),
        Some(("Trend", name)) => panel
            .transformations
            .iter()
            .any(|each| matches!(each, Transformation::Sparklines { target } if target == name)),
        Some(_) => false,
        None if column == "Value" => tables().count() == 1,
        None => panel.targets.iter().any(|target| labels::of(&target.expr).may_have(column)),
    };
    if !is_there {
        faults.push(format!("no answer {} has the column `{column}`", of(&panel.title)));
    }
}
