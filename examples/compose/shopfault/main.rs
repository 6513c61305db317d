//! shopfault: serves the metrics of a small shop under load, fails when told to, and prints what a webhook gets.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "a program of its own, which talks to whoever started it and tells the time"
)]

mod fault;
mod http;
mod shop;
mod webhook;

use std::net::TcpListener;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use shop::Shop;

const HELP: &str = "\
shopfault serves the metrics of a small shop under load, and fails when told to.

  shopfault serve [--listen ADDRESS]     metrics, probes and faults; 127.0.0.1:8000 unless said otherwise
  shopfault webhook [--listen ADDRESS]   prints what Alertmanager sends; 127.0.0.1:9095 unless said otherwise
  shopfault health ADDRESS               exit status 0 if a shopfault answers there

  GET    /metrics/backend, /metrics/api-gateway   as Prometheus scrapes them
  GET    /probe?target=URL                        as the blackbox exporter answers
  POST   /fault?service=NAME&errors=50%25         half of its requests fail; also slow=SHARE, down=true, for=SECONDS
  DELETE /fault[?service=NAME]                    ends the faults
  GET    /faults                                  what is broken now
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["serve"] => serve("127.0.0.1:8000"),
        ["serve", "--listen", address] => serve(address),
        ["webhook"] => webhook::serve("127.0.0.1:9095"),
        ["webhook", "--listen", address] => webhook::serve(address),
        ["health", address] => http::is_healthy(address),
        ["--help" | "-h" | "help"] => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprint!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("shopfault: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Serves the shop until the process ends.
fn serve(address: &str) -> std::io::Result<()> {
    let listener = TcpListener::bind(address)?;
    let shop = Arc::new(Mutex::new(Shop::new()));
    let ticking = Arc::clone(&shop);
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(Duration::from_millis(100));
            shop::locked(&ticking).advance();
        }
    });
    println!("shopfault: serving at {}", listener.local_addr()?);
    http::serve(&listener, move |request| shop::answer(&shop, request))
}
