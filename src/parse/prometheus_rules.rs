//! Rule files of Prometheus and the objects of its operator: what Prometheus itself refuses is an error, the rest is not judged.

use std::collections::BTreeMap;

use super::foreign::{get, items, text, word};
use super::yaml::{Entry, Node, NodeKind};
use crate::diag::{Code, Diagnostic, Sink, suggest};
use crate::source::{Span, Text};

/// A group of rules.
#[derive(Clone, Debug)]
pub struct GroupDecl {
    /// How often it is evaluated, if it says.
    pub interval: Option<Text>,
    /// Its rules.
    pub rules: Vec<RuleDecl>,
}

/// A rule.
#[derive(Clone, Debug)]
pub struct RuleDecl {
    /// What it makes.
    pub kind: RuleKind,
    /// The name of the series or the alert.
    pub name: Text,
    /// The expression.
    pub expr: Option<Text>,
    /// `for`
    pub wait: Option<Text>,
    /// `keep_firing_for`
    pub keep_firing_for: Option<Text>,
    /// The labels it sets.
    pub labels: Vec<(Text, Text)>,
    /// The annotations of an alert.
    pub annotations: Vec<(Text, Text)>,
}

/// What a rule makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RuleKind {
    /// A series.
    Record,
    /// An alert.
    Alert,
}

/// The keys of a group, with those of Thanos and Mimir.
const GROUP_KEYS: [&str; 13] = [
    "name",
    "interval",
    "rules",
    "limit",
    "labels",
    "query_offset",
    "partial_response_strategy",
    "source_tenants",
    "evaluation_delay",
    "align_evaluation_time_on_interval",
    "remote_write",
    "ruler_remote_write",
    "tenant",
];

/// The keys of a rule, with those of Thanos.
const RULE_KEYS: [&str; 8] =
    ["record", "alert", "expr", "for", "keep_firing_for", "labels", "annotations", "partial_response_strategy"];

/// The groups of a document, if it holds rules; the operator's objects and lists of them too.
#[must_use]
pub fn groups(document: &Node, sink: &mut Sink) -> Option<Vec<GroupDecl>> {
    let kind = word(get(document, "kind"));
    if kind == "PrometheusRule" {
        let groups = get(document, "spec").and_then(|spec| get(spec, "groups"));
        return Some(read(items(groups), sink));
    }
    if kind == "List" || kind == "PrometheusRuleList" {
        let lists: Vec<_> = items(get(document, "items")).iter().filter_map(|item| groups(item, sink)).collect();
        return (!lists.is_empty()).then(|| lists.into_iter().flatten().collect());
    }
    let groups = get(document, "groups")?;
    is_rule_file(document, groups).then(|| read(items(Some(groups)), sink))
}

/// Whether `groups` is what Prometheus takes for rules; Grafana's own alerting has the same key.
fn is_rule_file(document: &Node, groups: &Node) -> bool {
    if get(document, "apiVersion").is_some() {
        return false;
    }
    let is_group = |node: &Node| get(node, "rules").is_some() || get(node, "name").is_some();
    match &groups.kind {
        NodeKind::Sequence(items) => items.is_empty() || items.iter().any(is_group),
        NodeKind::Scalar(scalar) => scalar.is_null(),
        NodeKind::Mapping(_) => false,
    }
}

fn read(nodes: &[Node], sink: &mut Sink) -> Vec<GroupDecl> {
    let mut names: BTreeMap<&str, Span> = BTreeMap::new();
    let mut groups = Vec::new();
    for node in nodes {
        let Some(entries) = entries(node, "a rule group", sink) else { continue };
        unknown_keys(entries, &GROUP_KEYS, "a rule group", sink);
        match text(get(node, "name")).filter(|name| !name.value.is_empty()) {
            None => sink.push(
                Diagnostic::new(Code::MissingKey, node.head(), "a rule group without a name")
                    .help("name it, as in `name: node-alerts`"),
            ),
            Some(name) => {
                if let Some(first) = names.get(name.value.as_str()) {
                    sink.push(same_group(name, *first));
                }
                names.entry(name.value.as_str()).or_insert(name.span);
            }
        }
        let rules = items(get(node, "rules")).iter().filter_map(|rule| self::rule(rule, sink)).collect();
        groups.push(GroupDecl { interval: text(get(node, "interval")).cloned(), rules });
    }
    groups
}

fn same_group(name: &Text, first: Span) -> Diagnostic {
    Diagnostic::new(Code::BadName, name.span, format!("two groups are named `{}`", name.value))
        .secondary(first, "the first one")
        .help("rename one of them, or join their rules")
}

fn rule(node: &Node, sink: &mut Sink) -> Option<RuleDecl> {
    let entries = entries(node, "a rule", sink)?;
    unknown_keys(entries, &RULE_KEYS, "a rule", sink);
    let named = |key: &str| text(get(node, key)).filter(|text| !text.value.is_empty());
    let (kind, name) = match (named("record"), named("alert")) {
        (Some(record), None) => (RuleKind::Record, record),
        (None, Some(alert)) => (RuleKind::Alert, alert),
        (None, None) => {
            let message = "a rule with neither `record` nor `alert`";
            sink.push(
                Diagnostic::new(Code::MissingKey, node.head(), message).help("name what it records or alerts on"),
            );
            return None;
        }
        (Some(record), Some(alert)) => {
            let message = "a rule with both `record` and `alert`";
            let diagnostic = Diagnostic::new(Code::InapplicableKey, alert.span, message);
            sink.push(diagnostic.secondary(record.span, "recorded here").help("make two rules of it"));
            return None;
        }
    };
    if kind == RuleKind::Record {
        for entry in entries.iter().filter(|entry| is_of_alerts(entry)) {
            let message = format!("a recording rule takes no `{}`", entry.key.value);
            sink.push(Diagnostic::new(Code::InapplicableKey, entry.key.span, message).help("remove it"));
        }
    }
    Some(RuleDecl {
        kind,
        name: name.clone(),
        expr: expr(node, sink),
        wait: text(get(node, "for")).cloned(),
        keep_firing_for: text(get(node, "keep_firing_for")).cloned(),
        labels: pairs(get(node, "labels"), sink),
        annotations: pairs(get(node, "annotations"), sink),
    })
}

/// Whether an entry says something that only alerts have.
fn is_of_alerts(entry: &Entry) -> bool {
    let is_written = match &entry.value.kind {
        NodeKind::Scalar(scalar) => !scalar.is_null() && scalar.text.value != "0s" && scalar.text.value != "0",
        NodeKind::Mapping(mapping) => !mapping.entries.is_empty(),
        NodeKind::Sequence(_) => true,
    };
    is_written && matches!(entry.key.value.as_str(), "for" | "keep_firing_for" | "annotations")
}

fn expr(node: &Node, sink: &mut Sink) -> Option<Text> {
    let found = get(node, "expr");
    let expr = text(found).filter(|expr| !expr.value.trim().is_empty());
    if expr.is_none() {
        sink.push(match found.filter(|found| !matches!(found.kind, NodeKind::Scalar(_))) {
            Some(found) => {
                let message = format!("expected an expression for `expr`, found {}", found.noun());
                Diagnostic::new(Code::WrongType, found.head(), message).help("put the expression into quotes")
            }
            None => Diagnostic::new(Code::MissingKey, node.head(), "a rule without an expression")
                .help("add `expr`, as in `expr: up == 0`"),
        });
    }
    expr.cloned()
}

/// The entries of a mapping, which anything else is refused for.
fn entries<'n>(node: &'n Node, noun: &str, sink: &mut Sink) -> Option<&'n [Entry]> {
    match &node.kind {
        NodeKind::Mapping(mapping) => Some(&mapping.entries),
        NodeKind::Scalar(_) | NodeKind::Sequence(_) => {
            let message = format!("expected a mapping for {noun}, found {}", node.noun());
            sink.push(Diagnostic::new(Code::WrongType, node.head(), message));
            None
        }
    }
}

fn unknown_keys(entries: &[Entry], known: &[&str], noun: &str, sink: &mut Sink) {
    for Entry { key, .. } in entries.iter().filter(|entry| !known.contains(&entry.key.value.as_str())) {
        let message = format!("unknown key `{}` in {noun}", key.value);
        let diagnostic = Diagnostic::new(Code::UnknownKey, key.span, message);
        sink.push(match suggest(&key.value, known.iter().copied()) {
            Some(close) => diagnostic.replace(format!("did you mean `{close}`?"), key.span, close),
            None => diagnostic.note("Prometheus refuses files with keys that it does not know"),
        });
    }
}

/// Names and values; a value that is not written is an empty one.
fn pairs(node: Option<&Node>, sink: &mut Sink) -> Vec<(Text, Text)> {
    let Some(NodeKind::Mapping(mapping)) = node.map(|node| &node.kind) else { return Vec::new() };
    let mut pairs = Vec::new();
    for entry in &mapping.entries {
        match &entry.value.kind {
            NodeKind::Scalar(scalar) => pairs.push((entry.key.clone(), scalar.text.clone())),
            NodeKind::Mapping(_) | NodeKind::Sequence(_) => {
                let message = format!("expected text for `{}`, found {}", entry.key.value, entry.value.noun());
                sink.push(Diagnostic::new(Code::WrongType, entry.value.head(), message));
            }
        }
    }
    pairs
}
