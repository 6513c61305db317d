//! Dashboards of Grafana as it exports them: their queries to Prometheus.

use super::foreign::{get, items, text, word};
use super::outside_quotes;
use super::yaml::{Node, NodeKind};
use crate::source::Text;

/// The data sources that speak PromQL.
const PROMETHEUS: [&str; 3] =
    ["prometheus", "grafana-amazonprometheus-datasource", "grafana-azureprometheus-datasource"];

/// The queries of a document, if it is a dashboard, alone or within an export.
#[must_use]
pub fn queries(document: &Node) -> Option<Vec<Text>> {
    let board = get(document, "dashboard").filter(|inner| is_board(inner)).unwrap_or(document);
    if !is_board(board) {
        return None;
    }
    let mut queries = Vec::new();
    let mut panels = items(get(board, "panels")).iter().collect::<Vec<_>>();
    panels.extend(items(get(board, "rows")).iter().flat_map(|row| items(get(row, "panels"))));
    for panel in panels {
        self::panel(panel, board, &mut queries);
    }
    for variable in variables(board).iter().filter(|it| word(get(it, "type")) == "query") {
        if is_prometheus(&[variable], board) {
            queries.extend(variable_query(variable));
        }
    }
    for annotation in items(get(board, "annotations").and_then(|list| get(list, "list"))) {
        let target = get(annotation, "target").unwrap_or(annotation);
        if is_prometheus(&[annotation], board) {
            queries.extend([annotation, target].into_iter().find_map(expr));
        }
    }
    Some(queries)
}

fn is_board(node: &Node) -> bool {
    let is_list = |key: &str| get(node, key).is_some_and(|list| matches!(list.kind, NodeKind::Sequence(_)));
    let has = |key: &str| get(node, key).is_some();
    is_list("panels") && (has("schemaVersion") || has("title") || has("templating")) || is_list("rows") && has("title")
}

/// The queries of a panel and of those within it.
fn panel(panel: &Node, board: &Node, queries: &mut Vec<Text>) {
    for target in items(get(panel, "targets")) {
        if is_prometheus(&[target, panel], board) {
            queries.extend(expr(target));
        }
    }
    for inner in items(get(panel, "panels")) {
        self::panel(inner, board, queries);
    }
}

fn expr(node: &Node) -> Option<Text> {
    let text = text(get(node, "expr"))?;
    (!text.value.trim().is_empty() && !is_logql(&text.value)).then(|| text.clone())
}

/// Whether a pipe stands outside of strings, as it does in the queries of Loki and nowhere in PromQL.
fn is_logql(text: &str) -> bool {
    outside_quotes(text).any(|(_, c)| c == '|')
}

/// Whether the first data source that one of the nodes names speaks PromQL; the default one counts as such.
fn is_prometheus(nodes: &[&Node], board: &Node) -> bool {
    for node in nodes {
        let Some(source) = get(node, "datasource") else { continue };
        let kind = word(get(source, "type"));
        if !kind.is_empty() {
            return PROMETHEUS.contains(&kind);
        }
        let name = text(Some(source)).or_else(|| text(get(source, "uid"))).map_or("", |text| text.value.as_str());
        match name {
            "" | "-- Mixed --" | "default" => {}
            _ => return is_named_prometheus(name, board),
        }
    }
    true
}

/// Whether a data source of this name, or behind this variable, speaks PromQL as far as the board says.
fn is_named_prometheus(name: &str, board: &Node) -> bool {
    let lower = name.to_lowercase();
    if name.starts_with("-- ") || ["loki", "elastic", "tempo", "influx", "graphite"].iter().any(|it| lower.contains(it))
    {
        return false;
    }
    let Some(variable) = name.strip_prefix('$').map(|rest| rest.trim_matches(['{', '}'])) else { return true };
    let input = items(get(board, "__inputs")).iter().find(|input| word(get(input, "name")) == variable);
    if let Some(input) = input {
        return PROMETHEUS.contains(&word(get(input, "pluginId")));
    }
    let declared = variables(board).iter().find(|it| word(get(it, "name")) == variable);
    declared.is_none_or(|it| word(get(it, "type")) != "datasource" || PROMETHEUS.contains(&word(get(it, "query"))))
}

fn variables(board: &Node) -> &[Node] {
    items(get(board, "templating").and_then(|templating| get(templating, "list")))
}

/// The PromQL of a variable: all of its query, or what `label_values(...)` and `query_result(...)` hold.
fn variable_query(variable: &Node) -> Option<Text> {
    let query = get(variable, "query")?;
    let text = text(Some(query)).or_else(|| text(get(query, "query")))?;
    let value = text.value.as_str();
    let trimmed = value.trim();
    let start = value.len() - value.trim_start().len();
    let inside = |name: &str| {
        let inner = trimmed.strip_prefix(name)?.trim_start().strip_prefix('(')?.strip_suffix(')')?;
        let from = start + trimmed.len() - 1 - inner.len();
        Some((from, inner))
    };
    if let Some((from, inner)) = inside("label_values") {
        let comma = last_comma(inner)?;
        return part(text, from, from + comma);
    }
    if let Some((from, inner)) = inside("query_result") {
        return part(text, from, from + inner.len());
    }
    let is_other = inside("metrics").is_some() || inside("label_names").is_some() || trimmed.is_empty();
    (!is_other).then(|| text.clone())
}

/// The comma before the label of `label_values(selector, label)`.
fn last_comma(inner: &str) -> Option<usize> {
    let comma = inner.rfind(',')?;
    let label = inner.get(comma + 1..)?.trim();
    let is_name = label.chars().all(|it| it.is_alphanumeric() || matches!(it, '_' | '$' | '{' | '}' | '[' | ']' | ':'));
    (is_name && !label.ends_with('}') || label.starts_with('$')).then_some(comma)
}

fn part(text: &Text, start: usize, end: usize) -> Option<Text> {
    let (start, end) = (u32::try_from(start).ok()?, u32::try_from(end).ok()?);
    let part = text.slice(start..end);
    (!part.value.trim().is_empty()).then_some(part)
}
