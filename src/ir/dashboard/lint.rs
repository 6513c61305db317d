//! What Grafana's dashboard-linter has to leave out, and why.

use smol_str::SmolStr;

/// A rule of the linter that cannot hold at a place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LintException {
    /// The rule.
    pub rule: LintRule,
    /// The title of the board.
    pub board: SmolStr,
    /// The title of the panel; of a rule about the whole board if absent.
    pub panel: Option<SmolStr>,
    /// Why: a sentence.
    pub reason: SmolStr,
}

/// A rule of the linter that some boards cannot obey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LintRule {
    /// A variable `job` to choose by.
    TemplateJob,
    /// A variable `instance` to choose by.
    TemplateInstance,
    /// `job=~"$job"` in every selector.
    TargetJob,
    /// `instance=~"$instance"` in every selector.
    TargetInstance,
    /// `$__rate_interval` as the range of every rate.
    TargetRateInterval,
}

impl LintRule {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::TemplateJob, Self::TemplateInstance, Self::TargetJob, Self::TargetInstance, Self::TargetRateInterval];
    /// Those that no board of recorded series can obey.
    pub const OF_RECORDED: [Self; 4] =
        [Self::TemplateJob, Self::TemplateInstance, Self::TargetJob, Self::TargetInstance];

    /// The linter's name of it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TemplateJob => "template-job-rule",
            Self::TemplateInstance => "template-instance-rule",
            Self::TargetJob => "target-job-rule",
            Self::TargetInstance => "target-instance-rule",
            Self::TargetRateInterval => "target-rate-interval-rule",
        }
    }
}
