//! A page from Markdown to HTML: links lead to other pages of the site, headings can be linked to.

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};

use super::address;
use super::safe::safe;
use crate::model::heading_anchor;

/// A page of the site.
#[derive(Clone, Debug)]
pub(super) struct Page {
    /// The path below the site's folder.
    pub(super) path: String,
    /// The words of its first heading.
    pub(super) title: String,
    /// Its other headings.
    pub(super) headings: Vec<String>,
    /// All words that are neither headings nor blocks of code, for the search.
    pub(super) text: String,
    /// The page as HTML.
    pub(super) body: String,
}

impl Page {
    /// Reads a page of Markdown.
    pub(super) fn read(path: &str, markdown: &str) -> Self {
        let mut events = safe(Parser::new_ext(markdown, Options::ENABLE_TABLES).collect());
        let headings = name_headings(&mut events);
        let text = words(&events);
        let events = events.into_iter().map(|event| within_site(event));
        let mut body = String::with_capacity(markdown.len() * 3 / 2);
        html::push_html(&mut body, framed(events));
        let mut headings = headings.into_iter();
        let title = headings.next().unwrap_or_else(|| path.to_owned());
        Self { path: path.to_owned(), title, headings: headings.collect(), text, body }
    }
}

/// Gives every heading the id that links know it by; their words.
fn name_headings(events: &mut [Event<'_>]) -> Vec<String> {
    let mut headings = Vec::new();
    let mut start = None;
    for at in 0..events.len() {
        match &events[at] {
            Event::Start(Tag::Heading { .. }) => {
                start = Some(at);
                headings.push(String::new());
            }
            Event::Text(words) | Event::Code(words) if start.is_some() => {
                if let Some(heading) = headings.last_mut() {
                    heading.push_str(words);
                }
            }
            Event::End(TagEnd::Heading(_)) => {
                let anchor = headings.last().map(|heading| heading_anchor(heading));
                if let (Some(start), Some(anchor)) = (start.take(), anchor)
                    && let Event::Start(Tag::Heading { id, .. }) = &mut events[start]
                {
                    *id = Some(CowStr::from(anchor));
                }
            }
            _ => {}
        }
    }
    headings
}

/// The words of a page that are neither headings nor blocks of code.
fn words(events: &[Event<'_>]) -> String {
    let mut text = String::new();
    let mut skipped = 0_usize;
    for event in events {
        match event {
            Event::Start(Tag::Heading { .. } | Tag::CodeBlock(_)) => skipped += 1,
            Event::End(TagEnd::Heading(_) | TagEnd::CodeBlock) => skipped = skipped.saturating_sub(1),
            Event::Text(words) | Event::Code(words) if skipped == 0 => text.push_str(words),
            Event::End(TagEnd::Paragraph | TagEnd::TableCell | TagEnd::Item) | Event::SoftBreak | Event::HardBreak => {
                text.push(' ');
            }
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The event with a link to a page of Markdown turned into one to the page of the site.
fn within_site(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let dest_url = target(&dest_url).map_or(dest_url, CowStr::from);
            Event::Start(Tag::Link { link_type, dest_url, title, id })
        }
        other => other,
    }
}

/// Where a link to a page of Markdown leads on the site; nothing for other links.
fn target(link: &str) -> Option<String> {
    let (path, anchor) = link.find('#').map_or((link, ""), |at| link.split_at(at));
    if path.contains(':') || path.starts_with('/') || path.strip_suffix(".md").is_none() {
        return None;
    }
    let (folder, file) = path.rfind('/').map_or(("", path), |at| path.split_at(at + 1));
    Some(format!("{folder}{}{anchor}", address(file)))
}

/// Puts a frame around every table, so that a wide one scrolls by itself.
fn framed<'a>(events: impl Iterator<Item = Event<'a>>) -> impl Iterator<Item = Event<'a>> {
    events.flat_map(|event| match event {
        Event::Start(Tag::Table(_)) => {
            [Some(Event::Html(CowStr::Borrowed("<div class=\"table\">\n"))), Some(event)].into_iter().flatten()
        }
        Event::End(TagEnd::Table) => {
            [Some(event), Some(Event::Html(CowStr::Borrowed("</div>\n")))].into_iter().flatten()
        }
        event => [Some(event), None].into_iter().flatten(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_stay_within_the_site() {
        for (link, found) in [
            ("../alerts/DiskFull.md#mitigation", Some("../alerts/DiskFull.html#mitigation")),
            ("../README.md#service-cart", Some("../index.html#service-cart")),
            ("latency.md", Some("latency.html")),
            ("https://git.example.com/a.md", None),
            ("/a.md", None),
            ("#page", None),
        ] {
            assert_eq!(target(link).as_deref(), found, "{link}");
        }
    }

    #[test]
    fn headings_have_ids_and_tables_a_frame() {
        let page = Page::read("a/b.html", "# a/b\n\n## First *steps*\n\nOne `two`.\n\n| a |\n|:--|\n| b |\n");
        assert_eq!((page.title.as_str(), page.headings.as_slice()), ("a/b", &["First steps".to_owned()][..]));
        assert!(page.body.contains("<h2 id=\"first-steps\">"), "{}", page.body);
        assert!(page.body.contains("<div class=\"table\">\n<table>"), "{}", page.body);
        assert_eq!(page.text, "One two. a b");
    }
}
