//! Queries: their types, the series and labels they name, the variables they read.

use smol_str::SmolStr;

use super::of;
use crate::ir::Dashboard;
use crate::ir::dashboard::{Variable, VariableKind};
use crate::promql::{
    CheckOptions, DurationKind, Expr, Selector, ValueType, check as check_types, labels, print_line, visit,
};
use crate::verify::Recorded;

/// Checks every query of a board.
pub(super) fn check(board: &Dashboard, recorded: &Recorded, faults: &mut Vec<String>) {
    let mut checker = Checker { variables: &board.variables, recorded, options: CheckOptions::everything(), faults };
    for variable in &board.variables {
        if let VariableKind::LabelValues { selector, label, .. } = &variable.kind {
            checker.query(selector, &variable.name);
            checker.label(label, &variable.name);
        }
    }
    for annotation in &board.annotations {
        checker.query(&annotation.expr, &annotation.name);
    }
    for panel in board.panels() {
        for target in &panel.targets {
            checker.query(&target.expr, &panel.title);
            if let Some(legend) = &target.legend {
                checker.legend(legend, &target.expr, &panel.title);
            }
        }
    }
}

struct Checker<'a> {
    variables: &'a [Variable],
    recorded: &'a Recorded,
    options: CheckOptions,
    faults: &'a mut Vec<String>,
}

impl Checker<'_> {
    fn query(&mut self, expr: &Expr, place: &SmolStr) {
        match check_types(expr, &self.options) {
            Ok(ValueType::Vector | ValueType::Scalar) => {}
            wrong => {
                let text = print_line(expr);
                self.faults.push(format!("the query `{text}` {} has a wrong type: {wrong:?}", of(place)));
            }
        }
        for selected in visit::selectors(expr) {
            self.selector(selected.selector, place);
        }
        for (name, _) in visit::variables(expr) {
            self.variables_of(name, place);
        }
        for duration in visit::durations(expr) {
            if let DurationKind::Variable(name) = &duration.kind {
                self.variables_of(name, place);
            }
        }
    }

    fn selector(&mut self, selector: &Selector, place: &SmolStr) {
        match &selector.name {
            Some(name) => self.series(&name.value, place),
            None => self.faults.push(format!("a query {} names no series", of(place))),
        }
        for matcher in &selector.matchers {
            self.label(&matcher.label.value, place);
            self.variables_of(&matcher.value.value, place);
        }
    }

    /// A name of a series; with a variable, once for each of its values.
    fn series(&mut self, name: &str, place: &SmolStr) {
        let variable = variables_in(name).next();
        let Some(variable) = variable else {
            if !self.recorded.has_series(name) {
                self.faults.push(format!("nothing records `{name}`, which a query {} names", of(place)));
            }
            return;
        };
        match self.values_of(variable) {
            Some(values) => {
                let written = format!("${{{variable}}}");
                for value in values {
                    self.series(&name.replace(&written, &value), place);
                }
            }
            None => self.faults.push(format!("`${variable}` in a name {} has no fixed values", of(place))),
        }
    }

    fn values_of(&self, variable: &str) -> Option<Vec<SmolStr>> {
        let variable = self.variables.iter().find(|known| known.name == variable)?;
        match &variable.kind {
            VariableKind::Custom { values, .. } | VariableKind::Interval { values, .. } => Some(values.clone()),
            VariableKind::Datasource
            | VariableKind::LabelValues { .. }
            | VariableKind::Query { .. }
            | VariableKind::Constant(_)
            | VariableKind::TextBox(_) => None,
        }
    }

    fn label(&mut self, label: &str, place: &SmolStr) {
        if !self.recorded.has_label(label) {
            self.faults.push(format!("no series has the label `{label}`, which a query {} reads", of(place)));
        }
    }

    fn variables_of(&mut self, text: &str, place: &SmolStr) {
        for name in variables_in(text) {
            let is_known = name.starts_with("__") || self.variables.iter().any(|known| known.name == name);
            if !is_known {
                self.faults.push(format!("there is no variable `${name}`, which a query {} reads", of(place)));
            }
        }
    }

    /// A legend names labels that the answer can have.
    fn legend(&mut self, legend: &str, expr: &Expr, place: &SmolStr) {
        self.variables_of(legend, place);
        if !legend.contains("{{") {
            return;
        }
        let carried = labels::of(expr);
        for label in legend.split("{{").skip(1).filter_map(|rest| rest.split("}}").next()) {
            if !carried.may_have(label.trim()) {
                self.faults.push(format!("no answer to a query {} has the label `{label}` of its legend", of(place)));
            }
        }
    }
}

/// The names of `$name` and `${name}` in a text.
fn variables_in(text: &str) -> impl Iterator<Item = &str> {
    text.split('$').skip(1).filter_map(|rest| {
        let rest = rest.strip_prefix('{').unwrap_or(rest);
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        (end > 0).then(|| &rest[..end])
    })
}
