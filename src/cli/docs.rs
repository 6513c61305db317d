//! `slosmith docs`: the runbook pages as a static site.

use std::path::Path;
use std::time::Instant;

use anyhow::Result;
use serde_json::json;

use slosmith::store::Build;
use slosmith::{gather, load, site_into};

use super::Outcome;
use super::args::Common;
use super::project::is_refused;
use super::terminal::{Terminal, counted};

/// Writes the site into a folder, from the project's root; any error writes nothing.
pub(crate) fn docs(folder: &Path, common: &Common, terminal: &Terminal) -> Result<Outcome> {
    let started = Instant::now();
    let gathered = gather(common.output.as_deref(), |wanted| load::read(&common.directory, wanted))?;
    let site = Build::new(&common.directory.join(folder));
    let compiled = site_into(&gathered.sources, &site);
    terminal.problems(&compiled.diagnostics, &gathered.sources)?;
    if is_refused(&compiled, common) {
        terminal.refused(&compiled, "nothing is written")?;
        return Ok(Outcome::Problems);
    }
    let done = site.finish()?;
    let milliseconds = started.elapsed().as_millis();
    let line = format!(
        "{} in `{}`: {} written, {} unchanged, {} removed in {milliseconds} ms",
        counted(compiled.fingerprints.len(), "file"),
        folder.display(),
        done.written,
        done.unchanged,
        done.removed,
    );
    let object = json!({
        "written": done.written, "unchanged": done.unchanged, "removed": done.removed, "milliseconds": milliseconds,
    });
    terminal.summary(&compiled, &line, object)?;
    Ok(Outcome::Fine)
}
