//! Who answers for a service or SLO.

use crate::diag::{Code, Diagnostic, Sink};
use crate::model::Owner;
use crate::parse::decl::OwnerDecl;
use crate::source::Text;

/// Reads the nearest owner; `layers` begins with the nearest.
pub(super) fn owner<'a>(layers: impl IntoIterator<Item = Option<&'a OwnerDecl>>, sink: &mut Sink) -> Option<Owner> {
    let decl = layers.into_iter().flatten().next()?;
    let team = filled(&decl.team, "team", sink);
    let oncall = decl.oncall.as_ref().and_then(|text| filled(text, "oncall", sink));
    let slack = decl.slack.as_ref().and_then(|text| filled(text, "slack", sink));
    Some(Owner { team: team?, oncall, slack })
}

/// Reads how important something is; `layers` begins with the nearest.
pub(super) fn tier<'a>(layers: impl IntoIterator<Item = Option<&'a Text>>, sink: &mut Sink) -> Option<String> {
    layers.into_iter().flatten().next().and_then(|text| filled(text, "tier", sink))
}

/// The text, unless there is none.
fn filled(text: &Text, key: &str, sink: &mut Sink) -> Option<String> {
    if text.value.trim().is_empty() {
        let message = format!("`{key}` is empty");
        sink.push(Diagnostic::new(Code::BadOwner, text.span, message).help("write a name, or leave the key out"));
        return None;
    }
    Some(text.value.clone())
}
