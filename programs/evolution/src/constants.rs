//! Seeds and limits; the IDL carries them, so that no client types them again.
use anchor_lang::prelude::*;

/// Config of a collection: this and the Core collection's address.
#[constant]
pub const SEED_CONFIG: &[u8] = b"config";
/// A Core collection: this, its creator and the creator's own index (u32, little-endian).
#[constant]
pub const SEED_COLLECTION: &[u8] = b"collection";
/// A Core asset: this, the collection's address and the genome.
#[constant]
pub const SEED_ASSET: &[u8] = b"asset";
/// State of a symbiont: this and the Core asset's address.
#[constant]
pub const SEED_SYMBIONT: &[u8] = b"symbiont";

/// A brood: this and the Core assets of the two, who offers and who accepts.
#[constant]
pub const SEED_BREEDING: &[u8] = b"breeding";

/// Bytes of a collection's or symbiont's name, at most.
#[constant]
pub const MAX_NAME: u32 = 32;
/// Bytes of a URI, at most.
#[constant]
pub const MAX_URI: u32 = 200;
/// Basis points of royalties, at most: all of a price.
#[constant]
pub const MAX_BASIS_POINTS: u16 = 10_000;
/// Who shares in royalties, at most.
#[constant]
pub const MAX_SHARES: u8 = 5;
/// Lamports of a price, at most: a million SOL.
#[constant]
pub const MAX_PRICE: u64 = 1_000_000_000_000_000u64;
/// Lamports that each side of a brood lays down, at least and at most.
#[constant]
pub const MIN_DEPOSIT: u64 = 1_000_000u64;
#[constant]
pub const MAX_DEPOSIT: u64 = 100_000_000_000u64;
/// Seconds for which an offer may stand, at least and at most.
#[constant]
pub const MIN_OFFER_SECONDS: i64 = 60;
#[constant]
pub const MAX_OFFER_SECONDS: i64 = 604_800;
/// Seconds from the acceptance on in which both secrets have to be shown.
#[constant]
pub const REVEAL_SECONDS: i64 = 3_600;
/// Seconds after those in which the child has to be hatched.
#[constant]
pub const HATCH_SECONDS: i64 = 86_400;
/// Seconds for which a symbiont rests from its acceptance of a brood on.
#[constant]
pub const REST_SECONDS: i64 = 86_400;
/// A seed has no children.
#[constant]
pub const BREEDING_STAGE: u8 = 1;
/// Steps of a rule, at most: one stage more, with the seed.
#[constant]
pub const MAX_STEPS: u8 = 5;
/// A threshold or minimum in a rule, at most.
#[constant]
pub const MAX_DEED: u32 = 1_000_000_000;

/// The days of the cap begin at midnight UTC.
pub const DAY_SECONDS: u64 = 86_400;
/// How many deed counters there are.
pub const DEEDS: usize = 8;
/// How many branches a rule has.
pub const BRANCHES: usize = 4;
/// The sysvar of the latest slots' hashes.
pub const SLOT_HASHES_ID: Address =
    Address::from_str_const("SysvarS1otHashes111111111111111111111111111");
/// Metaplex Core.
pub const MPL_CORE_ID: Address =
    Address::from_str_const("CoREENxT6tW1HoK8ypY1SxRMZTcVPm7R94rH4PZNhX7d");
