//! Samples as Prometheus's remote write takes them: a protobuf message, in Snappy's frame without compression.

use slosmith::compare::Labels;

/// The value of a sample that says that its series is not there any more.
const STALE: u64 = 0x7ff0_0000_0000_0002;

/// Appends a series to a message; times are counted from `start`, in Unix milliseconds.
pub(super) fn push_series(message: &mut Vec<u8>, labels: &Labels, samples: &[(i64, Option<f64>)], start: i64) {
    let mut series = Vec::with_capacity(samples.len() * 20 + 200);
    for (name, value) in labels {
        let mut label = Vec::new();
        push_bytes(&mut label, 1, name.as_bytes());
        push_bytes(&mut label, 2, value.as_bytes());
        push_bytes(&mut series, 1, &label);
    }
    for (at, value) in samples {
        let mut sample = vec![0x09];
        sample.extend(value.map_or(STALE, f64::to_bits).to_le_bytes());
        sample.push(0x10);
        push_varint(&mut sample, (start + at).unsigned_abs());
        push_bytes(&mut series, 2, &sample);
    }
    push_bytes(message, 1, &series);
}

fn push_bytes(out: &mut Vec<u8>, field: u8, bytes: &[u8]) {
    out.push(field << 3 | 2);
    push_varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

#[expect(clippy::cast_possible_truncation, reason = "seven bits at a time")]
fn push_varint(out: &mut Vec<u8>, mut number: u64) {
    while number > 0x7f {
        out.push(number as u8 & 0x7f | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// The message in Snappy's format, as literals alone.
pub(super) fn packed(message: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(message.len() + message.len() / 60_000 * 3 + 16);
    push_varint(&mut out, message.len() as u64);
    for part in message.chunks(0x1_0000) {
        // A literal with its length less one in two bytes.
        out.push(61 << 2);
        let [low, high, ..] = (part.len() - 1).to_le_bytes();
        out.extend([low, high]);
        out.extend_from_slice(part);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_is_the_message_that_its_schema_says() {
        let mut message = Vec::new();
        let labels = vec![("__name__".to_owned(), "up".to_owned())];
        push_series(&mut message, &labels, &[(1, Some(1.0)), (300, None)], 0);
        let wanted: &[&[u8]] = &[
            &[0x0a, 43, 0x0a, 14, 0x0a, 8],
            b"__name__",
            &[0x12, 2],
            b"up",
            &[0x12, 11, 0x09, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0x10, 1],
            &[0x12, 12, 0x09, 2, 0, 0, 0, 0, 0, 0xf0, 0x7f, 0x10, 0xac, 2],
        ];
        assert_eq!(message, wanted.concat());
    }

    #[test]
    fn literals_hold_what_they_say() {
        assert_eq!(packed(b"abc"), [3, 244, 2, 0, b'a', b'b', b'c']);
        let long = packed(&vec![7; 70_000]);
        assert_eq!(long.len(), 70_000 + 3 + 2 * 3);
        assert_eq!(long[..6], [0xf0, 0xa2, 4, 244, 0xff, 0xff]);
    }
}
