//! Trees made from other trees: variables filled in, brackets left out.

use smol_str::{SmolStr, format_smolstr};

use crate::promql::visit::{children_mut, durations_mut, walk_mut};
use crate::promql::{Duration, DurationKind, Expr, ExprKind, Number, TextRange};

/// The tree with `$window` filled in: ranges, offsets and steps by a duration, numbers by its seconds.
///
/// An expression of the [`Sli`](crate::promql::Dialect::Sli) dialect has no other variable.
#[must_use]
pub fn substitute_window(expr: &Expr, millis: i64) -> Expr {
    let mut filled = expr.clone();
    walk_mut(&mut filled, &mut |part| {
        if let ExprKind::Variable(_) = part.kind {
            part.kind = ExprKind::Number(Number { text: seconds(millis) });
        }
    });
    durations_mut(&mut filled, &mut |duration| fill_duration(duration, millis));
    filled
}

/// The tree without the brackets that were written; the printer sets those that are needed.
#[must_use]
pub fn without_parens(expr: &Expr) -> Expr {
    let mut bare = expr.clone();
    strip(&mut bare);
    bare
}

fn fill_duration(duration: &mut Duration, millis: i64) {
    match &mut duration.kind {
        DurationKind::Variable(_) => duration.kind = DurationKind::Millis(millis),
        DurationKind::Binary(_, left, right) => {
            fill_duration(left, millis);
            fill_duration(right, millis);
        }
        DurationKind::Unary(_, inner) | DurationKind::Paren(inner) => fill_duration(inner, millis),
        DurationKind::Call(_, args) => args.iter_mut().for_each(|arg| fill_duration(arg, millis)),
        DurationKind::Millis(_) => {}
    }
}

/// Milliseconds as decimal seconds.
fn seconds(millis: i64) -> SmolStr {
    let text = format_smolstr!("{}.{:03}", millis / 1000, millis % 1000);
    text.trim_end_matches('0').trim_end_matches('.').into()
}

fn strip(expr: &mut Expr) {
    while let ExprKind::Paren(inner) = &mut expr.kind {
        let empty = Expr { kind: ExprKind::String(SmolStr::default()), range: TextRange::default() };
        *expr = std::mem::replace(&mut **inner, empty);
    }
    for child in children_mut(expr) {
        strip(child);
    }
}
