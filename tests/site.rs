//! The static site of the shop: every link leads somewhere, nothing comes from another host, nothing is missing.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use walkdir::WalkDir;

/// All files of the shop's site, by path.
fn site() -> BTreeMap<String, String> {
    let folder = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(env!("CARGO_BIN_EXE_slosmith"))
        .args(["docs", "--deny-warnings", "-C"])
        .arg(root)
        .arg("--site")
        .arg(folder.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let entries =
        WalkDir::new(folder.path()).into_iter().map(Result::unwrap).filter(|entry| entry.file_type().is_file());
    entries
        .map(|entry| {
            let path = entry.path().strip_prefix(folder.path()).unwrap().to_str().unwrap().to_owned();
            (path, fs::read_to_string(entry.path()).unwrap())
        })
        .collect()
}

/// The values of an attribute in a page.
fn attributes<'a>(page: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let opening = format!(" {name}=\"");
    let starts: Vec<usize> = page.match_indices(&opening).map(|(at, found)| at + found.len()).collect();
    starts.into_iter().map(|start| page[start..].split('"').next().unwrap())
}

/// A relative link from a page as a path of the site.
fn resolve(page: &str, link: &str) -> String {
    let mut steps: Vec<&str> = page.split('/').collect();
    steps.pop();
    for step in link.split('/') {
        match step {
            ".." => assert!(steps.pop().is_some(), "{link} of {page} leaves the site"),
            step => steps.push(step),
        }
    }
    steps.join("/")
}

#[test]
fn every_link_leads_somewhere() {
    let files = site();
    let pages = files.iter().filter(|(path, _)| path.strip_suffix(".html").is_some());
    let mut followed = 0;
    for (path, text) in pages {
        let links = attributes(text, "href").chain(attributes(text, "src"));
        for link in links.filter(|link| !link.contains(':')) {
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let file = if file.is_empty() { path.clone() } else { resolve(path, file) };
            let target = files.get(&file).unwrap_or_else(|| panic!("{path} leads to {link}, which is not there"));
            let found = anchor.is_empty() || attributes(target, "id").any(|id| id == anchor);
            assert!(found, "{path} leads to {link}: no such place");
            followed += 1;
        }
    }
    assert!(followed > 1_000, "{followed}");
}

#[test]
fn nothing_comes_from_other_hosts() {
    for (path, text) in site() {
        for line in
            text.lines().filter(|line| line.contains("<link") || line.contains("<script") || line.contains("url("))
        {
            assert!(!line.contains("://"), "{path}: {line}");
        }
    }
}

/// What browsers may do on every page, whatever is on it.
const POLICY: &str = "default-src 'none'; script-src 'self' file:; style-src 'self' file:; img-src data:";

#[test]
fn pages_run_and_fetch_nothing_of_their_own() {
    for (path, text) in site().into_iter().filter(|(path, _)| path.strip_suffix(".html").is_some()) {
        assert!(text.contains(POLICY), "{path}");
        assert_eq!(text.matches("<script").count(), 2, "{path}: more than the scripts of the site");
        for forbidden in ["<img", " style=", " on", "javascript:"] {
            let tags = text.split('<').skip(1).map(|tag| tag.split('>').next().unwrap_or_default());
            for tag in tags {
                assert!(!format!("<{tag}").to_lowercase().contains(forbidden), "{path}: <{tag}>");
            }
        }
    }
}

#[test]
fn every_page_is_found_and_every_objective_is_in_the_catalogue() {
    let files = site();
    let index = &files["search-index.js"];
    let entries = index.strip_prefix("window.searchIndex = ").unwrap().trim_end().strip_suffix(';').unwrap();
    let entries: Vec<serde_json::Value> = serde_json::from_str(entries).unwrap();
    let found: BTreeSet<&str> = entries.iter().map(|entry| entry["path"].as_str().unwrap()).collect();
    let pages: BTreeSet<&str> =
        files.keys().map(String::as_str).filter(|path| path.strip_suffix(".html").is_some()).collect();
    assert_eq!(found, pages);
    let lists = ["index.html", "catalogue.html"];
    let objectives = pages.iter().filter(|path| !lists.contains(*path) && !path.starts_with("alerts/")).count();
    assert_eq!(files["catalogue.html"].matches("<tr>").count(), objectives + 1);
}
