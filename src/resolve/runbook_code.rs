//! Code blocks of runbook texts: PromQL is checked like any other, commands are looked over for what breaks when pasted.

use crate::catalogue::Known;
use crate::diag::{Code, Diagnostic, Sink};
use crate::parse::runbook_text::{CodeBlock, RunbookText};
use crate::parse::shell::{self, Fault, FaultKind};
use crate::promql::lint::{Context, Role};
use crate::promql::{self, CheckOptions, Dialect, Expr, ParseOptions};
use crate::source::{BUILT_IN, Text};

use super::promql::typed_for;
use super::{catalogue, lint};

/// The words behind a fence that mean commands for a shell.
const SHELLS: [&str; 3] = ["sh", "bash", "shell"];

/// Checks the code blocks of all texts; the queries among them, for checks that need what the rules record.
#[must_use]
pub fn runbook_code(
    texts: &[RunbookText],
    known: &Known,
    targets: &CheckOptions,
    sink: &mut Sink,
) -> Vec<(Text, Expr)> {
    let mut queries = Vec::new();
    for text in texts.iter().filter(|text| !text.path.starts_with(BUILT_IN)) {
        let sections = text.sections.iter().map(|section| &section.body);
        for block in [&text.introduction].into_iter().chain(sections).flat_map(|body| &body.blocks) {
            match block.language.as_str() {
                "promql" => queries.extend(expressions(block).filter_map(|text| query(text, known, targets, sink))),
                language if SHELLS.contains(&language) => commands(&block.code, sink),
                _ => {}
            }
        }
    }
    queries
}

/// The expressions of a block: the whole of it, or one in each paragraph.
fn expressions(block: &CodeBlock) -> impl Iterator<Item = Text> {
    let code = &block.code;
    let is_one = promql::parse(&code.value, &ParseOptions::new(Dialect::Rule)).is_ok();
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut at = 0;
    for line in code.value.split_inclusive('\n') {
        if line.trim().is_empty() && !is_one {
            pieces.push((start, at));
            start = at + line.len();
        }
        at += line.len();
    }
    pieces.push((start, at));
    pieces.into_iter().filter_map(|(start, end)| {
        let piece = &code.value[start..end];
        let blank = piece.len() - piece.trim_start().len();
        let end = start + piece.trim_end().len();
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        (end > start).then(|| code.slice(offset(start + blank)..offset(end)))
    })
}

/// Reads a query with every check that an expression of a spec goes through.
fn query(text: Text, known: &Known, targets: &CheckOptions, sink: &mut Sink) -> Option<(Text, Expr)> {
    let typed = typed_for(&text, Dialect::Rule, targets, sink)?;
    lint::expression(&typed.expr, &text, &Context::new(Role::Query), sink);
    catalogue::expression(&typed.expr, &text, known, sink);
    Some((text, typed.expr))
}

fn commands(code: &Text, sink: &mut Sink) {
    for Fault { kind, start, end } in shell::faults(&code.value) {
        let span = super::part(code, start..end);
        let found = &code.value[start..end];
        let problem = |message: String| Diagnostic::new(Code::ShellSyntax, span, message);
        sink.push(match kind {
            FaultKind::Unclosed(what) => {
                problem(format!("the {what} is never closed")).help("a shell that gets this waits for the rest of it")
            }
            FaultKind::Unopened => problem(format!("`{found}` closes nothing")),
            FaultKind::NothingBefore => problem(format!("there is no command before `{found}`")),
            FaultKind::NothingBehind => problem(format!("there is no command behind `{found}`"))
                .help("a shell that gets this waits for the rest of it"),
            FaultKind::Placeholder => placeholder(code, start, end),
        });
    }
}

/// A word in angle brackets, which a shell takes for two redirections.
fn placeholder(code: &Text, start: usize, end: usize) -> Diagnostic {
    let span = super::part(code, start..end);
    let found = &code.value[start..end];
    let word = found.trim_matches(['<', '>']).replace(['-', ' ', '.'], "_").to_uppercase();
    let message = format!("a shell reads from a file in place of `{found}`");
    let problem = Diagnostic::new(Code::ShellPlaceholder, span, message);
    problem.replace(format!("write the placeholder as `{word}`"), span, word)
}
