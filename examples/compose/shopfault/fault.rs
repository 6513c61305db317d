//! What is broken, and for how long.

use std::time::{Duration, Instant};

use crate::http::Request;

/// The services that can be told to fail.
pub const SERVICES: [&str; 3] = ["backend", "api-gateway", "web"];

/// What is wrong with a service.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The service.
    pub service: &'static str,
    /// The share of its requests that fail.
    pub errors: f64,
    /// The share of its requests that are slow.
    pub slow: f64,
    /// Whether it does not answer at all.
    pub is_down: bool,
    /// When it mends itself.
    pub until: Option<Instant>,
}

impl Fault {
    /// Reads what a request asks for; a text that says what is wrong with it.
    pub fn read(request: &Request) -> Result<Self, String> {
        let known = ["service", "errors", "slow", "down", "for"];
        if let Some((name, _)) = request.query.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            return Err(format!("`{name}` is no parameter of a fault: there are {}\n", known.join(", ")));
        }
        let service = service(request)?.ok_or_else(|| format!("name a `service`: {}\n", SERVICES.join(", ")))?;
        let errors = share(request, "errors")?;
        let slow = share(request, "slow")?;
        let is_down = match request.value("down") {
            None | Some("false") => false,
            Some("true") => true,
            Some(other) => return Err(format!("`down` is `true` or `false`, found `{other}`\n")),
        };
        if errors == 0.0 && slow == 0.0 && !is_down {
            return Err("say what is wrong: `errors`, `slow` or `down`\n".to_owned());
        }
        let seconds = request.value("for").map(|text| text.trim_end_matches('s').parse::<u32>());
        let seconds = seconds.transpose().map_err(|_| "`for` is a number of seconds\n".to_owned())?;
        let until = seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds.into()));
        Ok(Self { service, errors, slow, is_down, until })
    }

    /// In a line.
    pub fn line(&self) -> String {
        let left = self.until.map(|until| until.saturating_duration_since(Instant::now()).as_secs());
        let end = left.map_or_else(|| "until it is mended".to_owned(), |left| format!("for {left}s more"));
        let (errors, slow) = (self.errors * 100.0, self.slow * 100.0);
        format!("{}: errors {errors}%, slow {slow}%, down {}, {end}\n", self.service, self.is_down)
    }
}

/// The service that a request names, if any.
pub fn service(request: &Request) -> Result<Option<&'static str>, String> {
    let Some(name) = request.value("service") else { return Ok(None) };
    let found = SERVICES.into_iter().find(|service| *service == name);
    found.map(Some).ok_or_else(|| format!("there is no service `{name}`: there are {}\n", SERVICES.join(", ")))
}

/// A share as `0.5` or `50%`.
fn share(request: &Request, name: &str) -> Result<f64, String> {
    let Some(text) = request.value(name) else { return Ok(0.0) };
    let number = match text.strip_suffix('%') {
        Some(percent) => percent.parse().map(|percent: f64| percent / 100.0),
        None => text.parse(),
    };
    let share = number.ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| format!("`{name}` is a share from 0 to 1 or 0% to 100%, found `{text}`\n"))
}
