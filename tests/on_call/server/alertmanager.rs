//! An Alertmanager of the test's own, and the webhook that it tells.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use slosmith::Compiled;
use tempfile::TempDir;

use super::super::write;

/// What the binary is called: by Debian, and by everybody else.
const NAMES: [&str; 2] = ["prometheus-alertmanager", "alertmanager"];

/// How long a notification may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long it stays silent after what was expected, to see that nothing else comes.
const SILENCE: Duration = Duration::from_secs(4);

/// A notification: who was told, of which service, and which alerts with their labels of series.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Heard {
    receiver: String,
    status: String,
    service: String,
    alerts: BTreeSet<String>,
}

impl Heard {
    pub(super) fn new(receiver: &str, service: &str, alerts: &[&str]) -> Self {
        let alerts = alerts.iter().map(|alert| (*alert).to_owned()).collect();
        Self { receiver: receiver.into(), status: "firing".into(), service: service.into(), alerts }
    }

    pub(super) fn resolved(receiver: &str, service: &str, alerts: &[&str]) -> Self {
        Self { status: "resolved".into(), ..Self::new(receiver, service, alerts) }
    }

    fn read(receiver: &str, body: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let alerts = body["alerts"].as_array().unwrap().iter().map(|alert| {
            let of_series = ["region", "instance", "cluster"]
                .iter()
                .filter_map(|name| alert["labels"][name].as_str().map(|value| format!(" {name}={value}")));
            text(&alert["labels"]["alertname"]) + &of_series.collect::<String>()
        });
        Self {
            receiver: receiver.to_owned(),
            status: text(&body["status"]),
            service: text(&body["groupLabels"]["slo_service"]),
            alerts: alerts.collect(),
        }
    }
}

/// The server, its folder, and what it told.
pub(super) struct Alertmanager {
    binary: &'static str,
    folder: TempDir,
    address: String,
    hook: String,
    told: Receiver<Heard>,
    child: Option<Child>,
}

impl Alertmanager {
    /// Opens the webhook; nothing without the binary, except in CI.
    pub(super) fn prepare() -> Option<Self> {
        let is_there = |name: &&&str| Command::new(**name).arg("--version").output().is_ok();
        let Some(binary) = NAMES.iter().find(is_there) else {
            assert!(std::env::var_os("CI").is_none(), "no Alertmanager is on the PATH: run tests/run");
            eprintln!("SKIPPED: no Alertmanager is on the PATH; tests/run installs it");
            return None;
        };
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let hook = listener.local_addr().unwrap().to_string();
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let (sender, told) = channel();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (path, body) = answer(stream.unwrap());
                let heard = Heard::read(path.trim_start_matches('/'), &serde_json::from_str(&body).unwrap());
                if sender.send(heard).is_err() {
                    return;
                }
            }
        });
        let folder = tempfile::tempdir().unwrap();
        Some(Self { binary, folder, address: free.to_string(), hook, told, child: None })
    }

    /// Where the webhook is.
    pub(super) fn hook(&self) -> String {
        self.hook.clone()
    }

    /// Starts it with the compiled configuration, in which minutes are made seconds.
    pub(super) fn start(&mut self, compiled: &Compiled) {
        let path = write(compiled, self.folder.path());
        let mut config = std::fs::read_to_string(&path).unwrap();
        for (slow, fast) in [
            ("group_wait: 30s", "group_wait: 2s"),
            ("group_wait: 5m", "group_wait: 3s"),
            ("group_interval: 5m", "group_interval: 2s"),
            ("group_interval: 15m", "group_interval: 2s"),
        ] {
            assert!(config.contains(slow), "{config}");
            config = config.replace(slow, fast);
        }
        std::fs::write(&path, config).unwrap();
        let storage = self.folder.path().join("data");
        let child = Command::new(self.binary)
            .args([format!("--config.file={path}"), format!("--storage.path={}", storage.display())])
            .args([format!("--web.listen-address={}", self.address), "--cluster.listen-address=".to_owned()])
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(self.folder.path().join("log")).unwrap())
            .spawn()
            .unwrap();
        self.child = Some(child);
        let started = Instant::now();
        while self.request("GET", "/-/ready", "").is_none_or(|(status, _)| status != 200) {
            let log = std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
            assert!(started.elapsed() < PATIENCE, "Alertmanager does not start:\n{log}");
            thread::sleep(Duration::from_millis(100));
        }
    }

    /// Sends alerts as Prometheus does.
    pub(super) fn fire(&self, alerts: &[BTreeMap<String, String>]) {
        self.post(&alerts.iter().map(|labels| json!({"labels": labels})).collect());
    }

    /// Says that alerts are over.
    pub(super) fn resolve(&self, alerts: &[BTreeMap<String, String>]) {
        // Any time that has passed will do.
        let over =
            |labels| json!({"labels": labels, "startsAt": "2026-01-01T00:00:00Z", "endsAt": "2026-01-01T01:00:00Z"});
        self.post(&alerts.iter().map(over).collect());
    }

    fn post(&self, alerts: &Value) {
        let (status, answer) = self.request("POST", "/api/v2/alerts", &alerts.to_string()).expect("an answer");
        assert_eq!(status, 200, "{answer}");
    }

    /// What it says of itself.
    pub(super) fn status(&self) -> Value {
        serde_json::from_str(&self.request("GET", "/api/v2/status", "").expect("an answer").1).unwrap()
    }

    /// Waits until all of these were told, then sees that nothing else is.
    pub(super) fn expect(&self, expected: &[Heard]) {
        let wanted: BTreeSet<&Heard> = expected.iter().collect();
        let mut heard = Vec::new();
        let started = Instant::now();
        while !wanted.iter().all(|wanted| heard.contains(*wanted)) {
            let Ok(next) = self.told.recv_timeout(PATIENCE.saturating_sub(started.elapsed())) else {
                panic!("expected {wanted:#?}\nheard {heard:#?}");
            };
            heard.push(next);
        }
        while let Ok(next) = self.told.recv_timeout(SILENCE) {
            heard.push(next);
        }
        let mut wanted: Vec<&Heard> = expected.iter().collect();
        wanted.sort();
        heard.sort();
        assert_eq!(heard.iter().collect::<Vec<_>>(), wanted);
    }

    fn request(&self, method: &str, path: &str, body: &str) -> Option<(u16, String)> {
        let mut stream = TcpStream::connect(&self.address).ok()?;
        write!(
            stream,
            "{method} {path} HTTP/1.0\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let status = answer.split(' ').nth(1)?.parse().ok()?;
        Some((status, answer.split_once("\r\n\r\n")?.1.to_owned()))
    }
}

impl Drop for Alertmanager {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }
}

/// Reads a request and answers that all is well: its path and body.
fn answer(stream: TcpStream) -> (String, String) {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let path = line.split(' ').nth(1).unwrap().to_owned();
    let mut length = 0;
    loop {
        line.clear();
        reader.read_line(&mut line).unwrap();
        if line.trim().is_empty() {
            break;
        }
        if let Some((_, value)) = line.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("content-length")) {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    reader.into_inner().write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
    (path, String::from_utf8(body).unwrap())
}
