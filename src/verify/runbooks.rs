//! Queries on runbook pages: each is one that Prometheus answers.

use crate::ir::Runbook;
use crate::promql::{CheckOptions, check, print};

/// Checks every query of some pages.
///
/// # Panics
/// When one is wrong: users' expressions were checked before anything was made of them, so the fault is ours.
pub fn runbook_queries(runbooks: &[Runbook]) {
    for runbook in runbooks {
        for query in &runbook.queries {
            if let Err(wrong) = check(&query.expr, &CheckOptions::everything()) {
                panic!("a bug in slosmith: a query of {} is wrong: {wrong:?} in\n{}", runbook.path, print(&query.expr));
            }
        }
    }
}
