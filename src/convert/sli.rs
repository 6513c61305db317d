//! What is measured.

use super::ratio::ratio;
use super::tree::{Entry, Value};
use super::{Buckets, latency};
use crate::model::{Duration, Sli};
use crate::parse::decl::{ComponentDecl, SliDecl, SliFamilyDecl};
use crate::promql::{Dialect, ParseOptions, parse, print};
use crate::source::Text;

/// `sli`; `model` is what was resolved from it.
pub(super) fn entry(decl: &SliDecl, model: Option<&Sli>, groups: &[Text], buckets: Buckets) -> Entry {
    let entries = match (&decl.raw, model) {
        // Events that turned out to be no rates.
        (Some(raw), Some(Sli::ErrorRatio(_))) => vec![expression("error_ratio", raw)],
        (Some(_) | None, _) => family(&decl.family, groups, buckets),
    };
    Entry::new("sli", Value::Map(entries), Some(decl.span))
}

fn family(decl: &SliFamilyDecl, groups: &[Text], buckets: Buckets) -> Vec<Entry> {
    match decl {
        SliFamilyDecl::Ratio { total, part } => match buckets {
            Buckets::Counts => ratio(total, &part.value, groups),
            Buckets::Latency => {
                latency::latency(total, &part.value, groups).unwrap_or_else(|| ratio(total, &part.value, groups))
            }
        },
        SliFamilyDecl::Latency { latency, under, histogram, bad_when } => {
            let kind = histogram.as_ref().filter(|kind| kind.value != "classic");
            let entries = [
                Some(expression("latency", latency)),
                Some(length("under", under)),
                kind.map(|kind| Entry::text("histogram", kind)),
                bad_when.as_ref().map(|matchers| expression("bad_when", matchers)),
            ];
            entries.into_iter().flatten().collect()
        }
        SliFamilyDecl::Up { up, across } => {
            let across = across.as_ref().filter(|across| across.value != "average");
            std::iter::once(expression("up", up)).chain(across.map(|across| Entry::text("across", across))).collect()
        }
        SliFamilyDecl::Value { value, good } => vec![expression("value", value), Entry::text("good", good)],
        SliFamilyDecl::ErrorRatio { error_ratio } => vec![expression("error_ratio", error_ratio)],
        SliFamilyDecl::Composite { composite, of } => vec![Entry::text("composite", composite), components(of)],
    }
}

/// PromQL as it was written, with the placeholder of this language.
pub(super) fn expression(key: &str, text: &Text) -> Entry {
    let value = with_window(text.value.trim_end());
    let value = if value.contains('\n') { laid_out(&value).unwrap_or(value) } else { value };
    let value = if value.contains('\n') { format!("{value}\n") } else { value };
    Entry::new(key, Value::Expression(value), Some(text.span))
}

/// An expression of several lines as the printer of PromQL lays it out, unless that would lose a comment.
fn laid_out(text: &str) -> Option<String> {
    if text.contains('#') {
        return None;
    }
    parse(text, &ParseOptions::new(Dialect::Sli)).ok().map(|expr| print(&expr))
}

/// The text with `$window` in place of `{{.window}}`.
fn with_window(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, inside, behind)) = placeholder(rest) {
        out.push_str(before);
        if inside.trim() == ".window" {
            out.push_str("$window");
        } else {
            out.push_str(&rest[before.len()..rest.len() - behind.len()]);
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// The text before the first `{{`, within the braces, and behind `}}`.
fn placeholder(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("{{")?;
    let (inside, behind) = rest.split_once("}}")?;
    Some((before, inside, behind))
}

/// A length of time in its shortest form.
fn length(key: &str, text: &Text) -> Entry {
    let value = Duration::parse(&text.value).map_or_else(|_| text.value.clone(), |length| length.to_string());
    Entry::new(key, Value::Word(value), Some(text.span))
}

/// `of: [a, b]`, or with weights `of: {a: 3, b: 1}`.
fn components(of: &[ComponentDecl]) -> Entry {
    let place = of.first().map(|component| component.reference.span);
    let names = || of.iter().map(|component| component.reference.value.clone());
    if of.iter().all(|component| component.weight.is_none()) {
        return Entry::new("of", Value::Texts(names().collect()), place);
    }
    let weight =
        |component: &ComponentDecl| component.weight.as_ref().map_or("1", |weight| weight.value.as_str()).to_owned();
    let weights = of.iter().map(|component| Value::Word(weight(component)));
    Entry::new("of", Value::Flow(names().zip(weights).collect()), place)
}

#[cfg(test)]
mod tests {
    use super::with_window;

    #[test]
    fn knows_the_placeholder_with_and_without_spaces() {
        let text = "rate(a[{{.window}}]) / rate(b[{{ .window }}]) + {{ x }} {{";
        assert_eq!(with_window(text), "rate(a[$window]) / rate(b[$window]) + {{ x }} {{");
    }
}
