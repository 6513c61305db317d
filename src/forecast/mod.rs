//! What the rules of an SLO will do, computed instead of observed: when alerts fire and end, what is left of budgets, what it costs.

mod counting;
mod cost;
mod notice;
mod outlook;

pub use cost::{Cost, USUAL_INTERVAL, USUAL_WINDOWS};
pub use counting::Counting;
pub use notice::{Notice, Silence};
pub use outlook::{
    Assumptions, BurnOutlook, ErrorRate, EventBudget, Outlook, RateOutlook, SeverityOutlook, TargetOutlook,
    WindowFacts, outlook,
};
