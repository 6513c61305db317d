//! Dashboards as a whole: uids and titles that are used twice, and references to what is not there.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::diag::{Code, Diagnostic, Sink, suggest};
use crate::model::{Board, BoardLink, BoardLinkTarget, PanelContent, Service, service_uid};
use crate::source::{Span, Text};

/// The boards that slosmith writes by itself where there are SLOs.
///
/// The profile of these SLOs, and the uid.
const OWN: [(&str, &str); 4] =
    [("native", "slo-fleet"), ("native", "slo-detail"), ("sloth", "slo-fleet-sloth"), ("sloth", "slo-detail-sloth")];

/// The folder of these, and of the boards of services.
const OWN_FOLDER: &str = "slo";
/// What the paths of boards in Grafana begin with.
const PATH: &str = "/d/";

/// Checks the boards of users; links can lead to those of all services. Nothing is said of SLOs that have problems, `lost`.
pub(super) fn check(services: &[&Service], (all, lost): (&[Service], &BTreeSet<String>), sink: &mut Sink) {
    if services.iter().all(|service| service.boards.is_empty()) {
        return;
    }
    duplicates(services, sink);
    let mut known = Known::new(services, all);
    for path in lost {
        known.slos.entry(path.clone()).or_insert(true);
    }
    for board in services.iter().flat_map(|service| &service.boards) {
        references(board, &known, sink);
    }
}

/// What boards can refer to.
struct Known {
    slos: BTreeMap<String, bool>,
    alerts: BTreeMap<String, bool>,
    /// What a link can name: uids, titles, and services that have a board.
    boards: BTreeSet<String>,
    uids: BTreeSet<String>,
}

impl Known {
    /// SLOs and alerts by name, and whether a link leads to their runbooks.
    fn new(services: &[&Service], all: &[Service]) -> Self {
        let slos = services.iter().flat_map(|service| &service.slos);
        let alerts = services.iter().flat_map(|service| service.alerts.iter().map(move |alert| (service, alert)));
        let boards = services.iter().flat_map(|service| &service.boards);
        let profiles: BTreeSet<&str> =
            services.iter().flat_map(|service| &service.slos).map(|it| it.profile.as_str()).collect();
        let own = OWN.iter().filter(|(profile, _)| profiles.contains(profile)).map(|(_, uid)| (*uid).to_owned());
        let with_board = || all.iter().filter(|service| !service.slos.is_empty() || !service.alerts.is_empty());
        let of_services = with_board().map(|service| service_uid(service.name.as_str()).to_string());
        let uids: BTreeSet<String> =
            boards.clone().map(|board| board.uid.to_string()).chain(own).chain(of_services).collect();
        let names = boards.map(|board| board.title.value.clone());
        let names = names.chain(with_board().map(|service| service.name.as_str().to_owned()));
        Self {
            slos: slos.map(|slo| (format!("{}/{}", slo.service, slo.name), slo.links.runbook.is_some())).collect(),
            alerts: alerts
                .map(|(service, alert)| (alert.name.value.clone(), service.links.alert_runbook.is_some()))
                .collect(),
            boards: names.chain(uids.iter().cloned()).collect(),
            uids,
        }
    }
}

fn duplicates(services: &[&Service], sink: &mut Sink) {
    let mut uids: BTreeMap<String, Span> = BTreeMap::new();
    let mut titles: BTreeMap<(String, String), Span> = BTreeMap::new();
    for board in services.iter().flat_map(|service| &service.boards) {
        let title = (board.folder.to_ascii_lowercase(), board.title.value.trim().to_ascii_lowercase());
        if title.0 == OWN_FOLDER && is_own_title(&title.1) {
            let message = format!("`{}` is the title of a board that slosmith writes by itself", board.title.value);
            let diagnostic = Diagnostic::new(Code::DuplicateBoard, board.title.span, message);
            let diagnostic = diagnostic.note(format!("both would lie in the folder `{}`", board.folder));
            sink.push(diagnostic.help("rename it, or put it into another `folder`"));
        } else if let Some(first) = titles.get(&title) {
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

/// Whether a title in small letters can be that of the boards of SLOs.
fn is_own_title(title: &str) -> bool {
    matches!(title, "slo / fleet overview" | "slo / detail") || title.starts_with("slo / service / ")
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
            match &panel.content {
                PanelContent::Slo(name, _) => slo(name, known, sink),
                PanelContent::Markdown(text) => paths(text, known, sink),
                PanelContent::Series(..) => {}
            }
            for url in panel.table.columns.iter().filter_map(|column| column.link.as_ref()) {
                path(url, 0, known, sink);
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
                let help = "write its title or its uid, or the name of a service for the board of its SLOs";
                sink.push(missing(text, "board", &known.boards.iter(), help));
            }
            BoardLinkTarget::Runbook(text) => runbook(text, known, sink),
            BoardLinkTarget::Url(url) => path(url, 0, known, sink),
            BoardLinkTarget::Board(_) | BoardLinkTarget::Tag(_) => {}
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

/// The paths to boards among the links of a text.
fn paths(text: &Text, known: &Known, sink: &mut Sink) {
    for (at, _) in text.value.match_indices(PATH) {
        if text.value[..at].ends_with(['(', '<', '"']) {
            path(text, at, known, sink);
        }
    }
}

/// A path to another board, at a byte of a text, leads to one that is there; whole addresses are those of others.
fn path(text: &Text, at: usize, known: &Known, sink: &mut Sink) {
    let Some(rest) = text.value[at..].strip_prefix(PATH) else { return };
    let is_end = |c: char| matches!(c, '/' | '?' | '#' | ')' | '>' | '"') || c.is_whitespace();
    let uid = &rest[..rest.find(is_end).unwrap_or(rest.len())];
    let is_there = match uid.split_once('$') {
        None => known.uids.contains(uid),
        // Put together from a value: the beginning has to be that of some board.
        Some((start, _)) => known.uids.range(start.to_owned()..).next().is_some_and(|first| first.starts_with(start)),
    };
    if is_there {
        return;
    }
    let start = at + PATH.len();
    let span = part(text, start..start + uid.len());
    let diagnostic = Diagnostic::new(Code::UnknownReference, span, format!("there is no board with the uid `{uid}`"));
    sink.push(match suggest(uid, known.uids.iter().map(String::as_str)) {
        Some(meant) => diagnostic.replace(format!("did you mean `{meant}`?"), span, meant),
        None => diagnostic.help("links to boards that others write begin with their whole address"),
    });
}

/// The place of some bytes of a text.
#[expect(clippy::cast_possible_truncation, reason = "no source has four gigabytes")]
fn part(text: &Text, range: Range<usize>) -> Span {
    text.part(range.start as u32..range.end as u32)
}
