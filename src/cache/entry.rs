//! An entry of the cache as text: its key, counts, a line per file, and a checksum of all of that.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::{Counts, Fingerprint};

/// The first word of every entry; a new form of entries needs a new one.
const FORM: &str = "slosmith-compiled-1";

/// What some sources compile to without any problem.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// What was compiled.
    pub counts: Counts,
    /// The files, sorted by path.
    pub files: Vec<Fingerprint>,
}

/// The text of an entry.
pub(super) fn print(entry: &Entry, key: &str) -> String {
    let Counts { services, slos, recording_rules, alerts, dashboards, runbooks } = entry.counts;
    let mut text = format!("{FORM} {key}\n{services} {slos} {recording_rules} {alerts} {dashboards} {runbooks}\n");
    for file in &entry.files {
        let _ = writeln!(text, "{} {} {}", hexadecimal(&file.sha256), file.length, file.path);
    }
    let checksum = hexadecimal(&Sha256::digest(text.as_bytes()));
    text.push_str(&checksum);
    text.push('\n');
    text
}

/// Reads an entry; nothing unless every byte is as it was printed for this key.
pub(super) fn parse(text: &str, key: &str) -> Option<Entry> {
    let (body, checksum) = text.split_at_checked(text.len().checked_sub(65)?)?;
    if checksum.trim_end() != hexadecimal(&Sha256::digest(body.as_bytes())) {
        return None;
    }
    let mut lines = body.lines();
    if lines.next()? != format!("{FORM} {key}") {
        return None;
    }
    Some(Entry { counts: counts(lines.next()?)?, files: lines.map(file).collect::<Option<_>>()? })
}

fn counts(line: &str) -> Option<Counts> {
    let numbers: Vec<usize> = line.split(' ').map(|number| number.parse().ok()).collect::<Option<_>>()?;
    let [services, slos, recording_rules, alerts, dashboards, runbooks] = numbers[..] else { return None };
    Some(Counts { services, slos, recording_rules, alerts, dashboards, runbooks })
}

fn file(line: &str) -> Option<Fingerprint> {
    let (checksum, rest) = line.split_once(' ')?;
    let (length, path) = rest.split_once(' ')?;
    Some(Fingerprint { path: path.to_owned(), length: length.parse().ok()?, sha256: bytes(checksum)? })
}

/// Bytes as hexadecimal digits.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn bytes(digits: &str) -> Option<[u8; 32]> {
    if digits.len() != 64 || !digits.is_ascii() {
        return None;
    }
    let mut bytes = [0; 32];
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(digits.get(2 * index..2 * index + 2)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        let file = |path: &str, byte| Fingerprint { path: path.to_owned(), length: 7, sha256: [byte; 32] };
        let counts = Counts { services: 1, slos: 2, recording_rules: 3, alerts: 4, dashboards: 5, runbooks: 6 };
        Entry { counts, files: vec![file("a b/c.yaml", 0x0f), file("d.md", 0xf0)] }
    }

    #[test]
    fn an_entry_is_read_as_it_was_printed() {
        assert_eq!(parse(&print(&entry(), "key"), "key"), Some(entry()));
        assert_eq!(parse(&print(&Entry::default(), "key"), "key"), Some(Entry::default()));
    }

    #[test]
    fn no_other_text_is_an_entry() {
        let text = print(&entry(), "key");
        assert_eq!(parse(&text, "other"), None);
        for end in 0..text.len() {
            assert_eq!(parse(&text[..end], "key"), None, "the first {end} bytes");
        }
        for at in 0..text.len() - 1 {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1;
            assert_eq!(parse(&String::from_utf8(bytes).unwrap(), "key"), None, "byte {at}");
        }
    }
}
