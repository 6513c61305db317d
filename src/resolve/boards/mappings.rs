//! Words that stand for values and for ranges of them.

use rust_decimal::Decimal;

use super::values::is_color;
use crate::diag::{Code, Diagnostic, Sink};
use crate::model::PanelMapping;
use crate::source::Text;

/// Reads the words of a panel; a range goes up, and its ends are numbers.
pub(super) fn mappings(decls: &[(Text, Text)], sink: &mut Sink) -> Vec<PanelMapping> {
    for (value, _) in decls {
        range(value, sink);
    }
    decls.iter().map(mapping).collect()
}

/// `1: Up`, or `1: green Up`.
fn mapping((value, word): &(Text, Text)) -> PanelMapping {
    let text = word.value.trim();
    let colored = text.split_once(' ').filter(|(color, _)| is_color(color));
    let (color, word) = colored.map_or((None, text), |(color, word)| (Some(color.into()), word.trim()));
    PanelMapping { value: value.value.as_str().into(), word: word.into(), color }
}

/// Reports a range that holds nothing; an end that is left out is open.
fn range(text: &Text, sink: &mut Sink) {
    let Some((from, to)) = text.value.split_once("..").map(|(from, to)| (from.trim(), to.trim())) else { return };
    let ends = [from, to].map(|end| Decimal::from_str_exact(end).ok());
    let wrong = [from, to].into_iter().zip(ends).find(|(end, number)| !end.is_empty() && number.is_none());
    if let Some((end, _)) = wrong {
        let message = format!("the end `{end}` of the range `{}` is no number", text.value);
        let diagnostic = Diagnostic::new(Code::BadNumber, text.span, message);
        sink.push(diagnostic.help("write a range as `1..5`, or as `5..` where an end is open"));
        return;
    }
    if let [Some(least), Some(most)] = ends
        && least > most
    {
        let message = format!("the range `{}` goes down, so that no value is in it", text.value);
        let diagnostic = Diagnostic::new(Code::BadNumber, text.span, message);
        let meant = format!("{to}..{from}");
        sink.push(diagnostic.replace(format!("write `{meant}`"), text.span, text.written(&meant)));
    }
}
