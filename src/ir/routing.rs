//! What Alertmanager is told: receivers, the tree of routes, inhibitions, hours.

use smol_str::{SmolStr, format_smolstr};

use crate::source::Span;

/// Who is told of which alert.
#[derive(Clone, Debug)]
pub struct Routing {
    /// Where notifications go.
    pub receivers: Vec<Receiver>,
    /// The route that every alert begins at; it has no matchers, and a receiver.
    pub root: Route,
    /// Alerts that are not told of while others fire.
    pub inhibitions: Vec<Inhibition>,
    /// Hours that routes refer to.
    pub intervals: Vec<Interval>,
    /// Days on which routes that refer to them tell nothing.
    pub holidays: Option<Holidays>,
    /// Where the project says who gets what.
    pub origin: Span,
    /// Whether it does; without, the only receiver gets everything.
    pub is_decided: bool,
}

/// A receiver.
#[derive(Clone, Debug)]
pub struct Receiver {
    /// Unique.
    pub name: SmolStr,
    /// The ways in which it tells somebody.
    pub channels: Vec<Channel>,
    /// Where its name stands.
    pub origin: Span,
}

/// One way in which a receiver tells somebody; secrets are paths of files.
#[derive(Clone, Debug)]
pub enum Channel {
    /// PagerDuty.
    PagerDuty {
        /// Which key it is: `routing_key_file` or `service_key_file`.
        key: &'static str,
        /// The file of the key.
        file: SmolStr,
    },
    /// Opsgenie.
    Opsgenie {
        /// The file of the API key.
        api_key_file: SmolStr,
        /// Type and name of whom it is for.
        responders: Vec<(&'static str, SmolStr)>,
    },
    /// Slack.
    Slack {
        /// The file of the webhook's address.
        api_url_file: SmolStr,
        /// The channel; that of the webhook if absent.
        channel: Option<SmolStr>,
    },
    /// A connector of Office 365 in Microsoft Teams.
    TeamsConnector {
        /// The file of the webhook's address.
        webhook_url_file: SmolStr,
    },
    /// A workflow of Power Automate in Microsoft Teams.
    TeamsWorkflow {
        /// The file of the webhook's address.
        webhook_url_file: SmolStr,
    },
    /// E-mail.
    Email {
        /// The addresses, separated by commas.
        to: SmolStr,
        /// The sender.
        from: SmolStr,
        /// Host and port of the server.
        smarthost: SmolStr,
        /// The user and the file of the password.
        login: Option<(SmolStr, SmolStr)>,
    },
    /// A webhook.
    Webhook {
        /// The key of the address: `url` or `url_file`.
        key: &'static str,
        /// The address or its file.
        value: SmolStr,
        /// The file of a bearer token.
        token_file: Option<SmolStr>,
    },
}

impl Channel {
    /// What people call it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::PagerDuty { .. } => "PagerDuty",
            Self::Opsgenie { .. } => "Opsgenie",
            Self::Slack { .. } => "Slack",
            Self::TeamsConnector { .. } | Self::TeamsWorkflow { .. } => "Teams",
            Self::Email { .. } => "e-mail",
            Self::Webhook { .. } => "webhook",
        }
    }

    /// What it does to whoever is on call.
    #[must_use]
    pub fn reach(&self) -> Reach {
        match self {
            Self::PagerDuty { .. } | Self::Opsgenie { .. } => Reach::Calls,
            Self::Slack { .. } | Self::TeamsConnector { .. } | Self::TeamsWorkflow { .. } | Self::Email { .. } => {
                Reach::Writes
            }
            Self::Webhook { .. } => Reach::Unknown,
        }
    }
}

/// What a channel does to whoever is on call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// It calls until somebody answers.
    Calls,
    /// It waits until somebody reads.
    Writes,
    /// It depends on what is behind it.
    Unknown,
}

/// A route.
#[derive(Clone, Debug)]
pub struct Route {
    /// A comment line above it, without `#`.
    pub comment: Option<&'static str>,
    /// What an alert must be to take it.
    pub matchers: Vec<Matcher>,
    /// Its receiver; that of the route above if absent.
    pub receiver: Option<SmolStr>,
    /// How notifications are put together; as in the route above if absent.
    pub grouping: Option<Grouping>,
    /// The hours in which it tells; always if absent, whatever the route above has.
    pub active: Option<SmolStr>,
    /// The days on which it tells nothing; none if absent, whatever the route above has.
    pub muted: Option<SmolStr>,
    /// The routes below it, of which an alert takes the first one that fits.
    pub routes: Vec<Route>,
}

/// How notifications are put together, and how often they come.
#[derive(Clone, Debug)]
pub struct Grouping {
    /// Alerts with the same values of these are one notification.
    pub by: Vec<SmolStr>,
    /// How long the first notification waits for company.
    pub wait: &'static str,
    /// How long news of the group wait.
    pub interval: &'static str,
    /// When a notification is repeated, as long as nothing is new.
    pub repeat: &'static str,
}

/// A condition on a label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matcher {
    /// The label.
    pub label: SmolStr,
    /// What its value must be.
    pub test: Test,
}

/// What the value of a label must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// This value.
    Is(SmolStr),
    /// One of these.
    OneOf(Vec<SmolStr>),
    /// Any but the empty one.
    Present,
}

impl Matcher {
    /// A label that has a value.
    pub fn is(label: impl Into<SmolStr>, value: impl Into<SmolStr>) -> Self {
        Self { label: label.into(), test: Test::Is(value.into()) }
    }

    /// A label that has one of these values.
    pub fn one_of(label: impl Into<SmolStr>, mut values: Vec<SmolStr>) -> Self {
        values.sort_unstable();
        values.dedup();
        match values.as_slice() {
            [value] => Self { label: label.into(), test: Test::Is(value.clone()) },
            _ => Self { label: label.into(), test: Test::OneOf(values) },
        }
    }

    /// A label that is there.
    pub fn present(label: impl Into<SmolStr>) -> Self {
        Self { label: label.into(), test: Test::Present }
    }

    /// Whether a value fits.
    #[must_use]
    pub fn accepts(&self, value: &str) -> bool {
        match &self.test {
            Test::Is(wanted) => wanted == value,
            Test::OneOf(wanted) => wanted.iter().any(|wanted| wanted == value),
            Test::Present => !value.is_empty(),
        }
    }
}

/// Alerts that are not told of while others fire.
#[derive(Clone, Debug)]
pub struct Inhibition {
    /// A comment line above it, without `#`.
    pub comment: String,
    /// Those that silence.
    pub source: Vec<Matcher>,
    /// Those that are silenced.
    pub target: Vec<Matcher>,
    /// The labels whose values both have in common.
    pub equal: Vec<SmolStr>,
}

/// Hours of a week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interval {
    /// What routes refer to it by; unique.
    pub name: SmolStr,
    /// First and last day of each range, 0 for Monday.
    pub days: Vec<(u8, u8)>,
    /// Beginning and end of each range, as a clock shows them.
    pub times: Vec<(SmolStr, SmolStr)>,
    /// The time zone; UTC if absent.
    pub timezone: Option<SmolStr>,
}

/// Days on which nothing is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holidays {
    /// The days, each range within a month.
    pub days: Vec<Days>,
    /// The time zone; UTC if absent.
    pub timezone: Option<SmolStr>,
}

impl Holidays {
    /// What routes refer to them by; no hours have this name.
    pub const NAME: &'static str = "holidays";
}

/// Days of one month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    /// The year; every year if absent.
    pub year: Option<u16>,
    /// The month, 1 for January.
    pub month: u8,
    /// The first day and the last one.
    pub days: (u8, u8),
}

impl Days {
    /// The keys and values by which Alertmanager and Grafana know them.
    #[must_use]
    pub fn keys(&self) -> Vec<(&'static str, SmolStr)> {
        let (from, to) = self.days;
        let days = if from == to { format_smolstr!("{from}") } else { format_smolstr!("{from}:{to}") };
        let year = self.year.map(|year| ("years", format_smolstr!("{year}")));
        let month = format_smolstr!("{}", self.month);
        year.into_iter().chain([("months", month), ("days_of_month", days)]).collect()
    }
}
