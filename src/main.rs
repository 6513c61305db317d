//! Hands the command line to `cli`, and its answer to the shell.

mod cli;

fn main() -> std::process::ExitCode {
    cli::run()
}
