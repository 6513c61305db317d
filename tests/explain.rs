//! The pages of `slosmith explain`: their form, and that each example raises its code and no other.

use std::fmt::Write as _;
use std::path::Path;

use slosmith::diag::Code;
use slosmith::diag::render::{Colour, human};
use slosmith::source::{SourceFile, SourceKind, Sources};

use crate::support::diagnostics;

/// What an example of YAML cannot show: bytes, symbolic links and sizes.
const WITHOUT_EXAMPLE: [Code; 2] = [Code::UnreadableFile, Code::ObjectTooLarge];

/// The sections, in their order.
const SECTIONS: [&str; 4] = ["## What it catches", "## Why it matters", "## Example", "## What to do"];

/// The files of the example: fenced blocks, whose path stands behind the language if it is no spec.
fn example(page: &str) -> Sources {
    let section = page.split("\n## Example\n").nth(1).unwrap_or_default();
    let mut sources = Sources::default();
    let mut lines = section.lines().take_while(|line| *line != "## What to do");
    while let Some(opening) = lines.find(|line| line.starts_with("```")) {
        let info = opening.trim_start_matches('`');
        let fence = &opening[..opening.len() - info.len()];
        let text: String = lines.by_ref().take_while(|line| *line != fence).flat_map(|line| [line, "\n"]).collect();
        let number = sources.iter().count();
        let path = info.split_once(' ').map_or(format!("slos/spec-{number}.yaml"), |(_, path)| path.to_owned());
        let kind = match path.as_str() {
            "slosmith.yaml" => SourceKind::Project,
            "metrics.yaml" => SourceKind::Metrics,
            path if Path::new(path).extension().is_some_and(|extension| extension == "md") => SourceKind::RunbookText,
            _ => SourceKind::Spec,
        };
        sources.add(SourceFile { path, kind, text, problem: None });
    }
    sources
}

#[test]
fn every_page_has_its_sections() {
    for code in Code::ALL {
        let page = code.page();
        let headings: Vec<&str> = page.lines().filter(|line| line.starts_with("## ")).collect();
        let headings: Vec<&str> = headings.into_iter().filter(|heading| SECTIONS.contains(heading)).collect();
        assert_eq!(headings, SECTIONS, "{}", code.slug());
        assert!(page.starts_with(&format!("# {}\n", code.slug())), "{}", code.slug());
        assert!(page.ends_with('\n') && !page.contains("\n\n\n\n"), "{}", code.slug());
    }
}

#[test]
fn every_example_raises_its_code_and_no_other() {
    let mut wrong = String::new();
    for code in Code::ALL.iter().filter(|code| !WITHOUT_EXAMPLE.contains(code)) {
        let sources = example(code.page());
        let diagnostics = diagnostics(&sources);
        if diagnostics.is_empty() || diagnostics.iter().any(|diagnostic| diagnostic.code != *code) {
            let slug = code.slug();
            writeln!(wrong, "the example of {slug}:\n{}", human(&diagnostics, &sources, Colour::Plain)).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
