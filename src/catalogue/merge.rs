//! What was just read, added to what was known.

use std::collections::BTreeSet;
use std::collections::btree_map::Entry;

use super::{Catalogue, Kind, Metric, Values};

/// Adds what was read to a catalogue.
///
/// Nothing that somebody may have written by hand is lost: metrics and labels stay, the help, the unit and a list of all
/// values that were there win. The type and the kind of histogram follow what was read, if that knows them.
pub fn merge(known: &mut Catalogue, read: Catalogue) {
    let Catalogue { target_labels, complete, metrics } = read;
    if let Some(labels) = target_labels {
        known.target_labels.get_or_insert_with(BTreeSet::new).extend(labels);
    }
    known.complete.extend(complete);
    for (name, metric) in metrics {
        match known.metrics.entry(name) {
            Entry::Vacant(place) => {
                place.insert(metric);
            }
            Entry::Occupied(mut place) => merge_metric(place.get_mut(), metric),
        }
    }
}

fn merge_metric(known: &mut Metric, read: Metric) {
    if read.kind != Kind::Unknown {
        known.kind = read.kind;
    }
    known.histogram = read.histogram.or(known.histogram);
    known.unit = known.unit.take().or(read.unit);
    known.help = known.help.take().or(read.help);
    for bound in read.buckets {
        known.add_bound(bound);
    }
    for (label, values) in read.labels {
        match known.labels.entry(label) {
            Entry::Vacant(place) => {
                place.insert(values);
            }
            Entry::Occupied(mut place) => merge_values(place.get_mut(), values),
        }
    }
}

fn merge_values(known: &mut Values, read: Values) {
    match (&mut *known, read) {
        (Values::Seen(seen), Values::Only(mut all)) => {
            all.append(seen);
            *known = Values::Only(all);
        }
        (_, Values::Seen(values) | Values::Only(values)) => values.iter().for_each(|value| known.add(value)),
    }
}
