//! Receivers: what Alertmanager needs of each, and what its version can do.

use crate::diag::{Code, Diagnostic, Sink};
use crate::model::{Channel, PagerDutyKey, Receiver, TeamsApi, WebhookAddress};
use crate::parse::decl::{ChannelDecl, ChannelKind, ReceiverDecl};
use crate::promql::Version;
use crate::source::Text;

use super::secrets;

/// Reads addresses of webhooks from files; the two versions before do as well, and crash when such a webhook answers with an error.
const URL_FILE: Version = Version::new(0, 28);
/// Reads addresses of Microsoft Teams from files.
const TEAMS_FILE: Version = Version::new(0, 27);
/// Knows workflows of Microsoft Teams.
const TEAMS_WORKFLOW: Version = Version::new(0, 28);

/// Reads all receivers; those with a problem are left out.
pub(super) fn receivers(decls: &[ReceiverDecl], version: Version, sink: &mut Sink) -> Vec<Receiver> {
    decls.iter().filter_map(|decl| receiver(decl, version, sink)).collect()
}

fn receiver(decl: &ReceiverDecl, version: Version, sink: &mut Sink) -> Option<Receiver> {
    let name = &decl.name.value;
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if name.is_empty() || !name.chars().all(is_allowed) {
        let diagnostic = Diagnostic::new(Code::BadName, decl.name.span, format!("`{name}` is no name of a receiver"));
        sink.push(diagnostic.note("a receiver's name is letters, digits, `-`, `_` and `.`"));
    }
    let channels: Vec<_> = decl.channels.iter().filter_map(|decl| channel(decl, version, sink)).collect();
    (!channels.is_empty()).then(|| Receiver { name: name.clone(), span: decl.name.span, channels })
}

fn channel(decl: &ChannelDecl, version: Version, sink: &mut Sink) -> Option<Channel> {
    secrets::inline(decl, sink);
    match decl.kind {
        ChannelKind::PagerDuty => pagerduty(decl, sink),
        ChannelKind::Opsgenie => {
            let (schedule, team) = (setting(decl, "schedule"), setting(decl, "team"));
            Some(Channel::Opsgenie { api_key_file: secret(decl, "api_key_file", sink)?, schedule, team })
        }
        ChannelKind::Slack => {
            let channel = setting(decl, "channel");
            Some(Channel::Slack { api_url_file: secret(decl, "api_url_file", sink)?, channel })
        }
        ChannelKind::Teams => teams(decl, version, sink),
        ChannelKind::Email => email(decl, sink),
        ChannelKind::Webhook => webhook(decl, version, sink),
    }
}

fn find<'a>(decl: &'a ChannelDecl, key: &str) -> Option<&'a Text> {
    decl.settings.iter().find(|(name, _)| *name == key).map(|(_, text)| text)
}

fn setting(decl: &ChannelDecl, key: &str) -> Option<String> {
    find(decl, key).map(|text| text.value.clone())
}

/// The path of a secret's file, which has to be there.
fn secret(decl: &ChannelDecl, key: &'static str, sink: &mut Sink) -> Option<String> {
    let Some(text) = find(decl, key) else {
        sink.extend(missing(decl, key, &format!("{key}: /run/secrets/{}", decl.key.value)));
        return None;
    };
    secrets::path(key, text, sink)
}

/// The problem of a key that is not there, unless the secret itself stands in its place.
fn missing(decl: &ChannelDecl, key: &str, example: &str) -> Option<Diagnostic> {
    if decl.inline.iter().any(|(_, file)| *file == key) {
        return None;
    }
    let message = format!("`{}` without `{key}`", decl.key.value);
    Some(Diagnostic::new(Code::MissingKey, decl.key.span, message).help(format!("add `{example}`")))
}

fn pagerduty(decl: &ChannelDecl, sink: &mut Sink) -> Option<Channel> {
    let (routing, service) = (find(decl, "routing_key_file"), find(decl, "service_key_file"));
    match (routing, service) {
        (Some(_), Some(service)) => {
            let message = "`pagerduty` with both `routing_key_file` and `service_key_file`";
            let diagnostic = Diagnostic::new(Code::BadReceiver, service.span, message);
            sink.push(diagnostic.help("keep `routing_key_file` for an integration of the Events API v2"));
            None
        }
        (None, Some(service)) => {
            let file = secrets::path("service_key_file", service, sink)?;
            Some(Channel::PagerDuty(PagerDutyKey::Service(file)))
        }
        (_, None) if decl.inline.iter().any(|(key, _)| key.value == "service_key") => None,
        (_, None) => Some(Channel::PagerDuty(PagerDutyKey::Routing(secret(decl, "routing_key_file", sink)?))),
    }
}

fn teams(decl: &ChannelDecl, version: Version, sink: &mut Sink) -> Option<Channel> {
    let webhook_url_file = secret(decl, "webhook_url_file", sink)?;
    if version < TEAMS_FILE {
        let message = format!("Alertmanager {version} cannot read the address of Teams from a file");
        let diagnostic = Diagnostic::new(Code::BadReceiver, decl.key.span, message);
        let help = format!("use Alertmanager {TEAMS_WORKFLOW} or newer, and say so in `targets.alertmanager`");
        sink.push(diagnostic.help(help));
        return None;
    }
    let api = if version < TEAMS_WORKFLOW { TeamsApi::Connector } else { TeamsApi::Workflow };
    Some(Channel::Teams { webhook_url_file, api })
}

fn email(decl: &ChannelDecl, sink: &mut Sink) -> Option<Channel> {
    let mut required = |key: &str, example: &str| {
        let found = find(decl, key);
        if found.is_none() {
            sink.extend(missing(decl, key, &format!("{key}: {example}")));
        }
        found
    };
    let to = required("to", "oncall@shop.example");
    let from = required("from", "alerts@shop.example");
    let smarthost = required("smarthost", "smtp.shop.example:587");
    for text in to.into_iter().chain(from) {
        sink.extend(text.value.split(',').filter(|address| !is_address(address)).map(|address| {
            let message = format!("`{}` is no e-mail address", address.trim());
            Diagnostic::new(Code::BadReceiver, text.span, message)
        }));
    }
    if let Some(text) = smarthost.filter(|text| !is_host_and_port(&text.value)) {
        let message = format!("expected host and port for `smarthost`, found `{}`", text.value);
        let diagnostic = Diagnostic::new(Code::BadReceiver, text.span, message);
        sink.push(diagnostic.help("write both, as in `smtp.shop.example:587`"));
    }
    let password = find(decl, "auth_password_file").map(|text| secrets::path("auth_password_file", text, sink));
    let login = match (find(decl, "auth_username"), password) {
        (None, None) => None,
        (Some(user), Some(file)) => Some((user.value.clone(), file?)),
        (Some(_), None) => {
            sink.extend(missing(decl, "auth_password_file", "auth_password_file: /run/secrets/smtp"));
            return None;
        }
        (None, Some(_)) => {
            sink.extend(missing(decl, "auth_username", "auth_username: alerts"));
            return None;
        }
    };
    let value = |text: &Text| text.value.clone();
    Some(Channel::Email { to: value(to?), from: value(from?), smarthost: value(smarthost?), login })
}

/// Whether a text is an address, with or without a name before it.
fn is_address(text: &str) -> bool {
    let text = text.trim();
    let address = text.split_once('<').and_then(|(_, rest)| rest.strip_suffix('>')).unwrap_or(text);
    let parts = address.split_once('@');
    parts.is_some_and(|(user, host)| !user.is_empty() && !host.is_empty() && !address.contains([' ', '<', '>', '{']))
}

fn is_host_and_port(text: &str) -> bool {
    text.rsplit_once(':').is_some_and(|(host, port)| {
        !host.is_empty() && !host.contains('/') && port.parse::<u16>().is_ok_and(|port| port > 0)
    })
}

fn webhook(decl: &ChannelDecl, version: Version, sink: &mut Sink) -> Option<Channel> {
    let token_file = find(decl, "token_file").map(|text| secrets::path("token_file", text, sink));
    let address = match (find(decl, "url"), find(decl, "url_file")) {
        (Some(url), None) => {
            let instead = if version < URL_FILE {
                "leave the secret out, and send it as a bearer token: `token_file: /run/secrets/webhook`"
            } else {
                "put the address into a file that only Alertmanager reads: `url_file: /run/secrets/webhook`"
            };
            WebhookAddress::Url(secrets::url(url, instead, sink)?)
        }
        (None, Some(file)) => {
            if version < URL_FILE {
                let message = format!("Alertmanager {version} cannot safely read the address of a webhook from a file");
                let diagnostic = Diagnostic::new(Code::BadReceiver, file.span, message);
                let help = format!(
                    "use Alertmanager {URL_FILE} or newer and say so in `targets.alertmanager`, or write `url` without a secret and `token_file`"
                );
                sink.push(diagnostic.help(help));
            }
            WebhookAddress::File(secrets::path("url_file", file, sink)?)
        }
        (Some(_), Some(file)) => {
            let message = "`webhook` with both `url` and `url_file`";
            sink.push(Diagnostic::new(Code::BadReceiver, file.span, message).help("keep one of them"));
            return None;
        }
        (None, None) => {
            sink.extend(missing(decl, "url", "url: http://bridge:8080/alerts"));
            return None;
        }
    };
    let token_file = match token_file {
        Some(file) => Some(file?),
        None => None,
    };
    Some(Channel::Webhook { address, token_file })
}
