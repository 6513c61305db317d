//! Declarations of receivers, of who gets what, and of alerts that silence others.

use crate::source::{Span, Text};

/// A receiver: a name, and the ways in which it tells somebody.
#[derive(Clone, Debug)]
pub struct ReceiverDecl {
    /// What teams refer to it by.
    pub name: Text,
    /// The ways; empty after a problem that is reported.
    pub channels: Vec<ChannelDecl>,
}

/// One way in which a receiver tells somebody.
#[derive(Clone, Debug)]
pub struct ChannelDecl {
    /// The key: `pagerduty`, `slack`.
    pub key: Text,
    /// Which one it is.
    pub kind: ChannelKind,
    /// Its settings, by their keys.
    pub settings: Vec<(&'static str, Text)>,
    /// Secrets that stand in the file itself, and the keys under which their files belong.
    pub inline: Vec<(Text, &'static str)>,
}

/// The kinds of channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChannelKind {
    /// PagerDuty.
    PagerDuty,
    /// Opsgenie.
    Opsgenie,
    /// Slack.
    Slack,
    /// Microsoft Teams.
    Teams,
    /// E-mail.
    Email,
    /// A webhook.
    Webhook,
}

/// What a kind of channel is written with.
#[derive(Clone, Copy, Debug)]
pub struct ChannelKeys {
    /// Its own key.
    pub key: &'static str,
    /// Which one it is.
    pub kind: ChannelKind,
    /// Its name within a sentence.
    pub name: &'static str,
    /// The keys of its settings.
    pub settings: &'static [&'static str],
    /// Keys of Alertmanager that hold a secret, and those that hold the secret's file.
    pub secrets: &'static [(&'static str, &'static str)],
}

impl ChannelKeys {
    /// All kinds.
    pub const ALL: [Self; 6] = [
        Self {
            key: "pagerduty",
            kind: ChannelKind::PagerDuty,
            name: "`pagerduty`",
            settings: &["routing_key_file", "service_key_file"],
            secrets: &[("routing_key", "routing_key_file"), ("service_key", "service_key_file")],
        },
        Self {
            key: "opsgenie",
            kind: ChannelKind::Opsgenie,
            name: "`opsgenie`",
            settings: &["api_key_file", "schedule", "team"],
            secrets: &[("api_key", "api_key_file")],
        },
        Self {
            key: "slack",
            kind: ChannelKind::Slack,
            name: "`slack`",
            settings: &["api_url_file", "channel"],
            secrets: &[("api_url", "api_url_file"), ("webhook_url", "api_url_file"), ("url", "api_url_file")],
        },
        Self {
            key: "teams",
            kind: ChannelKind::Teams,
            name: "`teams`",
            settings: &["webhook_url_file"],
            secrets: &[("webhook_url", "webhook_url_file"), ("url", "webhook_url_file")],
        },
        Self {
            key: "email",
            kind: ChannelKind::Email,
            name: "`email`",
            settings: &["to", "from", "smarthost", "auth_username", "auth_password_file"],
            secrets: &[("auth_password", "auth_password_file"), ("password", "auth_password_file")],
        },
        Self {
            key: "webhook",
            kind: ChannelKind::Webhook,
            name: "`webhook`",
            settings: &["url", "url_file", "token_file"],
            secrets: &[("token", "token_file"), ("bearer_token", "token_file")],
        },
    ];
}

/// Who gets what.
#[derive(Clone, Debug)]
pub struct OnCallDecl {
    /// The key `on_call`'s value.
    pub span: Span,
    /// Gets the pages of teams without a receiver of their own.
    pub page: Option<Text>,
    /// Gets their tickets.
    pub ticket: Option<Text>,
    /// Gets what is neither.
    pub other: Option<Text>,
    /// When tickets are told.
    pub hours: Option<Text>,
    /// Days on which no ticket is told.
    pub holidays: Vec<Text>,
    /// Gets a heartbeat for as long as alerts can be told at all.
    pub watchdog: Option<Text>,
    /// Labels that Prometheus servers add to tell themselves apart.
    pub external_labels: Vec<Text>,
    /// The teams with something of their own.
    pub teams: Vec<TeamDecl>,
}

/// What a team has of its own.
#[derive(Clone, Debug)]
pub struct TeamDecl {
    /// The name, as owners have it.
    pub name: Text,
    /// Gets its pages.
    pub page: Option<Text>,
    /// Gets its tickets.
    pub ticket: Option<Text>,
    /// When its tickets are told.
    pub hours: Option<Text>,
}

/// `inhibits: {alerts, equal}`
#[derive(Clone, Debug)]
pub struct InhibitsDecl {
    /// The whole mapping.
    pub span: Span,
    /// The alerts that are not told of.
    pub alerts: Vec<Text>,
    /// The labels that both have in common.
    pub equal: Vec<Text>,
}
