//! What else a service has: its other pages, its boards, and the services that it needs.

use crate::ir::{NamedLink, RelatedFacts};
use crate::model::{LinkValues, Service, service_uid};

/// What separates the address of Grafana from the uid of a board.
const BOARD: &str = "/d/";

/// The other pages and the boards of a service; `file` is the page that they are for, below `runbooks/`.
pub(super) fn related(service: &Service, file: &str) -> RelatedFacts {
    let page = |text: String, path: String| (path != file).then(|| NamedLink { text, url: format!("../{path}") });
    let slos =
        service.slos.iter().filter_map(|slo| page(slo.name.to_string(), format!("{}/{}.md", slo.service, slo.name)));
    let alerts = service.alerts.iter().map(|alert| &alert.name.value);
    let alerts = alerts.filter_map(|name| page(name.clone(), format!("alerts/{name}.md")));
    let needs = service.depends_on.iter().map(|needed| &needed.value);
    let needs = needs.map(|name| NamedLink { text: name.clone(), url: format!("../README.md#service-{name}") });
    RelatedFacts { slos: slos.collect(), alerts: alerts.collect(), boards: boards(service), needs: needs.collect() }
}

/// The boards of a service, if its link to a dashboard tells where Grafana is.
fn boards(service: &Service) -> Vec<NamedLink> {
    let values = LinkValues { service: service.name.as_str(), ..LinkValues::default() };
    let Some(address) = service.links.dashboard.as_ref().map(|link| link.fill(&values)) else { return Vec::new() };
    let Some((grafana, _)) = address.split_once(BOARD) else { return Vec::new() };
    let board = |title: &str, uid: &str| NamedLink { text: title.to_owned(), url: format!("{grafana}{BOARD}{uid}") };
    let own = (!service.slos.is_empty()).then(|| board(service.name.as_str(), &service_uid(service.name.as_str())));
    own.into_iter().chain(service.boards.iter().map(|asked| board(&asked.title.value, &asked.uid))).collect()
}
