//! `slosmith metrics`: what a `/metrics` page tells, written into the metric catalogue.

use anyhow::{Result, bail};

use slosmith::catalogue::{Catalogue, Problem, Remarks, exposition, merge};
use slosmith::diag::{Levels, Sink, finish};
use slosmith::source::Sources;
use slosmith::{emit, load, parse, store};

use super::Outcome;
use super::args::{Common, Metrics};
use super::input;
use super::pull;
use super::terminal::{Terminal, counted};

/// What a new catalogue begins with.
const HEADER: &str = "# The metrics that expressions may use, for checks without a server. `slosmith metrics` adds to it and keeps the rest.";

/// Reads metrics into a catalogue.
pub(crate) fn metrics(command: &Metrics, common: &Common, terminal: &Terminal) -> Result<Outcome> {
    match command {
        Metrics::Read { files, to } => read(files, &to.to, common, terminal),
        Metrics::Pull(arguments) => write(pull::pull(arguments, common, terminal)?, &arguments.to.to, common, terminal),
    }
}

fn read(files: &[String], to: &str, common: &Common, terminal: &Terminal) -> Result<Outcome> {
    let mut all = Catalogue::default();
    let mut problems = Vec::new();
    for path in files {
        let file = input::text(path, "give the text of a /metrics page", common)?;
        let (catalogue, found) = exposition(&file.text);
        if catalogue.metrics.is_empty() && found.is_empty() {
            bail!(
                "there are no metrics in `{}`\nhelp: was the page fetched? `curl -f` fails where it was not",
                file.path
            );
        }
        merge(&mut all, catalogue);
        problems.extend(found.into_iter().map(|problem| listed(&file.path, &problem)));
    }
    if !problems.is_empty() {
        bail!("{}\nhelp: give the text of a /metrics page; nothing is written", problems.join("\n"));
    }
    write(all, to, common, terminal)
}

fn listed(path: &str, problem: &Problem) -> String {
    format!("{path}:{}:{}: {}", problem.line, problem.column, problem.message)
}

/// Adds what was read to the catalogue, and writes or prints it.
fn write(read: Catalogue, to: &str, common: &Common, terminal: &Terminal) -> Result<Outcome> {
    let count = read.metrics.len();
    let mut catalogue = Catalogue::default();
    let mut remarks = Remarks { header: vec![HEADER.to_owned()], ..Remarks::default() };
    let found = if to == "-" { None } else { load::metrics(&common.directory, to)? };
    let before = found.as_ref().map(|file| file.text.clone());
    if let Some(file) = found {
        remarks = parse::metrics::remarks(&file.text);
        let mut sources = Sources::default();
        let mut sink = Sink::default();
        let id = sources.add(file);
        catalogue = parse::metrics::catalogue(&sources, id, &mut sink);
        if sink.has_errors() {
            let diagnostics = finish(sink, &sources, &Levels::default(), &[]);
            terminal.problems(&diagnostics, &sources)?;
            return Ok(Outcome::Problems);
        }
    }
    merge(&mut catalogue, read);
    let text = emit::metrics::metrics(&catalogue, &remarks);
    if to == "-" {
        terminal.print(&text)?;
        return Ok(Outcome::Fine);
    }
    let path = common.directory.join(to);
    if before.as_ref() != Some(&text) {
        store::replace(&path, &text)?;
    }
    let shown = path.strip_prefix(".").unwrap_or(&path).display();
    terminal.line(&format!("{} read, {} in {shown}", counted(count, "metric"), catalogue.metrics.len()))?;
    if before.is_none() {
        terminal
            .line(&format!("To have expressions checked against it, write `metrics: [{to}]` into the project file."))?;
    }
    Ok(Outcome::Fine)
}
