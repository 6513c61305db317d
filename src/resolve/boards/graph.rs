//! What is special about graphs: legends, stacks, axes and the colours of single series.

use smol_str::SmolStr;

use super::units;
use super::values::{color, word};
use crate::diag::{Code, Diagnostic, Sink, suggest};
use crate::model::{GraphLook, LegendCalc, LegendPlace, PanelLegend, Stack};
use crate::parse::decl::{LegendDecl, PanelDecl};
use crate::source::Text;

/// Where a legend can be.
const PLACES: [(&str, LegendPlace); 3] =
    [("bottom", LegendPlace::Bottom), ("right", LegendPlace::Right), ("none", LegendPlace::Hidden)];
/// What a legend can calculate.
const CALCS: [(&str, LegendCalc); 4] =
    [("min", LegendCalc::Min), ("mean", LegendCalc::Mean), ("max", LegendCalc::Max), ("last", LegendCalc::Last)];
/// How series can stand upon each other.
const STACKS: [(&str, Stack); 3] = [("true", Stack::On), ("false", Stack::Off), ("percent", Stack::Percent)];

/// Reads how a graph looks.
pub(super) fn look(decl: &PanelDecl, sink: &mut Sink) -> GraphLook {
    let stack = decl.stack.as_ref().and_then(|text| word(text, "stack", &STACKS, sink));
    let draws = [("lines", false), ("bars", true)];
    let scales = [("linear", false), ("log", true)];
    let right =
        decl.right.iter().filter(|(name, _)| is_series(name, decl, sink)).map(|(name, _)| name).collect::<Vec<_>>();
    let right = decl.right.iter().filter(|(name, _)| right.contains(&name));
    GraphLook {
        legend: decl.legend.as_ref().map(|legend| self::legend(legend, sink)),
        stack: stack.unwrap_or_default(),
        has_bars: decl.draw.as_ref().and_then(|text| word(text, "draw", &draws, sink)).unwrap_or(false),
        is_logarithmic: decl.scale.as_ref().and_then(|text| word(text, "scale", &scales, sink)).unwrap_or(false),
        negative: named(&decl.negative, decl, sink),
        right: right.map(|(name, unit)| (name.value.as_str().into(), units::unit(unit, sink))).collect(),
        colors: colors(decl, sink),
    }
}

fn legend(decl: &LegendDecl, sink: &mut Sink) -> PanelLegend {
    PanelLegend {
        place: decl.place.as_ref().and_then(|text| word(text, "where", &PLACES, sink)).unwrap_or_default(),
        calcs: decl.calcs.iter().filter_map(|text| word(text, "calcs", &CALCS, sink)).collect(),
    }
}

fn named(names: &[Text], decl: &PanelDecl, sink: &mut Sink) -> Vec<SmolStr> {
    names.iter().filter(|name| is_series(name, decl, sink)).map(|name| name.value.as_str().into()).collect()
}

fn colors(decl: &PanelDecl, sink: &mut Sink) -> Vec<(SmolStr, SmolStr)> {
    let mut colors = Vec::with_capacity(decl.colors.len());
    for (name, value) in &decl.colors {
        let value = color(value, sink);
        if is_series(name, decl, sink) {
            colors.extend(value.map(|value| (name.value.as_str().into(), value)));
        }
    }
    colors
}

/// Whether a panel has a series of this name; series named by labels can have any.
pub(super) fn is_series(name: &Text, decl: &PanelDecl, sink: &mut Sink) -> bool {
    let legends: Vec<&str> =
        decl.series().iter().filter_map(|series| series.legend.as_ref()).map(|text| text.value.as_str()).collect();
    let is_open = legends.is_empty() || legends.iter().any(|legend| legend.contains("{{") || legend.contains('$'));
    if legends.contains(&name.value.as_str()) || is_open {
        return true;
    }
    let message = format!("no series of this panel is named `{}`", name.value);
    let diagnostic = Diagnostic::new(Code::UnknownReference, name.span, message);
    let list = legends.iter().map(|legend| format!("`{legend}`")).collect::<Vec<_>>().join(", ");
    sink.push(match suggest(&name.value, legends.iter().copied()) {
        Some(meant) => diagnostic.replace(format!("did you mean `{meant}`?"), name.span, meant),
        None => diagnostic.note(format!("it has {list}")),
    });
    false
}
