//! `slosmith convert` on the corpora of the other formats: what is converted compiles to the same rules as the original.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use slosmith::diag::Severity;
use slosmith::source::{SourceFile, SourceKind, Sources};
use slosmith::{Compiled, compile, converted};
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
    let texts: Vec<String> = converted(sources).documents.into_iter().map(|document| document.text).collect();
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
slos:
  # The first one.
  - name: errors
    objective: 99.90 # As promised.
    sli:
      events:
        # slosmith: allow(selector-without-matcher): one job only
        error_query: sum(rate(a_total{code=~\"5..\"}[{{.window}}]))
        total_query: |
          sum(rate(a_total[{{.window}}]))
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
defaults:
  profile: sloth
slos:
# The first one.
- name: errors
  target: 99.9% # As promised.
  sli:
    total: a_total
    # slosmith: allow(selector-without-matcher): one job only
    bad_when: code=~\"5..\"
  # How it alerts.
  alerting:
    burn: none
    no_data: off
# The end.
";
    assert_eq!(convert(&sources("", text)), expected);
}
