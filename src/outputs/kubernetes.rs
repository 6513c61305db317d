//! Objects of Kubernetes around the boards and rule files that were written.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::Sink;
use crate::model::Kubernetes;
use crate::verify::{self, BoardNames};
use crate::{Output, emit, lower};

/// The objects for some outputs, of which these are the boards.
pub(super) fn objects(
    outputs: &[Output],
    boards: &[BoardNames],
    kubernetes: &Kubernetes,
    sink: &mut Sink,
) -> Vec<Output> {
    if kubernetes.objects.is_empty() {
        return Vec::new();
    }
    let by_path: BTreeMap<&str, &Output> = outputs.iter().map(|output| (output.path.as_str(), output)).collect();
    let mut objects = Vec::new();
    let mut written = BTreeSet::new();
    for board in boards {
        let Some(output) = by_path.get(board.path().as_str()) else { continue };
        for object in lower::board_objects(kubernetes, &board.uid, &board.folder) {
            let origin = output.origins.first().map(|origin| origin.span);
            verify::object_size(&object, &output.text, origin, sink);
            // Boards of one folder share its object.
            if written.insert(object.path()) {
                let text = emit::kubernetes::object(&object, &output.text);
                objects.push(Output { path: object.path(), text, origins: output.origins.clone() });
            }
        }
    }
    objects.extend(outputs.iter().filter_map(|output| rules(output, kubernetes)));
    objects
}

/// The object around a rule file.
fn rules(output: &Output, kubernetes: &Kubernetes) -> Option<Output> {
    let service = output.path.strip_prefix("prometheus/rules/")?.strip_suffix(".yaml")?;
    let object = lower::rule_object(kubernetes, service)?;
    let text = emit::kubernetes::object(&object, &output.text);
    Some(Output { path: object.path(), text, origins: output.origins.clone() })
}
