//! Labels and annotations that alerts of an SLO carry beside the generated ones.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::Basis;
use crate::diag::{Code, Sink};
use crate::model::{AlertExtras, LabelName, Profile, Severity};
use crate::parse::decl::{AlertExtrasDecl, AlertingDecl};
use crate::promql::build;
use crate::resolve::labels::{LabelDecls, is_label_value, set_by_rules, set_with_sloth_names};
use crate::resolve::names::label_name;
use crate::resolve::template;

/// What the alerts of a severity carry: of all layers, the nearest of a name; what is said of the severity before what is said of all.
pub(super) fn extras(basis: &Basis<'_>, severity: Severity, sink: &mut Sink) -> AlertExtras {
    let of_severity = |layer: &'_ AlertingDecl| -> AlertExtrasDecl {
        match severity {
            Severity::Page => layer.page.clone(),
            Severity::Ticket => layer.ticket.clone(),
        }
    };
    let mut extras = AlertExtras::default();
    // Problems of what all alerts carry are reported once, with the pages.
    let mut unheard = Sink::default();
    let common = if severity == Severity::Page { &mut *sink } else { &mut unheard };
    for layer in layers(basis) {
        add(&mut extras, &layer.extras, basis.profile, common);
    }
    for layer in layers(basis) {
        add(&mut extras, &of_severity(layer), basis.profile, sink);
    }
    extras
}

/// The farthest first.
fn layers<'a>(basis: &Basis<'a>) -> impl Iterator<Item = &'a AlertingDecl> {
    let far: Vec<_> = basis.inherited.iter().rev().copied().chain(basis.own).collect();
    far.into_iter()
}

fn add(extras: &mut AlertExtras, decl: &AlertExtrasDecl, profile: &Profile, sink: &mut Sink) {
    labels(&mut extras.labels, &decl.labels, profile, sink);
    for (key, value) in &decl.annotations {
        let Some(name) = label_name(key, Code::BadLabel, sink) else { continue };
        // Labels of events are not known here: any may be there.
        let anything = build::selector("slo:sli_error:ratio_rate5m", []);
        template::check(value, &template::Origin::new((value, &anything), None, &[]), sink);
        extras.annotations.retain(|(known, _)| known != name.as_str());
        extras.annotations.push((SmolStr::new(name.as_str()), value.value.clone()));
    }
}

fn labels(known: &mut BTreeMap<LabelName, String>, decls: &LabelDecls, profile: &Profile, sink: &mut Sink) {
    for (key, value) in decls {
        let name = label_name(key, Code::BadLabel, sink);
        let problem = match profile {
            Profile::Native => set_by_rules(key),
            Profile::Sloth(_) => set_with_sloth_names(key),
        };
        let is_free = problem.is_none();
        sink.extend(problem);
        if let Some(name) = name.filter(|_| is_free && is_label_value(key, value, sink)) {
            known.insert(name, value.value.clone());
        }
    }
}
