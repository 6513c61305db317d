//! Objects of Kubernetes around the boards and rule files that were written.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use crate::diag::Sink;
use crate::model::Kubernetes;
use crate::verify::{self, BoardNames};
use crate::{Destination, Made, Origin, emit, lower};

/// What the paths of outputs that objects carry begin with.
const CARRIED: [&str; 2] = [RULES, "grafana/dashboards/"];
/// The same of rule files.
const RULES: &str = "prometheus/rules/";

/// Passes texts on, and keeps those that objects carry, if objects are asked for.
pub(super) struct Carried<'a> {
    kubernetes: &'a Kubernetes,
    destination: &'a dyn Destination,
    texts: Mutex<BTreeMap<String, String>>,
}

impl<'a> Carried<'a> {
    pub(super) fn new(kubernetes: &'a Kubernetes, destination: &'a dyn Destination) -> Self {
        Self { kubernetes, destination, texts: Mutex::default() }
    }

    fn take_texts(&self) -> BTreeMap<String, String> {
        std::mem::take(&mut *self.texts.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Destination for Carried<'_> {
    fn take(&self, path: &str, text: String) {
        if !self.kubernetes.objects.is_empty() && CARRIED.iter().any(|start| path.starts_with(start)) {
            let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
            texts.insert(path.to_owned(), text.clone());
        }
        self.destination.take(path, text);
    }
}

/// The objects for some outputs, of which these are the boards: path, text and origins of each.
pub(super) fn objects(
    outputs: &[Made],
    boards: &[BoardNames],
    carried: &Carried<'_>,
    sink: &mut Sink,
) -> Vec<(String, String, Vec<Origin>)> {
    let kubernetes = carried.kubernetes;
    if kubernetes.objects.is_empty() {
        return Vec::new();
    }
    let texts = carried.take_texts();
    let by_path: BTreeMap<&str, &Made> = outputs.iter().map(|output| (output.path(), output)).collect();
    let mut objects = Vec::new();
    let mut written = BTreeSet::new();
    for board in boards {
        let path = board.path();
        let (Some(output), Some(content)) = (by_path.get(path.as_str()), texts.get(&path)) else { continue };
        for object in lower::board_objects(kubernetes, &board.uid, &board.folder) {
            let origin = output.origins.first().map(|origin| origin.span);
            verify::object_size(&object, content, origin, sink);
            // Boards of one folder share its object.
            if written.insert(object.path()) {
                objects.push((object.path(), emit::kubernetes::object(&object, content), output.origins.clone()));
            }
        }
    }
    for output in outputs {
        let service = output.path().strip_prefix(RULES).and_then(|name| name.strip_suffix(".yaml"));
        let object = service.and_then(|service| lower::rule_object(kubernetes, service));
        if let (Some(object), Some(content)) = (object, texts.get(output.path())) {
            objects.push((object.path(), emit::kubernetes::object(&object, content), output.origins.clone()));
        }
    }
    objects
}
