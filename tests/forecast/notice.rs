//! When alerts fire and end, by promtool, which evaluates the fast group at a fast block and the slow one at 4m.

use std::fmt::Write as _;
use std::fs;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use slosmith::forecast::{Assumptions, ErrorRate, Notice, Silence, outlook};
use slosmith::model::{Duration, Severity, Sli, Slo};

use super::{one_group, slo};
use crate::support::{compile_text, promtool, rule_text};

/// Events per scrape: every rate that is tested is a whole number of them.
const EVENTS: u64 = 120_000;

/// A spec, events per scrape where they are few, and rates to test beside the usual ones, in millionths.
struct Case {
    name: &'static str,
    spec: &'static str,
    events: u64,
    severities: &'static [Severity],
}

const CASES: [Case; 7] = [
    Case {
        name: "standard tiers",
        spec: "target: 99.9%\n  sli: {total: 't', bad: 'b'}",
        events: EVENTS,
        severities: &[Severity::Page, Severity::Ticket],
    },
    Case {
        name: "15s",
        spec: "target: 99.5%\n  sli: {total: 't', bad: 'b'}",
        events: EVENTS,
        severities: &[Severity::Page],
    },
    Case {
        name: "28d, good events",
        spec: "target: 99%\n  window: 28d\n  sli: {total: 't', good: 'g'}",
        events: EVENTS,
        severities: &[Severity::Page, Severity::Ticket],
    },
    Case {
        name: "tiers of its own",
        spec: "target: 99.5%\n  sli: {total: 't', bad: 'b'}\n  alerting: {burn: [{severity: page, burn: 20, long: 1h, short: 10m}, {severity: page, burn: 4, long: 4h, short: 1h}, {severity: ticket, burn: 2, long: 12h, short: 3h}]}",
        events: EVENTS,
        severities: &[Severity::Page, Severity::Ticket],
    },
    Case {
        name: "one event a minute",
        spec: "target: 99.9%\n  sli: {total: 't', bad: 'b'}",
        events: 1,
        severities: &[Severity::Page],
    },
    Case {
        name: "many errors needed",
        spec: "target: 99.9%\n  sli: {total: 't', bad: 'b'}\n  alerting: {min_errors: 500}",
        events: 100,
        severities: &[Severity::Page, Severity::Ticket],
    },
    Case {
        name: "error ratio",
        spec: "target: 99.9%\n  sli: {error_ratio: 'sum(rate(b[$window])) / sum(rate(t[$window]))'}",
        events: EVENTS,
        severities: &[Severity::Page],
    },
];

impl Case {
    fn text(&self) -> String {
        let scrape = if self.name == "15s" { "15s" } else { "1m" };
        format!(
            "apiVersion: slosmith/v1\nservice: c\ndefaults: {{scrape_interval: {scrape}}}\nslos:\n- name: n\n  {}\n",
            self.spec
        )
    }
}

/// A promtool test of what comes of one error rate for a severity: good times, failures that fill every window, good times.
struct Scene<'a> {
    slo: &'a Slo,
    severity: Severity,
    events: u64,
    /// In tenths of a thousandth of a percent, so that it is whole.
    share: Decimal,
    notice: &'a Notice,
}

impl Scene<'_> {
    fn interval(&self) -> Duration {
        match self.severity {
            Severity::Page => self.slo.blocks.fast(),
            Severity::Ticket => Duration::from_mins(4),
        }
    }

    fn failing(&self) -> Duration {
        let tiers = self.slo.alerting.tiers.iter().filter(|tier| tier.severity == self.severity);
        tiers.map(|tier| tier.long).max().unwrap()
    }

    /// Good times before. All windows have to be full of them, but for those of pages that count only as far as there are blocks.
    fn before(&self) -> Duration {
        match (self.severity, &self.slo.sli) {
            (Severity::Page, Sli::ErrorRatio(_)) | (Severity::Ticket, _) => self.failing(),
            (Severity::Page, _) => Duration::from_mins(12),
        }
    }

    fn after(&self) -> Duration {
        match self.notice {
            Notice::Fires { resolved_after, .. } => {
                Duration::from_millis(resolved_after.millis() + 4 * self.interval().millis())
            }
            Notice::Silent(_) => Duration::from_mins(12),
        }
    }

    /// The notation of a series with so many per step in good and in bad times; a counter, or the steps themselves.
    fn values(&self, every: Duration, good: u64, bad: u64, is_counter: bool) -> String {
        let steps = |time: Duration| time.millis() / every.millis();
        let [before, failing, after] = [self.before(), self.failing(), self.after()].map(steps);
        if !is_counter {
            return format!("{good}x{} {bad}x{} {good}x{}", before, failing - 1, after - 1);
        }
        let (first, second) = (before * good, before * good + failing * bad);
        format!("0+{good}x{before} {}+{bad}x{} {}+{good}x{}", first + bad, failing - 1, second + good, after - 1)
    }

    fn bad(&self) -> u64 {
        let bad = self.share * Decimal::from(self.events);
        assert!(bad.is_integer(), "{} of {}", self.share, self.events);
        bad.to_u64().unwrap()
    }

    fn series(&self) -> Vec<(String, String)> {
        let (scrape, bad) = (self.slo.blocks.scrape(), self.bad());
        let mut series = vec![
            ("t".to_owned(), self.values(scrape, self.events, self.events, true)),
            ("b".to_owned(), self.values(scrape, 0, bad, true)),
            ("g".to_owned(), self.values(scrape, self.events, self.events - bad, true)),
        ];
        if self.severity == Severity::Ticket {
            // promtool reads every series at one distance: each value of a block stands for as many scrapes as it has.
            let scrapes = self.slo.blocks.fast().millis() / scrape.millis();
            let labels = "{slo_id=\"c-n\",slo_service=\"c\",slo_name=\"n\"}";
            series.push((format!("slo:events:increase_fast{labels}"), self.sparse(scrapes, self.events, self.events)));
            series.push((format!("slo:errors:increase_fast{labels}"), self.sparse(scrapes, 0, bad)));
        }
        series
    }

    /// Blocks: a sample for each, nothing between them.
    fn sparse(&self, scrapes: u64, good: u64, bad: u64) -> String {
        let block = Duration::from_millis(self.slo.blocks.scrape().millis() * scrapes);
        let blank = format!("_x{}", scrapes - 1);
        let run = |count: u64, value: u64| {
            vec![format!("{} {blank}", value * scrapes); usize::try_from(count).unwrap()].join(" ")
        };
        let steps = |time: Duration| time.millis() / block.millis();
        let [before, failing, after] = [self.before(), self.failing(), self.after()].map(steps);
        // The block at a boundary is of the time before it.
        [run(before + 1, good), run(failing, bad), run(after, good)].join(" ")
    }

    fn test(&self, name: &str) -> String {
        let scrape = self.slo.blocks.scrape();
        let mut text = format!("- name: \"{name}\"\n  interval: {scrape}\n  input_series:\n");
        for (series, values) in self.series() {
            writeln!(text, "  - {{series: '{series}', values: '{values}'}}").unwrap();
        }
        let all = self.before().millis() + self.failing().millis() + self.after().millis();
        let end = Duration::from_millis(all / self.interval().millis() * self.interval().millis());
        let alert = slosmith::lower::burn_alert_name(self.slo, self.severity);
        let alerts = format!("ALERTS{{alertname=\"{alert}\",alertstate=\"firing\"}}");
        text.push_str("  promql_expr_test:\n");
        let mut expect = |expr: String, samples: &str| {
            writeln!(text, "  - {{expr: '{expr}', eval_time: {end}, exp_samples: {samples}}}").unwrap();
        };
        let Notice::Fires { after, resolved_after, .. } = self.notice else {
            expect(format!("count_over_time({alerts}[{end}])"), "[]");
            return text;
        };
        let every = self.interval();
        let seconds = |millis: u64| Decimal::from(millis) / Decimal::ONE_THOUSAND;
        let begin = seconds(self.before().millis() + after.millis());
        // The last evaluation that fires is the one before the end.
        let last = seconds(self.before().millis() + self.failing().millis() + resolved_after.millis() - every.millis());
        for (function, moment) in [("min", begin), ("max", last)] {
            let found =
                format!("{function} without (alertname) ({function}_over_time(timestamp({alerts})[{end}:{every}]))");
            expect(
                format!("max(abs({found} - {moment}) <= bool {})", seconds(every.millis())),
                "[{labels: '{}', value: 1}]",
            );
        }
        text
    }
}

/// Which rules are tested: what tells of the period costs time, and no burn alert reads it. Tickets read windows of the fast group.
fn is_read(severity: Severity, group: &str, rule: &str) -> bool {
    let is_window = rule.starts_with("slo:sli_error:ratio_rate");
    let is_period = ["0d", "8d"].iter().any(|days| rule.ends_with(days));
    let is_block = rule.contains(":increase_");
    let own = if severity == Severity::Page { "fast" } else { "slow" };
    let is_burn_alert = rule.starts_with("SLOErrorBudgetBurn");
    (is_window && !is_period && (group == own || group == "fast")) || (group == own && (is_block || is_burn_alert))
}

/// The rates of an SLO that are whole numbers of events, and what comes of them.
fn scenes(case: &Case) -> Vec<(Severity, Decimal, Notice)> {
    let slo = slo(&case.text());
    let events = Decimal::from(case.events) / Decimal::from(slo.blocks.scrape().seconds());
    let outlook = outlook(&slo, Assumptions { requests: Some(events), series: None, groups: 1 });
    let mut scenes = Vec::new();
    for rate in &outlook.targets[0].rates {
        let share = match rate.rate {
            ErrorRate::Exactly(share) => share,
            // A limit itself is silent, and what is above it by an event is not.
            ErrorRate::JustAbove(limit) => limit + Decimal::ONE / Decimal::from(case.events),
        };
        if !(share * Decimal::from(case.events)).is_integer() {
            continue;
        }
        // Tickets take days: two rates will do.
        let is_slow =
            |severity: &Severity| *severity == Severity::Ticket && ![Decimal::ONE, Decimal::new(2, 2)].contains(&share);
        for severity in case.severities.iter().filter(|severity| !is_slow(severity)) {
            let notice = if *severity == Severity::Page { &rate.page } else { &rate.ticket };
            scenes.push((*severity, share, notice.clone()));
        }
    }
    scenes
}

#[test]
fn alerts_fire_and_end_when_they_are_forecast_to() {
    let Some(promtool) = promtool() else { return };
    let work = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    let (mut firing, mut silent, mut few) = (0, 0, 0);
    for (number, case) in CASES.iter().enumerate() {
        let (slo, rules) = (slo(&case.text()), rule_text(&compile_text(&case.text())));
        for (severity, suffix) in [(Severity::Page, "-fast"), (Severity::Ticket, "-slow")] {
            let mut tests = String::new();
            for (_, share, notice) in scenes(case).iter().filter(|(of, ..)| *of == severity) {
                match notice {
                    Notice::Fires { .. } => firing += 1,
                    Notice::Silent(Silence::TooFew) => few += 1,
                    Notice::Silent(Silence::Allowed | Silence::NoTier) => silent += 1,
                }
                let scene = Scene { slo: &slo, severity, events: case.events, share: *share, notice };
                tests.push_str(
                    &scene.test(
                        &format!("{}, {} at {share}: {notice:?}", case.name, severity.as_str()).replace('"', "'"),
                    ),
                );
            }
            if tests.is_empty() {
                continue;
            }
            let is_ratio = matches!(slo.sli, Sli::ErrorRatio(_));
            assert!(severity == Severity::Page || !is_ratio, "tickets of a ratio read the fast group");
            let every = if severity == Severity::Page { slo.blocks.fast() } else { Duration::from_mins(4) };
            let name = format!("{number}{suffix}");
            fs::write(
                work.path().join(format!("{name}.yaml")),
                one_group(&rules, |group, rule| is_read(severity, group, rule)),
            )
            .unwrap();
            let header = format!("rule_files: [{name}.yaml]\nevaluation_interval: {every}\ntests:\n");
            fs::write(work.path().join(format!("{name}_test.yaml")), header + &tests).unwrap();
            files.push(format!("{name}_test.yaml"));
        }
    }
    assert!(firing > 35 && silent > 3 && few > 0, "{firing} {silent} {few}");
    let run = |file: &String| promtool.run(work.path(), &["test", "rules", file]);
    let (left, right) = files.split_at(files.len() / 2);
    let failures = std::thread::scope(|scope| {
        let handles = [left, right].map(|half| scope.spawn(move || half.iter().filter_map(run).collect::<Vec<_>>()));
        handles.into_iter().flat_map(|handle| handle.join().unwrap()).collect::<Vec<_>>()
    });
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
