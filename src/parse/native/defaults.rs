//! What lower levels inherit: owner, labels, links, severities, and the block `defaults`.

use super::alerting;
use crate::parse::decl::{DefaultsDecl, LinksDecl, OwnerDecl, ProfileDecl, SeverityLabelsDecl, WindowDecl};
use crate::parse::read::{Fields, Reader};
use crate::parse::yaml::NodeKind;

/// `defaults`; empty if absent.
pub(super) fn defaults(reader: &mut Reader<'_>, fields: &mut Fields) -> DefaultsDecl {
    let Some(mut inner) = reader.inner(fields, "defaults", "`defaults`") else {
        return DefaultsDecl::default();
    };
    let defaults = DefaultsDecl {
        profile: profile(reader, &mut inner),
        window: window(reader, &mut inner),
        scrape_interval: reader.text(&mut inner, "scrape_interval"),
        severity_labels: severity_labels(reader, &mut inner),
        owner: owner(reader, &mut inner),
        tier: reader.text(&mut inner, "tier"),
        mttr: reader.text(&mut inner, "mttr"),
        labels: reader.text_map(&mut inner, "labels"),
        links: links(reader, &mut inner),
        alerting: alerting::alerting(reader, &mut inner),
    };
    reader.finish(&inner);
    defaults
}

/// `profile: sloth` or `profile: {name: sloth, spec: sloth.slok.dev/v1}`.
fn profile(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<ProfileDecl> {
    let entry = fields.take("profile")?;
    match &entry.value.kind {
        NodeKind::Scalar(_) | NodeKind::Sequence(_) => {
            reader.text_of(entry, "a profile").map(|name| ProfileDecl { name, spec: None })
        }
        NodeKind::Mapping(_) => {
            let mut inner = reader.fields(entry.value, "`profile`")?;
            let name = reader.required_text(&mut inner, "name", "name: sloth");
            let spec = reader.text(&mut inner, "spec");
            reader.finish(&inner);
            Some(ProfileDecl { name: name?, spec })
        }
    }
}

/// `window: 28d` or `window: {calendar, timezone}`.
pub(super) fn window(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<WindowDecl> {
    let entry = fields.take("window")?;
    match &entry.value.kind {
        NodeKind::Scalar(_) | NodeKind::Sequence(_) => reader.text_of(entry, "a period").map(WindowDecl::Rolling),
        NodeKind::Mapping(_) => {
            let span = entry.value.span;
            let mut inner = reader.fields(entry.value, "`window`")?;
            let unit = reader.required_text(&mut inner, "calendar", "calendar: month");
            let timezone = reader.text(&mut inner, "timezone");
            reader.finish(&inner);
            Some(WindowDecl::Calendar { span, unit: unit?, timezone })
        }
    }
}

/// `owner: team` or `owner: {team, oncall, slack}`.
pub(super) fn owner(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<OwnerDecl> {
    let entry = fields.take("owner")?;
    match &entry.value.kind {
        NodeKind::Scalar(_) => {
            let team = reader.text_of(entry, "a team")?;
            Some(OwnerDecl { team, oncall: None, slack: None })
        }
        NodeKind::Mapping(_) | NodeKind::Sequence(_) => {
            let mut inner = reader.fields(entry.value, "`owner`")?;
            let team = reader.required_text(&mut inner, "team", "team: shop");
            let oncall = reader.text(&mut inner, "oncall");
            let slack = reader.text(&mut inner, "slack");
            reader.finish(&inner);
            Some(OwnerDecl { team: team?, oncall, slack })
        }
    }
}

/// `links`; empty if absent.
pub(super) fn links(reader: &mut Reader<'_>, fields: &mut Fields) -> LinksDecl {
    let Some(mut inner) = reader.inner(fields, "links", "`links`") else {
        return LinksDecl::default();
    };
    let links = LinksDecl {
        runbook: reader.text(&mut inner, "runbook"),
        alert_runbook: reader.text(&mut inner, "alert_runbook"),
        dashboard: reader.text(&mut inner, "dashboard"),
        repo: reader.text(&mut inner, "repo"),
        prometheus: reader.text(&mut inner, "prometheus"),
    };
    reader.finish(&inner);
    links
}

fn severity_labels(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<SeverityLabelsDecl> {
    let mut inner = reader.inner(fields, "severity_labels", "`severity_labels`")?;
    let labels =
        SeverityLabelsDecl { page: reader.text_map(&mut inner, "page"), ticket: reader.text_map(&mut inner, "ticket") };
    reader.finish(&inner);
    Some(labels)
}
