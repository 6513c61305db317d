//! `slosmith convert`: specs of other formats in slosmith's own language, or any specs as objects of OpenSLO.

use std::path::Path;

use anyhow::{Result, bail};

use slosmith::convert::Buckets;
use slosmith::diag::Severity;
use slosmith::parse::Format as Origin;
use slosmith::source::Wanted;
use slosmith::{Converted, Language, converted, gather, load, store};

use super::Outcome;
use super::args::{Common, Convert, Target};
use super::terminal::{Terminal, counted};

/// Prints the specs, or writes each into a file of its own; problems and what changes go to standard error.
pub(crate) fn convert(arguments: &Convert, common: &Common, terminal: &Terminal) -> Result<Outcome> {
    let Convert { paths, write, to, latency } = arguments;
    let buckets = if *latency { Buckets::Latency } else { Buckets::Counts };
    let language = match to {
        Target::Slosmith => Language::Native(buckets),
        Target::OpenSlo => Language::OpenSlo,
    };
    let gathered = gather(common.output.as_deref(), |wanted| match wanted {
        Wanted::Project | Wanted::Metrics(_) => load::read(&common.directory, wanted),
        Wanted::Inputs { .. } => load::foreign(&common.directory, paths),
    })?;
    let result = converted(&gathered.sources, language);
    terminal.problems_aside(&result.diagnostics, &gathered.sources)?;
    let is_wrong = |severity| severity == Severity::Error || common.deny_warnings;
    if result.diagnostics.iter().any(|problem| is_wrong(problem.severity)) {
        return Ok(Outcome::Problems);
    }
    if result.documents.is_empty() {
        let own = if result.own > 0 { ": all of it is in slosmith's own language already" } else { "" };
        bail!(
            "nothing to convert in {}{own}\nhelp: name files of Sloth, OpenSLO or Pyrra",
            paths.iter().map(|path| format!("`{path}`")).collect::<Vec<_>>().join(", ")
        );
    }
    match write {
        Some(folder) => write_files(&result, &common.directory.join(folder), terminal)?,
        None => print(&result, terminal)?,
    }
    match to {
        Target::Slosmith => report(&result, buckets, terminal)?,
        Target::OpenSlo => terminal.aside(&format!("{} as OpenSLO", size(&result)))?,
    }
    Ok(Outcome::Fine)
}

fn print(result: &Converted, terminal: &Terminal) -> Result<()> {
    let mut separator = "";
    for document in &result.documents {
        terminal.print(separator)?;
        terminal.print(&document.text)?;
        separator = "---\n";
    }
    Ok(())
}

/// Writes a file for each service; refuses if one of them is there.
fn write_files(result: &Converted, folder: &Path, terminal: &Terminal) -> Result<()> {
    let names: Vec<String> = result.documents.iter().map(|document| format!("{}.yaml", document.service)).collect();
    let texts = result.documents.iter().map(|document| document.text.as_str());
    let files: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(texts).collect();
    let folder = folder.strip_prefix(".").unwrap_or(folder);
    store::create(folder, &files)?;
    for (name, _) in files {
        terminal.line(&format!("created {}", folder.join(name).display()))?;
    }
    Ok(())
}

/// How much was converted.
fn size(result: &Converted) -> String {
    let slos = result.documents.iter().map(|document| document.slos).sum();
    format!("{} of {}", counted(slos, "SLO"), counted(result.documents.len(), "service"))
}

/// Says what was converted, and what of it behaves unlike in the tool that it comes from.
fn report(result: &Converted, buckets: Buckets, terminal: &Terminal) -> Result<()> {
    let from: Vec<&str> = result.formats.iter().map(|format| name(*format)).collect();
    terminal.aside(&format!("{} converted from {}", size(result), from.join(", ")))?;
    let but = match buckets {
        Buckets::Counts => "",
        Buckets::Latency => ", but for latencies whose bucket is missing",
    };
    terminal.aside(&format!("the rules are those of the original files, as slosmith compiles them{but}"))?;
    for format in &result.formats {
        terminal.aside(&format!("unlike with {}:", name(*format)))?;
        for difference in differences(*format) {
            terminal.aside(&format!("- {difference}"))?;
        }
    }
    Ok(())
}

fn name(format: Origin) -> &'static str {
    match format {
        Origin::Native => "slosmith",
        Origin::Sloth => "Sloth",
        Origin::OpenSlo => "OpenSLO",
        Origin::Pyrra => "Pyrra",
    }
}

/// What slosmith does otherwise than the tool that reads a format.
fn differences(format: Origin) -> &'static [&'static str] {
    match format {
        Origin::Native => &[],
        Origin::Sloth => &[
            "the period's error ratio of `total` and `bad` is failed events over all events, not the mean of the ratios of 5m",
            "a burn alert waits for 5 failed events of `total` and `bad`: set `alerting.min_errors: 0` for none",
            "missing data is an alert of its own, `SLONoData`, unless `no_data` is off",
        ],
        Origin::OpenSlo => &[
            "OpenSLO leaves to its readers how alerts are computed: each condition is a tier with a long and a short window",
            "a burn alert waits for 5 failed events of `total` with its part: set `alerting.min_errors: 0` for none",
        ],
        Origin::Pyrra => &[
            "series and labels have slosmith's names: boards and routes that read Pyrra's have to change",
            "burn alerts are called `SLOErrorBudgetBurnPage` and `SLOErrorBudgetBurnTicket`, and missing data `SLONoData`, unless `alerting.name` is set",
            "a burn alert waits for 5 failed events: set `alerting.min_errors: 0` for none",
        ],
    }
}
