//! An entry of `dashboards`: its variables, links and rows.

use super::panel;
use crate::diag::{Code, Diagnostic};
use crate::parse::decl::{
    BoardDecl, BoardLinkDecl, BoardLinkTargetDecl, BoardRowDecl, BoardVariableDecl, BoardVariableKindDecl,
};
use crate::parse::read::{Fields, Reader};
use crate::parse::yaml::{Entry, Node, NodeKind};
use crate::source::{Span, Text};

/// The kinds of variables, each a key.
const KINDS: [&str; 6] = ["label_values", "query", "values", "interval", "constant", "text"];
/// Where a link can lead, each a key.
const TARGETS: [&str; 4] = ["board", "url", "tag", "runbook"];

/// Reads a dashboard.
pub(super) fn board(reader: &mut Reader<'_>, node: Node) -> Option<BoardDecl> {
    let span = node.span;
    let mut fields = reader.fields(node, "a dashboard")?;
    let title = reader.required_text(&mut fields, "title", "title: Overview");
    let description = reader.text(&mut fields, "description");
    let folder = reader.text(&mut fields, "folder");
    let uid = reader.text(&mut fields, "uid");
    let tags = reader.texts(&mut fields, "tags");
    let time = reader.text(&mut fields, "time");
    let refresh = reader.text(&mut fields, "refresh");
    let items = reader.list(&mut fields, "variables");
    let variables = items.into_iter().filter_map(|item| variable(reader, item)).collect();
    let links = links(reader, &mut fields);
    let mut rows = Vec::new();
    if fields.key_span("panels").is_some() {
        let panels = panel::panels(reader, &mut fields);
        rows.push(BoardRowDecl { span, title: None, collapsed: None, repeat: None, slo: None, panels });
    } else {
        // The key is one that a dashboard has.
        drop(fields.take("panels"));
    }
    rows.extend(reader.list(&mut fields, "rows").into_iter().filter_map(|item| row(reader, item)));
    reader.finish(&fields);
    Some(BoardDecl { span, title, description, folder, uid, tags, time, refresh, variables, links, rows })
}

fn row(reader: &mut Reader<'_>, node: Node) -> Option<BoardRowDecl> {
    let span = node.span;
    let mut fields = reader.fields(node, "a row")?;
    let has_slo = fields.key_span("slo").is_some() || fields.is_misspelt("slo");
    let slo = reader.text(&mut fields, "slo");
    let title = match slo {
        Some(_) => reader.text(&mut fields, "title"),
        None => reader.required_text(&mut fields, "title", "title: Health"),
    };
    let collapsed = reader.text(&mut fields, "collapsed");
    let repeat = reader.text(&mut fields, "repeat");
    let panels = if has_slo {
        panel::panels(reader, &mut fields)
    } else {
        panel::some_panels(reader, &mut fields, "add `panels`, or `slo` for the panels of an SLO; or remove the row")
    };
    reader.finish(&fields);
    Some(BoardRowDecl { span, title, collapsed, repeat, slo, panels })
}

/// The one of these keys that a mapping has, with its place; reports none and several.
pub(super) fn one_of(
    reader: &mut Reader<'_>,
    fields: &mut Fields,
    keys: &[&'static str],
    code: Code,
) -> Option<(&'static str, Span, Entry)> {
    let found: Vec<(&'static str, Span)> =
        keys.iter().filter_map(|key| fields.key_span(key).map(|span| (*key, span))).collect();
    let list = || keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
    let Some((key, span)) = found.first().copied() else {
        for key in keys {
            drop(fields.take(key));
        }
        if !keys.iter().any(|key| fields.is_misspelt(key)) {
            let message = format!("{} that does not say what it is", fields.noun);
            reader.report(Diagnostic::new(code, fields.head(), message).help(format!("add one of {}", list())));
        }
        return None;
    };
    let mut taken = keys.iter().map(|key| (*key, fields.take(key))).collect::<Vec<_>>();
    for (other, place) in &found[1..] {
        let message = format!("{} that is both `{key}` and `{other}`", fields.noun);
        let diagnostic = Diagnostic::new(code, *place, message).secondary(span, "the first one");
        reader.report(diagnostic.help("keep one of them"));
    }
    let entry = taken.iter_mut().find(|(taken, _)| *taken == key).and_then(|(_, entry)| entry.take())?;
    Some((key, span, entry))
}

fn variable(reader: &mut Reader<'_>, node: Node) -> Option<BoardVariableDecl> {
    let span = node.span;
    let mut fields = reader.fields(node, "a variable")?;
    let name = reader.required_text(&mut fields, "name", "name: instance");
    let title = reader.text(&mut fields, "title");
    let label = reader.text(&mut fields, "label");
    let kind = one_of(reader, &mut fields, &KINDS, Code::BadVariable);
    let kind = kind.and_then(|(key, _, entry)| variable_kind(reader, key, entry, label));
    let multi = reader.text(&mut fields, "multi");
    let all = reader.text(&mut fields, "all");
    let default = reader.text(&mut fields, "default");
    reader.finish(&fields);
    Some(BoardVariableDecl { span, name: name?, title, kind: kind?, multi, all, default })
}

fn variable_kind(
    reader: &mut Reader<'_>,
    key: &'static str,
    entry: Entry,
    label: Option<Text>,
) -> Option<BoardVariableKindDecl> {
    if let Some(label) = label.as_ref().filter(|_| key != "label_values") {
        let message = format!("`label` means nothing for a variable of `{key}`");
        let diagnostic = Diagnostic::new(Code::InapplicableKey, label.span, message);
        reader.report(diagnostic.help("write what stands before the choice as `title`"));
    }
    Some(match key {
        "label_values" => BoardVariableKindDecl::LabelValues { selector: reader.expression_of(entry)?, label },
        "query" => BoardVariableKindDecl::Query(reader.expression_of(entry)?),
        "values" => BoardVariableKindDecl::Values(reader.texts_of(entry)),
        "interval" => BoardVariableKindDecl::Interval(reader.texts_of(entry)),
        "constant" => BoardVariableKindDecl::Constant(reader.text_of(entry, "text")?),
        _ => BoardVariableKindDecl::TextBox(reader.text_of(entry, "text")?),
    })
}

/// The links of a board or a panel: a list, one link, or addresses by their titles.
pub(super) fn links(reader: &mut Reader<'_>, fields: &mut Fields) -> Vec<BoardLinkDecl> {
    let Some(entry) = fields.take("links") else {
        return Vec::new();
    };
    let is_short = matches!(&entry.value.kind, NodeKind::Mapping(mapping)
        if !mapping.entries.is_empty() && mapping.entries.iter().all(|entry| !TARGETS.contains(&entry.key.value.as_str())));
    if is_short {
        return short_links(reader, entry);
    }
    if let NodeKind::Mapping(mapping) = &entry.value.kind
        && !mapping.entries.is_empty()
    {
        return link(reader, entry.value).into_iter().collect();
    }
    reader.list_of(entry).into_iter().filter_map(|item| link(reader, item)).collect()
}

/// `links: {Title: https://...}`
fn short_links(reader: &mut Reader<'_>, entry: Entry) -> Vec<BoardLinkDecl> {
    let NodeKind::Mapping(mapping) = entry.value.kind else { return Vec::new() };
    let link = |entry: Entry| {
        let (title, span) = (entry.key.clone(), entry.key.span);
        let url = reader.text_of(entry, "an address")?;
        let target = BoardLinkTargetDecl::Url(url);
        Some(BoardLinkDecl { span, title: Some(title), target })
    };
    mapping.entries.into_iter().filter_map(link).collect()
}

fn link(reader: &mut Reader<'_>, node: Node) -> Option<BoardLinkDecl> {
    let span = node.span;
    let mut fields = reader.fields(node, "a link")?;
    let title = reader.text(&mut fields, "title");
    let target = one_of(reader, &mut fields, &TARGETS, Code::MissingKey);
    let target = target.and_then(|(key, _, entry)| {
        let text = reader.text_of(entry, "text")?;
        Some(match key {
            "board" => BoardLinkTargetDecl::Board(text),
            "url" => BoardLinkTargetDecl::Url(text),
            "tag" => BoardLinkTargetDecl::Tag(text),
            _ => BoardLinkTargetDecl::Runbook(text),
        })
    });
    reader.finish(&fields);
    Some(BoardLinkDecl { span, title, target: target? })
}
