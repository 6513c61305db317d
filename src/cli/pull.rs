//! `slosmith metrics pull`: asks the HTTP API of Prometheus for metrics.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::{Result, anyhow, bail};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

use slosmith::catalogue::{Answers, Catalogue, is_built_in};
use slosmith::{gather, load, used_metrics};

use super::args::{Common, Pull};
use super::terminal::Terminal;

/// The most bytes of an answer.
const MAX_ANSWER: u64 = 256 * 1024 * 1024;

/// The most series of a metric that are looked at.
const MAX_SERIES: &str = "2000";

/// The most metrics without series that are named.
const MAX_LISTED: usize = 10;

/// The most characters of an answer that are shown.
const MAX_SHOWN: usize = 60;

/// The help for an answer that Prometheus does not give.
const IS_IT_PROMETHEUS: &str = "is this the address of a Prometheus server, with the path before /api/v1?";

/// How far back series are looked for, in seconds.
const RECENT: f64 = 3600.0;

/// A server to ask.
struct Server {
    agent: Agent,
    url: String,
    authorization: Option<String>,
    /// The most seconds that an answer may take.
    timeout: u64,
}

/// Asks a server for the metrics that the specs name, or for all.
pub(crate) fn pull(arguments: &Pull, common: &Common, terminal: &Terminal) -> Result<Catalogue> {
    let server = Server::new(arguments, common)?;
    let mut answers = Answers::default();
    let now = server.get("query", &[("query", "time()")])?;
    let now: f64 = now["result"][1].as_str().and_then(|time| time.parse().ok()).unwrap_or(RECENT);
    let start = (now - RECENT).to_string();
    answers.metadata(&server.get("metadata", &[("limit_per_metric", "1")])?);
    answers.targets(&server.get("series", &[("match[]", "up"), ("start", &start), ("limit", MAX_SERIES)])?);
    let names = wanted(arguments, common, &server)?;
    let metrics: BTreeSet<&str> =
        names.iter().filter(|name| !is_built_in(name)).map(|name| answers.metric_of(name)).collect();
    if arguments.all && metrics.is_empty() {
        bail!("{} has no metrics\nhelp: {IS_IT_PROMETHEUS}", server.url);
    }
    if metrics.len() > arguments.limit {
        bail!(
            "{} metrics to ask for, where {} is the limit\nhelp: raise --limit, or leave out --all",
            metrics.len(),
            arguments.limit
        );
    }
    let progress = progress(metrics.len(), terminal);
    let mut absent = Vec::new();
    let metrics: Vec<String> = metrics.into_iter().map(str::to_owned).collect();
    for name in &metrics {
        progress.set_message(name.clone());
        let series =
            format!("{{__name__=~{}}}", quoted(&format!("{}(_bucket|_count|_sum)?", regex_syntax::escape(name))));
        let data = server.get("series", &[("match[]", &series), ("start", &start), ("limit", MAX_SERIES)])?;
        if answers.series(&data) == 0 {
            absent.push(name.as_str());
        }
        progress.inc(1);
    }
    progress.finish_and_clear();
    if !absent.is_empty() {
        let listed: Vec<String> = absent.iter().take(MAX_LISTED).map(|name| format!("`{name}`")).collect();
        let more = absent.len() - listed.len();
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        terminal.aside(&format!("the server had no series in the last hour of {}{more}", listed.join(", ")))?;
    }
    Ok(answers.catalogue())
}

/// The names of the series to ask for.
fn wanted(arguments: &Pull, common: &Common, server: &Server) -> Result<BTreeSet<String>> {
    if arguments.all {
        let data = server.get("label/__name__/values", &[])?;
        return Ok(data.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect());
    }
    let gathered = gather(common.output.as_deref(), |wanted| match wanted {
        // The catalogue that is about to be written may be among them.
        slosmith::source::Wanted::Metrics(_) => Ok(Vec::new()),
        _ => load::read(&common.directory, wanted),
    })?;
    Ok(used_metrics(&gathered.sources))
}

fn progress(count: usize, terminal: &Terminal) -> ProgressBar {
    if terminal.is_quiet() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}");
    let bar = ProgressBar::new(count as u64);
    style.map_or(bar.clone(), |style| bar.with_style(style))
}

/// A text as a string of PromQL.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

impl Server {
    fn new(arguments: &Pull, common: &Common) -> Result<Self> {
        let url = arguments.url.trim_end_matches('/').to_owned();
        if !url.starts_with("http://") && !url.starts_with("https://") {
            bail!("`{url}` is no address of a server\nhelp: write it with http:// or https://");
        }
        let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
        let config = Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(arguments.timeout)))
            .http_status_as_error(false)
            .max_redirects(3)
            .tls_config(tls);
        let authorization = authorization(arguments, common)?;
        Ok(Self { agent: config.build().into(), url, authorization, timeout: arguments.timeout })
    }

    /// The `data` of an answer.
    fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<Value> {
        let address = format!("{}/api/v1/{path}", self.url);
        let mut request = self.agent.get(&address);
        for (key, value) in query {
            request = request.query(key, value);
        }
        if let Some(authorization) = &self.authorization {
            request = request.header("Authorization", authorization);
        }
        let failed = |error| self.unanswered(&address, &error);
        let mut response = request.call().map_err(failed)?;
        let status = response.status();
        let text = response.body_mut().with_config().limit(MAX_ANSWER).read_to_string().map_err(failed)?;
        let answer: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
        if status.is_success() && answer["status"] == "success" && !answer["data"].is_null() {
            return Ok(answer["data"].clone());
        }
        let reason = answer["error"].as_str().map_or_else(|| beginning(&text), |error| format!(": {error}"));
        let (verb, help) = match status.as_u16() {
            200..=299 => ("is no answer of Prometheus", IS_IT_PROMETHEUS),
            401 | 403 => ("refuses", "give --user with --password-file, or --token-file"),
            429 | 500.. => ("fails", "ask again when the server, or the proxy before it, is ready"),
            _ => ("refuses", IS_IT_PROMETHEUS),
        };
        bail!("{address} {verb}: {status}{reason}\nhelp: {help}")
    }

    /// What to say when no answer comes.
    fn unanswered(&self, address: &str, error: &ureq::Error) -> anyhow::Error {
        if let ureq::Error::Timeout(_) = error {
            return anyhow!("{address} does not answer within {} s\nhelp: raise --timeout", self.timeout);
        }
        let help = "is this the address of a Prometheus server, and can it be reached?";
        anyhow!("cannot ask {address}: {error}\nhelp: {help}")
    }
}

/// The first words of an answer that is not the API's, for people to see what answered.
fn beginning(text: &str) -> String {
    let words: String = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(MAX_SHOWN).collect();
    let words: String = words.chars().filter(|character| !character.is_control()).collect();
    if words.is_empty() { String::new() } else { format!(", which begins `{words}`") }
}

/// The header that says who asks.
fn authorization(arguments: &Pull, common: &Common) -> Result<Option<String>> {
    let secret = |file: Option<&String>, value: Option<&String>| -> Result<Option<String>> {
        match file {
            Some(path) => Ok(Some(load::spec(&common.directory, path)?.text.trim_end().to_owned())),
            None => Ok(value.cloned()),
        }
    };
    if let Some(user) = &arguments.user {
        let password = secret(arguments.password_file.as_ref(), arguments.password.as_ref())?.unwrap_or_default();
        return Ok(Some(format!("Basic {}", base64(format!("{user}:{password}").as_bytes()))));
    }
    let token = secret(arguments.token_file.as_ref(), arguments.token.as_ref())?;
    Ok(token.map(|token| format!("Bearer {token}")))
}

/// Bytes in the alphabet of RFC 4648, with padding.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let index = (bits >> (18 - 6 * place)) as usize & 63;
            text.push(if place > chunk.len() { '=' } else { char::from(ALPHABET[index]) });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn base64_is_that_of_the_rfc() {
        let table =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE=")];
        for (bytes, text) in table {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }
}
