//! Hand-written runbook text: Markdown to sections by `## Heading`, with a place on every heading and link.
//!
//! Only as much of `CommonMark` as decides what a heading is: code fences, raw HTML blocks, ATX and underlined headings.

use super::document::unreadable;
use crate::diag::{Code, Diagnostic, Sink};
use crate::source::{FileId, Quotes, SourceKind, Sources, Span, Spanned, Text, TextMap};

/// A file of hand-written runbook text.
#[derive(Clone, Debug)]
pub struct RunbookText {
    /// The path from the project's root.
    pub path: String,
    /// The whole file.
    pub span: Span,
    /// What stands before the first section, without the file's own title; empty if nothing does.
    pub introduction: TextBody,
    /// The sections in the order written; no heading twice.
    pub sections: Vec<TextSection>,
}

/// A section: a heading and all that follows until the next one of its level.
#[derive(Clone, Debug)]
pub struct TextSection {
    /// The heading's text as written, Markdown included.
    pub heading: Spanned<String>,
    /// What follows.
    pub body: TextBody,
}

/// A piece of Markdown, ready to be set into a page.
#[derive(Clone, Debug, Default)]
pub struct TextBody {
    /// Lines that end in `\n` alone, without blank ones at either end; trailing spaces only within code.
    pub markdown: String,
    /// The targets of its links, as written.
    pub links: Vec<Spanned<String>>,
    /// Its headings, of level 3 and below.
    pub headings: Vec<String>,
    /// The ids of its HTML elements, to which links may lead.
    pub ids: Vec<String>,
    /// Its fenced code blocks with a language.
    pub blocks: Vec<CodeBlock>,
}

/// A fenced code block.
#[derive(Clone, Debug)]
pub struct CodeBlock {
    /// The first word behind the fence, in lower case: `promql`.
    pub language: String,
    /// What stands between the fences, as the file has it.
    pub code: Text,
}

/// Reads all hand-written runbook text of a run.
#[must_use]
pub fn runbook_texts(sources: &Sources, sink: &mut Sink) -> Vec<RunbookText> {
    let mut read = Vec::new();
    for (id, file) in sources.iter().filter(|(_, file)| file.kind == SourceKind::RunbookText) {
        match &file.problem {
            Some(problem) => sink.push(unreadable(file, id, problem)),
            None => read.push(runbook_text(id, &file.path, &file.text, sink)),
        }
    }
    read
}

/// Splits a file into its sections.
#[must_use]
pub fn runbook_text(file: FileId, path: &str, text: &str, sink: &mut Sink) -> RunbookText {
    let mut splitter = Splitter::new(file, text, sink);
    let mut start = front_matter(text);
    for line in text[start..].split_inclusive('\n') {
        splitter.line(start, line.trim_end_matches(['\n', '\r']));
        start += line.len();
    }
    let (introduction, sections) = splitter.finish();
    let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
    RunbookText { path: path.to_owned(), span: Span::new(file, 0, end), introduction, sections }
}

/// How many bytes of YAML front matter (`---` to `---`) the text begins with.
fn front_matter(text: &str) -> usize {
    let mut length = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let is_fence = line.trim_end() == "---";
        if number == 0 && !is_fence {
            return 0;
        }
        length += line.len();
        if number > 0 && is_fence {
            return length;
        }
    }
    0
}

/// What the lines at hand are within.
enum Block {
    /// Ordinary text.
    Text,
    /// A paragraph that began at this byte of the file, and at this one of the body; an underline makes it a heading.
    Paragraph { start: usize, in_body: usize },
    /// A code fence of so many of this character, whose code begins at this byte of the file.
    Fence { marker: char, length: usize, opening: Span, language: String, start: usize },
    /// Raw HTML up to the line with this text.
    Html { end: &'static str, opening: Span },
}

/// Takes a file line by line.
struct Splitter<'a> {
    file: FileId,
    text: &'a str,
    sink: &'a mut Sink,
    block: Block,
    has_title: bool,
    introduction: TextBody,
    sections: Vec<TextSection>,
}

impl<'a> Splitter<'a> {
    fn new(file: FileId, text: &'a str, sink: &'a mut Sink) -> Self {
        let introduction = TextBody::default();
        Self { file, text, sink, block: Block::Text, has_title: false, introduction, sections: Vec::new() }
    }

    fn span(&self, start: usize, length: usize) -> Span {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span::new(self.file, offset(start), offset(start + length))
    }

    fn body(&mut self) -> &mut TextBody {
        self.sections.last_mut().map_or(&mut self.introduction, |section| &mut section.body)
    }

    fn line(&mut self, start: usize, line: &str) {
        match &self.block {
            Block::Fence { marker, length, language, start: code, .. } => {
                if closes_fence(line, *marker, *length) {
                    let (language, code) = (language.clone(), *code);
                    self.code_block(language, code, start);
                    self.block = Block::Text;
                }
                self.push_code(line);
            }
            Block::Html { end, .. } => {
                let closes = contains(line, end);
                self.push_code(line);
                self.block = if closes { Block::Text } else { std::mem::replace(&mut self.block, Block::Text) };
            }
            Block::Text | Block::Paragraph { .. } => self.text_line(start, line),
        }
    }

    fn text_line(&mut self, start: usize, line: &str) {
        if let Some((marker, length, info)) = opens_fence(line) {
            let language = info.split_whitespace().next().unwrap_or_default().to_lowercase();
            self.push_text(start, line);
            let end_of_line = self.text[start..].find('\n').map_or(self.text.len(), |found| start + found + 1);
            let opening = self.trimmed(start, line);
            self.block = Block::Fence { marker, length, opening, language, start: end_of_line };
            return;
        }
        if let Some(end) = opens_html(line) {
            self.push_code(line);
            self.block = Block::Html { end, opening: self.trimmed(start, line) };
            return;
        }
        if let Some((level, heading, at)) = atx_heading(line) {
            self.block = Block::Text;
            self.heading(level, start, line, Spanned::new(heading.to_owned(), self.span(start + at, heading.len())));
            return;
        }
        if let (Block::Paragraph { start: paragraph, in_body }, Some(level)) = (&self.block, underline(line)) {
            let (paragraph, in_body) = (*paragraph, *in_body);
            self.block = Block::Text;
            self.underlined(level, paragraph, in_body, start);
            return;
        }
        self.block = match &self.block {
            Block::Paragraph { start, in_body } if !line.trim().is_empty() => {
                Block::Paragraph { start: *start, in_body: *in_body }
            }
            Block::Text | Block::Paragraph { .. } | Block::Fence { .. } | Block::Html { .. } => {
                let in_body = self.body().markdown.len();
                if begins_paragraph(line) { Block::Paragraph { start, in_body } } else { Block::Text }
            }
        };
        self.push_text(start, line);
    }

    /// Takes the code between two bytes of the file as a block of its own, if its language is known.
    fn code_block(&mut self, language: String, start: usize, end: usize) {
        if language.is_empty() {
            return;
        }
        let span = self.span(start, end - start);
        let value = self.text[start..end].to_owned();
        let code = Text { value, span, map: TextMap::Linear(span.start), quotes: Quotes::None };
        self.body().blocks.push(CodeBlock { language, code });
    }

    fn trimmed(&self, start: usize, line: &str) -> Span {
        self.span(start + line.len() - line.trim_start().len(), line.trim().len())
    }

    /// The paragraph that was just taken into the body is a heading after all.
    fn underlined(&mut self, level: usize, paragraph: usize, in_body: usize, underline: usize) {
        let body = self.body();
        let heading = body.markdown.split_off(in_body);
        let words: Vec<_> = heading.split_whitespace().collect();
        let span = self.span(paragraph, underline - paragraph);
        self.heading(level, paragraph, heading.trim_end(), Spanned::new(words.join(" "), span));
    }

    fn heading(&mut self, level: usize, start: usize, line: &str, heading: Spanned<String>) {
        if level > 2 {
            self.push_text(start, line);
            self.body().headings.push(heading.value);
            return;
        }
        if level == 1 && !self.has_title && self.sections.is_empty() {
            self.has_title = true;
            return;
        }
        if heading.value.is_empty() {
            let problem = Diagnostic::new(Code::BadRunbookHeading, self.trimmed(start, line), "a heading without text");
            self.sink.push(problem.help("name the section, or remove the line"));
            return;
        }
        if level == 1 {
            let message = format!("`{}` is a heading of level 1 below the title", heading.value);
            let problem = Diagnostic::new(Code::BadRunbookHeading, heading.span, message);
            self.sink
                .push(problem.help(format!("sections of a runbook are headings of level 2: `## {}`", heading.value)));
        }
        let same = |section: &&TextSection| same_heading(&section.heading.value, &heading.value);
        if let Some(first) = self.sections.iter().find(same) {
            let message = format!("the heading `{}` stands twice", heading.value);
            let problem = Diagnostic::new(Code::DuplicateHeading, heading.span, message);
            let problem = problem.secondary(first.heading.span, "first here");
            self.sink.push(problem.help("join the two sections, or give one of them another name"));
        }
        self.sections.push(TextSection { heading, body: TextBody::default() });
    }

    /// Takes a line over as it is.
    fn push_code(&mut self, line: &str) {
        let body = self.body();
        body.markdown.push_str(line);
        body.markdown.push('\n');
    }

    /// Takes a line of text over: two spaces at the end, a line break in Markdown, become the visible one.
    fn push_text(&mut self, start: usize, line: &str) {
        let links: Vec<_> = link_targets(line)
            .into_iter()
            .map(|(at, target)| Spanned::new(target.to_owned(), self.span(start + at, target.len())))
            .collect();
        let body = self.body();
        let trimmed = line.trim_end();
        body.markdown.push_str(trimmed);
        let breaks = line.ends_with("  ") && begins_paragraph(line);
        body.markdown.push_str(if breaks { "\\\n" } else { "\n" });
        body.links.extend(links);
        body.ids.extend(html_ids(line).map(str::to_owned));
    }

    fn finish(mut self) -> (TextBody, Vec<TextSection>) {
        let never_closed = match &self.block {
            Block::Fence { opening, marker, length, .. } => {
                Some((*opening, "code fence", marker.to_string().repeat(*length)))
            }
            Block::Html { opening, end } => Some((*opening, "HTML block", (*end).to_owned())),
            Block::Text | Block::Paragraph { .. } => None,
        };
        if let Some((opening, what, end)) = never_closed {
            let problem = Diagnostic::new(Code::UnclosedRunbookBlock, opening, format!("the {what} is never closed"));
            let problem = problem.label("opened here").note("the rest of the page would be part of it");
            self.sink.push(problem.help(format!("close it with a line `{end}`")));
        }
        tidy(&mut self.introduction);
        for section in &mut self.sections {
            tidy(&mut section.body);
            if section.body.markdown.is_empty() {
                let message = format!("the section `{}` is empty", section.heading.value);
                let problem = Diagnostic::new(Code::EmptySection, section.heading.span, message);
                self.sink.push(problem.help("write it, or remove the heading: the page says then where to write it"));
            }
        }
        self.sections.retain(|section| !section.body.markdown.is_empty());
        (self.introduction, self.sections)
    }
}

/// Whether two headings name one section: their words are the same, whatever their case.
#[must_use]
pub fn same_heading(left: &str, right: &str) -> bool {
    let words = |text: &str| text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>();
    words(left) == words(right)
}

/// Removes blank lines at both ends, and a line break that nothing follows.
fn tidy(body: &mut TextBody) {
    let blank_end = body.markdown.trim_end().len();
    body.markdown.truncate(blank_end);
    let blank_start = body.markdown.len() - body.markdown.trim_start_matches(['\n', '\r']).len();
    body.markdown.drain(..blank_start);
    body.markdown = body.markdown.replace("\\\n\n", "\n\n");
    if let Some(before) = body.markdown.strip_suffix('\\').map(str::len) {
        body.markdown.truncate(before);
    }
}

/// The line without up to three spaces at its start; `None` if there are more, or a tab.
fn outdented(line: &str) -> Option<&str> {
    let text = line.trim_start_matches(' ');
    (line.len() - text.len() <= 3 && !text.starts_with('\t')).then_some(text)
}

/// The marker and length of a code fence that the line opens, and what stands behind it; also as the first thing of a list item.
fn opens_fence(line: &str) -> Option<(char, usize, &str)> {
    let text = outdented(line)?;
    let text = list_item(text).unwrap_or(text);
    let marker = text.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let info = text.trim_start_matches(marker);
    let length = text.len() - info.len();
    (length >= 3 && !(marker == '`' && info.contains('`'))).then_some((marker, length, info))
}

/// What follows the marker of a list item, if the text begins with one.
fn list_item(text: &str) -> Option<&str> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = match digits {
        0 => text.strip_prefix(['-', '*', '+']),
        _ => text[digits..].strip_prefix(['.', ')']),
    }?;
    rest.starts_with([' ', '\t']).then(|| rest.trim_start())
}

fn closes_fence(line: &str, marker: char, length: usize) -> bool {
    let text = line.trim();
    text.len() >= length && text.chars().all(|c| c == marker)
}

/// Raw HTML that may hold blank lines: how it begins, and what ends it.
const HTML: [(&str, &str); 5] = [
    ("<!--", "-->"),
    ("<pre", "</pre>"),
    ("<script", "</script>"),
    ("<style", "</style>"),
    ("<textarea", "</textarea>"),
];

/// What ends the raw HTML that the line opens and does not close.
fn opens_html(line: &str) -> Option<&'static str> {
    let text = outdented(line)?;
    let (begin, end) = HTML.iter().find(|(begin, _)| {
        text.get(..begin.len()).is_some_and(|start| start.eq_ignore_ascii_case(begin))
            && !text[begin.len()..].starts_with(|c: char| c.is_ascii_alphanumeric() && *begin != "<!--")
    })?;
    (!contains(&text[begin.len()..], end)).then_some(*end)
}

fn contains(line: &str, needle: &str) -> bool {
    line.to_ascii_lowercase().contains(needle)
}

/// The level, text and place of an ATX heading.
fn atx_heading(line: &str) -> Option<(usize, &str, usize)> {
    let text = outdented(line)?;
    let rest = text.trim_start_matches('#');
    let level = text.len() - rest.len();
    if !(1..=6).contains(&level) || !(rest.is_empty() || rest.starts_with([' ', '\t'])) {
        return None;
    }
    let content = rest.trim();
    let without_closing = content.trim_end_matches('#');
    let content = if without_closing.is_empty() || without_closing.ends_with([' ', '\t']) {
        without_closing.trim_end()
    } else {
        content
    };
    let at = line.len() - rest.trim_start().len();
    Some((level, content, at))
}

/// The level of the heading that the line makes of the paragraph above it.
fn underline(line: &str) -> Option<usize> {
    let text = outdented(line)?.trim_end();
    let all = |marker: char| !text.is_empty() && text.chars().all(|c| c == marker);
    if all('=') {
        return Some(1);
    }
    all('-').then_some(2)
}

/// Whether the line begins a paragraph, as far as headings go: no list, quote, table or code.
fn begins_paragraph(line: &str) -> bool {
    let Some(text) = outdented(line) else { return false };
    !text.is_empty() && list_item(text).is_none() && !text.starts_with(['>', '|', '#'])
}

/// The targets of the links and images in a line, outside of code spans, with their places.
fn link_targets(line: &str) -> Vec<(usize, &str)> {
    let mut targets = Vec::new();
    let bytes = line.as_bytes();
    if let Some(definition) = definition_target(line) {
        targets.push(definition);
    }
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if byte == b'`' {
            at = behind_code_span(line, at);
        } else if byte == b'\\' {
            at += 2;
        } else if byte == b']' && bytes.get(at + 1) == Some(&b'(') {
            targets.extend(target(line, at + 2));
            at += 2;
        } else {
            at += 1;
        }
    }
    targets
}

/// The byte behind the code span that begins here, or behind its backticks if nothing closes them.
fn behind_code_span(line: &str, at: usize) -> usize {
    let run = |from: usize| line.as_bytes()[from..].iter().take_while(|byte| **byte == b'`').count();
    let length = run(at);
    let mut next = at + length;
    while let Some(found) = line[next..].find('`').map(|found| next + found) {
        let closing = run(found);
        next = found + closing;
        if closing == length {
            return next;
        }
    }
    at + length
}

/// The target in `(target "title")` whose content begins at this byte.
fn target(line: &str, start: usize) -> Option<(usize, &str)> {
    let rest = line.get(start..)?;
    if let Some(inner) = rest.strip_prefix('<') {
        return inner.find('>').map(|end| (start + 1, &inner[..end]));
    }
    let mut depth = 0_u32;
    let end = rest.char_indices().find(|(_, c)| match c {
        '(' => {
            depth += 1;
            false
        }
        ')' if depth > 0 => {
            depth -= 1;
            false
        }
        c => *c == ')' || c.is_whitespace(),
    })?;
    (end.0 > 0).then(|| (start, &rest[..end.0]))
}

/// The values of `id` and `name` attributes in a line.
fn html_ids(line: &str) -> impl Iterator<Item = &str> {
    let attributes = ["id=\"", "name=\""].into_iter();
    attributes
        .flat_map(|attribute| line.split(attribute).skip(1))
        .filter_map(|rest| rest.split_once('"'))
        .map(|(id, _)| id)
}

/// The target of a link definition: `[name]: target`.
fn definition_target(line: &str) -> Option<(usize, &str)> {
    let text = outdented(line)?;
    let close = text.strip_prefix('[')?.find("]:")? + 3;
    let target = text[close..].split_whitespace().next()?;
    let at = line.len() - text.len() + close + text[close..].find(target)?;
    Some((at, target))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceFile;

    /// Splits a text; the sections as `heading: body` lines, and the problems as `slug: text at the place`.
    fn split(text: &str) -> (Vec<String>, Vec<String>) {
        let mut sources = Sources::default();
        let file = SourceFile {
            path: "slos/runbooks/a/b.md".into(),
            kind: SourceKind::RunbookText,
            text: text.into(),
            problem: None,
        };
        let id = sources.add(file);
        let mut sink = Sink::default();
        let read = runbook_text(id, "slos/runbooks/a/b.md", text, &mut sink);
        let problem =
            |found: &Diagnostic| format!("{}: {}", found.code.slug(), sources.slice(found.primary.span).trim_end());
        let section = |section: &TextSection| {
            assert!(sources.slice(section.heading.span).contains(section.heading.value.split(' ').next().unwrap()));
            format!("{}: {}", section.heading.value, section.body.markdown)
        };
        (read.sections.iter().map(section).collect(), sink.as_slice().iter().map(problem).collect())
    }

    #[test]
    fn headings_in_code_and_html_do_not_count() {
        let cases = [
            ("# T\n\n## A\nx\n## B ##\ny\n", vec!["A: x", "B: y"]),
            ("## A\n```sh\n## no\n```\n## B\ny", vec!["A: ```sh\n## no\n```", "B: y"]),
            ("## A\n~~~~\n~~~\n## no\n~~~~\n## B\ny", vec!["A: ~~~~\n~~~\n## no\n~~~~", "B: y"]),
            ("## A\n- ```\n  ## no\n  ```\n## B\ny", vec!["A: - ```\n  ## no\n  ```", "B: y"]),
            ("## A\n<!--\n## no\n-->\n## B\ny", vec!["A: <!--\n## no\n-->", "B: y"]),
            ("## A\n    ## no\n#hash\n### sub\nx", vec!["A:     ## no\n#hash\n### sub\nx"]),
            ("T\n=\n\nA\n---\nx\n\n- item\n---\n", vec!["A: x\n\n- item\n---"]),
            ("---\ntitle: T\n---\n## A\nx", vec!["A: x"]),
            ("## A\r\nx\r\ny\r\n", vec!["A: x\ny"]),
            ("## A\none  \ntwo  \n\nthree \n", vec!["A: one\\\ntwo\n\nthree"]),
        ];
        for (text, sections) in cases {
            assert_eq!(split(text), (sections.into_iter().map(str::to_owned).collect(), vec![]), "{text}");
        }
    }

    #[test]
    fn problems_have_a_place() {
        let cases = [
            ("## A\nx\n## a\ny\n", "duplicate-heading: a"),
            ("## A\n\n## B\ny\n", "empty-section: A"),
            ("## A\n```sh\nx\n", "unclosed-runbook-block: ```sh"),
            ("## A\n<!-- x\n", "unclosed-runbook-block: <!-- x"),
            ("## A\nx\n# B\ny\n", "bad-runbook-heading: B"),
            ("## A\nx\n##\ny\n", "bad-runbook-heading: ##"),
        ];
        for (text, problem) in cases {
            assert_eq!(split(text).1, [problem], "{text}");
        }
    }

    #[test]
    fn finds_link_targets() {
        let line = r#"[a](b.md "t") `[no](c.md)` ![i](<d e.png>) [x](f(1).md) \](g.md)"#;
        let found: Vec<_> = link_targets(line).into_iter().map(|(at, target)| (&line[at..=at], target)).collect();
        assert_eq!(found, [("b", "b.md"), ("d", "d e.png"), ("f", "f(1).md")]);
        assert_eq!(link_targets("[n]: ../x.md 'y'"), [(5, "../x.md")]);
        assert_eq!(link_targets("`` ` [](x) "), [(8, "x")]);
    }
}
