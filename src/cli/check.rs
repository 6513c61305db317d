//! `slosmith check`: reports problems, then where the generated files differ from the specs.

use std::time::Instant;

use anyhow::Result;
use serde_json::json;
use similar::TextDiff;

use slosmith::store::{self, Comparison, Drift, MANIFEST};

use super::Outcome;
use super::args::{Caching, Common, Format};
use super::project::{Project, is_refused};
use super::terminal::{Terminal, counted, counts};

/// The most lines of diffs that are shown.
const MAX_DIFF_LINES: usize = 200;

/// The most bytes of a file that a diff is made for.
const MAX_DIFF_BYTES: usize = 512 * 1024;

/// The most files of one kind that are listed for people.
const MAX_LISTED: usize = 20;

/// Checks; writes nothing.
pub(crate) fn check(caching: &Caching, common: &Common, terminal: &Terminal) -> Result<Outcome> {
    let started = Instant::now();
    let (project, comparison) = Project::open(caching, common, Comparison::new)?;
    terminal.problems(&project.compiled.diagnostics, &project.sources)?;
    if is_refused(&project.compiled, common) {
        terminal.refused(&project.compiled, "the generated files are not compared")?;
        return Ok(Outcome::Problems);
    }
    let drift = comparison.map_or_else(|| Ok(Drift::default()), Comparison::finish)?;
    let milliseconds = started.elapsed().as_millis();
    let object = json!({
        "missing": drift.missing.len(), "changed": drift.changed.len(), "stale": drift.stale.len(),
        "milliseconds": milliseconds,
    });
    if drift.is_empty() {
        let files = counted(project.files, "file");
        let line = format!(
            "{}: {files} in `{}` up to date, checked in {milliseconds} ms",
            counts(&project.compiled.counts),
            project.output
        );
        terminal.summary(&project.compiled, &line, object)?;
        return Ok(Outcome::Fine);
    }
    report(&project, &drift, terminal)?;
    let count = drift.missing.len() + drift.changed.len() + drift.stale.len();
    let line = format!("{} in `{}` not up to date: run `slosmith build`", counted(count, "file"), project.output);
    terminal.summary(&project.compiled, &line, object)?;
    Ok(Outcome::Problems)
}

/// Lists the files that differ, then shows how.
fn report(project: &Project, drift: &Drift, terminal: &Terminal) -> Result<()> {
    for (kind, paths) in [("missing", &drift.missing), ("changed", &drift.changed), ("stale", &drift.stale)] {
        list(kind, paths, &project.output, terminal)?;
    }
    match terminal.format() {
        Format::Human if !terminal.is_quiet() => diffs(project, drift, terminal),
        Format::Human | Format::Json | Format::Github => Ok(()),
    }
}

fn list(kind: &str, paths: &[String], output: &str, terminal: &Terminal) -> Result<()> {
    let (shown, hidden) = match terminal.format() {
        Format::Human => paths.split_at(paths.len().min(MAX_LISTED)),
        Format::Json | Format::Github => (paths, [].as_slice()),
    };
    for path in shown {
        let file = format!("{output}/{path}");
        match terminal.format() {
            Format::Human => terminal.line(&format!("{kind:<8} {file}"))?,
            Format::Json => terminal.object(&json!({"type": "drift", "drift": kind, "file": file}))?,
            Format::Github => {
                let command = format!("::error file={file},title=drift::{kind}: run `slosmith build` and commit\n");
                terminal.print(&command)?;
            }
        }
    }
    if hidden.is_empty() { Ok(()) } else { terminal.line(&format!("{kind:<8} and {} more", hidden.len())) }
}

fn diffs(project: &Project, drift: &Drift, terminal: &Terminal) -> Result<()> {
    let mut left = MAX_DIFF_LINES;
    for path in worth_a_diff(drift) {
        if left == 0 {
            return terminal.line("\nmore files differ: `slosmith build`, then see what your version control says");
        }
        for line in diff(project, drift, path)?.lines().take(left) {
            terminal.diff_line(line)?;
            left -= 1;
        }
    }
    terminal.line("")
}

/// The manifest follows from the other files: its diff tells something only when it stands alone.
fn worth_a_diff(drift: &Drift) -> Vec<&str> {
    let changed: Vec<&str> = drift.changed.iter().map(String::as_str).collect();
    let others: Vec<&str> = changed.iter().copied().filter(|path| *path != MANIFEST).collect();
    let manifest_follows = !others.is_empty() || !drift.missing.is_empty() || !drift.stale.is_empty();
    if manifest_follows { others } else { changed }
}

fn diff(project: &Project, drift: &Drift, path: &str) -> Result<String> {
    let new = drift.texts.get(path).map_or("", String::as_str);
    let old = store::current(&project.folder, path)?;
    let shown = format!("{}/{path}", project.output);
    if old.len().max(new.len()) > MAX_DIFF_BYTES {
        return Ok(format!(
            "\n--- {shown}: {} bytes there, {} from the specs, too many for a diff\n",
            old.len(),
            new.len()
        ));
    }
    let diff = TextDiff::from_lines(old.as_str(), new);
    let text = diff.unified_diff().context_radius(3).header(&shown, &format!("{shown} (from the specs)")).to_string();
    Ok(format!("\n{text}"))
}
