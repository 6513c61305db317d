//! Names that no metric has.

use crate::catalogue::Known;
use crate::diag::{Code, Diagnostic, Sink, slip, suggest};
use crate::promql::Selector;
use crate::promql::name::has_variable;
use crate::resolve::promql::place;
use crate::source::Text;

/// Certain where a catalogue says that it has every metric that begins so; worth a word where a known name is close.
pub(super) fn check(selector: &Selector, text: &Text, known: &Known, sink: &mut Sink) {
    let Some(name) = &selector.name else { return };
    let series = name.value.as_str();
    if has_variable(series) || known.is_made(series) || known.find(series).is_some() {
        return;
    }
    let names: Vec<String> = known.series().collect();
    let complete = known.complete_for(series);
    let word = first_word(series);
    let alike = names.iter().map(String::as_str).filter(|name| first_word(name) == word);
    let meant = if complete.is_some() { suggest(series, alike) } else { slip(series, alike) };
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
            let source = known.find(meant).map_or_else(|| "a rule".to_owned(), |found| format!("`{}`", found.file));
            diagnostic.note(format!("the closest name is from {source}")).replace(
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
