//! The domain, valid by construction.

mod name;
mod duration;
mod blocks;
mod budget;
mod sli;
mod link;
mod alert;
mod slo;

pub use alert::{AlertRunbook, CauseAlert, Severity};
pub use blocks::Blocks;
pub use budget::{
    Alerting, BudgetAlert, Burn, BurnTier, ExhaustsAlert, NoDataAlert, Objective, ObjectiveError, STANDARD_TIERS,
    StandardTier, decimal_text,
};
pub use duration::{Duration, DurationError};
pub use link::{LinkError, LinkTemplate, LinkValues, Placeholder};
pub use name::{LabelName, Name, NameError};
pub use sli::{Across, Comparison, Latency, NativeLatency, Ratio, RatioPart, Sli, Value};
pub use slo::{Grouping, Links, Override, Owner, Service, SeverityLabels, Slo};
