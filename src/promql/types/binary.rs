//! The types of both sides of an operator, and whether its modifiers fit.

use crate::promql::types::{Checker, Inferred, family};
use crate::promql::{Binary, BinaryOp, Error, ErrorKind, Expr, Matching, MatchingKind, TextRange, ValueType};

impl Checker<'_> {
    pub(super) fn binary(&mut self, binary: &Binary, range: TextRange) -> Inferred {
        self.binary_features(binary);
        let lhs = self.side(&binary.lhs, binary.op.value);
        let rhs = self.side(&binary.rhs, binary.op.value);
        if let Some(matching) = &binary.matching {
            self.matching(matching, binary.op.value);
        }
        self.scalars(binary, lhs, rhs, range);
        match (lhs, rhs) {
            (Some(ValueType::Scalar), Some(ValueType::Scalar)) => Some(ValueType::Scalar),
            (Some(ValueType::Vector), _) | (_, Some(ValueType::Vector)) => Some(ValueType::Vector),
            (Some(_) | None, Some(_) | None) => None,
        }
    }

    /// The type of a side; nothing after a report.
    fn side(&mut self, expr: &Expr, op: BinaryOp) -> Inferred {
        let inferred = self.expr(expr)?;
        match inferred {
            ValueType::Scalar | ValueType::Vector => return Some(inferred),
            ValueType::Matrix => {
                let error = wrong_side(expr, op, inferred);
                self.report(error.help("put a function such as `rate(...)` or `max_over_time(...)` around the range"));
            }
            ValueType::String => self.report(wrong_side(expr, op, inferred)),
        }
        None
    }

    /// What operators and modifiers do not accept of scalars.
    fn scalars(&mut self, binary: &Binary, lhs: Inferred, rhs: Inferred, range: TextRange) {
        let op = binary.op.value;
        let name = op.as_str();
        let scalar = [(&binary.lhs, lhs), (&binary.rhs, rhs)]
            .into_iter()
            .find(|(_, inferred)| *inferred == Some(ValueType::Scalar))
            .map(|(side, _)| side);
        let Some(scalar) = scalar else { return };
        if op.is_set() {
            self.report(
                Error::new(
                    ErrorKind::Type,
                    scalar.range,
                    format!("`{name}` combines instant vectors, this is a scalar"),
                )
                .help("put it into `vector(...)`"),
            );
            return;
        }
        // Prometheus ignores `on ()` beside a scalar.
        let modifier = match (&binary.matching, &binary.fill) {
            (Some(matching), _) if matching.labels.is_empty() => None,
            (Some(matching), _) => Some(matching.range),
            (None, Some(fill)) => Some(fill.range),
            (None, None) => None,
        };
        if let Some(modifier) = modifier {
            self.report(
                Error::new(ErrorKind::Type, modifier, "series are paired between instant vectors only")
                    .related(scalar.range, "this is a scalar")
                    .help("leave the modifier out"),
            );
        }
        if lhs == rhs && op.is_comparison() && !binary.returns_bool {
            self.report(
                Error::new(
                    ErrorKind::Type,
                    if binary.op.range.end > 0 { binary.op.range } else { range },
                    "scalars are compared with `bool` only",
                )
                .help(format!("write `{name} bool`, which gives 1 or 0"))
                .replacement(binary.op.range, format!("{name} bool")),
            );
        }
    }

    fn matching(&mut self, matching: &Matching, op: BinaryOp) {
        for label in &matching.labels {
            self.label_name(label);
        }
        let Some(group) = &matching.group else { return };
        if op.is_set() {
            let name = op.as_str();
            self.report(
                Error::new(
                    ErrorKind::Type,
                    group.range,
                    format!("`{name}` pairs many with many, it takes no `group_left` or `group_right`"),
                )
                .help("leave it out"),
            );
        }
        for label in &group.labels {
            self.label_name(label);
            let twice = matching.labels.iter().find(|matched| matched.value == label.value);
            if let Some(matched) = twice
                && matching.kind == MatchingKind::On
            {
                let name = &label.value;
                self.report(
                    Error::new(
                        ErrorKind::Type,
                        label.range,
                        format!("`{name}` is a label that both sides have in common, it cannot be taken from one"),
                    )
                    .related(matched.range, "matched here")
                    .help("leave it out of one of the two lists"),
                );
            }
        }
    }
}

fn wrong_side(expr: &Expr, op: BinaryOp, found: ValueType) -> Error {
    let (family, name, found) = (family(op), op.as_str(), found.with_article());
    let message = format!("the {family} `{name}` takes scalars and instant vectors, this is {found}");
    Error::new(ErrorKind::Type, expr.range, message)
}
