//! The templates of alerts: a table of right and wrong ones, judged by promtool too.

use std::fmt::Write as _;

use proptest::prelude::*;
use slosmith::go_template::{Error, parse};

use crate::support;

/// Templates that mean something, one per block.
const RIGHT: &str = include_str!("go_template/right.txt");
/// Templates that Prometheus refuses to load.
const WRONG: &str = include_str!("go_template/wrong.txt");
/// Templates that Prometheus loads, but that fail or show nothing whenever they are expanded.
const FAILING: &str = include_str!("go_template/failing.txt");
/// Templates for a newer Prometheus than the promtool of Debian.
const NEWER: &str = include_str!("go_template/newer.txt");

/// The templates of a file: lines, or blocks between lines of `---`, without comments.
fn templates(file: &str) -> Vec<String> {
    let mut templates = Vec::new();
    for block in file.split("\n---\n") {
        let lines: Vec<&str> = block.lines().filter(|line| !line.starts_with('#')).collect();
        if block.starts_with('\n') {
            templates.push(lines.join("\n"));
        } else {
            templates.extend(lines.iter().filter(|line| !line.is_empty()).map(|line| (*line).to_owned()));
        }
    }
    templates
}

/// A template with carets under what is wrong.
fn report(text: &str, errors: &[Error]) -> String {
    let mut out = format!("{text}\n");
    for error in errors {
        let (start, end) = (error.range.start as usize, error.range.end as usize);
        assert!(text.get(start..end).is_some(), "{text}: {error:?}");
        let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let indent = " ".repeat(text[line..start].chars().count());
        let carets = "^".repeat(text[start..end].split('\n').next().unwrap().chars().count().max(1));
        writeln!(out, "{indent}{carets} {}", error.message).unwrap();
        if let Some((range, message)) = &error.related {
            writeln!(out, "  and at `{}`: {message}", &text[range.start as usize..range.end as usize]).unwrap();
        }
        if let Some(help) = &error.help {
            writeln!(out, "  help: {help}").unwrap();
        }
        if let Some((range, replacement)) = &error.replacement {
            let mut fixed = text.to_owned();
            fixed.replace_range(range.start as usize..range.end as usize, replacement);
            writeln!(out, "  fixed: {fixed}").unwrap();
        }
    }
    out
}

fn reports(file: &str) -> String {
    let mut out = String::new();
    for text in templates(file) {
        let errors = parse(&text).expect_err(&text);
        writeln!(out, "{}", report(&text, &errors)).unwrap();
    }
    out
}

#[test]
fn right_templates_are_accepted() {
    for text in templates(RIGHT).into_iter().chain(templates(NEWER)) {
        if let Err(errors) = parse(&text) {
            panic!("{}", report(&text, &errors));
        }
    }
}

#[test]
fn wrong_templates_are_explained() {
    insta::assert_snapshot!(reports(WRONG));
}

#[test]
fn failing_templates_are_explained() {
    insta::assert_snapshot!(reports(FAILING));
}

#[test]
fn labels_and_queries_are_found() {
    let text = r#"{{ $labels.job }} {{ .Labels.instance }} {{ index $labels "a-b" }} {{ $.Labels.x | title }}
{{ with $labels }}{{ .team }}{{ .Labels }}{{ end }}{{ $l := .Labels }}{{ $l.zone }}{{ $externalLabels.cluster }}
{{ range query "up{job=\"a\"}" }}{{ .Labels.inner }}{{ $labels.outer }}{{ end }}{{ `down` | query | first | value }}"#;
    let template = parse(text).unwrap();
    let found = |uses: &[(String, std::ops::Range<u32>)]| -> Vec<(String, String)> {
        let slice = |it: &std::ops::Range<u32>| text[it.start as usize..it.end as usize].to_owned();
        uses.iter().map(|(name, range)| (name.clone(), slice(range))).collect()
    };
    let labels = found(template.label_uses());
    assert!(labels.iter().all(|(name, text)| name == text));
    let names: Vec<&str> = labels.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["job", "instance", "a-b", "x", "team", "Labels", "zone", "outer"]);
    let queries = [("up{job=\"a\"}", r#"up{job=\"a\"}"#), ("down", "down")];
    assert_eq!(found(template.queries()), queries.map(|(value, text)| (value.to_owned(), text.to_owned())));
}

/// A rule file with an alert for each template, named by its number.
fn rule_file(templates: &[String]) -> String {
    let mut out = "groups:\n- name: g\n  rules:\n".to_owned();
    for (number, template) in templates.iter().enumerate() {
        let text = serde_json::to_string(template).unwrap();
        writeln!(out, "  - alert: A{number}x\n    expr: up == 0\n    annotations: {{summary: {text}}}").unwrap();
    }
    out
}

/// The templates that promtool refuses.
fn refused(templates: &[String]) -> Option<Vec<String>> {
    let promtool = support::promtool()?;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rules.yaml"), rule_file(templates)).unwrap();
    let output = promtool.run(folder.path(), &["check", "rules", "rules.yaml"]).unwrap_or_default();
    let is_refused = |number: usize| output.contains(&format!("__alert_A{number}x"));
    Some((0..templates.len()).filter(|it| is_refused(*it)).map(|it| templates[it].clone()).collect())
}

#[test]
fn promtool_agrees() {
    let none: Vec<String> = Vec::new();
    for file in [RIGHT, FAILING] {
        assert!(refused(&templates(file)).is_none_or(|refused| refused == none), "{:#?}", refused(&templates(file)));
    }
    let wrong = templates(WRONG);
    if let Some(refused) = refused(&wrong) {
        let accepted: Vec<&String> = wrong.iter().filter(|it| !refused.contains(it)).collect();
        assert!(accepted.is_empty(), "promtool accepts {accepted:#?}");
    }
}

fn template() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "{{",
        "}}",
        "{{ ",
        " }}",
        "{{- ",
        " -}}",
        "/*",
        "*/",
        "if ",
        "else ",
        "end",
        "range ",
        "with ",
        "define ",
        "block ",
        "template ",
        "break",
        "$labels",
        "$value",
        "$x",
        ".job",
        ".",
        "$",
        "|",
        " | ",
        "(",
        ")",
        ":=",
        " = ",
        ",",
        "\"a\"",
        "\"",
        "`",
        "'c'",
        "1",
        "-1.5e3",
        "0x",
        "humanize ",
        "index ",
        "query ",
        "nope",
        "-",
        "é",
        "\n",
        "\\",
        "[",
        "value ",
        "{{ end }}",
        "{{ if $value }}",
        " ",
        "true",
        "nil",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the text, every place lies in it.
    #[test]
    fn no_template_panics(text in prop_oneof![template(), any::<String>()]) {
        match parse(&text) {
            Ok(template) => {
                for (_, range) in template.label_uses().iter().chain(template.queries()) {
                    prop_assert!(text.get(range.start as usize..range.end as usize).is_some());
                }
            }
            Err(errors) => {
                prop_assert!(!errors.is_empty());
                report(&text, &errors);
            }
        }
    }
}

/// What promtool refuses, we refuse; a random hunt, too slow for every run.
#[test]
#[ignore = "takes a minute"]
fn promtool_refuses_nothing_that_is_accepted() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let strategy = template();
    for _ in 0..40 {
        let accepted: Vec<String> = (0..4000)
            .filter_map(|_| {
                let text = proptest::strategy::ValueTree::current(&strategy.new_tree(&mut runner).unwrap());
                parse(&text).is_ok().then_some(text)
            })
            .collect();
        assert_eq!(refused(&accepted), Some(Vec::new()));
    }
}
