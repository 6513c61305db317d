//! The tree of a template.

use std::ops::Range;

/// The outermost parts of a template, or the body of a block.
pub(super) type Nodes = Vec<Node>;

/// A part of a template; texts and comments are not kept.
#[derive(Debug)]
pub(super) enum Node {
    /// `{{ pipeline }}`.
    Action(Pipeline),
    /// `{{ if }}`, `{{ with }}` or `{{ range }}`.
    Block { kind: BlockKind, pipeline: Option<Pipeline>, body: Nodes, otherwise: Nodes },
    /// `{{ define "name" }}`.
    Define { name: String, body: Nodes },
    /// `{{ block "name" pipeline }}`.
    Inline { name: String, pipeline: Option<Pipeline>, body: Nodes },
    /// `{{ template "name" pipeline }}`.
    Template { name: String, range: Range<u32>, pipeline: Option<Pipeline> },
}

/// The blocks that have a pipeline and may have an `else`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BlockKind {
    If,
    With,
    Range,
}

/// Commands, each of which gets the value of the one before as its last argument.
#[derive(Debug)]
pub(super) struct Pipeline {
    /// The variables on the left of `:=` or `=`.
    pub(super) variables: Variables,
    pub(super) assignment: Assignment,
    /// At least one.
    pub(super) commands: Vec<Command>,
}

/// Names of variables with their places.
pub(super) type Variables = Vec<(String, Range<u32>)>;

/// What a pipeline does with the variables on its left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Assignment {
    /// `:=`, or there are no variables.
    Declare,
    /// `=`.
    Assign,
}

/// A function with its arguments, or one value.
#[derive(Debug)]
pub(super) struct Command {
    /// At least one.
    pub(super) operands: Vec<Operand>,
}

/// A value.
#[derive(Debug)]
pub(super) struct Operand {
    pub(super) kind: OperandKind,
    /// The fields behind it.
    pub(super) fields: Vec<(String, Range<u32>)>,
    /// All of it.
    pub(super) range: Range<u32>,
}

/// What an operand begins with.
#[derive(Debug)]
pub(super) enum OperandKind {
    /// `.`, also before a field.
    Dot,
    /// `$`, `$name`.
    Variable(String),
    /// A word.
    Function(String),
    /// A text, without its escapes, and the bytes between its quotes.
    Text(String, Range<u32>),
    /// `true`, `1`, `'a'`, `nil`.
    Constant,
    /// `( pipeline )`.
    Parenthesis(Box<Pipeline>),
}
