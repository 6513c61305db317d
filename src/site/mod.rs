//! Runbook pages as a static site: the same pages as HTML, with a search that needs no server and no other host.

mod html;
mod safe;
mod search;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use minijinja::{Environment, context};
use rayon::prelude::*;

use html::Page;

/// What the paths of the pages begin with, as they are compiled.
pub(crate) const PAGES: &str = "runbooks/";
/// The page that the site opens with, and its name there.
const INDEX: (&str, &str) = ("README.md", "index.html");

/// The files that are the same for every site.
const ASSETS: [(&str, &str); 2] = [
    ("style.css", include_str!("../../templates/site/style.css")),
    ("site.js", include_str!("../../templates/site/site.js")),
];

/// The files of the site of some pages by their paths: path below the site's folder, and text.
#[must_use]
pub fn site(texts: &BTreeMap<String, String>) -> Vec<(String, String)> {
    let markdown = texts.iter().filter_map(|(path, text)| Some((path.strip_prefix(PAGES)?, text.as_str())));
    let markdown: Vec<(&str, &str)> = markdown.filter(|(path, _)| path.strip_suffix(".md").is_some()).collect();
    let pages: Vec<Page> = markdown.into_par_iter().map(|(path, text)| Page::read(&address(path), text)).collect();
    let mut files: Vec<(String, String)> = pages.par_iter().map(|page| (page.path.clone(), whole(page))).collect();
    files.push(("search-index.js".to_owned(), search::index(&pages)));
    files.extend(ASSETS.map(|(path, text)| (path.to_owned(), text.to_owned())));
    files
}

/// The path of a page of the site by its path in Markdown.
fn address(path: &str) -> String {
    if path == INDEX.0 {
        return INDEX.1.to_owned();
    }
    format!("{}.html", path.strip_suffix(".md").unwrap_or(path))
}

/// A page with all that is around it.
#[expect(clippy::panic, reason = "the template is part of the binary and has no branch that a page could miss")]
fn whole(page: &Page) -> String {
    let root = "../".repeat(page.path.matches('/').count());
    let view = context! { title => &page.title, body => &page.body, root, path => &page.path };
    let rendered = TEMPLATES.get_template("page.html").and_then(|template| template.render(view));
    rendered.unwrap_or_else(|error| panic!("a bug in slosmith: the template of the site fails: {error:#}"))
}

/// The template, read once. Its name ends in `.html`, so that values are escaped as HTML.
static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(templates);

#[expect(clippy::panic, reason = "the template is part of the binary")]
fn templates() -> Environment<'static> {
    let mut templates = Environment::new();
    templates.set_auto_escape_callback(|_| minijinja::AutoEscape::Html);
    if let Err(error) = templates.add_template("page.html", include_str!("../../templates/site/page.html")) {
        panic!("a bug in slosmith: the template of the site is none: {error:#}");
    }
    templates
}
