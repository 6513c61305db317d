//! Digits that tell shortened names apart.

/// Eight hexadecimal digits of the FNV-1a hash of a text: small, and the same on every machine.
pub(crate) fn digits(text: &str) -> String {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{:08x}", (hash >> 32) ^ (hash & 0xffff_ffff))
}
