//! A panel: what it draws, what it looks like, and whether that fits together.

use smol_str::SmolStr;

use super::uses::{Place, Uses};
use super::values::{number, thresholds, whole, word};
use super::{
    dimension, graph, heatmap, is_written, links, mappings, never_repeated, queries, table, units, without_dollar,
};
use crate::diag::{Code, Diagnostic, Sink};
use crate::model::{BoardPanel, Direction, Goal, PanelContent, PanelLook, PanelSeries, PanelVisual, SloPart};
use crate::parse::decl::{PanelContentDecl, PanelDecl, SeriesDecl};
use crate::resolve::durations::positive_duration;
use crate::source::{Span, Text};

/// The parts of an SLO's row.
const PARTS: [(&str, SloPart); 4] =
    [("now", SloPart::Now), ("sli", SloPart::Sli), ("burn", SloPart::Burn), ("budget", SloPart::Budget)];

/// Reads a panel; `None` if nothing of it can be drawn.
pub(super) fn panel(decl: &PanelDecl, uses: &mut Uses<'_>, sink: &mut Sink) -> Option<BoardPanel> {
    for text in decl.title.iter().chain(&decl.description) {
        uses.text(text, Place::Text, sink);
    }
    for (key, text) in [("title", &decl.title), ("description", &decl.description)] {
        if let Some(text) = text {
            is_written(text, key, "a panel", sink);
        }
    }
    match (&decl.repeat, &decl.content) {
        (Some(repeat), PanelContentDecl::Slo { slo, .. }) => never_repeated(repeat, slo, "panel", sink),
        (Some(repeat), _) => uses.repeat(repeat, sink),
        (None, _) => {}
    }
    applicable(decl, sink);
    let content = content(decl, uses, sink);
    let look = look(decl, content.as_ref(), sink);
    Some(BoardPanel {
        span: decl.span,
        title: decl.title.as_ref().map(|text| text.value.trim().into()).unwrap_or_default(),
        description: decl.description.as_ref().map(|text| text.value.trim().into()),
        look,
        graph: graph::look(decl, sink),
        table: table::look(decl, content.as_ref(), uses, sink),
        links: links(&decl.links, uses, sink),
        width: decl.width.as_ref().and_then(|text| whole(text, "width", (1, 24), sink)),
        height: decl.height.as_ref().and_then(|text| whole(text, "height", (2, 40), sink)),
        repeat: decl.repeat.as_ref().map(without_dollar),
        compare: decl.compare.as_ref().and_then(|text| positive_duration(text, "compare", sink)),
        goal: goal(decl, sink),
        alert: decl.alert.clone(),
        // At last, so that all problems of a panel without content are found.
        content: content?,
    })
}

fn content(decl: &PanelDecl, uses: &mut Uses<'_>, sink: &mut Sink) -> Option<PanelContent> {
    match &decl.content {
        PanelContentDecl::Text(text) => {
            uses.text(text, Place::Text, sink);
            Some(PanelContent::Markdown(text.clone()))
        }
        PanelContentDecl::Slo { slo, show } => {
            let part = show.as_ref().and_then(|text| word(text, "show", &PARTS, sink));
            Some(PanelContent::Slo(slo.clone(), part.unwrap_or(SloPart::Now)))
        }
        PanelContentDecl::Series { visual, series, .. } => {
            let visual = PanelVisual::ALL.into_iter().find(|kind| kind.as_str() == *visual)?;
            let read: Vec<PanelSeries> = series.iter().filter_map(|decl| queries::series(decl, uses, sink)).collect();
            if visual == PanelVisual::Heatmap {
                heatmap::check(&read, sink);
            }
            (!read.is_empty()).then_some(PanelContent::Series(visual, read))
        }
    }
}

/// The kind of panel, if it draws series.
fn visual(decl: &PanelDecl) -> Option<PanelVisual> {
    match &decl.content {
        PanelContentDecl::Series { visual, .. } => PanelVisual::ALL.into_iter().find(|kind| kind.as_str() == *visual),
        PanelContentDecl::Text(_) | PanelContentDecl::Slo { .. } => None,
    }
}

/// Reports keys that mean nothing for the kind of panel.
fn applicable(decl: &PanelDecl, sink: &mut Sink) {
    use PanelVisual::{Bars, Gauge, Graph, Heatmap, Stat, Table, Timeline};
    let first = |texts: &[Text]| texts.first().map(|text| text.span);
    let pair = |pairs: &[(Text, Text)]| pairs.first().map(|(text, _)| text.span);
    let span = |text: &Option<Text>| text.as_ref().map(|text| text.span);
    let legend = decl.legend.as_ref().and_then(|legend| span(&legend.place).or_else(|| first(&legend.calcs)));
    let columns = decl.columns.first().map(|column| column.field.span);
    let keys: [(&str, Option<Span>, &[PanelVisual]); 20] = [
        ("unit", span(&decl.unit), &[Stat, Graph, Table, Gauge, Bars, Heatmap, Timeline]),
        ("decimals", span(&decl.decimals), &[Stat, Graph, Table, Gauge, Bars, Heatmap, Timeline]),
        ("min", span(&decl.min), &[Graph, Table, Gauge, Bars]),
        ("max", span(&decl.max), &[Graph, Table, Gauge, Bars]),
        ("thresholds", pair(&decl.thresholds), &[Stat, Graph, Table, Gauge, Bars, Timeline]),
        ("mappings", pair(&decl.mappings), &[Stat, Graph, Table, Gauge, Bars, Timeline]),
        ("legend", legend, &[Graph]),
        ("stack", span(&decl.stack), &[Graph]),
        ("draw", span(&decl.draw), &[Graph]),
        ("scale", span(&decl.scale), &[Graph]),
        ("negative", first(&decl.negative), &[Graph]),
        ("right", pair(&decl.right), &[Graph]),
        ("colors", pair(&decl.colors), &[Graph, Stat, Bars]),
        ("color", span(&decl.color), &[Stat]),
        ("sort", span(&decl.sort), &[Table]),
        ("limit", span(&decl.limit), &[Table]),
        ("columns", columns, &[Table]),
        ("compare", span(&decl.compare), &[Stat, Graph]),
        ("target", span(&decl.target), &[Stat, Graph, Gauge]),
        ("alert", span(&decl.alert), &[Stat, Graph, Gauge, Bars]),
    ];
    let kind = match &decl.content {
        PanelContentDecl::Series { visual, .. } => visual,
        PanelContentDecl::Text(_) => "text",
        PanelContentDecl::Slo { .. } => "slo",
    };
    let own = visual(decl);
    for (key, span, kinds) in keys {
        let Some(span) = span.filter(|_| own.is_none_or(|own| !kinds.contains(&own))) else { continue };
        let message = format!("`{key}` means nothing for a panel of `{kind}`");
        let list = kinds.iter().map(|kind| format!("`{}`", kind.as_str())).collect::<Vec<_>>().join(", ");
        sink.push(Diagnostic::new(Code::InapplicableKey, span, message).help(format!("it goes with {list}")));
    }
}

fn look(decl: &PanelDecl, content: Option<&PanelContent>, sink: &mut Sink) -> PanelLook {
    let [min, max] =
        [("min", &decl.min), ("max", &decl.max)].map(|(key, text)| text.as_ref().and_then(|it| number(it, key, sink)));
    if let (Some(least), Some(most), Some(text)) = (min, max, &decl.max)
        && most <= least
    {
        sink.push(Diagnostic::new(Code::BadNumber, text.span, "`max` is not above `min`"));
    }
    let colors = [("value", false), ("background", true)];
    PanelLook {
        unit: unit(decl, content, sink),
        decimals: decl.decimals.as_ref().and_then(|text| whole(text, "decimals", (0, 10), sink)),
        min,
        max,
        thresholds: thresholds(&decl.thresholds, sink),
        mappings: mappings::mappings(&decl.mappings, sink),
        has_background: decl.color.as_ref().and_then(|text| word(text, "color", &colors, sink)).unwrap_or(false),
    }
}

/// The unit that is written, checked against what the queries measure; else that which fits.
fn unit(decl: &PanelDecl, content: Option<&PanelContent>, sink: &mut Sink) -> Option<SmolStr> {
    let series = match content {
        Some(PanelContent::Series(visual, series)) if *visual != PanelVisual::Heatmap => series.as_slice(),
        Some(PanelContent::Series(..) | PanelContent::Markdown(_) | PanelContent::Slo(..)) | None => &[],
    };
    let written = decl.unit.as_ref().map(|text| units::unit(text, sink));
    if let Some(text) = &decl.unit {
        for (index, series_decl) in measured(decl) {
            if let Some(series) = series.get(index).filter(|_| decl.series().len() == series.len()) {
                units::fit(text, dimension::of(&series.expr, &dimension::named), series_decl.expr.span, sink);
            }
        }
        return written;
    }
    let mut fitting = series.iter().map(|series| units::fitting(dimension::of(&series.expr, &dimension::named)));
    let first = fitting.next()??;
    fitting.all(|other| other == Some(first)).then(|| first.into())
}

/// The queries that the unit of a panel is about, each with its index: those without an axis or a column of their own.
pub(in crate::resolve) fn measured(decl: &PanelDecl) -> impl Iterator<Item = (usize, &SeriesDecl)> {
    let is_named = |series: &SeriesDecl, name: &Text| series.legend.as_ref().is_some_and(|it| it.value == name.value);
    let has_own = move |series: &SeriesDecl| {
        decl.right.iter().any(|(name, _)| is_named(series, name))
            || decl.columns.iter().any(|column| is_named(series, &column.field))
    };
    let is_heatmap = matches!(&decl.content, PanelContentDecl::Series { visual, .. } if *visual == "heatmap");
    decl.series().iter().enumerate().filter(move |(_, series)| !is_heatmap && !has_own(series))
}

fn goal(decl: &PanelDecl, sink: &mut Sink) -> Option<Goal> {
    let directions = [("up", Direction::Up), ("down", Direction::Down)];
    let direction = decl.direction.as_ref().and_then(|text| word(text, "direction", &directions, sink));
    if let Some(text) = decl.direction.as_ref().filter(|_| decl.target.is_none()) {
        let message = "`direction` without `target`";
        sink.push(Diagnostic::new(Code::InapplicableKey, text.span, message).help("add the value that is aimed at"));
    }
    let value = number(decl.target.as_ref()?, "target", sink)?;
    Some(Goal { value, direction: direction.unwrap_or(Direction::Up) })
}
