//! Time zones of the IANA database, as a table of their clock changes.

use jiff::Timestamp;
use jiff::tz::{TimeZone, TimeZoneDatabase};

use crate::diag::{Code, Diagnostic, Sink};
use crate::model::{ClockChange, Zone};
use crate::source::Text;
use crate::suggest::suggest;

/// The table begins with 2025 and ends with 2037, in Unix seconds.
const FROM: i64 = 1_735_689_600;
const UNTIL: i64 = 2_145_916_800;

/// Reads the name of a zone.
pub(super) fn zone(text: &Text, sink: &mut Sink) -> Option<Zone> {
    let database = TimeZoneDatabase::bundled();
    let known = database.get(&text.value).ok().filter(|zone| zone.iana_name() == Some(&text.value));
    let zone = known.as_ref().and_then(|zone| table(&text.value, zone));
    if zone.is_none() {
        sink.push(unknown(text, &database));
    }
    zone
}

/// The clock changes of a zone within the years of the table.
fn table(name: &str, zone: &TimeZone) -> Option<Zone> {
    let from = Timestamp::from_second(FROM).ok()?;
    let offset = i64::from(zone.to_offset(from).seconds());
    let mut changes: Vec<ClockChange> = Vec::new();
    for transition in zone.following(from) {
        let at = transition.timestamp().as_second();
        if at >= UNTIL {
            break;
        }
        let next = i64::from(transition.offset().seconds());
        // Some changes are of the name only.
        if changes.last().map_or(offset, |change| change.offset) != next {
            changes.push(ClockChange { at, offset: next });
        }
    }
    Some(Zone { name: name.to_owned(), offset, changes })
}

fn unknown(text: &Text, database: &TimeZoneDatabase) -> Diagnostic {
    let message = format!("`{}` is no time zone", text.value);
    let diagnostic = Diagnostic::new(Code::UnknownTimezone, text.span, message);
    let names: Vec<String> = database.available().map(|name| name.as_str().to_owned()).collect();
    let same = names.iter().find(|name| name.eq_ignore_ascii_case(&text.value)).map(String::as_str);
    let city = || {
        let end = format!("/{}", text.value.trim().replace(' ', "_"));
        names.iter().find(|name| name.to_ascii_lowercase().ends_with(&end.to_ascii_lowercase())).map(String::as_str)
    };
    match same.or_else(|| suggest(&text.value, names.iter().map(String::as_str))).or_else(city) {
        Some(name) => diagnostic.replace(format!("did you mean `{name}`?"), text.span, name),
        None => diagnostic.help("write a name of the IANA database, as in `Europe/Paris`, or `UTC`"),
    }
}
