//! The shop and every example compile without a word, to exactly the files of their `generated/`.
//!
//! `UPDATE=1 cargo test` writes these files anew.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use slosmith::Compiled;
use walkdir::WalkDir;

use crate::support::{compile_project, print_diagnostics};

/// The project's root, which holds the shop, and every folder of examples/ with a project file.
pub fn projects() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut projects = vec![root.to_owned()];
    let examples = fs::read_dir(root.join("examples")).unwrap().map(|entry| entry.unwrap().path());
    projects.extend(examples.filter(|path| path.join("slosmith.yaml").exists()));
    projects.sort();
    projects
}

/// Relative paths and texts of all files below a folder.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let entries = WalkDir::new(folder).into_iter().map(Result::unwrap).filter(|entry| entry.file_type().is_file());
    let relative = |path: &Path| path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
    entries.map(|entry| (relative(entry.path()), fs::read_to_string(entry.path()).unwrap())).collect()
}

/// Writes the outputs anew, and removes what is no output any more.
fn update(folder: &Path, compiled: &Compiled) {
    fs::create_dir_all(folder).unwrap();
    for path in files(folder).into_keys().filter(|path| compiled.outputs.iter().all(|output| output.path != *path)) {
        fs::remove_file(folder.join(path)).unwrap();
    }
    for output in &compiled.outputs {
        let path = folder.join(&output.path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &output.text).unwrap();
    }
}

/// What differs between the outputs and the folder, a line for each file.
fn drift(folder: &Path, compiled: &Compiled) -> Vec<String> {
    let mut committed = files(folder);
    let mut drift = Vec::new();
    for output in &compiled.outputs {
        match committed.remove(&output.path) {
            None => drift.push(format!("missing {}", output.path)),
            Some(text) if text != output.text => drift.push(format!("changed {}", output.path)),
            Some(_) => {}
        }
    }
    drift.extend(committed.into_keys().map(|path| format!("stale {path}")));
    drift
}

#[test]
fn projects_compile_without_a_word() {
    assert!(projects().len() > 5, "{:?}", projects());
    for project in projects() {
        let (sources, compiled) = compile_project(&project);
        assert!(compiled.diagnostics.is_empty(), "{}:\n{}", project.display(), print_diagnostics(&sources, &compiled));
        assert!(!compiled.outputs.is_empty(), "{}", project.display());
    }
}

#[test]
fn projects_compile_to_their_committed_files() {
    for project in projects() {
        let (_, compiled) = compile_project(&project);
        let folder = project.join("generated");
        if std::env::var_os("UPDATE").is_some() {
            update(&folder, &compiled);
        }
        let drift = drift(&folder, &compiled);
        assert!(drift.is_empty(), "{}: run UPDATE=1 cargo test\n{}", folder.display(), drift.join("\n"));
    }
}

#[test]
fn every_example_says_what_it_shows() {
    for project in projects().iter().filter(|project| project.parent().unwrap().ends_with("examples")) {
        let readme = fs::read_to_string(project.join("README.md")).unwrap();
        assert!(readme.starts_with("# "), "{}", project.display());
        let lines = readme.lines().count();
        assert!((5..=15).contains(&lines), "{} has {lines} lines", project.display());
    }
}
