//! The Alertmanager that the routes are for.

use crate::diag::{Code, Diagnostic, Sink};
use crate::promql::Version;
use crate::source::Text;

/// The newest version that is known here.
const LATEST: Version = Version::new(0, 34);
/// The oldest one that reads every secret but those of webhooks from files, and knows time zones.
const OLDEST: Version = Version::new(0, 25);

/// Reads the version; without a word of it, the newest one.
pub(super) fn version(text: Option<&Text>, sink: &mut Sink) -> Version {
    let Some(text) = text else { return LATEST };
    let mut parts = text.value.trim_start_matches('v').splitn(3, '.').map(str::parse::<u16>);
    let (Some(Ok(major)), Some(Ok(minor))) = (parts.next(), parts.next()) else {
        let message = format!("expected a version of Alertmanager such as `0.28`, found `{}`", text.value);
        let diagnostic = Diagnostic::new(Code::UnknownValue, text.span, message);
        sink.push(diagnostic.help("write the version that `alertmanager --version` prints, in quotes"));
        return LATEST;
    };
    let version = Version::new(major, minor);
    if version < OLDEST {
        let message = format!("Alertmanager {version} is older than {OLDEST}, the oldest one that is written for");
        let diagnostic = Diagnostic::new(Code::UnknownValue, text.span, message);
        sink.push(diagnostic.note("older ones cannot read the secrets of PagerDuty and e-mail from files"));
    }
    version
}
