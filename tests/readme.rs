//! The README is true: what it shows is what comes out.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::fs;
use std::path::Path;

use slosmith::diag::render::{Colour, human};
use slosmith::source::{SourceFile, SourceKind, Sources, Wanted};
use slosmith::{Compiled, compile, gather};

use crate::support::compile_text;

fn document(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The code blocks of a Markdown text: the words of their fence, and what they hold.
fn blocks(text: &str) -> Vec<(&str, &str)> {
    let fenced = text.split("\n```").skip(1).step_by(2);
    fenced.map(|block| block.split_once('\n').map_or((block, ""), |(words, body)| (words, body))).collect()
}

/// Compiles a spec as `build` does, in a project without a project file.
fn compile_spec(spec: &str) -> (Sources, Compiled) {
    let file = SourceFile {
        path: "slos/cart.yaml".to_owned(),
        kind: SourceKind::Spec,
        text: format!("{spec}\n"),
        problem: None,
    };
    let read = |wanted: &Wanted| -> Result<Vec<SourceFile>, Infallible> {
        Ok(match wanted {
            Wanted::Project | Wanted::Metrics(_) => Vec::new(),
            Wanted::Inputs { .. } => vec![file.clone()],
        })
    };
    let Ok(gathered) = gather(None, read);
    let compiled = compile(&gathered.sources);
    (gathered.sources, compiled)
}

#[test]
fn the_readme_shows_what_comes_out() {
    let readme = document("README.md");
    let blocks = blocks(&readme);
    let (_, compiled) = compile_spec(blocks[0].1);
    assert!(compiled.diagnostics.is_empty());

    let files: BTreeSet<String> = compiled.outputs.iter().map(|output| format!("generated/{}", output.path)).collect();
    let visible = files.iter().filter(|path| !path.contains("/.")).map(String::as_str);
    assert_eq!(blocks[1].1, visible.collect::<Vec<_>>().join("\n"));

    let rules = compiled.outputs.iter().find(|output| output.path == "prometheus/rules/cart.yaml").unwrap();
    assert!(rules.text.starts_with(blocks[2].1), "{}", rules.text);
}

#[test]
fn the_readme_shows_a_real_message() {
    let readme = document("README.md");
    let blocks = blocks(&readme);
    let (sources, compiled) = compile_spec(&blocks[0].1.replace("5..", "5(."));
    assert_eq!(blocks[3].1, human(&compiled.diagnostics, &sources, Colour::Plain).trim_end());
}

#[test]
fn the_commands_of_the_readme_exist() {
    let readme = document("README.md");
    for command in ["init", "build", "check", "render", "explain"] {
        assert!(readme.contains(&format!("| `slosmith {command}")), "{command}");
    }
    for file in ["tests/run", "docs/language.md", "docs/rules.md", "docs/json.md", "docs/benchmarks.md", "LICENSE"] {
        assert!(readme.contains(file) && Path::new(env!("CARGO_MANIFEST_DIR")).join(file).exists(), "{file}");
    }
}

#[test]
fn the_numbers_of_the_rules_page_are_those_of_the_rules() {
    let compiled = compile_text(
        "apiVersion: slosmith/v1\nservice: cart\nslos:\n- name: availability\n  target: 99.9%\n  \
         sli: {total: 'http_requests_total{job=\"cart\"}', bad_when: 'code=~\"5..\"'}\n- name: month\n  target: 99.9%\n  \
         window: {calendar: month, timezone: Europe/Paris}\n  \
         budget: {by: timeslices, slice: 2m, no_data: bad}\n  \
         sli: {total: 'http_requests_total{job=\"cart\"}', bad_when: 'code=~\"5..\"'}\n- name: both\n  \
         target: 99%\n  sli: {composite: all, of: [availability, month]}\nmaintenance:\n- \
         {name: weekly, start: 2026-01-04T02:00, duration: 90m, rrule: FREQ=WEEKLY;BYDAY=SU}\n",
    );
    let rules = compiled.outputs.iter().find(|output| output.path == "prometheus/rules/cart.yaml").unwrap();
    let page = document("docs/rules.md");
    let names = page.split('`').skip(1).step_by(2).filter(|word| word.starts_with("slo:") && !word.contains('{'));
    let names: BTreeSet<&str> = names.collect();
    assert!(names.len() >= 10, "{names:?}");
    for name in names {
        assert!(rules.text.contains(&format!("record: {name}\n")), "no rule records `{name}`");
    }
}
