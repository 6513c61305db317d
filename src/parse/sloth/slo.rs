//! One entry of `slos`.

use super::alerting::alerting;
use super::indicator::indicator;
use super::{Dialect, chain};
use crate::diag::{Code, Diagnostic};
use crate::parse::decl::SloDecl;
use crate::parse::read::{Fields, Reader};
use crate::parse::yaml::{Node, NodeKind, ScalarStyle};
use crate::source::Text;

/// Reads an SLO; problems go to the sink.
pub(super) fn slo(reader: &mut Reader<'_>, node: Node, dialect: &Dialect<'_>) -> Option<SloDecl> {
    let span = node.span;
    let mut fields = reader.written(node, "an SLO of Sloth")?;
    let entry = reader.demanded(&mut fields, "name", "name: availability");
    let mut slo = SloDecl::new(span, entry.and_then(|entry| reader.text_of(entry, "text")));
    slo.target = objective(reader, &mut fields);
    slo.description = reader.text(&mut fields, "description");
    slo.labels = reader.text_map(&mut fields, "labels");
    chain::chain(reader, &mut fields, "plugins", dialect);
    slo.sli = indicator(reader, &mut fields, dialect.keys);
    slo.alerting = alerting(reader, &mut fields, dialect);
    reader.pass_over(&fields, "Sloth");
    Some(slo)
}

/// `objective`: a number of percent, without quotes and without a sign.
fn objective(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<Text> {
    let entry = reader.demanded(fields, "objective", "objective: 99.9")?;
    let quoted = matches!(&entry.value.kind, NodeKind::Scalar(scalar) if scalar.style != ScalarStyle::Plain);
    let text = reader.text_of(entry, "a number")?;
    let number = text.value.strip_suffix('%').unwrap_or(&text.value).trim();
    let Ok(value) = number.parse::<f64>() else {
        let message = format!("expected a number of percent for `objective`, found `{}`", text.value);
        reader.report(Diagnostic::new(Code::BadTarget, text.span, message).help("write it as in `objective: 99.9`"));
        return None;
    };
    if quoted || number != text.value {
        let message = format!("expected a number of percent for `objective`, found the text `{}`", text.value);
        let diagnostic = Diagnostic::new(Code::WrongType, text.span, message);
        reader.report(diagnostic.replace("write the number alone", text.span, number));
        return None;
    }
    if value > 0.0 && value <= 1.0 {
        // The sign says that it is meant so: Sloth reads every number as percent.
        let message = format!("an objective of {number} percent is a promise that nearly everything fails");
        let diagnostic = Diagnostic::new(Code::RatioTarget, text.span, message);
        reader.report(diagnostic.help("objectives are percentages: `99.9`, and not `0.999`"));
        return None;
    }
    Some(text)
}
