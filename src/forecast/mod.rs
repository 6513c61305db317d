//! What the rules of an SLO will do, computed instead of observed: when alerts fire and end, what is left of budgets, what it costs.

mod digits;
mod counting;
mod cost;
mod notice;
mod outlook;
mod traffic;
mod slices;
mod grid;
mod calendar;
mod mean;
mod period;
mod alarm;
mod simulation;

pub use alarm::Spell;
pub use calendar::period_start;
pub use cost::{Cost, USUAL_INTERVAL, USUAL_WINDOWS};
pub use counting::Counting;
pub use digits::significant;
pub use notice::{Notice, Silence};
pub use outlook::{
    Assumptions, BurnOutlook, ErrorRate, EventBudget, Outlook, RateOutlook, SeverityOutlook, TargetOutlook,
    WindowFacts, outlook,
};
pub use simulation::{AlertCourse, End, FastPoint, Scenario, Simulation, SlowPoint, simulate};
pub use traffic::{Flow, Segment, Traffic};
