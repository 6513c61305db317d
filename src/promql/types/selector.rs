//! Selectors: regular expressions that are ones, and at least one matcher that narrows.

use crate::promql::regex::{self, Verdict};
use crate::promql::types::Checker;
use crate::promql::{Error, ErrorKind, MatchOp, Matcher, Selector, TextRange};

impl Checker<'_> {
    pub(super) fn selector(&mut self, selector: &Selector, range: TextRange) {
        let narrows = self.matchers(selector);
        if !narrows && selector.name.is_none() {
            self.report(
                Error::new(ErrorKind::EmptySelector, range, "every matcher of the selector matches absent labels too")
                    .help("name the metric, or match a label with a value: `job=\"api\"`, `job=~\".+\"`"),
            );
        }
    }

    /// Checks the matchers and modifiers; says whether one of the matchers needs its label.
    pub(super) fn matchers(&mut self, selector: &Selector) -> bool {
        self.names(selector);
        self.modifiers(&selector.modifiers);
        let mut narrows = false;
        for matcher in &selector.matchers {
            narrows |= self.narrows(matcher);
        }
        narrows
    }

    /// Whether a series without the label is left out; also so after a faulty regular expression.
    fn narrows(&mut self, matcher: &Matcher) -> bool {
        let value = &matcher.value.value;
        let regex = match matcher.op {
            MatchOp::Equal => return !value.is_empty(),
            MatchOp::NotEqual => return value.is_empty(),
            MatchOp::Regex | MatchOp::NotRegex => regex::verdict(value),
        };
        match regex {
            Verdict::MatchesEmpty => matcher.op == MatchOp::NotRegex,
            Verdict::NeedsText => matcher.op == MatchOp::Regex,
            Verdict::Invalid(reason) => {
                self.report(
                    Error::new(
                        ErrorKind::InvalidRegex,
                        matcher.value.range,
                        format!("the regular expression is none: {reason}"),
                    )
                    .help("for text as it is use `=`, or put a backslash before `.`, `(`, `[`, `{`, `*`, `+` and `?`"),
                );
                true
            }
        }
    }
}
