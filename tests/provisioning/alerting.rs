//! Alerts that Grafana evaluates: what its page describes, and what Grafana makes of every `$` in it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;
use slosmith::Compiled;
use slosmith::source::{SourceFile, SourceKind, Sources};
use slosmith::{compile, gather, load};

use super::{errors, expanded, text, validator, yaml};
use crate::support::print_diagnostics;

const FOLDER: &str = "grafana/provisioning/alerting/";

/// The shop, with Grafana's alerts asked for.
fn shop() -> Compiled {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let gathered = gather(None, |wanted| load::read(root, wanted)).unwrap().sources;
    let mut sources = Sources::default();
    for (_, file) in gathered.iter() {
        let mut file = file.clone();
        if file.kind == SourceKind::Project {
            assert!(file.text.contains("\ntargets: {"));
            file.text = file.text.replace("\ntargets: {", "\ntargets: {grafana_alerts: on, ");
        }
        sources.add(file);
    }
    let compiled = compile(&sources);
    assert_eq!(print_diagnostics(&sources, &compiled), "");
    compiled
}

fn rule_files(compiled: &Compiled) -> Vec<Value> {
    let is_rules = |path: &str| path.strip_prefix(FOLDER).is_some_and(|name| name.starts_with("rules-"));
    compiled.outputs.iter().filter(|output| is_rules(&output.path)).map(|output| yaml(&output.text)).collect()
}

#[test]
fn the_shop_is_what_the_page_of_grafana_describes() {
    let compiled = shop();
    let rules = validator("grafana.schema.json", "alertRules");
    let (mut uids, mut titles) = (BTreeSet::new(), BTreeSet::new());
    for file in rule_files(&compiled) {
        assert_eq!(errors(&rules, &file), Vec::<String>::new());
        for group in file["groups"].as_array().unwrap() {
            for rule in group["rules"].as_array().unwrap() {
                assert!(uids.insert(rule["uid"].to_string()), "{}", rule["uid"]);
                assert!(titles.insert(rule["title"].to_string()), "{}", rule["title"]);
            }
        }
    }
    let is_alert = |line: &&str| line.starts_with("  - alert: ");
    let written = compiled.outputs.iter().filter(|output| output.path.starts_with("prometheus/rules/"));
    let count: usize = written.map(|output| output.text.lines().filter(is_alert).count()).sum();
    assert_eq!(titles.len(), count, "every alert of Prometheus is one of Grafana's");
    for (name, definition) in
        [("contact-points", "contactPoints"), ("policies", "policies"), ("templates", "templates")]
    {
        let file = yaml(text(&compiled, &format!("{FOLDER}{name}.yaml")));
        assert_eq!(errors(&validator("grafana.schema.json", definition), &file), Vec::<String>::new());
    }
    // Whoever is named is there.
    let points = yaml(text(&compiled, &format!("{FOLDER}contact-points.yaml")));
    let points: BTreeSet<&str> =
        points["contactPoints"].as_array().unwrap().iter().map(|point| point["name"].as_str().unwrap()).collect();
    let policies = text(&compiled, &format!("{FOLDER}policies.yaml"));
    for line in policies.lines().filter_map(|line| line.trim_start().strip_prefix("receiver: ")) {
        assert!(points.contains(line.trim_matches('"')), "{line}");
    }
    assert!(!text(&compiled, &format!("{FOLDER}contact-points.yaml")).contains("alertmanager"));
}

const SPEC: &str = r#"
apiVersion: slosmith/v1
service: cart
owner: 'US$HOME'
alerts:
- alert: CartSlow
  expr: label_replace(cart_seconds{job="cart",path="php$"}, "kind", "$1", "path", "(.+)") > 1
  for: 5m
  severity: ticket
  labels: {where: '{{ $labels.instance }} in ${HOME}', cost: 5$}
  summary: "{{ $labels.instance }} takes {{ $value | humanizeDuration }} for $5, ${HOME} aside"
"#;

fn with_dollars() -> Compiled {
    let mut sources = Sources::default();
    let project = "targets: {grafana_alerts: on}\nreceivers: {ops: {pagerduty: {routing_key_file: /run/secrets/pagerduty}, slack: {api_url_file: /run/secrets/slack, channel: '#$HOME'}}}\non_call: {page: ops, ticket: ops, teams: {US$HOME: {ticket: ops, hours: 'Mon 00:00-24:00'}}}\n";
    for (path, kind, text) in
        [("slosmith.yaml", SourceKind::Project, project), ("slos/cart.yaml", SourceKind::Spec, SPEC)]
    {
        sources.add(SourceFile { path: path.into(), kind, text: text.into(), problem: None });
    }
    let compiled = compile(&sources);
    assert_eq!(print_diagnostics(&sources, &compiled), "");
    compiled
}

/// Labels, titles and settings are filled from the environment, queries and annotations are not: a `$` has to mean itself in both.
#[test]
fn every_dollar_is_itself_once_grafana_has_read_it() {
    let compiled = with_dollars();
    let environment = [("HOME", "/root"), ("labels", "taken"), ("value", "taken"), ("1", "taken")];
    let file = yaml(text(&compiled, &format!("{FOLDER}rules-cart.yaml")));
    let rule = &file["groups"][0]["rules"][0];
    let filled: BTreeMap<&str, String> = rule["labels"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| (name.as_str(), expanded(value.as_str().unwrap(), &environment)))
        .collect();
    assert_eq!(filled["where"], "{{ $labels.instance }} in ${HOME}");
    assert_eq!(filled["cost"], "5$");
    assert_eq!(filled["team"], "US$HOME");
    let expr = rule["data"][0]["model"]["expr"].as_str().unwrap();
    assert!(expr.contains(r#""$1""#) && expr.contains("php$\"") && !expr.contains("$$"), "{expr}");
    assert_eq!(
        rule["annotations"]["summary"],
        "{{ $labels.instance }} takes {{ $values.query.Value | humanizeDuration }} for $5, ${HOME} aside"
    );
    let points = yaml(text(&compiled, &format!("{FOLDER}contact-points.yaml")));
    let settings = |index: usize, key: &str| {
        points["contactPoints"][0]["receivers"][index]["settings"][key].as_str().unwrap().to_owned()
    };
    // The one `$` that is for Grafana: it puts the secret in.
    assert_eq!(settings(0, "integrationKey"), "$__file{/run/secrets/pagerduty}");
    assert_eq!(expanded(&settings(1, "recipient"), &environment), "#$HOME");
    let policies = yaml(text(&compiled, &format!("{FOLDER}policies.yaml")));
    let team = policies.pointer("/policies/0/routes/1/routes/0/object_matchers/0/2").unwrap().as_str().unwrap();
    assert_eq!(expanded(team, &environment), "US$HOME");
    assert_eq!(policies["muteTimes"][0]["time_intervals"].as_array().unwrap().len(), 1, "all of Monday is left");
    let template = yaml(text(&compiled, &format!("{FOLDER}templates.yaml")));
    let alertmanager = text(&compiled, "alertmanager/slosmith.tmpl");
    assert_eq!(template["templates"][0]["template"].as_str().unwrap(), alertmanager, "as it is");
}

#[test]
fn what_is_written_for_grafana() {
    let compiled = with_dollars();
    let files = compiled
        .outputs
        .iter()
        .filter(|output| output.path.starts_with(FOLDER) && !output.path.ends_with("templates.yaml"));
    let files = files.filter(|output| !output.path.ends_with("rules-slosmith.yaml"));
    let texts: Vec<String> = files.map(|output| format!("---- {}\n{}", output.path, output.text)).collect();
    insta::assert_snapshot!(texts.concat());
}

#[test]
fn damage_to_alerts_is_found() {
    let compiled = with_dollars();
    let path = format!("{FOLDER}rules-cart.yaml");
    let rules = validator("grafana.schema.json", "alertRules");
    for (pointer, value) in [
        ("/groups/0/interval", "15s"),
        ("/groups/0/rules/0/uid", "no uid"),
        ("/groups/0/rules/0/condition", "query"),
        ("/groups/0/rules/0/noDataState", "Ok"),
        ("/groups/0/rules/0/data/1/model/expression", "$$query > 0"),
        ("/groups/0/rules/0/for", "soon"),
    ] {
        let mut read = yaml(text(&compiled, &path));
        assert_eq!(errors(&rules, &read), Vec::<String>::new());
        *read.pointer_mut(pointer).unwrap_or_else(|| panic!("nothing at {pointer}")) = value.into();
        assert!(!errors(&rules, &read).is_empty(), "{pointer}");
    }
}

#[test]
fn without_a_word_grafana_evaluates_nothing() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    assert!(!fs::exists(root.join("generated").join(FOLDER)).unwrap());
}
