//! PromQL: text to tree and back, types, labels. Knows nothing of the rest.
//!
//! Text becomes a tree with [`parse`], which reports every fault it finds with its bytes; [`check`] infers the types and
//! knows which Prometheus has what; [`print`](fn@print) writes a tree, so that reading it gives the same tree again.
//!
//! ```
//! use slosmith::promql::{CheckOptions, ErrorKind, ParseOptions, ValueType, check, parse, print};
//!
//! let text = "sum(rate(http_requests_total{code=~'5..'}[5m]))by(job)";
//! let expr = parse(text, &ParseOptions::default()).unwrap();
//! assert_eq!(check(&expr, &CheckOptions::default()), Ok(ValueType::Vector));
//! assert_eq!(print(&expr), r#"sum by (job) (rate(http_requests_total{code=~"5.."}[5m]))"#);
//!
//! let faulty = parse("rate(http_requests_total)", &ParseOptions::default()).unwrap();
//! let errors = check(&faulty, &CheckOptions::default()).unwrap_err();
//! assert_eq!(errors[0].kind, ErrorKind::WrongArgument);
//! assert_eq!((errors[0].range.start, errors[0].range.end), (5, 24));
//! assert_eq!(errors[0].help.as_deref(), Some("write `rate(http_requests_total[5m])`"));
//! ```
//!
//! Indicators hold `$window`, which is filled in for each window; dashboards hold Grafana's variables:
//!
//! ```
//! use slosmith::promql::{Dialect, ParseOptions, parse, print, substitute_window};
//!
//! let expr = parse("increase(errors_total[$window])", &ParseOptions::new(Dialect::Sli)).unwrap();
//! assert_eq!(print(&substitute_window(&expr, 300_000)), "increase(errors_total[5m])");
//!
//! let board = parse("rate(${metric}_total[$__rate_interval])", &ParseOptions::new(Dialect::Dashboard));
//! assert!(board.is_ok());
//! ```
//!
//! Trees are built with the functions of [`build`], walked with those of [`visit`], and asked for labels with [`labels::of`]; [`lint`](fn@lint::lint)
//! says what an expression cannot do although Prometheus accepts it.

pub mod ast;
pub mod build;
mod duration;
mod error;
pub mod evaluate;
mod example;
mod functions;
mod keyword;
pub mod labels;
mod lexer;
pub mod lint;
mod matching;
pub(crate) mod name;
mod number;
mod operator;
mod overlap;
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
pub use example::{LabelValues, counterexample, example, selects, values};
pub use functions::{Arity, Function, function, functions};
pub(crate) use matching::accepts;
pub use matching::contradiction;
pub use parser::{Dialect, ParseOptions, parse};
pub(crate) use print::print_over;
pub use print::{WIDTH, print, print_line, print_within, push_string};
pub use substitute::{substitute_window, without_parens};
pub use types::{CheckOptions, ValueType, check};
pub use version::{Availability, Flag, Version};
