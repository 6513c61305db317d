//! The binary: the command line, the terminal, the environment and exit statuses; nothing else knows of them.

mod args;
mod backfill;
mod build;
mod cache;
mod check;
mod compare;
mod convert;
mod docs;
mod explain;
mod init;
mod input;
mod metrics;
mod lint;
mod panic;
mod project;
mod promql;
mod pull;
mod quantity;
mod render;
mod routes;
mod select;
mod show;
mod simulate;
mod table;
mod terminal;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

use args::{Arguments, Command};
use terminal::Terminal;

/// How a command ended, if the system did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Nothing is wrong.
    Fine,
    /// The input has problems, or the generated files differ from it.
    Problems,
    /// The command was asked for something that does not exist.
    Usage,
}

/// Runs the command line; its exit status is 0 if all is fine, 1 for problems or drift, 2 for usage and failures.
pub(crate) fn run() -> ExitCode {
    panic::install();
    let arguments = Arguments::parse();
    let terminal = Terminal::new(&arguments.common);
    let outcome = command(&arguments, &terminal).and_then(|outcome| terminal.finish().map(|()| outcome));
    match outcome {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::Problems) => ExitCode::from(1),
        Ok(Outcome::Usage) => ExitCode::from(2),
        Err(error) => {
            terminal.failure(&error);
            ExitCode::from(2)
        }
    }
}

fn command(arguments: &Arguments, terminal: &Terminal) -> Result<Outcome> {
    let common = &arguments.common;
    match &arguments.command {
        Command::Build(caching) => build::build(caching, common, terminal),
        Command::Check(caching) => check::check(caching, common, terminal),
        Command::Convert(arguments) => convert::convert(arguments, common, terminal),
        Command::Render { file, kind } => render::render(file, *kind, common, terminal),
        Command::Docs { site } => docs::docs(site, common, terminal),
        Command::Explain { slug } => explain::explain(slug.as_deref(), terminal),
        Command::Lint { paths, metrics } => lint::lint(paths, metrics, common, terminal),
        Command::Promql(arguments) => promql::promql(arguments, common, terminal),
        Command::Metrics { command } => metrics::metrics(command, common, terminal),
        Command::Simulate(arguments) => simulate::simulate(arguments, common, terminal),
        Command::Compare(arguments) => compare::compare(arguments, common, terminal),
        Command::Backfill(arguments) => backfill::backfill(arguments, common, terminal),
        Command::Show(arguments) => show::show(arguments, common, terminal),
        Command::Routes { command } => routes::routes(command.as_ref(), common, terminal),
        Command::Init { folder } => init::init(&common.directory.join(folder), terminal),
    }
}
