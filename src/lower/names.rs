//! What labels and boards are called: by slosmith, or by Sloth.

use smol_str::{SmolStr, format_smolstr};

use super::series::{INFO, RATIO_PREFIX, SLO_ALERT, SLO_ID, SLO_NAME, SLO_SERVICE, ratio_name};
use crate::model::{Duration, Profile};

/// The names that a profile gives to what every SLO has.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Names {
    /// The labels of the id, the service and the name of an SLO.
    pub(super) identity: [SmolStr; 3],
    /// The label that tells page from ticket.
    pub(super) severity: SmolStr,
    /// The label of error ratios that says over which window; `None` where the metric's name alone does.
    pub(super) window: Option<SmolStr>,
    /// The series of what is known of an SLO.
    pub(super) info: SmolStr,
    /// Its label with the target in percent.
    pub(super) objective: SmolStr,
    /// What groups of rules begin with.
    pub(super) group: &'static str,
    /// The uid of the board that shows all SLOs.
    pub(super) fleet_uid: &'static str,
    /// The uid of the board that shows a chosen SLO.
    pub(super) detail_uid: &'static str,
    /// What the titles of these two end with.
    pub(super) board_suffix: &'static str,
}

/// The names of slosmith.
pub(super) static NATIVE: Names = Names {
    identity: [SLO_ID, SLO_SERVICE, SLO_NAME],
    severity: SLO_ALERT,
    window: None,
    info: INFO,
    objective: SmolStr::new_static("objective"),
    group: "slo",
    fleet_uid: "slo-fleet",
    detail_uid: "slo-detail",
    board_suffix: "",
};

/// The names of Sloth 0.16.
pub(super) static SLOTH: Names = Names {
    identity: [SmolStr::new_static("sloth_id"), SmolStr::new_static("sloth_service"), SmolStr::new_static("sloth_slo")],
    severity: SmolStr::new_static("sloth_severity"),
    window: Some(SmolStr::new_static("sloth_window")),
    info: SmolStr::new_static("sloth_slo_info"),
    objective: SmolStr::new_static("sloth_objective"),
    group: "sloth-slo",
    fleet_uid: "slo-fleet-sloth",
    detail_uid: "slo-detail-sloth",
    board_suffix: " (Sloth)",
};

impl Names {
    /// The names of a profile.
    pub(super) fn of(profile: &Profile) -> &'static Self {
        match profile {
            Profile::Native => &NATIVE,
            Profile::Sloth(_) => &SLOTH,
        }
    }

    /// The label of the id, unique in the whole input.
    pub(super) fn id(&self) -> SmolStr {
        self.identity[0].clone()
    }

    /// The label of the service.
    pub(super) fn service(&self) -> SmolStr {
        self.identity[1].clone()
    }

    /// The label of the name.
    pub(super) fn slo(&self) -> SmolStr {
        self.identity[2].clone()
    }

    /// The name of the error ratio over a window: `slo:sli_error:ratio_rate28d`, or `slo:sli_error:ratio_rate4w` as Sloth has it.
    pub(super) fn ratio(&self, window: Duration) -> SmolStr {
        const WEEK: u64 = Duration::from_days(7).millis();
        if self.window.is_some() && window.millis().is_multiple_of(WEEK) {
            return format_smolstr!("{RATIO_PREFIX}{}w", window.millis() / WEEK);
        }
        ratio_name(window)
    }

    /// The label of a recorded series that says over which window it is, with its value: `sloth_window="5m"`.
    pub(super) fn window_of(&self, name: &str) -> Option<(SmolStr, SmolStr)> {
        let window = name.strip_prefix(RATIO_PREFIX)?;
        Some((self.window.clone()?, window.trim_start_matches('_').into()))
    }
}
