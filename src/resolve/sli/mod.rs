//! Service level indicators, one file per family.

mod composite;
mod counter;
mod error_ratio;
mod gauge;
mod latency;
mod ranges;
mod ratio;
mod survival;

use crate::diag::Sink;
use crate::model::{LabelName, Name, Sli};
use crate::parse::decl::{SliDecl, SliFamilyDecl};

/// Reads an indicator; `groups` are the labels that each have a budget of their own.
pub(super) fn sli(decl: &SliDecl, service: &Name, groups: &[LabelName], sink: &mut Sink) -> Option<Sli> {
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
