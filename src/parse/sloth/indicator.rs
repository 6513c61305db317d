//! `sli`: the ratio of two queries, one query for the ratio, or a plugin that stands for one of them.

use super::{Keys, plugins};
use crate::diag::{Code, Diagnostic, suggest};
use crate::parse::decl::{RatioPartDecl, SliDecl, SliFamilyDecl, UnfinishedDecl};
use crate::parse::read::{Fields, Reader};
use crate::source::{Quotes, Span, Spanned, Text, TextMap};

/// The kinds of indicators, each a key of its own.
const KINDS: [&str; 3] = ["events", "raw", "plugin"];

/// Reads the indicator of an SLO.
pub(super) fn indicator(reader: &mut Reader<'_>, fields: &mut Fields, keys: &Keys) -> Option<SliDecl> {
    let entry = reader.demanded(
        fields,
        "sli",
        &format!("sli: {{events: {{{}: ..., {}: ...}}}}", keys.error_query, keys.total_query),
    )?;
    let key = entry.key.span;
    let span = entry.value.span;
    let mut inner = reader.written(entry.value, "`sli`")?;
    let written: Vec<(&'static str, Span)> =
        KINDS.into_iter().filter_map(|kind| inner.key_span(kind).map(|span| (kind, span))).collect();
    let families: Vec<Option<SliFamilyDecl>> = written
        .iter()
        .map(|(kind, _)| match *kind {
            "events" => events(reader, &mut inner, keys),
            "raw" => raw(reader, &mut inner, keys),
            _ => plugins::plugin(reader, &mut inner),
        })
        .collect();
    match written.as_slice() {
        [] => none(reader, &mut inner, key),
        [_] => {}
        [(first, first_span), (second, second_span), ..] => {
            let message = format!("`{first}` and `{second}` in one `sli`");
            let diagnostic = Diagnostic::new(Code::SliFamily, *second_span, message)
                .secondary(*first_span, "says already what is measured")
                .help("keep one of the two");
            reader.report(diagnostic);
            return None;
        }
    }
    for kind in KINDS {
        inner.take(kind);
    }
    reader.pass_over(&inner, "Sloth");
    let family = families.into_iter().next()??;
    let raw = raw_of(&family, span);
    Some(SliDecl { span, family, raw })
}

/// Reports an `sli` that measures nothing.
fn none(reader: &mut Reader<'_>, fields: &mut Fields, key: Span) {
    let typo = fields
        .keys()
        .find_map(|(name, span)| suggest(name, KINDS).map(|kind| (kind.to_owned(), name.to_owned(), span)));
    if let Some((kind, name, span)) = typo {
        fields.entries.retain(|entry| entry.key.span != span);
        let diagnostic = Diagnostic::new(Code::UnknownKey, span, format!("unknown key `{name}` in `sli`"));
        reader.report(diagnostic.replace(format!("did you mean `{kind}`?"), span, kind));
        return;
    }
    let diagnostic = Diagnostic::new(Code::SliFamily, key, "an `sli` that measures nothing");
    reader.report(diagnostic.help("give it one of `events`, `raw` and `plugin`"));
}

fn events(reader: &mut Reader<'_>, fields: &mut Fields, keys: &Keys) -> Option<SliFamilyDecl> {
    let mut inner = reader.written_in(fields, "events", "`events`")?;
    let error = query(reader, &mut inner, keys.error_query);
    let total = query(reader, &mut inner, keys.total_query);
    reader.pass_over(&inner, "Sloth");
    let (Some(error), Some(total)) = (&error, &total) else {
        let left = [error, total].into_iter().flatten().map(UnfinishedDecl::Indicator);
        reader.unfinished.extend(left);
        return None;
    };
    if error.value.trim() == total.value.trim() {
        let message =
            format!("`{}` is the same query as `{}`, so every event is bad", keys.error_query, keys.total_query);
        let diagnostic = Diagnostic::new(Code::SliFamily, error.span, message);
        reader.report(diagnostic.secondary(total.span, "the same here").help("say which events are bad"));
        return None;
    }
    let part = Spanned::new(RatioPartDecl::Bad(error.clone()), error.span);
    Some(SliFamilyDecl::Ratio { total: total.clone(), part })
}

fn raw(reader: &mut Reader<'_>, fields: &mut Fields, keys: &Keys) -> Option<SliFamilyDecl> {
    let mut inner = reader.written_in(fields, "raw", "`raw`")?;
    let error_ratio = query(reader, &mut inner, keys.error_ratio_query);
    reader.pass_over(&inner, "Sloth");
    Some(SliFamilyDecl::ErrorRatio { error_ratio: error_ratio? })
}

/// Two queries as one for the ratio of each window, which is what Sloth makes of all of them.
fn raw_of(family: &SliFamilyDecl, span: Span) -> Option<Text> {
    let SliFamilyDecl::Ratio { total, part } = family else { return None };
    let RatioPartDecl::Bad(error) = &part.value else { return None };
    // A line of its own, since a comment may end the query.
    let value = format!("({}\n) / ({}\n)", error.value, total.value);
    Some(Text { value, span, map: TextMap::Whole, quotes: Quotes::None })
}

/// A query, which has to be over the window.
fn query(reader: &mut Reader<'_>, fields: &mut Fields, key: &'static str) -> Option<Text> {
    let example = format!("{key}: sum(rate(http_requests_total[{{{{.window}}}}]))");
    let entry = reader.demanded(fields, key, &example)?;
    let text = reader.expression_of(entry)?;
    if has_window(&text.value) {
        return Some(text);
    }
    let diagnostic = if text.value.trim().is_empty() {
        Diagnostic::new(Code::MissingWindow, text.span, format!("the query `{key}` is empty"))
    } else {
        Diagnostic::new(Code::MissingWindow, text.span, format!("`{key}` does not contain `{{{{.window}}}}`"))
            .note("the query is read over several windows, from 5m up to the whole period")
    };
    reader.report(diagnostic.help("put `[{{.window}}]` where the range belongs"));
    None
}

/// Whether the window's place is marked: `{{.window}}`, with or without spaces.
fn has_window(query: &str) -> bool {
    query.split("{{").skip(1).any(|rest| rest.split_once("}}").is_some_and(|(inside, _)| inside.trim() == ".window"))
}
