//! What of a page may come into the site: its words, and nothing that a browser would run or fetch.

use pulldown_cmark::{Alignment, CowStr, Event, LinkType, Tag, TagEnd};

/// Elements that need no attribute and do nothing but look.
const PLAIN: [&str; 12] = ["a", "b", "br", "details", "div", "em", "i", "kbd", "p", "span", "strong", "summary"];
/// The schemes that a link may have.
const SCHEMES: [&str; 3] = ["http", "https", "mailto"];

/// The events of a page without anything that runs, is fetched or leads to the disk; what is left out shows as its words.
pub(super) fn safe(events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let mut safe = Vec::with_capacity(events.len());
    // For each link and image that is open, what it has become.
    let mut open: Vec<Became> = Vec::new();
    let mut html = String::new();
    for event in events {
        if let Event::Html(text) = &event {
            html.push_str(text);
            continue;
        }
        if !html.is_empty() {
            safe.push(Event::Html(markup(&std::mem::take(&mut html)).into()));
        }
        match event {
            Event::InlineHtml(text) => safe.push(Event::InlineHtml(markup(&text).into())),
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                let became = if is_safe(&dest_url) { Became::Link } else { Became::Words };
                open.push(became);
                if became == Became::Link {
                    safe.push(Event::Start(Tag::Link { link_type, dest_url, title, id }));
                }
            }
            // A picture would be fetched from another host: what is left is the way to it.
            Event::Start(Tag::Image { dest_url, title, id, .. }) => {
                let is_linked = open.contains(&Became::Link);
                let became = if is_address(&dest_url) && !is_linked { Became::Link } else { Became::Words };
                open.push(became);
                if became == Became::Link {
                    safe.push(Event::Start(Tag::Link { link_type: LinkType::Inline, dest_url, title, id }));
                }
            }
            Event::End(TagEnd::Link | TagEnd::Image) => {
                if open.pop() == Some(Became::Link) {
                    safe.push(Event::End(TagEnd::Link));
                }
            }
            // Alignment would be a style of its own on every cell.
            Event::Start(Tag::Table(columns)) => {
                safe.push(Event::Start(Tag::Table(vec![Alignment::None; columns.len()])));
            }
            event => safe.push(event),
        }
    }
    if !html.is_empty() {
        safe.push(Event::Html(CowStr::from(markup(&html))));
    }
    safe
}

/// What a link or image is on the site.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Became {
    Link,
    Words,
}

/// Whether a link leads to a page of the site, to a host, or to somebody's mailbox.
fn is_safe(target: &str) -> bool {
    match scheme(target) {
        Some(scheme) => SCHEMES.contains(&scheme.as_str()),
        None => !seen(target).starts_with(['/', '\\']),
    }
}

/// Whether a link is a whole address.
fn is_address(target: &str) -> bool {
    scheme(target).is_some_and(|scheme| SCHEMES.contains(&scheme.as_str()))
}

/// A target as browsers read it, without white space and control characters.
fn seen(target: &str) -> String {
    target.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect()
}

fn scheme(target: &str) -> Option<String> {
    let target = seen(target);
    let (scheme, _) = target.split_once(':')?;
    (!scheme.contains(['/', '?', '#'])).then(|| scheme.to_ascii_lowercase())
}

/// Raw HTML with every `<` escaped that does not begin a harmless element; comments are left out.
fn markup(html: &str) -> String {
    let mut safe = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        safe.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let tag = rest.find('>').map(|end| &rest[..=end]);
        if let Some(tag) = tag.filter(|tag| is_harmless(tag)) {
            safe.push_str(tag);
            rest = &rest[tag.len()..];
        } else {
            safe.push_str("&lt;");
            rest = &rest[1..];
        }
    }
    safe + rest
}

/// Whether a tag is one of [`PLAIN`], with nothing more than a name that links may lead to.
fn is_harmless(tag: &str) -> bool {
    let inner = tag.trim_start_matches('<').trim_end_matches('>');
    let inner = inner.strip_prefix('/').unwrap_or(inner);
    let inner = inner.strip_suffix('/').unwrap_or(inner).trim_end();
    let (name, attribute) = inner.split_once(' ').unwrap_or((inner, ""));
    let is_name = |value: &str| value.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
    let names = |value: &str| value.strip_prefix("=\"").and_then(|value| value.strip_suffix('"')).is_some_and(is_name);
    let is_anchor = ["id", "name"].iter().any(|key| attribute.strip_prefix(key).is_some_and(names));
    PLAIN.contains(&name.to_ascii_lowercase().as_str()) && (attribute.is_empty() || is_anchor)
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::{Options, Parser, html};

    use super::*;

    fn page(markdown: &str) -> String {
        let events = safe(Parser::new_ext(markdown, Options::ENABLE_TABLES).collect());
        let mut body = String::new();
        html::push_html(&mut body, events.into_iter());
        body
    }

    #[test]
    fn nothing_runs_and_nothing_is_fetched() {
        for (markdown, html) in [
            ("[a](javascript:alert(1))", "<p>a</p>\n"),
            ("[a](java&#9;script:alert(1))", "<p>a</p>\n"),
            ("[a](JavaScript:x) <https://h.example>", "<p>a <a href=\"https://h.example\">https://h.example</a></p>\n"),
            ("[a](data:text/html,x) [b](file:///etc) [c](/etc) [d](//h.example/x)", "<p>a b c d</p>\n"),
            (
                "[a](mailto:x@y.example) [b](../x.md#c:d)",
                "<p><a href=\"mailto:x@y.example\">a</a> <a href=\"../x.md#c:d\">b</a></p>\n",
            ),
            ("![a](https://h.example/p.png)", "<p><a href=\"https://h.example/p.png\">a</a></p>\n"),
            ("![a](p.png) [![b](https://h.example/p)](c.md)", "<p>a <a href=\"c.md\">b</a></p>\n"),
            (
                "<script src=\"https://h.example/x.js\"></script>",
                "&lt;script src=\"https://h.example/x.js\">&lt;/script>",
            ),
            ("a <img src=x onerror=alert(1)> b", "<p>a &lt;img src=x onerror=alert(1)> b</p>\n"),
            ("<a id=\"x\"></a>\n\nb<br/>c", "<p><a id=\"x\"></a></p>\n<p>b<br/>c</p>\n"),
            ("a <a href=\"javascript:x\">b</a>", "<p>a &lt;a href=\"javascript:x\">b</a></p>\n"),
            ("<a id=\"x\" onclick=\"y\">", "&lt;a id=\"x\" onclick=\"y\">"),
            ("<!-- a\n\nb --> c", " c"),
            (
                "<details>\n<summary>a</summary>\n\nb\n\n</details>",
                "<details>\n<summary>a</summary>\n<p>b</p>\n</details>",
            ),
            ("<<script>x</script>", "<p>&lt;&lt;script>x&lt;/script></p>\n"),
        ] {
            assert_eq!(page(markdown), html, "{markdown}");
        }
    }

    #[test]
    fn tables_have_no_styles_of_their_own() {
        assert!(!page("| a |\n|--:|\n| b |").contains("style"));
    }
}
