//! Events to nodes: nesting, tags, aliases within their budget, merge keys, duplicate keys.

use std::borrow::Cow;
use std::collections::BTreeMap;

use granit_parser::{Event, Parser, ScalarStyle as EventStyle, Span as EventSpan, StructureStyle, Tag};

use super::{
    CollectionStyle, MAX_ALIAS_BYTES, MAX_ALIAS_NODES, MAX_DEPTH, MAX_NODES, MAX_SCALAR_BYTES, Mapping, Node, NodeKind,
    Scalar, ScalarStyle, mapping, scalar, span, syntax,
};
use crate::diag::{Code, Diagnostic, Sink};
use crate::source::{FileId, Quotes, Text, TextMap};

/// A problem after which no tree can be built.
type Stop = Box<Diagnostic>;

/// Reads all documents of a file; `None` after a problem that leaves no tree.
pub(super) fn documents(source: &str, file: FileId, sink: &mut Sink) -> Option<Vec<Node>> {
    let options = granit_parser::options! { flow_nesting_limit: MAX_DEPTH, block_nesting_limit: MAX_DEPTH };
    let mut parser = Parser::new_from_str_with_options(source, options);
    let mut builder = Builder::new(source, file, sink);
    while let Some(event) = parser.next_event() {
        let stop = match event {
            Ok((event, at)) => builder.event(event, &at).err(),
            Err(error) => Some(Box::new(syntax::diagnostic(&error, &builder.surroundings()))),
        };
        if let Some(diagnostic) = stop {
            builder.sink.push(*diagnostic);
            return None;
        }
    }
    builder.flush();
    Some(builder.documents)
}

/// How much a node holds.
#[derive(Clone, Copy, Debug, Default)]
struct Size {
    nodes: usize,
    bytes: usize,
}

/// A collection whose end has not come yet.
struct Open {
    kind: OpenKind,
    style: CollectionStyle,
    start: usize,
    anchor: usize,
    /// What had been built before it.
    before: Size,
    /// The height of the highest node in it.
    height: usize,
    /// Where its last entry ends, an alias where it is written.
    end: usize,
}

enum OpenKind {
    Sequence(Vec<Node>),
    Mapping { entries: Vec<(Node, Node)>, key: Option<Node> },
}

/// A node that aliases can name.
struct Anchor {
    node: Node,
    size: Size,
    height: usize,
}

struct Builder<'s, 'k> {
    source: &'s str,
    file: FileId,
    sink: &'k mut Sink,
    documents: Vec<Node>,
    root: Option<Node>,
    open: Vec<Open>,
    anchors: BTreeMap<usize, Anchor>,
    built: Size,
    copied: Size,
    /// Where the event before ended.
    reached: usize,
    /// The scalar or flow collection before.
    last_value: Option<(usize, usize)>,
    /// A problem that gives way to a syntax error right behind it.
    pending: Option<Diagnostic>,
}

impl<'s, 'k> Builder<'s, 'k> {
    fn new(source: &'s str, file: FileId, sink: &'k mut Sink) -> Self {
        Self {
            source,
            file,
            sink,
            documents: Vec::new(),
            root: None,
            open: Vec::new(),
            anchors: BTreeMap::new(),
            built: Size::default(),
            copied: Size::default(),
            reached: 0,
            last_value: None,
            pending: None,
        }
    }

    /// What a syntax error is explained from.
    fn surroundings(&self) -> syntax::Surroundings<'_> {
        syntax::Surroundings {
            source: self.source,
            file: self.file,
            last_value: self.last_value,
            open: self.open.iter().map(|open| (open.start, open.style)).collect(),
        }
    }

    fn flush(&mut self) {
        if let Some(diagnostic) = self.pending.take() {
            self.sink.push(diagnostic);
        }
    }

    fn event(&mut self, event: Event<'_>, at: &EventSpan) -> Result<(), Stop> {
        self.flush();
        let (start, end) = (at.start.byte_offset().unwrap_or(0), at.end.byte_offset().unwrap_or(0));
        match event {
            Event::Scalar(value, style, anchor, tag) => self.scalar(value, style, anchor, tag.as_deref(), at)?,
            Event::SequenceStart(style, anchor, tag) => {
                self.tag(tag.as_deref(), at, &["seq"]);
                let start = if style == StructureStyle::Block { self.dash_before(start) } else { start };
                self.start(OpenKind::Sequence(Vec::new()), style, anchor, start)?;
            }
            Event::MappingStart(style, anchor, tag) => {
                self.tag(tag.as_deref(), at, &["map"]);
                self.start(OpenKind::Mapping { entries: Vec::new(), key: None }, style, anchor, start)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(end),
            Event::Alias(anchor) => self.alias(anchor, start, end)?,
            Event::DocumentStart(..) => self.anchors.clear(),
            Event::DocumentEnd => self.documents.extend(self.root.take()),
            // The begin and end of the file, and events that the options leave off.
            _ => {}
        }
        self.reached = self.reached.max(end);
        Ok(())
    }

    fn start(&mut self, kind: OpenKind, style: StructureStyle, anchor: usize, start: usize) -> Result<(), Stop> {
        if self.open.len() >= MAX_DEPTH {
            return Err(Box::new(syntax::too_deep(span(self.file, start, start + 1))));
        }
        let style = match style {
            StructureStyle::Block => CollectionStyle::Block,
            StructureStyle::Flow => CollectionStyle::Flow,
        };
        self.open.push(Open { kind, style, start, anchor, before: self.built, height: 0, end: start });
        self.count(0, start)
    }

    /// The first `-` of a list; the parser may point behind it.
    fn dash_before(&self, start: usize) -> usize {
        let before = self.source.get(..start).unwrap_or("").trim_end_matches([' ', '\t']);
        if before.ends_with('-') && !self.source[start..].starts_with('-') { before.len() - 1 } else { start }
    }

    /// Counts a node with its text.
    fn count(&mut self, bytes: usize, start: usize) -> Result<(), Stop> {
        self.built.nodes += 1;
        self.built.bytes += bytes;
        if self.built.nodes <= MAX_NODES {
            return Ok(());
        }
        let message = format!("more than {MAX_NODES} values in one file");
        let place = span(self.file, start, start + 1);
        Err(Box::new(
            Diagnostic::new(Code::YamlLimits, place, message).help("split the file: one service per file is enough"),
        ))
    }

    /// Refuses a text that nobody can read.
    fn too_long(&self, bytes: usize, start: usize) -> Stop {
        let place = span(self.file, start, start + 1);
        let message = format!("a text of {bytes} bytes, where {MAX_SCALAR_BYTES} is the limit");
        Box::new(
            Diagnostic::new(Code::YamlLimits, place, message)
                .label("it begins here")
                .help("keep long texts in files of their own, and link to them"),
        )
    }

    fn end(&mut self, end: usize) {
        let Some(open) = self.open.pop() else {
            return;
        };
        let flow = open.style == CollectionStyle::Flow;
        let end = if flow { end } else { open.end };
        let kind = match open.kind {
            OpenKind::Sequence(items) => NodeKind::Sequence(items),
            OpenKind::Mapping { entries, .. } => self.mapping(entries, open.style, open.start, end),
        };
        if flow {
            self.last_value = Some((open.start, end));
        }
        let size = Size { nodes: self.built.nodes - open.before.nodes, bytes: self.built.bytes - open.before.bytes };
        let node = Node { kind, span: span(self.file, open.start, end) };
        self.add(node, open.anchor, size, open.height + 1, end);
    }

    fn mapping(&mut self, entries: Vec<(Node, Node)>, style: CollectionStyle, start: usize, end: usize) -> NodeKind {
        let text = self.source.get(start..end).unwrap_or("");
        if style == CollectionStyle::Flow && text.starts_with("{{") && text.ends_with("}}") {
            let place = span(self.file, start, end);
            self.pending = Some(syntax::unquoted(place, text, "a template"));
            let text =
                Text { value: text.to_owned(), span: place, map: TextMap::Linear(place.start), quotes: Quotes::None };
            return NodeKind::Scalar(Scalar { text, style: ScalarStyle::Quoted });
        }
        let entries = mapping::entries(entries, self.sink);
        NodeKind::Mapping(Mapping { entries, style })
    }

    /// Puts a finished node where it belongs.
    fn add(&mut self, node: Node, anchor: usize, size: Size, height: usize, end: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, Anchor { node: node.clone(), size, height });
        }
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return;
        };
        open.height = open.height.max(height);
        open.end = open.end.max(end);
        match &mut open.kind {
            OpenKind::Sequence(items) => items.push(node),
            OpenKind::Mapping { entries, key } => match key.take() {
                None => *key = Some(node),
                Some(key) => entries.push((key, node)),
            },
        }
    }

    fn alias(&mut self, id: usize, start: usize, end: usize) -> Result<(), Stop> {
        let place = span(self.file, start, end);
        let Some(anchor) = self.anchors.get(&id) else {
            let message = format!("alias `{}` stands within the value that it names", &self.source[start..end]);
            return Err(Box::new(
                Diagnostic::new(Code::YamlLimits, place, message).note("a value that contains itself has no end"),
            ));
        };
        self.copied.nodes += anchor.size.nodes;
        self.copied.bytes += anchor.size.bytes;
        if self.copied.nodes > MAX_ALIAS_NODES || self.copied.bytes > MAX_ALIAS_BYTES {
            let message = format!("aliases copy more than {MAX_ALIAS_NODES} values or {MAX_ALIAS_BYTES} bytes of text");
            return Err(Box::new(
                Diagnostic::new(Code::YamlLimits, place, message)
                    .label("the limit is passed here")
                    .help("write out what this alias stands for, or split the file"),
            ));
        }
        if self.open.len() + anchor.height > MAX_DEPTH {
            return Err(Box::new(syntax::too_deep(place)));
        }
        let (node, size, height) = (anchor.node.clone(), anchor.size, anchor.height);
        self.built.bytes += size.bytes;
        self.built.nodes += size.nodes - 1;
        self.count(0, start)?;
        self.add(node, 0, size, height, end);
        Ok(())
    }

    fn scalar(
        &mut self,
        value: Cow<'_, str>,
        style: EventStyle,
        anchor: usize,
        tag: Option<&Tag>,
        at: &EventSpan,
    ) -> Result<(), Stop> {
        let (start, end) = (at.start.byte_offset().unwrap_or(0), at.end.byte_offset().unwrap_or(0));
        self.tag(tag, at, &["str", "int", "float", "bool", "null"]);
        if !matches!(style, EventStyle::Literal | EventStyle::Folded) {
            self.tab_before(at);
        }
        self.count(value.len(), start)?;
        if value.len() > MAX_SCALAR_BYTES {
            return Err(self.too_long(value.len(), start));
        }
        let bytes = value.len();
        let event = scalar::Event { value, style, start, end, indent: at.indent, after: self.reached };
        let (text, mut style) = scalar::text(self.source, self.file, event);
        if tag.is_some_and(|tag| tag.is_yaml_core_schema_tag("str")) {
            style = ScalarStyle::Quoted;
        }
        self.last_value = Some((text.span.start as usize, text.span.end as usize));
        let span = text.span;
        let node = Node { kind: NodeKind::Scalar(Scalar { text, style }), span };
        self.add(node, anchor, Size { nodes: 1, bytes }, 1, span.end as usize);
        Ok(())
    }

    /// Refuses tags that mean nothing here.
    fn tag(&mut self, tag: Option<&Tag>, at: &EventSpan, fitting: &[&str]) {
        let Some(tag) = tag else {
            return;
        };
        let fits = fitting.iter().any(|suffix| tag.is_yaml_core_schema_tag(suffix));
        if fits || (tag.handle() == "!" && tag.suffix().is_empty()) {
            return;
        }
        let range = at.tag_span().and_then(|span| span.byte_range());
        let start = at.start.byte_offset().unwrap_or(0);
        let range = range.unwrap_or(start..start);
        let place = span(self.file, range.start, range.end);
        let written = self.source.get(range).unwrap_or("");
        self.sink.push(syntax::unknown_tag(place, written));
    }

    /// Refuses tabs before a key, which shift it by no known width.
    fn tab_before(&mut self, at: &EventSpan) {
        let Some(start) = at.start.byte_offset().filter(|_| at.indent.is_some()) else {
            return;
        };
        let bytes = self.source.as_bytes();
        let blank = |at: &usize| matches!(bytes.get(*at), Some(b' ' | b'\t'));
        let line = (0..start).rev().take_while(blank).last().unwrap_or(start);
        let first_of_line = line == 0 || matches!(bytes.get(line - 1), Some(b'\n' | b'\r'));
        if first_of_line && bytes.get(line..start).is_some_and(|blanks| blanks.contains(&b'\t')) {
            self.sink.push(syntax::tab(self.source, self.file, line));
        }
    }
}
