//! How the values of a panel look: units, digits, colours, words.

use rust_decimal::Decimal;
use smol_str::SmolStr;

use super::alert::{Limit, Side};
use crate::ir::dashboard::{Color, Fields, Mapping, MappingResult, Threshold, Thresholds};
use crate::lower::dashboards::panels::{NONE, decimal, fields, text};
use crate::model::{BoardPanel, Direction, Goal, PanelLook, PanelMapping, PanelVisual, Severity};

/// The fields of a panel, with its own colours, or else those of its goal or its alert.
pub(super) fn of(panel: &BoardPanel, visual: PanelVisual, limit: Option<(Limit, Severity)>) -> Fields {
    let PanelLook { unit, decimals, min, max, thresholds: steps, mappings, .. } = &panel.look;
    let unit = unit.clone().unwrap_or(match visual {
        PanelVisual::Stat | PanelVisual::Gauge | PanelVisual::Timeline => NONE,
        PanelVisual::Graph | PanelVisual::Table | PanelVisual::Bars | PanelVisual::Heatmap => text("short"),
    });
    let is_share = unit == "percentunit" || unit == "percent";
    let whole = if unit == "percent" { Decimal::ONE_HUNDRED } else { Decimal::ONE };
    let is_scale = matches!(visual, PanelVisual::Gauge | PanelVisual::Bars);
    let is_graph = visual == PanelVisual::Graph;
    let base = if is_graph { "transparent" } else { "green" };
    let thresholds = match (steps.is_empty(), panel.goal, limit) {
        (false, _, _) => thresholds(steps, base),
        (true, Some(goal), _) => of_goal(goal, is_graph),
        (true, None, Some((limit, severity))) => of_alert(limit, severity, is_graph),
        (true, None, None) if visual == PanelVisual::Timeline => Thresholds { base: text("gray"), steps: Vec::new() },
        (true, None, None) => fields(NONE).thresholds,
    };
    let thresholds = match limit.filter(|_| is_graph && !(steps.is_empty() && panel.goal.is_none())) {
        Some((limit, severity)) => with_line(thresholds, limit, severity),
        None => thresholds,
    };
    let is_counted = matches!(visual, PanelVisual::Stat | PanelVisual::Table | PanelVisual::Bars);
    Fields {
        decimals: decimals.or((is_share && is_counted).then_some(if unit == "percent" { 1 } else { 2 })),
        min: min.or((is_scale && is_share).then_some(Decimal::ZERO)),
        max: max.or((is_scale && is_share).then_some(whole)),
        color: if is_graph { Color::Palette } else { Color::Thresholds },
        thresholds,
        mappings: self::mappings(mappings),
        ..fields(unit)
    }
}

/// Colours with the values they begin at: one that begins at 0 holds below as well.
pub(super) fn thresholds(steps: &[(SmolStr, Decimal)], base: &'static str) -> Thresholds {
    let (base, rest) = match steps.split_first() {
        Some(((color, from), rest)) if from.is_zero() => (color.clone(), rest),
        Some(_) | None => (text(base), steps),
    };
    let steps = rest.iter().map(|(color, from)| Threshold { from: *from, color: color.clone() });
    Thresholds { base, steps: steps.collect() }
}

/// Green on the good side of a goal, and red on the other; within a tenth of it, orange.
fn of_goal(goal: Goal, is_graph: bool) -> Thresholds {
    let step = |from, color| Threshold { from, color: text(color) };
    if is_graph {
        return Thresholds { base: text("transparent"), steps: vec![step(goal.value, "green")] };
    }
    let near = goal.value
        * match goal.direction {
            Direction::Up => decimal(9, 1),
            Direction::Down => decimal(11, 1),
        };
    let is_positive = goal.value > Decimal::ZERO;
    match goal.direction {
        Direction::Up if is_positive => {
            Thresholds { base: text("red"), steps: vec![step(near, "orange"), step(goal.value, "green")] }
        }
        Direction::Up => Thresholds { base: text("red"), steps: vec![step(goal.value, "green")] },
        Direction::Down if is_positive => {
            Thresholds { base: text("green"), steps: vec![step(goal.value, "orange"), step(near, "red")] }
        }
        Direction::Down => Thresholds { base: text("green"), steps: vec![step(goal.value, "red")] },
    }
}

/// The colour of an alert on its side of the limit.
fn of_alert(limit: Limit, severity: Severity, is_graph: bool) -> Thresholds {
    let color = text(crate::lower::dashboards::panels::severity_color(severity));
    let (base, step) = match limit.side {
        Side::Above | Side::On => (text("green"), color),
        Side::Below if is_graph => (text("green"), color),
        Side::Below => (color, text("green")),
    };
    let base = if is_graph { text("transparent") } else { base };
    Thresholds { base, steps: vec![Threshold { from: limit.value, color: step }] }
}

/// One more line among those that are there.
fn with_line(mut thresholds: Thresholds, limit: Limit, severity: Severity) -> Thresholds {
    let color = text(crate::lower::dashboards::panels::severity_color(severity));
    match thresholds.steps.binary_search_by_key(&limit.value, |step| step.from) {
        Ok(index) => thresholds.steps[index].color = color,
        Err(index) => thresholds.steps.insert(index, Threshold { from: limit.value, color }),
    }
    thresholds
}

/// Single values, and ranges written `1..5`; an end that is left out is open.
fn mappings(words: &[PanelMapping]) -> Vec<Mapping> {
    let shown = |word: &PanelMapping| MappingResult { text: word.word.clone(), color: word.color.clone() };
    let mut mappings = Vec::new();
    let mut values = Vec::new();
    for word in words {
        match word.value.split_once("..") {
            Some((from, to)) => {
                let end = |text: &str| Decimal::from_str_exact(text.trim()).ok();
                mappings.push(Mapping::Range { from: end(from), to: end(to), result: shown(word) });
            }
            None => values.push((word.value.clone(), shown(word))),
        }
    }
    if !values.is_empty() {
        mappings.insert(0, Mapping::Values(values));
    }
    mappings
}
