//! `alerting`: the name, labels and annotations of the burn-rate alerts, and which of the two there are.

use std::sync::Arc;

use super::Dialect;
use crate::diag::{Code, Diagnostic};
use crate::parse::decl::{AlertExtrasDecl, AlertingDecl, BurnDecl, CatalogueDecl, NoDataDecl};
use crate::parse::read::{Fields, Reader};
use crate::source::Text;

/// Whether an alert is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Alert {
    Written,
    Disabled,
}

/// Reads how an SLO alerts.
pub(super) fn alerting(reader: &mut Reader<'_>, fields: &mut Fields, dialect: &Dialect<'_>) -> Option<AlertingDecl> {
    let entry = reader.demanded(fields, "alerting", "alerting: {name: ErrorBudgetBurn}")?;
    let key = entry.key.span;
    let mut inner = reader.written(entry.value, "`alerting`")?;
    let name_entry = inner.take("name");
    let name = name_entry.and_then(|entry| reader.text_of(entry, "text"));
    let extras = extras(reader, &mut inner);
    let (page_alert, page) = alert(reader, &mut inner, dialect.keys.page_alert);
    let (ticket_alert, ticket) = alert(reader, &mut inner, dialect.keys.ticket_alert);
    reader.pass_over(&inner, "Sloth");
    let disabled = [(page_alert, "page"), (ticket_alert, "ticket")].into_iter();
    let without: Vec<&'static str> =
        disabled.filter(|(alert, _)| *alert == Alert::Disabled).map(|(_, severity)| severity).collect();
    let span = inner.span;
    let name = if without.len() < 2 { named(reader, name, &inner, key) } else { None };
    let catalogue = CatalogueDecl { span: key, without, windows: Arc::clone(dialect.windows) };
    let is_silent = catalogue.without.len() == 2;
    let mut alerting = AlertingDecl::new(span);
    alerting.name = name;
    alerting.burn = Some(if is_silent { BurnDecl::None(key) } else { BurnDecl::Catalogue(catalogue) });
    alerting.no_data = (ticket_alert == Alert::Disabled).then_some(NoDataDecl::Off(key));
    alerting.extras = extras;
    alerting.page = page;
    alerting.ticket = ticket;
    Some(alerting)
}

/// The name, which alerts that are written need.
fn named(reader: &mut Reader<'_>, name: Option<Text>, fields: &Fields, key: crate::source::Span) -> Option<Text> {
    if let Some(name) = &name
        && !name.value.is_empty()
    {
        return Some(name.clone());
    }
    let place = name.map_or(key, |name| name.span);
    if fields.is_misspelt("name") {
        return None;
    }
    let diagnostic = Diagnostic::new(Code::MissingKey, place, "`alerting` without a name for its alerts");
    reader.report(diagnostic.help("add `name`, or set `disable: true` for both alerts"));
    None
}

fn extras(reader: &mut Reader<'_>, fields: &mut Fields) -> AlertExtrasDecl {
    AlertExtrasDecl { labels: reader.text_map(fields, "labels"), annotations: reader.text_map(fields, "annotations") }
}

/// One of the two alerts.
fn alert(reader: &mut Reader<'_>, fields: &mut Fields, key: &'static str) -> (Alert, AlertExtrasDecl) {
    let Some(mut inner) = reader.written_in(fields, key, "an alert of Sloth") else {
        return (Alert::Written, AlertExtrasDecl::default());
    };
    let disable = reader.text(&mut inner, "disable");
    let extras = extras(reader, &mut inner);
    reader.pass_over(&inner, "Sloth");
    let alert = match disable.as_ref().map(|text| text.value.as_str()) {
        // Sloth reads the booleans of YAML 1.1.
        Some("true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON") => Alert::Disabled,
        None | Some("false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF") => Alert::Written,
        Some(other) => {
            let message = format!("expected `true` or `false` for `disable`, found `{other}`");
            let place = disable.as_ref().map_or(inner.span, |text| text.span);
            reader.report(Diagnostic::new(Code::WrongType, place, message));
            Alert::Written
        }
    };
    if alert == Alert::Written {
        return (alert, extras);
    }
    for (entry, _) in extras.labels.iter().chain(&extras.annotations).take(1) {
        let message = format!("labels and annotations of `{key}` have no effect, since it is disabled");
        reader.report(crate::parse::ignored::no_effect(entry.span, message).help("remove them"));
    }
    (alert, AlertExtrasDecl::default())
}
