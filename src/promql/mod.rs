//! PromQL: text to tree and back, types, labels. Knows nothing of the rest.

pub mod ast;
pub mod build;
mod duration;
mod error;
mod functions;
mod keyword;
pub mod labels;
mod lexer;
mod name;
mod number;
mod operator;
mod parser;
mod print;
mod substitute;
mod regex;
mod suggest;
mod types;
mod version;
pub mod visit;

pub use ast::*;
pub use duration::format_millis;
pub use error::{Error, ErrorKind};
pub use functions::{Arity, Function, function, functions};
pub use parser::{Dialect, ParseOptions, parse};
pub use print::{WIDTH, print, print_line, print_within};
pub use substitute::{substitute_window, without_parens};
pub use types::{CheckOptions, ValueType, check};
pub use version::{Availability, Flag, Version};
