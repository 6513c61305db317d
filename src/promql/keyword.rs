//! The words with a meaning; most of them are also metric and label names.

use crate::promql::AggregateOp;

/// A word with a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keyword {
    Aggregate(AggregateOp),
    And,
    Or,
    Unless,
    Atan2,
    By,
    Without,
    On,
    Ignoring,
    GroupLeft,
    GroupRight,
    Bool,
    Offset,
    Start,
    End,
    Step,
    Range,
    MinOf,
    MaxOf,
    Anchored,
    Smoothed,
    Fill,
    FillLeft,
    FillRight,
    Inf,
    Nan,
}

/// The longest keyword, `count_values`.
const LONGEST: usize = 12;

/// The keyword a word is, in any case.
pub(crate) fn keyword(word: &[u8]) -> Option<Keyword> {
    if word.len() > LONGEST {
        return None;
    }
    let mut lower = [0; LONGEST];
    let lower = &mut lower[..word.len()];
    lower.copy_from_slice(word);
    lower.make_ascii_lowercase();
    Some(match &*lower {
        b"sum" => Keyword::Aggregate(AggregateOp::Sum),
        b"avg" => Keyword::Aggregate(AggregateOp::Avg),
        b"count" => Keyword::Aggregate(AggregateOp::Count),
        b"min" => Keyword::Aggregate(AggregateOp::Min),
        b"max" => Keyword::Aggregate(AggregateOp::Max),
        b"group" => Keyword::Aggregate(AggregateOp::Group),
        b"stddev" => Keyword::Aggregate(AggregateOp::Stddev),
        b"stdvar" => Keyword::Aggregate(AggregateOp::Stdvar),
        b"topk" => Keyword::Aggregate(AggregateOp::Topk),
        b"bottomk" => Keyword::Aggregate(AggregateOp::Bottomk),
        b"count_values" => Keyword::Aggregate(AggregateOp::CountValues),
        b"quantile" => Keyword::Aggregate(AggregateOp::Quantile),
        b"limitk" => Keyword::Aggregate(AggregateOp::Limitk),
        b"limit_ratio" => Keyword::Aggregate(AggregateOp::LimitRatio),
        b"and" => Keyword::And,
        b"or" => Keyword::Or,
        b"unless" => Keyword::Unless,
        b"atan2" => Keyword::Atan2,
        b"by" => Keyword::By,
        b"without" => Keyword::Without,
        b"on" => Keyword::On,
        b"ignoring" => Keyword::Ignoring,
        b"group_left" => Keyword::GroupLeft,
        b"group_right" => Keyword::GroupRight,
        b"bool" => Keyword::Bool,
        b"offset" => Keyword::Offset,
        b"start" => Keyword::Start,
        b"end" => Keyword::End,
        b"step" => Keyword::Step,
        b"range" => Keyword::Range,
        b"min_of" => Keyword::MinOf,
        b"max_of" => Keyword::MaxOf,
        b"anchored" => Keyword::Anchored,
        b"smoothed" => Keyword::Smoothed,
        b"fill" => Keyword::Fill,
        b"fill_left" => Keyword::FillLeft,
        b"fill_right" => Keyword::FillRight,
        b"inf" => Keyword::Inf,
        b"nan" => Keyword::Nan,
        _ => return None,
    })
}

/// Whether a word can stand as a metric name without quotes.
pub(crate) fn can_name_metric(keyword: Option<Keyword>) -> bool {
    !matches!(
        keyword,
        Some(
            Keyword::Bool
                | Keyword::On
                | Keyword::Ignoring
                | Keyword::GroupLeft
                | Keyword::GroupRight
                | Keyword::Atan2
                | Keyword::Inf
                | Keyword::Nan
        )
    )
}

/// Whether a word can stand as a label name without quotes in `by`, `on` and the like.
pub(crate) fn can_name_label(keyword: Option<Keyword>) -> bool {
    !matches!(keyword, Some(Keyword::Without | Keyword::Inf | Keyword::Nan))
}
