//! What the targeted version has, and what is behind a flag there.

use std::fmt::Arguments;

use smol_str::SmolStr;

use crate::promql::name::{METRIC_NAME, is_bare_label, is_bare_metric};
use crate::promql::types::Checker;
use crate::promql::version::{Availability, Lack};
use crate::promql::{
    Aggregate, AggregateOp, Binary, Duration, DurationKind, Error, ErrorKind, Flag, Modifiers, Number, Ranged,
    Selector, TextRange,
};

/// Names beyond letters, digits, `_` and `:`.
const UTF8_NAMES: Availability = Availability::since(3, 0);
/// `1_000`, and `5m` where a number stands.
const NUMBER_FORMS: Availability = Availability::since(2, 54);
/// `</`, `>/`
const TRIM: Availability = Availability::since(3, 11);
/// `limitk`, `limit_ratio`
const LIMIT: Availability = Availability::behind(Flag::ExperimentalFunctions, 2, 54);
/// `[5m + 1m]`
const DURATIONS: Availability = Availability::behind(Flag::DurationExpressions, 3, 4).stable(3, 14);
/// `anchored`, `smoothed`
const EXTENDED: Availability = Availability::behind(Flag::ExtendedRangeSelectors, 3, 7).stable(3, 16);
/// `fill`, `fill_left`, `fill_right`
const FILL: Availability = Availability::behind(Flag::FillModifiers, 3, 10);

impl Checker<'_> {
    /// Reports what the targeted Prometheus does not have.
    pub(super) fn available(&mut self, what: Arguments<'_>, range: TextRange, availability: Availability) {
        let version = self.options.version;
        let error = match availability.lacks(version, &self.options.enabled) {
            None => return,
            Some(Lack::Version(since)) => Error::new(
                ErrorKind::Version,
                range,
                format!("{what} came with Prometheus {since}, the rules are for {version}"),
            ),
            Some(Lack::Flag(flag, stable)) => {
                let flag = flag.as_str();
                let error =
                    Error::new(ErrorKind::Version, range, format!("{what} is experimental in Prometheus {version}"));
                error.help(match stable {
                    Some(stable) => {
                        format!("start Prometheus with `--enable-feature={flag}`, or use {stable} or newer")
                    }
                    None => format!("start Prometheus with `--enable-feature={flag}`"),
                })
            }
        };
        self.report(error);
    }

    pub(super) fn number_form(&mut self, number: &Number, range: TextRange) {
        let is_hexadecimal = number.text.starts_with("0x") || number.text.starts_with("0X");
        let is_duration = !is_hexadecimal && number.text.ends_with(['s', 'm', 'h', 'd', 'w', 'y']);
        if is_duration {
            self.available(format_args!("a duration in the place of a number"), range, NUMBER_FORMS);
        } else if number.text.contains('_') {
            self.available(format_args!("an underscore in a number"), range, NUMBER_FORMS);
        }
    }

    pub(super) fn aggregate_feature(&mut self, aggregate: &Aggregate) {
        if matches!(aggregate.op.value, AggregateOp::Limitk | AggregateOp::LimitRatio) {
            let name = aggregate.op.value.as_str();
            self.available(format_args!("the aggregation `{name}`"), aggregate.op.range, LIMIT);
        }
    }

    pub(super) fn binary_features(&mut self, binary: &Binary) {
        if binary.op.value.is_trim() {
            let name = binary.op.value.as_str();
            self.available(format_args!("the operator `{name}`"), binary.op.range, TRIM);
        }
        if let Some(fill) = &binary.fill {
            self.available(format_args!("the modifier `fill`"), fill.range, FILL);
            if binary.op.value.is_set() {
                let name = binary.op.value.as_str();
                self.report(
                    Error::new(ErrorKind::Type, fill.range, format!("`{name}` has no missing series to fill"))
                        .help("leave the modifier out"),
                );
            }
        }
    }

    pub(super) fn modifiers(&mut self, modifiers: &Modifiers) {
        if let Some(offset) = &modifiers.offset {
            self.duration(offset);
        }
        if let Some(extended) = &modifiers.extended {
            self.available(format_args!("an extended range selector"), extended.range, EXTENDED);
        }
    }

    pub(super) fn duration(&mut self, duration: &Duration) {
        match &duration.kind {
            DurationKind::Millis(_) | DurationKind::Variable(_) => {}
            DurationKind::Binary(..) | DurationKind::Unary(..) | DurationKind::Call(..) | DurationKind::Paren(_) => {
                self.available(format_args!("arithmetic with durations"), duration.range, DURATIONS);
            }
        }
    }

    pub(super) fn names(&mut self, selector: &Selector) {
        if let Some(name) = &selector.name
            && !is_bare_metric(&name.value)
        {
            self.available(format_args!("a metric name in quotes"), name.range, UTF8_NAMES);
        }
        for matcher in &selector.matchers {
            if matcher.label.value != METRIC_NAME {
                self.label_name(&matcher.label);
            }
        }
    }

    pub(super) fn label_name(&mut self, label: &Ranged<SmolStr>) {
        if !is_bare_label(&label.value) {
            self.available(format_args!("a label name in quotes"), label.range, UTF8_NAMES);
        }
    }
}
