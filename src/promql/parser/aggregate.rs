//! Aggregations: operator, grouping before or behind, parameter.

use crate::promql::keyword::Keyword;
use crate::promql::lexer::{Token, TokenKind};
use crate::promql::parser::{Parsed, Parser};
use crate::promql::{Aggregate, AggregateOp, Error, ErrorKind, Expr, ExprKind, Grouping, Ranged, TextRange};

impl Parser<'_> {
    /// Reads an aggregation; its operator is the next token.
    pub(super) fn aggregate(&mut self, op: AggregateOp) -> Parsed<Expr> {
        let token = self.advance();
        let before = self.grouping()?;
        if self.peek().kind != TokenKind::LeftParen {
            return Err(self.missing_brackets(op, before.as_ref()));
        }
        let args = self.arguments(op.as_str())?;
        self.complete(token, op, before, args)
    }

    /// What stands behind the arguments, and the whole.
    fn complete(&mut self, token: Token, op: AggregateOp, before: Option<Grouping>, args: Vec<Expr>) -> Parsed<Expr> {
        let mut grouping = before;
        while let Some(behind) = self.grouping()? {
            match &grouping {
                None => grouping = Some(behind),
                Some(first) => {
                    let first = first.range;
                    self.report(
                        Error::syntax(behind.range, "the aggregation is grouped twice")
                            .related(first, "the first grouping")
                            .help("keep one of the two"),
                    );
                }
            }
        }
        let range = self.since(token.start);
        let (param, expr) = self.split(op, args, range)?;
        let op = Ranged { value: op, range: token.range() };
        let aggregate = Aggregate { op, grouping, param, expr };
        Ok(Expr { kind: ExprKind::Aggregate(Box::new(aggregate)), range })
    }

    fn missing_brackets(&mut self, op: AggregateOp, before: Option<&Grouping>) -> crate::promql::parser::Reported {
        let token = self.peek();
        let name = op.as_str();
        if before.is_some() && matches!(token.keyword(), Some(Keyword::By | Keyword::Without)) {
            return self.report(Error::syntax(token.range(), "the aggregation is grouped twice"));
        }
        let error = self.unexpected("`(`");
        self.report(error.help(format!("what `{name}` aggregates stands in brackets: `{name} by (label) (...)`")))
    }

    /// Parameter and expression of the arguments.
    fn split(&mut self, op: AggregateOp, args: Vec<Expr>, range: TextRange) -> Parsed<(Option<Expr>, Expr)> {
        let name = op.as_str();
        let count = args.len();
        let end = args.last().map_or(range.end, |last| last.range.end);
        let mut args = args.into_iter();
        let split = match (op.has_param(), args.next(), args.next(), args.next()) {
            (true, Some(param), Some(expr), None) => return Ok((Some(param), expr)),
            (false, Some(expr), None, None) => return Ok((None, expr)),
            (_, None, _, _) => {
                Error::new(ErrorKind::WrongArgument, range, format!("`{name}` has nothing to aggregate"))
            }
            (true, Some(only), None, _) => {
                Error::new(ErrorKind::WrongArgument, only.range, format!("`{name}` takes 2 arguments, found 1"))
            }
            (_, Some(first), second, third) => {
                let extra = if op.has_param() { third } else { second };
                let start = extra.map_or(first.range.start, |extra| extra.range.start);
                Error::new(
                    ErrorKind::WrongArgument,
                    TextRange { start, end },
                    format!(
                        "`{name}` takes {}, found {count}",
                        if op.has_param() { "2 arguments" } else { "1 argument" }
                    ),
                )
            }
        };
        Err(self.report(split.help(usage(op))))
    }
}

/// How an aggregation operator is called.
pub(crate) fn usage(op: AggregateOp) -> String {
    let name = op.as_str();
    match op {
        AggregateOp::Topk | AggregateOp::Bottomk | AggregateOp::Limitk => {
            format!("write `{name}(5, ...)`, with the number of series before the expression")
        }
        AggregateOp::Quantile => "write `quantile(0.9, ...)`, with the quantile before the expression".to_owned(),
        AggregateOp::CountValues => {
            "write `count_values(\"label\", ...)`, with the label for the values before the expression".to_owned()
        }
        AggregateOp::LimitRatio => "write `limit_ratio(0.1, ...)`, with the share before the expression".to_owned(),
        AggregateOp::Sum
        | AggregateOp::Avg
        | AggregateOp::Count
        | AggregateOp::Min
        | AggregateOp::Max
        | AggregateOp::Group
        | AggregateOp::Stddev
        | AggregateOp::Stdvar => format!("write `{name}(...)` or `{name} by (label) (...)`"),
    }
}
