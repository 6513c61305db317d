//! The values of Go's quoted strings and numbers.

/// The text of a string with its quotes; `None` if an escape is none of Go's.
pub(super) fn unquote(literal: &str) -> Option<String> {
    let inner = literal.get(1..literal.len().checked_sub(1)?)?;
    if literal.starts_with('`') {
        return Some(inner.replace('\r', ""));
    }
    let mut bytes = Vec::new();
    let mut rest = inner;
    while let Some(at) = rest.find('\\') {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        rest = escape(&rest[at + 1..], &mut bytes)?;
    }
    bytes.extend_from_slice(rest.as_bytes());
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// Adds what an escape stands for, and returns the text behind it.
fn escape<'a>(text: &'a str, out: &mut Vec<u8>) -> Option<&'a str> {
    let character = text.chars().next()?;
    let simple = match character {
        'a' => 7,
        'b' => 8,
        't' => b'\t',
        'n' => b'\n',
        'v' => 11,
        'f' => 12,
        'r' => b'\r',
        '\\' | '"' | '\'' => u8::try_from(character).ok()?,
        'x' => return byte(text, 1..3, 16, out),
        '0'..='7' => return byte(text, 0..3, 8, out),
        'u' => return scalar(text, 5, out),
        'U' => return scalar(text, 9, out),
        _ => return None,
    };
    out.push(simple);
    text.get(1..)
}

fn byte<'a>(text: &'a str, digits: std::ops::Range<usize>, radix: u32, out: &mut Vec<u8>) -> Option<&'a str> {
    let end = digits.end;
    out.push(u8::from_str_radix(unsigned(text.get(digits)?)?, radix).ok()?);
    text.get(end..)
}

fn scalar<'a>(text: &'a str, end: usize, out: &mut Vec<u8>) -> Option<&'a str> {
    let value = char::from_u32(u32::from_str_radix(unsigned(text.get(1..end)?)?, 16).ok()?)?;
    out.extend_from_slice(value.encode_utf8(&mut [0; 4]).as_bytes());
    text.get(end..)
}

/// Digits without a sign, which Rust would accept.
fn unsigned(digits: &str) -> Option<&str> {
    if digits.starts_with(['+', '-']) { None } else { Some(digits) }
}

/// Whether a text is a number of Go: an integer in any base, a float, or a complex number.
pub(super) fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if let Some(real) = unsigned.strip_suffix('i') {
        let split = real
            .char_indices()
            .skip(1)
            .find(|(at, it)| matches!(it, '+' | '-') && !real[..*at].ends_with(['e', 'E', 'p', 'P']));
        return match split {
            Some((at, _)) => is_real(&real[..at]) && is_real(&real[at + 1..]),
            None => is_real(real),
        };
    }
    is_real(unsigned)
}

/// Whether a text is a number without a sign.
fn is_real(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let digits = |text: &str, radix: u32| !text.is_empty() && text.chars().all(|it| it == '_' || it.is_digit(radix));
    if let Some(hex) = lower.strip_prefix("0x") {
        let (mantissa, exponent) = hex.split_once('p').map_or((hex, None), |(left, right)| (left, Some(right)));
        let is_mantissa = digits(&mantissa.replacen('.', "", 1), 16);
        return is_mantissa && exponent.map_or(!mantissa.contains('.'), is_exponent);
    }
    if let Some(octal) = lower.strip_prefix("0o") {
        return digits(octal, 8);
    }
    if let Some(binary) = lower.strip_prefix("0b") {
        return digits(binary, 2);
    }
    let (mantissa, exponent) =
        lower.split_once('e').map_or((lower.as_str(), None), |(left, right)| (left, Some(right)));
    digits(&mantissa.replacen('.', "", 1), 10) && exponent.is_none_or(is_exponent)
}

fn is_exponent(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    !digits.is_empty() && digits.chars().all(|it| it.is_ascii_digit())
}
