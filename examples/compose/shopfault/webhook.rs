//! Prints what Alertmanager sends, one line for each notification; `GET /received` gives all of them again.

use std::io::Result;
use std::net::TcpListener;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::http::{self, Answer, Request};

/// The most notifications that are kept.
const MOST: usize = 1_000;

/// Serves until the process ends.
pub fn serve(address: &str) -> Result<()> {
    let listener = TcpListener::bind(address)?;
    println!("shopfault: waiting for notifications at {}", listener.local_addr()?);
    let received = Arc::new(Mutex::new(Vec::new()));
    http::serve(&listener, move |request| {
        let mut received = received.lock().unwrap_or_else(PoisonError::into_inner);
        answer(request, &mut received)
    })
}

fn answer(request: &Request, received: &mut Vec<String>) -> Answer {
    match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/received") => Answer::fine(received.concat()),
        ("POST", path) => {
            let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64());
            let body = request.body.trim().replace('\n', " ");
            let line = format!(
                "{{\"at\":{seconds:.3},\"receiver\":\"{}\",\"notification\":{body}}}\n",
                path.trim_start_matches('/')
            );
            print!("{line}");
            if received.len() < MOST {
                received.push(line);
            }
            Answer::fine("")
        }
        _ => Answer::fine("waiting for notifications\n"),
    }
}
