//! Uids of boards: readable, at most 40 bytes, the same as long as the name is.

use smol_str::{SmolStr, format_smolstr};

/// The most bytes that Grafana takes.
const MAX_BYTES: usize = 40;
/// What is left of a longer one before `-` and eight digits.
const KEPT_BYTES: usize = 31;
/// What uids of services begin with.
pub(super) const SERVICE_PREFIX: &str = "slo-svc-";

/// The uid of a service's board: `slo-svc-checkout`. The name is made of ASCII that uids allow.
#[must_use]
pub fn service_uid(service: &str) -> SmolStr {
    shortened(format_smolstr!("{SERVICE_PREFIX}{service}"))
}

/// Whether the uid holds the whole name.
pub(super) fn is_whole(service: &str) -> bool {
    SERVICE_PREFIX.len() + service.len() <= MAX_BYTES
}

fn shortened(uid: SmolStr) -> SmolStr {
    if uid.len() <= MAX_BYTES {
        return uid;
    }
    format_smolstr!("{}-{:08x}", &uid[..KEPT_BYTES], fnv(uid.as_bytes()))
}

/// The FNV-1a hash, folded to 32 bits: small, and the same on every machine.
fn fnv(bytes: &[u8]) -> u32 {
    let hash = bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    let folded = (hash >> 32) ^ (hash & 0xffff_ffff);
    u32::try_from(folded).unwrap_or_default()
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
    }
}
