//! `slosmith build`: compiles the project, and writes what changed.

use std::time::Instant;

use anyhow::Result;
use serde_json::json;

use slosmith::store::{Build, Written};

use super::Outcome;
use super::args::{Caching, Common};
use super::project::{Project, is_refused};
use super::terminal::{Terminal, counted, counts};

/// Builds; any error writes nothing.
pub(crate) fn build(caching: &Caching, common: &Common, terminal: &Terminal) -> Result<Outcome> {
    let started = Instant::now();
    let (project, under_way) = Project::open(caching, common, Build::new)?;
    terminal.problems(&project.compiled.diagnostics, &project.sources)?;
    if is_refused(&project.compiled, common) {
        terminal.refused(&project.compiled, "nothing is written")?;
        return Ok(Outcome::Problems);
    }
    let done = match under_way {
        Some(under_way) => under_way.finish()?,
        None => Written { unchanged: project.files, ..Written::default() },
    };
    let milliseconds = started.elapsed().as_millis();
    let line = format!(
        "{}: {} written, {} unchanged, {} removed in {milliseconds} ms",
        counts(&project.compiled.counts),
        counted(done.written, "file"),
        done.unchanged,
        done.removed,
    );
    let object = json!({
        "written": done.written, "unchanged": done.unchanged, "removed": done.removed, "milliseconds": milliseconds,
    });
    terminal.summary(&project.compiled, &line, object)?;
    Ok(Outcome::Fine)
}
