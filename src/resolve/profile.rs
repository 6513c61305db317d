//! Whose names the recorded series have.

use crate::diag::{Code, Diagnostic, Sink};
use crate::model::{AlertRoutes, Profile, SLOTH_SPEC, SlothProfile};
use crate::parse::decl::{ProjectDecl, SpecDecl};
use crate::source::Text;

/// Reads the profile of a service: its own, else the project's, else that of slosmith.
///
/// What the format of a spec implies comes behind what the project says.
pub(super) fn profile(spec: &SpecDecl, project: &ProjectDecl, sink: &mut Sink) -> Profile {
    let (own, ours) = (spec.defaults.profile.as_ref(), project.defaults.profile.as_ref());
    let implied = own.filter(|own| own.spec.is_some());
    let Some(decl) = own.filter(|own| own.spec.is_none()).or(ours).or(implied) else {
        return Profile::Native;
    };
    let spec = implied.and_then(|implied| implied.spec.as_ref());
    match decl.name.value.as_str() {
        "native" => Profile::Native,
        "sloth" => Profile::Sloth(sloth(spec, project)),
        other => {
            let message = format!("expected `native` or `sloth` for `profile`, found `{other}`");
            let note = "it says whose names the recorded series and their labels have";
            sink.push(Diagnostic::new(Code::UnknownValue, decl.name.span, message).note(note));
            Profile::Native
        }
    }
}

fn sloth(spec: Option<&Text>, project: &ProjectDecl) -> SlothProfile {
    SlothProfile {
        spec: spec.map_or(SLOTH_SPEC, |spec| spec.value.as_str()).into(),
        routes: if project.on_call.is_some() || !project.receivers.is_empty() {
            AlertRoutes::Ours
        } else {
            AlertRoutes::Foreign
        },
    }
}
