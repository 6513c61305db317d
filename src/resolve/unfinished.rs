//! PromQL of entries that cannot be used for want of something else: read for its own problems.

use super::alert::condition;
use super::promql::{expression, matchers};
use crate::diag::Sink;
use crate::model::Duration;
use crate::parse::decl::UnfinishedDecl;
use crate::promql::Dialect;

/// Reports what is wrong with each; `scrape` is the scrape interval if one is declared.
pub(super) fn check(unfinished: &[UnfinishedDecl], scrape: Option<Duration>, sink: &mut Sink) {
    for decl in unfinished {
        match decl {
            UnfinishedDecl::Indicator(text) => drop(expression(text, Dialect::Sli, sink)),
            UnfinishedDecl::Matchers(key, text) => drop(matchers(text, key, sink)),
            UnfinishedDecl::Condition(text) => drop(condition(text, scrape, sink)),
        }
    }
}
