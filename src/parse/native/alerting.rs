//! `alerting`: burn-rate tiers, alerts on the budget, alerts on missing data.

use super::word;
use crate::diag::{Code, Diagnostic};
use crate::parse::decl::{
    AlertExtrasDecl, AlertingDecl, BudgetLeftDecl, BurnDecl, BurnRateDecl, BurnTierDecl, ExhaustsInDecl, NoDataDecl,
};
use crate::parse::read::{Fields, Reader};
use crate::parse::yaml::{Node, NodeKind};

/// `alerting` of an SLO or of `defaults`.
pub(super) fn alerting(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<AlertingDecl> {
    let entry = fields.take("alerting")?;
    if let Some(text) = word(&entry.value)
        && text.value == "none"
    {
        let message = "expected a mapping for `alerting`, found `none`";
        let diagnostic = Diagnostic::new(Code::WrongType, entry.value.span, message);
        reader.report(diagnostic.replace("for no burn alerts, write", entry.value.span, "{burn: none}"));
        return None;
    }
    let mut inner = reader.mapping_of(entry, "`alerting`")?;
    let alerting = AlertingDecl {
        span: inner.span,
        name: reader.text(&mut inner, "name"),
        burn: burn(reader, &mut inner),
        min_errors: reader.text(&mut inner, "min_errors"),
        budget_left: reader
            .list(&mut inner, "budget_left")
            .into_iter()
            .filter_map(|node| budget_left(reader, node))
            .collect(),
        exhausts_in: exhausts_in(reader, &mut inner),
        no_data: no_data(reader, &mut inner),
        extras: extras(reader, &mut inner),
        page: extras_of(reader, &mut inner, "page"),
        ticket: extras_of(reader, &mut inner, "ticket"),
    };
    reader.finish(&inner);
    Some(alerting)
}

/// `labels` and `annotations`.
fn extras(reader: &mut Reader<'_>, fields: &mut Fields) -> AlertExtrasDecl {
    AlertExtrasDecl { labels: reader.text_map(fields, "labels"), annotations: reader.text_map(fields, "annotations") }
}

/// `page: {labels, annotations}`; empty if absent.
fn extras_of(reader: &mut Reader<'_>, fields: &mut Fields, severity: &'static str) -> AlertExtrasDecl {
    let Some(mut inner) = reader.inner(fields, severity, "the alerts of a severity") else {
        return AlertExtrasDecl::default();
    };
    let extras = extras(reader, &mut inner);
    reader.finish(&inner);
    extras
}

/// `burn: standard`, `burn: none`, or a list of tiers.
fn burn(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<BurnDecl> {
    let entry = fields.take("burn")?;
    let span = entry.value.span;
    match word(&entry.value).map(|text| text.value.as_str()) {
        Some("standard") => return Some(BurnDecl::Standard(span)),
        Some("none") => return Some(BurnDecl::None(span)),
        Some(other) => {
            let message = format!("expected `standard`, `none` or a list, found `{other}`");
            reader.report(Diagnostic::new(Code::UnknownValue, span, message));
            return None;
        }
        None => {}
    }
    if let NodeKind::Scalar(_) = entry.value.kind {
        let place = if span.start == span.end { entry.key.span } else { span };
        let message = "expected `standard`, `none` or a list for `burn`, found nothing";
        reader.report(Diagnostic::new(Code::WrongType, place, message).help("write `burn: none` for no burn alerts"));
        return None;
    }
    let tiers = reader.list_of(entry);
    Some(BurnDecl::Tiers(tiers.into_iter().filter_map(|node| tier(reader, node)).collect()))
}

fn tier(reader: &mut Reader<'_>, node: Node) -> Option<BurnTierDecl> {
    let span = node.span;
    let mut fields = reader.fields(node, "a tier")?;
    let severity = reader.required_text(&mut fields, "severity", "severity: page");
    let rate = rate(reader, &mut fields);
    let long = reader.required_text(&mut fields, "long", "long: 1h");
    let short = reader.required_text(&mut fields, "short", "short: 5m");
    reader.finish(&fields);
    Some(BurnTierDecl { span, severity: severity?, rate: rate?, long: long?, short: short? })
}

/// `budget` or `burn`, one of them.
fn rate(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<BurnRateDecl> {
    let budget_span = fields.key_span("budget");
    let burn_span = fields.key_span("burn");
    let budget = reader.text(fields, "budget");
    let burn = reader.text(fields, "burn");
    match (budget_span, burn_span) {
        (Some(first), Some(second)) => {
            reader.report(
                Diagnostic::new(Code::DuplicateKey, second, "`budget` and `burn` in one tier")
                    .secondary(first, "says already how fast")
                    .help("keep one of the two: `budget` is the share that goes within the long window, `burn` the factor"),
            );
        }
        (None, None) => reader.missing(fields, "budget", "budget: 2%"),
        (Some(_), None) | (None, Some(_)) => {}
    }
    budget.map(BurnRateDecl::Budget).or(burn.map(BurnRateDecl::Burn))
}

fn budget_left(reader: &mut Reader<'_>, node: Node) -> Option<BudgetLeftDecl> {
    let span = node.span;
    let mut fields = reader.fields(node, "an entry of `budget_left`")?;
    let below = reader.required_text(&mut fields, "below", "below: 25%");
    let severity = reader.required_text(&mut fields, "severity", "severity: ticket");
    let action = reader.text(&mut fields, "action");
    reader.finish(&fields);
    Some(BudgetLeftDecl { span, below: below?, severity: severity?, action })
}

fn exhausts_in(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<ExhaustsInDecl> {
    let mut inner = reader.inner(fields, "exhausts_in", "`exhausts_in`")?;
    let span = inner.span;
    let less_than = reader.required_text(&mut inner, "less_than", "less_than: 3d");
    let over = reader.text(&mut inner, "over");
    let severity = reader.required_text(&mut inner, "severity", "severity: ticket");
    reader.finish(&inner);
    Some(ExhaustsInDecl { span, less_than: less_than?, over, severity: severity? })
}

/// `no_data: off`, or a mapping.
fn no_data(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<NoDataDecl> {
    let entry = fields.take("no_data")?;
    let span = entry.value.span;
    match word(&entry.value).map(|text| text.value.as_str()) {
        Some("off" | "Off" | "OFF" | "false") => return Some(NoDataDecl::Off(span)),
        Some(other) => {
            let message = format!("expected `off` or a mapping, found `{other}`");
            reader.report(
                Diagnostic::new(Code::UnknownValue, span, message)
                    .help("write `no_data: {for: 10m, severity: ticket}`"),
            );
            return None;
        }
        None => {}
    }
    if let NodeKind::Scalar(_) = entry.value.kind {
        reader.text_of(entry, "`off` or a mapping");
        return None;
    }
    let mut inner = reader.fields(entry.value, "`no_data`")?;
    let wait = reader.text(&mut inner, "for");
    let severity = reader.text(&mut inner, "severity");
    reader.finish(&inner);
    Some(NoDataDecl::On { span, wait, severity })
}
