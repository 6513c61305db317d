//! Whose names the recorded series and their labels have.

use smol_str::SmolStr;

/// Whose names the recorded series and their labels have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// Those of slosmith.
    #[default]
    Native,
    /// Those of Sloth, so that its dashboards, user interface and routes go on working.
    Sloth(SlothProfile),
}

/// What Sloth's series say of where they come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlothProfile {
    /// The version of the format that the SLO is written in: the label `sloth_spec`.
    pub spec: SmolStr,
    /// Whether routes of slosmith's are there to tell its alerts.
    pub routes: AlertRoutes,
}

/// Whether alerts carry what the routes of slosmith go by, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertRoutes {
    /// They do: the project has receivers.
    Ours,
    /// They do not: somebody else's routes go by Sloth's labels.
    Foreign,
}

/// The version of Sloth's own format.
pub const SLOTH_SPEC: &str = "prometheus/v1";

impl Profile {
    /// The word of the language.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Sloth(_) => "sloth",
        }
    }
}

impl SlothProfile {
    /// What Sloth would have done with such a spec: the label `sloth_mode`.
    #[must_use]
    pub fn mode(&self) -> &'static str {
        match self.spec.split('/').next() {
            Some("sloth.slok.dev") => "cli-gen-k8s",
            Some("openslo") => "cli-gen-openslo",
            _ => "cli-gen-prom",
        }
    }
}
