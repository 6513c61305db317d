//! Uids of boards: readable, at most 40 bytes, the same as long as the name is.

use smol_str::{SmolStr, format_smolstr};

use super::hash::digits;

/// The most bytes that Grafana takes.
const MAX_BYTES: usize = 40;
/// What is left of a longer one before `-` and eight digits.
const KEPT_BYTES: usize = 31;
/// What uids of services begin with.
pub(crate) const SERVICE_PREFIX: &str = "slo-svc-";

/// The uid of a service's board: `slo-svc-checkout`. The name is made of ASCII that uids allow, and of `.`, which they do not.
#[must_use]
pub fn service_uid(service: &str) -> SmolStr {
    let uid = format_smolstr!("{SERVICE_PREFIX}{service}");
    if is_whole(service) {
        return uid;
    }
    let kept = uid.replace('.', "-");
    format_smolstr!("{}-{}", &kept[..KEPT_BYTES.min(kept.len())], digits(&uid))
}

/// Whether the uid holds the whole name.
pub(crate) fn is_whole(service: &str) -> bool {
    SERVICE_PREFIX.len() + service.len() <= MAX_BYTES && !service.contains('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_stay_apart() {
        assert_eq!(service_uid("checkout"), "slo-svc-checkout");
        let names = ["a-service-with-a-very-long-name-indeed-1", "a-service-with-a-very-long-name-indeed-2"];
        let uids = names.map(service_uid);
        assert!(uids.iter().all(|uid| uid.len() == MAX_BYTES), "{uids:?}");
        assert_ne!(uids[0], uids[1]);
        assert_ne!(service_uid("cart.api"), service_uid("cart-api"));
        assert!(!service_uid("cart.api").contains('.'));
    }
}
