//! Catalogues of common exporters, which come with slosmith.

/// The exporters by the name that a project file gives them, sorted, with the text of their catalogue.
pub const EXPORTERS: [(&str, &str); 16] = [
    ("alertmanager", include_str!("../../templates/metrics/alertmanager.yaml")),
    ("blackbox", include_str!("../../templates/metrics/blackbox.yaml")),
    ("cadvisor", include_str!("../../templates/metrics/cadvisor.yaml")),
    ("celery-exporter", include_str!("../../templates/metrics/celery-exporter.yaml")),
    ("django-prometheus", include_str!("../../templates/metrics/django-prometheus.yaml")),
    ("fastapi", include_str!("../../templates/metrics/fastapi.yaml")),
    ("go", include_str!("../../templates/metrics/go.yaml")),
    ("nginx", include_str!("../../templates/metrics/nginx.yaml")),
    ("node_exporter", include_str!("../../templates/metrics/node_exporter.yaml")),
    ("pgbouncer_exporter", include_str!("../../templates/metrics/pgbouncer_exporter.yaml")),
    ("postgres_exporter", include_str!("../../templates/metrics/postgres_exporter.yaml")),
    ("prometheus", include_str!("../../templates/metrics/prometheus.yaml")),
    ("pushgateway", include_str!("../../templates/metrics/pushgateway.yaml")),
    ("python", include_str!("../../templates/metrics/python.yaml")),
    ("redis_exporter", include_str!("../../templates/metrics/redis_exporter.yaml")),
    ("vault", include_str!("../../templates/metrics/vault.yaml")),
];

/// Whether an entry of `metrics` is the file of a catalogue rather than the name of an exporter.
#[must_use]
pub fn is_file(entry: &str) -> bool {
    entry.contains(['/', '.'])
}

/// The text of an exporter's catalogue.
#[must_use]
pub fn exporter(name: &str) -> Option<&'static str> {
    EXPORTERS.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}
