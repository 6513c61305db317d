//! Overrides: a kind of panel knows the properties that are set on its fields.

use super::of;
use crate::ir::dashboard::{Panel, Property, Visual};

/// Checks that Grafana reads what a panel overrides; it drops in silence what the kind of panel does not know.
pub(super) fn check(panel: &Panel, faults: &mut Vec<String>) {
    for property in panel.overrides.iter().flat_map(|field| &field.properties) {
        let is_known = match kind(property) {
            Kind::Any => !matches!(panel.visual, Visual::Text(_)),
            Kind::Table => matches!(panel.visual, Visual::Table(_)),
            Kind::TimeSeries => matches!(panel.visual, Visual::TimeSeries(_)),
        };
        if !is_known {
            faults.push(format!("no field {} can have the property {property:?}", of(&panel.title)));
        }
    }
}

/// Which panels know a property.
enum Kind {
    /// All that draw values.
    Any,
    /// Tables.
    Table,
    /// Graphs over time.
    TimeSeries,
}

fn kind(property: &Property) -> Kind {
    match property {
        Property::Unit(_)
        | Property::Decimals(_)
        | Property::Min(_)
        | Property::Max(_)
        | Property::NoValue(_)
        | Property::Color(_)
        | Property::Thresholds(_)
        | Property::Mappings(_)
        | Property::Links(_) => Kind::Any,
        Property::Width(_) | Property::Align(_) | Property::Filterable | Property::Cell(_) => Kind::Table,
        Property::Dashed
        | Property::LineWidth(_)
        | Property::Fill(_)
        | Property::Mirrored
        | Property::Unnamed
        | Property::RightAxis => Kind::TimeSeries,
    }
}
