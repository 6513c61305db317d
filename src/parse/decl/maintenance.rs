//! Declarations of maintenance.

use crate::source::{Span, Text};

/// Time that does not count.
#[derive(Clone, Debug)]
pub struct MaintenanceDecl {
    /// The whole entry.
    pub span: Span,
    /// Its name; `None` after a problem that is reported.
    pub name: Option<Text>,
    /// When a recurrence starts first, by the clocks of its zone.
    pub start: Option<Text>,
    /// How long each one lasts.
    pub duration: Option<Text>,
    /// When it comes back.
    pub rrule: Option<Text>,
    /// Whose clocks.
    pub timezone: Option<Text>,
    /// When a single one begins.
    pub from: Option<Text>,
    /// When it is over.
    pub to: Option<Text>,
    /// Why.
    pub reason: Option<Text>,
    /// The SLOs that it is for; `None` where nothing is written.
    pub slos: Option<Vec<Text>>,
    /// What it does; to exclude the time if absent.
    pub effect: Option<Text>,
    /// Whether cause alerts are silent meanwhile.
    pub mute_alerts: Option<Text>,
}
