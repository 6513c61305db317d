//! Dashboards as a whole: uids and titles that are used twice, and references to what is not there.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::{Code, Diagnostic, Sink, suggest};
use crate::model::{Board, BoardLink, BoardLinkTarget, PanelContent, Service};
use crate::source::{Span, Text};

/// The boards that slosmith writes by itself where there are SLOs.
const OWN: [&str; 2] = ["slo-fleet", "slo-detail"];

pub(super) fn check(services: &[&Service], sink: &mut Sink) {
    if services.iter().all(|service| service.boards.is_empty()) {
        return;
    }
    duplicates(services, sink);
    let known = Known::new(services);
    for board in services.iter().flat_map(|service| &service.boards) {
        references(board, &known, sink);
    }
}

/// What boards can refer to.
struct Known {
    slos: BTreeMap<String, bool>,
    alerts: BTreeMap<String, bool>,
    boards: BTreeSet<String>,
}

impl Known {
    /// SLOs and alerts by name, and whether a link leads to their runbooks.
    fn new(services: &[&Service]) -> Self {
        let slos = services.iter().flat_map(|service| &service.slos);
        let alerts = services.iter().flat_map(|service| service.alerts.iter().map(move |alert| (service, alert)));
        let boards = services.iter().flat_map(|service| &service.boards);
        let has_slos = services.iter().any(|service| !service.slos.is_empty());
        let own = OWN.iter().filter(|_| has_slos).map(|uid| (*uid).to_owned());
        Self {
            slos: slos.map(|slo| (format!("{}/{}", slo.service, slo.name), slo.links.runbook.is_some())).collect(),
            alerts: alerts
                .map(|(service, alert)| (alert.name.value.clone(), service.links.alert_runbook.is_some()))
                .collect(),
            boards: boards.flat_map(|board| [board.title.value.clone(), board.uid.to_string()]).chain(own).collect(),
        }
    }
}

fn duplicates(services: &[&Service], sink: &mut Sink) {
    let mut uids: BTreeMap<String, Span> = BTreeMap::new();
    let mut titles: BTreeMap<(String, String), Span> = BTreeMap::new();
    for board in services.iter().flat_map(|service| &service.boards) {
        let title = (board.folder.to_ascii_lowercase(), board.title.value.trim().to_ascii_lowercase());
        if let Some(first) = titles.get(&title) {
            let message = format!("two boards in the folder `{}` have the title `{}`", board.folder, board.title.value);
            let diagnostic = Diagnostic::new(Code::DuplicateBoard, board.title.span, message);
            let diagnostic = diagnostic.secondary(*first, "the first one").note("Grafana loads only one of them");
            sink.push(diagnostic.help("rename one of them, or put it into another `folder`"));
        } else if let Some(first) = uids.get(&board.uid.to_ascii_lowercase()) {
            let message = format!("two boards have the uid `{}`", board.uid);
            let diagnostic = Diagnostic::new(Code::DuplicateBoard, board.uid_span, message);
            let diagnostic = diagnostic.secondary(*first, "the first one").note("Grafana loads only one of them");
            sink.push(diagnostic.help("give one of them a `uid` of its own"));
        }
        titles.entry(title).or_insert(board.title.span);
        uids.entry(board.uid.to_ascii_lowercase()).or_insert(board.uid_span);
    }
}

fn references(board: &Board, known: &Known, sink: &mut Sink) {
    links(&board.links, known, sink);
    for row in &board.rows {
        if let Some(slo) = &row.slo {
            self::slo(slo, known, sink);
        }
        for panel in &row.panels {
            links(&panel.links, known, sink);
            if let Some(alert) = &panel.alert
                && !known.alerts.contains_key(&alert.value)
            {
                let help = "an alert is written in `alerts` of this or another spec";
                sink.push(missing(alert, "alert", &known.alerts.keys(), help));
            }
            if let PanelContent::Slo(name, _) = &panel.content {
                slo(name, known, sink);
            }
            for column in &panel.table.columns {
                if let Some(url) = &column.link {
                    path(url, panel.span, known, sink);
                }
            }
        }
    }
}

fn slo(name: &Text, known: &Known, sink: &mut Sink) {
    if !known.slos.contains_key(&name.value) {
        sink.push(missing(name, "SLO", &known.slos.keys(), "write it as `service/slo`"));
    }
}

fn missing<'a>(text: &Text, what: &str, all: &(impl Iterator<Item = &'a String> + Clone), help: &str) -> Diagnostic {
    let message = format!("there is no {what} `{}`", text.value);
    let diagnostic = Diagnostic::new(Code::UnknownReference, text.span, message);
    let names = || all.clone().map(String::as_str);
    // The last part alone may be what is known.
    let by_end = || names().find(|name| name.rsplit_once('/').is_some_and(|(_, end)| end == text.value));
    match suggest(&text.value, names()).or_else(by_end) {
        Some(meant) => diagnostic.replace(format!("did you mean `{meant}`?"), text.span, text.written(meant)),
        None => diagnostic.help(help),
    }
}

fn links(links: &[BoardLink], known: &Known, sink: &mut Sink) {
    for link in links {
        match &link.target {
            BoardLinkTarget::Board(text) if !known.boards.contains(&text.value) => {
                sink.push(missing(text, "board", &known.boards.iter(), "write its title or its uid"));
            }
            BoardLinkTarget::Runbook(text) => runbook(text, known, sink),
            BoardLinkTarget::Board(_) | BoardLinkTarget::Url(_) | BoardLinkTarget::Tag(_) => {}
        }
    }
}

fn runbook(text: &Text, known: &Known, sink: &mut Sink) {
    let (has_link, key) = match (known.alerts.get(&text.value), known.slos.get(&text.value)) {
        (Some(has_link), _) => (*has_link, "alert_runbook"),
        (None, Some(has_link)) => (*has_link, "runbook"),
        (None, None) => {
            let names = known.alerts.keys().chain(known.slos.keys());
            sink.push(missing(text, "alert or SLO", &names, "write the name of an alert, or an SLO as `service/slo`"));
            return;
        }
    };
    if !has_link {
        let message = format!("no link is known to the runbook of `{}`", text.value);
        let diagnostic = Diagnostic::new(Code::UnknownReference, text.span, message);
        sink.push(diagnostic.help(format!("set `links: {{{key}: ...}}` in its spec or in the project file")));
    }
}

/// A path to another board leads to one that is there.
fn path(url: &str, span: Span, known: &Known, sink: &mut Sink) {
    let Some(uid) = url.strip_prefix("/d/").and_then(|rest| rest.split(['/', '?']).next()) else { return };
    if uid.contains('$') || uid.starts_with("slo-svc-") || known.boards.contains(uid) {
        return;
    }
    let message = format!("there is no board with the uid `{uid}`, to which a column links");
    let diagnostic = Diagnostic::new(Code::UnknownReference, span, message);
    sink.push(match suggest(uid, known.boards.iter().map(String::as_str)) {
        Some(meant) => diagnostic.help(format!("did you mean `{meant}`?")),
        None => diagnostic.help("links to boards of others begin with their whole address"),
    });
}
