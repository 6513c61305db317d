//! The terminal: colour, formats, and the only place that prints.

use std::cell::RefCell;
use std::io::{self, ErrorKind, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use anyhow::{Result, anyhow};
use serde_json::{Value, json};
use terminal_size::{Width, terminal_size};

use slosmith::diag::{Diagnostic, Severity, render};
use slosmith::source::Sources;
use slosmith::{Compiled, Counts};

use super::args::{Colouring, Common, Format};

const RED: &str = "\x1b[31m";
const GREEN: &str = "\x1b[32m";
const CYAN: &str = "\x1b[36m";
const BOLD_RED: &str = "\x1b[1;31m";
const RESET: &str = "\x1b[0m";

/// The width of what is no terminal.
const DEFAULT_WIDTH: u16 = 120;

/// Where a command's words go: results to standard output, what is wrong to standard error.
///
/// With `--format json` and `github` everything goes to standard output, for the one program that reads it.
pub(crate) struct Terminal {
    format: Format,
    quiet: bool,
    deny_warnings: bool,
    out: RefCell<AutoStream<io::Stdout>>,
    error: RefCell<AutoStream<io::Stderr>>,
}

impl Terminal {
    /// The terminal as the command line wants it.
    pub(crate) fn new(common: &Common) -> Self {
        let choice = |automatic: ColorChoice| match common.color {
            Colouring::Auto => automatic,
            Colouring::Always => ColorChoice::Always,
            Colouring::Never => ColorChoice::Never,
        };
        let out = choice(AutoStream::choice(&io::stdout()));
        let error = choice(AutoStream::choice(&io::stderr()));
        Self {
            format: common.format,
            quiet: common.quiet,
            deny_warnings: common.deny_warnings,
            out: RefCell::new(AutoStream::new(io::stdout(), out)),
            error: RefCell::new(AutoStream::new(io::stderr(), error)),
        }
    }

    /// How to print.
    pub(crate) fn format(&self) -> Format {
        self.format
    }

    /// How many characters a line may have: as wanted, as the terminal is wide, or 120 where there is none.
    pub(crate) fn width(wanted: Option<u16>) -> usize {
        let found = || if io::stdout().is_terminal() { terminal_size().map(|(Width(width), _)| width) } else { None };
        usize::from(wanted.or_else(found).unwrap_or(DEFAULT_WIDTH))
    }

    /// Whether only problems are wanted.
    pub(crate) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Prints problems.
    pub(crate) fn problems(&self, diagnostics: &[Diagnostic], sources: &Sources) -> Result<()> {
        match self.format {
            Format::Human => self.write_error(&self.human(diagnostics, sources)),
            Format::Json => self.write_out(&render::json(diagnostics, sources)),
            Format::Github => self.write_out(&render::github(diagnostics, sources)),
        }
    }

    /// Prints problems where standard output is for something else.
    pub(crate) fn problems_aside(&self, diagnostics: &[Diagnostic], sources: &Sources) -> Result<()> {
        self.write_error(&match self.format {
            Format::Human => self.human(diagnostics, sources),
            Format::Json => render::json(diagnostics, sources),
            Format::Github => render::github(diagnostics, sources),
        })
    }

    fn human(&self, diagnostics: &[Diagnostic], sources: &Sources) -> String {
        if diagnostics.is_empty() {
            return String::new();
        }
        let colour = match self.error.borrow().current_choice() {
            ColorChoice::Never => render::Colour::Plain,
            ColorChoice::Always | ColorChoice::AlwaysAnsi | ColorChoice::Auto => render::Colour::Ansi,
        };
        render::human(diagnostics, sources, colour).trim_end().to_owned() + "\n\n"
    }

    /// Says how many problems keep the command from going on, and what that means.
    pub(crate) fn refused(&self, compiled: &Compiled, consequence: &str) -> Result<()> {
        let diagnostics = &compiled.diagnostics;
        let has_errors = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
        let denied = if has_errors || !self.deny_warnings { "" } else { " (--deny-warnings)" };
        let line = format!("{consequence} because of {}{denied}", render::summary(diagnostics));
        match self.format {
            Format::Human => self.write_error(&format!("{BOLD_RED}error{RESET}: {line}\n")),
            Format::Json => self.object(&summary(compiled, json!({}))),
            Format::Github => self.write_out(&format!("{line}\n")),
        }
    }

    /// Prints the closing line, or in JSON the closing object with more facts.
    pub(crate) fn summary(&self, compiled: &Compiled, line: &str, facts: Value) -> Result<()> {
        match self.format {
            Format::Human | Format::Github => self.line(line),
            Format::Json => self.object(&summary(compiled, facts)),
        }
    }

    /// Prints a line for people, unless they want problems only.
    pub(crate) fn line(&self, line: &str) -> Result<()> {
        if self.quiet || self.format == Format::Json {
            return Ok(());
        }
        self.write_out(&format!("{}\n", harmless(line)))
    }

    /// Prints a line for people where standard output may be for something else.
    pub(crate) fn aside(&self, line: &str) -> Result<()> {
        if self.quiet || self.format == Format::Json {
            return Ok(());
        }
        self.write_error(&format!("{}\n", harmless(line)))
    }

    /// Prints a line of a diff.
    pub(crate) fn diff_line(&self, line: &str) -> Result<()> {
        let colour = match line.as_bytes().first() {
            Some(b'+') => GREEN,
            Some(b'-') => RED,
            Some(b'@') => CYAN,
            _ => return self.line(line),
        };
        self.write_out(&format!("{colour}{}{RESET}\n", harmless(line)))
    }

    /// Prints a JSON object on a line of its own.
    pub(crate) fn object(&self, object: &Value) -> Result<()> {
        self.write_out(&format!("{object}\n"))
    }

    /// Prints a text as it is.
    pub(crate) fn print(&self, text: &str) -> Result<()> {
        self.write_out(text)
    }

    /// Says that something was asked for that does not exist.
    pub(crate) fn mistake(&self, message: &str, help: &str) {
        self.failure(&anyhow!("{message}\nhelp: {help}"));
    }

    /// Prints a failure: its causes, and after a line break what to do.
    pub(crate) fn failure(&self, error: &anyhow::Error) {
        let text = format!("{error:#}");
        let (message, help) = text.split_once("\nhelp: ").map_or((text.as_str(), None), |(m, h)| (m, Some(h)));
        // There is nobody left to tell if this cannot be printed either.
        let _ = match self.format {
            Format::Json => self.object(&json!({"type": "failure", "message": message, "help": help})),
            Format::Human | Format::Github => {
                let help = help.map(|help| format!("  {CYAN}help{RESET}: {}\n", harmless(help))).unwrap_or_default();
                self.write_error(&format!("{BOLD_RED}error{RESET}: {}\n{help}", harmless(message)))
            }
        };
    }

    /// Makes sure that everything has been printed.
    pub(crate) fn finish(&self) -> Result<()> {
        tolerant(self.out.borrow_mut().flush())
    }

    fn write_out(&self, text: &str) -> Result<()> {
        tolerant(self.out.borrow_mut().write_all(text.as_bytes()))
    }

    fn write_error(&self, text: &str) -> Result<()> {
        tolerant(self.error.borrow_mut().write_all(text.as_bytes()))
    }
}

/// A reader who has seen enough (`| head`) is no failure.
fn tolerant(result: io::Result<()>) -> Result<()> {
    match result {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(anyhow!("cannot print: {error}")),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// The closing object of `--format json`.
fn summary(compiled: &Compiled, facts: Value) -> Value {
    let errors = compiled.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
    let counts = &compiled.counts;
    let mut object = json!({
        "type": "summary",
        "errors": errors,
        "warnings": compiled.diagnostics.len() - errors,
        "services": counts.services,
        "slos": counts.slos,
        "recording_rules": counts.recording_rules,
        "alerts": counts.alerts,
        "dashboards": counts.dashboards,
        "runbooks": counts.runbooks,
    });
    if let (Some(object), Value::Object(facts)) = (object.as_object_mut(), facts) {
        object.extend(facts);
    }
    object
}

/// What was compiled: `20 services, 41 SLOs, ...`.
pub(crate) fn counts(counts: &Counts) -> String {
    let parts = [
        counted(counts.services, "service"),
        counted(counts.slos, "SLO"),
        counted(counts.recording_rules, "recording rule"),
        counted(counts.alerts, "alert"),
        counted(counts.dashboards, "dashboard"),
        counted(counts.runbooks, "runbook"),
    ];
    parts.join(", ")
}

/// A number with its noun, in the singular or the plural.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// A text without characters that act on a terminal.
pub(crate) fn harmless(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && !matches!(c, '\n' | '\t') { '\u{fffd}' } else { c }).collect()
}
