//! Where a board cannot obey Grafana's dashboard-linter: its series have no `job` and `instance`, or all of them are meant.

use smol_str::SmolStr;

use super::FOLDER;
use crate::ir::Dashboard;
use crate::ir::dashboard::{LintException, LintRule, Panel, VariableKind, Visual};
use crate::promql::{DurationKind, Expr, ExprKind, MatchOp, Selector, visit};

/// Why boards of SLO series cannot.
const RECORDED: &str = "SLO series are recorded without job and instance.";
/// Why a board does not.
const WHOLE_BOARD: &str = "The board shows every job and instance.";
/// Why a rate has a range of its own.
const OWN_RANGE: &str = "The range is part of what the panel shows.";
/// Why a panel does not.
const WHOLE_PANEL: &str = "The panel shows every job and instance.";

/// The exceptions of a board; none for one in the folder of SLO boards, where the rules are left out as a whole.
#[must_use]
pub fn lint_exceptions(board: &Dashboard) -> Vec<LintException> {
    if board.folder == FOLDER {
        return Vec::new();
    }
    let mut exceptions = Vec::new();
    for (template, target, label) in [
        (LintRule::TemplateJob, LintRule::TargetJob, "job"),
        (LintRule::TemplateInstance, LintRule::TargetInstance, "instance"),
    ] {
        let exception = |rule, panel: Option<&Panel>, reason: &str| LintException {
            rule,
            board: board.title.clone(),
            panel: panel.map(|panel| panel.title.clone()),
            reason: reason.into(),
        };
        let is_choice = |kind: &VariableKind| match kind {
            VariableKind::LabelValues { .. } | VariableKind::Query { .. } => true,
            VariableKind::Datasource
            | VariableKind::Custom { .. }
            | VariableKind::Interval { .. }
            | VariableKind::Constant(_)
            | VariableKind::TextBox(_) => false,
        };
        if !board.variables.iter().any(|variable| variable.name == label && is_choice(&variable.kind)) {
            let is_recorded = board.panels().flat_map(exprs).flat_map(selectors).all(is_recorded);
            exceptions.push(exception(template, None, if is_recorded { RECORDED } else { WHOLE_BOARD }));
        }
        for panel in board.panels() {
            let without = |selector: &&Selector| !is_chosen(selector, label);
            let mut without = exprs(panel).flat_map(selectors).filter(without).peekable();
            if without.peek().is_some() {
                let reason = if without.all(is_recorded) { RECORDED } else { WHOLE_PANEL };
                exceptions.push(exception(target, Some(panel), reason));
            }
        }
    }
    for panel in board.panels().filter(|panel| is_looked_at(panel)) {
        if exprs(panel).any(has_own_range) {
            exceptions.push(LintException {
                rule: LintRule::TargetRateInterval,
                board: board.title.clone(),
                panel: Some(panel.title.clone()),
                reason: OWN_RANGE.into(),
            });
        }
    }
    exceptions.sort();
    exceptions.dedup();
    exceptions
}

/// Whether the linter looks at the ranges of a kind of panel.
fn is_looked_at(panel: &Panel) -> bool {
    match &panel.visual {
        Visual::Stat(_) | Visual::Gauge | Visual::Table(_) | Visual::StateTimeline | Visual::TimeSeries(_) => true,
        Visual::BarGauge | Visual::Heatmap(_) | Visual::Text(_) => false,
    }
}

/// Whether a rate is taken over another range than that which follows from the width of the screen.
fn has_own_range(expr: &Expr) -> bool {
    let mut found = false;
    visit::walk(expr, &mut |part| {
        if let ExprKind::Call(call) = &part.kind
            && matches!(call.function.value.as_str(), "rate" | "irate")
        {
            found |= call.args.iter().any(|argument| match &argument.kind {
                ExprKind::Matrix(matrix) => match &matrix.window.kind {
                    DurationKind::Variable(name) => name != "$__rate_interval",
                    _ => true,
                },
                _ => false,
            });
        }
    });
    found
}

fn exprs(panel: &Panel) -> impl Iterator<Item = &Expr> {
    panel.targets.iter().map(|target| &target.expr)
}

fn selectors(expr: &Expr) -> Vec<&Selector> {
    visit::selectors(expr).into_iter().map(|selected| selected.selector).collect()
}

/// Whether a series is recorded by the rules here, or is Prometheus's own of alerts.
fn is_recorded(selector: &Selector) -> bool {
    let name = selector.name.as_ref().map_or("", |name| name.value.as_str());
    name.starts_with("slo:") || ["slo_info", "sloth_slo_info", "ALERTS", "ALERTS_FOR_STATE"].contains(&name)
}

/// Whether a selector has exactly `label=~"$label"`.
fn is_chosen(selector: &Selector, label: &str) -> bool {
    let is_it = |value: &SmolStr| value.strip_prefix('$') == Some(label);
    selector
        .matchers
        .iter()
        .any(|matcher| matcher.label.value == label && matcher.op == MatchOp::Regex && is_it(&matcher.value.value))
}
