//! Links between runbook pages: each leads to a page, and to a place that the page has.

use std::collections::BTreeMap;

use crate::diag::{Code, Diagnostic, Sink, suggest};
use crate::ir::{Page, RunbookIndex, RunbookLink};

/// The folder of all pages.
const FOLDER: &str = "runbooks/";

/// Checks the relative links of all pages and of their index; whole addresses are taken on trust.
///
/// # Panics
/// When a generated link leads nowhere, which is a bug in slosmith.
pub fn links(pages: &[Page], index: &RunbookIndex, sink: &mut Sink) {
    let lists = [index.page(), index.catalogue()];
    let all: BTreeMap<&str, &Page> = pages.iter().chain(&lists).map(|page| (page.path.as_str(), page)).collect();
    for page in pages.iter().chain(&lists) {
        for link in &page.links {
            if let Err(fault) = follow(page, &link.target, &all) {
                report(page, link, &fault, &all, sink);
            }
        }
    }
}

/// Why a link leads nowhere.
enum Fault {
    /// No page of this path.
    NoPage(String),
    /// The page has no such place.
    NoAnchor(String),
}

fn follow(page: &Page, target: &str, all: &BTreeMap<&str, &Page>) -> Result<(), Fault> {
    if is_address(target) {
        return Ok(());
    }
    let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
    let path = if path.is_empty() { page.path.clone() } else { resolve(&page.path, path) };
    if !path.starts_with(FOLDER) {
        return Ok(());
    }
    let Some(found) = all.get(path.as_str()) else { return Err(Fault::NoPage(path)) };
    if anchor.is_empty() || found.has_anchor(anchor) {
        return Ok(());
    }
    Err(Fault::NoAnchor(path))
}

/// Whether a target is more than a path from the page: `https:`, `mailto:`, `//host`, `/path`.
fn is_address(target: &str) -> bool {
    let scheme = target.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '.' | '-'))
    });
    scheme || target.starts_with('/')
}

/// A path from a page, as a path below the output folder; one that leaves the folder of pages comes out without it.
fn resolve(page: &str, path: &str) -> String {
    let mut steps: Vec<&str> = page.split('/').collect();
    steps.pop();
    for step in path.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()),
            step => steps.push(step),
        }
    }
    steps.join("/")
}

fn report(page: &Page, link: &RunbookLink, fault: &Fault, all: &BTreeMap<&str, &Page>, sink: &mut Sink) {
    let target = &link.target;
    let Some(span) = link.origin else {
        panic!("a bug in slosmith: {} links to `{target}`, which is not there", page.path)
    };
    let problem = |message: String| Diagnostic::new(Code::BrokenRunbookLink, span, message);
    sink.push(match fault {
        Fault::NoPage(path) => {
            let problem = problem(format!("the link `{target}` leads to no page"));
            let anchor = target.find('#').map_or("", |at| &target[at..]);
            match suggest(path, all.keys().copied()).map(|close| from_any_page(close) + anchor) {
                Some(close) => problem.replace(format!("did you mean `{close}`?"), span, close),
                None => problem.help("pages are `../<service>/<slo>.md`, `../alerts/<alert>.md` and `../README.md`"),
            }
        }
        Fault::NoAnchor(path) => {
            let (before, anchor) = target.split_once('#').unwrap_or((target, ""));
            let problem = problem(format!("the page `{path}` has no place `#{anchor}`"));
            let known = all.get(path.as_str()).map(|page| page.anchors().collect::<Vec<_>>()).unwrap_or_default();
            match suggest(anchor, known.iter().copied()) {
                Some(close) => problem.replace(format!("did you mean `#{close}`?"), span, format!("{before}#{close}")),
                None => problem.help(format!("it has {}", quoted(&known))),
            }
        }
    });
}

/// The path to a page from any other one: all of them lie one folder deep, and a topic's text stands on many.
fn from_any_page(path: &str) -> String {
    format!("../{}", path.strip_prefix(FOLDER).unwrap_or(path))
}

fn quoted(anchors: &[&str]) -> String {
    anchors.iter().map(|anchor| format!("`#{anchor}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_from_a_page() {
        for (path, resolved) in [
            ("latency.md", "runbooks/cart/latency.md"),
            ("../alerts/DiskFull.md", "runbooks/alerts/DiskFull.md"),
            ("./../README.md", "runbooks/README.md"),
            ("../../docs/x.md", "docs/x.md"),
            ("../../../../x.md", "x.md"),
        ] {
            assert_eq!(resolve("runbooks/cart/availability.md", path), resolved);
        }
        for (target, address) in
            [("https://a/b", true), ("mailto:x", true), ("/x", true), ("a.md", false), ("#x:y", false)]
        {
            assert_eq!(is_address(target), address, "{target}");
        }
    }
}
