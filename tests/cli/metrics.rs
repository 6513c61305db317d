//! `metrics read`, and `metrics pull` against a real Prometheus and against servers that refuse.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::Project;

/// A process that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A Prometheus that scrapes itself, with its address; nothing at a desk without one.
fn prometheus(folder: &std::path::Path) -> Option<(Running, String)> {
    for _ in 0..5 {
        let (mut running, url) = started(folder)?;
        thread::sleep(Duration::from_secs(1));
        // Somebody else may have taken the port in between.
        if running.0.try_wait().unwrap().is_none() {
            return Some((running, url));
        }
    }
    panic!("prometheus does not start");
}

fn started(folder: &std::path::Path) -> Option<(Running, String)> {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address = format!("127.0.0.1:{port}");
    let config = folder.join("prometheus.yml");
    let text = format!(
        "global: {{scrape_interval: 200ms}}\nscrape_configs: [{{job_name: self, static_configs: [{{targets: ['{address}']}}]}}]\n"
    );
    fs::write(&config, text).unwrap();
    let started = Command::new("prometheus")
        .arg(format!("--config.file={}", config.display()))
        .arg(format!("--storage.tsdb.path={}", folder.join("data").display()))
        .arg(format!("--web.listen-address={address}"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    if let Ok(child) = started {
        return Some((Running(child), format!("http://{address}")));
    }
    assert!(std::env::var_os("CI").is_none(), "prometheus is not on the PATH: run tests/run");
    eprintln!("SKIPPED: prometheus is not on the PATH; tests/run installs it");
    None
}

#[test]
fn metrics_of_a_real_server_become_a_catalogue() {
    let project = Project::new();
    let data = tempfile::tempdir().unwrap();
    let Some((_running, url)) = prometheus(data.path()) else { return };
    let begun = Instant::now();
    let name = "prometheus_http_request_duration_seconds:";
    let out = loop {
        let run = project.run(&["metrics", "pull", &url, "--all", "--to", "-"]);
        if run.status == 0 && run.out.contains(name) {
            break run.out;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{}", run.all());
        thread::sleep(Duration::from_millis(300));
    };
    assert!(out.contains("\ntarget_labels: [instance, job]\n"), "{out}");
    let metric = out.split(name).nth(1).unwrap();
    assert!(metric.starts_with("\n    type: histogram\n    histogram: classic\n    help: "), "{metric}");
    assert!(metric.contains("      handler: [") && metric.contains("    buckets: [0.1, "), "{metric}");
    let in_use = project.run(&["metrics", "pull", &url]);
    assert!(in_use.status == 0 && in_use.error.contains("`http_requests_total`"), "{}", in_use.all());
    let limited = project.run(&["metrics", "pull", &url, "--all", "--limit", "3"]);
    assert!(limited.status == 2 && limited.error.contains("where 3 is the limit"), "{}", limited.all());
}

/// A server that gives one answer; its address, and the request that it got.
fn server(answer: &'static str) -> (String, thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let got = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut bytes = [0; 4096];
        let length = stream.read(&mut bytes).unwrap();
        stream.write_all(answer.as_bytes()).unwrap();
        String::from_utf8_lossy(&bytes[..length]).into_owned()
    });
    (url, got)
}

/// Answers that hold no metrics, and what is said of them.
const ANSWERS: [(&str, &str); 5] = [
    (
        "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy",
        "fails: 503 Service Unavailable, which begins `busy`\n",
    ),
    (
        "HTTP/1.1 422 Unprocessable Entity\r\nContent-Length: 36\r\n\r\n{\"status\":\"error\",\"error\":\"no more\"}",
        "refuses: 422 Unprocessable Entity: no more\n",
    ),
    ("HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n{\"status\":\"succes", "is no answer of Prometheus: 200 OK"),
    ("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{\"status\":", "cannot ask "),
    (
        "HTTP/1.1 200 OK\r\nContent-Length: 32\r\n\r\n{\"status\":\"success\",\"data\":null}",
        "is no answer of Prometheus",
    ),
];

#[test]
fn refusals_and_other_servers_are_named() {
    let project = Project::new();
    fs::write(project.folder.path().join("secret"), "s3cret\n").unwrap();
    let (url, got) = server("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    let run = project.run(&["metrics", "pull", &url, "--user", "ci", "--password-file", "secret"]);
    assert!(run.status == 2 && run.error.contains("401") && run.error.contains("--token-file"), "{}", run.all());
    let request = got.join().unwrap().to_lowercase();
    assert!(request.contains("authorization: basic y2k6cznjcmv0\r\n"), "{request}");
    let (url, got) = server("HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\n<html>");
    let run = project.run(&["metrics", "pull", &url, "--token-file", "secret"]);
    let begins = "is no answer of Prometheus: 200 OK, which begins `<html>`\n";
    assert!(run.status == 2 && run.error.contains(begins), "{}", run.all());
    assert!(run.error.contains("is this the address of a Prometheus server"), "{}", run.all());
    assert!(got.join().unwrap().to_lowercase().contains("authorization: bearer s3cret\r\n"));
    for (answer, said) in ANSWERS {
        let (url, _got) = server(answer);
        let run = project.run(&["metrics", "pull", &url, "--all", "--timeout", "1"]);
        assert!(run.status == 2 && run.error.contains(said), "{said}: {}", run.all());
    }
    assert!(!project.folder.path().join("metrics.yaml").exists(), "nothing is written");
    let run = project.run(&["metrics", "pull", "localhost:9090"]);
    assert!(run.status == 2 && run.error.contains("http://"), "{}", run.all());
}

#[test]
fn pages_are_read_into_the_catalogue() {
    let project = Project::new();
    let page = "# TYPE jobs_total counter\njobs_total{queue=\"a\"} 1\n";
    let run = project.pipe(&["metrics", "read", "-"], page);
    assert!(run.status == 0 && run.out.contains("1 metric read, 1 in metrics.yaml"), "{}", run.all());
    assert!(run.out.contains("metrics: [metrics.yaml]"), "{}", run.all());
    project.write("more.prom", "# TYPE jobs_total counter\njobs_total{queue=\"b\"} 1\nup 1\n");
    let run = project.run(&["metrics", "read", "more.prom"]);
    assert!(run.status == 0 && run.out.contains("2 metrics read, 2 in metrics.yaml"), "{}", run.all());
    let written = project.read("metrics.yaml");
    assert!(written.contains("      queue: [a, b]\n"), "{written}");
    project.write("broken.prom", "jobs_total{queue=} 1\n");
    let run = project.run(&["metrics", "read", "broken.prom"]);
    assert!(run.status == 2 && run.error.contains("broken.prom:1:18: expected `\"`, found `}`"), "{}", run.all());
    let run = project.pipe(&["metrics", "read", "-"], "# nothing\n");
    assert!(run.status == 2 && run.error.contains("there are no metrics in `<stdin>`\n"), "{}", run.all());
    project.write("metrics.yaml", "apiVersion: slosmith/v1\nmetrcs: {}\n");
    let run = project.run(&["metrics", "read", "more.prom"]);
    assert!(run.status == 1 && run.error.contains("did you mean `metrics`?"), "{}", run.all());
    assert_eq!(project.read("metrics.yaml"), "apiVersion: slosmith/v1\nmetrcs: {}\n");
    for command in [["metrics", "read", "--help"], ["metrics", "pull", "--help"]] {
        assert!(project.run(&command).out.contains("Examples:"));
    }
}
