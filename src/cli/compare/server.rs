//! A Prometheus over a folder of its own, which is gone with it.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use serde::de::DeserializeOwned;
use tempfile::TempDir;
use ureq::Agent;

use slosmith::compare::Samples;

use super::remote;

/// What happens first, in Unix milliseconds: 2026-01-15T12:00:00Z.
pub(super) const START: i64 = 1_768_478_400_000;
/// How long a Prometheus may take to get ready.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often another port is tried.
const TRIES: usize = 5;
/// The most bytes of an answer.
const MAX_ANSWER: u64 = 1024 * 1024 * 1024;
/// The most samples of a request to write.
const BATCH: usize = 100_000;

/// The program.
pub(super) struct Program {
    path: PathBuf,
    version: String,
}

impl Program {
    /// The program of this name, or at this path.
    ///
    /// # Errors
    /// When there is none, with the way out.
    pub(super) fn find(path: PathBuf) -> Result<Self> {
        // What is no bare name is found from the folder of this program, not from that of the server.
        let path = match path.components().count() {
            1 => path,
            _ => std::path::absolute(&path).unwrap_or(path),
        };
        let help = "install Prometheus 2.42 or later, or say with --prometheus where it is";
        let output = Command::new(&path).arg("--version").output();
        let output = output.map_err(|error| anyhow!("cannot run `{}`: {error}\nhelp: {help}", path.display()))?;
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&text).into_owned();
        let version = text.split("version ").nth(1).and_then(|rest| rest.split([' ', '+', ',']).next());
        let Some(version) = version.filter(|_| text.contains("prometheus")) else {
            bail!("`{}` is no Prometheus\nhelp: {help}", path.display());
        };
        Ok(Self { version: version.to_owned(), path })
    }

    /// Its version: `2.42.0`.
    pub(super) fn version(&self) -> &str {
        &self.version
    }

    /// Starts it over an empty folder, on a free port of this machine alone.
    ///
    /// # Errors
    /// When it does not get ready.
    pub(super) fn start(&self) -> Result<Server> {
        let mut last = None;
        for _ in 0..TRIES {
            // Somebody else may take the port before Prometheus does.
            match self.try_start() {
                Ok(server) => return Ok(server),
                Err(error) => last = Some(error),
            }
        }
        Err(last.unwrap_or_else(|| anyhow!("`{}` does not start", self.path.display())))
    }

    fn try_start(&self) -> Result<Server> {
        let folder = tempfile::Builder::new().prefix("slosmith-compare-").tempdir();
        let folder = folder.context("cannot make a temporary folder")?;
        let port = TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).context("no port is free")?.port();
        let config = folder.path().join("prometheus.yml");
        #[expect(clippy::disallowed_methods, reason = "a folder of its own, which is gone with the server")]
        std::fs::write(&config, "global: {scrape_interval: 1h}\n").context("cannot write to the temporary folder")?;
        let mut child = self.command(folder.path(), &config, port).spawn();
        if let Ok(child) = &mut child {
            child.stdin.take_if(|_| cfg!(not(unix)));
        }
        let child = child.with_context(|| format!("cannot run `{}`", self.path.display()))?;
        let agent = Agent::config_builder().http_status_as_error(false).timeout_global(None).build().into();
        let mut server = Server { child, agent, url: format!("http://127.0.0.1:{port}"), folder };
        server.wait(&self.path)?;
        Ok(server)
    }

    /// The command line; on Unix behind a shell, which ends Prometheus and removes the folder as soon as this program is gone, however
    /// it ends.
    fn command(&self, folder: &Path, config: &Path, port: u16) -> Command {
        const WATCH: &str = "trap '' INT TERM HUP PIPE; \"$@\" <&- & server=$!; exec 2>/dev/null; cat >/dev/null; kill -9 $server; wait $server; rm -rf \"$0\"";
        let mut command = if cfg!(unix) {
            let mut shell = Command::new("sh");
            shell.args(["-c", WATCH]).arg(folder).arg(&self.path);
            shell
        } else {
            Command::new(&self.path)
        };
        // One block holds everything, so that samples of any time can be written in any order of series.
        let arguments = [
            "--storage.tsdb.retention.time=50y",
            "--storage.tsdb.min-block-duration=2000d",
            "--storage.tsdb.max-block-duration=2000d",
            "--web.enable-remote-write-receiver",
            "--query.max-samples=1000000000",
            "--query.timeout=30m",
            "--log.level=error",
        ];
        command
            .args(arguments)
            .arg(format!("--config.file={}", config.display()))
            .arg(format!("--storage.tsdb.path={}", folder.join("data").display()))
            .arg(format!("--web.listen-address=127.0.0.1:{port}"))
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        command
    }
}

/// A Prometheus that runs.
pub(super) struct Server {
    child: Child,
    agent: Agent,
    url: String,
    folder: TempDir,
}

impl Server {
    /// Waits until it is ready.
    fn wait(&mut self, path: &Path) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        let Some(errors) = self.child.stderr.take() else { bail!("`{}` has no standard error", path.display()) };
        let (send, receive) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(errors).lines().map_while(std::io::Result::ok) {
                // Nobody listens any more once it is ready.
                let _ = send.send(line);
            }
        });
        let is_ready = || {
            let answer = self.agent.get(format!("{}/-/ready", self.url)).call();
            answer.is_ok_and(|answer| answer.status() == 200)
        };
        loop {
            if let Ok(line) = receive.try_recv() {
                bail!("`{}` does not start: {line}", path.display());
            }
            if is_ready() && self.is_own() {
                return Ok(());
            }
            if Instant::now() > deadline {
                bail!("`{}` is not ready after {} s", path.display(), PATIENCE.as_secs());
            }
            sleep(Duration::from_millis(20));
        }
    }

    /// Whether who answers is the server that was started, and not another one that had the port first.
    fn is_own(&self) -> bool {
        let flags: Result<Flags> = self.get("status/flags", &[]);
        let path = self.folder.path().join("data");
        flags.is_ok_and(|flags| Path::new(&flags.path) == path)
    }

    /// Writes series.
    ///
    /// # Errors
    /// When it refuses them.
    pub(super) fn write(&self, series: &[Samples]) -> Result<()> {
        let mut batch: Vec<u8> = Vec::new();
        let mut count = 0;
        for one in series {
            for part in one.samples.chunks(BATCH) {
                remote::push_series(&mut batch, &one.labels, part, START);
                count += part.len();
                if count >= BATCH {
                    self.post(&batch)?;
                    batch.clear();
                    count = 0;
                }
            }
        }
        if batch.is_empty() { Ok(()) } else { self.post(&batch) }
    }

    fn post(&self, batch: &[u8]) -> Result<()> {
        let address = format!("{}/api/v1/write", self.url);
        let request = self
            .agent
            .post(&address)
            .header("Content-Encoding", "snappy")
            .header("Content-Type", "application/x-protobuf")
            .header("X-Prometheus-Remote-Write-Version", "0.1.0");
        let mut answer = request.send(&remote::packed(batch)).context("Prometheus takes no samples")?;
        if answer.status().is_success() {
            return Ok(());
        }
        let reason = answer.body_mut().read_to_string().unwrap_or_default();
        bail!("Prometheus refuses samples: {}", reason.trim())
    }

    /// Asks for an expression, at a moment in milliseconds from the beginning of the incident, with what is read for it.
    ///
    /// # Errors
    /// When there is no answer; an error of the expression is the inner one.
    pub(super) fn at<T: DeserializeOwned>(&self, query: &str, at: i64) -> Result<Result<T, String>> {
        self.ask("query", &[("query", query), ("time", &moment(at)), ("stats", "all")])
    }

    /// The same at every step between two moments, both included.
    ///
    /// # Errors
    /// As above.
    pub(super) fn range<T: DeserializeOwned>(
        &self,
        query: &str,
        (start, end): (i64, i64),
        step: i64,
    ) -> Result<Result<T, String>> {
        let step = seconds(step);
        self.ask("query_range", &[("query", query), ("start", &moment(start)), ("end", &moment(end)), ("step", &step)])
    }

    fn ask<T: DeserializeOwned>(&self, path: &str, form: &[(&str, &str)]) -> Result<Result<T, String>> {
        let address = format!("{}/api/v1/{path}", self.url);
        let answer = self.agent.post(&address).send_form(form.iter().copied());
        let mut answer = answer.context("Prometheus does not answer")?;
        let text = answer.body_mut().with_config().limit(MAX_ANSWER).read_to_string();
        let text = text.context("Prometheus does not finish its answer")?;
        read(&text)
    }

    fn get<T: DeserializeOwned>(&self, path: &str, query: &[(&str, &str)]) -> Result<T> {
        let mut request = self.agent.get(format!("{}/api/v1/{path}", self.url));
        for (key, value) in query {
            request = request.query(key, value);
        }
        let text = request.call()?.body_mut().read_to_string()?;
        read(&text)?.map_err(|error| anyhow!(error))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if cfg!(unix) {
            // The end of its input is what the shell waits for.
            drop(self.child.stdin.take());
        } else {
            // What is gone already needs no end.
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

#[derive(serde::Deserialize)]
struct Flags {
    #[serde(rename = "storage.tsdb.path")]
    path: String,
}

#[derive(serde::Deserialize)]
struct Answer<T> {
    data: Option<T>,
    error: Option<String>,
}

fn read<T: DeserializeOwned>(text: &str) -> Result<Result<T, String>> {
    let answer: Answer<T> = serde_json::from_str(text).context("Prometheus gives an answer that is not its own")?;
    Ok(match (answer.data, answer.error) {
        (_, Some(error)) => Err(error),
        (Some(data), None) => Ok(data),
        (None, None) => Err("no data".to_owned()),
    })
}

/// A moment as Unix seconds.
fn moment(at: i64) -> String {
    seconds(START + at)
}

fn seconds(millis: i64) -> String {
    format!("{}.{:03}", millis.div_euclid(1_000), millis.rem_euclid(1_000))
}

/// Milliseconds from the beginning of the incident, of Unix seconds.
#[expect(clippy::cast_possible_truncation, reason = "milliseconds of this century")]
pub(super) fn millis(seconds: f64) -> i64 {
    (seconds * 1_000.0).round() as i64 - START
}
