//! One code for each refusal.
use anchor_lang::prelude::*;

#[error_code]
pub enum ChronicleError {
    #[msg("authority: not the zone's")]
    WrongAuthority,
    #[msg("operator: not the zone's")]
    WrongOperator,
    #[msg("operator: all zeros is nobody's key")]
    NoOperator,
    #[msg("bond: less than 1 SOL")]
    BondTooSmall,
    #[msg("lamports: at least 1")]
    NoLamports,
    #[msg("zone: its bond is less than 1 SOL, is being withdrawn, or was lost too often")]
    NotStanding,
    #[msg("header: not 164 bytes, another prefix, ticks out of order or above 600, or leaves above 2^24")]
    Header,
    #[msg("header: of another zone")]
    OtherZone,
    #[msg("epoch: published already; one epoch has one header")]
    EpochPublished,
    #[msg("previous: not the hash of the zone's last header")]
    NotLinked,
    #[msg("ticks: not after the last published tick")]
    TickOrder,
    #[msg("epoch: follows the last one, but its world or first tick does not")]
    WorldBroken,
    #[msg("ring: full of epochs younger than 600 seconds, which can still be challenged")]
    RingFull,
    #[msg("zone: leaving already")]
    Leaving,
    #[msg("zone: not leaving")]
    NotLeaving,
    #[msg("withdraw: 86,400 seconds have not passed since the zone left")]
    TooEarly,
    #[msg("leaf: no decision in its only encoding")]
    Leaf,
    #[msg("leaf: its epoch is not in the ring: not published, or pruned and final")]
    EpochNotHeld,
    #[msg("path: does not lead from the leaf to the epoch's root")]
    Path,
    #[msg("epoch: marked already")]
    Marked,
    #[msg("zone: proven wrong 16 times already")]
    TooManyMarks,
    #[msg("brain: not a sealed brain of the brains program")]
    NotSealed,
    #[msg("brain: not the one that the leaf names")]
    OtherBrain,
    #[msg("brain: reads another number of observations than a decision has")]
    Observations,
    #[msg("incinerator: another account")]
    NotIncinerator,
    #[msg("headers: at least one, whole")]
    NoHeaders,
    #[msg("headers: the first is not one that the zone's ring holds")]
    NotInRing,
    #[msg("headers: one is not what the later one names as previous")]
    BrokenChain,
    #[msg("headers: one is older than the zone, where nobody could challenge it")]
    BeforeFirst,
    #[msg("recall: of another zone")]
    OtherRecall,
    #[msg("payer: not the recall's")]
    WrongPayer,
    #[msg("numbers: overflow")]
    Overflow,
}

impl From<referee::Refusal> for ChronicleError {
    fn from(refusal: referee::Refusal) -> Self {
        match refusal {
            referee::Refusal::Observations => Self::Observations,
            // the others come up while a brain is sealed, not while it is read
            _ => Self::NotSealed,
        }
    }
}

impl From<proof::Refusal> for ChronicleError {
    fn from(refusal: proof::Refusal) -> Self {
        use proof::Refusal;
        match refusal {
            Refusal::Leaf => Self::Leaf,
            Refusal::Header => Self::Header,
            Refusal::OtherZone | Refusal::NotAZone => Self::OtherZone,
            Refusal::EpochNotHeld => Self::EpochNotHeld,
            Refusal::Path => Self::Path,
            Refusal::OtherRecall | Refusal::NotARecall => Self::OtherRecall,
        }
    }
}
