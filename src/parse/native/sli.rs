//! `sli`: exactly one family, told by its key.

use crate::diag::{Code, Diagnostic, suggest};
use crate::parse::decl::{ComponentDecl, RatioPartDecl, SliDecl, SliFamilyDecl, UnfinishedDecl};
use crate::parse::read::{Fields, Reader};
use crate::parse::yaml::NodeKind;
use crate::source::{Span, Spanned, Text};

/// The keys that decide the family, with the keys that go with each.
const FAMILIES: [(&str, &str); 6] = [
    ("total", " (with `bad_when`, `good_when`, `bad` or `good`)"),
    ("latency", " (with `under`)"),
    ("up", ""),
    ("value", " (with `good`)"),
    ("error_ratio", ""),
    ("composite", " (with `of`)"),
];

/// How SLIs are written for Sloth, and how they are written here.
const SLOTH: [(&str, &str); 2] = [
    ("events", "write its `total_query` as `total` and its `error_query` as `bad`, directly under `sli`"),
    ("raw", "write its `error_ratio_query` as `error_ratio`, directly under `sli`"),
];

/// The parts of a ratio.
const PARTS: [&str; 4] = ["bad", "good", "bad_when", "good_when"];

/// Reads the SLI of an SLO.
pub(super) fn sli(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<SliDecl> {
    const EXAMPLE: &str = "sli: {total: 'http_requests_total{job=\"cart\"}', bad_when: 'code=~\"5..\"'}";
    let Some(entry) = fields.take("sli") else {
        reader.missing(fields, "sli", EXAMPLE);
        return None;
    };
    let span = entry.value.span;
    let key = entry.key.span;
    if let NodeKind::Scalar(_) = entry.value.kind {
        let found = entry.value.noun();
        let place = if found == "nothing" { key } else { span };
        let message = format!("expected a mapping for `sli`, found {found}");
        reader.report(Diagnostic::new(Code::WrongType, place, message).help(format!("write `{EXAMPLE}`")));
        return None;
    }
    let mut inner = reader.fields(entry.value, "an SLI")?;
    let Some(family) = one_of_families(reader, &inner, key) else {
        every_expression(reader, &mut inner);
        return None;
    };
    let family = match family {
        "total" => ratio(reader, &mut inner),
        "latency" => latency(reader, &mut inner),
        "up" => up(reader, &mut inner),
        "value" => value(reader, &mut inner),
        "composite" => composite(reader, &mut inner),
        _ => error_ratio(reader, &mut inner),
    };
    reader.finish(&inner);
    Some(SliDecl { span, family: family?, raw: None })
}

/// Leaves the expressions of an SLI of no family, or of several.
fn every_expression(reader: &mut Reader<'_>, fields: &mut Fields) {
    let has_limit = fields.key_span("value").is_some();
    for key in FAMILIES.map(|(family, _)| family).into_iter().chain(PARTS) {
        if key != "composite" && (key != "good" || !has_limit) {
            let text = reader.expression(fields, key);
            leave(reader, [(key, text)]);
        }
    }
}

/// Keeps expressions that cannot be used, with their keys.
fn leave<const N: usize>(reader: &mut Reader<'_>, texts: [(&'static str, Option<Text>); N]) {
    let left = texts.into_iter().filter_map(|(key, text)| {
        let text = text?;
        Some(if key.ends_with("_when") { UnfinishedDecl::Matchers(key, text) } else { UnfinishedDecl::Indicator(text) })
    });
    reader.unfinished.extend(left);
}

/// The key that decides the family; reports none, or more than one.
fn one_of_families(reader: &mut Reader<'_>, fields: &Fields, key: Span) -> Option<&'static str> {
    let found: Vec<(&str, Span)> =
        FAMILIES.iter().filter_map(|(family, _)| fields.key_span(family).map(|span| (*family, span))).collect();
    match found.as_slice() {
        [(family, _)] => Some(family),
        [(first, first_span), (second, second_span), ..] => {
            let message = format!("`{first}` and `{second}` in one SLI");
            let diagnostic = Diagnostic::new(Code::SliFamily, *second_span, message)
                .secondary(*first_span, format!("`{first}` decides the family already"))
                .help("keep one of the two, and make an SLO of its own from the other");
            reader.report(diagnostic);
            None
        }
        [] => {
            let diagnostic = without_family(fields, key);
            reader.report(diagnostic);
            None
        }
    }
}

fn without_family(fields: &Fields, key: Span) -> Diagnostic {
    let typo = fields.keys().find_map(|(name, span)| {
        suggest(name, FAMILIES.iter().map(|(family, _)| *family))
            .map(|family| (family.to_owned(), name.to_owned(), span))
    });
    if let Some((family, name, span)) = typo {
        return Diagnostic::new(Code::UnknownKey, span, format!("unknown key `{name}` in an SLI")).replace(
            format!("did you mean `{family}`?"),
            span,
            family,
        );
    }
    for (name, help) in SLOTH {
        if let Some(span) = fields.key_span(name) {
            let message = format!("`{name}` is a key of Sloth, and no family of SLIs");
            return Diagnostic::new(Code::SliFamily, span, message).help(help);
        }
    }
    let mut diagnostic = Diagnostic::new(Code::SliFamily, key, "an SLI of no family");
    for part in PARTS {
        if let Some(span) = fields.key_span(part) {
            diagnostic = diagnostic.secondary(span, format!("`{part}` goes with `total`"));
        }
    }
    diagnostic.help(format!("choose one of {}", FAMILIES.map(|(family, with)| format!("`{family}`{with}")).join(", ")))
}

fn ratio(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<SliFamilyDecl> {
    let total_span = fields.key_span("total");
    let total = reader.expression(fields, "total");
    let mut found: Vec<(&'static str, Span, Option<Text>)> = Vec::new();
    for part in PARTS {
        let Some(span) = fields.key_span(part) else {
            // Asked for all the same, so that a misspelt key finds its suggestion.
            fields.take(part);
            continue;
        };
        let text = reader.expression(fields, part);
        found.push((part, span, text));
    }
    if let [(first, first_span, _), (second, second_span, _), ..] = found.as_slice() {
        let message = format!("`{first}` and `{second}` in one SLI");
        let diagnostic = Diagnostic::new(Code::SliFamily, *second_span, message)
            .secondary(*first_span, "says already which events count")
            .help("keep one of the two");
        reader.report(diagnostic);
    }
    if found.is_empty() && !PARTS.iter().any(|part| fields.is_misspelt(part)) {
        let diagnostic =
            Diagnostic::new(Code::SliFamily, total_span.unwrap_or(fields.span), "`total` without its part")
                .label("which of these events are bad?");
        let message = "add `bad_when` with the matchers of failed events; or `bad`, `good` or `good_when`";
        let diagnostic = reader.with_line(diagnostic, fields, message, "bad_when: 'code=~\"5..\"'");
        reader.report(diagnostic);
    }
    let mut found = found.into_iter();
    let (total, part, text) = match (total, found.next()) {
        (Some(total), Some((part, _, Some(text)))) => (total, part, text),
        (total, part) => {
            leave(reader, [("total", total)]);
            found.chain(part).for_each(|(part, _, text)| leave(reader, [(part, text)]));
            return None;
        }
    };
    found.for_each(|(part, _, text)| leave(reader, [(part, text)]));
    let span = text.span;
    let part = match part {
        "bad" => RatioPartDecl::Bad(text),
        "good" => RatioPartDecl::Good(text),
        "bad_when" => RatioPartDecl::BadWhen(text),
        _ => RatioPartDecl::GoodWhen(text),
    };
    Some(SliFamilyDecl::Ratio { total, part: Spanned::new(part, span) })
}

fn latency(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<SliFamilyDecl> {
    let latency = reader.expression(fields, "latency");
    let under = reader.required_text(fields, "under", "under: 300ms");
    let histogram = reader.text(fields, "histogram");
    let bad_when = reader.expression(fields, "bad_when");
    match (latency, under) {
        (Some(latency), Some(under)) => Some(SliFamilyDecl::Latency { latency, under, histogram, bad_when }),
        (latency, _) => {
            leave(reader, [("latency", latency), ("bad_when", bad_when)]);
            None
        }
    }
}

fn up(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<SliFamilyDecl> {
    let up = reader.expression(fields, "up");
    let across = reader.text(fields, "across");
    Some(SliFamilyDecl::Up { up: up?, across })
}

fn value(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<SliFamilyDecl> {
    let value = reader.expression(fields, "value");
    let good = reader.required_text(fields, "good", "good: \"< 1000\"");
    match (value, good) {
        (Some(value), Some(good)) => Some(SliFamilyDecl::Value { value, good }),
        (value, _) => {
            leave(reader, [("value", value)]);
            None
        }
    }
}

fn error_ratio(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<SliFamilyDecl> {
    let error_ratio = reader.expression(fields, "error_ratio");
    Some(SliFamilyDecl::ErrorRatio { error_ratio: error_ratio? })
}

/// `composite: all` with `of: [a, b]`, or `composite: weighted` with `of: {a: 3, b: 1}`.
fn composite(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<SliFamilyDecl> {
    let composite = reader.text(fields, "composite");
    let entry = reader.required(fields, "of", "of: [checkout, search]")?;
    let span = entry.value.span;
    if let NodeKind::Scalar(_) = entry.value.kind {
        reader.texts_of(entry);
        return None;
    }
    let of: Vec<ComponentDecl> = if let NodeKind::Mapping(_) = entry.value.kind {
        let pairs = reader.text_map_of(entry).into_iter();
        pairs.map(|(reference, weight)| ComponentDecl { reference, weight: Some(weight) }).collect()
    } else {
        let texts = reader.texts_of(entry).into_iter();
        texts.map(|reference| ComponentDecl { reference, weight: None }).collect()
    };
    if let [only] = of.as_slice() {
        let diagnostic = Diagnostic::new(Code::BadComposite, only.reference.span, "a composite of one SLO");
        reader.report(diagnostic.help("name two or more; one alone is its own objective already"));
        return None;
    }
    if of.is_empty() {
        let diagnostic = Diagnostic::new(Code::BadComposite, span, "a composite of nothing");
        reader.report(
            diagnostic.help("name the SLOs: `of: [checkout, search]`, or with weights `of: {checkout: 3, search: 1}`"),
        );
        return None;
    }
    Some(SliFamilyDecl::Composite { composite: composite?, of })
}
