//! The registry of codes; a code without its page does not compile.

use super::Severity;

/// Declares the codes: variant, slug (also the page's file name), severity.
macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $slug:literal, $severity:ident;)+) => {
        /// A kind of problem.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Code {
            /// Every code, in the order of the registry.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word that names it everywhere.
            #[must_use]
            pub fn slug(self) -> &'static str {
                match self { $(Self::$variant => $slug),+ }
            }

            /// Its page for `slosmith explain`.
            #[must_use]
            pub fn page(self) -> &'static str {
                match self { $(Self::$variant => include_str!(concat!("explain/", $slug, ".md"))),+ }
            }

            /// How bad it is unless the project file says otherwise.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity),+ }
            }
        }
    };
}

codes! {
    /// The file is not YAML.
    YamlSyntax = "yaml-syntax", Error;
    /// A tab where YAML wants spaces.
    Tab = "tab", Error;
    /// A key stands twice in one mapping.
    DuplicateKey = "duplicate-key", Error;
    /// A key that the language does not have.
    UnknownKey = "unknown-key", Error;
    /// A key that must be there is not.
    MissingKey = "missing-key", Error;
    /// A value of another kind than expected.
    WrongType = "wrong-type", Error;
    /// The file cannot be read as text, or is no source of this project.
    UnreadableFile = "unreadable-file", Error;
    /// More nesting, values or copies by alias than a file may have.
    YamlLimits = "yaml-limits", Error;
    /// A YAML tag that means nothing here.
    UnknownTag = "unknown-tag", Error;
    /// A second document in a file that has room for one.
    SeveralDocuments = "several-documents", Error;
    /// A selector or template without the quotes that keep YAML from reading a mapping.
    UnquotedValue = "unquoted-value", Error;
    /// A value that ends early since ` #` begins a comment.
    CutByComment = "cut-by-comment", Error;
    /// A word as text that other readers of YAML take for a boolean.
    YamlBoolean = "yaml-boolean", Warning;
    /// A file of another format or version.
    ApiVersion = "api-version", Error;
    /// An SLI of no family, or of more than one.
    SliFamily = "sli-family", Error;
    /// A name with characters that names do not have.
    BadName = "bad-name", Error;
    /// A name that the tool keeps for itself.
    ReservedName = "reserved-name", Error;
    /// Two services of one name.
    DuplicateService = "duplicate-service", Error;
    /// Two SLOs of one name in a service.
    DuplicateSlo = "duplicate-slo", Error;
    /// Two SLOs whose service and name join to one `slo_id`.
    AmbiguousSloId = "ambiguous-slo-id", Error;
    /// Two alerts of one name.
    DuplicateAlert = "duplicate-alert", Error;
    /// A target that is no percentage between 0 and 100.
    BadTarget = "bad-target", Error;
    /// A target as a ratio, where a percentage is wanted.
    RatioTarget = "ratio-target", Error;
    /// A period that cannot be watched.
    BadWindow = "bad-window", Error;
    /// A time zone that does not exist.
    UnknownTimezone = "unknown-timezone", Error;
    /// A moment that cannot be read, does not exist, or is there twice.
    BadTime = "bad-time", Error;
    /// A recurrence that is no rule of RFC 5545, or one that is not supported.
    BadRecurrence = "bad-recurrence", Error;
    /// Maintenance that cannot be: neither once nor again and again, backwards, too long.
    BadMaintenance = "bad-maintenance", Error;
    /// Time that is taken out twice.
    OverlappingMaintenance = "overlapping-maintenance", Error;
    /// Time that is taken out without a word why.
    UnexplainedMaintenance = "unexplained-maintenance", Warning;
    /// Much of the period does not count.
    LongMaintenance = "long-maintenance", Warning;
    /// A text that is no duration, or one that is not possible here.
    BadDuration = "bad-duration", Error;
    /// A slice of time that is too short, too long, or of no whole number in an hour.
    BadSlice = "bad-slice", Error;
    /// A slice of time so long that a single bad one is the whole budget.
    CoarseSlice = "coarse-slice", Warning;
    /// A slice of time so long that a single bad one pages.
    OneSlicePages = "one-slice-pages", Warning;
    /// A composite that cannot be made of its components.
    BadComposite = "bad-composite", Error;
    /// A composite that is a component of itself.
    CompositeCycle = "composite-cycle", Error;
    /// A scrape interval that the rules cannot be built for.
    BadScrapeInterval = "bad-scrape-interval", Error;
    /// A text that is no number, or one that is not possible here.
    BadNumber = "bad-number", Error;
    /// A word that is none of those possible here.
    UnknownValue = "unknown-value", Error;
    /// A severity that is neither `page` nor `ticket`, or is contradicted.
    BadSeverity = "bad-severity", Error;
    /// A cause alert of which nothing says whether it pages.
    MissingSeverity = "missing-severity", Error;
    /// A burn-rate tier whose windows or rate make no sense.
    BadTier = "bad-tier", Error;
    /// A test of an alert that promtool could not run.
    BadTest = "bad-test", Error;
    /// A test that wants an alert to fire before it can.
    EarlyTest = "early-test", Error;
    /// A series of a test that the alert does not read.
    UnreadSeries = "unread-series", Warning;
    /// An alert on the budget that cannot be built.
    BadBudgetAlert = "bad-budget-alert", Error;
    /// A burn rate that the target makes impossible.
    UnreachableThreshold = "unreachable-threshold", Error;
    /// A standard tier that is left out, since the target makes its burn rate impossible.
    UnreachableTier = "unreachable-tier", Warning;
    /// A standard tier that is left out, since the period makes its burn rate an everyday one.
    EndlessTier = "endless-tier", Warning;
    /// A key without effect on this kind of SLI.
    InapplicableKey = "inapplicable-key", Error;
    /// A key of another tool's format that has no effect here.
    NoEffect = "no-effect", Warning;
    /// A feature of another tool's format that has no counterpart here.
    UnsupportedFeature = "unsupported-feature", Error;
    /// A label that cannot be set.
    BadLabel = "bad-label", Error;
    /// A link template that cannot be filled.
    BadLink = "bad-link", Error;
    /// A data source that Grafana cannot use, or that would give a secret away.
    BadDatasource = "bad-datasource", Error;
    /// An owner without a name.
    BadOwner = "bad-owner", Error;
    /// Labels that SLIs cannot be grouped by.
    BadGrouping = "bad-grouping", Error;
    /// A group's own target that cannot apply, or not alone.
    BadOverride = "bad-override", Error;
    /// A text that is no PromQL.
    PromqlSyntax = "promql-syntax", Error;
    /// A PromQL value of the wrong type.
    PromqlType = "promql-type", Error;
    /// A PromQL function that does not exist.
    UnknownFunction = "unknown-function", Error;
    /// Arguments that a PromQL function does not take.
    WrongArgument = "wrong-argument", Error;
    /// PromQL that the Prometheus in use does not have.
    PromqlVersion = "promql-version", Error;
    /// A regular expression that is none.
    InvalidRegex = "invalid-regex", Error;
    /// A selector that would select every series.
    EmptySelector = "empty-selector", Error;
    /// A selector without the name of a metric, where one is needed.
    NamelessSelector = "nameless-selector", Error;
    /// A selector that only a metric name limits.
    SelectorWithoutMatcher = "selector-without-matcher", Warning;
    /// An expression where only a selector will do.
    NotASelector = "not-a-selector", Error;
    /// A range that does not follow the window.
    MissingWindow = "missing-window", Error;
    /// Something over `$window` that is no rate of a counter.
    NotARate = "not-a-rate", Error;
    /// An SLI with more series than groups.
    UnaggregatedSli = "unaggregated-sli", Error;
    /// Matchers that no series can satisfy together.
    DisjointMatchers = "disjoint-matchers", Error;
    /// A numerator that is the same as its denominator.
    IdenticalSelectors = "identical-selectors", Warning;
    /// A numerator that leaves out a matcher of its denominator.
    DriftingNumerator = "drifting-numerator", Warning;
    /// A numerator that comes from other targets than its denominator.
    DifferentTargets = "different-targets", Warning;
    /// A regular expression that is a plain text.
    PlainRegex = "plain-regex", Warning;
    /// A quantile of buckets that have lost their label `le`.
    QuantileWithoutLe = "quantile-without-le", Error;
    /// An operation whose two sides never have the same labels.
    UnmatchedOperands = "unmatched-operands", Error;
    /// The rate of something that looks like a gauge.
    RateOfGauge = "rate-of-gauge", Warning;
    /// A counter that is compared with a limit.
    CounterWithoutRate = "counter-without-rate", Warning;
    /// A range that holds fewer than two scrapes.
    ShortRange = "short-range", Warning;
    /// A metric that no catalogue has, although it should.
    UnknownMetric = "unknown-metric", Warning;
    /// A label that the metric does not have.
    UnknownLabel = "unknown-label", Warning;
    /// A value that the label never has.
    UnseenValue = "unseen-value", Warning;
    /// A threshold that is no bound of the histogram's buckets.
    NoSuchBucket = "no-such-bucket", Error;
    /// A histogram of the other kind, or a metric that is none.
    HistogramKind = "histogram-kind", Warning;
    /// `absent` of an aggregation, which has no labels.
    AbsentOfAggregation = "absent-of-aggregation", Warning;
    /// An alert that fires whatever the values are.
    AlwaysFiring = "always-firing", Warning;
    /// A pairing in which a side that must be unique need not be.
    AmbiguousMatch = "ambiguous-match", Warning;
    /// Anchors in a regular expression that is anchored anyway.
    AnchoredRegex = "anchored-regex", Warning;
    /// A sum or average of quantiles.
    AverageOfQuantiles = "average-of-quantiles", Warning;
    /// An average of ratios.
    AverageOfRatios = "average-of-ratios", Warning;
    /// Matchers of one selector that no series can satisfy together.
    ContradictingMatchers = "contradicting-matchers", Warning;
    /// A change of a counter that does not know restarts.
    DeltaOfCounter = "delta-of-counter", Warning;
    /// Equality with an extrapolated value.
    EqualToRate = "equal-to-rate", Warning;
    /// A rule that looks into the future.
    FutureOffset = "future-offset", Warning;
    /// An operation of something with itself.
    IdenticalOperands = "identical-operands", Warning;
    /// A comparison that no value can satisfy.
    ImpossibleComparison = "impossible-comparison", Warning;
    /// A regular expression that accepts nothing.
    ImpossibleRegex = "impossible-regex", Warning;
    /// `irate` or `idelta` in an alert.
    IrateInAlert = "irate-in-alert", Warning;
    /// A label that is asked for although it was aggregated away.
    LostLabel = "lost-label", Warning;
    /// A matcher that accepts every series.
    MatchAllRegex = "match-all-regex", Warning;
    /// A comparison with NaN.
    NanComparison = "nan-comparison", Warning;
    /// An average over time of what is NaN without traffic.
    NanInAverage = "nan-in-average", Warning;
    /// `group_left` or `group_right` without need.
    NeedlessGroup = "needless-group", Warning;
    /// A quantile over buckets without a rate.
    QuantileOfTotals = "quantile-of-totals", Warning;
    /// A quantile that is not between 0 and 1.
    QuantileOutOfRange = "quantile-out-of-range", Warning;
    /// The rate of a rate.
    RateOfRate = "rate-of-rate", Warning;
    /// The rate of a sum of counters.
    RateOfSum = "rate-of-sum", Warning;
    /// A matcher that another one implies.
    RedundantMatcher = "redundant-matcher", Warning;
    /// An age that no sample can have.
    StaleTimestamp = "stale-timestamp", Warning;
    /// A sum over the buckets of a histogram.
    SummedBuckets = "summed-buckets", Warning;
    /// `topk` or `bottomk` in a rule.
    TopkInRule = "topk-in-rule", Warning;
    /// A host name as a regular expression.
    UnescapedDot = "unescaped-dot", Warning;
    /// A label with a value for each user or request, in a rule.
    UnboundedLabel = "unbounded-label", Warning;
    /// A regular expression that is written like a file name pattern.
    GlobRegex = "glob-regex", Warning;
    /// An operation whose two sides are grouped by different labels.
    MismatchedGrouping = "mismatched-grouping", Warning;
    /// A replacement that uses a group which is not there.
    MissingGroup = "missing-group", Warning;
    /// An `unless` that takes nothing away.
    UnlessWithoutEffect = "unless-without-effect", Warning;
    /// A histogram named by one of its series.
    HistogramName = "histogram-name", Error;
    /// A limit that is no comparison with a number.
    BadComparison = "bad-comparison", Error;
    /// A key of an alert that is given in two ways.
    DuplicateAnnotation = "duplicate-annotation", Error;
    /// An alert template that Prometheus refuses.
    TemplateSyntax = "template-syntax", Error;
    /// An alert template that Prometheus loads, and that fails whenever the alert fires.
    TemplateFailure = "template-failure", Warning;
    /// An alert template with a label that its expression does not have.
    TemplateLabel = "template-label", Warning;
    /// Two rules of one name and the same labels.
    DuplicateRule = "duplicate-rule", Warning;
    /// An alert that waits for less time than lies between two evaluations.
    ShortFor = "short-for", Warning;
    /// Runbook text for a page that does not exist.
    UnusedRunbookText = "unused-runbook-text", Warning;
    /// A runbook topic without its text.
    UnknownRunbookTopic = "unknown-runbook-topic", Error;
    /// A section that a runbook text has twice.
    DuplicateHeading = "duplicate-heading", Error;
    /// A section of a runbook text without text.
    EmptySection = "empty-section", Warning;
    /// A heading that makes no section of a runbook.
    BadRunbookHeading = "bad-runbook-heading", Warning;
    /// A code fence or raw HTML that a runbook text never closes.
    UnclosedRunbookBlock = "unclosed-runbook-block", Error;
    /// An alert that pages, and whose runbook page says nothing that a person wrote.
    RunbookStub = "runbook-stub", Warning;
    /// A command of a runbook text that no shell can run.
    ShellSyntax = "shell-syntax", Error;
    /// A placeholder of a runbook text that a shell takes for something else.
    ShellPlaceholder = "shell-placeholder", Warning;
    /// A link of a runbook text that leads nowhere.
    BrokenRunbookLink = "broken-runbook-link", Warning;
    /// A board that does not fit into an object of Kubernetes.
    ObjectTooLarge = "object-too-large", Error;
    /// A uid of a board that Grafana does not take, or that the tool keeps for its own boards.
    BadUid = "bad-uid", Error;
    /// Two boards of one uid, or of one title in a folder.
    DuplicateBoard = "duplicate-board", Error;
    /// A panel of no kind, or of more than one.
    PanelKind = "panel-kind", Error;
    /// A variable of a board that cannot be.
    BadVariable = "bad-variable", Error;
    /// A query or text with a variable that its board does not have.
    UnknownVariable = "unknown-variable", Error;
    /// A variable that nothing on its board reads.
    UnusedVariable = "unused-variable", Warning;
    /// A variable of several values where only one can stand.
    MultiVariable = "multi-variable", Error;
    /// An alert, an SLO, a board or a series of a panel that is not there.
    UnknownReference = "unknown-reference", Error;
    /// A series of the kind that rules record, which no rule records.
    UnrecordedSeries = "unrecorded-series", Error;
    /// Colours whose values do not ascend.
    BadThresholds = "bad-thresholds", Error;
    /// A unit that Grafana does not know.
    UnknownUnit = "unknown-unit", Warning;
    /// A unit of another kind than the expression's values.
    UnitMismatch = "unit-mismatch", Warning;
    /// A name of a series with a label that its expression does not have.
    LegendLabel = "legend-label", Warning;
    /// A receiver that Alertmanager does not take, or that tells nobody.
    BadReceiver = "bad-receiver", Error;
    /// A secret in the project file itself.
    InlineSecret = "inline-secret", Error;
    /// A receiver that gets nothing.
    UnusedReceiver = "unused-receiver", Warning;
    /// A team with receivers that owns nothing.
    UnknownTeam = "unknown-team", Warning;
    /// Hours that cannot be.
    BadHours = "bad-hours", Error;
    /// An alert that reaches nobody who would know it.
    UnroutedAlert = "unrouted-alert", Error;
    /// An alert that calls somebody twice.
    TwoPagers = "two-pagers", Error;
    /// A page that wakes nobody.
    SilentPage = "silent-page", Error;
    /// A heartbeat that calls somebody every time it comes.
    WatchdogCalls = "watchdog-calls", Warning;
    /// An alert that silences what it cannot, or must not.
    BadInhibition = "bad-inhibition", Error;
    /// Alerts that silence one another.
    InhibitionCycle = "inhibition-cycle", Error;
    /// An object that its own format does not allow.
    InvalidObject = "invalid-object", Error;
    /// Two objects of one kind and name.
    DuplicateObject = "duplicate-object", Error;
    /// An SLO of another format that does not say which service it is of.
    GuessedService = "guessed-service", Warning;
    /// A level of a lint that means nothing, or one for an error.
    BadLintLevel = "bad-lint-level", Error;
    /// A comment that allows what is no lint.
    BadAllow = "bad-allow", Error;
    /// A comment that allows a lint where there is none.
    UnusedAllow = "unused-allow", Warning;
    /// A comment that allows a lint and does not say why.
    ReasonlessAllow = "reasonless-allow", Warning;
}

impl Code {
    /// The code of a slug.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.slug() == slug)
    }
}
