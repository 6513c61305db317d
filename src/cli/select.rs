//! The SLO that `SERVICE/SLO` on the command line names.

use anyhow::Result;

use slosmith::diag::{Severity, suggest};
use slosmith::model::{Service, Slo};
use slosmith::{gather, load, resolved};

use super::args::Common;
use super::terminal::Terminal;

/// Reads the services of a project; problems go to standard error. `None` if there is an error.
pub(crate) fn services(common: &Common, terminal: &Terminal) -> Result<Option<Vec<Service>>> {
    let sources = gather(common.output.as_deref(), |wanted| load::read(&common.directory, wanted))?.sources;
    let (services, diagnostics) = resolved(&sources);
    let errors: Vec<_> =
        diagnostics.into_iter().filter(|it| common.deny_warnings || it.severity == Severity::Error).collect();
    terminal.problems_aside(&errors, &sources)?;
    Ok(errors.is_empty().then_some(services))
}

/// The SLOs that a name means: one, or all of a service. `None` with a message if there are none.
pub(crate) fn select<'a>(services: &'a [Service], name: &str, terminal: &Terminal) -> Option<Vec<&'a Slo>> {
    let (service_name, slo_name) = name.split_once('/').map_or((name, None), |(service, slo)| (service, Some(slo)));
    if let Some((message, help)) = half(services, service_name, slo_name) {
        terminal.mistake(&message, &help);
        return None;
    }
    let Some(service) = services.iter().find(|service| service.name.as_str() == service_name) else {
        let close = suggestion(services, service_name, slo_name);
        terminal.mistake(&format!("there is no service `{service_name}`"), &close);
        return None;
    };
    let Some(slo_name) = slo_name else {
        if service.slos.is_empty() {
            terminal.mistake(&format!("the service `{service_name}` has no SLOs"), &listed(services));
            return None;
        }
        return Some(service.slos.iter().collect());
    };
    let found = service.slos.iter().find(|slo| slo.name.as_str() == slo_name);
    if found.is_none() {
        let names = || service.slos.iter().map(|slo| slo.name.as_str());
        let help = match suggest(slo_name, names()) {
            Some(close) => format!("did you mean `{service_name}/{close}`?"),
            None => format!("it has {}", quoted(names().map(|name| format!("{service_name}/{name}")))),
        };
        terminal.mistake(&format!("the service `{service_name}` has no SLO `{slo_name}`"), &help);
    }
    found.map(|slo| vec![slo])
}

/// What is wrong with a name that has nothing before its slash or behind it, and a way out.
fn half(services: &[Service], service: &str, slo: Option<&str>) -> Option<(String, String)> {
    match (service, slo) {
        ("", None) => Some(("expected a service, found nothing".to_owned(), listed(services))),
        ("", Some(slo)) => {
            let help = suggestion(services, slo, None);
            Some((format!("`/{slo}` has no service before its slash"), help))
        }
        (service, Some("")) => {
            let help = if services.iter().any(|it| it.name.as_str() == service) {
                format!("write `{service}` for all of its SLOs, or name one behind the slash")
            } else {
                suggestion(services, service, None)
            };
            Some((format!("`{service}/` has no SLO behind its slash"), help))
        }
        (_, Some(_) | None) => None,
    }
}

/// What was probably meant: a service, or an SLO by its id or name alone.
fn suggestion(services: &[Service], name: &str, slo: Option<&str>) -> String {
    let all = || services.iter().flat_map(|service| &service.slos);
    if let Some(slo) = all().find(|it| it.id == name || it.name.as_str() == name) {
        return format!("did you mean `{}/{}`?", slo.service, slo.name);
    }
    match suggest(name, services.iter().map(|service| service.name.as_str())) {
        Some(close) => match slo {
            Some(slo) => format!("did you mean `{close}/{slo}`?"),
            None => format!("did you mean `{close}`?"),
        },
        None => listed(services),
    }
}

fn listed(services: &[Service]) -> String {
    let names: Vec<_> =
        services.iter().filter(|service| !service.slos.is_empty()).map(|service| service.name.to_string()).collect();
    if names.is_empty() {
        return "`slosmith init` starts a project with an SLO".to_owned();
    }
    format!("services with SLOs are {}", quoted(names.into_iter()))
}

/// The first of some names in backticks, and how many more there are.
fn quoted(names: impl Iterator<Item = String>) -> String {
    const MOST: usize = 12;
    let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
    let shown = names.iter().take(MOST).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > MOST { format!("{shown} and {} more", names.len() - MOST) } else { shown }
}
