//! The ways in which receivers tell somebody.

use smol_str::SmolStr;

use crate::ir;
use crate::model::{Channel, PagerDutyKey, TeamsApi, WebhookAddress};

pub(super) fn channel(channel: &Channel) -> ir::Channel {
    let text = |text: &String| SmolStr::from(text.as_str());
    match channel {
        Channel::PagerDuty(PagerDutyKey::Routing(file)) => {
            ir::Channel::PagerDuty { key: "routing_key_file", file: text(file) }
        }
        Channel::PagerDuty(PagerDutyKey::Service(file)) => {
            ir::Channel::PagerDuty { key: "service_key_file", file: text(file) }
        }
        Channel::Opsgenie { api_key_file, schedule, team } => {
            let responders = [("schedule", schedule), ("team", team)];
            let named = responders.into_iter().filter_map(|(kind, name)| Some((kind, text(name.as_ref()?))));
            ir::Channel::Opsgenie { api_key_file: text(api_key_file), responders: named.collect() }
        }
        Channel::Slack { api_url_file, channel } => {
            ir::Channel::Slack { api_url_file: text(api_url_file), channel: channel.as_ref().map(text) }
        }
        Channel::Teams { webhook_url_file, api: TeamsApi::Connector } => {
            ir::Channel::TeamsConnector { webhook_url_file: text(webhook_url_file) }
        }
        Channel::Teams { webhook_url_file, api: TeamsApi::Workflow } => {
            ir::Channel::TeamsWorkflow { webhook_url_file: text(webhook_url_file) }
        }
        Channel::Email { to, from, smarthost, login } => ir::Channel::Email {
            to: text(to),
            from: text(from),
            smarthost: text(smarthost),
            login: login.as_ref().map(|(user, file)| (text(user), text(file))),
        },
        Channel::Webhook { address, token_file } => {
            let (key, value) = match address {
                WebhookAddress::Url(url) => ("url", text(url)),
                WebhookAddress::File(file) => ("url_file", text(file)),
            };
            ir::Channel::Webhook { key, value, token_file: token_file.as_ref().map(text) }
        }
    }
}
