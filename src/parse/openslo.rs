//! The front end for OpenSLO.

use super::decl::SpecDecl;
use super::yaml::Node;
use crate::diag::{Code, Diagnostic, Sink};
use crate::source::Sources;

/// Reads all documents of OpenSLO in the whole input, in the order of the files; each node's span says which file it stands in.
///
/// Several specs may be of one service: they are joined afterwards, with the labels of each on its own SLOs.
pub(super) fn specs(_sources: &Sources, documents: Vec<Node>, sink: &mut Sink) -> Vec<SpecDecl> {
    for node in documents {
        let message = "a spec of OpenSLO, where a slosmith spec is expected";
        sink.push(Diagnostic::new(Code::ApiVersion, node.head(), message).help("write it as `slosmith/v1`"));
    }
    Vec::new()
}
