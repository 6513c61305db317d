//! What can be chosen at the top of a board.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::values::truth;
use crate::diag::{Code, Diagnostic, Sink, suggest};
use crate::model::{BoardVariable, BoardVariableKind, Choice, Duration};
use crate::parse::decl::{BoardVariableDecl, BoardVariableKindDecl};
use crate::promql::{Dialect, Expr, ExprKind, Matcher, accepts};
use crate::resolve::promql::{expression, place, typed, unbracketed};
use crate::source::{Span, Text};

/// Functions that Grafana has for the answers of a variable.
const FUNCTIONS: [&str; 4] = ["label_names", "label_values", "metrics", "query_result"];
/// What stands for all values unless something is written.
const ALL: SmolStr = SmolStr::new_static(".+");

/// Reads the variables of a board; skips those with problems.
pub(super) fn variables(decls: &[BoardVariableDecl], sink: &mut Sink) -> Vec<BoardVariable> {
    let mut first_of: BTreeMap<&str, Span> = BTreeMap::new();
    let mut variables = Vec::with_capacity(decls.len());
    for decl in decls {
        let name = decl.name.value.as_str();
        if let Some(first) = first_of.get(name) {
            let message = format!("two variables are named `{name}`");
            let diagnostic = Diagnostic::new(Code::BadVariable, decl.name.span, message);
            sink.push(diagnostic.secondary(*first, "the first one").help("rename one of them"));
            continue;
        }
        first_of.insert(name, decl.name.span);
        if is_name(&decl.name, sink) {
            variables.extend(variable(decl, sink));
        }
    }
    variables
}

fn is_name(text: &Text, sink: &mut Sink) -> bool {
    let name = text.value.as_str();
    let is_word = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let problem = if name == "datasource" {
        "every board has the variable `datasource` without being asked"
    } else if !is_word {
        "a variable's name has letters, digits and `_` only"
    } else if name.starts_with("__") {
        "names that begin with `__` are Grafana's own"
    } else {
        return true;
    };
    let diagnostic = Diagnostic::new(Code::BadVariable, text.span, problem);
    let meant: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let meant = meant.trim_matches('_').to_owned();
    sink.push(if name == "datasource" {
        diagnostic.help("remove it")
    } else if meant.is_empty() {
        diagnostic
    } else {
        diagnostic.replace(format!("write `{meant}`"), text.span, meant)
    });
    false
}

fn variable(decl: &BoardVariableDecl, sink: &mut Sink) -> Option<BoardVariable> {
    let kind = kind(decl, sink);
    let choice = if truth(decl.multi.as_ref(), "multi", sink) { Choice::Many } else { Choice::One };
    let all = match decl.all.as_ref().map(|text| text.value.as_str()) {
        Some("false") => None,
        Some("true") => Some(ALL),
        Some(pattern) => Some(pattern.into()),
        None => (choice == Choice::Many).then_some(ALL),
    };
    let kind = kind?;
    let is_choice = match &kind {
        BoardVariableKind::LabelValues(..) | BoardVariableKind::Query(_) | BoardVariableKind::Values(_) => true,
        BoardVariableKind::Interval(_) | BoardVariableKind::Constant(_) | BoardVariableKind::TextBox(_) => false,
    };
    for (key, text) in [("multi", &decl.multi), ("all", &decl.all)] {
        if let Some(text) = text.as_ref().filter(|_| !is_choice) {
            let message = format!("`{key}` means nothing for a variable that has one value");
            sink.push(Diagnostic::new(Code::InapplicableKey, text.span, message).help("remove it"));
        }
    }
    let variable = BoardVariable {
        name: decl.name.clone(),
        title: decl.title.as_ref().map_or_else(|| title(&decl.name.value), |text| text.value.as_str().into()),
        kind,
        choice,
        all: all.filter(|_| is_choice),
        default: decl.default.as_ref().map(|text| text.value.as_str().into()),
    };
    if let Some(default) = &decl.default {
        self::default(default, decl, &variable, sink);
    }
    Some(variable)
}

/// What is chosen at first has to be one of the values, as far as they are known.
fn default(text: &Text, decl: &BoardVariableDecl, variable: &BoardVariable, sink: &mut Sink) {
    let (value, name) = (text.value.as_str(), decl.name.value.as_str());
    match (&decl.kind, &variable.kind) {
        (_, BoardVariableKind::Values(values) | BoardVariableKind::Interval(values)) => {
            if values.iter().any(|known| known == value) {
                return;
            }
            let list = values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ");
            let message = format!("`{value}` is none of the values of `{name}`");
            let diagnostic = Diagnostic::new(Code::UnknownValue, text.span, message);
            sink.push(match suggest(value, values.iter().map(SmolStr::as_str)) {
                Some(meant) => diagnostic.replace(format!("did you mean `{meant}`?"), text.span, meant),
                None => diagnostic.note(format!("the values are {list}")),
            });
        }
        (_, BoardVariableKind::Constant(_) | BoardVariableKind::TextBox(_)) => {
            let message = format!("`default` means nothing for `{name}`, whose value is written already");
            sink.push(Diagnostic::new(Code::InapplicableKey, text.span, message).help("remove it"));
        }
        (
            BoardVariableKindDecl::LabelValues { selector: written, .. },
            BoardVariableKind::LabelValues(selector, label),
        ) => {
            let ExprKind::Selector(selector) = &selector.kind else { return };
            let excludes = |matcher: &&Matcher| matcher.label.value == *label && accepts(matcher, value) == Some(false);
            let Some(matcher) = selector.matchers.iter().find(excludes) else { return };
            let message = format!("`{name}` is never `{value}`");
            let diagnostic = Diagnostic::new(Code::UnknownValue, text.span, message);
            sink.push(
                diagnostic
                    .secondary(place(written, matcher.range), "this leaves it out")
                    .help("choose a value that the series of `label_values` can have"),
            );
        }
        (_, BoardVariableKind::LabelValues(..) | BoardVariableKind::Query(_)) => {}
    }
}

/// `error_class` as `Error class`.
fn title(name: &str) -> SmolStr {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn kind(decl: &BoardVariableDecl, sink: &mut Sink) -> Option<BoardVariableKind> {
    Some(match &decl.kind {
        BoardVariableKindDecl::LabelValues { selector, label } => {
            let label = label.as_ref().unwrap_or(&decl.name);
            BoardVariableKind::LabelValues(self::selector(selector, sink)?, label.value.as_str().into())
        }
        BoardVariableKindDecl::Query(text) => BoardVariableKind::Query(query(text, sink)?),
        BoardVariableKindDecl::Values(texts) => BoardVariableKind::Values(values(decl, texts, sink)?),
        BoardVariableKindDecl::Interval(texts) => {
            let durations: Option<Vec<_>> = texts.iter().map(|text| interval(text, sink)).collect();
            durations?;
            BoardVariableKind::Interval(values(decl, texts, sink)?)
        }
        BoardVariableKindDecl::Constant(text) => BoardVariableKind::Constant(text.value.as_str().into()),
        BoardVariableKindDecl::TextBox(text) => BoardVariableKind::TextBox(text.value.as_str().into()),
    })
}

fn interval(text: &Text, sink: &mut Sink) -> Option<Duration> {
    crate::resolve::durations::duration(text, sink)
}

fn values(decl: &BoardVariableDecl, texts: &[Text], sink: &mut Sink) -> Option<Vec<SmolStr>> {
    if texts.is_empty() {
        let message = format!("the variable `{}` has no value to choose", decl.name.value);
        sink.push(Diagnostic::new(Code::BadVariable, decl.name.span, message));
        return None;
    }
    if let Some(text) = texts.iter().find(|text| text.value.contains(',')) {
        let message = "a value of a variable cannot hold a comma, by which Grafana separates them";
        sink.push(Diagnostic::new(Code::BadVariable, text.span, message));
        return None;
    }
    Some(texts.iter().map(|text| text.value.as_str().into()).collect())
}

/// The series whose label values can be chosen.
fn selector(text: &Text, sink: &mut Sink) -> Option<Expr> {
    let typed = typed(text, Dialect::Dashboard, sink)?;
    let inner = unbracketed(&typed.expr);
    if let ExprKind::Selector(_) = &inner.kind {
        return Some(inner.clone());
    }
    let message = "`label_values` has to be the selector of the series that have the label";
    let diagnostic = Diagnostic::new(Code::NotASelector, text.span, message);
    sink.push(diagnostic.help("write it as `up{job=\"api\"}`; for anything else there is `query`"));
    None
}

/// A query in Grafana's own language of variables.
fn query(text: &Text, sink: &mut Sink) -> Option<SmolStr> {
    let value = text.value.trim();
    let inner = value.split_once('(').and_then(|(name, rest)| Some((name.trim(), rest.trim_end().strip_suffix(')')?)));
    let Some((name, inner)) = inner.filter(|(name, _)| FUNCTIONS.contains(name)) else {
        let message = "a query of a variable is none of Grafana's functions";
        let list = FUNCTIONS.map(|name| format!("`{name}(...)`")).join(", ");
        let diagnostic = Diagnostic::new(Code::BadVariable, text.span, message);
        sink.push(diagnostic.note(format!("these are {list}")));
        return None;
    };
    if name == "query_result" {
        let start = text.value.find('(').map_or(0, |at| at + 1);
        let range = u32::try_from(start).ok()?..u32::try_from(start + inner.len()).ok()?;
        expression(&text.slice(range), Dialect::Dashboard, sink)?;
    }
    Some(value.into())
}
