//! Input that is made to take time or memory: refused with a place, or read in linear time.

use slosmith::diag::Sink;

use super::{read, sources};

fn first_line(text: &str) -> String {
    read(text).1.lines().take(2).collect::<Vec<_>>().join("\n")
}

#[test]
fn deep_nesting_is_refused_with_its_place() {
    for open in ["[", "{a: ", "- ", "? ", "[{a: "] {
        let report = first_line(&open.repeat(100_000));
        assert!(report.starts_with("[yaml-limits] more than 128 mappings and lists"), "{open:?}: {report}");
    }
    let block: Vec<String> = (0..2_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert!(first_line(&block.concat()).starts_with("[yaml-limits]"));
}

#[test]
fn nesting_within_the_limit_is_read() {
    let nested = format!("x: {}{}", "[".repeat(120), "]".repeat(120));
    assert!(first_line(&nested).starts_with("[missing-key]"), "{}", first_line(&nested));
}

#[test]
fn aliases_have_a_budget() {
    let level = |level: usize, of: &str| format!("a{level}: &a{level} [{}]\n", [of; 9].join(", "));
    let bomb: Vec<String> = (1..40).map(|number| level(number, &format!("*a{}", number - 1))).collect();
    let bomb = level(0, "x") + &bomb.concat();
    assert!(first_line(&bomb).starts_with("[yaml-limits] aliases copy more than"), "{}", first_line(&bomb));

    let text = format!("a: &a \"{}\"\nb: [{}]\n", "x".repeat(1 << 20), "*a, ".repeat(1000));
    assert!(first_line(&text).starts_with("[yaml-limits] aliases copy more than"));

    let chain: Vec<String> = (1..1000).map(|level| format!("a{level}: &a{level} [*a{}]\n", level - 1)).collect();
    let chain = format!("a0: &a0 []\n{}", chain.concat());
    assert!(first_line(&chain).starts_with("[yaml-limits] more than 128 mappings and lists"));
}

#[test]
fn a_value_cannot_contain_itself() {
    for text in ["a: &a [*a]", "a: &a {b: *a}", "&a a: *a\n&b {c: *b}: d"] {
        let report = read(text).1;
        let refused = report.contains("stands within the value that it names") || !report.contains("yaml-limits");
        assert!(refused, "{report}");
    }
}

#[test]
fn a_file_has_a_limit_of_values() {
    let report = first_line(&"- a\n".repeat(1_000_001));
    assert!(report.starts_with("[yaml-limits] more than 1000000 values in one file"), "{report}");
}

#[test]
fn long_scalars_are_read_in_every_style() {
    let long = "some words ".repeat(90_000);
    let lines = "some words\n  ".repeat(90_000);
    for (name, text) in [
        ("plain", format!("description: {long}")),
        ("plain lines", format!("description: {lines}")),
        ("single", format!("description: '{lines}'")),
        ("double", format!("description: \"{}\"", "\\n\\u00e9".repeat(200_000))),
        ("literal", format!("description: |\n  {lines}")),
        ("folded", format!("description: >\n  {lines}")),
    ] {
        let (spec, report) = read(&format!("apiVersion: slosmith/v1\nservice: x\n{text}\n"));
        assert_eq!(report, "", "{name}");
        let description = spec.and_then(|spec| spec.description).expect(name);
        assert!(description.value.len() > 500_000, "{name}");
    }
}

#[test]
fn a_text_longer_than_anybody_reads_is_refused() {
    for text in
        ["x".repeat(2_000_000), format!("|\n  {}", "line\n  ".repeat(300_000)), format!("'{}'", "x".repeat(2_000_000))]
    {
        let (_, report) = read(&format!("apiVersion: slosmith/v1\nservice: x\ndescription: {text}\n"));
        assert!(report.starts_with("[yaml-limits] a text of "), "{}", &report[..report.len().min(200)]);
    }
}

/// A file of one line, which nothing may scan to its end for each value.
#[test]
fn long_lines_are_read_in_linear_time() {
    let alerts = "{alert: a, expr: b, for: }, ".repeat(40_000);
    let (sources, file) = sources(&format!("apiVersion: slosmith/v1\nservice: x\nalerts: [{alerts}]\n"));
    let mut sink = Sink::default();
    let spec = slosmith::parse::spec(&sources, file, &mut sink);
    assert_eq!(spec.map(|spec| spec.alerts.len()), Some(40_000));
    assert_eq!(sink.as_slice().len(), 40_000);
    assert!(sink.as_slice().iter().all(|problem| problem.message == "expected text for `for`, found nothing"));
}
