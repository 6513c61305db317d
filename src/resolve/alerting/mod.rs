//! How an SLO alerts: the settings of all layers merged key by key.

mod budget;
mod extras;
mod tiers;
mod windows;

pub(super) use tiers::unreachable_in_groups;
pub use windows::unused_windows;

use rust_decimal::prelude::ToPrimitive;

use super::durations::duration;
use super::names::is_alert_name;
use super::percent::decimal;
use super::severity::severity;
use super::{Read, Reported};
use crate::diag::{Code, Diagnostic, Sink};
use crate::model::{Alerting, Blocks, Duration, NoDataAlert, Objective, Profile, Severity, is_generated_alert};
use crate::parse::decl::{AlertingDecl, NoDataDecl, SliFamilyDecl};
use crate::source::{Span, Text};

/// What the alerts of an SLO depend on.
pub(super) struct Basis<'a> {
    /// The SLO's own settings.
    pub(super) own: Option<&'a AlertingDecl>,
    /// The settings it inherits, the nearest first.
    pub(super) inherited: Vec<&'a AlertingDecl>,
    /// What is measured, if it is known.
    pub(super) family: Option<&'a SliFamilyDecl>,
    /// The target.
    pub(super) objective: Objective,
    /// Where the target stands.
    pub(super) target: Span,
    /// The period.
    pub(super) period: Duration,
    /// Where the period stands; the target if it is the usual one.
    pub(super) window: Span,
    /// Whether slices of time are counted.
    pub(super) slices: bool,
    /// The lengths that follow from the scrape interval.
    pub(super) blocks: Blocks,
    /// Whose names labels have.
    pub(super) profile: &'a Profile,
}

impl Basis<'_> {
    /// The nearest layer's value of a key.
    fn nearest<'b, T>(&'b self, key: impl Fn(&'b AlertingDecl) -> Option<T>) -> Option<T> {
        self.own.into_iter().chain(self.inherited.iter().copied()).find_map(key)
    }
}

/// Reads how an SLO alerts.
pub(super) fn alerting(basis: &Basis<'_>, sink: &mut Sink) -> Option<Alerting> {
    let name = basis.nearest(|layer| layer.name.as_ref()).filter(|name| is_burn_alert_name(name, sink));
    let tiers = tiers::tiers(basis, sink);
    let min_errors = min_errors(basis, sink);
    let budget_left = budget::budget_left(basis, sink);
    let exhausts_in = budget::exhausts_in(basis, tiers.as_deref().unwrap_or_default(), sink);
    let no_data = no_data(basis, sink);
    let [page, ticket] = [Severity::Page, Severity::Ticket].map(|severity| extras::extras(basis, severity, sink));
    Some(Alerting {
        name: name.map(|name| name.value.clone()),
        tiers: tiers?,
        min_errors: min_errors.ok()?,
        budget_left: budget_left?,
        exhausts_in: exhausts_in.ok()?,
        no_data: no_data.ok()?,
        page,
        ticket,
    })
}

/// Whether a text can name the burn alerts; if not, reports it.
fn is_burn_alert_name(name: &Text, sink: &mut Sink) -> bool {
    let is_name = is_alert_name(name, sink);
    let is_taken = is_generated_alert(&name.value);
    if is_taken {
        let message = format!("`{}` is the name of an alert that slosmith writes itself", name.value);
        let diagnostic = Diagnostic::new(Code::DuplicateAlert, name.span, message);
        sink.push(diagnostic.help("choose another name, or leave the key out for the standard two"));
    }
    is_name && !is_taken
}

/// Failed events below which no burn alert fires: 5 counted ones, 2 sampled ones, no guard without events.
fn min_errors(basis: &Basis<'_>, sink: &mut Sink) -> Read<Option<u64>> {
    let default = match basis.family {
        _ if basis.slices => Some(2),
        None | Some(SliFamilyDecl::Ratio { .. } | SliFamilyDecl::Latency { .. }) => Some(5),
        Some(SliFamilyDecl::Up { .. } | SliFamilyDecl::Value { .. } | SliFamilyDecl::Composite { .. }) => Some(2),
        Some(SliFamilyDecl::ErrorRatio { .. }) => {
            if let Some(text) = basis.own.and_then(|own| own.min_errors.as_ref()) {
                sink.push(no_events(text));
            }
            return Ok(None);
        }
    };
    let Some(text) = basis.nearest(|layer| layer.min_errors.as_ref()) else {
        return Ok(default);
    };
    let Some(number) =
        decimal(&text.value).filter(rust_decimal::Decimal::is_integer).and_then(|number| number.to_u64())
    else {
        let message = format!("expected a whole number of failed events, found `{}`", text.value);
        let help = "write how many events have to fail before a burn alert fires, or `0` to switch the guard off";
        sink.push(Diagnostic::new(Code::BadNumber, text.span, message).help(help));
        return Err(Reported);
    };
    Ok((number > 0).then_some(number))
}

fn no_events(text: &Text) -> Diagnostic {
    Diagnostic::new(Code::InapplicableKey, text.span, "`min_errors` has no effect on an `error_ratio`")
        .note("it counts failed events, and an expression for the ratio alone does not say how many there were")
        .help("remove it, or measure the same with `total` and `bad`")
}

/// Reads the alert on missing data: after 10m as a ticket unless it is set otherwise.
fn no_data(basis: &Basis<'_>, sink: &mut Sink) -> Read<Option<NoDataAlert>> {
    let default = NoDataAlert { wait: Duration::from_mins(10), severity: Severity::Ticket };
    match basis.nearest(|layer| layer.no_data.as_ref()) {
        None => Ok(Some(default)),
        Some(NoDataDecl::Off(_)) => Ok(None),
        Some(NoDataDecl::On { wait, severity: level, .. }) => {
            let wait = wait.as_ref().map_or(Some(default.wait), |text| duration(text, sink));
            let severity = level.as_ref().map_or(Some(default.severity), |text| severity(text, sink));
            Ok(Some(NoDataAlert { wait: wait.ok_or(Reported)?, severity: severity.ok_or(Reported)? }))
        }
    }
}
