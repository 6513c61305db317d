//! Objects of Kubernetes: what they carry fits into them.

use crate::diag::{Code, Diagnostic, Sink};
use crate::ir::{KubernetesObject, ObjectKind};
use crate::source::Span;

/// The most bytes that a `ConfigMap` holds.
const MAX_CONFIG_MAP: usize = 1024 * 1024;

/// Checks that a board fits into its object; `origin` is what in the source it comes from.
///
/// # Panics
/// When a board that comes from nothing in the sources does not fit, which is a bug in slosmith.
pub fn object_size(object: &KubernetesObject, content: &str, origin: Option<Span>, sink: &mut Sink) {
    match object.kind {
        ObjectKind::ConfigMap { .. } if content.len() > MAX_CONFIG_MAP => {}
        ObjectKind::ConfigMap { .. }
        | ObjectKind::GrafanaDashboard { .. }
        | ObjectKind::GrafanaFolder { .. }
        | ObjectKind::PrometheusRule => return,
    }
    let Some(span) = origin else {
        panic!("a bug in slosmith: the board `{}` is too large for a ConfigMap", object.name)
    };
    let kib = content.len().div_ceil(1024);
    let message = format!("the board `{}` has {kib} KiB, more than the 1024 KiB of a ConfigMap", object.name);
    let diagnostic = Diagnostic::new(Code::ObjectTooLarge, span, message);
    sink.push(diagnostic.help("spread what it shows over several services or boards, or use `grafana-operator`"));
}
