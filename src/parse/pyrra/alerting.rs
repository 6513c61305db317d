//! Which alerts an object of Pyrra asks for.

use super::super::decl::{AlertingDecl, BurnDecl, NoDataDecl, SloDecl};
use super::super::read::{Fields, Reader};
use crate::diag::{Code, Diagnostic};
use crate::source::Text;

/// Reads `alerting`; without it, the alerts are those of the project.
pub(super) fn alerting(reader: &mut Reader<'_>, fields: &mut Fields, slo: &mut SloDecl) {
    let Some(entry) = fields.take("alerting").filter(|entry| entry.value.noun() != "nothing") else { return };
    let Some(mut inner) = reader.mapping_of(entry, "`alerting`") else { return };
    let mut alerting = slo.alerting.take().unwrap_or_else(|| AlertingDecl::new(inner.span));
    alerting.span = inner.span;
    alerting.name = reader.text(&mut inner, "name").filter(|name| !name.value.is_empty());
    let disabled = switch(reader, &mut inner, "disabled");
    let burn_rates = switch(reader, &mut inner, "burnrates");
    let absent = switch(reader, &mut inner, "absent");
    let off = |switch: &Option<(bool, Text)>, off_at: bool| {
        switch.as_ref().filter(|(value, _)| *value == off_at).map(|(_, text)| text.span)
    };
    alerting.burn = off(&disabled, true).or(off(&burn_rates, false)).map(BurnDecl::None);
    alerting.no_data = off(&disabled, true).or(off(&absent, false)).map(NoDataDecl::Off);
    let ineffective = [
        (
            "absentName",
            "the alert on missing data is called `SLONoData` for every SLO, and the label `slo_id` tells which",
        ),
        (
            "severities",
            "what pages and what becomes a ticket goes by tier; the labels of both are set under `defaults.severity_labels` in the project file",
        ),
    ];
    for (key, why) in ineffective {
        if let Some(entry) = inner.take(key) {
            reader.no_effect(&[(entry.key.value, entry.key.span)], why);
        }
    }
    reader.finish(&inner);
    slo.alerting = Some(alerting);
}

/// Reads `true` or `false`.
fn switch(reader: &mut Reader<'_>, fields: &mut Fields, key: &'static str) -> Option<(bool, Text)> {
    let text = reader.text(fields, key)?;
    match text.value.as_str() {
        "true" | "True" | "TRUE" => Some((true, text)),
        "false" | "False" | "FALSE" => Some((false, text)),
        other => {
            let message = format!("expected `true` or `false` for `{key}`, found `{other}`");
            reader.report(Diagnostic::new(Code::UnknownValue, text.span, message));
            None
        }
    }
}
