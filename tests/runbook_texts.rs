//! The shop's runbook texts: all topics are there with all of their sections, and their commands are what a shell takes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use slosmith::compile;
use slosmith::parse::shell;
use slosmith::source::{SourceFile, SourceKind, Sources};
use walkdir::WalkDir;

const TOPICS: [&str; 15] = [
    "backup-restore",
    "cache-failure",
    "certificate-expiry",
    "database-connections",
    "database-failover",
    "disk-full",
    "high-cpu",
    "high-error-rate",
    "high-latency",
    "memory-leak",
    "queue-backlog",
    "replication-lag",
    "secret-rotation",
    "service-down",
    "service-outage",
];

const SECTIONS: [&str; 6] =
    ["First steps", "Diagnosis", "Mitigation", "Verification", "Escalation", "After the incident"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("slos/runbooks")
}

/// Paths and texts of all runbook texts.
fn texts() -> Vec<(PathBuf, String)> {
    let entries = WalkDir::new(folder()).sort_by_file_name().into_iter().map(|entry| entry.unwrap().into_path());
    let texts = entries.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    texts.map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
}

/// The code blocks of a language, with the indentation of their list taken off.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(opening) = line.trim_start().strip_prefix("```") else { continue };
        let inside: Vec<&str> = lines.by_ref().take_while(|line| line.trim() != "```").map(str::trim).collect();
        if opening == language {
            blocks.push(inside.join("\n"));
        }
    }
    blocks
}

#[test]
fn every_topic_has_every_section() {
    for topic in TOPICS {
        let text = fs::read_to_string(folder().join(format!("topics/{topic}.md"))).unwrap();
        let headings: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        assert_eq!(headings, SECTIONS, "{topic}");
        assert!(!blocks(&text, "sh").is_empty(), "{topic} has no command");
    }
    assert_eq!(fs::read_dir(folder().join("topics")).unwrap().count(), TOPICS.len());
}

/// Whether the real shell reads the commands to their end.
fn bash_reads(code: &str) -> bool {
    let output = Command::new("bash").args(["-n", "-c", code]).output().unwrap();
    // A here document without its end is a warning there.
    output.status.success() && output.stderr.is_empty()
}

/// The code with one of the characters that open and close things left out, for each of them.
fn without_one(code: &str) -> impl Iterator<Item = String> {
    let places = code.char_indices().filter(|(_, c)| matches!(c, '\'' | '"' | '(' | ')' | '`'));
    places.map(|(at, c)| format!("{}{}", &code[..at], &code[at + c.len_utf8()..]))
}

#[test]
fn commands_are_judged_as_a_shell_does() {
    let is_syntax = |fault: &shell::Fault| fault.kind != shell::FaultKind::Placeholder;
    let (mut whole, mut broken, mut unnoticed) = (0, 0, Vec::new());
    for (path, text) in texts() {
        for code in blocks(&text, "sh") {
            assert!(bash_reads(&code), "{}: {code}", path.display());
            assert_eq!(shell::faults(&code), [], "{}: {code}", path.display());
            whole += 1;
            for code in without_one(&code) {
                let found = shell::faults(&code).iter().any(is_syntax);
                match bash_reads(&code) {
                    true => assert!(!found, "a false alarm: {code}"),
                    false if found => broken += 1,
                    false => unnoticed.push(code),
                }
            }
        }
    }
    assert!(unnoticed.is_empty(), "{unnoticed:#?}");
    assert!(whole > 80 && broken > 80, "{whole} {broken}");
}

#[test]
fn texts_are_clean_markdown() {
    for (path, text) in texts() {
        assert_eq!(text.matches("```").count() % 2, 0, "{}", path.display());
        assert!(text.starts_with("## ") && text.ends_with('\n') && !text.ends_with("\n\n"), "{}", path.display());
        for line in text.lines() {
            assert!(!line.ends_with(' ') && !line.contains('\t'), "{}: `{line}`", path.display());
        }
    }
}

/// A topic that stands on the pages of two alerts, with a link that leads nowhere.
fn shared_topic_with_a_broken_link() -> Sources {
    let mut sources = Sources::default();
    let mut add = |path: &str, kind, text: &str| {
        sources.add(SourceFile { path: path.to_owned(), kind, text: text.to_owned(), problem: None });
    };
    let alert =
        |name: &str| format!("- {{alert: {name}, expr: 'up{{job=\"a\"}} == 0', severity: page, runbook: disk}}\n");
    let spec = format!("apiVersion: slosmith/v1\nservice: hosts\nalerts:\n{}{}", alert("DiskFull"), alert("DiskSlow"));
    add("slos/hosts.yaml", SourceKind::Spec, &spec);
    let text = "## Mitigation\n\nSee [the other](../alerts/DiskFul.md#mitigation).\n";
    add("slos/runbooks/topics/disk.md", SourceKind::RunbookText, text);
    sources
}

#[test]
fn a_broken_link_of_a_shared_topic_is_reported_once_and_corrected_for_every_page() {
    let sources = shared_topic_with_a_broken_link();
    let problems = compile(&sources).diagnostics;
    let slugs: Vec<&str> = problems.iter().map(|problem| problem.code.slug()).collect();
    assert_eq!(slugs, ["broken-runbook-link"]);
    let (_, replacement) = problems[0].helps[0].replacement.as_ref().unwrap();
    assert_eq!(replacement, "../alerts/DiskFull.md#mitigation");
}
