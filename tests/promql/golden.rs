//! Messages, layout and labels, byte for byte; `UPDATE=1` writes what there is.

use std::fmt::Write;
use std::path::Path;

use slosmith::promql::{
    CheckOptions, Dialect, Error, ErrorKind, ParseOptions, TextRange, Version, check, labels, parse, print, visit,
};

/// Compares a file with what its own inputs give: each block begins with an input, the rest is the answer.
fn golden(name: &str, is_input: fn(&str) -> bool, answer: impl Fn(&str) -> String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/promql").join(name);
    let text = std::fs::read_to_string(&path).unwrap();
    let mut expected = String::new();
    for block in text.trim_end().split("\n\n") {
        if block.starts_with('#') {
            let _ = write!(expected, "{block}\n\n");
            continue;
        }
        let input: Vec<&str> = block.lines().take_while(|line| is_input(line)).collect();
        let input = if input.is_empty() { block.lines().next().unwrap().to_owned() } else { input.join("\n") };
        let _ = write!(expected, "{input}\n{}\n", answer(&input));
    }
    let expected = expected.trim_end().to_owned() + "\n";
    if std::env::var("UPDATE").is_ok() {
        std::fs::write(&path, expected).unwrap();
        return;
    }
    let line = text.lines().zip(expected.lines()).position(|(there, here)| there != here);
    let shown = line.map(|line| text.lines().zip(expected.lines()).nth(line).unwrap());
    assert!(
        text == expected,
        "{name} differs in line {:?}, UPDATE=1 rewrites it: {shown:#?}",
        line.map(|line| line + 1)
    );
}

/// `sli: expr`, `dashboard: expr`, `2.42: expr`, or a rule for the newest Prometheus without flags.
fn faults(input: &str) -> (String, Vec<Error>) {
    let (head, rest) = input.split_once(": ").unwrap_or(("", input));
    let (dialect, version, text) = match head {
        "sli" => (Dialect::Sli, Version::LATEST, rest),
        "dashboard" => (Dialect::Dashboard, Version::LATEST, rest),
        _ => match head.parse() {
            Ok(version) => (Dialect::Rule, version, rest),
            Err(_) => (Dialect::Rule, Version::LATEST, input),
        },
    };
    let options = CheckOptions { version, enabled: Vec::new() };
    let result = parse(text, &ParseOptions::new(dialect)).and_then(|expr| check(&expr, &options));
    (text.to_owned(), result.err().unwrap_or_default())
}

#[test]
fn messages() {
    golden(
        "messages.txt",
        |_| false,
        |input| {
            let (text, errors) = faults(input);
            let indent = input.len() - text.len();
            let mut out = String::new();
            for error in errors {
                message(&mut out, &text, indent, &error);
            }
            if out.is_empty() { "  fine\n".to_owned() } else { out }
        },
    );
}

fn message(out: &mut String, text: &str, indent: usize, error: &Error) {
    let column = |offset: u32| indent + text[..offset as usize].chars().count();
    let carets = |range: TextRange| {
        let width = column(range.end) - column(range.start);
        " ".repeat(column(range.start)) + &"^".repeat(width.max(1))
    };
    let _ = writeln!(out, "{} {}: {}", carets(error.range), slug(error.kind), error.message);
    if let Some((range, there)) = &error.related {
        let _ = writeln!(out, "{} {there}", carets(*range).replace('^', "-"));
    }
    if let Some(help) = &error.help {
        let _ = writeln!(out, "  help: {help}");
    }
    if let Some((range, new)) = &error.replacement {
        let _ = writeln!(out, "  fix:  {}{new}{}", &text[..range.start as usize], &text[range.end as usize..]);
    }
}

fn slug(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Syntax => "syntax",
        ErrorKind::Type => "type",
        ErrorKind::UnknownFunction => "unknown-function",
        ErrorKind::WrongArgument => "wrong-argument",
        ErrorKind::Depth => "depth",
        ErrorKind::Version => "version",
        ErrorKind::InvalidRegex => "invalid-regex",
        ErrorKind::EmptySelector => "empty-selector",
    }
}

/// A replacement takes its fault away and brings no other.
#[test]
fn replacements_are_right() {
    let text = include_str!("messages.txt");
    let mut tried = 0;
    let mut wrong = String::new();
    for input in text.split("\n\n").filter(|block| !block.starts_with('#')).filter_map(|block| block.lines().next()) {
        let (expr, errors) = faults(input);
        for (range, new) in errors.iter().filter_map(|error| error.replacement.as_ref()) {
            let fixed = format!("{}{new}{}", &expr[..range.start as usize], &expr[range.end as usize..]);
            let head = &input[..input.len() - expr.len()];
            let left = faults(&format!("{head}{fixed}")).1;
            if left.len() >= errors.len() {
                let _ = writeln!(wrong, "{input}\n{fixed}\n  {}", left[0].message);
            }
            tried += 1;
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(tried > 80, "{tried}");
}

#[test]
fn every_kind_of_fault_is_shown() {
    let text = include_str!("messages.txt");
    for kind in ["syntax", "type", "unknown-function", "wrong-argument", "version", "invalid-regex", "empty-selector"] {
        assert!(text.contains(&format!("^ {kind}: ")), "{kind}");
    }
}

#[test]
fn layout() {
    golden(
        "layout.txt",
        |line| line.starts_with("> "),
        |input| {
            let text: String = input.lines().map(|line| line.trim_start_matches("> ").to_owned() + "\n").collect();
            let expr = parse(&text, &ParseOptions::new(Dialect::Dashboard))
                .unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
            print(&expr) + "\n"
        },
    );
}

#[test]
fn labels_of_expressions() {
    golden(
        "labels.txt",
        |_| false,
        |input| {
            let expr = parse(input, &ParseOptions::new(Dialect::Dashboard))
                .unwrap_or_else(|errors| panic!("{input}: {errors:?}"));
            let labels = labels::of(&expr);
            let join = |names: Vec<String>| if names.is_empty() { "-".to_owned() } else { names.join(" ") };
            let mut out = format!("  must: {}\n", join(labels.certain().map(ToString::to_string).collect()));
            let possible = labels
                .possible()
                .map_or("any".to_owned(), |names| join(names.iter().map(ToString::to_string).collect()));
            let _ = writeln!(out, "  may:  {possible}");
            for name in asked(&expr) {
                if let Some(removal) = labels.removed(&name) {
                    let place = &input[removal.range.start as usize..removal.range.end as usize];
                    let _ = writeln!(out, "  {name} {} (`{place}`)", removal.cause.describe());
                }
            }
            out
        },
    );
}

/// The labels an expression speaks of in its selectors, and the metric name.
fn asked(expr: &slosmith::promql::Expr) -> Vec<String> {
    let mut names = vec!["__name__".to_owned(), "le".to_owned()];
    for selected in visit::selectors(expr) {
        names.extend(selected.selector.matchers.iter().map(|matcher| matcher.label.value.to_string()));
    }
    names.dedup();
    names
}
