//! An entry of `slos`.

use super::{alerting, defaults, sli};
use crate::diag::{Code, Diagnostic};
use crate::parse::decl::{BudgetDecl, OverrideDecl, SloDecl};
use crate::parse::read::{Fields, Reader};
use crate::parse::yaml::{Node, NodeKind};
use crate::source::Text;

/// Reads an SLO; all of it, so that its problems are reported even if it cannot be used.
pub(super) fn slo(reader: &mut Reader<'_>, node: Node) -> Option<SloDecl> {
    let span = node.span;
    let mut fields = reader.fields(node, "an SLO")?;
    let name = reader.required_text(&mut fields, "name", "name: availability");
    let description = reader.text(&mut fields, "description");
    let target = target(reader, &mut fields);
    let sli = sli::sli(reader, &mut fields);
    let window = defaults::window(reader, &mut fields);
    let budget = budget(reader, &mut fields);
    let group_by = reader.texts(&mut fields, "group_by");
    let overrides =
        reader.list(&mut fields, "overrides").into_iter().filter_map(|node| group_override(reader, node)).collect();
    let alerting = alerting::alerting(reader, &mut fields);
    let owner = defaults::owner(reader, &mut fields);
    let tier = reader.text(&mut fields, "tier");
    let labels = reader.text_map(&mut fields, "labels");
    let links = defaults::links(reader, &mut fields);
    let runbook = reader.text(&mut fields, "runbook");
    reader.finish(&fields);
    Some(SloDecl {
        span,
        name,
        description,
        target,
        sli,
        window,
        budget,
        group_by,
        overrides,
        alerting,
        owner,
        tier,
        labels,
        links,
        runbook,
    })
}

/// `target`, or `objective` by its other name.
fn target(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<Text> {
    let target = fields.take("target");
    let objective = fields.take("objective");
    match (target, objective) {
        (Some(target), Some(objective)) => {
            reader.report(
                Diagnostic::new(Code::DuplicateKey, objective.key.span, "`objective` is another name of `target`")
                    .secondary(target.key.span, "given here already")
                    .help("remove one of the two"),
            );
            reader.text_of(target, "a target")
        }
        (Some(entry), None) | (None, Some(entry)) => reader.text_of(entry, "a target"),
        (None, None) => {
            reader.missing(fields, "target", "target: 99.9%");
            None
        }
    }
}

/// `budget: {by: timeslices, slice: 1m}`.
fn budget(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<BudgetDecl> {
    const EXAMPLE: &str = "{by: timeslices, slice: 1m}";
    let entry = fields.take("budget")?;
    if let NodeKind::Scalar(_) = entry.value.kind {
        let found = entry.value.noun();
        let place = if found == "nothing" { entry.key.span } else { entry.value.span };
        let message = format!("expected a mapping for `budget`, found {found}");
        let diagnostic = Diagnostic::new(Code::WrongType, place, message);
        reader.report(diagnostic.help(format!("write `budget: {EXAMPLE}`; without the key, events are counted")));
        return None;
    }
    let mut inner = reader.mapping_of(entry, "`budget`")?;
    let span = inner.span;
    let by = reader.required_text(&mut inner, "by", "by: timeslices");
    let slice = reader.text(&mut inner, "slice");
    let no_data = reader.text(&mut inner, "no_data");
    let target = reader.text(&mut inner, "target");
    if slice.is_none() && by.as_ref().is_some_and(|by| by.value == "timeslices") {
        reader.missing(&inner, "slice", "slice: 1m");
    }
    reader.finish(&inner);
    Some(BudgetDecl { span, by: by?, slice, no_data, target })
}

fn group_override(reader: &mut Reader<'_>, node: Node) -> Option<OverrideDecl> {
    let span = node.span;
    let mut fields = reader.fields(node, "an override")?;
    if fields.key_span("match").is_none() {
        reader.missing(&fields, "match", "match: {region: eu}");
    }
    let matches = reader.text_map(&mut fields, "match");
    let target = target(reader, &mut fields);
    reader.finish(&fields);
    Some(OverrideDecl { span, matches, target: target? })
}
