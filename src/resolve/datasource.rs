//! The data sources of Grafana: what it calls Prometheus and Alertmanager, and where it finds them.

use crate::diag::{Code, Diagnostic, Sink};
use crate::model::{DataSource, DataSources, Duration};
use crate::parse::decl::{ProjectDecl, SourceDecl};
use crate::source::Text;

/// The longest uid that Grafana takes, in bytes.
const MAX_UID: usize = 40;

/// What a source is unless the project file says otherwise.
struct Usual {
    name: &'static str,
    uid: &'static str,
    url: &'static str,
}

const PROMETHEUS: Usual = Usual { name: "Prometheus", uid: "prometheus", url: "http://prometheus:9090" };
const ALERTMANAGER: Usual = Usual { name: "Alertmanager", uid: "alertmanager", url: "http://alertmanager:9093" };

/// Reads the data sources of the project file; without a word of them, Prometheus is where a container of its name is.
pub fn data_sources(project: &ProjectDecl, sink: &mut Sink) -> DataSources {
    let decl = &project.datasource;
    let prometheus = source(&decl.prometheus, &PROMETHEUS, sink);
    let alertmanager = decl.alertmanager.as_ref().map(|decl| (decl, source(decl, &ALERTMANAGER, sink)));
    if let Some((decl, alertmanager)) = &alertmanager {
        if alertmanager.name == prometheus.name {
            sink.extend(taken(decl.name.as_ref(), &alertmanager.name, "name"));
        }
        if alertmanager.uid == prometheus.uid {
            sink.extend(taken(decl.uid.as_ref(), &alertmanager.uid, "uid"));
        }
    }
    DataSources {
        prometheus,
        // What is no version or no duration is reported where the rules are made for it.
        version: project.targets.prometheus.as_ref().and_then(|text| text.value.parse().ok()),
        scrape_interval: project.defaults.scrape_interval.as_ref().and_then(|text| Duration::parse(&text.value).ok()),
        alertmanager: alertmanager.map(|(_, source)| source),
    }
}

fn source(decl: &SourceDecl, usual: &Usual, sink: &mut Sink) -> DataSource {
    let mut read = |text: &Option<Text>, usual: &str, problem: fn(&Text) -> Option<Diagnostic>| {
        let Some(text) = text else { return usual.to_owned() };
        sink.extend(problem(text));
        text.value.clone()
    };
    DataSource {
        name: read(&decl.name, usual.name, bad_name),
        uid: read(&decl.uid, usual.uid, bad_uid),
        url: read(&decl.url, usual.url, bad_url),
    }
}

/// The problem of a name or uid that Prometheus has already; one that nobody wrote can only be that of the other one.
fn taken(text: Option<&Text>, value: &str, what: &str) -> Option<Diagnostic> {
    let message = format!("the {what} `{value}` is that of the Prometheus data source as well");
    text.map(|text| {
        Diagnostic::new(Code::BadDatasource, text.span, message).help(format!("give it a {what} of its own"))
    })
}

fn bad_name(text: &Text) -> Option<Diagnostic> {
    let is_empty = text.value.trim().is_empty();
    is_empty.then(|| Diagnostic::new(Code::BadDatasource, text.span, "the name of a data source is empty"))
}

fn bad_uid(text: &Text) -> Option<Diagnostic> {
    let (value, length) = (&text.value, text.value.len());
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let message = match value.bytes().position(|byte| !is_allowed(byte)) {
        Some(_) => format!("the uid `{value}` has characters that uids do not have"),
        None if value.is_empty() => "the uid of a data source is empty".to_owned(),
        None if length > MAX_UID => format!("the uid `{value}` has {length} characters, more than {MAX_UID}"),
        None => return None,
    };
    let help = format!("a uid is 1 to {MAX_UID} letters, digits, `-` and `_`");
    Some(Diagnostic::new(Code::BadDatasource, text.span, message).help(help))
}

/// The problem of an address that Grafana cannot open, or with a password that would be written into the outputs.
fn bad_url(text: &Text) -> Option<Diagnostic> {
    let url = &text.value;
    // The whole address may come from the environment.
    let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://")).or_else(|| url.strip_prefix('$'));
    let problem = |message: String| Diagnostic::new(Code::BadDatasource, text.span, message);
    let Some(rest) = rest.filter(|rest| !rest.is_empty() && !url.contains(char::is_whitespace)) else {
        let help = "write an address such as `http://prometheus:9090`, or `$PROMETHEUS_URL` for one of the environment";
        return Some(problem(format!("expected an address with `http://` or `https://`, found `{url}`")).help(help));
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    authority.contains('@').then(|| {
        problem("the address holds a user name or password".to_owned())
            .note("outputs are committed and read by many")
            .help("leave it out, and set it as `secureJsonData` in a provisioning file of your own")
    })
}
