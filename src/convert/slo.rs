//! An SLO: its keys in the order of the language.

use rust_decimal::Decimal;

use super::inherited::{links, owner, window};
use super::tree::{Entry, Value, optional, pairs};
use super::{Buckets, alerting, sli};
use crate::model::{Duration, Slo, decimal_text};
use crate::parse::decl::{BudgetDecl, DefaultsDecl, SloDecl, WindowDecl};
use crate::source::Text;

/// The period where nothing is written.
const USUAL_PERIOD: Duration = Duration::from_days(30);

/// The entries of an SLO; `model` is what was resolved from it, `defaults` what it inherits, the nearest first.
pub(super) fn entries(
    decl: &SloDecl,
    model: Option<&Slo>,
    defaults: (&DefaultsDecl, &DefaultsDecl),
    buckets: Buckets,
) -> Vec<Entry> {
    let mut entries = Vec::new();
    entries.extend(optional("name", decl.name.as_ref()));
    entries.extend(optional("description", decl.description.as_ref()));
    entries.extend(decl.target.as_ref().map(target));
    entries.extend(decl.sli.as_ref().map(|sli| sli::entry(sli, model.map(|slo| &slo.sli), &decl.group_by, buckets)));
    entries.extend(decl.window.as_ref().filter(|decl| !is_usual(decl, defaults)).map(window));
    entries.extend(decl.budget.as_ref().filter(|budget| budget.by.value != "events").map(budget));
    if let Some(first) = decl.group_by.first() {
        let labels = decl.group_by.iter().map(|label| label.value.clone()).collect();
        entries.push(Entry::new("group_by", Value::Texts(labels), Some(first.span)));
    }
    entries.extend(overrides(decl));
    let own = decl.alerting.as_ref();
    entries.extend(own.and_then(|own| alerting::entry(own, model, [&defaults.0.alerting, &defaults.1.alerting])));
    entries.extend(decl.owner.as_ref().map(owner));
    entries.extend(optional("tier", decl.tier.as_ref()));
    entries.extend(pairs("labels", &decl.labels));
    entries.extend(links(&decl.links));
    entries.extend(optional("runbook", decl.runbook.as_ref()));
    entries
}

/// The target as the shortest decimal percentage.
fn target(text: &Text) -> Entry {
    Entry::new("target", Value::Word(percent(text)), Some(text.span))
}

fn percent(text: &Text) -> String {
    let number = text.value.trim().trim_end_matches('%').trim_end();
    match Decimal::from_str_exact(number) {
        Ok(number) => format!("{}%", decimal_text(number)),
        Err(_) => text.value.clone(),
    }
}

/// Whether a period need not be said: it is that of the language, and no defaults say another one.
fn is_usual(decl: &WindowDecl, (own, project): (&DefaultsDecl, &DefaultsDecl)) -> bool {
    let WindowDecl::Rolling(text) = decl else { return false };
    let is_said = own.window.is_some() || project.window.is_some();
    !is_said && Duration::parse(&text.value).is_ok_and(|length| length == USUAL_PERIOD)
}

fn budget(decl: &BudgetDecl) -> Entry {
    let mut pairs = vec![("by".to_owned(), Value::Text(decl.by.value.clone()))];
    let more = [("slice", decl.slice.as_ref()), ("no_data", decl.no_data.as_ref())];
    let more = more.into_iter().filter_map(|(key, text)| Some((key, Value::Word(text?.value.clone()))));
    let target = decl.target.as_ref().map(|target| ("target", Value::Word(percent(target))));
    pairs.extend(more.chain(target).map(|(key, value)| (key.to_owned(), value)));
    Entry::new("budget", Value::Flow(pairs), Some(decl.span))
}

fn overrides(decl: &SloDecl) -> Option<Entry> {
    let first = decl.overrides.first()?;
    let items = decl.overrides.iter().map(|rule| {
        let matches = rule.matches.iter().map(|(key, value)| (key.value.clone(), Value::Text(value.value.clone())));
        Value::Flow(vec![
            ("match".to_owned(), Value::Flow(matches.collect())),
            ("target".to_owned(), Value::Word(percent(&rule.target))),
        ])
    });
    Some(Entry::new("overrides", Value::List(items.collect()), Some(first.span)))
}
