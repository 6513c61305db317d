//! The rules of the house that no compiler knows: who imports whom, how long files are, what they do not say.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use slosmith::Output;
use slosmith::diag::Code;
use slosmith::store::MANIFEST;
use walkdir::WalkDir;

use crate::support::compile_project;

/// Which modules and root types a module may import.
const LAYERS: [(&str, &[&str]); 25] = [
    ("source", &[]),
    ("suggest", &[]),
    ("circle", &[]),
    ("promql", &["suggest"]),
    ("go_template", &["suggest"]),
    ("catalogue", &[]),
    ("diag", &["source", "suggest"]),
    ("parse", &["catalogue", "diag", "source"]),
    ("model", &["promql", "source"]),
    ("resolve", &["catalogue", "circle", "diag", "go_template", "model", "parse", "promql", "source", "suggest"]),
    ("check", &["circle", "diag", "go_template", "model", "promql", "source", "suggest"]),
    ("lint", &["catalogue", "diag", "go_template", "model", "parse", "promql", "resolve", "source", "suggest"]),
    ("ir", &["promql", "source"]),
    ("lower", &["go_template", "ir", "model", "promql", "source"]),
    ("forecast", &["ir", "lower", "model", "promql"]),
    ("compare", &["diag", "ir", "lower", "model", "parse", "promql", "source"]),
    ("verify", &["diag", "ir", "promql", "source", "suggest"]),
    ("emit", &["catalogue", "ir", "promql", "source", "Fingerprint", "Made", "Origin"]),
    ("convert", &["diag", "emit", "model", "parse", "promql", "source"]),
    ("load", &["source"]),
    ("store", &["Destination", "Fingerprint"]),
    ("cache", &["source", "Counts", "Fingerprint"]),
    // The library itself: what puts the stages together.
    ("gather", &["catalogue", "diag", "parse", "source"]),
    ("site", &["model"]),
    (
        "outputs",
        &[
            "diag",
            "emit",
            "ir",
            "lower",
            "model",
            "promql",
            "source",
            "verify",
            "Counts",
            "Destination",
            "Made",
            "Origin",
        ],
    ),
];

/// The most lines of a file.
const MAX_LINES: usize = 600;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files below a folder with one of these endings, with their texts.
fn files(folder: &str, endings: &[&str]) -> Vec<(PathBuf, String)> {
    let entries = WalkDir::new(root().join(folder)).sort_by_file_name().into_iter().map(Result::unwrap);
    let wanted = entries.filter(|entry| {
        let extension = entry.path().extension().and_then(|extension| extension.to_str()).unwrap_or("");
        entry.file_type().is_file() && endings.contains(&extension)
    });
    wanted
        .map(|entry| {
            let path = entry.path().strip_prefix(root()).unwrap().to_owned();
            (path, fs::read_to_string(entry.path()).unwrap())
        })
        .collect()
}

/// The text without comments and without what is compiled for tests alone.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]").next().unwrap();
    let lines = text.lines().map(|line| line.split("//").next().unwrap());
    lines.collect::<Vec<_>>().join("\n")
}

/// The names right behind `crate::` in a text, also those in braces.
fn imports(text: &str) -> Vec<String> {
    let code = code(text);
    let mut names = Vec::new();
    for (_, rest) in code.match_indices("crate::").map(|(at, found)| code.split_at(at + found.len())) {
        let Some(group) = rest.strip_prefix('{') else {
            names.push(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
            continue;
        };
        let mut depth = 0;
        let mut name = String::new();
        for c in group.chars() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => names.push(std::mem::take(&mut name)),
                c if depth == 0 && !c.is_whitespace() => name.push(c),
                _ => {}
            }
        }
        names.push(name);
    }
    let first = |name: String| name.split("::").next().unwrap().to_owned();
    names.into_iter().map(first).filter(|name| !name.is_empty()).collect()
}

#[test]
fn modules_import_what_their_layer_allows() {
    let layers: BTreeMap<&str, &[&str]> = LAYERS.into_iter().collect();
    let mut wrong = Vec::new();
    for (path, text) in files("src", &["rs"]) {
        let module = path.iter().nth(1).unwrap().to_str().unwrap().trim_end_matches(".rs");
        if ["main", "lib", "cli"].contains(&module) {
            continue;
        }
        let allowed = layers.get(module).unwrap_or_else(|| panic!("`{module}` has no line in the table of layers"));
        let imported = imports(&text).into_iter().filter(|name| name != module && !allowed.contains(&name.as_str()));
        wrong.extend(imported.map(|name| format!("{} imports {name}", path.display())));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn imports_are_found_in_every_form() {
    let text =
        "use crate::ir::Rule;\nuse crate::{Output, model::{A, B}, promql};\n// crate::no\nlet x = crate::emit::y;\n";
    assert_eq!(imports(text), ["ir", "Output", "model", "promql", "emit"]);
}

#[test]
fn only_the_binary_knows_the_command_line_and_the_environment() {
    for (path, text) in files("src", &["rs"]).into_iter().filter(|(path, _)| !path.starts_with("src/cli")) {
        for word in ["std::env::", "println!", "clap::", "Instant::now"] {
            assert!(!code(&text).contains(word), "{} has {word}", path.display());
        }
    }
}

#[test]
fn files_are_short_and_say_what_they_are_for() {
    let mut wrong = Vec::new();
    for (path, text) in files("src", &["rs"]).into_iter().chain(files("tests", &["rs"])) {
        let lines = text.lines().count();
        if lines > MAX_LINES {
            wrong.push(format!("{} has {lines} lines", path.display()));
        }
        if !text.starts_with("//! ") {
            wrong.push(format!("{} does not open with its duty", path.display()));
        }
        // Spelt in two parts, so that this file does not find itself.
        for leftover in [["TO", "DO"], ["FIX", "ME"], ["dbg", "!("], ["todo", "!("], ["unimplemented", "!("]] {
            if text.contains(&leftover.concat()) {
                wrong.push(format!("{} has a {}", path.display(), leftover.concat()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn documents_name_no_machine() {
    let mut texts: Vec<(PathBuf, String)> = ["docs", "examples", "src/diag/explain", "templates", "slos"]
        .iter()
        .flat_map(|folder| files(folder, &["md", "yaml", "html"]))
        .collect();
    for name in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "Cargo.toml"] {
        texts.push((name.into(), fs::read_to_string(root().join(name)).unwrap()));
    }
    for (path, text) in texts {
        for word in [["/wo", "rk/"], ["/ro", "ot/"], ["/ho", "me/"]] {
            assert!(!text.contains(&word.concat()), "{} names {}", path.display(), word.concat());
        }
    }
}

#[test]
fn every_page_has_its_sections() {
    let wanted = ["## What it catches", "## Why it matters", "## Example", "## What to do"];
    for code in Code::ALL {
        let page = code.page();
        assert!(page.starts_with(&format!("# {}\n", code.slug())), "{} does not open with its name", code.slug());
        let sections: Vec<&str> = outside_fences(page).filter(|line| line.starts_with("## ")).collect();
        assert_eq!(sections, wanted, "{}", code.slug());
        assert!(page.ends_with('\n') && !page.ends_with("\n\n"), "{} ends with one line break", code.slug());
    }
}

/// The lines of a Markdown text that are no code; a fence ends at one of at least its own length.
fn outside_fences(text: &str) -> impl Iterator<Item = &str> {
    let mut fence = 0;
    text.lines().filter(move |line| {
        let ticks = line.len() - line.trim_start_matches('`').len();
        if ticks >= 3 && fence == 0 {
            fence = ticks;
            return false;
        }
        if fence > 0 && ticks >= fence && ticks == line.len() {
            fence = 0;
            return false;
        }
        fence == 0
    })
}

/// Binary floating point shows as runs of 0 or 9; a run of 3 or 6 is a quotient that no decimal holds, as 28/30 of a rate.
#[test]
fn generated_numbers_are_exact() {
    let (_, compiled) = compile_project(root());
    assert!(!compiled.outputs.is_empty());
    for Output { path, text, .. } in compiled.outputs.iter().filter(|output| output.path != MANIFEST) {
        for (at, _) in text.match_indices('.') {
            let digits: Vec<char> = text[at + 1..].chars().take_while(char::is_ascii_digit).collect();
            let is_noise = |window: &[char]| ['0', '9'].iter().any(|digit| window.iter().all(|other| other == digit));
            let run = digits.windows(6).find(|window| is_noise(window));
            assert!(run.is_none(), "{path}: {}", digits.iter().collect::<String>());
        }
    }
}
