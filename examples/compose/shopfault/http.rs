//! As much of HTTP/1.1 as Prometheus, Alertmanager and curl need: one request for each connection.

use std::io::{BufRead, BufReader, Error, ErrorKind, Read, Result, Write};
use std::net::{TcpListener, TcpStream, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;

/// The longest head or body that is read.
const MOST: u64 = 1 << 20;

/// A request.
pub struct Request {
    /// `GET`
    pub method: String,
    /// Without the query.
    pub path: String,
    /// Names and values of the query, decoded.
    pub query: Vec<(String, String)>,
    /// The body, if it is text.
    pub body: String,
}

impl Request {
    /// The value of a parameter.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

/// A status and a text.
pub struct Answer {
    /// `200 OK`
    pub status: &'static str,
    /// What is said.
    pub text: String,
}

impl Answer {
    /// All is well.
    pub fn fine(text: impl Into<String>) -> Self {
        Self { status: "200 OK", text: text.into() }
    }

    /// The request is wrong.
    pub fn wrong(text: impl Into<String>) -> Self {
        Self { status: "400 Bad Request", text: text.into() }
    }
}

/// Answers every request, each in a thread of its own; returns only if the listener fails.
pub fn serve(listener: &TcpListener, answer: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Result<()> {
    let answer = Arc::new(answer);
    for stream in listener.incoming() {
        let (stream, answer) = (stream?, Arc::clone(&answer));
        std::thread::spawn(move || {
            // Whoever hangs up in the middle gets no answer.
            let _ = one(stream, answer.as_ref());
        });
    }
    Ok(())
}

fn one(mut stream: TcpStream, answer: &impl Fn(&Request) -> Answer) -> Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let answer = match read(&stream) {
        Ok(request) => answer(&request),
        Err(error) => Answer::wrong(format!("{error}\n")),
    };
    let Answer { status, text } = answer;
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        text.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(text.as_bytes())
}

fn read(stream: &TcpStream) -> Result<Request> {
    let mut reader = BufReader::new(stream.take(2 * MOST));
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split_whitespace();
    let (Some(method), Some(target)) = (words.next(), words.next()) else {
        return Err(Error::new(ErrorKind::InvalidData, "no request"));
    };
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let (method, path, query) = (method.to_owned(), path.to_owned(), parameters(query));
    let mut length = 0;
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header)? == 0 || header.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = header.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let mut body = Vec::new();
    reader.take(length.min(MOST)).read_to_end(&mut body)?;
    Ok(Request { method, path, query, body: String::from_utf8_lossy(&body).into_owned() })
}

fn parameters(query: &str) -> Vec<(String, String)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name), decoded(value))
        })
        .collect()
}

/// A text without its `%XX`; what is no such escape stays.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        let digits = behind.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let escaped = digits.filter(|_| first == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(escaped.unwrap_or(if first == b'+' { b' ' } else { first }));
        rest = if escaped.is_some() { &behind[2..] } else { behind };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Whether something answers at an address; an error if not.
pub fn is_healthy(address: &str) -> Result<()> {
    let failed = || Error::new(ErrorKind::NotFound, format!("nothing at {address}"));
    let target = address.to_socket_addrs()?.next().ok_or_else(failed)?;
    let mut stream = TcpStream::connect_timeout(&target, Duration::from_secs(2))?;
    stream.set_read_timeout(Some(Duration::from_secs(2)))?;
    stream.write_all(b"GET /health HTTP/1.1\r\nHost: shopfault\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    if answer.starts_with("HTTP/1.1 200") { Ok(()) } else { Err(failed()) }
}
