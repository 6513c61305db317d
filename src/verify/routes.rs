//! Every alert, walked through the tree of routes: it reaches somebody, once, and a page somebody who wakes up.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use crate::diag::{Code, Diagnostic, Severity, Sink};
use crate::ir::{Channel, Matcher, Reach, Receiver, Route, Routing, RuleFile, RuleKind};
use crate::promql::labels;
use crate::source::Span;

/// The labels by which alerts are walked, and what is known of their values.
#[derive(Clone, Debug, Default)]
pub struct AlertLabels {
    known: BTreeMap<SmolStr, SmolStr>,
    /// Labels whose value the data decide.
    open: BTreeSet<SmolStr>,
}

impl AlertLabels {
    /// Labels that are all known.
    #[must_use]
    pub fn known(labels: impl IntoIterator<Item = (SmolStr, SmolStr)>) -> Self {
        Self { known: labels.into_iter().collect(), open: BTreeSet::new() }
    }

    /// The value of a label, if it is known.
    #[must_use]
    pub fn get(&self, label: &str) -> Option<&SmolStr> {
        self.known.get(label)
    }

    /// All labels that are known.
    pub fn iter(&self) -> impl Iterator<Item = (&SmolStr, &SmolStr)> {
        self.known.iter()
    }
}

/// Where an alert can end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct End {
    /// The receiver.
    pub receiver: SmolStr,
    /// Whether the route of its severity names one.
    pub way: Way,
    /// The hours in which it tells.
    pub active: Option<SmolStr>,
    /// The days on which it does not.
    pub muted: Option<SmolStr>,
}

/// How an alert came to its receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// By a route that is for such alerts.
    Routed,
    /// By no other: it is where alerts of nobody's go.
    Left,
}

/// An alert with where it can end.
#[derive(Clone, Debug)]
pub struct RoutedAlert {
    /// Its labels, `alertname` included.
    pub labels: AlertLabels,
    /// Where it can end; more than one where the data decide.
    pub ends: Vec<End>,
    /// What in the source it comes from.
    pub origin: Span,
}

/// What is known of an alert's labels by its rule; the routes' labels alone matter.
fn of_rule(name: &SmolStr, rule: &crate::ir::Rule, routed: &BTreeSet<SmolStr>) -> AlertLabels {
    let mut found = AlertLabels::default();
    let mut of_series = None;
    found.known.insert(SmolStr::new_static("alertname"), name.clone());
    for (label, value) in &rule.labels {
        if value.contains("{{") {
            found.open.insert(label.clone());
        } else {
            found.known.insert(label.clone(), value.clone());
        }
    }
    for label in routed.iter().filter(|label| !found.known.contains_key(*label)) {
        let of_series = of_series.get_or_insert_with(|| labels::of(&rule.expr));
        if of_series.may_have(label) {
            found.open.insert(label.clone());
        }
    }
    found
}

/// All alerts of a rule file with where they end.
#[must_use]
pub fn routed(routing: &Routing, file: &RuleFile) -> Vec<RoutedAlert> {
    let mut names = BTreeSet::new();
    collect_labels(&routing.root, &mut names);
    let rules = file.groups.iter().flat_map(|group| &group.rules);
    let alerts = rules.filter_map(|rule| match &rule.kind {
        RuleKind::Alert(alert) => Some((rule, of_rule(&alert.name, rule, &names))),
        RuleKind::Record(_) => None,
    });
    alerts.map(|(rule, labels)| RoutedAlert { ends: ends(routing, &labels), labels, origin: rule.origin }).collect()
}

fn collect_labels(route: &Route, names: &mut BTreeSet<SmolStr>) {
    names.extend(route.matchers.iter().map(|matcher| matcher.label.clone()));
    route.routes.iter().for_each(|route| collect_labels(route, names));
}

/// Where an alert of these labels can end.
#[must_use]
pub fn ends(routing: &Routing, labels: &AlertLabels) -> Vec<End> {
    let receiver = routing.root.receiver.clone().unwrap_or_default();
    let mut found = Vec::new();
    walk(&routing.root, &End { receiver, way: Way::Left, active: None, muted: None }, labels, &mut found);
    found.sort();
    found.dedup();
    found
}

/// Takes the first route below that fits, and each before it that may fit.
fn walk(route: &Route, above: &End, labels: &AlertLabels, found: &mut Vec<End>) {
    let end = |child: &Route| match &child.receiver {
        Some(receiver) => End {
            receiver: receiver.clone(),
            way: Way::Routed,
            active: child.active.clone(),
            muted: child.muted.clone(),
        },
        None => End { active: child.active.clone(), muted: child.muted.clone(), ..above.clone() },
    };
    for child in &route.routes {
        match fits(&child.matchers, labels) {
            Fit::Yes => return walk(child, &end(child), labels, found),
            Fit::Maybe => walk(child, &end(child), labels, found),
            Fit::No => {}
        }
    }
    found.push(above.clone());
}

/// Whether matchers accept labels.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    Yes,
    Maybe,
    No,
}

fn fits(matchers: &[Matcher], labels: &AlertLabels) -> Fit {
    let mut fit = Fit::Yes;
    for matcher in matchers {
        if labels.open.contains(&matcher.label) {
            fit = Fit::Maybe;
        } else if !matcher.accepts(labels.get(&matcher.label).map_or("", |value| value)) {
            return Fit::No;
        }
    }
    fit
}

/// What the alerts of some services reach.
#[derive(Clone, Debug, Default)]
pub struct Reached {
    /// Receivers, each with the first page that reaches it, if one does.
    receivers: BTreeMap<SmolStr, Option<(SmolStr, Span)>>,
    problems: Vec<Diagnostic>,
}

impl Reached {
    /// Adds what others reach.
    pub fn append(&mut self, other: Self) {
        for (receiver, page) in other.receivers {
            let known = self.receivers.entry(receiver).or_default();
            *known = known.take().or(page);
        }
        self.problems.extend(other.problems);
    }

    /// What the alerts of one service reach; `place` is what stands for the service.
    #[must_use]
    pub fn by(alerts: &[RoutedAlert], place: Span) -> Self {
        let mut reached = Self::default();
        // One problem for each team and severity of a service, however many alerts there are.
        let mut told = BTreeSet::new();
        for alert in alerts {
            for end in &alert.ends {
                reached.add(alert, end, place);
                if end.way == Way::Left && told.insert((alert.labels.get("team"), alert.labels.get("slo_alert"))) {
                    reached.problems.push(unrouted(alert, end, place));
                }
            }
        }
        reached
    }

    fn add(&mut self, alert: &RoutedAlert, end: &End, place: Span) {
        let is_page = alert.labels.get("slo_alert").is_some_and(|severity| severity == "page");
        let page = self.receivers.entry(end.receiver.clone()).or_default();
        if is_page && end.way == Way::Routed && page.is_none() {
            let name = alert.labels.get("alertname").cloned().unwrap_or_default();
            *page = Some((name, place));
        }
    }
}

fn unrouted(alert: &RoutedAlert, end: &End, place: Span) -> Diagnostic {
    let name = alert.labels.get("alertname").cloned().unwrap_or_default();
    let severity = alert.labels.get("slo_alert").map_or("", |severity| severity.as_str());
    let team = alert.labels.get("team");
    let of_team = team.map_or_else(String::new, |team| format!(" of team `{team}`"));
    let message = format!("the {severity} `{name}`{of_team} reaches nobody who is on call");
    let diagnostic = Diagnostic::new(Code::UnroutedAlert, place, message);
    let diagnostic = diagnostic.note(format!("it would go to `{}`, with the alerts of nobody's", end.receiver));
    diagnostic.help(match team {
        Some(team) => format!(
            "add `{severity}` to `on_call.teams.{team}`, or to `on_call` for all teams without a receiver of their own"
        ),
        None => format!("give the service an `owner`, or add `{severity}` to `on_call` for all without a team"),
    })
}

/// Reports what is wrong with the routes as a whole.
pub fn routes(routing: &Routing, reached: Reached, sink: &mut Sink) {
    let mut named = BTreeSet::new();
    used(&routing.root, &mut named);
    for receiver in &routing.receivers {
        if !named.contains(&receiver.name) {
            sink.push(unused(receiver));
        } else if let Some(Some((page, place))) = reached.receivers.get(&receiver.name) {
            sink.extend(called(receiver, page, *place).map(|problem| graded(problem, routing)));
        }
    }
    sink.extend(reached.problems);
}

/// Where nobody has decided who is on call, a page that calls nobody is no more than a hint.
fn graded(mut problem: Diagnostic, routing: &Routing) -> Diagnostic {
    if problem.code == Code::SilentPage && !routing.is_decided {
        problem.severity = Severity::Warning;
    }
    problem
}

/// The receivers that some route names.
fn used(route: &Route, names: &mut BTreeSet<SmolStr>) {
    names.extend(route.receiver.clone());
    route.routes.iter().for_each(|route| used(route, names));
}

fn unused(receiver: &Receiver) -> Diagnostic {
    let message = format!("nothing goes to the receiver `{}`", receiver.name);
    let diagnostic = Diagnostic::new(Code::UnusedReceiver, receiver.origin, message);
    diagnostic.help("name it in `on_call`, or remove it")
}

/// The problem of a receiver of pages that calls twice, or not at all.
fn called(receiver: &Receiver, page: &str, place: Span) -> Option<Diagnostic> {
    let calls = |reach: Reach| receiver.channels.iter().filter(move |channel| channel.reach() == reach);
    let names: Vec<&str> = calls(Reach::Calls).map(Channel::name).collect();
    let problem = |code, message| {
        Diagnostic::new(code, receiver.origin, message).secondary(place, format!("the page `{page}` of this service"))
    };
    match names.as_slice() {
        [] if calls(Reach::Unknown).next().is_none() => {
            let message = format!("pages go to `{}`, which calls nobody", receiver.name);
            let diagnostic = problem(Code::SilentPage, message);
            let note = "a page is for somebody who has to act now, whether or not they are reading";
            Some(diagnostic.note(note).help("add a `pagerduty` or `opsgenie` to it, or make the alerts tickets"))
        }
        [first, second, ..] => {
            let message = format!("a page to `{}` calls by both {first} and {second}", receiver.name);
            let diagnostic = problem(Code::TwoPagers, message);
            let note = "two people are woken, and each may take the other to be at work on it";
            Some(diagnostic.note(note).help("keep one of them, or give each team a receiver of its own"))
        }
        [] | [_] => None,
    }
}
