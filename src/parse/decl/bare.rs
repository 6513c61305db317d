//! Declarations that say nothing yet, for front ends to fill in.

use super::{AlertExtrasDecl, AlertingDecl, DefaultsDecl, LinksDecl, SloDecl, SpecDecl};
use crate::source::{Span, Text};

impl SpecDecl {
    /// A service of which nothing more is said.
    #[must_use]
    pub fn new(span: Span, service: Option<Text>) -> Self {
        Self {
            span,
            service,
            description: None,
            owner: None,
            tier: None,
            mttr: None,
            depends_on: Vec::new(),
            labels: Vec::new(),
            links: LinksDecl::default(),
            defaults: DefaultsDecl::default(),
            slos: Vec::new(),
            alerts: Vec::new(),
            dashboards: Vec::new(),
            maintenance: Vec::new(),
            unfinished: Vec::new(),
        }
    }
}

impl SloDecl {
    /// An objective of which nothing more is said.
    #[must_use]
    pub fn new(span: Span, name: Option<Text>) -> Self {
        Self {
            span,
            name,
            description: None,
            target: None,
            sli: None,
            window: None,
            budget: None,
            group_by: Vec::new(),
            overrides: Vec::new(),
            alerting: None,
            owner: None,
            tier: None,
            labels: Vec::new(),
            links: LinksDecl::default(),
            runbook: None,
        }
    }
}

impl AlertingDecl {
    /// Settings that set nothing.
    #[must_use]
    pub fn new(span: Span) -> Self {
        Self {
            span,
            name: None,
            burn: None,
            min_errors: None,
            budget_left: Vec::new(),
            exhausts_in: None,
            no_data: None,
            extras: AlertExtrasDecl::default(),
            page: AlertExtrasDecl::default(),
            ticket: AlertExtrasDecl::default(),
        }
    }
}
