//! Comments of the sources, at the entries that say what they are about.

use std::collections::BTreeMap;

use super::Draft;
use super::tree::{Entry, Value};
use crate::parse::{Remark, Standing, remarks};
use crate::source::{FileId, Sources, Span};

/// Puts the comments of all files that the drafts come from at their entries, or else at the nearest one.
pub(super) fn attach(drafts: &mut [Draft], sources: &Sources) {
    let mut places: Vec<Place> = Vec::new();
    for (document, draft) in drafts.iter_mut().enumerate() {
        visit(&mut draft.entries, &mut |entry| {
            places.push(Place { document, span: entry.place, is_derived: entry.is_derived });
        });
    }
    let mut files: Vec<FileId> = places.iter().filter_map(|place| place.span.map(|span| span.file)).collect();
    files.sort_unstable();
    files.dedup();
    let mut found: BTreeMap<usize, Vec<(Remark, Fit)>> = BTreeMap::new();
    for file in files {
        for remark in remarks(&sources.file(file).text, file) {
            let Some((index, fit)) = nearest(&remark, &places) else { continue };
            let document = &mut drafts[places[index].document];
            match remark.standing {
                Standing::First => document.head.push(remark.text),
                Standing::Last => document.foot.push(remark.text),
                Standing::Above | Standing::Beside => found.entry(index).or_default().push((remark, fit)),
            }
        }
    }
    let mut index = 0;
    for draft in drafts {
        visit(&mut draft.entries, &mut |entry| {
            for (remark, fit) in found.remove(&index).unwrap_or_default() {
                let is_beside = remark.standing == Standing::Beside && fit == Fit::Exact && entry.beside.is_none();
                if is_beside {
                    entry.beside = Some(remark.text);
                } else {
                    entry.above.push(remark.text);
                }
            }
            index += 1;
        });
    }
}

/// Where an entry comes from.
struct Place {
    document: usize,
    span: Option<Span>,
    is_derived: bool,
}

/// How well an entry fits a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fit {
    /// It comes from the line that the comment is about.
    Exact,
    /// It is the nearest one.
    Near,
}

/// The entry of a comment: the one on its line, else the next one in the file, else the last one.
fn nearest(remark: &Remark, places: &[Place]) -> Option<(usize, Fit)> {
    let starts = |of: &dyn Fn(&Place) -> bool| {
        let of_file = places.iter().enumerate().filter(|(_, place)| of(place)).filter_map(|(index, place)| {
            place.span.filter(|span| span.file == remark.target.file).map(|span| (span.start, index))
        });
        of_file.collect::<Vec<(u32, usize)>>()
    };
    let line = remark.target.start..=remark.target.end;
    let on_line = |mut starts: Vec<(u32, usize)>| {
        starts.retain(|(start, _)| line.contains(start));
        starts
    };
    let own = on_line(starts(&|place| !place.is_derived));
    // What stands behind several entries of a line is about the whole of them.
    let exact = if own.len() > 1 && remark.standing == Standing::Beside { on_line(starts(&|_| true)) } else { own };
    if let Some((_, index)) = exact.into_iter().min() {
        return Some((index, Fit::Exact));
    }
    let all = starts(&|_| true);
    let next = all.iter().filter(|(start, _)| *start > remark.target.start).min();
    let last = || all.iter().max_by_key(|(start, index)| (*start, std::cmp::Reverse(*index)));
    next.or_else(last).map(|(_, index)| (*index, Fit::Near))
}

/// Visits all entries, each before those within it.
fn visit(entries: &mut [Entry], seen: &mut dyn FnMut(&mut Entry)) {
    for entry in entries {
        seen(entry);
        match &mut entry.value {
            Value::Map(inner) => visit(inner, seen),
            Value::List(items) => {
                for item in items {
                    if let Value::Map(inner) = item {
                        visit(inner, seen);
                    }
                }
            }
            Value::Text(_) | Value::Word(_) | Value::Expression(_) | Value::Flow(_) | Value::Texts(_) => {}
        }
    }
}
