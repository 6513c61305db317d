//! What the search of the site looks through: a script that holds the words of every page.

use serde_json::json;

use super::html::Page;

/// How many bytes of a page's text are looked through; titles and headings always are.
const MAX_TEXT: usize = 4_000;

/// A script that gives the pages to `site.js`; a script, as a page that is opened from a disk may not read other files.
pub(super) fn index(pages: &[Page]) -> String {
    let entries = pages.iter().map(|page| {
        let entry = json!({
            "path": page.path, "title": page.title, "headings": page.headings, "text": start(&page.text, MAX_TEXT),
        });
        entry.to_string()
    });
    format!("window.searchIndex = [\n{}\n];\n", entries.collect::<Vec<_>>().join(",\n"))
}

/// The first bytes of a text, to the end of a character.
fn start(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    &text[..end]
}
