//! Teams with receivers of their own that own nothing.

use std::collections::BTreeSet;

use crate::diag::{Code, Diagnostic, Sink, suggest};
use crate::model::{OnCall, Service};

pub(super) fn check(services: &[&Service], on_call: Option<&OnCall>, sink: &mut Sink) {
    let Some(on_call) = on_call.filter(|_| !services.is_empty()) else { return };
    let slos = services.iter().flat_map(|service| &service.slos);
    let owners = services.iter().map(|service| service.owner.as_ref()).chain(slos.map(|slo| slo.owner.as_ref()));
    let alerts = services.iter().flat_map(|service| &service.alerts);
    let labels = alerts.flat_map(|alert| &alert.labels).filter(|(label, _)| label == "team");
    let teams: BTreeSet<&str> =
        owners.flatten().map(|owner| owner.team.as_str()).chain(labels.map(|(_, text)| text.value.as_str())).collect();
    for team in on_call.teams.iter().filter(|team| !teams.contains(team.name.value.as_str())) {
        let name = &team.name;
        let message = format!("no spec has an owner of the team `{}`", name.value);
        let diagnostic = Diagnostic::new(Code::UnknownTeam, name.span, message);
        let known: Vec<String> = teams.iter().map(|team| format!("`{team}`")).collect();
        sink.push(match suggest(&name.value, teams.iter().copied()) {
            Some(meant) => diagnostic.replace(format!("did you mean `{meant}`?"), name.span, name.written(meant)),
            None if known.is_empty() => diagnostic.help("give services an `owner`, as in `owner: shop`"),
            None => diagnostic.help(format!("the teams of owners are {}", known.join(", "))),
        });
    }
}
