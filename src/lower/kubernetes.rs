//! Objects of Kubernetes: what they are called, and how they are found.

use std::collections::BTreeMap;

use smol_str::{SmolStr, format_smolstr};

use crate::ir::{KubernetesObject, ObjectKind};
use crate::model::{self, Kubernetes, digits};

/// By which label the sidecar of Grafana's chart finds boards.
const SIDECAR: (&str, &str) = ("grafana_dashboard", "1");
/// Who wrote an object.
const MANAGED_BY: (&str, &str) = ("app.kubernetes.io/managed-by", "slosmith");
/// The longest name of an object that can be a label's value as well.
const MAX_NAME: usize = 63;

/// The objects that carry a board, and the one that carries its folder.
#[must_use]
pub fn board_objects(kubernetes: &Kubernetes, uid: &str, folder: &str) -> Vec<KubernetesObject> {
    let objects = kubernetes.objects.iter().flat_map(|object| match object {
        model::KubernetesObject::ConfigMap => {
            let kind = ObjectKind::ConfigMap { file: format_smolstr!("{uid}.json"), folder: folder.into() };
            vec![object_of(kubernetes, uid, &[SIDECAR], kind)]
        }
        model::KubernetesObject::GrafanaOperator => {
            let instances = pairs(&kubernetes.instances);
            let board = ObjectKind::GrafanaDashboard { folder: object_name(folder), instances: instances.clone() };
            let title = ObjectKind::GrafanaFolder { title: folder.into(), instances };
            vec![object_of(kubernetes, uid, &[], board), object_of(kubernetes, folder, &[], title)]
        }
        model::KubernetesObject::PrometheusOperator => Vec::new(),
    });
    objects.collect()
}

/// The object that carries the rule file of a service, if one is asked for.
#[must_use]
pub fn rule_object(kubernetes: &Kubernetes, service: &str) -> Option<KubernetesObject> {
    let is_wanted = kubernetes.objects.contains(&model::KubernetesObject::PrometheusOperator);
    is_wanted.then(|| object_of(kubernetes, service, &[], ObjectKind::PrometheusRule))
}

/// An object; the project's labels go before those that everything of its kind has.
fn object_of(kubernetes: &Kubernetes, of: &str, own: &[(&str, &str)], kind: ObjectKind) -> KubernetesObject {
    let usual = own.iter().chain([&MANAGED_BY]).map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    let mut labels: BTreeMap<String, String> = usual.collect();
    labels.extend(kubernetes.labels.clone());
    KubernetesObject {
        name: object_name(of),
        namespace: kubernetes.namespace.as_ref().map(SmolStr::from),
        labels: pairs(&labels),
        kind,
    }
}

fn pairs(map: &BTreeMap<String, String>) -> Vec<(SmolStr, SmolStr)> {
    map.iter().map(|(key, value)| (key.into(), value.into())).collect()
}

/// A text as the name of an object; one that has to be changed for it gets digits of its own, so that names stay apart.
fn object_name(text: &str) -> SmolStr {
    let allowed = |c: char| if c.is_ascii_lowercase() || c.is_ascii_digit() { c } else { '-' };
    let name: String = text.chars().map(|c| allowed(c.to_ascii_lowercase())).take(MAX_NAME).collect();
    let name = name.trim_matches('-');
    if name == text && !name.is_empty() {
        return name.into();
    }
    let digits = digits(text);
    let kept = name.get(..name.len().min(MAX_NAME - 1 - digits.len())).unwrap_or(name).trim_end_matches('-');
    if kept.is_empty() { format_smolstr!("object-{digits}") } else { format_smolstr!("{kept}-{digits}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_objects_are_dns_labels_and_stay_apart() {
        assert_eq!(object_name("slo-svc-cart"), "slo-svc-cart");
        let texts = ["slo_fleet", "slo-fleet", "Slo-Fleet", "-", "_", "Ünicode & more", "", "a-".repeat(40).as_str()]
            .map(object_name);
        for (index, name) in texts.iter().enumerate() {
            let inner = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
            assert!(inner && !name.is_empty() && name.len() <= MAX_NAME, "{name}");
            assert!(!name.starts_with('-') && !name.ends_with('-'), "{name}");
            assert!(!texts[..index].contains(name), "{name}");
        }
    }
}
