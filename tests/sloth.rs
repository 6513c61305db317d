//! The front end for Sloth, on the files that Sloth itself is tested with.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use slosmith::diag::Severity;
use slosmith::source::{SourceFile, SourceKind, Sources, Wanted};
use slosmith::{Compiled, compile, gather};

/// The corpus: files that Sloth reads, and files that it refuses.
fn corpus(folder: &str) -> Vec<PathBuf> {
    let root = Path::new("tests/sloth").join(folder);
    let mut paths: Vec<PathBuf> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// What specs compile to, beside nothing else.
fn compiled(specs: &[(&str, &str)]) -> (Compiled, Sources) {
    let file = |(path, text): &(&str, &str)| SourceFile {
        path: (*path).to_owned(),
        kind: SourceKind::Spec,
        text: (*text).to_owned(),
        problem: None,
    };
    let gathered = gather(None, |wanted| {
        Ok::<_, ()>(match wanted {
            Wanted::Inputs { .. } => specs.iter().map(file).collect(),
            Wanted::Project | Wanted::Metrics(_) => Vec::new(),
        })
    });
    let sources = gathered.unwrap().sources;
    (compile(&sources), sources)
}

/// The problems as lines of their own.
fn problems(compiled: &Compiled, sources: &Sources) -> String {
    let mut report = String::new();
    for problem in &compiled.diagnostics {
        let level = if problem.severity == Severity::Error { "error" } else { "warning" };
        let text = &sources.file(problem.primary.span.file).text;
        let line = text[..problem.primary.span.start as usize].matches('\n').count() + 1;
        writeln!(report, "  {line}: {level}[{}]: {}", problem.code.slug(), problem.message).unwrap();
    }
    report
}

/// The problems of a file by itself, and the number of outputs.
fn report(path: &Path) -> (String, usize) {
    let text = fs::read_to_string(path).unwrap();
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let (compiled, sources) = compiled(&[(&format!("slos/{name}"), &text)]);
    let outputs = compiled.outputs.len();
    let verdict = if outputs > 0 { "compiles" } else { "is refused" };
    (format!("{name} {verdict}\n{}", problems(&compiled, &sources)), outputs)
}

/// The text of an output of specs that compile.
fn output(specs: &[(&str, &str)], path: &str) -> String {
    let (compiled, sources) = compiled(specs);
    let output = compiled.outputs.into_iter().find(|output| output.path == path);
    output.map_or_else(
        || panic!("{}", problems(&Compiled { diagnostics: compiled.diagnostics, ..Compiled::default() }, &sources)),
        |output| output.text,
    )
}

/// The selectors of a rule file that read raw data, each once.
fn selectors(rules: &str) -> String {
    let mut found = BTreeSet::new();
    for (at, _) in rules.match_indices('{') {
        let start =
            rules[..at].rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == ':')).map_or(0, |it| it + 1);
        let end = rules[at..].find('}').map_or(rules.len(), |length| at + length + 1);
        // Wide ones are printed over several lines.
        let selector: String = rules[start..end].split_whitespace().collect();
        if !selector.contains(':')
            && !selector.contains("slo_")
            && !selector.contains("sloth_")
            && start < at
            && selector.contains('=')
        {
            found.insert(selector);
        }
    }
    found.into_iter().map(|selector| selector + "\n").collect()
}

fn reports(folder: &str) -> (String, Vec<usize>) {
    let reports: Vec<_> = corpus(folder).iter().map(|path| report(path)).collect();
    reports.into_iter().unzip()
}

#[test]
fn files_that_sloth_reads_compile_or_say_why_not() {
    let (reports, _) = reports("valid");
    insta::assert_snapshot!(reports);
}

#[test]
fn files_that_sloth_refuses_are_refused() {
    let (reports, outputs) = reports("invalid");
    assert!(outputs.iter().all(|outputs| *outputs == 0), "{reports}");
    insta::assert_snapshot!(reports);
}

/// Files of the situations that Sloth's own ones do not have; each compiles alone.
#[test]
fn our_own_files_compile_to_these_selectors() {
    let mut report = String::new();
    for path in corpus("own") {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap();
        let (compiled, sources) = compiled(&[(&format!("slos/{name}"), &text)]);
        write!(report, "{name}\n{}", problems(&compiled, &sources)).unwrap();
        let rules = compiled.outputs.iter().filter(|output| output.path.starts_with("prometheus/rules/"));
        for rules in rules.filter(|output| !output.path.ends_with("slosmith.yaml")) {
            write!(report, "{}\n{}", rules.path, selectors(&rules.text)).unwrap();
        }
    }
    insta::assert_snapshot!(report);
}

const CART: &str = r#"
version: prometheus/v1
service: cart
labels: {owner: one}
slos:
- name: availability
  objective: 99.9
  sli:
    events:
      error_query: sum(rate(http_requests_total{job="cart",code=~"5.."}[{{.window}}]))
      total_query: sum(rate(http_requests_total{job="cart"}[{{.window}}]))
  alerting: {name: CartErrors}
"#;

#[test]
fn documents_of_one_service_are_one_service() {
    let other = CART.replace("availability", "latency").replace("owner: one", "owner: other");
    let rules = output(&[("slos/a.yaml", CART), ("slos/b.yaml", &other)], "prometheus/rules/cart.yaml");
    assert!(rules.starts_with("# Generated by slosmith from slos/a.yaml, slos/b.yaml;"), "{rules}");
    let group = |slo: &str| {
        let groups = rules.split("\n- name: ").filter(|group| group.contains(&format!("cart-{slo}")));
        groups.collect::<String>()
    };
    assert!(group("availability").contains("owner: one") && !group("availability").contains("owner: other"));
    assert!(group("latency").contains("owner: other") && !group("latency").contains("owner: one"));
    let (compiled, sources) = compiled(&[("slos/a.yaml", CART), ("slos/b.yaml", CART)]);
    assert!(problems(&compiled, &sources).contains("two SLOs named `availability`"));
}

#[test]
fn a_catalogue_sets_the_tiers_of_its_period_alone() {
    const WINDOWS: &str = "
apiVersion: sloth.slok.dev/v1
kind: AlertWindows
spec:
  sloPeriod: 30d
  page:
    quick: {errorBudgetPercent: 2, shortWindow: 10m, longWindow: 2h}
    slow: {errorBudgetPercent: 5, shortWindow: 30m, longWindow: 6h}
  ticket:
    quick: {errorBudgetPercent: 10, shortWindow: 2h, longWindow: 1d}
    slow: {errorBudgetPercent: 10, shortWindow: 6h, longWindow: 3d}
";
    let rules =
        |windows: &str| output(&[("slos/a.yaml", CART), ("slos/w.yaml", windows)], "prometheus/rules/cart.yaml");
    assert!(rules(WINDOWS).contains("slo:sli_error:ratio_rate10m"));
    assert!(!rules(&WINDOWS.replace("30d", "28d")).contains("slo:sli_error:ratio_rate10m"));
    let twice = format!("{WINDOWS}---{WINDOWS}");
    let (compiled, sources) = compiled(&[("slos/a.yaml", CART), ("slos/w.yaml", &twice)]);
    assert!(problems(&compiled, &sources).contains("a second catalogue"));
}
