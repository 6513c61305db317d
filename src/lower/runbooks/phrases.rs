//! What an alert says, before it fires: its words, and names in place of what is filled in.

use crate::go_template::{Part, outline};
use crate::ir::Phrase;
use crate::model::CauseAlert;

/// An annotation of an alert in phrases; none if it has no such annotation.
pub(super) fn annotation(alert: &CauseAlert, name: &str) -> Vec<Phrase> {
    let found = alert.annotations.iter().find(|(key, _)| key == name);
    found.map_or_else(Vec::new, |(_, text)| phrases(text.value.trim()))
}

fn phrases(text: &str) -> Vec<Phrase> {
    let Some(parts) = outline(text) else { return vec![Phrase::Template(text.to_owned())] };
    let phrase = |part| match part {
        Part::Text(words) => Phrase::Words(words.to_owned()),
        Part::Label(name) => Phrase::Placeholder(name.to_owned()),
        Part::Value("humanizePercentage") => Phrase::Placeholder(PERCENTAGE.to_owned()),
        Part::Value("humanizeDuration") => Phrase::Placeholder(DURATION.to_owned()),
        Part::Value(_) => Phrase::Placeholder(VALUE.to_owned()),
    };
    parts.into_iter().map(phrase).collect()
}

/// How values are named that the alert shows as a share, as a time, and as a number.
const PERCENTAGE: &str = "value %";
const DURATION: &str = "duration";
const VALUE: &str = "value";

/// What the placeholders are, in a sentence; nothing if there are none.
pub(super) fn placeholders<'a>(phrases: impl Iterator<Item = &'a Phrase>) -> Option<String> {
    let mut labels: Vec<String> = Vec::new();
    let (mut has_value, mut has_template) = (false, false);
    for phrase in phrases {
        match phrase {
            Phrase::Words(_) => {}
            Phrase::Template(_) => has_template = true,
            Phrase::Placeholder(name) if [PERCENTAGE, DURATION, VALUE].contains(&name.as_str()) => has_value = true,
            Phrase::Placeholder(name) => {
                let name = format!("`{name}`");
                if !labels.contains(&name) {
                    labels.push(name);
                }
            }
        }
    }
    if has_template {
        return Some("What stands in braces above is filled in when it fires.".to_owned());
    }
    let (last, first) = labels.split_last().map_or((None, &[][..]), |(last, first)| (Some(last), first));
    let names = match (last, first) {
        (Some(last), []) => Some(format!("the label {last}")),
        (Some(last), first) => Some(format!("the labels {} and {last}", first.join(", "))),
        (None, _) => None,
    };
    let value = has_value.then(|| "the value measured".to_owned());
    let parts: Vec<String> = names.into_iter().chain(value).collect();
    (!parts.is_empty()).then(|| format!("The notification names {}.", parts.join(", and ")))
}
