//! Actions to a tree: which block ends where.

use std::ops::Range;

use super::error::{Error, ErrorKind};
use super::lexer::{Action, State, TokenKind};
use super::operand::{Cursor, Parsed};
use super::quoted::unquote;
use super::tree::{BlockKind, Node, Nodes, Pipeline};

/// The deepest nesting of blocks.
const MAX_DEPTH: usize = 100;

/// The tree of a template; an action that is wrong is reported, and left out unless it opens or closes a block.
pub(super) fn nodes(text: &str, actions: Vec<Action>, errors: &mut Vec<Error>) -> Nodes {
    let mut parser = Parser { text, errors, blocks: Vec::new(), top: Vec::new() };
    for action in actions {
        parser.action(&action);
    }
    parser.end_of_text();
    parser.top
}

struct Parser<'t, 'e> {
    text: &'t str,
    errors: &'e mut Vec<Error>,
    /// The blocks that are open, outermost first.
    blocks: Vec<Open>,
    top: Nodes,
}

/// A block without its end so far.
struct Open {
    head: Head,
    /// The action that opens it.
    range: Range<u32>,
    body: Nodes,
    /// What stands behind its `else`.
    otherwise: Option<Nodes>,
    /// Opened by `else if` or `else with`, so that it ends with the block around it.
    is_chained: bool,
}

/// The first action of a block.
enum Head {
    Block(BlockKind, Option<Pipeline>),
    Define(String),
    Inline(String, Option<Pipeline>),
}

impl Head {
    fn keyword(&self) -> &'static str {
        match self {
            Self::Block(BlockKind::If, _) => "if",
            Self::Block(BlockKind::With, _) => "with",
            Self::Block(BlockKind::Range, _) => "range",
            Self::Define(_) => "define",
            Self::Inline(..) => "block",
        }
    }
}

impl Parser<'_, '_> {
    fn push(&mut self, node: Node) {
        let list = match self.blocks.last_mut() {
            None => &mut self.top,
            Some(Open { otherwise: Some(otherwise), .. }) => otherwise,
            Some(Open { body, .. }) => body,
        };
        list.push(node);
    }

    /// Reads one action. What follows a problem that is already reported, is not reported too.
    fn action(&mut self, action: &Action) {
        let mut cursor = Cursor::new(self.text, &action.tokens, action.range.end.saturating_sub(2));
        let first = cursor.peek();
        let word = first.filter(|it| it.kind == TokenKind::Word).map_or("", |it| cursor.slice(&it.range));
        let result = match word {
            "if" | "with" | "range" | "define" | "block" | "end" | "else" | "template" | "break" | "continue" => {
                cursor.next();
                self.keyword(word, &mut cursor, action)
            }
            _ => cursor.pipeline(1).and_then(|pipeline| {
                cursor.finish("behind a value")?;
                // The names in half an action would be judged without what belongs to them.
                if action.state == State::Whole {
                    self.push(Node::Action(pipeline));
                }
                Ok(())
            }),
        };
        match (result, action.state) {
            (Err(error), State::Whole) => self.errors.push(*error),
            (Err(_), State::Broken) | (Ok(()), _) => {}
        }
    }

    fn keyword(&mut self, word: &str, cursor: &mut Cursor<'_>, action: &Action) -> Parsed<()> {
        match word {
            "if" => self.block(BlockKind::If, cursor, action, false),
            "with" => self.block(BlockKind::With, cursor, action, false),
            "range" => self.block(BlockKind::Range, cursor, action, false),
            "define" | "block" => self.named_block(word, cursor, action),
            "else" => self.otherwise(cursor, action),
            "end" => self.end(cursor, action),
            "template" => {
                let (name, range) = name(cursor, "template")?;
                let pipeline = optional_pipeline(cursor)?;
                self.push(Node::Template { name, range, pipeline });
                Ok(())
            }
            _ => self.jump(word, cursor, action),
        }
    }

    /// `break` and `continue`, which leave nothing in the tree.
    fn jump(&self, word: &str, cursor: &Cursor<'_>, action: &Action) -> Parsed<()> {
        cursor.finish(&format!("behind `{word}`"))?;
        let is_range = |open: &Open| matches!(open.head, Head::Block(BlockKind::Range, _)) && open.otherwise.is_none();
        if self.blocks.iter().any(is_range) {
            return Ok(());
        }
        let message = format!("`{{{{ {word} }}}}` outside of a `range`");
        Err(Box::new(Error::new(ErrorKind::UnexpectedBlock, action.range.clone(), message)))
    }

    /// Opens a block, even if its pipeline is wrong.
    fn block(&mut self, kind: BlockKind, cursor: &mut Cursor<'_>, action: &Action, is_chained: bool) -> Parsed<()> {
        let most = if kind == BlockKind::Range { 2 } else { 1 };
        let pipeline = cursor.pipeline(most).and_then(|pipeline| {
            cursor.finish("behind a value")?;
            Ok(pipeline)
        });
        let (pipeline, result) = match pipeline {
            Ok(pipeline) => (Some(pipeline).filter(|_| action.state == State::Whole), Ok(())),
            Err(error) => (None, Err(error)),
        };
        self.open(Head::Block(kind, pipeline), action, is_chained);
        result
    }

    fn named_block(&mut self, word: &str, cursor: &mut Cursor<'_>, action: &Action) -> Parsed<()> {
        if word == "define" && !self.blocks.is_empty() {
            let message = "a `define` inside of another block";
            self.errors.push(Error::new(ErrorKind::UnexpectedBlock, action.range.clone(), message));
        }
        let result = name(cursor, word).and_then(|(name, _)| {
            let pipeline = optional_pipeline(cursor)?;
            Ok((name, pipeline))
        });
        let (head, result) = match result {
            Ok((name, None)) if word == "define" => (Head::Define(name), Ok(())),
            Ok((name, Some(_))) if word == "define" => {
                let error = Error::new(ErrorKind::Syntax, action.range.clone(), "expected only a name behind `define`");
                (Head::Define(name), Err(Box::new(error)))
            }
            Ok((name, None)) => {
                let error =
                    Error::new(ErrorKind::Syntax, action.range.clone(), "expected a value behind the block's name");
                (Head::Inline(name, None), Err(Box::new(error.help("pass on all of it by a dot"))))
            }
            Ok((name, pipeline)) => (Head::Inline(name, pipeline), Ok(())),
            Err(error) if word == "define" => (Head::Define(String::new()), Err(error)),
            Err(error) => (Head::Inline(String::new(), None), Err(error)),
        };
        self.open(head, action, false);
        result
    }

    fn open(&mut self, head: Head, action: &Action, is_chained: bool) {
        let range = action.range.clone();
        if self.blocks.len() == MAX_DEPTH {
            let message = format!("blocks nested more than {MAX_DEPTH} deep");
            self.errors.push(Error::new(ErrorKind::TooDeep, range.clone(), message));
        }
        self.blocks.push(Open { head, range, body: Vec::new(), otherwise: None, is_chained });
    }

    fn otherwise(&mut self, cursor: &mut Cursor<'_>, action: &Action) -> Parsed<()> {
        let unexpected =
            |message: String| Box::new(Error::new(ErrorKind::UnexpectedBlock, action.range.clone(), message));
        let Some(open) = self.blocks.last_mut() else {
            return Err(unexpected("`else` outside of a block".to_owned()));
        };
        let Head::Block(kind, _) = open.head else {
            let message = format!("a `{}` has no `else`", open.head.keyword());
            return Err(Box::new(unexpected(message).related(open.range.clone(), "the block begins here")));
        };
        if open.otherwise.is_some() {
            let error = unexpected("a second `else` in one block".to_owned());
            return Err(Box::new(error.related(open.range.clone(), "the block begins here")));
        }
        open.otherwise = Some(Vec::new());
        let word = cursor.peek().filter(|it| it.kind == TokenKind::Word).map_or("", |it| cursor.slice(&it.range));
        match (word, kind) {
            ("if", BlockKind::If) | ("with", BlockKind::With) => {
                cursor.next();
                self.block(kind, cursor, action, true)
            }
            _ => cursor.finish("behind `else`"),
        }
    }

    fn end(&mut self, cursor: &Cursor<'_>, action: &Action) -> Parsed<()> {
        if self.blocks.is_empty() {
            let error =
                Error::new(ErrorKind::UnexpectedBlock, action.range.clone(), "`end` without a block that it ends");
            return Err(Box::new(error));
        }
        while let Some(open) = self.blocks.pop() {
            let is_chained = open.is_chained;
            self.close(open);
            if !is_chained {
                break;
            }
        }
        cursor.finish("behind `end`")
    }

    /// Puts a block into the tree; those nested too deeply are left out, so that walking the tree is safe.
    fn close(&mut self, open: Open) {
        if self.blocks.len() > MAX_DEPTH {
            return;
        }
        let node = match open.head {
            Head::Block(kind, pipeline) => {
                Node::Block { kind, pipeline, body: open.body, otherwise: open.otherwise.unwrap_or_default() }
            }
            Head::Define(name) => Node::Define { name, body: open.body },
            Head::Inline(name, pipeline) => Node::Inline { name, pipeline, body: open.body },
        };
        self.push(node);
    }

    fn end_of_text(&mut self) {
        while let Some(open) = self.blocks.pop() {
            if !open.is_chained {
                let message = format!("`{{{{ {} }}}}` without its `{{{{ end }}}}`", open.head.keyword());
                self.errors.push(
                    Error::new(ErrorKind::UnclosedBlock, open.range.clone(), message).help("close it with `{{ end }}`"),
                );
            }
            self.close(open);
        }
    }
}

/// The quoted name behind `define`, `block` or `template`.
fn name(cursor: &mut Cursor<'_>, word: &str) -> Parsed<(String, Range<u32>)> {
    let error = |range: Range<u32>| {
        Box::new(Error::new(ErrorKind::Syntax, range, format!("expected a name in quotes behind `{word}`")))
    };
    let Some(token) = cursor.next() else {
        let Err(missing) = cursor.pipeline(1) else {
            return Err(error(0..0));
        };
        return Err(error(missing.range));
    };
    if token.kind != TokenKind::Text {
        return Err(error(token.range.clone()));
    }
    match unquote(cursor.slice(&token.range)) {
        Some(name) => Ok((name, token.range.clone())),
        None => Err(error(token.range.clone())),
    }
}

fn optional_pipeline(cursor: &mut Cursor<'_>) -> Parsed<Option<Pipeline>> {
    if cursor.peek().is_none() {
        return Ok(None);
    }
    let pipeline = cursor.pipeline(1)?;
    cursor.finish("behind a value")?;
    Ok(Some(pipeline))
}
