//! `slosmith show`: what an SLO promises, when its alerts fire, and what its rules cost.

mod json;
mod text;

use anyhow::Result;

use slosmith::forecast::{Assumptions, outlook};

use super::Outcome;
use super::args::{Common, Format, ShowArguments};
use super::select;
use super::terminal::Terminal;

/// Shows one SLO, or all of a service.
pub(crate) fn show(arguments: &ShowArguments, common: &Common, terminal: &Terminal) -> Result<Outcome> {
    let Some(services) = select::services(common, terminal)? else {
        return Ok(Outcome::Problems);
    };
    let Some(slos) = select::select(&services, &arguments.slo, terminal) else {
        return Ok(Outcome::Usage);
    };
    let assumptions =
        Assumptions { requests: arguments.requests, series: arguments.series, groups: arguments.groups.unwrap_or(1) };
    for (index, slo) in slos.into_iter().enumerate() {
        let outlook = outlook(slo, assumptions);
        match terminal.format() {
            Format::Json => terminal.object(&json::object(slo, &outlook))?,
            Format::Human | Format::Github => {
                let separator = if index == 0 { "" } else { "\n\n" };
                terminal
                    .print(&format!("{separator}{}", text::page(slo, &outlook, Terminal::width(arguments.width))))?;
            }
        }
    }
    Ok(Outcome::Fine)
}
