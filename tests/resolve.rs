//! Declarations to the model: what resolve makes of specs.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use slosmith::diag::Sink;
use slosmith::model::{LabelName, LinkValues, Links, Owner, RatioPart, Service, Sli, Slo, decimal_text};
use slosmith::parse;
use slosmith::promql::print_line;
use slosmith::resolve;
use slosmith::source::{SourceFile, SourceKind, Sources};

/// Resolves a spec below a project file; it may have warnings and no errors.
fn service(project: &str, spec: &str) -> (Service, Vec<String>) {
    let mut sources = Sources::default();
    let mut add = |path: &str, kind, text: &str| {
        sources.add(SourceFile { path: path.to_owned(), kind, text: text.to_owned(), problem: None })
    };
    let project = add("slosmith.yaml", SourceKind::Project, project);
    let spec = add("slos/spec.yaml", SourceKind::Spec, spec);
    let mut sink = Sink::default();
    let project = parse::project(&sources, project, &mut sink);
    let spec = parse::spec(&sources, spec, &mut sink).expect("a spec");
    let service = resolve::service(&spec, &project, &sources, &mut sink);
    assert!(!sink.has_errors(), "{:#?}", sink.as_slice());
    let warnings = sink.as_slice().iter().map(|warning| format!("{}: {}", warning.code.slug(), warning.message));
    (service.expect("a service"), warnings.collect())
}

/// The model of a service, a line for each value that was worked out.
fn describe((service, warnings): &(Service, Vec<String>)) -> String {
    let mut out = String::new();
    let Service { name, owner, tier, labels: own, links: urls, severity_labels, .. } = service;
    writeln!(out, "{name}").unwrap();
    writeln!(out, "  page {}, ticket {}", labels(&severity_labels.page), labels(&severity_labels.ticket)).unwrap();
    describe_common(&mut out, owner.as_ref(), tier.as_deref(), own, urls);
    service.slos.iter().for_each(|slo| describe_slo(&mut out, slo));
    for alert in &service.alerts {
        let (wait, keep) = (alert.wait.map(|d| d.to_string()), alert.keep_firing_for.map(|d| d.to_string()));
        writeln!(out, "\nalert {} ({}): {}", alert.name.value, alert.severity.as_str(), print_line(&alert.expr))
            .unwrap();
        writeln!(out, "  for {wait:?}, keep {keep:?}, or absent {:?}", alert.or_absent.as_ref().map(print_line))
            .unwrap();
        for (kind, texts) in [("label", &alert.labels), ("annotation", &alert.annotations)] {
            for (key, text) in texts {
                writeln!(out, "  {kind} {key}: {}", text.value).unwrap();
            }
        }
        let topic = alert.runbook.topic.as_ref().map(|topic| topic.value.as_str());
        writeln!(out, "  runbook {topic:?}, {:?}", alert.runbook.steps).unwrap();
    }
    for warning in warnings {
        writeln!(out, "\nwarning {warning}").unwrap();
    }
    out
}

fn describe_slo(out: &mut String, slo: &Slo) {
    let (objective, window) = (slo.objective, slo.window.in_largest_unit());
    let (target, budget) = (decimal_text(objective.percent()), decimal_text(objective.budget()));
    writeln!(out, "\n{}: {target}% over {window}, budget {budget}", slo.id).unwrap();
    describe_sli(out, &slo.sli);
    if let Some(grouping) = &slo.grouping {
        let by: Vec<_> = grouping.labels.iter().map(LabelName::as_str).collect();
        writeln!(out, "  by {}", by.join(", ")).unwrap();
        for rule in &grouping.overrides {
            let matches: BTreeMap<_, _> = rule.matches.iter().cloned().collect();
            writeln!(out, "  {}% for {}", decimal_text(rule.objective.percent()), labels(&matches)).unwrap();
        }
    }
    let alerting = &slo.alerting;
    for tier in &alerting.tiers {
        let factor = decimal_text(tier.burn.factor());
        writeln!(out, "  {} at {factor} over {} and {}", tier.severity.as_str(), tier.long, tier.short).unwrap();
    }
    writeln!(out, "  alerts {:?}, min errors {:?}", alerting.name, alerting.min_errors).unwrap();
    for alert in &alerting.budget_left {
        let below = decimal_text(alert.below_percent);
        writeln!(out, "  {} below {below}%: {:?}", alert.severity.as_str(), alert.action).unwrap();
    }
    if let Some(alert) = &alerting.exhausts_in {
        writeln!(out, "  {} {} before the end, over {}", alert.severity.as_str(), alert.less_than, alert.over).unwrap();
    }
    if let Some(alert) = &alerting.no_data {
        writeln!(out, "  {} after {} without data", alert.severity.as_str(), alert.wait).unwrap();
    }
    describe_common(out, slo.owner.as_ref(), slo.tier.as_deref(), &slo.labels, &slo.links);
}

/// What services and SLOs have in common.
fn describe_common(
    out: &mut String,
    owner: Option<&Owner>,
    tier: Option<&str>,
    own: &BTreeMap<LabelName, String>,
    urls: &Links,
) {
    if let Some(Owner { team, oncall, slack }) = owner {
        writeln!(out, "  owner {team}, on call {oncall:?}, chat {slack:?}").unwrap();
    }
    writeln!(out, "  tier {tier:?}, {}", labels(own)).unwrap();
    let values = LinkValues { service: "SERVICE", slo: "SLO", alert: "ALERT", severity: "SEVERITY" };
    let Links { runbook, alert_runbook, dashboard, repo, prometheus } = urls;
    let pages = [("runbook", runbook), ("alert runbook", alert_runbook)];
    let others = [("dashboard", dashboard), ("repo", repo), ("prometheus", prometheus)];
    for (name, link) in pages.into_iter().chain(others) {
        if let Some(link) = link {
            writeln!(out, "  {name} {}", link.fill(&values)).unwrap();
        }
    }
}

fn labels(labels: &BTreeMap<LabelName, String>) -> String {
    let pairs: Vec<_> = labels.iter().map(|(name, value)| format!("{name}={value:?}")).collect();
    format!("{{{}}}", pairs.join(","))
}

fn describe_sli(out: &mut String, sli: &Sli) {
    let mut line = |name: &str, text: &str| writeln!(out, "  {name}: {text}").unwrap();
    match sli {
        Sli::Ratio(ratio) => {
            line("total", &print_line(&ratio.total));
            match &ratio.part {
                RatioPart::Bad(expr) => line("bad", &print_line(expr)),
                RatioPart::Good(expr) => line("good", &print_line(expr)),
            }
        }
        Sli::Latency(latency) => {
            line("count", &print_line(&latency.count));
            line("bucket", &print_line(&latency.bucket));
            latency.bad.iter().for_each(|bad| line("bad", &print_line(bad)));
            line("under", &decimal_text(latency.under));
        }
        Sli::NativeLatency(latency) => {
            line("histogram", &print_line(&latency.histogram));
            latency.bad.iter().for_each(|bad| line("bad", &print_line(bad)));
            line("under", &decimal_text(latency.under));
        }
        Sli::Up { gauge, across } => line("up", &format!("{} across {across:?}", print_line(gauge))),
        Sli::Value(value) => {
            line("value", &print_line(&value.expr));
            line("good", &format!("{:?} {}", value.good.op, value.good.limit));
        }
        Sli::ErrorRatio(expr) => line("error ratio", &print_line(expr)),
        Sli::Composite(composite) => {
            for part in &composite.parts {
                line(composite.mode.as_str(), &format!("{} {}", part.weight, part.path()));
            }
        }
    }
}

#[test]
fn families() {
    insta::assert_snapshot!(describe(&service("", include_str!("resolve/families.yaml"))));
}

#[test]
fn inheritance() {
    let project = "defaults:\n  owner: nobody\n  tier: 3\n  window: 90d\n  labels: {cell: z, region: eu}\n  links: {repo: 'https://git.example.com/{service}'}\n";
    insta::assert_snapshot!(describe(&service(project, include_str!("resolve/inheritance.yaml"))));
}

/// Characters that mean something to YAML, PromQL or templates.
const NOISE: [&str; 24] = [
    "{", "}", "[", "]", "(", ")", "\"", "'", "=", "~", "!", "%", "$window", "0", "9", ".", "-", ",", ":", "\n", " ",
    "é", "\\", "d",
];

#[test]
fn no_bytes_bring_it_down() {
    let seeds = [include_str!("resolve/families.yaml"), include_str!("resolve/inheritance.yaml")];
    let mut state = 1_u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    for round in 0..3_000 {
        let mut text = seeds[round % seeds.len()].to_owned();
        for _ in 0..=random(3) {
            let mut at = random(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            let end = at + text[at..].chars().next().map_or(0, char::len_utf8) * random(2);
            text.replace_range(at..end, NOISE[random(NOISE.len())]);
        }
        let compiled = crate::support::compile_text(&text);
        for diagnostic in &compiled.diagnostics {
            let spans = diagnostic.secondary.iter().map(|label| label.span).chain([diagnostic.primary.span]);
            for span in spans {
                let range = span.start as usize..span.end as usize;
                assert!(text.get(range).is_some(), "{diagnostic:?} lies outside of\n{text}");
            }
        }
    }
}
