//! What a template names: variables, functions, fields, other templates, and how many arguments.

use std::ops::Range;

use super::Template;
use super::error::{Error, ErrorKind};
use super::functions::{self, FUNCTIONS};
use super::tree::{Assignment, BlockKind, Command, Node, Operand, OperandKind, Pipeline};
use crate::suggest::suggest;

/// The fields of an alert.
const ROOT_FIELDS: [&str; 4] = ["Labels", "ExternalLabels", "ExternalURL", "Value"];

/// Reports names that mean nothing, and collects the labels and queries.
pub(super) fn check(nodes: &[Node], errors: &mut Vec<Error>) -> Template {
    let mut names = Vec::new();
    defined(nodes, &mut names);
    let mut check = Check { errors, names, scope: Scope::main(), template: Template::default() };
    check.nodes(nodes);
    let mut template = check.template;
    template.label_uses.sort_by_key(|(_, range)| range.start);
    template
}

/// The names of all templates that are defined within.
fn defined(nodes: &[Node], names: &mut Vec<String>) {
    for node in nodes {
        match node {
            Node::Block { body, otherwise, .. } => {
                defined(body, names);
                defined(otherwise, names);
            }
            Node::Define { name, body } | Node::Inline { name, body, .. } => {
                names.push(name.clone());
                defined(body, names);
            }
            Node::Action(_) | Node::Template { .. } => {}
        }
    }
}

/// What is known of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Value {
    /// What an alert's template is given.
    Root,
    /// The alert's labels.
    Labels,
    /// A label's value, a number, or other labels: no function.
    Plain,
    Unknown,
}

/// The variables that are set, and the dot.
#[derive(Clone)]
struct Scope {
    variables: Vec<(String, Value)>,
    dot: Value,
}

impl Scope {
    fn main() -> Self {
        let variables = [
            ("$", Value::Root),
            ("$labels", Value::Labels),
            ("$externalLabels", Value::Plain),
            ("$externalURL", Value::Plain),
            ("$value", Value::Plain),
        ];
        Self { variables: variables.map(|(name, value)| (name.to_owned(), value)).to_vec(), dot: Value::Root }
    }

    /// The inside of a template of its own, which does not see the variables around it.
    fn named() -> Self {
        Self { variables: vec![("$".to_owned(), Value::Unknown)], dot: Value::Unknown }
    }

    fn get(&self, name: &str) -> Option<Value> {
        self.variables.iter().rev().find(|(known, _)| known == name).map(|(_, value)| *value)
    }
}

struct Check<'e> {
    errors: &'e mut Vec<Error>,
    /// The templates that are defined.
    names: Vec<String>,
    scope: Scope,
    template: Template,
}

impl Check<'_> {
    fn nodes(&mut self, nodes: &[Node]) {
        for node in nodes {
            self.node(node);
        }
    }

    fn node(&mut self, node: &Node) {
        match node {
            Node::Action(pipeline) => {
                self.pipeline(pipeline);
            }
            Node::Block { kind, pipeline, body, otherwise } => self.block(*kind, pipeline.as_ref(), body, otherwise),
            Node::Define { body, .. } => self.named(body),
            Node::Inline { pipeline, body, .. } => {
                if let Some(pipeline) = pipeline {
                    self.pipeline(pipeline);
                }
                self.named(body);
            }
            Node::Template { name, range, pipeline } => {
                if let Some(pipeline) = pipeline {
                    self.pipeline(pipeline);
                }
                self.template_name(name, range);
            }
        }
    }

    fn named(&mut self, body: &[Node]) {
        let outer = std::mem::replace(&mut self.scope, Scope::named());
        self.nodes(body);
        self.scope = outer;
    }

    fn block(&mut self, kind: BlockKind, pipeline: Option<&Pipeline>, body: &[Node], otherwise: &[Node]) {
        let outer = self.scope.clone();
        let value = pipeline.map_or(Value::Unknown, |pipeline| self.pipeline(pipeline));
        let inner = self.scope.clone();
        self.scope.dot = match kind {
            BlockKind::If => self.scope.dot,
            BlockKind::With => value,
            BlockKind::Range => Value::Unknown,
        };
        self.nodes(body);
        self.scope = inner;
        self.nodes(otherwise);
        self.scope = outer;
    }

    fn template_name(&mut self, name: &str, range: &Range<u32>) {
        if self.names.iter().any(|known| known == name) {
            return;
        }
        let error =
            Error::new(ErrorKind::UnknownTemplate, range.clone(), format!("no template `{name}` is defined here"));
        self.errors.push(match suggest(name, self.names.iter().map(String::as_str)) {
            Some(close) => error.help(format!("did you mean `{close}`?")),
            None => {
                error.help(format!("an alert sees only what its own text defines by `{{{{ define \"{name}\" }}}}`"))
            }
        });
    }

    /// Checks a pipeline and sets its variables; what its value is.
    fn pipeline(&mut self, pipeline: &Pipeline) -> Value {
        let mut value = Value::Unknown;
        for (index, command) in pipeline.commands.iter().enumerate() {
            value = self.command(command, usize::from(index > 0));
        }
        self.queries(pipeline);
        for (name, range) in &pipeline.variables {
            let kept = if pipeline.variables.len() == 1 { value } else { Value::Unknown };
            match pipeline.assignment {
                Assignment::Declare => self.scope.variables.push((name.clone(), kept)),
                Assignment::Assign => {
                    if self.variable(name, range).is_some() {
                        self.scope.variables.retain(|(known, _)| known != name);
                        self.scope.variables.push((name.clone(), Value::Unknown));
                    }
                }
            }
        }
        value
    }

    /// Checks a command, which gets `piped` values of the one before; what its value is.
    fn command(&mut self, command: &Command, piped: usize) -> Value {
        let Some((callee, arguments)) = command.operands.split_first() else {
            return Value::Unknown;
        };
        let given = arguments.len() + piped;
        let value = match &callee.kind {
            OperandKind::Function(name) => {
                self.function(name, callee, given);
                Value::Unknown
            }
            OperandKind::Dot
            | OperandKind::Variable(_)
            | OperandKind::Text(..)
            | OperandKind::Constant
            | OperandKind::Parenthesis(_) => self.operand(callee),
        };
        let is_plain = value != Value::Unknown || matches!(callee.kind, OperandKind::Text(..) | OperandKind::Constant);
        if given > 0 && is_plain {
            let error =
                Error::new(ErrorKind::Arguments, callee.range.clone(), "a value that is no function has arguments");
            self.errors.push(error.help("begin with a function, such as `print`"));
        }
        for argument in arguments {
            self.operand(argument);
        }
        self.index(callee, arguments);
        if command.operands.len() == 1 { value } else { Value::Unknown }
    }

    /// Checks a value; what is known of it.
    fn operand(&mut self, operand: &Operand) -> Value {
        let mut value = match &operand.kind {
            OperandKind::Dot => self.scope.dot,
            OperandKind::Variable(name) => {
                let end = operand.fields.first().map_or(operand.range.end, |(_, range)| range.start - 1);
                self.variable(name, &(operand.range.start..end)).unwrap_or(Value::Unknown)
            }
            OperandKind::Function(name) => {
                self.function(name, operand, 0);
                Value::Unknown
            }
            OperandKind::Text(..) | OperandKind::Constant => Value::Unknown,
            OperandKind::Parenthesis(pipeline) => self.pipeline(pipeline),
        };
        for (name, range) in &operand.fields {
            value = self.field(value, name, range);
        }
        value
    }

    /// Checks a field of a value; what is known of the field.
    fn field(&mut self, owner: Value, name: &str, range: &Range<u32>) -> Value {
        match (owner, name) {
            (Value::Root, "Labels") => Value::Labels,
            (Value::Root, "ExternalLabels" | "ExternalURL" | "Value") | (Value::Plain, _) => Value::Plain,
            (Value::Root, _) => {
                self.errors.push(unknown_field(name, range));
                Value::Unknown
            }
            (Value::Labels, _) => {
                self.template.label_uses.push((name.to_owned(), range.clone()));
                Value::Plain
            }
            (Value::Unknown, _) => Value::Unknown,
        }
    }

    fn variable(&mut self, name: &str, range: &Range<u32>) -> Option<Value> {
        if let Some(value) = self.scope.get(name) {
            return Some(value);
        }
        let error = Error::new(ErrorKind::UnknownVariable, range.clone(), format!("unknown variable `{name}`"));
        let known = self.scope.variables.iter().map(|(known, _)| known.as_str());
        self.errors.push(match suggest(name, known) {
            Some(close) => error.help(format!("did you mean `{close}`?")).replace(range.clone(), close),
            None if Scope::main().get(name).is_some() => error
                .help("a template of its own sees only what it is given: pass it on by `{{ template \"name\" . }}`"),
            None => error.help("an alert has `$labels`, `$value`, `$externalLabels` and `$externalURL`"),
        });
        None
    }

    fn function(&mut self, name: &str, operand: &Operand, given: usize) {
        let end = operand.fields.first().map_or(operand.range.end, |(_, range)| range.start - 1);
        let range = operand.range.start..end;
        let Some(function) = functions::function(name) else {
            self.errors.push(unknown_function(name, &range));
            return;
        };
        if given >= function.least && function.most.is_none_or(|most| given <= most) {
            return;
        }
        let expected = match function.most {
            Some(most) if most == function.least => counted(most),
            Some(most) => format!("{} to {}", function.least, counted(most)),
            None => format!("at least {}", counted(function.least)),
        };
        let message = format!("`{name}` takes {expected}, found {given}");
        let error = Error::new(ErrorKind::Arguments, range.clone(), message);
        self.errors.push(match name {
            "value" if given == 0 => error.help("did you mean `$value`?").replace(range, "$value"),
            _ => error,
        });
    }

    /// Keeps the label of `index $labels "name"`.
    fn index(&mut self, callee: &Operand, arguments: &[Operand]) {
        let [owner, key, ..] = arguments else {
            return;
        };
        let is_index = matches!(&callee.kind, OperandKind::Function(name) if name == "index");
        if let (true, OperandKind::Text(name, range)) = (is_index, &key.kind)
            && self.is_labels(owner)
        {
            self.template.label_uses.push((name.clone(), range.clone()));
        }
    }

    /// Whether a value, already checked, is the labels.
    fn is_labels(&self, operand: &Operand) -> bool {
        let value = match &operand.kind {
            OperandKind::Dot => self.scope.dot,
            OperandKind::Variable(name) => self.scope.get(name).unwrap_or(Value::Unknown),
            OperandKind::Function(_) | OperandKind::Text(..) | OperandKind::Constant | OperandKind::Parenthesis(_) => {
                Value::Unknown
            }
        };
        match operand.fields.as_slice() {
            [] => value == Value::Labels,
            [(name, _)] => value == Value::Root && name == "Labels",
            _ => false,
        }
    }

    /// Keeps the literal texts that go to `query`, as its argument or through a pipe.
    fn queries(&mut self, pipeline: &Pipeline) {
        let mut before: Option<&Operand> = None;
        for command in &pipeline.commands {
            let mut operands = command.operands.iter();
            let is_query =
                operands.next().is_some_and(|it| matches!(&it.kind, OperandKind::Function(name) if name == "query"));
            let text = operands.next().or(before.take());
            if let (true, Some(OperandKind::Text(query, range))) = (is_query, text.map(|it| &it.kind)) {
                self.template.queries.push((query.clone(), range.clone()));
            }
            before = match command.operands.as_slice() {
                [only] => Some(only),
                _ => None,
            };
        }
    }
}

fn counted(count: usize) -> String {
    match count {
        0 => "no argument".to_owned(),
        1 => "1 argument".to_owned(),
        _ => format!("{count} arguments"),
    }
}

fn unknown_field(name: &str, range: &Range<u32>) -> Error {
    let error =
        Error::new(ErrorKind::UnknownField, range.clone(), format!("an alert's template has no field `{name}`"));
    if let Some(close) = suggest(name, ROOT_FIELDS) {
        return error.help(format!("did you mean `.{close}`?")).replace(range.clone(), close);
    }
    match name {
        "CommonLabels" | "GroupLabels" | "Alerts" | "Annotations" | "CommonAnnotations" | "Status" | "Receiver" => {
            error.help(format!("`.{name}` exists in the templates of Alertmanager; here, there is `$labels`"))
        }
        _ => error.help("its fields are `.Labels`, `.Value`, `.ExternalLabels` and `.ExternalURL`"),
    }
}

fn unknown_function(name: &str, range: &Range<u32>) -> Error {
    let error = Error::new(ErrorKind::UnknownFunction, range.clone(), format!("unknown function `{name}`"));
    let variable = format!("${name}");
    if let Some(close) = suggest(&variable, ["$labels", "$externalLabels"])
        .or((Scope::main().get(&variable).is_some()).then_some(variable.as_str()))
    {
        return error.help(format!("did you mean the variable `{close}`?")).replace(range.clone(), close);
    }
    if let Some(ours) = functions::instead_of(name) {
        return error.help(format!("did you mean `{ours}`?")).replace(range.clone(), ours);
    }
    if let Some(owner) = functions::owner(name) {
        return error.help(format!("`{name}` is a function of {owner}; Prometheus's alerts do not have it"));
    }
    match suggest(name, FUNCTIONS.iter().map(|function| function.name)) {
        Some(close) => error.help(format!("did you mean `{close}`?")).replace(range.clone(), close),
        None => error,
    }
}
