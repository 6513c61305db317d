//! Links between runbook pages: each leads to a page, and to a place that the page has.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::diag::{Code, Diagnostic, Sink, suggest};
use crate::ir::{Page, RunbookIndex, RunbookLink};

/// The folder of all pages.
const FOLDER: &str = "runbooks/";

/// Checks the links of all pages and of their index; addresses of the web and of mailboxes are taken on trust.
///
/// # Panics
/// When a generated link leads nowhere, which is a bug in slosmith.
pub fn links(pages: &[Page], index: &RunbookIndex, sink: &mut Sink) {
    let lists = [index.page(), index.catalogue()];
    let all: BTreeMap<&str, &Page> = pages.iter().chain(&lists).map(|page| (page.path.as_str(), page)).collect();
    let faults = |page| faults(page, &all);
    let faults: Vec<_> = pages.par_iter().chain(&lists).flat_map_iter(faults).collect();
    for (page, link, fault) in faults {
        report(page, link, &fault, &all, sink);
    }
}

/// Why a link leads nowhere.
enum Fault {
    /// No page of this path.
    NoPage(String),
    /// The page has no such place.
    NoAnchor(String),
    /// It is neither a path from the page nor an address of the web or of a mailbox.
    NoAddress,
    /// It leads out of the folder of pages.
    Outside,
}

/// The links of a page that lead nowhere.
fn faults<'p>(page: &'p Page, all: &BTreeMap<&str, &Page>) -> impl Iterator<Item = (&'p Page, &'p RunbookLink, Fault)> {
    page.links.iter().filter_map(move |link| Some((page, link, follow(page, &link.target, all).err()?)))
}

fn follow(page: &Page, target: &str, all: &BTreeMap<&str, &Page>) -> Result<(), Fault> {
    match scheme(target) {
        Some(scheme) if ADDRESSES.iter().any(|known| known.eq_ignore_ascii_case(scheme)) => return Ok(()),
        Some(_) => return Err(Fault::NoAddress),
        None if target.starts_with('/') => return Err(Fault::NoAddress),
        None => {}
    }
    let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
    let path = if path.is_empty() { Some(page.path.clone()) } else { resolve(&page.path, path) };
    let Some(path) = path.filter(|path| path.starts_with(FOLDER)) else { return Err(Fault::Outside) };
    let Some(found) = all.get(path.as_str()) else { return Err(Fault::NoPage(path)) };
    if anchor.is_empty() || found.has_anchor(anchor) {
        return Ok(());
    }
    Err(Fault::NoAnchor(path))
}

/// What whole addresses may begin with.
const ADDRESSES: [&str; 3] = ["https", "http", "mailto"];

/// What an address begins with; nothing on a path.
fn scheme(target: &str) -> Option<&str> {
    let (scheme, _) = target.split_once(':')?;
    (!scheme.is_empty() && !scheme.contains(['/', '#', '?'])).then_some(scheme)
}

/// A path from a page, as a path below the output folder; nothing if it leaves that.
fn resolve(page: &str, path: &str) -> Option<String> {
    let mut steps: Vec<&str> = page.split('/').collect();
    steps.pop();
    for step in path.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()?),
            step => steps.push(step),
        }
    }
    Some(steps.join("/"))
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
        Fault::NoAddress => problem(format!("the link `{target}` is no address of the web, and no path from the page"))
            .note("the site leaves such links out, as they would run something or lead to the reader's own disk")
            .help("begin it with `https://`, `http://` or `mailto:`, or write the path of a page such as `../<service>/<slo>.md`"),
        Fault::Outside => problem(format!("the link `{target}` leads out of the runbooks"))
            .help("pages are read from other places than the repository too: write the whole address, `https://...`"),
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
        ] {
            assert_eq!(resolve("runbooks/cart/availability.md", path).as_deref(), Some(resolved));
        }
        assert_eq!(resolve("runbooks/cart/availability.md", "../../../runbooks/x.md"), None);
        for (target, found) in [
            ("https://a/b", Some("https")),
            ("mailto:x", Some("mailto")),
            ("a.md", None),
            ("#x:y", None),
            ("a/b:c", None),
        ] {
            assert_eq!(scheme(target), found, "{target}");
        }
    }
}
