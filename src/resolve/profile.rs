//! Whose names the recorded series have.

use crate::diag::{Code, Diagnostic, Sink};
use crate::model::{AlertRoutes, Profile, SLOTH_SPEC, SlothProfile};
use crate::parse::decl::{ProfileDecl, ProjectDecl, SpecDecl};

/// Reads the profile of a service: its own, else the project's, else that of slosmith.
pub(super) fn profile(spec: &SpecDecl, project: &ProjectDecl, sink: &mut Sink) -> Profile {
    let Some(decl) = spec.defaults.profile.as_ref().or(project.defaults.profile.as_ref()) else {
        return Profile::Native;
    };
    match decl.name.value.as_str() {
        "native" => Profile::Native,
        "sloth" => Profile::Sloth(sloth(decl, project)),
        other => {
            let message = format!("expected `native` or `sloth` for `profile`, found `{other}`");
            let note = "it says whose names the recorded series and their labels have";
            sink.push(Diagnostic::new(Code::UnknownValue, decl.name.span, message).note(note));
            Profile::Native
        }
    }
}

fn sloth(decl: &ProfileDecl, project: &ProjectDecl) -> SlothProfile {
    SlothProfile {
        spec: decl.spec.as_ref().map_or(SLOTH_SPEC, |spec| spec.value.as_str()).into(),
        routes: if project.on_call.is_some() || !project.receivers.is_empty() {
            AlertRoutes::Ours
        } else {
            AlertRoutes::Foreign
        },
    }
}
