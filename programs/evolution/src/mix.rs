//! A child's genome. Its twin in TypeScript is shared/growth/mix.ts; both read the same vectors.
use proof::sha256;

type Bytes = [u8; 32];

/// The lower three bits of a byte of chance say where a child's byte comes from, the upper five how.
const FROM_A: u8 = 3;
const FROM_B: u8 = 6;
const BETWEEN: u8 = 6;

/// What nobody could choose: both sides' secrets, to which they were bound before the slot's hash was known.
pub fn entropy(secrets: &[Bytes; 2], slot_hash: &Bytes, pair: [&[u8]; 2]) -> Bytes {
    sha256(&[&secrets[0], &secrets[1], slot_hash, pair[0], pair[1]])
}

/// Byte by byte, as the chance falls: the one parent's (3 in 8), the other's (3 in 8), one between both (1 in 8), or
/// one parent's changed by one to eight (1 in 8).
pub fn mix(a: &Bytes, b: &Bytes, chance: &Bytes) -> Bytes {
    let mut child = [0; 32];
    for i in 0..32 {
        let (kind, how) = (chance[i] & 7, (chance[i] >> 3) as i32);
        child[i] = if kind < FROM_A {
            a[i]
        } else if kind < FROM_B {
            b[i]
        } else if kind == BETWEEN {
            let (one, other) = (a[i] as i32, b[i] as i32);
            // how: 0 to 31, so that neither parent's byte itself is meant
            ((one * (32 - how) + other * (how + 1)) / 33) as u8
        } else {
            change(if how & 1 == 0 { a[i] } else { b[i] } as i32, how >> 1)
        };
    }
    child
}

/// By one to eight up or down (`how`: 0 to 15), the other way at the ends.
fn change(byte: i32, how: i32) -> u8 {
    let by = if how < 8 { how - 8 } else { how - 7 };
    let changed = byte + by;
    (if (0..=255).contains(&changed) { changed } else { byte - by }) as u8
}
