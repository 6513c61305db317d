//! How an SLO alerts.

use super::tree::{Entry, Value, pairs, some_map};
use crate::model::{Duration, STANDARD_TIERS, Slo};
use crate::parse::decl::{
    AlertExtrasDecl, AlertingDecl, BudgetLeftDecl, BurnDecl, BurnRateDecl, BurnTierDecl, CatalogueDecl, ExhaustsInDecl,
    NoDataDecl,
};
use crate::source::{Span, Text};

/// `alerting`, unless it says nothing; `inherited` is what it goes before.
pub(super) fn entry(decl: &AlertingDecl, model: Option<&Slo>, inherited: [&Option<AlertingDecl>; 2]) -> Option<Entry> {
    let is_inherited = inherited.into_iter().flatten().any(|layer| layer.burn.is_some());
    let mut entries = Vec::new();
    entries.extend(decl.name.as_ref().map(|name| Entry::text("name", name)));
    entries.extend(
        decl.burn.as_ref().and_then(|decl| burn(decl, model)).filter(|burn| is_inherited || !is_standard(burn)),
    );
    entries.extend(decl.min_errors.as_ref().map(|text| Entry::word("min_errors", text)));
    entries.extend(budget_left(&decl.budget_left));
    entries.extend(decl.exhausts_in.as_ref().map(exhausts_in));
    entries.extend(decl.no_data.as_ref().map(no_data));
    entries.extend(extras(&decl.extras));
    entries.extend(some_map("page", extras(&decl.page), None));
    entries.extend(some_map("ticket", extras(&decl.ticket), None));
    // What is switched off stands at the key itself, before the mapping.
    let places = entries.iter().filter_map(|entry| entry.place).filter(|place| place.file == decl.span.file);
    let place = places.chain([decl.span]).min();
    some_map("alerting", entries, place)
}

fn extras(decl: &AlertExtrasDecl) -> Vec<Entry> {
    [pairs("labels", &decl.labels), pairs("annotations", &decl.annotations)].into_iter().flatten().collect()
}

/// Whether tiers are those that need not be said.
fn is_standard(entry: &Entry) -> bool {
    matches!(&entry.value, Value::Word(word) if word == "standard")
}

fn burn(decl: &BurnDecl, model: Option<&Slo>) -> Option<Entry> {
    Some(match decl {
        BurnDecl::Standard(span) => word("standard", *span),
        BurnDecl::None(span) => word("none", *span),
        BurnDecl::Tiers(decls) => tiers(decls.iter().map(tier).collect(), decls.first()?.span),
        BurnDecl::Catalogue(decl) => of_catalogue(decl, model?),
    })
}

fn word(word: &str, span: Span) -> Entry {
    Entry::new("burn", Value::Word(word.to_owned()), Some(span))
}

fn tiers(tiers: Vec<Value>, span: Span) -> Entry {
    if tiers.is_empty() {
        return word("none", span);
    }
    Entry::new("burn", Value::List(tiers), Some(span))
}

/// The tiers of a catalogue that the SLO can reach.
fn of_catalogue(decl: &CatalogueDecl, slo: &Slo) -> Entry {
    let is_left = |severity: &str, long: Duration, short: Duration| {
        let is_it =
            |tier: &&crate::model::BurnTier| (tier.severity.as_str(), tier.long, tier.short) == (severity, long, short);
        slo.alerting.tiers.iter().any(|tier| is_it(&tier))
    };
    let ours = decl.windows.iter().find(|windows| Duration::parse(&windows.period.value).ok() == Some(slo.window));
    let Some(windows) = ours else {
        if decl.without.is_empty() {
            return word("standard", decl.span);
        }
        let left = STANDARD_TIERS.iter().filter(|tier| {
            !decl.without.contains(&tier.severity.as_str()) && is_left(tier.severity.as_str(), tier.long, tier.short)
        });
        let left = left.map(|tier| {
            let rate = ("budget", format!("{}%", tier.budget_percent));
            flow(tier.severity.as_str(), rate, &tier.long.to_string(), &tier.short.to_string())
        });
        return tiers(left.collect(), decl.span);
    };
    let left = windows.tiers.iter().filter(|tier| {
        let windows = Duration::parse(&tier.long.value).ok().zip(Duration::parse(&tier.short.value).ok());
        let severity = tier.severity.value.as_str();
        !decl.without.contains(&severity) && windows.is_some_and(|(long, short)| is_left(severity, long, short))
    });
    tiers(left.map(tier).collect(), decl.span)
}

fn tier(decl: &BurnTierDecl) -> Value {
    let rate = match &decl.rate {
        BurnRateDecl::Budget(share) => ("budget", share.value.clone()),
        BurnRateDecl::Burn(factor) => ("burn", factor.value.clone()),
    };
    flow(&decl.severity.value, rate, &decl.long.value, &decl.short.value)
}

fn flow(severity: &str, (key, rate): (&str, String), long: &str, short: &str) -> Value {
    let word = |key: &str, value: &str| (key.to_owned(), Value::Word(value.to_owned()));
    let severity = ("severity".to_owned(), Value::Text(severity.to_owned()));
    Value::Flow(vec![severity, word(key, &rate), word("long", long), word("short", short)])
}

fn pair(key: &str, text: &Text) -> (String, Value) {
    (key.to_owned(), Value::Word(text.value.clone()))
}

fn budget_left(decls: &[BudgetLeftDecl]) -> Option<Entry> {
    let first = decls.first()?;
    let items = decls.iter().map(|decl| {
        let action = decl.action.iter().map(|text| ("action".to_owned(), Value::Text(text.value.clone())));
        let pairs = [pair("below", &decl.below), pair("severity", &decl.severity)];
        Value::Flow(pairs.into_iter().chain(action).collect())
    });
    Some(Entry::new("budget_left", Value::List(items.collect()), Some(first.span)))
}

fn exhausts_in(decl: &ExhaustsInDecl) -> Entry {
    let over = decl.over.iter().map(|over| pair("over", over));
    let pairs = std::iter::once(pair("less_than", &decl.less_than)).chain(over);
    let pairs = pairs.chain([pair("severity", &decl.severity)]).collect();
    Entry::new("exhausts_in", Value::Flow(pairs), Some(decl.span))
}

fn no_data(decl: &NoDataDecl) -> Entry {
    match decl {
        NoDataDecl::Off(span) => Entry::new("no_data", Value::Word("off".to_owned()), Some(*span)),
        NoDataDecl::On { span, wait, severity } => {
            let wait = wait.iter().map(|wait| pair("for", wait));
            let severity = severity.iter().map(|severity| pair("severity", severity));
            Entry::new("no_data", Value::Flow(wait.chain(severity).collect()), Some(*span))
        }
    }
}
