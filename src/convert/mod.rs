//! Specs of other formats in slosmith's own language, in its shortest form and with the comments of the original.
//!
//! What front ends read are declarations, whatever the format: one printer of these serves all of them. A shorter form is chosen
//! only where it compiles to the same rules.

mod alerting;
mod factor;
mod inherited;
mod latency;
pub mod openslo;
mod ratio;
mod remarks;
mod sli;
mod slo;
mod spec;
mod tree;

use crate::model::Service;
use crate::parse::decl::{DefaultsDecl, SpecDecl};
use crate::source::Sources;
use tree::Entry;

/// A spec in slosmith's own language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The service.
    pub service: String,
    /// How many SLOs it has.
    pub slos: usize,
    /// The text, which ends with a line break.
    pub text: String,
}

/// What becomes of ratios of a bucket to all events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Buckets {
    /// They stay what they are.
    Counts,
    /// They become latencies, whose rules do not take a missing bucket for failed events.
    Latency,
}

/// A document that is not text yet.
struct Draft {
    service: String,
    slos: usize,
    /// Comments that stand before everything.
    head: Vec<String>,
    /// Comments that stand behind everything.
    foot: Vec<String>,
    entries: Vec<Entry>,
}

/// Writes specs with what was resolved from them; `project` is what they inherit, which stays where it is.
#[must_use]
pub fn documents(
    specs: &[SpecDecl],
    services: &[Service],
    (project, buckets): (&DefaultsDecl, Buckets),
    sources: &Sources,
) -> Vec<Document> {
    let mut drafts: Vec<Draft> = specs.iter().map(|spec| draft(spec, services, project, buckets)).collect();
    remarks::attach(&mut drafts, sources);
    drafts
        .into_iter()
        .map(|draft| Document {
            text: tree::document(&draft.head, &draft.entries, &draft.foot),
            service: draft.service,
            slos: draft.slos,
        })
        .collect()
}

fn draft(spec: &SpecDecl, services: &[Service], project: &DefaultsDecl, buckets: Buckets) -> Draft {
    let resolved = services.iter().find(|service| service.span == spec.span);
    Draft {
        service: spec.service.as_ref().map(|name| name.value.clone()).unwrap_or_default(),
        slos: spec.slos.len(),
        head: Vec::new(),
        foot: Vec::new(),
        entries: spec::entries(spec, resolved, project, buckets),
    }
}
