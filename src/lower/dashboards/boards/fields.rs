//! How the values of a panel look: units, digits, colours, words.

use rust_decimal::Decimal;
use smol_str::SmolStr;

use super::alert::{Limit, Side};
use crate::ir::dashboard::{Color, Fields, Mapping, MappingResult, Threshold, Thresholds};
use crate::lower::dashboards::panels::{NONE, decimal, fields, share_ends, text};
use crate::model::{BoardPanel, Direction, Goal, PanelLook, PanelMapping, PanelVisual, Severity};

/// More digits of a percentage nobody reads.
const MOST_DIGITS: u32 = 4;

/// The fields of a panel, with its own colours, or else those of its goal or its alert.
pub(super) fn of(panel: &BoardPanel, visual: PanelVisual, limit: Option<(Limit, Severity)>) -> Fields {
    let PanelLook { unit, decimals, min, max, thresholds: steps, mappings, .. } = &panel.look;
    let unit = unit.clone().unwrap_or(match visual {
        PanelVisual::Stat | PanelVisual::Gauge | PanelVisual::Timeline => NONE,
        PanelVisual::Graph | PanelVisual::Table | PanelVisual::Bars | PanelVisual::Heatmap => text("short"),
    });
    let whole = whole(&unit);
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
    let is_number = matches!(visual, PanelVisual::Stat | PanelVisual::Gauge | PanelVisual::Bars);
    let is_counted = is_number || visual == PanelVisual::Table;
    let share_ends = if whole.is_some() && is_number && mappings.is_empty() { share_ends(&unit) } else { Vec::new() };
    Fields {
        decimals: decimals.or(whole.filter(|_| is_counted).map(|whole| share_digits(panel, limit, whole))),
        min: min.or(whole.filter(|_| is_scale).map(|_| Decimal::ZERO)),
        max: max.or(whole.filter(|_| is_scale)),
        color: if is_graph { Color::Palette } else { Color::Thresholds },
        thresholds,
        mappings: self::mappings(mappings).into_iter().chain(share_ends).collect(),
        ..fields(unit)
    }
}

/// Digits of a share in percent: one more than the finest of the values that matter, so that it is seen on which side it is.
fn share_digits(panel: &BoardPanel, limit: Option<(Limit, Severity)>, whole: Decimal) -> u32 {
    let steps = panel.look.thresholds.iter().map(|(_, from)| *from);
    let marks = steps.chain(panel.goal.map(|goal| goal.value)).chain(limit.map(|(limit, _)| limit.value));
    let percent = |value: Decimal| value.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(whole);
    let digits = marks.filter_map(percent).map(|percent| percent.normalize().scale()).max();
    (digits.unwrap_or(0) + 1).min(MOST_DIGITS)
}

/// The top that the axis of a graph has at least, so that its lines are in view: of shares all of it, or the highest line
/// where that is far below; otherwise the line of an alert or of a target.
pub(super) fn soft_max(panel: &BoardPanel, limit: Option<(Limit, Severity)>, fields: &Fields) -> Option<Decimal> {
    let whole = whole(&fields.unit);
    let highest = fields.thresholds.steps.iter().map(|step| step.from).max().filter(|top| *top > Decimal::ZERO)?;
    match whole {
        Some(whole) if highest > whole => None,
        Some(whole) if highest >= whole / Decimal::TWO => Some(whole),
        Some(_) => Some(highest),
        None => limit.map(|(limit, _)| limit.value).into_iter().chain(panel.goal.map(|goal| goal.value)).max(),
    }
}

/// What all of a share is in its unit.
fn whole(unit: &str) -> Option<Decimal> {
    match unit {
        "percent" => Some(Decimal::ONE_HUNDRED),
        "percentunit" => Some(Decimal::ONE),
        _ => None,
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
    let near = goal.value.checked_mul(match goal.direction {
        Direction::Up => decimal(9, 1),
        Direction::Down => decimal(11, 1),
    });
    let near = near.unwrap_or(goal.value);
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
