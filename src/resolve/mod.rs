//! Declarations to the model: inheritance, references, and texts to values.

mod alert;
mod alert_tests;
mod alerting;
mod boards;
pub(crate) mod composites;
mod datasource;
mod duplicates;
pub(crate) mod catalogue;
pub(crate) mod durations;
mod grouping;
mod kubernetes;
mod labels;
mod links;
mod maintenance;
pub(crate) mod lint;
mod names;
mod on_call;
mod overrides;
mod owner;
mod percent;
mod profile;
pub(crate) mod promql;
mod runbook_code;
mod runbook_texts;
mod severity;
mod sli;
mod slices;
mod slo;
mod target;
mod targets;
pub(crate) mod template;
mod unfinished;
mod window;
mod zone;

pub use alerting::unused_windows;
pub use catalogue::{catalogued, known_metrics, used_metrics};
pub use composites::{composites, lost_slos};
pub use datasource::data_sources;
pub use kubernetes::kubernetes;
pub use on_call::on_call;
pub use runbook_code::runbook_code;
pub use runbook_texts::runbook_texts;
pub use targets::{backfill, grafana_alerts, rule_tests, targeted, targets};

use std::ops::Range;
use std::sync::Arc;

use crate::diag::Sink;
use crate::model::{Blocks, Duration, Name, Profile, Service, SeverityLabels};
use crate::parse::decl::{ProjectDecl, SpecDecl};
use crate::source::{Sources, Span, Text};

use names::Named;

/// Reads a declared service into the model; skips SLOs and alerts with problems, and reports every problem.
///
/// `None` if the service itself has no valid name.
pub fn service(spec: &SpecDecl, project: &ProjectDecl, sources: &Sources, sink: &mut Sink) -> Option<Service> {
    if let Some(service) = &spec.service {
        duplicates::slo_names(service, &spec.slos, sink);
    }
    let layers = Layers { spec, project };
    let profile = Arc::new(profile::profile(spec, project, sink));
    let name = spec.service.as_ref().and_then(|text| names::name_in(&profile, text, Named::Service, sink));
    let severity_labels = Arc::new(severity::severity_labels(&[&spec.defaults, &project.defaults], &profile, sink));
    let context = Context { layers, severity_labels: &severity_labels, profile: &profile };
    // A nameless service is read all the same, for the problems of its SLOs.
    let known_name = name.clone().or_else(|| Name::parse("service").ok())?;
    let mut slos: Vec<_> = spec.slos.iter().filter_map(|decl| slo::slo(decl, &known_name, &context, sink)).collect();
    let maintenance = maintenance::maintenance(&spec.maintenance, &spec.slos, sink);
    maintenance::apply(&maintenance, &mut slos);
    let scrape = declared_scrape_interval(layers);
    unfinished::check(&spec.unfinished, scrape, sink);
    let alerts = spec.alerts.iter().filter_map(|decl| alert::alert(decl, &severity_labels, scrape, sink)).collect();
    let owner = owner::owner(layers.owners(), sink);
    let boards = boards::boards(&spec.dashboards, owner.as_ref(), sink);
    Some(Service {
        file: spec.span.file,
        path: paths(spec, sources),
        span: spec.span,
        name: name?,
        name_span: spec.service.as_ref()?.span,
        description: spec.description.as_ref().map(|text| text.value.clone()),
        owner,
        tier: owner::tier(layers.tiers(), sink),
        mttr: layers.mttr().and_then(|text| durations::positive_duration(text, "mttr", sink)),
        depends_on: spec.depends_on.clone(),
        labels: labels::labels(layers.labels(), &severity_labels, &profile, sink),
        links: links::links(&layers.links(), sink),
        severity_labels,
        profile,
        slos,
        alerts,
        boards,
        maintenance,
    })
}

/// The files that a service is defined in, as one text.
fn paths(spec: &SpecDecl, sources: &Sources) -> String {
    let mut files = vec![spec.span.file];
    for file in spec.slos.iter().map(|slo| slo.span.file) {
        if !files.contains(&file) {
            files.push(file);
        }
    }
    let paths: Vec<&str> = files.into_iter().map(|file| sources.file(file).path.as_str()).collect();
    paths.join(", ")
}

/// The scrape interval that somebody wrote down, if it is one.
fn declared_scrape_interval(layers: Layers<'_>) -> Option<Duration> {
    let layers = [&layers.spec.defaults, &layers.project.defaults];
    let text = layers.into_iter().find_map(|layer| layer.scrape_interval.as_ref())?;
    let scrape = Duration::parse(&text.value).ok()?;
    Blocks::new(scrape).map(Blocks::scrape)
}

/// What every SLO of a service is read with.
struct Context<'a> {
    layers: Layers<'a>,
    severity_labels: &'a Arc<SeverityLabels>,
    profile: &'a Arc<Profile>,
}

/// Where settings are inherited from: the service, its defaults, the project's defaults.
#[derive(Clone, Copy)]
struct Layers<'a> {
    spec: &'a SpecDecl,
    project: &'a ProjectDecl,
}

impl<'a> Layers<'a> {
    fn owners(self) -> [Option<&'a crate::parse::decl::OwnerDecl>; 3] {
        [self.spec.owner.as_ref(), self.spec.defaults.owner.as_ref(), self.project.defaults.owner.as_ref()]
    }

    fn tiers(self) -> [Option<&'a Text>; 3] {
        [self.spec.tier.as_ref(), self.spec.defaults.tier.as_ref(), self.project.defaults.tier.as_ref()]
    }

    fn mttr(self) -> Option<&'a Text> {
        let layers = [&self.spec.mttr, &self.spec.defaults.mttr, &self.project.defaults.mttr];
        layers.into_iter().find_map(Option::as_ref)
    }

    fn links(self) -> [&'a crate::parse::decl::LinksDecl; 3] {
        [&self.spec.links, &self.spec.defaults.links, &self.project.defaults.links]
    }

    /// Those of an SLO, and what it inherits.
    fn links_of(self, own: &'a crate::parse::decl::LinksDecl) -> [&'a crate::parse::decl::LinksDecl; 4] {
        let [spec, defaults, project] = self.links();
        [own, spec, defaults, project]
    }

    /// The farthest first.
    fn labels(self) -> [&'a labels::LabelDecls; 3] {
        [&self.project.defaults.labels, &self.spec.defaults.labels, &self.spec.labels]
    }
}

/// A problem was reported, and the value it is about is skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Reported;

/// A value that may be absent in a declaration, unless it has a problem.
type Read<T> = Result<T, Reported>;

/// The place of a range of a text's bytes.
#[expect(clippy::cast_possible_truncation, reason = "no source has four gigabytes")]
fn part(text: &Text, range: Range<usize>) -> Span {
    text.part(range.start as u32..range.end as u32)
}
