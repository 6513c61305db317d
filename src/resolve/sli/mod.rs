//! Service level indicators, one file per family.

mod composite;
mod counter;
mod error_ratio;
mod gauge;
mod latency;
mod ranges;
mod ratio;
mod survival;

use crate::diag::{Code, Severity, Sink};
use crate::model::{LabelName, Name, Sli};
use crate::parse::decl::{SliDecl, SliFamilyDecl};
use crate::source::Text;

/// Reads an indicator; `groups` are the labels that each have a budget of their own.
pub(super) fn sli(decl: &SliDecl, service: &Name, groups: &[LabelName], sink: &mut Sink) -> Option<Sli> {
    if let Some(raw) = &decl.raw {
        return counted_or_raw(decl, raw, service, groups, sink);
    }
    by_family(decl, service, groups, sink)
}

/// Reads an indicator whose events are counted, or if they are no rates, compared anew for each window.
fn counted_or_raw(decl: &SliDecl, raw: &Text, service: &Name, groups: &[LabelName], sink: &mut Sink) -> Option<Sli> {
    let mut problems = Sink::default();
    let counted = by_family(decl, service, groups, &mut problems);
    let errors = problems.as_slice().iter().filter(|problem| problem.severity == Severity::Error);
    if counted.is_none() && errors.clone().count() > 0 && errors.clone().all(|problem| problem.code == Code::NotARate) {
        let mut unheard = Sink::default();
        if let Some(ratio) = error_ratio::error_ratio(raw, groups, &mut unheard) {
            sink.append(unheard);
            return Some(ratio);
        }
    }
    sink.append(problems);
    counted
}

fn by_family(decl: &SliDecl, service: &Name, groups: &[LabelName], sink: &mut Sink) -> Option<Sli> {
    match &decl.family {
        SliFamilyDecl::Ratio { total, part } => ratio::ratio(total, part, groups, sink).map(Sli::Ratio),
        SliFamilyDecl::Latency { latency, under, histogram, bad_when } => {
            latency::latency(latency, under, histogram.as_ref(), bad_when.as_ref(), sink)
        }
        SliFamilyDecl::Up { up, across } => gauge::up(up, across.as_ref(), sink),
        SliFamilyDecl::Value { value, good } => gauge::value(value, good, groups, sink),
        SliFamilyDecl::ErrorRatio { error_ratio } => error_ratio::error_ratio(error_ratio, groups, sink),
        SliFamilyDecl::Composite { composite, of } => composite::composite(composite, of, service, groups, sink),
    }
}
