//! Seeds and limits; the IDL carries them, so that no client types them again.
use anchor_lang::prelude::*;

/// A zone: this, its first authority and its number (u32, little-endian).
#[constant]
pub const SEED_ZONE: &[u8] = b"zone";
/// A recall: this, the zone's account and who pays for it.
#[constant]
pub const SEED_RECALL: &[u8] = b"recall";

/// Lamports of a bond, at least.
#[constant]
pub const MIN_BOND: u64 = proof::zone::MIN_BOND;
/// Lamports that a lost challenge costs: 0.01 SOL.
#[constant]
pub const CHALLENGE_DEPOSIT: u64 = 10_000_000;
/// For so long, in seconds, an epoch stays in the ring and can be challenged, however fast others follow.
#[constant]
pub const CHALLENGE_SECONDS: i64 = 600;
/// From leaving to withdrawing, seconds.
#[constant]
pub const WITHDRAW_SECONDS: i64 = 86_400;
/// A header counts as late when the one before is older, in seconds: four epochs' time.
#[constant]
pub const LATE_SECONDS: i64 = 120;
/// Epochs in the ring.
#[constant]
pub const RING_EPOCHS: u32 = proof::zone::RING as u32;
/// Epochs proven wrong that a zone survives.
#[constant]
pub const MAX_MARKED: u32 = proof::zone::MAX_MARKS as u32;

/// Whoever's key nobody has: what lies there is gone at the end of the slot.
pub const INCINERATOR: Address =
    Address::from_str_const("1nc1nerator11111111111111111111111111111111");
