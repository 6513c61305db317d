//! Variables that need their own value before they have one.

use std::collections::{BTreeMap, BTreeSet};

use super::part;
use super::uses::names;
use crate::circle::{Step, circle};
use crate::diag::{Code, Diagnostic, Sink};
use crate::parse::decl::{BoardVariableDecl, BoardVariableKindDecl};
use crate::source::{Span, Text};

/// Reports variables that read each other in a circle, or themselves; each circle once.
pub(super) fn check(decls: &[BoardVariableDecl], sink: &mut Sink) {
    let mut asked: BTreeMap<&str, &Text> = BTreeMap::new();
    for decl in decls {
        if let Some(text) = query(decl) {
            asked.entry(&decl.name.value).or_insert(text);
        }
    }
    let mut reported: BTreeSet<&str> = BTreeSet::new();
    for start in decls.iter().map(|decl| decl.name.value.as_str()) {
        if reported.contains(start) {
            continue;
        }
        if let Some(steps) = circle(start, |name| read_by(name, &asked)) {
            reported.extend(steps.iter().map(|(name, _)| *name));
            sink.push(diagnostic(&steps));
        }
    }
}

/// What Grafana asks for the values, which can hold other variables.
fn query(decl: &BoardVariableDecl) -> Option<&Text> {
    match &decl.kind {
        BoardVariableKindDecl::LabelValues { selector: text, .. } | BoardVariableKindDecl::Query(text) => Some(text),
        BoardVariableKindDecl::Values(_)
        | BoardVariableKindDecl::Interval(_)
        | BoardVariableKindDecl::Constant(_)
        | BoardVariableKindDecl::TextBox(_) => None,
    }
}

/// What the query of a variable reads, and where.
fn read_by<'a>(name: &str, asked: &BTreeMap<&'a str, &'a Text>) -> Vec<Step<'a, Span>> {
    let text = asked.get(name).into_iter();
    text.flat_map(|text| names(&text.value).into_iter().map(|(next, range)| (next, part(text, range)))).collect()
}

fn diagnostic(steps: &[Step<'_, Span>]) -> Diagnostic {
    let (first, place) = steps[0];
    if steps.len() == 1 {
        let message = format!("the variable `{first}` reads itself");
        return Diagnostic::new(Code::BadVariable, place, message)
            .note("it has no value before it is asked for, so that the choice stays empty")
            .help(format!("leave `${first}` out of its own query"));
    }
    let path: Vec<String> =
        steps.iter().map(|(name, _)| *name).chain([first]).map(|name| format!("`{name}`")).collect();
    let message = format!("variables read one another: {}", path.join(" -> "));
    let mut diagnostic = Diagnostic::new(Code::BadVariable, place, message);
    for (index, (name, place)) in steps.iter().enumerate().skip(1) {
        let (next, _) = steps[(index + 1) % steps.len()];
        diagnostic = diagnostic.secondary(*place, format!("`{name}` reads `{next}`"));
    }
    diagnostic
        .note("each waits for the value of another, so that none of them ever has one")
        .help("let the narrower choice read the wider one, and not the other way round")
}
