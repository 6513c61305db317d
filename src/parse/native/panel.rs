//! A panel of a dashboard.

use super::board::{links, one_of};
use crate::diag::{Code, Diagnostic};
use crate::parse::decl::{ColumnDecl, LegendDecl, PanelContentDecl, PanelDecl, SeriesDecl};
use crate::parse::read::{Fields, Reader};
use crate::parse::yaml::{Entry, Node, NodeKind};
use crate::source::{Span, Text};

/// The kinds of panels, each a key.
const KINDS: [&str; 9] = ["stat", "graph", "table", "gauge", "bars", "heatmap", "timeline", "text", "slo"];

/// The panels of a board or a row.
pub(super) fn panels(reader: &mut Reader<'_>, fields: &mut Fields) -> Vec<PanelDecl> {
    reader.list(fields, "panels").into_iter().filter_map(|item| panel(reader, item)).collect()
}

/// The panels of what is nothing without them; reports that there are none.
pub(super) fn some_panels(reader: &mut Reader<'_>, fields: &mut Fields, help: &str) -> Vec<PanelDecl> {
    let is_misspelt = fields.is_misspelt("panels");
    let entry = fields.take("panels");
    let empty = match &entry {
        None => (!is_misspelt).then(|| fields.head()),
        Some(entry) => match &entry.value.kind {
            NodeKind::Sequence(items) => items.is_empty().then_some(entry.value.span),
            NodeKind::Scalar(_) | NodeKind::Mapping(_) => None,
        },
    };
    if let Some(span) = empty {
        let message = format!("{} without panels", fields.noun);
        reader.report(Diagnostic::new(Code::MissingKey, span, message).help(help));
    }
    let items = entry.map_or_else(Vec::new, |entry| reader.list_of(entry));
    items.into_iter().filter_map(|item| panel(reader, item)).collect()
}

fn panel(reader: &mut Reader<'_>, node: Node) -> Option<PanelDecl> {
    let span = node.span;
    let mut fields = reader.fields(node, "a panel")?;
    let title = title(reader, &mut fields);
    let kind = one_of(reader, &mut fields, &KINDS, Code::PanelKind);
    let show = reader.text(&mut fields, "show");
    let content = kind.and_then(|(key, place, entry)| content(reader, (key, place), entry, show));
    let mut panel = PanelDecl {
        span,
        title,
        description: reader.text(&mut fields, "description"),
        content: PanelContentDecl::Text(nothing(span)),
        unit: reader.text(&mut fields, "unit"),
        decimals: reader.text(&mut fields, "decimals"),
        min: reader.text(&mut fields, "min"),
        max: reader.text(&mut fields, "max"),
        thresholds: reader.word_map(&mut fields, "thresholds"),
        mappings: reader.word_map(&mut fields, "mappings"),
        legend: legend(reader, &mut fields),
        stack: reader.text(&mut fields, "stack"),
        draw: reader.text(&mut fields, "draw"),
        scale: reader.text(&mut fields, "scale"),
        negative: words(reader, &mut fields, "negative"),
        right: reader.word_map(&mut fields, "right"),
        colors: reader.word_map(&mut fields, "colors"),
        color: reader.text(&mut fields, "color"),
        sort: reader.text(&mut fields, "sort"),
        limit: reader.text(&mut fields, "limit"),
        columns: columns(reader, &mut fields),
        links: links(reader, &mut fields),
        width: reader.text(&mut fields, "width"),
        height: reader.text(&mut fields, "height"),
        repeat: reader.text(&mut fields, "repeat"),
        compare: reader.text(&mut fields, "compare"),
        target: reader.text(&mut fields, "target"),
        direction: reader.text(&mut fields, "direction"),
        alert: reader.text(&mut fields, "alert"),
    };
    reader.finish(&fields);
    panel.content = content?;
    Some(panel)
}

/// The title; only the panels of SLOs and texts have one of their own.
fn title(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<Text> {
    let is_optional = fields.key_span("slo").is_some() || fields.key_span("text").is_some();
    if is_optional { reader.text(fields, "title") } else { reader.required_text(fields, "title", "title: Requests") }
}

/// Stands where no content could be read, until the panel is dropped.
fn nothing(span: Span) -> Text {
    Text { value: String::new(), span, map: crate::source::TextMap::Whole, quotes: crate::source::Quotes::None }
}

fn content(
    reader: &mut Reader<'_>,
    (visual, key): (&'static str, Span),
    entry: Entry,
    show: Option<Text>,
) -> Option<PanelContentDecl> {
    if let Some(show) = show.as_ref().filter(|_| visual != "slo") {
        let message = format!("`show` means nothing for a panel of `{visual}`");
        reader.report(Diagnostic::new(Code::InapplicableKey, show.span, message).help("it goes with `slo`"));
    }
    match visual {
        "text" => Some(PanelContentDecl::Text(reader.text_of(entry, "text")?)),
        "slo" => Some(PanelContentDecl::Slo { slo: reader.text_of(entry, "an SLO")?, show }),
        _ => Some(PanelContentDecl::Series { visual, key, series: series(reader, entry)? }),
    }
}

/// One expression, or expressions by the names of their series.
fn series(reader: &mut Reader<'_>, entry: Entry) -> Option<Vec<SeriesDecl>> {
    let is_map = match &entry.value.kind {
        NodeKind::Mapping(mapping) => !reader.is_selector(mapping, entry.value.span),
        NodeKind::Scalar(_) | NodeKind::Sequence(_) => false,
    };
    if !is_map {
        return Some(vec![SeriesDecl { legend: None, expr: reader.expression_of(entry)? }]);
    }
    let NodeKind::Mapping(mapping) = entry.value.kind else { return None };
    let whole = mapping.entries.len();
    if whole == 0 {
        let message = format!("`{}` without an expression", entry.key.value);
        reader.report(Diagnostic::new(Code::MissingKey, entry.value.span, message).help("write the PromQL to draw"));
    }
    let one = |entry: Entry| {
        let legend = entry.key.clone();
        Some(SeriesDecl { legend: Some(legend), expr: reader.expression_of(entry)? })
    };
    let series: Vec<_> = mapping.entries.into_iter().filter_map(one).collect();
    (!series.is_empty()).then_some(series)
}

/// `legend: right` or `legend: {where, calcs}`.
fn legend(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<LegendDecl> {
    let entry = fields.take("legend")?;
    if let NodeKind::Scalar(_) = &entry.value.kind {
        return Some(LegendDecl { place: Some(reader.text_of(entry, "text")?), calcs: Vec::new() });
    }
    let mut inner = reader.mapping_of(entry, "`legend`")?;
    let place = reader.text(&mut inner, "where");
    let calcs = words(reader, &mut inner, "calcs");
    reader.finish(&inner);
    Some(LegendDecl { place, calcs })
}

/// One word, or a list of them.
fn words(reader: &mut Reader<'_>, fields: &mut Fields, key: &'static str) -> Vec<Text> {
    let Some(entry) = fields.take(key) else { return Vec::new() };
    if let NodeKind::Scalar(_) = &entry.value.kind {
        return reader.text_of(entry, "text").into_iter().collect();
    }
    reader.texts_of(entry)
}

/// `columns: {field: Name}` or `columns: {field: {name, unit, thresholds, link}}`.
fn columns(reader: &mut Reader<'_>, fields: &mut Fields) -> Vec<ColumnDecl> {
    let entries = reader.entries(fields, "columns");
    entries.into_iter().filter_map(|entry| column(reader, entry)).collect()
}

fn column(reader: &mut Reader<'_>, entry: Entry) -> Option<ColumnDecl> {
    let field = entry.key.clone();
    if let NodeKind::Scalar(_) = &entry.value.kind {
        let name = Some(reader.text_of(entry, "a name")?);
        return Some(ColumnDecl { field, name, unit: None, thresholds: Vec::new(), link: None, hide: None });
    }
    let mut inner = reader.mapping_of(entry, "a column")?;
    let name = reader.text(&mut inner, "name");
    let unit = reader.text(&mut inner, "unit");
    let thresholds = reader.word_map(&mut inner, "thresholds");
    let link = reader.text(&mut inner, "link");
    let hide = reader.text(&mut inner, "hide");
    reader.finish(&inner);
    Some(ColumnDecl { field, name, unit, thresholds, link, hide })
}
