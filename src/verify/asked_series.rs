//! Series of the kind that slosmith records, in the queries of boards and runbook texts that somebody wrote.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::Recorded;
use crate::diag::{Code, Diagnostic, Sink, suggest};
use crate::promql::{Expr, visit};
use crate::source::Text;

/// What the names of recorded series begin with.
const PREFIX: &str = "slo:";
/// What is known of SLOs, by either name.
const INFO: [&str; 2] = ["slo_info", "sloth_slo_info"];

/// Reports series that no rule records; names with variables are taken on trust.
pub fn asked_series(queries: &[(Text, Expr)], recorded: &Recorded, sink: &mut Sink) {
    for (text, expr) in queries {
        for selected in visit::selectors(expr) {
            let Some(name) = &selected.selector.name else { continue };
            let is_ours = name.value.starts_with(PREFIX) || INFO.contains(&name.value.as_str());
            if !is_ours || name.value.contains(['$', '[']) || recorded.has_series(&name.value) {
                continue;
            }
            let span = text.part(name.range.start..name.range.end);
            let message = format!("no rule records the series `{}`", name.value);
            let diagnostic = Diagnostic::new(Code::UnrecordedSeries, span, message);
            let known: BTreeSet<&SmolStr> = recorded.series().collect();
            sink.push(match suggest(&name.value, known.iter().map(|name| name.as_str())) {
                Some(meant) => diagnostic.replace(format!("did you mean `{meant}`?"), span, meant),
                None if known.is_empty() => diagnostic.note("there are no SLOs, whose rules record such series"),
                None => diagnostic.help("`docs/rules.md` lists what is recorded for each SLO"),
            });
        }
    }
}
