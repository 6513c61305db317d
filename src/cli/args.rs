//! The command line: every command, flag and help text.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use rust_decimal::Decimal;

use slosmith::catalogue::{EXPORTERS, exporter, is_file};
use slosmith::diag::suggest;
use slosmith::model::Duration;
use slosmith::promql::{Flag, Version};

pub(crate) use super::compare::CompareArguments;
use super::quantity;

/// The whole command line.
#[derive(Debug, Parser)]
#[command(
    name = "slosmith",
    version,
    about = "Compiles SLOs in YAML to Prometheus rules, Grafana dashboards and runbooks",
    after_help = "\
Examples:
  slosmith init shop           start a project in the folder shop
  slosmith build               compile slos/ into generated/
  slosmith check               in CI: are the specs right, and generated/ up to date?
  slosmith explain bad-target  what a problem means, and what to do

Exit status: 0 fine, 1 problems or drift, 2 wrong usage or a failure of the system.",
    propagate_version = true,
    disable_help_subcommand = true
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command takes.
#[derive(Args, Debug)]
pub(crate) struct Common {
    /// Work in this folder; every other path starts from it
    #[arg(
        short = 'C',
        long = "directory",
        value_name = "DIR",
        default_value = ".",
        hide_default_value = true,
        global = true
    )]
    pub(crate) directory: PathBuf,
    /// The folder of generated files, instead of the project file's `output`
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) output: Option<String>,
    /// How to print: for people, a JSON object per line, or annotations of GitHub Actions
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Human, global = true)]
    pub(crate) format: Format,
    /// When to use colour
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Colouring::Auto, global = true)]
    pub(crate) color: Colouring,
    /// Treat warnings as errors
    #[arg(long, global = true)]
    pub(crate) deny_warnings: bool,
    /// Print problems only
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
}

/// What commands take that need not compile what they know already.
#[derive(Args, Debug)]
pub(crate) struct Caching {
    /// Compile, even if nothing has changed since the last time
    #[arg(long)]
    pub(crate) no_cache: bool,
    /// Where checksums of what was compiled are kept, instead of the user's cache folder
    #[arg(long, value_name = "DIR", env = "SLOSMITH_CACHE_DIR", hide_env_values = true)]
    pub(crate) cache_dir: Option<PathBuf>,
}

/// How to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Human,
    /// One JSON object per line.
    Json,
    /// Annotations of GitHub Actions.
    Github,
}

/// What to convert, and into what.
#[derive(Args, Debug)]
pub(crate) struct Convert {
    /// Files, and folders with files that end in .yaml, .yml or .json
    #[arg(value_name = "PATH", required = true)]
    pub(crate) paths: Vec<String>,
    /// Write a file for each service into this folder; no file that is there already is touched
    #[arg(long, value_name = "DIR")]
    pub(crate) write: Option<PathBuf>,
    /// The language to write
    #[arg(long, value_enum, value_name = "LANGUAGE", default_value_t = Target::Slosmith)]
    pub(crate) to: Target,
    /// Write the ratio of a bucket to all events as `latency`, whose rules do not take a missing bucket for failed events
    #[arg(long)]
    pub(crate) latency: bool,
}

/// A language that specs can be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Target {
    /// slosmith's own.
    Slosmith,
    /// OpenSLO v1.
    #[value(name = "openslo")]
    OpenSlo,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colouring {
    /// On terminals, unless `NO_COLOR` says otherwise.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Compile the specs, and write what changed
    #[command(after_help = "\
Examples:
  slosmith build                   compile slos/ into generated/
  slosmith build -C shop           the same, in the folder shop
  slosmith build --output /srv/slo write somewhere else
  slosmith build --deny-warnings   write nothing if there is a warning

Any error writes nothing at all. Only files that an earlier build wrote are removed.")]
    Build(Caching),
    /// Report problems, and where the generated files differ from the specs; write nothing
    #[command(after_help = "\
Examples:
  slosmith check                   exit status 1 on problems or drift
  slosmith check --format github   annotate a pull request
  slosmith check --format json | jq 'select(.type == \"diagnostic\")'")]
    Check(Caching),
    /// Print what one spec compiles to; write nothing
    #[command(after_help = "\
Examples:
  slosmith render slos/cart.yaml --kind rules
  slosmith render slos/cart.yaml --kind dashboard > cart.json
  slosmith render - --kind runbook < cart.yaml

The defaults of slosmith.yaml apply if there is one. Problems go to standard error.")]
    Render {
        /// The spec; `-` reads standard input
        file: String,
        /// What to print
        #[arg(long, value_enum, value_name = "KIND")]
        kind: Kind,
    },
    /// Print specs of Sloth, OpenSLO and Pyrra in slosmith's own language, or any specs as objects of OpenSLO
    #[command(after_help = "\
Examples:
  slosmith convert sloth/cart.yaml > slos/cart.yaml
  slosmith convert openslo/ --write slos   a file for each service
  slosmith convert --to openslo slos/cart.yaml

The specs compile to the same rules as the files they come from. Comments are kept. What has no effect here, and what
changes in behaviour, goes to standard error. The defaults of slosmith.yaml apply if there is one.")]
    Convert(Convert),
    /// Show what an SLO promises, when its alerts fire and end, and what its rules cost
    #[command(after_help = "\
Examples:
  slosmith show cart/availability
  slosmith show cart                                  all SLOs of the service
  slosmith show cart/availability --requests 2/s      with what min_errors delays
  slosmith show cart/availability --series 5000       the cost for so many raw series
  slosmith show cart/availability --format json | jq '.targets[0].error_rates'

docs/show.md tells what the columns and the keys of the JSON mean.")]
    Show(ShowArguments),
    /// Print the commands that give the SLOs of a service a history, from raw data that Prometheus has
    #[command(after_help = "\
Examples:
  slosmith backfill cart
  slosmith backfill cart --url http://prometheus:9090 --data /var/lib/prometheus
  slosmith backfill cart --rules > backfill-cart.yaml

docs/backfill.md tells what happens, and in which order.")]
    Backfill(BackfillArguments),
    /// Write the runbook pages as a static site, with a search and a catalogue of the objectives
    #[command(after_help = "\
Examples:
  slosmith docs                    write site/
  slosmith docs --site public      write somewhere else
  slosmith docs && xdg-open site/index.html

The site needs no server and loads nothing from other hosts.")]
    Docs {
        /// The folder of the site
        #[arg(long, value_name = "DIR", default_value = "site")]
        site: PathBuf,
    },
    /// Let an incident happen on paper: which alerts fire and end when, and what is left of the budget
    #[command(after_help = "\
Examples:
  slosmith simulate cart/availability --error-rate 5% --for 20m
  slosmith simulate cart/availability --error-rate 100% --for 3m --requests 2/s
  slosmith simulate cart/availability --error-rate 5% --for 20m --error-rate 1% --for 6h --at 0m --at 2h
  slosmith simulate cart/availability --error-rate gone --for 30m          no data at all
  slosmith simulate shop/purchase --fail checkout --error-rate 100% --for 5m  a component of a composite
  slosmith simulate cart/availability --events outage.csv                  counts over time
  slosmith simulate cart/availability --error-rate 5% --for 20m --format json | jq .alerts

A file of events has lines of `time,total,bad`, as in `2026-03-01T10:00:30Z,3000,120` or `30s,3000,120`: the counts of the
time since the line before. docs/simulate.md tells more.")]
    Simulate(SimulateArguments),
    /// Let incidents happen to two sets of rules in a real Prometheus: who fires when, how exact they are, and what they cost
    #[command(after_help = "\
Examples:
  slosmith compare sloth-rules.yaml slos/cart.yaml                   the rules of another tool, and what comes of a spec
  slosmith compare ../main generated/prometheus/rules --slo '#availability'     a branch, and what it changes
  slosmith compare old.yaml new.yaml --slo slos/cart.yaml#latency    two files of rules, on an SLO
  slosmith compare old.yaml slos/cart.yaml --incident outage,blip --requests 5/s
  slosmith compare old.yaml slos/cart.yaml --ratio-a 'cart:errors:ratio30d'
  slosmith compare old.yaml slos/cart.yaml --format json | jq '.incidents[].alerts'

A and B are files of rules, PrometheusRule objects, folders of them, specs, or folders of a project. One of them, or --slo,
says what an error is. `prometheus` has to be on the PATH. docs/compare.md tells more.")]
    Compare(CompareArguments),
    /// Explain a problem: what it is, why it matters, what to do
    #[command(after_help = "\
Examples:
  slosmith explain                 list all problems
  slosmith explain ratio-target    the page of `error[ratio-target]`")]
    Explain {
        /// The word in brackets of a message
        slug: Option<String>,
    },
    /// Report problems in rule files and dashboards, whoever wrote them
    #[command(after_help = "\
Examples:
  slosmith lint prometheus/rules grafana/dashboards
  slosmith lint alerts.yaml --deny-warnings
  slosmith lint . --format github
  slosmith lint rules --metrics node_exporter --metrics metrics.yaml

Rule files of Prometheus, PrometheusRule objects of its operator and Grafana's dashboards are told by their content; other
files in a folder are skipped. The lint levels, targets and metric catalogues of slosmith.yaml apply if there is one.")]
    Lint {
        /// Files, and folders with files that end in .yaml, .yml or .json
        #[arg(value_name = "PATH", required = true)]
        paths: Vec<String>,
        /// A metric catalogue, or an exporter whose catalogue comes with slosmith; before those of the project file
        #[arg(long, value_name = "FILE|NAME", value_parser = catalogue)]
        metrics: Vec<String>,
    },
    /// Say what an expression is: its type, its labels, its form, or what is wrong with it
    #[command(after_help = "\
Examples:
  slosmith promql 'sum by (job) (rate(http_requests_total[5m]))'
  slosmith promql --target-version 2.45 'limitk(3, up)'
  slosmith promql - --format json < expressions.txt
  slosmith promql --metrics node_exporter 'rate(node_load1[5m])'

With `-`, every line of standard input is an expression, and so is the string `expr` of a line that is a JSON object.
The metric catalogues of slosmith.yaml apply if there is one.")]
    Promql(PromqlArguments),
    /// Write down which metrics there are, for checks without a server
    Metrics {
        #[command(subcommand)]
        command: Metrics,
    },
    /// Show who is told of which alert
    #[command(after_help = "\
Examples:
  slosmith routes                              the receivers, and how many alerts go to each
  slosmith routes test                         every alert, and who gets it
  slosmith routes test checkout                the alerts of a service
  slosmith routes test PostgresDown            one alert
  slosmith routes test team=ml slo_alert=page  whatever has these labels, as `amtool config routes test` has it
  slosmith routes test --format json | jq -r .receiver

The project file says who gets what, under `receivers` and `on_call`.")]
    Routes {
        #[command(subcommand)]
        command: Option<RoutesCommand>,
    },
    /// Start a new project with a spec to change
    #[command(after_help = "\
Examples:
  slosmith init                    in this folder
  slosmith init shop               in the folder shop, which is created

Files that are there already are never overwritten.")]
    Init {
        /// The folder; created if it is not there
        #[arg(value_name = "DIR", default_value = ".", hide_default_value = true)]
        folder: PathBuf,
    },
}

/// What `backfill` takes.
#[derive(Args, Debug)]
pub(crate) struct BackfillArguments {
    /// The service
    pub(crate) service: String,
    /// Print the rules instead
    #[arg(long)]
    pub(crate) rules: bool,
    /// Where Prometheus is asked for raw data
    #[arg(long, value_name = "URL", default_value = "http://localhost:9090")]
    pub(crate) url: String,
    /// Where Prometheus stores its data
    #[arg(long, value_name = "DIR", default_value = "/prometheus")]
    pub(crate) data: String,
    /// When the history begins, in Unix seconds; the longest period before its end by default
    #[arg(long, value_name = "SECONDS")]
    pub(crate) start: Option<u64>,
    /// When it ends, in Unix seconds; now by default
    #[arg(long, value_name = "SECONDS")]
    pub(crate) end: Option<u64>,
}

/// What `show` takes.
#[derive(Args, Debug)]
pub(crate) struct ShowArguments {
    /// The SLO, or a service with all of its SLOs
    #[arg(value_name = "SERVICE[/SLO]")]
    pub(crate) slo: String,
    /// How many events there are, as in `100/s`, `30/m`, `5/h`; without it, enough for `min_errors` to delay nothing
    #[arg(long, value_name = "RATE", value_parser = quantity::rate, allow_hyphen_values = true)]
    pub(crate) requests: Option<Decimal>,
    /// How many raw series a selector matches; 1000 by default, 1 where gauges are sampled
    #[arg(long, value_name = "COUNT", value_parser = quantity::count, allow_hyphen_values = true)]
    pub(crate) series: Option<u64>,
    /// How many groups `group_by` makes; 1 by default
    #[arg(long, value_name = "COUNT", value_parser = quantity::count, allow_hyphen_values = true)]
    pub(crate) groups: Option<u64>,
    /// The width of tables, instead of the terminal's
    #[arg(long, value_name = "CHARACTERS")]
    pub(crate) width: Option<u16>,
}

/// What is asked of routes.
#[derive(Debug, Subcommand)]
pub(crate) enum RoutesCommand {
    /// Show which receiver an alert goes to
    Test {
        /// Services, SLOs as `service/slo`, alerts; or labels as `name=value`
        #[arg(value_name = "NAME|LABEL=VALUE")]
        wanted: Vec<String>,
    },
}

/// What `simulate` takes.
#[derive(Args, Debug)]
pub(crate) struct SimulateArguments {
    /// The SLO
    #[arg(value_name = "SERVICE/SLO")]
    pub(crate) slo: String,
    /// The share of events that fail in an incident, or `gone` for no data at all
    #[arg(long, value_name = "PERCENT", value_parser = failure, allow_hyphen_values = true, required_unless_present = "events", requires = "lengths")]
    pub(crate) error_rate: Vec<Failure>,
    /// How long it lasts; one for each `--error-rate`
    #[arg(long = "for", id = "lengths", value_name = "DURATION", value_parser = quantity::length, allow_hyphen_values = true)]
    pub(crate) lengths: Vec<Duration>,
    /// The component that this happens to, of a composite whose others go on: the error rate is that of its events
    #[arg(long, value_name = "COMPONENT", requires = "error_rate")]
    pub(crate) fail: Option<String>,
    /// When it begins; one for each `--error-rate`, 0m by default
    #[arg(long, value_name = "DURATION", value_parser = quantity::duration, allow_hyphen_values = true)]
    pub(crate) at: Vec<Duration>,
    /// A file of counts over time, instead of incidents; `-` reads standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["error_rate", "lengths", "at", "fail"])]
    pub(crate) events: Option<String>,
    /// How many events there are; 100/s by default, with a file as many as on the average in it
    #[arg(long, value_name = "RATE", value_parser = quantity::rate, allow_hyphen_values = true)]
    pub(crate) requests: Option<Decimal>,
    /// How many gauges are sampled, for SLIs of gauges; 1 by default
    #[arg(long, value_name = "COUNT", value_parser = quantity::count, allow_hyphen_values = true)]
    pub(crate) series: Option<u64>,
    /// The share of events that fail at all other times, those before it included; 0% by default
    #[arg(long, value_name = "PERCENT", value_parser = quantity::share, allow_hyphen_values = true)]
    pub(crate) background: Option<Decimal>,
    /// How long the SLO has been recorded before; longer than its period by default, `0` for a new one
    #[arg(long, value_name = "DURATION", value_parser = quantity::duration, allow_hyphen_values = true)]
    pub(crate) history: Option<Duration>,
    /// The group that it happens to, whose target may be its own
    #[arg(long, value_name = "LABEL=VALUE", value_parser = label)]
    pub(crate) group: Vec<(String, String)>,
    /// The clock's time at 0m, for calendar periods; 2026-01-15T12:00:00Z by default
    #[arg(long, value_name = "TIME", value_parser = quantity::moment)]
    pub(crate) start: Option<i64>,
    /// When to stop; by default when all alerts have ended, a day after the last incident at the latest
    #[arg(long, value_name = "DURATION", value_parser = quantity::duration, allow_hyphen_values = true)]
    pub(crate) until: Option<Duration>,
    /// The picture of budget and burn rate
    #[arg(long, value_enum, value_name = "KIND", default_value_t = Picture::Auto)]
    pub(crate) picture: Picture,
    /// The width of table and picture, instead of the terminal's
    #[arg(long, value_name = "CHARACTERS")]
    pub(crate) width: Option<u16>,
    /// Milliseconds after each multiple of its interval at which the fast group is evaluated
    #[arg(long, hide = true, default_value_t = 0)]
    pub(crate) fast_phase: i64,
    /// The same of the slow group
    #[arg(long, hide = true, default_value_t = 0)]
    pub(crate) slow_phase: i64,
}

/// How to draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Picture {
    /// As the locale allows.
    Auto,
    /// With braille and blocks.
    Unicode,
    /// With ASCII alone.
    Ascii,
    /// Not at all.
    None,
}

/// What happens in an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// This share of events fails.
    Share(Decimal),
    /// There is no data.
    Gone,
}

fn failure(text: &str) -> Result<Failure, String> {
    if text == "gone" { Ok(Failure::Gone) } else { quantity::share(text).map(Failure::Share) }
}

fn label(text: &str) -> Result<(String, String), String> {
    let wrong = || format!("expected a label with its value, as in `region=eu`, found `{text}`");
    let (label, value) = text.split_once('=').ok_or_else(wrong)?;
    Ok((label.trim().to_owned(), value.trim_matches('"').to_owned()))
}

/// What `promql` takes.
#[derive(Args, Debug)]
pub(crate) struct PromqlArguments {
    /// The expression; `-` reads one from each line of standard input
    #[arg(value_name = "EXPR", allow_hyphen_values = true)]
    pub(crate) expr: String,
    /// What the expression is part of
    #[arg(long, value_enum, value_name = "DIALECT", default_value_t = Language::Rule)]
    pub(crate) dialect: Language,
    /// The Prometheus that runs it, such as 2.45; the newest one by default
    #[arg(long, value_name = "VERSION")]
    pub(crate) target_version: Option<Version>,
    /// A feature that is enabled there, as Prometheus's own flag names it
    #[arg(long, value_name = "FEATURE", value_parser = feature)]
    pub(crate) enable_feature: Vec<Flag>,
    /// A metric catalogue, or an exporter whose catalogue comes with slosmith; before those of the project file
    #[arg(long, value_name = "FILE|NAME", value_parser = catalogue)]
    pub(crate) metrics: Vec<String>,
}

/// What an expression is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    /// A Prometheus rule.
    Rule,
    /// An SLI of a spec, with `$window`.
    Sli,
    /// A Grafana dashboard, with its variables.
    Dashboard,
}

/// The file of a metric catalogue, or the name of an exporter.
fn catalogue(entry: &str) -> Result<String, String> {
    if is_file(entry) || exporter(entry).is_some() {
        return Ok(entry.to_owned());
    }
    let names: Vec<&str> = EXPORTERS.iter().map(|(name, _)| *name).collect();
    Err(match suggest(entry, names.clone()) {
        Some(meant) => format!("no exporter of that name is known; did you mean `{meant}`?"),
        None => format!("name a file, as in metrics.yaml, or one of {}", names.join(", ")),
    })
}

fn feature(name: &str) -> Result<Flag, String> {
    Flag::ALL.into_iter().find(|flag| flag.as_str() == name).ok_or_else(|| {
        let names: Vec<&str> = Flag::ALL.iter().map(|flag| flag.as_str()).collect();
        format!("PromQL knows {}", names.join(", "))
    })
}

/// Where a metric catalogue comes from.
#[derive(Debug, Subcommand)]
pub(crate) enum Metrics {
    /// Read what a /metrics page gives, in Prometheus's text format or OpenMetrics
    #[command(after_help = "\
Examples:
  curl -s http://localhost:8000/metrics | slosmith metrics read -
  slosmith metrics read backend.prom celery.prom
  slosmith metrics read node.prom --to -      print the catalogue, write nothing

What the catalogue holds stays: new metrics, labels and values are added. It takes effect once the project file
has `metrics: [metrics.yaml]`.")]
    Read {
        /// Expositions; `-` reads standard input
        #[arg(required = true, value_name = "FILE")]
        files: Vec<String>,
        #[command(flatten)]
        to: To,
    },
    /// Ask a Prometheus server for the metrics that the specs name
    #[command(after_help = "\
Examples:
  slosmith metrics pull http://localhost:9090
  slosmith metrics pull https://prometheus.shop.example --user ci --password-file /run/secrets/prometheus
  SLOSMITH_TOKEN=... slosmith metrics pull https://mimir.shop.example/prometheus --all --limit 500

The series of the last hour are looked at. What the catalogue holds stays, as with `metrics read`.")]
    Pull(Pull),
}

/// What `metrics pull` takes.
#[derive(Args, Debug)]
pub(crate) struct Pull {
    /// The server, as in `http://localhost:9090`
    #[arg(value_name = "URL")]
    pub(crate) url: String,
    /// Ask for every metric that the server has, and not only for those that the specs name
    #[arg(long)]
    pub(crate) all: bool,
    /// The most metrics to ask for
    #[arg(long, value_name = "COUNT", default_value_t = 2000)]
    pub(crate) limit: usize,
    /// The most seconds that an answer may take
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    pub(crate) timeout: u64,
    /// The name for basic authentication
    #[arg(long, value_name = "NAME")]
    pub(crate) user: Option<String>,
    /// The file of the password; without it, the variable `SLOSMITH_PASSWORD`
    #[arg(long, value_name = "FILE", requires = "user")]
    pub(crate) password_file: Option<String>,
    /// The file of a bearer token; without it, the variable `SLOSMITH_TOKEN`
    #[arg(long, value_name = "FILE", conflicts_with = "user")]
    pub(crate) token_file: Option<String>,
    #[arg(long, env = "SLOSMITH_PASSWORD", hide = true, hide_env_values = true)]
    pub(crate) password: Option<String>,
    #[arg(long, env = "SLOSMITH_TOKEN", hide = true, hide_env_values = true)]
    pub(crate) token: Option<String>,
    #[command(flatten)]
    pub(crate) to: To,
}

/// Where a metric catalogue goes.
#[derive(Args, Debug)]
pub(crate) struct To {
    /// The catalogue to add to; `-` prints it alone
    #[arg(short = 'o', long = "to", value_name = "FILE", default_value = "metrics.yaml")]
    pub(crate) to: String,
}

/// What `render` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// The rule file of the service.
    Rules,
    /// The dashboard of the service, as JSON.
    Dashboard,
    /// The runbook pages of its SLOs and alerts, as Markdown.
    Runbook,
}
