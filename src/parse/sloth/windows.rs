//! Catalogues of alert windows: the burn-rate tiers of every SLO with one period.

use super::API_VERSION;
use crate::diag::{Code, Diagnostic, Sink};
use crate::parse::decl::{AlertWindowsDecl, BurnRateDecl, BurnTierDecl};
use crate::parse::read::{Fields, Reader};
use crate::parse::yaml::Node;
use crate::source::{Quotes, Sources, Span, Text, TextMap};

/// Reads the catalogues of all files; reports a second one for the same period.
pub(super) fn all(sources: &Sources, documents: Vec<Node>, sink: &mut Sink) -> Vec<AlertWindowsDecl> {
    let mut read: Vec<AlertWindowsDecl> = Vec::new();
    for node in documents {
        let mut reader = Reader::new(&sources.file(node.span.file).text, sink);
        let Some(windows) = windows(&mut reader, node) else { continue };
        if let Some(first) = read.iter().find(|first| first.period.value == windows.period.value) {
            let message = format!("a second catalogue of windows for a period of {}", windows.period.value);
            let diagnostic = Diagnostic::new(Code::BadTier, windows.period.span, message);
            reader.report(diagnostic.secondary(first.period.span, "the first one").help("keep one of the two"));
            continue;
        }
        read.push(windows);
    }
    read
}

fn windows(reader: &mut Reader<'_>, node: Node) -> Option<AlertWindowsDecl> {
    let mut fields = reader.written(node, "a catalogue of windows")?;
    let version = fields.take("apiVersion");
    version.and_then(|entry| super::version_of(reader, entry, API_VERSION))?;
    fields.take("kind");
    super::metadata(reader, &mut fields);
    let entry = reader.demanded(&mut fields, "spec", "spec: {sloPeriod: 30d}");
    reader.pass_over(&fields, "Sloth");
    let mut spec = reader.written(entry?.value, "`spec`")?;
    let span = spec.span;
    let period = duration(reader, &mut spec, "sloPeriod", "sloPeriod: 30d");
    let page = severity(reader, &mut spec, "page");
    let ticket = severity(reader, &mut spec, "ticket");
    reader.pass_over(&spec, "Sloth");
    let tiers = page?.into_iter().chain(ticket?).collect();
    Some(AlertWindowsDecl { span, period: period?, tiers })
}

/// `page` or `ticket` with its two windows.
fn severity(reader: &mut Reader<'_>, fields: &mut Fields, severity: &'static str) -> Option<[BurnTierDecl; 2]> {
    let entry = reader.demanded(fields, severity, &format!("{severity}: {{quick: {{}}, slow: {{}}}}"))?;
    let word = Text { value: severity.to_owned(), span: entry.key.span, map: TextMap::Whole, quotes: Quotes::None };
    let mut inner = reader.written(entry.value, "windows of a severity")?;
    let quick = tier(reader, &mut inner, "quick", &word);
    let slow = tier(reader, &mut inner, "slow", &word);
    reader.pass_over(&inner, "Sloth");
    Some([quick?, slow?])
}

fn tier(reader: &mut Reader<'_>, fields: &mut Fields, key: &'static str, severity: &Text) -> Option<BurnTierDecl> {
    let example = format!("{key}: {{errorBudgetPercent: 2, shortWindow: 5m, longWindow: 1h}}");
    let entry = reader.demanded(fields, key, &example)?;
    let mut inner = reader.written(entry.value, "a window")?;
    let span = inner.span;
    let budget = budget(reader, &mut inner);
    let short = duration(reader, &mut inner, "shortWindow", "shortWindow: 5m");
    let long = duration(reader, &mut inner, "longWindow", "longWindow: 1h");
    reader.pass_over(&inner, "Sloth");
    Some(BurnTierDecl {
        span,
        severity: severity.clone(),
        rate: BurnRateDecl::Budget(budget?),
        long: long?,
        short: short?,
    })
}

/// The share of the budget, a number of percent without its sign.
fn budget(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<Text> {
    let entry = reader.demanded(fields, "errorBudgetPercent", "errorBudgetPercent: 2")?;
    let text = reader.text_of(entry, "a number")?;
    if text.value.parse::<f64>().is_ok_and(|number| number > 0.0) {
        return Some(Text { value: format!("{}%", text.value), map: TextMap::Whole, ..text });
    }
    let message = format!("expected a number of percent above 0 for `errorBudgetPercent`, found `{}`", text.value);
    reader.report(Diagnostic::new(Code::BadNumber, text.span, message));
    None
}

/// A length of time as Prometheus writes it.
fn duration(reader: &mut Reader<'_>, fields: &mut Fields, key: &'static str, example: &str) -> Option<Text> {
    let entry = reader.demanded(fields, key, example)?;
    let text = reader.text_of(entry, "a length of time")?;
    if is_duration(&text.value) {
        return Some(text);
    }
    let problem = no_duration(text.span, key, &text.value);
    reader.report(problem);
    None
}

fn no_duration(span: Span, key: &str, found: &str) -> Diagnostic {
    let message = format!("expected a length of time above 0 for `{key}`, found `{found}`");
    Diagnostic::new(Code::BadDuration, span, message).help("write it as in `5m`, `1h` or `3d`")
}

/// Whether a text is numbers with units, and more than nothing.
fn is_duration(text: &str) -> bool {
    let mut rest = text;
    let mut is_positive = false;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        is_positive |= rest[..digits].bytes().any(|digit| digit != b'0');
        let unit = &rest[digits..];
        let length = unit.bytes().take_while(u8::is_ascii_alphabetic).count();
        if digits == 0 || !["ms", "s", "m", "h", "d", "w", "y"].contains(&&unit[..length]) {
            return false;
        }
        rest = &unit[length..];
    }
    is_positive
}
