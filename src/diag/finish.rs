//! The last pass over the problems of a run: what is allowed, how bad the rest is, and the order.

use super::allow::{self, Comment};
use super::{Code, Diagnostic, Levels, Sink};
use crate::source::{Sources, Span};

/// The problems to show: sorted by file, place and code, each one once, without those that a comment or the project allows.
#[must_use]
pub fn finish(mut sink: Sink, sources: &Sources, levels: &Levels, comments: &[Comment]) -> Vec<Diagnostic> {
    let mut allows = allow::read(comments, sources, &mut sink);
    let had_errors = sink.has_errors();
    let rests = rests_of_cut_texts(&sink);
    let mut kept = Sink::default();
    for diagnostic in sink.into_vec() {
        let follows_from_cut =
            diagnostic.code == Code::PromqlSyntax && rests.iter().any(|rest| touches(*rest, &diagnostic));
        if !follows_from_cut && !allow::silences(&mut allows, &diagnostic) {
            kept.push(diagnostic);
        }
    }
    // After an error, the stages did not all run that might have found what is allowed.
    if !had_errors {
        allow::report_unused(&allows, &mut kept);
    }
    let mut diagnostics: Vec<Diagnostic> = kept.into_vec().into_iter().filter_map(|it| leveled(it, levels)).collect();
    diagnostics.sort_by(|one, other| key(one).cmp(&key(other)));
    diagnostics.dedup_by(|one, other| key(one) == key(other));
    diagnostics
}

/// What comments have left of expressions; that these are no PromQL follows from it.
fn rests_of_cut_texts(sink: &Sink) -> Vec<Span> {
    let cuts = sink.as_slice().iter().filter(|diagnostic| diagnostic.code == Code::CutByComment);
    cuts.flat_map(|cut| cut.secondary.iter().map(|label| label.span)).collect()
}

fn touches(rest: Span, diagnostic: &Diagnostic) -> bool {
    let place = diagnostic.primary.span;
    rest.file == place.file && rest.start <= place.start && place.end <= rest.end
}

fn leveled(mut diagnostic: Diagnostic, levels: &Levels) -> Option<Diagnostic> {
    let severity = levels.severity(diagnostic.code)?;
    // What a check has judged more mildly than its code stays so.
    if diagnostic.severity == diagnostic.code.severity() {
        diagnostic.severity = severity;
    }
    Some(diagnostic)
}

/// What problems are sorted by, and what the same problem has in common.
fn key(diagnostic: &Diagnostic) -> impl Ord {
    (diagnostic.primary.span, diagnostic.code, diagnostic.message.clone())
}
