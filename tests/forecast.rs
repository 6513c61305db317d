//! What is forecast is what Prometheus does.

mod notice;
mod pages;
mod prometheus;
mod stories;

use serde_yaml::Value;
use slosmith::diag::{Diagnostic, Severity};
use slosmith::model::Slo;
use slosmith::source::{SourceFile, SourceKind, Sources};

/// The one SLO of a spec.
fn slo(spec: &str) -> Slo {
    let mut sources = Sources::default();
    let path = "slos/spec.yaml".to_owned();
    sources.add(SourceFile { path, kind: SourceKind::Spec, text: spec.to_owned(), problem: None });
    let (mut services, diagnostics) = slosmith::resolved(&sources);
    let is_error = |it: &Diagnostic| it.severity == Severity::Error;
    assert!(!diagnostics.iter().any(is_error), "{diagnostics:#?}");
    services.remove(0).slos.remove(0)
}

/// The rules of an SLO's two groups that are wanted, as one group: `wanted` is told the end of the group's name and the rule's.
fn one_group(text: &str, wanted: impl Fn(&str, &str) -> bool) -> String {
    let mut file: Value = serde_yaml::from_str(text).unwrap();
    let groups = file["groups"].as_sequence_mut().unwrap();
    assert_eq!(groups.len(), 2);
    let mut rules = Vec::new();
    for group in groups.iter() {
        let suffix = group["name"].as_str().unwrap().rsplit('-').next().unwrap();
        let name = |rule: &Value| rule["record"].as_str().or(rule["alert"].as_str()).unwrap().to_owned();
        let all = group["rules"].as_sequence().unwrap().iter();
        rules.extend(all.filter(|rule| wanted(suffix, &name(rule))).cloned());
    }
    groups.truncate(1);
    groups[0]["rules"] = Value::Sequence(rules);
    serde_yaml::to_string(&file).unwrap()
}
