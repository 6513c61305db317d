//! Grafana's variables in queries and texts: which are read, and whether they can stand there.

use std::collections::BTreeSet;
use std::ops::Range;

use smol_str::SmolStr;

use crate::diag::{Code, Diagnostic, Sink, suggest};
use crate::model::{BoardVariable, Choice};
use crate::promql::{self, CheckOptions, Dialect, DurationKind, Expr, MatchOp, Matcher, ParseOptions, Selector, visit};
use crate::resolve::promql::place;
use crate::source::{Span, Text};

/// The variables that Grafana has on every board.
const BUILT_IN: [&str; 15] = [
    "datasource",
    "__interval",
    "__interval_ms",
    "__rate_interval",
    "__rate_interval_ms",
    "__range",
    "__range_s",
    "__range_ms",
    "__from",
    "__to",
    "__dashboard",
    "__name",
    "__org",
    "__user",
    "timeFilter",
];

/// The variables of a board, and which of them are read.
pub(super) struct Uses<'a> {
    variables: &'a [BoardVariable],
    /// The names of all variables, those with problems included.
    declared: Vec<&'a str>,
    read: BTreeSet<String>,
}

/// Where a text stands, which decides what else it can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A query, title or text.
    Text,
    /// An address, where Grafana also fills in fields of what is clicked.
    Link,
}

/// The names of `$name`, `${name}`, `${name:format}` and `[[name]]` in a text, each with its bytes.
pub(super) fn names(text: &str) -> Vec<(&str, Range<usize>)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(['$', '[']).map(|offset| at + offset) {
        let rest = &text[start..];
        let opening = ["${", "[[", "$"].into_iter().find(|opening| rest.starts_with(opening));
        at = start + 1;
        let Some(opening) = opening else { continue };
        let name = &rest[opening.len()..];
        let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(name.len());
        let is_closed = match opening {
            "${" => name[end..].contains('}'),
            "[[" => name[end..].starts_with("]]") || name[end..].starts_with(':'),
            _ => true,
        };
        let name = &name[..end];
        if is_closed && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            let first = start + opening.len();
            found.push((name, first..first + end));
            at = first + end;
        }
    }
    found
}

impl<'a> Uses<'a> {
    pub(super) fn new(variables: &'a [BoardVariable], declared: Vec<&'a str>) -> Self {
        Self { variables, declared, read: BTreeSet::new() }
    }

    fn find(&self, name: &str) -> Option<&'a BoardVariable> {
        self.variables.iter().find(|variable| variable.name.value == name)
    }

    /// Notes the variables of a text, and reports those that are not there.
    pub(super) fn text(&mut self, text: &Text, place: Place, sink: &mut Sink) {
        for (name, range) in names(&text.value) {
            self.read.insert(name.to_owned());
            let is_filled = place == Place::Link && name.starts_with("__");
            if !is_filled && !BUILT_IN.contains(&name) && !self.declared.contains(&name) {
                sink.push(self.unknown(name, super::part(text, range)));
            }
        }
    }

    fn unknown(&self, name: &str, span: Span) -> Diagnostic {
        let diagnostic =
            Diagnostic::new(Code::UnknownVariable, span, format!("there is no variable `${name}` on this board"));
        let own = self.variables.iter().map(|variable| variable.name.value.as_str());
        match suggest(name, own.clone().chain(BUILT_IN)) {
            Some(meant) => diagnostic.replace(format!("did you mean `${meant}`?"), span, meant),
            None => diagnostic.help(format!(
                "add it to `variables`, for instance as `{{name: {name}, label_values: 'up{{job=\"api\"}}'}}`"
            )),
        }
    }

    /// The variable whose values a row or panel is repeated for.
    pub(super) fn repeat(&mut self, text: &Text, sink: &mut Sink) {
        let name = text.value.strip_prefix('$').unwrap_or(&text.value);
        self.read.insert(name.to_owned());
        match self.find(name) {
            None if self.declared.contains(&name) => {}
            None => sink.push(self.unknown(name, text.span)),
            Some(variable) if !variable.is_many() => {
                let message = format!("`{name}` has one value at a time, so that nothing is repeated");
                let diagnostic = Diagnostic::new(Code::MultiVariable, text.span, message);
                sink.push(
                    diagnostic.secondary(variable.name.span, "the variable").help("add `multi: true` to the variable"),
                );
            }
            Some(_) => {}
        }
    }

    /// Reports variables that nothing reads.
    pub(super) fn unused(&self, sink: &mut Sink) {
        for variable in self.variables.iter().filter(|variable| !self.read.contains(&variable.name.value)) {
            let message = format!("nothing on this board reads `${}`", variable.name.value);
            let diagnostic = Diagnostic::new(Code::UnusedVariable, variable.name.span, message);
            sink.push(
                diagnostic.note("a choice that changes nothing misleads").help("use it in a query, or remove it"),
            );
        }
    }

    /// Checks a query with each kind of value that its variables can have.
    pub(super) fn query(&mut self, text: &Text, expr: Option<&Expr>, sink: &mut Sink) {
        self.text(text, Place::Text, sink);
        let Some(expr) = expr else { return };
        let before = sink.as_slice().len();
        for selected in visit::selectors(expr) {
            self.selector(selected.selector, text, sink);
        }
        for (name, range) in visit::variables(expr) {
            self.single(name, place(text, range), "a number", sink);
        }
        for duration in visit::durations(expr) {
            if let DurationKind::Variable(name) = &duration.kind {
                self.single(name, place(text, duration.range), "a duration", sink);
            }
        }
        // Where several values cannot stand, nothing is left to say of them.
        let is_regular = sink.as_slice().len() == before;
        self.fixed_values(text, is_regular, sink);
    }

    fn selector(&self, selector: &Selector, text: &Text, sink: &mut Sink) {
        if let Some(name) = &selector.name {
            self.single(&name.value, place(text, name.range), "the name of a metric", sink);
        }
        for matcher in &selector.matchers {
            self.matcher(matcher, text, sink);
        }
    }

    /// Several values, or all of them, are a regular expression.
    fn matcher(&self, matcher: &Matcher, text: &Text, sink: &mut Sink) {
        let (sign, wanted) = match matcher.op {
            MatchOp::Equal => ("=", "=~"),
            MatchOp::NotEqual => ("!=", "!~"),
            MatchOp::Regex | MatchOp::NotRegex => return,
        };
        let many = names(&matcher.value.value)
            .into_iter()
            .find_map(|(name, _)| self.find(name).filter(|variable| variable.is_many()));
        let Some(variable) = many else { return };
        let name = &variable.name.value;
        let message = format!("`${name}` can be several values, which `{sign}` takes for one text");
        let operator = text.part(matcher.label.range.end..matcher.value.range.start);
        let diagnostic = Diagnostic::new(Code::MultiVariable, place(text, matcher.range), message);
        let diagnostic = diagnostic.secondary(variable.name.span, "several can be chosen here");
        sink.push(
            diagnostic
                .note(format!("Grafana writes several values as `(a|b)`, and all of them as `{}`", all_of(variable)))
                .replace(format!("match a regular expression with `{wanted}`"), operator, wanted),
        );
    }

    /// A place where only one value can stand.
    fn single(&self, written: &str, span: Span, what: &str, sink: &mut Sink) {
        for (name, _) in names(written) {
            let Some(variable) = self.find(name).filter(|variable| variable.is_many()) else { continue };
            let message = format!("`${name}` can be several values, where {what} has to be one");
            let diagnostic = Diagnostic::new(Code::MultiVariable, span, message);
            let diagnostic = diagnostic.secondary(variable.name.span, "several can be chosen here");
            sink.push(diagnostic.help("remove `multi` and `all` from the variable"));
        }
    }

    /// A query has to be PromQL with each of the values that a variable is known to have, with several, and with all.
    fn fixed_values(&self, text: &Text, can_be_many: bool, sink: &mut Sink) {
        let mut seen = BTreeSet::new();
        for (name, range) in names(&text.value) {
            let Some(variable) = self.find(name).filter(|_| seen.insert(name)) else { continue };
            let several = if can_be_many { several(variable) } else { Vec::new() };
            let values = variable.values().unwrap_or_default().iter().map(SmolStr::to_string);
            for value in values.chain(several) {
                let filled = fill(&text.value, name, &value);
                let parsed = promql::parse(&filled, &ParseOptions::new(Dialect::Dashboard));
                let checked = parsed.and_then(|expr| promql::check(&expr, &CheckOptions::everything()));
                if let Err(errors) = checked {
                    let reason = errors.first().map_or("", |error| error.message.as_str());
                    let message = format!("with `{value}` for `${name}` the query is no PromQL: {reason}");
                    let span = super::part(text, range.clone());
                    let diagnostic = Diagnostic::new(Code::BadVariable, span, message);
                    sink.push(diagnostic.secondary(variable.name.span, "the variable has this value"));
                    break;
                }
            }
        }
    }
}

/// What Grafana writes for several values, and for all of them.
fn several(variable: &BoardVariable) -> Vec<String> {
    let is_plain = |value: &&str| value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let known = variable.values().unwrap_or_default().iter().map(SmolStr::as_str).filter(is_plain);
    let two: Vec<&str> = known.chain(["a", "b"]).take(2).collect();
    let many = (variable.choice == Choice::Many).then(|| format!("({})", two.join("|")));
    many.into_iter().chain(variable.all.as_ref().map(SmolStr::to_string)).collect()
}

/// What stands for all values.
fn all_of(variable: &BoardVariable) -> &str {
    variable.all.as_deref().unwrap_or(".+")
}

/// A text with a value in place of a variable.
fn fill(text: &str, name: &str, value: &str) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut from = 0;
    for (_, range) in names(text).into_iter().filter(|(found, _)| *found == name) {
        let before = &text[from..range.start];
        let opening = ["${", "[[", "$"].into_iter().find(|opening| before.ends_with(opening)).unwrap_or("$");
        filled.push_str(&before[..before.len() - opening.len()]);
        filled.push_str(value);
        let rest = &text[range.end..];
        from = range.end
            + match opening {
                "${" => rest.find('}').map_or(0, |end| end + 1),
                "[[" => rest.find("]]").map_or(0, |end| end + 2),
                _ => 0,
            };
    }
    filled.push_str(&text[from..]);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_and_fills_variables() {
        let text = r#"rate(${m}_total{a=~"$b",c="x$"}[$__rate_interval]) + [[d]] + ${e:regex} $1 [5m]"#;
        let found: Vec<&str> = names(text).into_iter().map(|(name, _)| name).collect();
        assert_eq!(found, ["m", "b", "__rate_interval", "d", "e"]);
        assert_eq!(fill("a[$x] + ${x:raw} + [[x]] + $xy", "x", "5m"), "a[5m] + 5m + 5m + $xy");
    }
}
