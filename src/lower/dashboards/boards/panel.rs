//! A panel: its queries, how it is drawn, and a description where none is written.

use std::fmt::Write as _;

use rust_decimal::Decimal;
use smol_str::{SmolStr, format_smolstr};

use super::alert::{self, Limit};
use super::ids::Ids;
use super::layout::{Size, Wish};
use super::{World, compare, fields, legend_of, query_name, scale, table};
use crate::ir::dashboard::{
    Answer, Calculation, Color, DataLink, Draw, FieldMatcher, Fields, Grid, Heatmap, Legend, LegendMode, Override,
    Panel, Placement, Property, Scale, Stacking, Stat, StatColor, StatLayout, Target, ThresholdStyle, TimeSeries,
    Visual,
};
use crate::lower::dashboards::panels::{self, PERCENT, fixed, lines, link, text};
use crate::lower::dashboards::service_row;
use crate::model::{
    BoardLinkTarget, BoardPanel, CauseAlert, Direction, Duration, Goal, GraphLook, LegendCalc, LegendPlace,
    PanelContent, PanelLegend, PanelSeries, PanelVisual, Severity, Stack, decimal_text,
};
use crate::promql::{BinaryOp, DurationKind, Expr, ExprKind, build, print_line, visit};

/// What a panel needs on the grid.
pub(super) fn wish(panel: &BoardPanel) -> Wish {
    let (usual_height, size, in_line) = match &panel.content {
        PanelContent::Series(visual, _) => match visual {
            // Comparisons stand beside the number and need their room.
            PanelVisual::Stat if panel.compare.is_some() || panel.goal.is_some() => (4, Size::Small, 3),
            PanelVisual::Stat => (4, Size::Small, 6),
            PanelVisual::Gauge => (6, Size::Small, 6),
            PanelVisual::Graph | PanelVisual::Bars => (8, Size::Large, 3),
            PanelVisual::Heatmap | PanelVisual::Table => (9, Size::Large, 2),
            PanelVisual::Timeline => (6, Size::Wide, 1),
        },
        PanelContent::Markdown(markdown) => (text_height(&markdown.value), Size::Large, 3),
        PanelContent::Slo(..) => (8, Size::Large, 3),
    };
    Wish { width: panel.width, height: panel.height, usual_height, size, in_line }
}

/// About as high as the lines of a text.
fn text_height(markdown: &str) -> u32 {
    let lines = markdown.lines().map(|line| 1 + line.len() / 120).sum::<usize>();
    u32::try_from(lines).unwrap_or(u32::MAX).saturating_add(2).clamp(3, 16)
}

/// The panel at a place.
pub(super) fn panel(panel: &BoardPanel, grid: Grid, row: &str, ids: &mut Ids, world: &World<'_>) -> Panel {
    let name = if panel.title.is_empty() { content_name(&panel.content) } else { panel.title.as_str() };
    let id = ids.take(row, name, 1);
    let mut drawn = match &panel.content {
        PanelContent::Series(visual, series) => draw(panel, *visual, series, world),
        PanelContent::Markdown(markdown) => {
            let fields = panels::fields(text("short"));
            let visual = Visual::Text(markdown.value.as_str().into());
            panels::panel(id, [0; 4], ("Notes", "Notes on this board."), visual, fields, Vec::new())
        }
        PanelContent::Slo(name, part) => match world.slo(&name.value) {
            Some(slo) => service_row::part(slo, *part, id),
            // The check of references has refused it.
            None => panels::panel(
                id,
                [0; 4],
                ("SLO", ""),
                Visual::Text(SmolStr::default()),
                panels::fields(text("short")),
                Vec::new(),
            ),
        },
    };
    drawn.id = id;
    drawn.grid = grid;
    if !panel.title.is_empty() {
        drawn.title = panel.title.clone();
    }
    if let Some(description) = panel.description.as_ref().filter(|_| !matches!(panel.content, PanelContent::Series(..)))
    {
        drawn.description = description.clone();
    }
    drawn.repeat = panel.repeat.as_ref().map(|name| name.value.as_str().into());
    drawn.links.extend(panel.links.iter().filter_map(|asked| corner_link(asked, world)));
    if let Some(name) = &panel.alert
        && let Some(url) = world.runbook(&name.value)
    {
        drawn.links.push(link(format_smolstr!("Runbook of {}", name.value), url));
    }
    drawn
}

fn content_name(content: &PanelContent) -> &str {
    match content {
        PanelContent::Series(visual, _) => visual.as_str(),
        PanelContent::Markdown(markdown) => markdown.value.lines().next().unwrap_or_default(),
        PanelContent::Slo(name, _) => &name.value,
    }
}

fn corner_link(asked: &crate::model::BoardLink, world: &World<'_>) -> Option<DataLink> {
    let (title, url) = match &asked.target {
        BoardLinkTarget::Board(name) => {
            let uid = world.boards.get(name.value.as_str())?;
            (name.value.as_str().into(), format!("/d/{uid}?${{__url_time_range}}"))
        }
        BoardLinkTarget::Url(url) => (url.value.as_str().into(), url.value.clone()),
        BoardLinkTarget::Tag(tag) => (tag.clone(), format!("/dashboards?tag={tag}")),
        BoardLinkTarget::Runbook(name) => (format_smolstr!("Runbook of {}", name.value), world.runbook(&name.value)?),
    };
    Some(link(asked.title.clone().unwrap_or(title), url))
}

fn draw(panel: &BoardPanel, visual: PanelVisual, series: &[PanelSeries], world: &World<'_>) -> Panel {
    let alert = panel.alert.as_ref().and_then(|name| world.alert(&name.value));
    let limit = alert.and_then(|alert| limit(alert, series));
    let mut sentences = Vec::new();
    if let Some(alert) = alert {
        sentences.push(alert::sentence(alert, limit.map(|(limit, _)| limit)));
    }
    sentences.extend(panel.goal.map(goal_sentence));
    let mut fields = fields::of(panel, visual, limit);
    let answer = match visual {
        PanelVisual::Graph | PanelVisual::Timeline => Answer::Range,
        PanelVisual::Heatmap => Answer::Buckets,
        PanelVisual::Table => Answer::InstantTable,
        PanelVisual::Stat | PanelVisual::Gauge | PanelVisual::Bars => Answer::Instant,
    };
    let mut targets: Vec<Target> =
        (0..).zip(series).map(|(index, series)| target(index, series, panel, answer)).collect();
    let mut overrides = Vec::new();
    let drawn = match visual {
        PanelVisual::Stat => stat(panel, series, &mut targets, &mut overrides),
        PanelVisual::Graph => {
            let soft_max = fields::soft_max(panel, limit, &fields);
            Visual::TimeSeries(TimeSeries { soft_max, ..graph(panel, series, &mut targets, &mut overrides) })
        }
        PanelVisual::Table => return table::panel(panel, series, fields, description(panel, series, &sentences)),
        PanelVisual::Gauge => Visual::Gauge,
        PanelVisual::Bars => Visual::BarGauge,
        PanelVisual::Timeline => Visual::StateTimeline,
        PanelVisual::Heatmap => heatmap(series, &mut targets, &mut fields),
    };
    if panel.graph.has_bars {
        // A bar for each range that is counted: with more of them, all would be counted several times.
        for target in &mut targets {
            target.step = own_range(&target.expr).map(|range| range.in_largest_unit().into());
        }
    }
    colors(&panel.graph, series, &mut overrides);
    if let Some(by) = panel.compare {
        sentences.push(match visual {
            PanelVisual::Graph => format!("Dashed and grey: {} before.", compare::words(by)),
            _ => format!("Compared with {} before.", compare::words(by)),
        });
    }
    let texts = (panel.title.clone(), description(panel, series, &sentences));
    let mut result = panels::panel(0, [0; 4], texts, drawn, fields, targets);
    result.overrides = overrides;
    result
}

fn target(index: usize, series: &PanelSeries, panel: &BoardPanel, answer: Answer) -> Target {
    Target {
        name: query_name(index),
        expr: series.expr.clone(),
        legend: series.legend.clone().or_else(|| legend_of(&series.expr, &panel.title)),
        answer,
        step: None,
    }
}

/// The limit of an alert in the unit of the panel's first query, with the alert's severity.
fn limit(alert: &CauseAlert, series: &[PanelSeries]) -> Option<(Limit, Severity)> {
    let (limit, measured) = alert::limit(&alert.expr)?;
    let limit = series.first().map_or(limit, |series| scale::scaled(limit, measured, &series.expr));
    Some((limit, alert.severity))
}

/// The longest range that a query looks back from each of its steps, of those that are written as durations.
fn own_range(expr: &Expr) -> Option<Duration> {
    let mut longest = None;
    visit::walk(expr, &mut |part| {
        if let ExprKind::Matrix(matrix) = &part.kind
            && let DurationKind::Millis(millis) = matrix.window.kind
        {
            longest = longest.max(u64::try_from(millis).ok());
        }
    });
    longest.map(Duration::from_millis)
}

/// What is written, or else what is drawn; then what lines and colours mean.
fn description(panel: &BoardPanel, series: &[PanelSeries], sentences: &[String]) -> SmolStr {
    let mut text = panel.description.as_ref().map_or_else(|| queries_in_words(panel, series), SmolStr::to_string);
    for sentence in sentences {
        text.push_str("\n\n");
        text.push_str(sentence);
    }
    text.into()
}

/// The queries of a panel that nobody described.
fn queries_in_words(panel: &BoardPanel, series: &[PanelSeries]) -> String {
    let mut text = format!("{}.", panel.title.trim_end_matches('.'));
    for series in series {
        let name = series.legend.as_ref().map(|legend| format!("{legend}: ")).unwrap_or_default();
        // Writing to a string cannot fail.
        let _ = write!(text, "\n\n{name}`{}`", print_line(&series.expr));
    }
    text
}

fn goal_sentence(goal: Goal) -> String {
    let value = decimal_text(goal.value);
    match goal.direction {
        Direction::Up => format!("Target: at least {value}."),
        Direction::Down => format!("Target: at most {value}."),
    }
}

/// What is different about the series of a query.
fn of_query(index: usize, properties: Vec<Property>) -> Override {
    Override { matcher: FieldMatcher::Query(query_name(index)), properties }
}

/// A number; with a comparison or a goal, how far it is from them.
fn stat(
    panel: &BoardPanel,
    series: &[PanelSeries],
    targets: &mut Vec<Target>,
    overrides: &mut Vec<Override>,
) -> Visual {
    let is_up = panel.goal.is_none_or(|goal| goal.direction == Direction::Up);
    let name = |series: &PanelSeries, words: String| match &series.legend {
        Some(legend) if targets.len() > 1 => format_smolstr!("{legend} {words}"),
        Some(_) | None => SmolStr::from(words),
    };
    let mut more = Vec::new();
    if let Some(by) = panel.compare {
        for series in series {
            let legend = name(series, format!("vs {} before", compare::words(by)));
            let colors = if is_up { [("red", "green")] } else { [("green", "red")] };
            let [(base, above)] = colors;
            let properties = vec![
                Property::Unit(PERCENT),
                Property::Decimals(1),
                Property::Thresholds(panels::steps(base, &[(Decimal::ZERO, above)])),
            ];
            more.push((legend, compare::change(&series.expr, by), properties));
        }
    }
    if let Some(goal) = panel.goal.filter(|goal| is_up && !goal.value.is_zero()) {
        for series in series {
            let legend = name(series, "of target".to_owned());
            let value = build::number(decimal_text(goal.value));
            let expr = build::binary(series.expr.clone(), BinaryOp::Div, value);
            more.push((legend, expr, vec![Property::Unit(PERCENT), Property::Decimals(0), fixed("text")]));
        }
    }
    let is_alone = more.is_empty();
    for (legend, expr, properties) in more {
        let index = targets.len();
        let name = query_name(index);
        targets.push(Target { name, expr, legend: Some(legend), answer: Answer::Instant, step: None });
        overrides.push(of_query(index, properties));
    }
    let color = if panel.look.has_background { StatColor::Background } else { StatColor::Value };
    let layout = if is_alone { StatLayout::Auto } else { StatLayout::Beside };
    Visual::Stat(Stat { color, layout })
}

fn graph(
    panel: &BoardPanel,
    series: &[PanelSeries],
    targets: &mut Vec<Target>,
    overrides: &mut Vec<Override>,
) -> TimeSeries {
    let look = &panel.graph;
    for name in &look.negative {
        overrides.push(named(name, series, vec![Property::Mirrored]));
    }
    for (name, unit) in &look.right {
        overrides.push(named(name, series, vec![Property::Unit(unit.clone()), Property::RightAxis]));
    }
    if let Some(by) = panel.compare {
        for (index, series) in series.iter().enumerate() {
            let now = targets[index].legend.clone().unwrap_or_default();
            let legend = format_smolstr!("{now} ({} before)", compare::words(by)).trim_start().into();
            let place = targets.len();
            let expr = compare::earlier(&series.expr, by);
            let name = query_name(place);
            targets.push(Target { name, expr, legend: Some(legend), answer: Answer::Range, step: None });
            let properties = vec![fixed("gray"), Property::Dashed, Property::LineWidth(1), Property::Fill(0)];
            overrides.push(of_query(place, properties));
        }
    }
    let is_stacked = look.stack != Stack::Off;
    let has_lines = panel.alert.is_some() || panel.goal.is_some() || !panel.look.thresholds.is_empty();
    let is_single = series.len() == 1 && targets[0].legend.as_ref().is_some_and(|legend| !legend.contains("{{"));
    let has_negative = !look.negative.is_empty() || panel.look.min.is_some();
    TimeSeries {
        draw: if look.has_bars { Draw::Bars } else { Draw::Lines },
        line_width: if look.has_bars || is_stacked { 1 } else { 2 },
        fill: match (look.has_bars, is_stacked) {
            (true, _) => 80,
            (false, true) => 30,
            // Fills that overlap become mud.
            (false, false) if is_single => 8,
            (false, false) => 0,
        },
        scale: if look.is_logarithmic { Scale::Log } else { Scale::Linear },
        stacking: match look.stack {
            Stack::Off => Stacking::None,
            Stack::On => Stacking::Normal,
            Stack::Percent => Stacking::Percent,
        },
        thresholds: if has_lines { ThresholdStyle::Dashed } else { ThresholdStyle::Off },
        soft_min: (!has_negative && !look.is_logarithmic).then_some(Decimal::ZERO),
        legend: legend(look.legend.as_ref()),
        ..lines()
    }
}

/// An override of the series that a legend names: all those of its query.
fn named(name: &SmolStr, series: &[PanelSeries], properties: Vec<Property>) -> Override {
    match series.iter().position(|series| series.legend.as_ref() == Some(name)) {
        Some(index) => of_query(index, properties),
        None => Override { matcher: FieldMatcher::Name(name.clone()), properties },
    }
}

fn colors(look: &GraphLook, series: &[PanelSeries], overrides: &mut Vec<Override>) {
    for (name, color) in &look.colors {
        overrides.push(named(name, series, vec![Property::Color(Color::Fixed(color.clone()))]));
    }
}

fn legend(asked: Option<&PanelLegend>) -> Legend {
    let none = PanelLegend { place: LegendPlace::Bottom, calcs: Vec::new() };
    let asked = asked.unwrap_or(&none);
    let calculation = |calc: &LegendCalc| match calc {
        LegendCalc::Min => Calculation::Min,
        LegendCalc::Mean => Calculation::Mean,
        LegendCalc::Max => Calculation::Max,
        LegendCalc::Last => Calculation::Last,
    };
    let mode = match (asked.place, asked.calcs.is_empty()) {
        (LegendPlace::Hidden, _) => LegendMode::Hidden,
        (LegendPlace::Bottom | LegendPlace::Right, true) => LegendMode::List,
        (LegendPlace::Bottom | LegendPlace::Right, false) => LegendMode::Table,
    };
    let placement = match asked.place {
        LegendPlace::Right => Placement::Right,
        LegendPlace::Bottom | LegendPlace::Hidden => Placement::Bottom,
    };
    Legend { placement, ..panels::legend(mode, asked.calcs.iter().map(calculation).collect()) }
}

/// Buckets by their upper ends, in the unit of what was observed.
fn heatmap(series: &[PanelSeries], targets: &mut [Target], fields: &mut Fields) -> Visual {
    for target in targets.iter_mut() {
        target.legend = Some(text("{{le}}"));
    }
    let names = series.iter().flat_map(|series| visit::selectors(&series.expr));
    let name = names.filter_map(|selected| selected.selector.name.as_ref()).map(|name| name.value.clone()).next();
    let base = name.as_deref().map(|name| name.strip_suffix("_bucket").unwrap_or(name)).unwrap_or_default();
    let unit = if fields.unit != "short" {
        fields.unit.clone()
    } else if base.ends_with("_seconds") {
        panels::SECONDS
    } else if base.ends_with("_bytes") {
        text("bytes")
    } else {
        text("short")
    };
    fields.unit = text("short");
    Visual::Heatmap(Heatmap { unit })
}
