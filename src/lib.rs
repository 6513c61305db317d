//! slosmith: a compiler for observability as code.
//!
//! The stages, each a module: *load* reads files, *parse* turns YAML into declarations, *resolve* turns these into the model,
//! *check* finds problems that need meaning, *lower* decides what to write, *verify* checks all of that as a whole, *emit*
//! decides how it looks, *store* writes files.

pub mod source;
mod suggest;
mod circle;
pub mod diag;
pub mod promql;
pub mod go_template;
pub mod catalogue;
pub mod parse;
pub mod model;
pub mod resolve;
pub mod check;
pub mod lint;
pub mod ir;
pub mod lower;
pub mod forecast;
pub mod compare;
pub mod verify;
pub mod emit;
pub mod load;
pub mod store;
pub mod cache;
pub mod convert;

mod gather;
mod outputs;
mod site;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use catalogue::Known;
use diag::{Diagnostic, Levels, Severity, Sink};
use model::{OnCall, Service};
use parse::decl::{ProjectDecl, SpecDecl};
use promql::CheckOptions;
use source::{FileId, SourceKind, Sources, Span};

pub use gather::{Gathered, catalogues, gather};

/// Compiles the sources of a project: a pure function of their texts.
#[must_use]
pub fn compile(sources: &Sources) -> Compiled {
    let kept = Kept::below("");
    let (mut compiled, made) = compiled(sources, &kept);
    let mut texts = kept.into_texts();
    let outputs = made.into_iter().map(|Made { fingerprint: Fingerprint { path, .. }, origins }| {
        let text = texts.remove(&path).unwrap_or_default();
        Output { path, text, origins }
    });
    compiled.outputs = outputs.collect();
    compiled
}

/// Compiles, and gives every text away as soon as it is made, so that no more than a few are in memory at a time.
///
/// What was given away counts only if no diagnostic is an error.
#[must_use]
pub fn compile_into(sources: &Sources, destination: &dyn Destination) -> Compiled {
    compiled(sources, destination).0
}

/// Compiles, and gives the runbook pages away as a static site of HTML, and nothing else.
///
/// What was given away counts only if no diagnostic is an error.
#[must_use]
pub fn site_into(sources: &Sources, destination: &dyn Destination) -> Compiled {
    let kept = Kept::below(site::PAGES);
    let mut compiled = compile_into(sources, &kept);
    if compiled.fingerprints.is_empty() {
        return compiled;
    }
    let files =
        site::site(&kept.into_texts()).into_iter().map(|(path, text)| Made::of(path, text, Vec::new(), destination));
    compiled.fingerprints = with_manifest(files.collect(), sources, destination).1;
    compiled
}

/// The outputs with their manifest, sorted by path.
fn with_manifest(
    mut made: Vec<Made>,
    sources: &Sources,
    destination: &dyn Destination,
) -> (Vec<Made>, Vec<Fingerprint>) {
    made.sort_by(|left, right| left.path().cmp(right.path()));
    let manifest = emit::manifest::manifest(&made, sources);
    made.push(Made::of(emit::manifest::PATH.to_owned(), manifest, Vec::new(), destination));
    made.sort_by(|left, right| left.path().cmp(right.path()));
    let fingerprints = made.iter().map(|made| made.fingerprint.clone()).collect();
    (made, fingerprints)
}

/// Compiles; what the texts come from is sorted by path, and empty if any diagnostic is an error.
fn compiled(sources: &Sources, destination: &dyn Destination) -> (Compiled, Vec<Made>) {
    let mut sink = Sink::default();
    let resolved = Resolved::read(sources, &mut sink);
    let levels = resolved.levels.clone();
    let written = written(sources, resolved, destination, &mut sink);
    let diagnostics = diag::finish(sink, sources, &levels, &parse::comments(sources));
    if diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        return (Compiled { diagnostics, ..Compiled::default() }, Vec::new());
    }
    let (made, counts) = written.unwrap_or_default();
    let (made, fingerprints) = with_manifest(made, sources, destination);
    (Compiled { diagnostics, outputs: Vec::new(), fingerprints, counts }, made)
}

/// What every way through a project begins with: its services, as far as they can be read, with their problems in the sink.
struct Resolved {
    project: ProjectDecl,
    levels: Levels,
    known: Known,
    /// The Prometheus that the rules are for.
    targets: CheckOptions,
    services: Vec<Service>,
    on_call: Option<OnCall>,
}

impl Resolved {
    fn read(sources: &Sources, sink: &mut Sink) -> Self {
        let project = project(sources, sink);
        let levels = Levels::read(&project.lint, sink);
        let known = resolve::known_metrics(sources, &project, sink);
        let targets = resolve::targets(&project.targets, sink);
        let (services, lost) = services(sources, &project, &known, &targets, sink);
        let on_call = resolve::on_call(&project, sink);
        check::all(&services, &lost, on_call.as_ref(), sources, sink);
        Self { project, levels, known, targets, services, on_call }
    }
}

/// The stages from the specs to what is written; nothing after an error.
fn written(
    sources: &Sources,
    resolved: Resolved,
    destination: &dyn Destination,
    sink: &mut Sink,
) -> Option<(Vec<Made>, Counts)> {
    let Resolved { project, known, targets, services, on_call, .. } = resolved;
    let settings = outputs::Settings {
        sources: resolve::data_sources(&project, sink),
        kubernetes: resolve::kubernetes(&project, sink),
        rule_tests: resolve::rule_tests(&project.targets, sink),
        backfill: resolve::backfill(&project.targets, sink),
        on_call,
        grafana_alerts: resolve::grafana_alerts(&project.targets, sink),
    };
    let texts = parse::runbook_texts(sources, sink);
    let queries = resolve::runbook_code(&texts, &known, &targets, sink);
    let texts = resolve::runbook_texts(texts, &services, sink);
    check::runbooks(&services, &texts, sources, sink);
    if sink.has_errors() {
        return None;
    }
    let users = services.iter().filter(|service| sources.file(service.file).kind == SourceKind::Spec).count();
    let (made, mut counts) = outputs::outputs(services, &texts, queries, &settings, destination, sink);
    counts.services = users;
    Some((made, counts))
}

/// The project file's declarations; the defaults without one.
fn project(sources: &Sources, sink: &mut Sink) -> ProjectDecl {
    let file = sources.iter().find(|(_, file)| file.kind == SourceKind::Project);
    file.map_or_else(ProjectDecl::default, |(id, _)| parse::project(sources, id, sink))
}

/// Parses and resolves every spec, in parallel; services and problems come in the order of the files. With the services come the
/// paths of the SLOs that have problems.
fn services(
    sources: &Sources,
    project: &ProjectDecl,
    known: &Known,
    targets: &CheckOptions,
    sink: &mut Sink,
) -> (Vec<Service>, BTreeSet<String>) {
    let is_spec = |kind| matches!(kind, SourceKind::Spec | SourceKind::BuiltIn);
    let files: Vec<FileId> = sources.iter().filter(|(_, file)| is_spec(file.kind)).map(|(id, _)| id).collect();
    let surroundings = Around { sources, project, known, targets };
    let declared: Vec<_> = files.into_par_iter().map(|file| surroundings.declared(file)).collect();
    let (mut services, mut foreign) = (Vec::new(), parse::Foreign::default());
    for (read, documents, problems) in declared {
        services.extend(read);
        foreign.append(documents);
        sink.append(problems);
    }
    let foreign = parse::foreign_specs(sources, foreign, sink);
    let resolved: Vec<_> = foreign
        .par_iter()
        .map(|spec| {
            let mut sink = Sink::default();
            (surroundings.service(spec, &mut sink), sink)
        })
        .collect();
    let of_foreign: Vec<Option<&Service>> = resolved.iter().map(|((service, _), _)| service.as_ref()).collect();
    resolve::unused_windows(&foreign, &of_foreign, sink);
    for (service, problems) in resolved {
        services.push(service);
        sink.append(problems);
    }
    let (services, lost): (Vec<_>, Vec<_>) = services.into_iter().unzip();
    let mut services: Vec<Service> = services.into_iter().flatten().collect();
    services.sort_by_key(|service| (service.file, service.span.start));
    let lost = lost.into_iter().flatten().collect();
    resolve::composites(&mut services, &lost, sink);
    (services, lost)
}

/// What the specs of a project are read with.
struct Around<'a> {
    sources: &'a Sources,
    project: &'a ProjectDecl,
    known: &'a Known,
    targets: &'a CheckOptions,
}

/// A service as far as it can be read, and the paths of its SLOs that cannot.
type Read = (Option<Service>, Vec<String>);

impl Around<'_> {
    /// The services of a file, what it holds in other formats, and its problems.
    fn declared(&self, file: FileId) -> (Vec<Read>, parse::Foreign, Sink) {
        let mut sink = Sink::default();
        let parse::Declared { specs, foreign } = parse::declared(self.sources, file, &mut sink);
        (specs.iter().map(|spec| self.service(spec, &mut sink)).collect(), foreign, sink)
    }

    fn service(&self, spec: &SpecDecl, sink: &mut Sink) -> Read {
        let service = resolve::service(spec, self.project, self.sources, sink);
        let lost = resolve::lost_slos(spec, service.as_ref());
        resolve::catalogued(spec, self.known, sink);
        resolve::targeted(spec, self.targets, sink);
        (service, lost)
    }
}

/// The services of a project with its problems, sorted by place: what [`compile`] works from, without anything that is written.
#[must_use]
pub fn resolved(sources: &Sources) -> (Vec<Service>, Vec<Diagnostic>) {
    let mut sink = Sink::default();
    let Resolved { levels, services, .. } = Resolved::read(sources, &mut sink);
    let diagnostics = diag::finish(sink, sources, &levels, &parse::comments(sources));
    (services, diagnostics)
}

/// What a project holds, in another language; nothing after an error.
#[must_use]
pub fn converted(sources: &Sources, language: Language) -> Converted {
    let mut sink = Sink::default();
    let project = project(sources, &mut sink);
    let levels = Levels::read(&project.lint, &mut sink);
    let known = resolve::known_metrics(sources, &project, &mut sink);
    let targets = resolve::targets(&project.targets, &mut sink);
    let around = Around { sources, project: &project, known: &known, targets: &targets };
    let (mut own, mut foreign) = (Vec::new(), parse::Foreign::default());
    for (file, _) in sources.iter().filter(|(_, file)| file.kind == SourceKind::Spec) {
        let declared = parse::declared(sources, file, &mut sink);
        own.extend(declared.specs);
        foreign.append(declared.foreign);
    }
    let mut converted = Converted { formats: foreign.formats(), own: own.len(), ..Converted::default() };
    let mut specs = parse::foreign_specs(sources, foreign, &mut sink);
    if language == Language::OpenSlo {
        specs.splice(0..0, own);
    }
    let (services, lost): (Vec<_>, Vec<_>) = specs.iter().map(|spec| around.service(spec, &mut sink)).unzip();
    let services: Vec<Service> = services.into_iter().flatten().collect();
    check::all(&services, &lost.into_iter().flatten().collect(), None, sources, &mut sink);
    if !sink.has_errors() {
        let documents = match language {
            Language::Native(buckets) => convert::documents(&specs, &services, (&project.defaults, buckets), sources),
            Language::OpenSlo => convert::openslo::documents(&specs, &services, &mut sink),
        };
        converted.documents = if sink.has_errors() { Vec::new() } else { documents };
    }
    converted.diagnostics = diag::finish(sink, sources, &levels, &parse::comments(sources));
    converted
}

/// A language that specs are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// slosmith's own.
    Native(convert::Buckets),
    /// OpenSLO v1.
    OpenSlo,
}

/// Specs in another language.
#[derive(Clone, Debug, Default)]
pub struct Converted {
    /// All problems, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
    /// One for each service, in the order of their first documents; none after an error.
    pub documents: Vec<convert::Document>,
    /// The formats that there are.
    pub formats: Vec<parse::Format>,
    /// How many specs are in slosmith's own language already.
    pub own: usize,
}

/// Where every alert of a project goes, without writing anything; nothing after an error.
#[must_use]
pub fn routes(sources: &Sources) -> Routes {
    let mut sink = Sink::default();
    let Resolved { levels, services, on_call, .. } = Resolved::read(sources, &mut sink);
    let mut routes = Routes::default();
    if let Some(on_call) = on_call.filter(|_| !sink.has_errors()) {
        let routing = lower::routing(&on_call, &services);
        let alerts = |service: &Service| verify::routed(&routing, &lower::rule_file(service));
        routes.alerts = services.par_iter().flat_map_iter(alerts).collect();
        routes.routing = Some(routing);
    }
    routes.diagnostics = diag::finish(sink, sources, &levels, &parse::comments(sources));
    routes
}

/// Where every alert of a project goes.
#[derive(Clone, Debug, Default)]
pub struct Routes {
    /// All problems, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
    /// What Alertmanager is told; `None` if the project has no receivers.
    pub routing: Option<ir::Routing>,
    /// The alerts, in the order of the rule files.
    pub alerts: Vec<verify::RoutedAlert>,
}

/// The names of all metrics that the specs name; broken specs name what can be read of them.
#[must_use]
pub fn used_metrics(sources: &Sources) -> BTreeSet<String> {
    let specs = sources.iter().filter(|(_, file)| file.kind == SourceKind::Spec).map(|(id, _)| id);
    parse::specs(sources, specs, &mut Sink::default()).iter().flat_map(resolve::used_metrics).collect()
}

/// Takes texts as soon as they are made, each once, from several threads and in any order.
pub trait Destination: Sync {
    /// Takes the text of the output at a path; whatever fails is told when all is over.
    fn take(&self, path: &str, text: String);
}

/// Keeps texts in memory.
struct Kept {
    /// What the paths of these texts begin with.
    folder: &'static str,
    texts: Mutex<BTreeMap<String, String>>,
}

impl Kept {
    fn below(folder: &'static str) -> Self {
        Self { folder, texts: Mutex::default() }
    }

    fn into_texts(self) -> BTreeMap<String, String> {
        self.texts.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Destination for Kept {
    fn take(&self, path: &str, text: String) {
        if !path.starts_with(self.folder) {
            return;
        }
        self.texts.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), text);
    }
}

/// What came of a compilation.
#[derive(Clone, Debug, Default)]
pub struct Compiled {
    /// All problems, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
    /// The files to write, sorted by path; empty if any diagnostic is an error, or if they were given away.
    pub outputs: Vec<Output>,
    /// The same without texts, in the same order.
    pub fingerprints: Vec<Fingerprint>,
    /// What was compiled.
    pub counts: Counts,
}

/// A file to write.
#[derive(Clone, Debug)]
pub struct Output {
    /// The path below the output folder, with `/` on every system.
    pub path: String,
    /// The whole text.
    pub text: String,
    /// What in the sources its parts come from, in the order of the text.
    pub origins: Vec<Origin>,
}

/// A file whose text was given away.
#[derive(Clone, Debug)]
pub struct Made {
    /// What identifies the text.
    pub fingerprint: Fingerprint,
    /// What in the sources its parts come from, in the order of the text.
    pub origins: Vec<Origin>,
}

impl Made {
    /// Gives a text away.
    fn of(path: String, text: String, origins: Vec<Origin>, destination: &dyn Destination) -> Self {
        let (length, sha256) = (text.len() as u64, Fingerprint::digest(text.as_bytes()));
        destination.take(&path, text);
        Self { fingerprint: Fingerprint { path, length, sha256 }, origins }
    }

    /// The path below the output folder.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.fingerprint.path
    }
}

/// A file to write, by its checksum in place of its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    /// The path below the output folder, with `/` on every system.
    pub path: String,
    /// How many bytes the text has.
    pub length: u64,
    /// The SHA-256 of these bytes.
    pub sha256: [u8; 32],
}

impl Fingerprint {
    /// The checksum of some bytes.
    #[must_use]
    pub fn digest(bytes: &[u8]) -> [u8; 32] {
        Sha256::digest(bytes).into()
    }
}

/// Where a part of an output comes from; the manifest turns it into lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The part: the name of a rule group, an alert, a dashboard row or a page.
    pub part: String,
    /// What in the sources it comes from.
    pub span: Span,
}

/// What was compiled, for the summary line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Services.
    pub services: usize,
    /// Objectives.
    pub slos: usize,
    /// Recording rules.
    pub recording_rules: usize,
    /// Alerting rules.
    pub alerts: usize,
    /// Dashboards.
    pub dashboards: usize,
    /// Runbook pages.
    pub runbooks: usize,
}
