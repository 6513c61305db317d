//! Secrets: named by files that Alertmanager reads, never written down.

use crate::diag::{Code, Diagnostic, Sink};
use crate::parse::decl::ChannelDecl;
use crate::source::Text;

/// Hosts whose addresses are secrets as a whole.
const SECRET_HOSTS: [&str; 7] = [
    "hooks.slack.com",
    "discord.com",
    "webhook.office.com",
    "logic.azure.com",
    "api.powerplatform.com",
    "events.pagerduty.com",
    "api.telegram.org",
];

/// Parameters of an address that hold a secret.
const SECRET_PARAMETERS: [&str; 8] = ["token", "key", "secret", "sig", "password", "auth", "apikey", "api_key"];

/// The fewest characters of a random word that is taken for a token.
const TOKEN: usize = 20;

/// Reports what Alertmanager would take, and what must not be in a file that is committed.
pub(super) fn inline(channel: &ChannelDecl, sink: &mut Sink) {
    for (key, file) in &channel.inline {
        let message = format!("the secret `{}` stands in the project file", key.value);
        let diagnostic = Diagnostic::new(Code::InlineSecret, key.span, message);
        sink.push(diagnostic.note(NOTE).help(format!("{}: `{file}: /run/secrets/{}`", WAY_OUT, channel.key.value)));
    }
}

const NOTE: &str = "the project file and what is generated are committed and read by many";
const WAY_OUT: &str = "put it into a file that only Alertmanager reads, and name that file";

/// The path of a file that holds a secret; reports what is rather the secret itself.
pub(super) fn path(key: &str, text: &Text, sink: &mut Sink) -> Option<String> {
    let value = text.value.as_str();
    if value.contains("://") || is_token(value) {
        let message = format!("`{key}` holds the secret itself, and not the path of its file");
        let help = format!("{WAY_OUT}: `{key}: /run/secrets/...`");
        sink.push(Diagnostic::new(Code::InlineSecret, text.span, message).note(NOTE).help(help));
        return None;
    }
    if value.trim().is_empty() || value.contains(['\n', '\t']) {
        let message = format!("expected a path for `{key}`, found `{}`", value.escape_debug());
        sink.push(Diagnostic::new(Code::BadReceiver, text.span, message).help("write a path that Alertmanager sees"));
        return None;
    }
    Some(value.to_owned())
}

/// An address without a secret; `instead` is the way out for one with it.
pub(super) fn url(text: &Text, instead: &str, sink: &mut Sink) -> Option<String> {
    let value = text.value.as_str();
    let rest = value.strip_prefix("http://").or_else(|| value.strip_prefix("https://"));
    let Some(rest) = rest.filter(|rest| !rest.is_empty() && !value.contains(char::is_whitespace)) else {
        let message = format!("expected an address with `http://` or `https://`, found `{value}`");
        sink.push(Diagnostic::new(Code::BadReceiver, text.span, message));
        return None;
    };
    if is_secret(rest) {
        let message = "the address holds a secret";
        sink.push(Diagnostic::new(Code::InlineSecret, text.span, message).note(NOTE).help(instead));
        return None;
    }
    Some(value.to_owned())
}

/// Whether an address, without its scheme, gives something to whoever knows it.
fn is_secret(rest: &str) -> bool {
    let (before, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    let mut parts = before.split('/');
    let authority = parts.next().unwrap_or_default();
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    let is_parameter = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        SECRET_PARAMETERS.contains(&name.to_ascii_lowercase().as_str()) || is_token(value)
    };
    authority.contains('@')
        || SECRET_HOSTS.iter().any(|secret| host == *secret || host.ends_with(&format!(".{secret}")))
        || parts.any(is_token)
        || parameters.split('&').filter(|pair| !pair.is_empty()).any(is_parameter)
}

/// Whether a word looks random: long, of letters and digits in turns.
fn is_token(word: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'+' | b'=');
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
    word.len() >= TOKEN && word.bytes().all(is_part) && digits >= 3 && letters >= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_with_secrets_are_told() {
        for (address, secret) in [
            ("alerts.example.com/hook", false),
            ("bridge:8080/alertmanager/commerce?severity=page", false),
            ("watchdog.example.com/ping/shop-production-heartbeat", false),
            ("user:pass@alerts.example.com/hook", true),
            ("hooks.slack.com/services/x", true),
            ("contoso.webhook.office.com/webhookb2/x", true),
            ("alerts.example.com/hook?token=abc", true),
            ("hc-ping.com/0b9c5b2e-7f2a-4b1c-9f0e-5a4b7e1d2c3f", true),
            ("alerts.example.com/hook?x=0b9c5b2e7f2a4b1c9f0e5", true),
        ] {
            assert_eq!(is_secret(address), secret, "{address}");
        }
        for (word, token) in [
            ("pagerduty_commerce", false),
            ("secrets/0b9c5b2e7f2a4b1c9f0e5a4b7e1d2c3f", false),
            ("0b9c5b2e7f2a4b1c9f0e5a4b7e1d2c3f", true),
            ("R0123456789ABCDEFGHIJKLMNOPQRSTU", true),
        ] {
            assert_eq!(is_token(word), token, "{word}");
        }
    }
}
