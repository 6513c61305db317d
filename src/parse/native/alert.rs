//! An entry of `alerts`: an alerting rule of Prometheus, unchanged, or with slosmith's own keys.

use super::on_call;
use crate::diag::{Code, Diagnostic};
use crate::parse::decl::{AlertDecl, AlertRunbookDecl, AlertTestDecl, UnfinishedDecl};
use crate::parse::read::{Fields, Reader};
use crate::parse::yaml::{Node, NodeKind};

/// Reads a cause alert.
pub(super) fn alert(reader: &mut Reader<'_>, node: Node) -> Option<AlertDecl> {
    let span = node.span;
    let mut fields = reader.fields(node, "an alert")?;
    if let Some(record) = fields.key_span("record") {
        let diagnostic = Diagnostic::new(Code::UnknownKey, record, "a recording rule, where an alert is expected");
        reader.report(diagnostic.help("keep it in a rule file of your own, beside the generated ones"));
        return None;
    }
    let alert = reader.required_text(&mut fields, "alert", "alert: ServiceDown");
    let expr = reader.required(&mut fields, "expr", "expr: up == 0").and_then(|entry| reader.expression_of(entry));
    let wait = reader.text(&mut fields, "for");
    let keep_firing_for = reader.text(&mut fields, "keep_firing_for");
    let severity = reader.text(&mut fields, "severity");
    let or_absent = reader.expression(&mut fields, "or_absent");
    let summary = reader.text(&mut fields, "summary");
    let description = reader.text(&mut fields, "description");
    let labels = reader.text_map(&mut fields, "labels");
    let annotations = reader.text_map(&mut fields, "annotations");
    let runbook = runbook(reader, &mut fields);
    let inhibits = on_call::inhibits(reader, &mut fields);
    let items = reader.list(&mut fields, "tests");
    let tests = items.into_iter().filter_map(|item| test(reader, item)).collect();
    reader.finish(&fields);
    let (alert, expr) = match (alert, expr) {
        (Some(alert), Some(expr)) => (alert, expr),
        (_, expr) => {
            reader.unfinished.extend(expr.into_iter().chain(or_absent).map(UnfinishedDecl::Condition));
            return None;
        }
    };
    Some(AlertDecl {
        span,
        alert,
        expr,
        wait,
        keep_firing_for,
        severity,
        or_absent,
        summary,
        description,
        labels,
        annotations,
        runbook,
        inhibits,
        tests,
    })
}

/// `{at, series, fires}`, and what may come along.
fn test(reader: &mut Reader<'_>, node: Node) -> Option<AlertTestDecl> {
    let mut fields = reader.fields(node, "a test")?;
    let name = reader.text(&mut fields, "name");
    let at = reader.required_text(&mut fields, "at", "at: 10m");
    let interval = reader.text(&mut fields, "interval");
    let series = reader.text_map(&mut fields, "series");
    let fires = reader.required_text(&mut fields, "fires", "fires: true");
    reader.finish(&fields);
    Some(AlertTestDecl { name, at: at?, interval, series, fires: fires? })
}

/// `runbook: topic` or `runbook: {topic, steps}`.
fn runbook(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<AlertRunbookDecl> {
    let entry = fields.take("runbook")?;
    match &entry.value.kind {
        NodeKind::Scalar(_) => {
            let topic = reader.text_of(entry, "a topic")?;
            Some(AlertRunbookDecl { topic: Some(topic), steps: Vec::new() })
        }
        NodeKind::Mapping(_) | NodeKind::Sequence(_) => {
            let mut inner = reader.fields(entry.value, "`runbook`")?;
            let topic = reader.text(&mut inner, "topic");
            let steps = reader.texts(&mut inner, "steps");
            reader.finish(&inner);
            Some(AlertRunbookDecl { topic, steps })
        }
    }
}
