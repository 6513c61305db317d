//! The plugins for indicators that are plain PromQL: Sloth's common collection, and the one of its first example.

/// A plugin: what it is called, and what it measures.
pub(super) struct Plugin {
    pub(super) id: &'static str,
    /// Options that it cannot do without.
    pub(super) required: &'static [&'static str],
    /// Options that it can do without, beside `filter`.
    pub(super) optional: &'static [&'static str],
    pub(super) measures: Measure,
}

/// What a plugin measures. Matchers may name an option in angle brackets, with the value for its absence behind a bar.
pub(super) enum Measure {
    /// Failed events of a counter.
    Failed { counter: &'static str, matchers: &'static str, bad: &'static str },
    /// The same, where failed events are counted by a counter of their own.
    FailedElsewhere { counter: &'static str, failed: &'static str },
    /// Events in a bucket of a histogram, whose name this is without its endings; `bucket` is the option.
    InBucket { histogram: &'static str, matchers: &'static str },
    /// Processed events that are not put back into their queue.
    Processed,
    /// Targets that answer.
    Up,
}

use Measure::{Failed, FailedElsewhere, InBucket, Processed, Up};

const FAILED_STATUS: &str = "code=~\"5..|429\"";
const CONTROLLER: &str = "controller=\"<controller>\"";
const ISTIO: &str = "destination_service_name=\"<service>\",destination_service_namespace=\"<namespace>\"";

pub(super) const PLUGINS: [Plugin; 21] = [
    Plugin {
        id: "sloth-common/coredns/availability",
        required: &[],
        optional: &["custom_rcode_regex"],
        measures: Failed {
            counter: "coredns_dns_responses_total",
            matchers: "",
            bad: "rcode=~\"<custom_rcode_regex|SERVFAIL>\"",
        },
    },
    Plugin {
        id: "sloth-common/coredns/latency",
        required: &["bucket"],
        optional: &[],
        measures: InBucket { histogram: "coredns_dns_request_duration_seconds", matchers: "" },
    },
    Plugin {
        id: "sloth-common/haproxy/frontend/availability",
        required: &[],
        optional: &[],
        measures: Failed { counter: "haproxy_frontend_http_responses_total", matchers: "", bad: "code=\"5xx\"" },
    },
    Plugin {
        id: "sloth-common/istio/v1/availability",
        required: &["service", "namespace"],
        optional: &[],
        measures: Failed { counter: "istio_requests_total", matchers: ISTIO, bad: "response_code=~\"5..|429\"" },
    },
    Plugin {
        id: "sloth-common/istio/v1/latency",
        required: &["bucket", "service", "namespace"],
        optional: &["exclude_errors"],
        measures: InBucket { histogram: "istio_request_duration_milliseconds", matchers: ISTIO },
    },
    Plugin {
        id: "sloth-common/kubernetes/apiserver/availability",
        required: &[],
        optional: &[],
        measures: Failed { counter: "apiserver_request_total", matchers: "", bad: FAILED_STATUS },
    },
    Plugin {
        id: "sloth-common/kubernetes/apiserver/latency",
        required: &["bucket"],
        optional: &[],
        measures: InBucket { histogram: "apiserver_request_duration_seconds", matchers: "verb!=\"WATCH\"" },
    },
    Plugin {
        id: "sloth-common/kubernetes/kooper/availability",
        required: &["controller"],
        optional: &[],
        measures: Processed,
    },
    Plugin {
        id: "sloth-common/kubernetes/kooper/latency",
        required: &["bucket", "controller"],
        optional: &[],
        measures: InBucket { histogram: "kooper_controller_processed_event_duration_seconds", matchers: CONTROLLER },
    },
    Plugin {
        id: "sloth-common/kubernetes/kooper/queue-congestion",
        required: &["bucket", "controller"],
        optional: &[],
        measures: InBucket { histogram: "kooper_controller_event_in_queue_duration_seconds", matchers: CONTROLLER },
    },
    Plugin {
        id: "sloth-common/kubernetes/nginx-ingress/availability",
        required: &[],
        optional: &[],
        measures: Failed { counter: "nginx_ingress_controller_requests", matchers: "", bad: "status=~\"5..|429\"" },
    },
    Plugin {
        id: "sloth-common/linkerd/v2/availability",
        required: &["filter"],
        optional: &[],
        measures: Failed {
            counter: "response_total",
            matchers: "direction=\"inbound\"",
            bad: "classification=\"failure\"",
        },
    },
    Plugin {
        id: "sloth-common/prometheus/rules/eval-availability",
        required: &[],
        optional: &[],
        measures: FailedElsewhere {
            counter: "prometheus_rule_evaluations_total",
            failed: "prometheus_rule_evaluation_failures_total",
        },
    },
    Plugin { id: "sloth-common/prometheus/targets/availability", required: &[], optional: &[], measures: Up },
    Plugin {
        id: "sloth-common/slok-go-http-metrics/availability",
        required: &["filter"],
        optional: &[],
        measures: Failed { counter: "http_request_duration_seconds_count", matchers: "", bad: FAILED_STATUS },
    },
    Plugin {
        id: "sloth-common/slok-go-http-metrics/latency",
        required: &["filter", "bucket"],
        optional: &["exclude_errors"],
        measures: InBucket { histogram: "http_request_duration_seconds", matchers: "" },
    },
    Plugin {
        id: "sloth-common/traefik/v1/availability",
        required: &["backend_regex"],
        optional: &[],
        measures: Failed {
            counter: "traefik_backend_requests_total",
            matchers: "backend=~\"<backend_regex>\"",
            bad: FAILED_STATUS,
        },
    },
    Plugin {
        id: "sloth-common/traefik/v1/latency",
        required: &["bucket", "backend_regex"],
        optional: &["exclude_errors"],
        measures: InBucket {
            histogram: "traefik_backend_request_duration_seconds",
            matchers: "backend=~\"<backend_regex>\"",
        },
    },
    Plugin {
        id: "sloth-common/traefik/v2/latency",
        required: &["bucket", "service_name_regex"],
        optional: &["exclude_errors"],
        measures: InBucket {
            histogram: "traefik_service_request_duration_seconds",
            matchers: "service=~\"<service_name_regex>\"",
        },
    },
    Plugin {
        id: "sloth-common/traefik/v2/availability",
        required: &["service_name_regex"],
        optional: &[],
        measures: Failed {
            counter: "traefik_service_requests_total",
            matchers: "service=~\"<service_name_regex>\"",
            bad: "code=~\"5..\"",
        },
    },
    Plugin {
        id: "getting_started_availability",
        required: &["job"],
        optional: &[],
        measures: Failed {
            counter: "http_request_duration_seconds_count",
            matchers: "job=\"<job>\"",
            bad: FAILED_STATUS,
        },
    },
];

/// Plugins that have no counterpart, and why.
pub(super) const REFUSED: [(&str, &str); 3] = [
    ("sloth-common/fake", "it makes up its errors; `slosmith simulate` shows what alerts make of errors"),
    ("sloth_common/noop", "it measures nothing"),
    ("sloth-common/linkerd/v2/latency", "its expression adds up ranges, which Prometheus refuses"),
];
