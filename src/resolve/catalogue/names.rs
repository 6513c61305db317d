//! Names that no metric has.

use crate::catalogue::{Known, is_built_in};
use crate::diag::{Code, Diagnostic, Sink, suggest};
use crate::promql::Selector;
use crate::resolve::promql::place;
use crate::source::Text;

/// Certain where a catalogue says that it has every metric that begins so; worth a word where a known name is close.
pub(super) fn check(selector: &Selector, text: &Text, known: &Known, sink: &mut Sink) {
    let Some(name) = &selector.name else { return };
    let series = name.value.as_str();
    if is_built_in(series) || known.find(series).is_some() {
        return;
    }
    let names: Vec<String> = known.series().collect();
    let word = first_word(series);
    let meant = suggest(series, names.iter().map(String::as_str).filter(|name| first_word(name) == word));
    let complete = known.complete_for(series);
    if meant.is_none() && complete.is_none() {
        return;
    }
    let span = place(text, name.range);
    let mut diagnostic = Diagnostic::new(Code::UnknownMetric, span, format!("no metric is called `{series}`"));
    if let Some((file, prefix)) = complete {
        diagnostic = diagnostic.note(format!("`{file}` has every metric that begins with `{prefix}`"));
    }
    sink.push(match meant {
        Some(meant) => {
            let file = known.find(meant).map_or("", |found| found.file);
            diagnostic.note(format!("the closest name is from `{file}`")).replace(
                format!("did you mean `{meant}`?"),
                span,
                meant,
            )
        }
        None => diagnostic.help("add it with `slosmith metrics read` if it is new"),
    });
}

/// A name up to its first `_`: exporters tell their metrics apart by it, so a slip there is another exporter.
fn first_word(name: &str) -> &str {
    name.split('_').next().unwrap_or(name)
}
