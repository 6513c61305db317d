//! The metrics that a spec names.

use std::collections::BTreeSet;

use super::parsed;
use crate::parse::decl::{BoardDecl, RatioPartDecl, SliFamilyDecl, SpecDecl, UnfinishedDecl};
use crate::promql::{Dialect, visit};
use crate::source::Text;

/// The names of all series that the expressions of a spec select; of a latency SLI, the histogram.
#[must_use]
pub fn used_metrics(spec: &SpecDecl) -> BTreeSet<String> {
    let mut texts: Vec<(&Text, Dialect)> = Vec::new();
    for decl in spec.slos.iter().filter_map(|slo| slo.sli.as_ref()) {
        match &decl.family {
            SliFamilyDecl::Ratio { total, part } => {
                texts.push((total, Dialect::Sli));
                if let RatioPartDecl::Bad(text) | RatioPartDecl::Good(text) = &part.value {
                    texts.push((text, Dialect::Sli));
                }
            }
            SliFamilyDecl::Latency { latency: text, .. }
            | SliFamilyDecl::Up { up: text, .. }
            | SliFamilyDecl::Value { value: text, .. }
            | SliFamilyDecl::ErrorRatio { error_ratio: text } => texts.push((text, Dialect::Sli)),
            SliFamilyDecl::Composite { .. } => {}
        }
    }
    for alert in &spec.alerts {
        texts.extend([Some(&alert.expr), alert.or_absent.as_ref()].into_iter().flatten().map(|it| (it, Dialect::Rule)));
    }
    texts.extend(spec.dashboards.iter().flat_map(BoardDecl::queries).map(|text| (text, Dialect::Dashboard)));
    for decl in &spec.unfinished {
        match decl {
            UnfinishedDecl::Indicator(text) => texts.push((text, Dialect::Sli)),
            UnfinishedDecl::Condition(text) => texts.push((text, Dialect::Rule)),
            UnfinishedDecl::Matchers(..) => {}
        }
    }
    let mut names = BTreeSet::new();
    for expr in texts.into_iter().filter_map(|(text, dialect)| parsed(text, dialect)) {
        let selectors = visit::selectors(&expr).into_iter();
        names.extend(selectors.filter_map(|it| it.selector.name.as_ref()).map(|name| name.value.to_string()));
    }
    names
}
