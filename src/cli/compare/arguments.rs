//! What `compare` takes on the command line.

use std::path::PathBuf;

use clap::Args;
use rust_decimal::Decimal;

use slosmith::compare::Incident;
use slosmith::diag::suggest;
use slosmith::model::Duration;

use crate::cli::quantity;

/// What `compare` takes.
#[derive(Args, Debug)]
pub(crate) struct CompareArguments {
    /// Rules, or specs that compile to rules
    #[arg(value_name = "A")]
    pub(crate) a: String,
    /// The other ones
    #[arg(value_name = "B")]
    pub(crate) b: String,
    /// The spec of the SLO, if neither A nor B is one; `#NAME` names one of several
    #[arg(long, value_name = "FILE#NAME")]
    pub(crate) slo: Option<String>,
    /// What happens; all of it by default
    #[arg(long, value_name = "INCIDENT", value_delimiter = ',', value_parser = incident)]
    pub(crate) incident: Vec<Incident>,
    /// How many events there are when nothing happens; 100/s by default
    #[arg(long, value_name = "RATE", value_parser = quantity::rate)]
    pub(crate) requests: Option<Decimal>,
    /// How many raw series a selector matches, for the samples that are read; 1000 by default, as many as there are where gauges are sampled
    #[arg(long, value_name = "COUNT", value_parser = quantity::count)]
    pub(crate) series: Option<u64>,
    /// How much data there is before an incident; the SLO's period by default
    #[arg(long, value_name = "DURATION", value_parser = quantity::length)]
    pub(crate) history: Option<Duration>,
    /// How often groups are evaluated that do not say it; 30s by default
    #[arg(long, value_name = "DURATION", value_parser = quantity::length)]
    pub(crate) evaluation_interval: Option<Duration>,
    /// The expression of the period's error ratio in A, if it is none that is known
    #[arg(long, value_name = "EXPR")]
    pub(crate) ratio_a: Option<String>,
    /// The same in B
    #[arg(long, value_name = "EXPR")]
    pub(crate) ratio_b: Option<String>,
    /// What A calls the SLO: the value of `slo_id`, `sloth_id` or `slo`
    #[arg(long, value_name = "ID")]
    pub(crate) id_a: Option<String>,
    /// The same in B
    #[arg(long, value_name = "ID")]
    pub(crate) id_b: Option<String>,
    /// The program of Prometheus, instead of the one on the PATH
    #[arg(long, value_name = "FILE")]
    pub(crate) prometheus: Option<PathBuf>,
    /// The width of tables, instead of the terminal's
    #[arg(long, value_name = "CHARACTERS")]
    pub(crate) width: Option<u16>,
}

/// Reads the name of an incident.
fn incident(text: &str) -> Result<Incident, String> {
    let names = || Incident::ALL.into_iter().map(Incident::name);
    Incident::ALL.into_iter().find(|incident| incident.name() == text).ok_or_else(|| {
        let meant = suggest(text, names()).map(|close| format!("; did you mean `{close}`?")).unwrap_or_default();
        format!("expected one of {}{meant}", names().collect::<Vec<_>>().join(", "))
    })
}
