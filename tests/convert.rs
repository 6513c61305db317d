//! `slosmith convert` on the corpora of the other formats: what is converted compiles to the same rules as the original.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use slosmith::convert::Buckets;
use slosmith::diag::{Code, Severity};
use slosmith::source::{SourceFile, SourceKind, Sources};
use slosmith::{Compiled, Language, compile, converted};
use walkdir::WalkDir;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

/// A project with one spec.
fn sources(project: &str, text: &str) -> Sources {
    let mut sources = Sources::default();
    for (path, kind, text) in [("slosmith.yaml", SourceKind::Project, project), ("spec.yaml", SourceKind::Spec, text)] {
        sources.add(SourceFile { path: path.to_owned(), kind, text: text.to_owned(), problem: None });
    }
    sources
}

fn is_refused(compiled: &Compiled) -> bool {
    compiled.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

/// The rule files.
fn rules(compiled: &Compiled) -> BTreeMap<String, String> {
    let files = compiled.outputs.iter().filter(|output| output.path.starts_with("prometheus/rules/"));
    files.map(|output| (output.path.clone(), output.text.clone())).collect()
}

/// The converted text of a project, as one file.
fn convert(sources: &Sources) -> String {
    let texts: Vec<String> = converted(sources, Language::Native(Buckets::Counts))
        .documents
        .into_iter()
        .map(|document| document.text)
        .collect();
    texts.join("---\n")
}

/// The files below a folder with their texts.
fn corpus(folder: &str) -> Vec<(String, String)> {
    let folder = root().join(folder);
    let entries = WalkDir::new(&folder).sort_by_file_name().into_iter().map(Result::unwrap);
    let files = entries.filter(|entry| entry.file_type().is_file());
    files.map(|entry| (entry.path().display().to_string(), fs::read_to_string(entry.path()).unwrap())).collect()
}

/// Converts every file of a corpus that compiles and has an SLO; how many there were.
fn compare(project: &str, files: Vec<(String, String)>) -> usize {
    let (mut count, mut wrong) = (0, Vec::new());
    for (path, text) in files {
        let original = sources(project, &text);
        let compiled = compile(&original);
        if is_refused(&compiled) || compiled.counts.slos == 0 {
            continue;
        }
        count += 1;
        let text = convert(&original);
        let again = compile(&sources(project, &text));
        if is_refused(&again) {
            let messages: Vec<&str> = again.diagnostics.iter().map(|problem| problem.message.as_str()).collect();
            wrong.push(format!("{path}:\n{text}\n{messages:#?}"));
            continue;
        }
        let (before, after) = (rules(&compiled), rules(&again));
        assert!(before.keys().eq(after.keys()), "{path}: {:?}, {:?}", before.keys(), after.keys());
        for ((name, one), (_, other)) in before.iter().zip(&after) {
            let changes =
                similar::TextDiff::from_lines(one.as_str(), other).unified_diff().header(name, name).to_string();
            if !changes.is_empty() {
                wrong.push(format!("{path}:\n{text}\n{changes}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count}\n{}", wrong.len(), wrong.join("\n\n"));
    count
}

/// The files of a corpus, those of one folder as one.
fn by_folder(folder: &str) -> Vec<(String, String)> {
    let mut folders: BTreeMap<String, String> = BTreeMap::new();
    for (path, text) in corpus(folder) {
        let parent = Path::new(&path).parent().unwrap().display().to_string();
        let all = folders.entry(parent).or_default();
        all.push_str("---\n");
        all.push_str(&text);
    }
    folders.into_iter().collect()
}

#[test]
fn sloth_compiles_to_the_same_rules() {
    assert_eq!(compare("", corpus("sloth/valid")), 19);
}

#[test]
fn openslo_compiles_to_the_same_rules() {
    let project = "defaults: {scrape_interval: 15s}\n";
    assert_eq!(compare(project, corpus("openslo/files")), 5);
    assert_eq!(compare(project, by_folder("openslo/project")), 1);
}

#[test]
fn pyrra_compiles_to_the_same_rules() {
    let project = "defaults: {scrape_interval: 15s}\n";
    assert_eq!(compare(project, corpus("pyrra/files")), 39);
    assert_eq!(compare(project, by_folder("pyrra/project")), 1);
}

#[test]
fn what_specs_inherit_stays_where_it_is() {
    let project = "defaults: {window: 28d, alerting: {burn: none, no_data: off}, labels: {env: prod}}\n";
    assert_eq!(compare(project, corpus("sloth/valid")), 19);
}

#[test]
fn comments_stay_with_what_they_are_about() {
    let text = "\
# Whose it is.

# Of the version.
version: prometheus/v1
service: cart # The cart.
labels: {a: b}
slos:
  # The first one.
  - name: errors
    objective: 99.90 # As promised.
    sli:
      events:
        # slosmith: allow(selector-without-matcher): one job only
        error_query: sum(rate(a_total{code=~\"5..\"}[{{.window}}]))
        total_query: |
          # All of them.
          sum(rate(a_total[{{.window}}])) # No \"#\" less.
    labels: {a: b, channel: \"#cart\"} # Whose.
    # How it alerts.
    alerting:
      page_alert: {disable: true}
      ticket_alert: {disable: true}
# The end.
";
    let expected = "\
# Whose it is.
# Of the version.
apiVersion: slosmith/v1
service: cart # The cart.
labels: {a: b}
defaults:
  profile: sloth
slos:
# The first one.
- name: errors
  target: 99.9% # As promised.
  sli:
    # All of them.
    # No \"#\" less.
    total: a_total
    # slosmith: allow(selector-without-matcher): one job only
    bad_when: code=~\"5..\"
  # How it alerts.
  alerting:
    burn: none
    no_data: off
  labels:
    channel: \"#cart\" # Whose.
# The end.
";
    assert_eq!(convert(&sources("", text)), expected);
}

/// Writes specs as OpenSLO, and compiles that: what was lost, or whether the rules are the same.
fn round_trip(project: &str, text: &str) -> Result<(), Vec<String>> {
    let original = sources(project, text);
    let compiled = compile(&original);
    assert!(!is_refused(&compiled), "{text}\n{:#?}", compiled.diagnostics);
    let written = converted(&original, Language::OpenSlo);
    let is_loss = |code| code == Code::UnsupportedFeature;
    let is_told = |message: &str| message.ends_with("is not written") || message.contains("is written as");
    let losses = written.diagnostics.iter().filter(|it| is_loss(it.code) || is_told(&it.message));
    let losses: Vec<String> = losses.map(|it| it.message.clone()).collect();
    if !losses.is_empty() {
        return Err(losses);
    }
    let texts: Vec<String> = written.documents.into_iter().map(|document| document.text).collect();
    let text = texts.join("---\n");
    let again = compile(&sources(project, &text));
    assert!(!is_refused(&again), "{text}\n{:#?}", again.diagnostics);
    let (before, after) = (rules(&compiled), rules(&again));
    for ((name, one), (_, other)) in before.iter().zip(&after) {
        let changes = similar::TextDiff::from_lines(one.as_str(), other).unified_diff().header(name, name).to_string();
        assert!(changes.is_empty(), "{text}\n{changes}");
    }
    assert!(before.keys().eq(after.keys()));
    Ok(())
}

const OURS: &str = "\
apiVersion: slosmith/v1
service: shop
description: Cart and checkout.
owner: team-shop
tier: \"1\"
labels: {domain: commerce}
links: {runbook: 'https://runbooks.example.com/{slo}'}
defaults: {window: 28d, labels: {site: eu}, links: {dashboard: 'https://grafana.example.com/{slo}'}}
slos:
- name: errors
  description: \"Requests: those that do not fail.\"
  target: 99.95%
  sli: {total: 'http_requests_total{job=\"cart\"}', bad_when: 'code=~\"5..\"'}
  labels: {channel: cart}
- name: orders
  target: 99.5%
  window: {calendar: quarter, timezone: Europe/Paris}
  sli:
    total: sum(rate(orders_total{job=\"cart\"}[$window])) + sum(rate(offers_total{job=\"cart\"}[$window]))
    good: sum(rate(fulfilled_total{job=\"cart\"}[$window]))
  alerting:
    burn:
    - {severity: page, budget: 2%, long: 1h, short: 5m}
    - {severity: ticket, burn: 1, long: 3d, short: 6h}
    no_data: {for: 15m, severity: page}
- name: lag
  target: 99%
  sli: {value: 'max(lag{job=\"cart\"})', good: '<= 1000'}
  alerting: {burn: none, no_data: off}
- name: batch
  target: 95%
  sli: {error_ratio: 'sum(rate(failed_total[$window])) / sum(rate(started_total[$window]))'}
  alerting: {burn: none}
- name: slices
  target: 99%
  budget: {by: timeslices, slice: 1m, target: 95%}
  sli: {total: 'http_requests_total{job=\"cart\"}', good_when: 'code!~\"5..\"'}
  alerting: {no_data: off}
";

#[test]
fn openslo_says_the_same() {
    let project = "defaults: {scrape_interval: 15s}\n";
    assert_eq!(round_trip(project, OURS), Ok(()));
    let mut counts = BTreeMap::new();
    let files = corpus("openslo/files").into_iter().chain(by_folder("openslo/project"));
    for (_, text) in files.chain(corpus("pyrra/files")).chain(corpus("sloth/valid")) {
        let compiled = compile(&sources(project, &text));
        if is_refused(&compiled) || compiled.counts.slos == 0 {
            continue;
        }
        match round_trip(project, &text) {
            Ok(()) => *counts.entry("the same rules".to_owned()).or_insert(0) += 1,
            Err(losses) => *counts.entry(losses[0].clone()).or_insert(0) += 1,
        }
    }
    insta::assert_debug_snapshot!("what OpenSLO can say of the corpora", counts);
}

#[test]
fn what_openslo_cannot_say_is_told() {
    let text = OURS
        .replace("  labels: {channel: cart}\n", "  group_by: [region]\n")
        .replace("alerting: {no_data: off}", "alerting: {name: CartSlices, min_errors: 3}")
        .replace("owner: team-shop", "owner: {team: shop, slack: shop}");
    let losses = round_trip("defaults: {scrape_interval: 15s}\n", &text).unwrap_err();
    let keys = ["owner.slack", "group_by", "alerting.name", "alerting.min_errors"];
    assert_eq!(losses, keys.map(|key| format!("OpenSLO cannot say `{key}`")));
}

#[test]
fn buckets_become_latencies_if_that_is_wanted() {
    let slo = |name: &str, error: &str| {
        format!(
            "  - name: {name}\n    objective: 99\n    sli:\n      events:\n        error_query: {error}\n        \
             total_query: sum(rate(x_seconds_count{{job=\"a\"}}[{{{{.window}}}}]))\n    alerting: {{name: Slow}}\n"
        )
    };
    let rest = |bucket: &str| {
        format!("(sum(rate(x_seconds_count{{job=\"a\"}}[{{{{.window}}}}])) - sum(rate({bucket}[{{{{.window}}}}])))")
    };
    let text = format!(
        "version: prometheus/v1\nservice: cart\nslos:\n{}{}{}",
        slo("slow", &rest("x_seconds_bucket{job=\"a\",le=\"0.3\"}")),
        slo("other", &rest("x_seconds_bucket{job=\"b\",le=\"0.3\"}")),
        slo("nanoseconds", &rest("x_seconds_bucket{job=\"a\",le=\"0.0000001\"}")),
    );
    let sources = sources("", &text);
    let found = converted(&sources, Language::Native(Buckets::Latency)).documents.remove(0).text;
    let latency = "    latency: x_seconds{job=\"a\"}\n    under: 300ms\n";
    assert_eq!((found.matches(latency).count(), found.matches("    bad: (sum(").count()), (1, 2), "{found}");
    assert_eq!(convert(&sources).matches("    bad: (sum(").count(), 3);
}
