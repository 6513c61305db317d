//! The shop: counters that go on with the time, and the answers to requests.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::fault::{self, Fault};
use crate::http::{Answer, Request};

/// Views of the backend with their requests a second.
const VIEWS: [(&str, f64); 3] = [("catalog:list", 20.0), ("accounts:login", 5.0), ("checkout:pay", 10.0)];
/// Handlers of the gateway with their requests a second.
const HANDLERS: [(&str, f64); 2] = [("/search", 15.0), ("/recommend", 10.0)];
/// The bounds of the histograms' buckets, in seconds.
const BOUNDS: [&str; 8] = ["0.05", "0.1", "0.2", "0.3", "0.5", "1.0", "2.5", "+Inf"];
/// Seconds that a fast request takes, and a slow one.
const FAST: f64 = 0.08;
const SLOW: f64 = 2.0;

/// Requests of one view or handler so far.
#[derive(Clone, Copy, Debug, Default)]
struct Traffic {
    good: f64,
    failed: f64,
    slow: f64,
}

/// Everything that is counted.
#[derive(Debug)]
pub struct Shop {
    traffic: BTreeMap<(&'static str, &'static str), Traffic>,
    faults: Vec<Fault>,
    before: Instant,
}

/// The shop, whatever happened to a thread that held it.
pub fn locked(shop: &Mutex<Shop>) -> MutexGuard<'_, Shop> {
    shop.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shop {
    /// A shop that opens now; nothing has failed yet.
    pub fn new() -> Self {
        let backend = VIEWS.map(|(view, _)| ("backend", view));
        let gateway = HANDLERS.map(|(handler, _)| ("api-gateway", handler));
        let keys = backend.into_iter().chain(gateway);
        let traffic = keys.map(|key| (key, Traffic::default())).collect();
        Self { traffic, faults: Vec::new(), before: Instant::now() }
    }

    /// Counts the requests since the last time.
    pub fn advance(&mut self) {
        let now = Instant::now();
        let seconds = now.duration_since(self.before).as_secs_f64();
        self.before = now;
        self.faults.retain(|fault| fault.until.is_none_or(|until| until > now));
        for (view, rate) in VIEWS {
            self.count("backend", view, rate * seconds);
        }
        for (handler, rate) in HANDLERS {
            self.count("api-gateway", handler, rate * seconds);
        }
    }

    fn count(&mut self, service: &'static str, part: &'static str, requests: f64) {
        let fault = self.fault(service);
        if fault.is_some_and(|fault| fault.is_down) {
            return;
        }
        // Checkout has promises of its own: it fails with the backend only when that is down.
        let errors = fault.map_or(0.0, |fault| if part.starts_with("checkout:") { 0.0 } else { fault.errors });
        let slow = fault.map_or(0.0, |fault| fault.slow);
        let traffic = self.traffic.entry((service, part)).or_default();
        traffic.failed += requests * errors;
        traffic.good += requests * (1.0 - errors);
        traffic.slow += requests * slow;
    }

    fn fault(&self, service: &str) -> Option<&Fault> {
        self.faults.iter().find(|fault| fault.service == service)
    }

    fn is_down(&self, service: &str) -> bool {
        self.fault(service).is_some_and(|fault| fault.is_down)
    }

    fn backend(&self) -> String {
        let (counter, histogram) = (
            "django_http_responses_total_by_status_view_method_total",
            "django_http_requests_latency_seconds_by_view_method",
        );
        let mut page = format!("# TYPE {counter} counter\n");
        for ((_, view), traffic) in self.of("backend") {
            for (status, count) in [("200", traffic.good), ("500", traffic.failed)] {
                line(&mut page, counter, &format!("status=\"{status}\",view=\"{view}\",method=\"GET\""), count);
            }
        }
        let _ = writeln!(page, "# TYPE {histogram} histogram");
        for ((_, view), traffic) in self.of("backend") {
            buckets(&mut page, histogram, &format!("view=\"{view}\",method=\"GET\""), traffic);
        }
        page
    }

    fn gateway(&self) -> String {
        let (counter, histogram) = ("http_requests_total", "http_request_duration_seconds");
        let mut page = format!("# TYPE {counter} counter\n");
        for ((_, handler), traffic) in self.of("api-gateway") {
            for (status, count) in [("2xx", traffic.good), ("5xx", traffic.failed)] {
                line(&mut page, counter, &format!("handler=\"{handler}\",method=\"POST\",status=\"{status}\""), count);
            }
        }
        let _ = writeln!(page, "# TYPE {histogram} histogram");
        for ((_, handler), traffic) in self.of("api-gateway") {
            buckets(&mut page, histogram, &format!("handler=\"{handler}\",method=\"POST\""), traffic);
        }
        page
    }

    fn of(&self, service: &'static str) -> impl Iterator<Item = (&(&'static str, &'static str), &Traffic)> {
        self.traffic.iter().filter(move |((found, _), _)| *found == service)
    }

    fn probe(&self) -> String {
        let is_up = !self.is_down("web");
        let success = u8::from(is_up);
        let seconds = if is_up { FAST } else { SLOW };
        format!(
            "# TYPE probe_success gauge\nprobe_success {success}\n# TYPE probe_duration_seconds gauge\nprobe_duration_seconds {seconds}\n"
        )
    }

    fn faults(&self) -> String {
        let lines: String = self.faults.iter().map(Fault::line).collect();
        if lines.is_empty() { "nothing is broken\n".to_owned() } else { lines }
    }
}

/// A sample; counters are whole requests.
fn line(page: &mut String, name: &str, labels: &str, value: f64) {
    let _ = writeln!(page, "{name}{{{labels}}} {}", value.floor());
}

/// A histogram with two kinds of requests: fast ones and slow ones.
fn buckets(page: &mut String, name: &str, labels: &str, traffic: &Traffic) {
    let slow = traffic.slow.floor();
    let fast = (traffic.good + traffic.failed).floor() - slow;
    for bound in BOUNDS {
        let seconds: f64 = bound.trim_start_matches('+').parse().unwrap_or(f64::INFINITY);
        let count =
            [(FAST, fast), (SLOW, slow)].iter().filter(|(took, _)| *took <= seconds).map(|(_, count)| count).sum();
        line(page, &format!("{name}_bucket"), &format!("{labels},le=\"{bound}\""), count);
    }
    let _ = writeln!(page, "{name}_sum{{{labels}}} {}", fast * FAST + slow * SLOW);
    line(page, &format!("{name}_count"), labels, fast + slow);
}

/// The answer to a request.
pub fn answer(shop: &Mutex<Shop>, request: &Request) -> Answer {
    let mut shop = locked(shop);
    match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/health") => Answer::fine("fine\n"),
        ("GET", "/") if shop.is_down("web") => unavailable(),
        ("GET", "/") => Answer::fine("the shop is open\n"),
        ("GET", "/metrics/backend") if shop.is_down("backend") => unavailable(),
        ("GET", "/metrics/backend") => Answer::fine(shop.backend()),
        ("GET", "/metrics/api-gateway") if shop.is_down("api-gateway") => unavailable(),
        ("GET", "/metrics/api-gateway") => Answer::fine(shop.gateway()),
        ("GET", "/probe") => Answer::fine(shop.probe()),
        ("GET", "/faults") => Answer::fine(shop.faults()),
        ("POST", "/fault") => match Fault::read(request) {
            Ok(fault) => {
                let line = fault.line();
                shop.faults.retain(|other| other.service != fault.service);
                shop.faults.push(fault);
                print!("shopfault: broken: {line}");
                Answer::fine(line)
            }
            Err(message) => Answer::wrong(message),
        },
        ("DELETE", "/fault") => match fault::service(request) {
            Ok(service) => {
                shop.faults.retain(|fault| service.is_some_and(|service| fault.service != service));
                println!("shopfault: mended: {}", service.unwrap_or("everything"));
                Answer::fine(shop.faults())
            }
            Err(message) => Answer::wrong(message),
        },
        _ => Answer { status: "404 Not Found", text: "`shopfault help` lists what there is\n".to_owned() },
    }
}

fn unavailable() -> Answer {
    Answer { status: "503 Service Unavailable", text: "down\n".to_owned() }
}
