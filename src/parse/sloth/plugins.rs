//! `plugin` of an indicator: the plain PromQL that a known plugin stands for.

use super::collection::{Measure, PLUGINS, Plugin, REFUSED};
use crate::diag::{Code, Diagnostic, suggest};
use crate::parse::decl::{RatioPartDecl, SliFamilyDecl};
use crate::parse::ignored::no_effect;
use crate::parse::read::{Fields, Reader};
use crate::source::{Quotes, Span, Spanned, Text, TextMap};

/// Reads `plugin: {id, options}`.
pub(super) fn plugin(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<SliFamilyDecl> {
    let mut inner = reader.written_in(fields, "plugin", "`plugin`")?;
    let entry = reader.demanded(&mut inner, "id", "id: sloth-common/kubernetes/apiserver/availability");
    let id = entry.and_then(|entry| reader.text_of(entry, "text"));
    let options = reader.text_map(&mut inner, "options");
    reader.pass_over(&inner, "Sloth");
    let id = id?;
    let Some(plugin) = PLUGINS.iter().find(|plugin| plugin.id == id.value) else {
        reader.report(unknown(&id));
        return None;
    };
    let options = Options { plugin, id: id.span, values: options };
    options.check(reader)?;
    Some(options.family())
}

fn unknown(id: &Text) -> Diagnostic {
    if let Some((_, why)) = REFUSED.iter().find(|(refused, _)| *refused == id.value) {
        let message = format!("the plugin `{}` has no counterpart in slosmith", id.value);
        return Diagnostic::new(Code::UnsupportedFeature, id.span, message)
            .note(*why)
            .help("write the queries as `events` or `raw`");
    }
    let message = format!("the plugin `{}` is not known to slosmith", id.value);
    let diagnostic = Diagnostic::new(Code::UnsupportedFeature, id.span, message);
    if let Some(close) = suggest(&id.value, PLUGINS.iter().map(|plugin| plugin.id)) {
        return diagnostic.replace(format!("did you mean `{close}`?"), id.span, close);
    }
    diagnostic
        .note("plugins of Sloth are Go programs, which do not run here; those of its common collection are built in")
        .help("write what the plugin returns as `raw`, or better its two queries as `events`")
}

/// The options of a plugin.
struct Options {
    plugin: &'static Plugin,
    /// Where its name stands.
    id: Span,
    values: Vec<(Text, Text)>,
}

impl Options {
    /// Reports options that are missing, that nobody reads, and that cannot be read.
    fn check(&self, reader: &mut Reader<'_>) -> Option<()> {
        let Plugin { id, required, optional, .. } = self.plugin;
        let known = || required.iter().chain(*optional).copied().chain(["filter"]);
        let mut fine = Some(());
        for key in *required {
            if self.get(key).is_none_or(str::is_empty) {
                let message = format!("the plugin `{id}` without its option `{key}`");
                reader.report(
                    Diagnostic::new(Code::MissingKey, self.id, message).help(format!("add `{key}` to `options`")),
                );
                fine = None;
            }
        }
        for (key, _) in self.values.iter().filter(|(key, _)| !known().any(|known| known == key.value)) {
            let diagnostic = no_effect(key.span, format!("the option `{}` has no effect on `{id}`", key.value));
            reader.report(match suggest(&key.value, known()) {
                Some(close) => diagnostic.replace(format!("did you mean `{close}`?"), key.span, close),
                None => diagnostic.help("remove it"),
            });
        }
        for (key, value) in &self.values {
            let problem = match key.value.as_str() {
                "bucket" => value.value.parse::<f64>().is_err().then_some((Code::BadNumber, "a number")),
                "exclude_errors" => truth(&value.value).is_none().then_some((Code::WrongType, "`true` or `false`")),
                _ => None,
            };
            if let Some((code, wanted)) = problem {
                let message = format!("expected {wanted} for the option `{}`, found `{}`", key.value, value.value);
                reader.report(Diagnostic::new(code, value.span, message));
                fine = None;
            }
        }
        fine
    }

    fn get(&self, key: &str) -> Option<&str> {
        self.values.iter().find(|(name, _)| name.value == key).map(|(_, value)| value.value.trim())
    }

    fn family(&self) -> SliFamilyDecl {
        let filter = self.get("filter").unwrap_or_default().trim_matches(['{', '}', ',']);
        let no_errors = self.get("exclude_errors").and_then(truth).unwrap_or_default();
        let errors = if no_errors { "code!~\"5..\"" } else { "" };
        let select = |metric: &str, matchers: &[&str]| {
            let matchers: Vec<String> =
                [filter, errors].iter().chain(matchers).filter(|it| !it.is_empty()).map(|it| self.filled(it)).collect();
            format!("{metric}{{{}}}", matchers.join(","))
        };
        let sum = |selector: String| format!("sum(rate({selector}[$window]))");
        match &self.plugin.measures {
            Measure::Failed { counter, matchers, bad } => {
                self.ratio(select(counter, &[matchers]), RatioPartDecl::Bad, select(counter, &[matchers, bad]))
            }
            Measure::FailedElsewhere { counter, failed } => {
                self.ratio(select(counter, &[]), RatioPartDecl::Bad, select(failed, &[]))
            }
            Measure::InBucket { histogram, matchers } => {
                let good = select(&format!("{histogram}_bucket"), &[matchers, "le=\"<bucket>\""]);
                let total = select(&format!("{histogram}_count"), &[matchers]);
                self.ratio(total, RatioPartDecl::Good, good)
            }
            Measure::Processed => {
                const PROCESSED: &str = "kooper_controller_processed_event_duration_seconds_count";
                const CONTROLLER: &str = "controller=\"<controller>\"";
                let all = sum(select(PROCESSED, &[CONTROLLER]));
                let requeued = sum(select("kooper_controller_queued_events_total", &[CONTROLLER, "requeue=\"true\""]));
                let failed = sum(select(PROCESSED, &[CONTROLLER, "success=\"false\""]));
                self.ratio(format!("{all} - {requeued}"), RatioPartDecl::Bad, failed)
            }
            Measure::Up => SliFamilyDecl::Up { up: self.text(select("up", &[])), across: None },
        }
    }

    fn ratio(&self, total: String, part: impl Fn(Text) -> RatioPartDecl, text: String) -> SliFamilyDecl {
        let text = self.text(text);
        let span = text.span;
        SliFamilyDecl::Ratio { total: self.text(total), part: Spanned::new(part(text), span) }
    }

    /// PromQL that stands nowhere: its place is the filter, which alone can be wrong in it, or the plugin's name.
    fn text(&self, value: String) -> Text {
        let filter = self.values.iter().find(|(key, _)| key.value == "filter").map(|(_, value)| value.span);
        Text { value, span: filter.unwrap_or(self.id), map: TextMap::Whole, quotes: Quotes::None }
    }

    /// Matchers with the values of the options that they name.
    fn filled(&self, matchers: &str) -> String {
        let mut filled = String::with_capacity(matchers.len());
        let mut rest = matchers;
        while let Some((before, behind)) = rest.split_once('<') {
            let Some((name, after)) = behind.split_once('>') else { break };
            let (name, default) = name.split_once('|').unwrap_or((name, ""));
            filled.push_str(before);
            filled.push_str(self.get(name).filter(|value| !value.is_empty()).unwrap_or(default));
            rest = after;
        }
        filled + rest
    }
}

/// What Sloth's plugins read as a boolean.
fn truth(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "True" | "TRUE" => Some(true),
        "" | "0" | "f" | "F" | "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}
