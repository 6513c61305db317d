//! Who is told of which alert, and how.

use crate::source::{Span, Text};

use super::LabelName;

/// Everything that a project says of its notifications.
#[derive(Clone, Debug)]
pub struct OnCall {
    /// Where notifications go, in the order written.
    pub receivers: Vec<Receiver>,
    /// Where it says who gets what, or the only receiver.
    pub span: Span,
    /// Whether it says who gets what.
    pub is_decided: bool,
    /// Gets the pages of teams without a receiver of their own.
    pub page: Option<String>,
    /// Gets their tickets.
    pub ticket: Option<String>,
    /// Gets what is neither, so that nothing is lost.
    pub other: String,
    /// When tickets are told; always if absent.
    pub hours: Option<Hours>,
    /// Days on which no ticket is told, in the zone of `hours`; sorted.
    pub holidays: Vec<DayRange>,
    /// Gets a heartbeat for as long as alerts can be told at all.
    pub watchdog: Option<String>,
    /// Labels that Prometheus servers add to tell themselves apart.
    pub external_labels: Vec<LabelName>,
    /// The teams with something of their own, in the order written.
    pub teams: Vec<Team>,
}

/// What a team has of its own.
#[derive(Clone, Debug)]
pub struct Team {
    /// The label `team`.
    pub name: Text,
    /// Gets its pages.
    pub page: Option<String>,
    /// Gets its tickets.
    pub ticket: Option<String>,
    /// When its tickets are told; `None` if it does not say.
    pub hours: Option<TicketHours>,
}

/// When the tickets of a team are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TicketHours {
    /// At once.
    Always,
    /// Within these hours.
    Within(Hours),
}

/// A receiver: a name, and the ways in which it tells somebody.
#[derive(Clone, Debug)]
pub struct Receiver {
    /// What teams refer to it by; unique.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
    /// The ways; at least one.
    pub channels: Vec<Channel>,
}

/// One way in which a receiver tells somebody; no secret, only the files that Alertmanager reads them from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Channel {
    /// PagerDuty by its Events API.
    PagerDuty(PagerDutyKey),
    /// Opsgenie.
    Opsgenie {
        /// The file of the API key.
        api_key_file: String,
        /// The on-call schedule that it is for, if that is not left to Opsgenie.
        schedule: Option<String>,
        /// The team that it is for, if that is not left to Opsgenie.
        team: Option<String>,
    },
    /// Slack by an incoming webhook.
    Slack {
        /// The file of the webhook's address.
        api_url_file: String,
        /// The channel; that of the webhook if absent.
        channel: Option<String>,
    },
    /// Microsoft Teams.
    Teams {
        /// The file of the webhook's address.
        webhook_url_file: String,
        /// What the address belongs to.
        api: TeamsApi,
    },
    /// E-mail.
    Email {
        /// The addresses, separated by commas.
        to: String,
        /// The sender.
        from: String,
        /// Host and port of the server.
        smarthost: String,
        /// The user and the file of the password, if the server wants them.
        login: Option<(String, String)>,
    },
    /// A webhook of one's own.
    Webhook {
        /// Where it is.
        address: WebhookAddress,
        /// The file of a bearer token.
        token_file: Option<String>,
    },
}

/// The key of a PagerDuty integration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PagerDutyKey {
    /// The file of a key of the Events API v2.
    Routing(String),
    /// The file of a key of the integration type `Prometheus`.
    Service(String),
}

/// What an address of Microsoft Teams belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TeamsApi {
    /// A connector of Office 365, the only one that Alertmanager knew before 0.28.
    Connector,
    /// A workflow of Power Automate.
    Workflow,
}

/// Where a webhook is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WebhookAddress {
    /// An address without secrets.
    Url(String),
    /// The file of the address.
    File(String),
}

/// Hours of a week: `Mon-Fri 09:00-18:00 Europe/Paris`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hours {
    /// First and last day of each range, 0 for Monday.
    pub days: Vec<(u8, u8)>,
    /// Beginning and end of each range, in minutes of the day.
    pub times: Vec<(u16, u16)>,
    /// The time zone; UTC if absent.
    pub timezone: Option<String>,
}

impl Hours {
    /// The days of the week, as hours name them.
    pub const DAYS: [&'static str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

    /// The hours in one form, however they were written.
    #[must_use]
    pub fn in_words(&self) -> String {
        let day = |day: u8| Self::DAYS[usize::from(day) % 7];
        let days = self
            .days
            .iter()
            .map(|(from, to)| if from == to { day(*from).to_owned() } else { format!("{}-{}", day(*from), day(*to)) });
        let times = self.times.iter().map(|(from, to)| format!("{}-{}", Self::clock(*from), Self::clock(*to)));
        let days = days.collect::<Vec<_>>().join(",");
        let times = times.collect::<Vec<_>>().join(",");
        format!("{days} {times} {}", self.timezone.as_deref().unwrap_or("UTC"))
    }

    /// A minute of the day as a clock shows it.
    #[must_use]
    pub fn clock(minute: u16) -> String {
        format!("{:02}:{:02}", minute / 60, minute % 60)
    }
}

/// Days of one month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DayRange {
    /// The year; every year if absent.
    pub year: Option<u16>,
    /// The month, 1 for January.
    pub month: u8,
    /// The first day of the month.
    pub from: u8,
    /// The last day, included.
    pub to: u8,
}

/// Alerts that say nothing new while another one fires.
#[derive(Clone, Debug)]
pub struct Inhibits {
    /// The whole mapping.
    pub span: Span,
    /// Their names.
    pub alerts: Vec<Text>,
    /// The labels that both have in common.
    pub equal: Vec<Text>,
}
