//! `slosmith lint`: problems in rule files and dashboards, whoever wrote them.

use std::time::Instant;

use anyhow::{Result, bail};
use serde_json::json;

use slosmith::diag::{Diagnostic, Severity, render};
use slosmith::lint::{Counts, files};
use slosmith::{catalogues, load};

use super::Outcome;
use super::args::{Common, Format};
use super::terminal::{Terminal, counted};

/// Lints files and what lies in folders.
pub(crate) fn lint(paths: &[String], metrics: &[String], common: &Common, terminal: &Terminal) -> Result<Outcome> {
    let started = Instant::now();
    let mut sources = catalogues(metrics, |wanted| load::read(&common.directory, wanted))?;
    for file in load::foreign(&common.directory, paths)? {
        sources.add(file);
    }
    let linted = files(&sources);
    let counts = &linted.counts;
    terminal.problems(&linted.diagnostics, &sources)?;
    if counts.rule_files + counts.dashboards == 0 && linted.diagnostics.is_empty() {
        bail!(
            "there is no rule file and no dashboard in {}\nhelp: name a file or a folder with files that end in .yaml, .yml or .json",
            paths.iter().map(|path| format!("`{path}`")).collect::<Vec<_>>().join(", ")
        );
    }
    for id in &linted.templates {
        let path = &sources.file(*id).path;
        terminal.line(&format!("skipped `{path}`: a template, which can be checked once it is filled in"))?;
    }
    summary(counts, &linted.diagnostics, started.elapsed().as_millis(), terminal)?;
    let is_wrong = |it: &Diagnostic| common.deny_warnings || it.severity == Severity::Error;
    Ok(if linted.diagnostics.iter().any(is_wrong) { Outcome::Problems } else { Outcome::Fine })
}

fn summary(counts: &Counts, diagnostics: &[Diagnostic], milliseconds: u128, terminal: &Terminal) -> Result<()> {
    let errors = diagnostics.iter().filter(|it| it.severity == Severity::Error).count();
    match terminal.format() {
        Format::Json => terminal.object(&json!({
            "type": "summary",
            "errors": errors,
            "warnings": diagnostics.len() - errors,
            "rule_files": counts.rule_files,
            "dashboards": counts.dashboards,
            "expressions": counts.expressions,
            "skipped": counts.skipped,
            "milliseconds": milliseconds,
        })),
        Format::Human | Format::Github => {
            let skipped = match counts.skipped {
                0 => String::new(),
                skipped => format!(", {} skipped", counted(skipped, "other file")),
            };
            terminal.line(&format!(
                "{}, {}, {}: {} in {milliseconds} ms{skipped}",
                counted(counts.rule_files, "rule file"),
                counted(counts.dashboards, "dashboard"),
                counted(counts.expressions, "expression"),
                render::summary(diagnostics),
            ))
        }
    }
}
