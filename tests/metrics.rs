//! Metric catalogues: expositions read, catalogues written and read again.

use std::fs;
use std::path::{Path, PathBuf};

use slosmith::catalogue::{
    Catalogue, EXPORTERS, HistogramKind, Kind, Known, Remarks, Values, exposition, is_built_in, merge,
};
use slosmith::diag::{Code, Sink};
use slosmith::source::{SourceFile, SourceKind, Sources};
use slosmith::{compile, emit, gather, load, parse};

/// Expositions of real exporters.
fn expositions() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/metrics");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "prom" || extension == "om"));
    paths.sort();
    paths
}

/// Reads a catalogue, which has to be right.
fn parsed(text: &str) -> Catalogue {
    let mut sources = Sources::default();
    let file = sources.add(SourceFile {
        path: "metrics.yaml".to_owned(),
        kind: SourceKind::Metrics,
        text: text.to_owned(),
        problem: None,
    });
    let mut sink = Sink::default();
    let catalogue = parse::metrics::catalogue(&sources, file, &mut sink);
    assert!(sink.as_slice().is_empty(), "{text}\n{:#?}", sink.as_slice());
    catalogue
}

/// A xorshift step, for changes that are the same in every run.
fn step(state: &mut u64) -> usize {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    usize::try_from(*state >> 33).unwrap()
}

#[test]
fn expositions_become_catalogues_that_read_back() {
    assert!(expositions().len() >= 5, "{:?}", expositions());
    for path in expositions() {
        let (catalogue, problems) = exposition(&fs::read_to_string(&path).unwrap());
        assert!(problems.is_empty(), "{}: {problems:#?}", path.display());
        let text = emit::metrics::metrics(&catalogue, &Remarks::default());
        assert_eq!(parsed(&text), catalogue, "{}", path.display());
        let mut twice = catalogue.clone();
        merge(&mut twice, catalogue.clone());
        assert_eq!(twice, catalogue, "{}", path.display());
    }
}

#[test]
fn types_labels_and_bounds_are_read() {
    let text = "\
# HELP http_seconds Time to\\nan answer.
# TYPE http_seconds histogram
http_seconds_bucket{code=\"200\",le=\"0.1\"} 1
http_seconds_bucket{code=\"500\",le=\"1.0\"} 1 1700000000000
http_seconds_bucket{code=\"200\",le=\"+Inf\"} 2 # {trace=\"x\"} 0.3 1.7
http_seconds_sum{code=\"200\"} 0.3
http_seconds_count{code=\"200\"} 2
# TYPE jobs counter
# UNIT jobs items
jobs_total{queue=\"a \\\"b\\\" \\\\ c\",} 7
jobs_created{queue=\"a\"} 1.7e9
# TYPE disk gauge
{\"disk\",\"the.path\"=\"/\"} NaN
plain_bucket{le=\"5\"} 1
plain_count 1
# EOF
after the end
";
    let (catalogue, problems) = exposition(text);
    assert_eq!(problems, []);
    assert_eq!(catalogue.metrics.keys().collect::<Vec<_>>(), ["disk", "http_seconds", "jobs_total", "plain"]);
    let http = &catalogue.metrics["http_seconds"];
    assert_eq!((http.kind, http.histogram), (Kind::Histogram, None::<HistogramKind>));
    assert_eq!((http.help.as_deref(), http.buckets.as_slice()), (Some("Time to an answer."), &[0.1, 1.0][..]));
    assert_eq!(http.labels["code"], Values::Seen(["200", "500"].map(str::to_owned).into()));
    assert_eq!(catalogue.metrics["jobs_total"].labels["queue"].set().first().unwrap(), "a \"b\" \\ c");
    assert_eq!(catalogue.metrics["plain"].kind, Kind::Histogram);
}

#[test]
fn lines_that_are_no_exposition_are_named() {
    for (line, column, message) in [
        ("<!DOCTYPE html>", 1, "expected a name, found `<`"),
        ("x{a=\"b\"", 8, "expected `,` or `}`, found the end of the line"),
        ("x{a=b} 1", 5, "expected `\"`, found `b`"),
        ("x{a=\"b} 1", 5, "a quote that is never closed"),
        ("x one", 3, "expected a value, found `one`"),
        ("x", 2, "expected a value, found the end of the line"),
        ("x 1 2 3", 7, "expected the end of the line, found `3`"),
        ("# TYPE x number", 10, "unknown type `number`"),
        ("{a=\"b\"} 1", 8, "a series without a name"),
    ] {
        let (_, problems) = exposition(&format!("up 1\n{line}\n"));
        let found: Vec<_> =
            problems.iter().map(|problem| (problem.line, problem.column, problem.message.as_str())).collect();
        assert_eq!(found, [(2, column, message)], "{line}");
    }
}

#[test]
fn what_people_wrote_stays() {
    let before = "\
# Ours.
apiVersion: slosmith/v1
complete: [shop_]
metrics:
  # Watch this one.
  shop_orders_total:
    type: counter
    help: Orders   # by hand
    labels:
      status: {only: [failed, placed]}
  shop_gone_total:
    type: counter
";
    let mut catalogue = parsed(before);
    let read = "# HELP shop_orders_total Count.\n# TYPE shop_orders_total counter\nshop_orders_total{status=\"lost\",x=\"1\"} 1\n";
    merge(&mut catalogue, exposition(read).0);
    let after = emit::metrics::metrics(&catalogue, &parse::metrics::remarks(before));
    let expected = "\
# Ours.
apiVersion: slosmith/v1
complete: [shop_]
metrics:
  shop_gone_total:
    type: counter
  # Watch this one.
  # by hand
  shop_orders_total:
    type: counter
    help: Orders
    labels:
      status: {only: [failed, lost, placed]}
      x: [\"1\"]
";
    assert_eq!(after, expected);
    assert_eq!(emit::metrics::metrics(&parsed(&after), &parse::metrics::remarks(&after)), after);
}

#[test]
fn no_bytes_break_the_readers() {
    let mut state = 0x9e37_79b9_7f4a_7c15;
    for path in expositions() {
        let text = fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.lines().take(400).collect();
        for _ in 0..40 {
            let start = step(&mut state) % lines.len();
            let mut bytes = lines[start..lines.len().min(start + 20)].join("\n").into_bytes();
            for _ in 0..=step(&mut state) % 6 {
                let place = step(&mut state) % bytes.len().max(1);
                let byte = b"\"\\{}=,# \n\xc3\xa9\x000"[step(&mut state) % 13];
                match step(&mut state) % 3 {
                    0 => bytes[place] = byte,
                    1 => bytes.insert(place, byte),
                    _ => bytes.truncate(place),
                }
                bytes.push(b'\n');
            }
            let (catalogue, _) = exposition(&String::from_utf8_lossy(&bytes));
            let written = emit::metrics::metrics(&catalogue, &Remarks::default());
            assert_eq!(parsed(&written), catalogue, "{written}");
        }
    }
}

#[test]
fn catalogues_of_exporters_are_sorted_and_written_as_we_write() {
    assert!(EXPORTERS.is_sorted_by_key(|(name, _)| *name));
    for (name, text) in EXPORTERS {
        let catalogue = parsed(text);
        assert!(catalogue.metrics.len() >= 5, "{name}");
        assert_eq!(emit::metrics::metrics(&catalogue, &parse::metrics::remarks(text)), text, "{name}");
    }
}

#[test]
fn the_page_names_every_exporter() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/metrics.md")).unwrap();
    for (name, _) in EXPORTERS {
        assert!(page.contains(&format!("`{name}`")), "{name}");
    }
}

#[test]
fn every_metric_of_the_shop_is_in_its_catalogues() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut known = Known::default();
    known.add("metrics.yaml", parsed(&fs::read_to_string(root.join("metrics.yaml")).unwrap()));
    for (name, text) in EXPORTERS {
        known.add(name, parsed(text));
    }
    let mut seen = 0;
    let mut unknown = Vec::new();
    for path in fs::read_dir(root.join("slos")).unwrap().map(|entry| entry.unwrap().path()) {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        for (at, _) in text.match_indices("{job=") {
            let start = text[..at].rfind(|it: char| !it.is_ascii_alphanumeric() && it != '_').map_or(0, |it| it + 1);
            let name = &text[start..at];
            seen += 1;
            if known.find(name).is_none() && !is_built_in(name) {
                unknown.push(format!("{name} of {}", path.display()));
            }
        }
    }
    assert!(seen > 100 && unknown.is_empty(), "{seen} {unknown:#?}");
}

#[test]
fn a_catalogue_of_the_project_is_read_and_one_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| fs::write(folder.path().join(path), text).unwrap();
    fs::create_dir(folder.path().join("slos")).unwrap();
    write("slosmith.yaml", "metrics: [metrics.yaml, redis_exporter]\n");
    write(
        "slos/cart.yaml",
        "apiVersion: slosmith/v1\nservice: cart\nalerts:\n- alert: CartCache\n  severity: ticket\n  \
         expr: rate(redis_evicted_key_total{job=\"cart\"}[5m]) > 1\n",
    );
    let read = || gather(None, |wanted| load::read(folder.path(), wanted));
    assert!(read().unwrap_err().to_string().contains("there is no metric catalogue `metrics.yaml`"));
    write("metrics.yaml", "apiVersion: slosmith/v1\nmetrics: {}\n");
    // A catalogue among the inputs is no spec.
    write("slosmith.yaml", "inputs: [.]\nmetrics: [metrics.yaml, redis_exporter]\n");
    let diagnostics = compile(&read().unwrap().sources).diagnostics;
    assert_eq!(diagnostics.len(), 1, "{diagnostics:#?}");
    assert_eq!(diagnostics[0].code, Code::UnknownMetric);
}
