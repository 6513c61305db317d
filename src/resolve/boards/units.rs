//! Units: Grafana's names, and whether they fit what an expression measures.

use smol_str::SmolStr;

use super::dimension::Dimension;
use crate::diag::{Code, Diagnostic, Sink, suggest};
use crate::source::{Span, Text};

/// What a unit measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// No unit.
    Plain,
    /// A share, 1 for all.
    Ratio,
    /// A share, 100 for all.
    Percent,
    /// Seconds.
    Seconds,
    /// A time that is not in seconds.
    OtherTime,
    /// Bytes.
    Bytes,
    /// Other amounts of data.
    OtherData,
    /// Bytes each second.
    ByteRate,
    /// Bits each second.
    BitRate,
    /// Things each second.
    Rate,
    /// Anything else.
    Other,
}

/// Grafana's units, as far as boards of services need them.
const UNITS: &[(&str, Kind)] = &[
    ("none", Kind::Plain),
    ("short", Kind::Plain),
    ("sishort", Kind::Plain),
    ("locale", Kind::Plain),
    ("string", Kind::Other),
    ("hex", Kind::Other),
    ("hex0x", Kind::Other),
    ("sci", Kind::Plain),
    ("percentunit", Kind::Ratio),
    ("percent", Kind::Percent),
    ("s", Kind::Seconds),
    ("dtdurations", Kind::Seconds),
    ("clocks", Kind::Seconds),
    ("dthms", Kind::Seconds),
    ("ms", Kind::OtherTime),
    ("µs", Kind::OtherTime),
    ("ns", Kind::OtherTime),
    ("m", Kind::OtherTime),
    ("h", Kind::OtherTime),
    ("d", Kind::OtherTime),
    ("dtdurationms", Kind::OtherTime),
    ("timeticks", Kind::OtherTime),
    ("clockms", Kind::OtherTime),
    ("hertz", Kind::Rate),
    ("dateTimeAsIso", Kind::Other),
    ("dateTimeFromNow", Kind::Other),
    ("dateTimeAsLocal", Kind::Other),
    ("dateTimeAsSystem", Kind::Other),
    ("dateTimeAsUS", Kind::Other),
    ("bytes", Kind::Bytes),
    ("decbytes", Kind::Bytes),
    ("bits", Kind::OtherData),
    ("decbits", Kind::OtherData),
    ("kbytes", Kind::OtherData),
    ("mbytes", Kind::OtherData),
    ("gbytes", Kind::OtherData),
    ("deckbytes", Kind::OtherData),
    ("decmbytes", Kind::OtherData),
    ("decgbytes", Kind::OtherData),
    ("Bps", Kind::ByteRate),
    ("binBps", Kind::ByteRate),
    ("KBs", Kind::OtherData),
    ("MBs", Kind::OtherData),
    ("GBs", Kind::OtherData),
    ("KiBs", Kind::OtherData),
    ("MiBs", Kind::OtherData),
    ("GiBs", Kind::OtherData),
    ("bps", Kind::BitRate),
    ("binbps", Kind::BitRate),
    ("Kbits", Kind::OtherData),
    ("Mbits", Kind::OtherData),
    ("Gbits", Kind::OtherData),
    ("pps", Kind::Rate),
    ("cps", Kind::Rate),
    ("ops", Kind::Rate),
    ("reqps", Kind::Rate),
    ("rps", Kind::Rate),
    ("wps", Kind::Rate),
    ("iops", Kind::Rate),
    ("eps", Kind::Rate),
    ("mps", Kind::Rate),
    ("recps", Kind::Rate),
    ("rowsps", Kind::Rate),
    ("cpm", Kind::Other),
    ("opm", Kind::Other),
    ("rpm", Kind::Other),
    ("wpm", Kind::Other),
    ("reqpm", Kind::Other),
    ("currencyUSD", Kind::Other),
    ("currencyEUR", Kind::Other),
    ("currencyGBP", Kind::Other),
    ("currencyJPY", Kind::Other),
    ("currencyCHF", Kind::Other),
    ("currencyINR", Kind::Other),
    ("celsius", Kind::Other),
    ("fahrenheit", Kind::Other),
    ("kelvin", Kind::Other),
    ("humidity", Kind::Other),
    ("watt", Kind::Other),
    ("kwatt", Kind::Other),
    ("watth", Kind::Other),
    ("kwatth", Kind::Other),
    ("joule", Kind::Other),
    ("volt", Kind::Other),
    ("amp", Kind::Other),
    ("rotrpm", Kind::Other),
    ("lengthm", Kind::Other),
    ("degree", Kind::Other),
    ("bool", Kind::Plain),
    ("bool_yes_no", Kind::Plain),
    ("bool_on_off", Kind::Plain),
];
/// What units of one's own begin with.
const OWN: [&str; 6] = ["suffix:", "prefix:", "time:", "si:", "count:", "currency:"];
/// What people write, and what Grafana calls it.
const OTHER_NAMES: [(&str, &str); 14] = [
    ("%", "percentunit"),
    ("ratio", "percentunit"),
    ("seconds", "s"),
    ("sec", "s"),
    ("milliseconds", "ms"),
    ("us", "µs"),
    ("byte", "bytes"),
    ("B", "bytes"),
    ("bytes/s", "Bps"),
    ("bits/s", "bps"),
    ("req/s", "reqps"),
    ("usd", "currencyUSD"),
    ("eur", "currencyEUR"),
    ("count", "short"),
];

/// Reads a unit; what Grafana does not know is shown as it is written, and so is only worth a look.
pub(super) fn unit(text: &Text, sink: &mut Sink) -> SmolStr {
    let name = text.value.as_str();
    if kind(name).is_some() {
        return name.into();
    }
    let message = format!("Grafana has no unit `{name}`");
    let diagnostic = Diagnostic::new(Code::UnknownUnit, text.span, message);
    let other = OTHER_NAMES.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, unit)| *unit);
    sink.push(match other.or_else(|| suggest(name, UNITS.iter().map(|(unit, _)| *unit))) {
        Some(meant) => diagnostic.replace(format!("did you mean `{meant}`?"), text.span, meant),
        None => diagnostic.help(format!("to show it behind the number, write `\"suffix: {name}\"`")),
    });
    name.into()
}

fn kind(name: &str) -> Option<Kind> {
    let own = OWN.iter().any(|prefix| name.starts_with(prefix));
    if own {
        return Some(Kind::Other);
    }
    UNITS.iter().find(|(unit, _)| *unit == name).map(|(_, kind)| *kind)
}

/// The unit that fits what an expression measures.
pub(super) fn fitting(dimension: Dimension) -> Option<&'static str> {
    match dimension {
        Dimension::Seconds => Some("s"),
        Dimension::Bytes => Some("bytes"),
        Dimension::BytesPerSecond => Some("Bps"),
        Dimension::BitsPerSecond => Some("bps"),
        Dimension::Ratio => Some("percentunit"),
        Dimension::Percent => Some("percent"),
        Dimension::PerSecond => Some("ops"),
        Dimension::Count | Dimension::SecondsPerSecond | Dimension::Number | Dimension::Unknown => None,
    }
}

/// Reports a unit that shows another quantity than the expression has.
pub(in crate::resolve) fn fit(unit: &Text, dimension: Dimension, expr: Span, sink: &mut Sink) {
    let Some(kind) = kind(&unit.value) else { return };
    let (what, good): (&str, &[Kind]) = match dimension {
        Dimension::Seconds => ("seconds", &[Kind::Seconds]),
        Dimension::SecondsPerSecond => ("seconds each second", &[Kind::Ratio, Kind::Plain]),
        Dimension::Bytes => ("bytes", &[Kind::Bytes]),
        Dimension::BytesPerSecond => ("bytes each second", &[Kind::ByteRate]),
        Dimension::BitsPerSecond => ("bits each second", &[Kind::BitRate]),
        Dimension::Ratio => ("a ratio, 1 for all", &[Kind::Ratio]),
        Dimension::Percent => ("a share in percent, 100 for all", &[Kind::Percent]),
        Dimension::PerSecond => ("a number each second", &[Kind::Rate]),
        Dimension::Count => ("a count", &[]),
        Dimension::Number | Dimension::Unknown => return,
    };
    // A count can be of anything but shares, times and data.
    let is_fine = matches!(kind, Kind::Plain | Kind::Other) || good.contains(&kind);
    if is_fine {
        return;
    }
    let message = format!("the unit `{}` does not fit: the expression is {what}", unit.value);
    let diagnostic = Diagnostic::new(Code::UnitMismatch, unit.span, message).secondary(expr, format!("this is {what}"));
    sink.push(match fitting(dimension) {
        Some(fitting) => diagnostic.replace(format!("write `{fitting}`"), unit.span, fitting),
        None => diagnostic.help("write `short`, or leave the unit out"),
    });
}
