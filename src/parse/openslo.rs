//! The front end for OpenSLO: objects of all files, which refer to one another by name, become services with their SLOs.

mod alerting;
mod condition;
mod link;
mod metadata;
mod metric;
mod object;
mod objective;
mod policy;
mod sli;
mod slo;
mod target;
mod window;

use super::decl::SpecDecl;
use super::read::Reader;
use super::yaml::Node;
use crate::diag::Sink;
use crate::source::Sources;

/// Reads all documents of OpenSLO in the whole input, in the order of the files; each node's span says which file it stands in.
///
/// Several specs may be of one service: they are joined afterwards, with the labels of each on its own SLOs.
pub(super) fn specs(sources: &Sources, documents: Vec<Node>, sink: &mut Sink) -> Vec<SpecDecl> {
    let mut objects = object::Objects::default();
    for node in documents {
        let source = &sources.file(node.span.file).text;
        object::object(&mut Reader::foreign(source, sink), node, &mut objects);
    }
    link::specs(&objects, sink)
}
