//! `receivers` and `on_call` of the project file, and `inhibits` of an alert.

use crate::diag::{Code, Diagnostic};
use crate::parse::decl::{ChannelDecl, ChannelKeys, InhibitsDecl, OnCallDecl, ReceiverDecl, TeamDecl};
use crate::parse::read::{Fields, Reader};
use crate::parse::yaml::Entry;

/// `receivers: {name: {pagerduty, slack, ...}}`
pub(super) fn receivers(reader: &mut Reader<'_>, fields: &mut Fields) -> Vec<ReceiverDecl> {
    reader.entries(fields, "receivers").into_iter().map(|entry| receiver(reader, entry)).collect()
}

fn receiver(reader: &mut Reader<'_>, entry: Entry) -> ReceiverDecl {
    let name = entry.key.clone();
    let Some(mut inner) = reader.mapping_of(entry, "a receiver") else {
        return ReceiverDecl { name, channels: Vec::new() };
    };
    let known = ChannelKeys::ALL.iter().filter_map(|keys| Some((keys, inner.take(keys.key)?)));
    let entries: Vec<_> = known.collect();
    let is_empty = entries.is_empty() && inner.keys().next().is_none();
    let channels: Vec<_> = entries.into_iter().filter_map(|(keys, entry)| channel(reader, keys, entry)).collect();
    if is_empty {
        let names: Vec<String> = ChannelKeys::ALL.iter().map(|keys| format!("`{}`", keys.key)).collect();
        let message = format!("the receiver `{}` tells nobody", name.value);
        let diagnostic = Diagnostic::new(Code::BadReceiver, name.span, message);
        reader.report(diagnostic.help(format!("give it one or more of {}", names.join(", "))));
    }
    reader.finish(&inner);
    ReceiverDecl { name, channels }
}

fn channel(reader: &mut Reader<'_>, keys: &ChannelKeys, entry: Entry) -> Option<ChannelDecl> {
    let key = entry.key.clone();
    let mut inner = reader.mapping_of(entry, keys.name)?;
    // Keys that hold secrets are none of ours, and not proposed to anybody.
    let mut inline = Vec::new();
    for (secret, file) in keys.secrets {
        if inner.key_span(secret).is_some() {
            let entry = inner.entries.iter().position(|entry| entry.key.value == *secret);
            inline.extend(entry.map(|at| (inner.entries.remove(at).key, *file)));
        }
    }
    let settings = keys.settings.iter().filter_map(|key| Some((*key, reader.text(&mut inner, key)?)));
    let settings = settings.collect();
    reader.finish(&inner);
    Some(ChannelDecl { key, kind: keys.kind, settings, inline })
}

/// `on_call: {page, ticket, other, hours, holidays, watchdog, external_labels, teams}`
pub(super) fn on_call(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<OnCallDecl> {
    let mut inner = reader.inner(fields, "on_call", "`on_call`")?;
    let span = inner.head();
    let page = reader.text(&mut inner, "page");
    let ticket = reader.text(&mut inner, "ticket");
    let other = reader.text(&mut inner, "other");
    let hours = reader.text(&mut inner, "hours");
    let holidays = reader.texts(&mut inner, "holidays");
    let watchdog = reader.text(&mut inner, "watchdog");
    let external_labels = reader.texts(&mut inner, "external_labels");
    let teams = reader.entries(&mut inner, "teams").into_iter().filter_map(|entry| team(reader, entry)).collect();
    reader.finish(&inner);
    Some(OnCallDecl { span, page, ticket, other, hours, holidays, watchdog, external_labels, teams })
}

/// `commerce: {page, ticket, hours}`
fn team(reader: &mut Reader<'_>, entry: Entry) -> Option<TeamDecl> {
    let name = entry.key.clone();
    let mut inner = reader.mapping_of(entry, "a team")?;
    let page = reader.text(&mut inner, "page");
    let ticket = reader.text(&mut inner, "ticket");
    let hours = reader.text(&mut inner, "hours");
    reader.finish(&inner);
    Some(TeamDecl { name, page, ticket, hours })
}

/// `inhibits: {alerts, equal}`
pub(super) fn inhibits(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<InhibitsDecl> {
    let mut inner = reader.inner(fields, "inhibits", "`inhibits`")?;
    let span = inner.head();
    let alerts = reader.required(&mut inner, "alerts", "alerts: [HighCPU]").map(|entry| reader.texts_of(entry));
    let equal = reader.required(&mut inner, "equal", "equal: [instance]").map(|entry| reader.texts_of(entry));
    reader.finish(&inner);
    Some(InhibitsDecl { span, alerts: alerts?, equal: equal? })
}
