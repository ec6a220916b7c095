//! One code for each refusal.
use anchor_lang::prelude::*;

#[error_code]
pub enum EvolutionError {
    #[msg("name: 1 to 32 bytes")]
    NameLength,
    #[msg("uri: 1 to 200 bytes")]
    UriLength,
    #[msg("uri: shorter than the asset's present one; a URI never gets shorter")]
    UriShorter,
    #[msg("rule: 1 to 5 steps")]
    RuleSteps,
    #[msg("rule: branch_stage is beyond the last stage")]
    RuleBranchStage,
    #[msg("rule: a threshold or minimum is above 1,000,000,000")]
    RuleLimit,
    #[msg("rule: a step asks for less than the step before it")]
    RuleDecreasing,
    #[msg("rule: a step asks for nothing")]
    RuleEmptyStep,
    #[msg("rule: a step's minimum cannot be reached, since it weighs no deed")]
    RuleUnreachable,
    #[msg("rule: the first branch weighs no deed, or branches are given without a branch_stage")]
    RuleBranches,
    #[msg("rule: fixed since the first mint")]
    RuleFixed,
    #[msg("authority: not the collection's")]
    WrongAuthority,
    #[msg("authority: not the one that was proposed")]
    WrongProposed,
    #[msg("zone_account: not the collection's zone, or it has none")]
    WrongZone,
    #[msg("zone_account: not an account of the chronicle program")]
    NotAZone,
    #[msg("zone_account: its operator does not stand behind it: bond too low, leaving, or proven wrong too often")]
    ZoneNotStanding,
    #[msg("leaf: its epoch was proven wrong")]
    EpochMarked,
    #[msg("leaf: no deed leaf of 120 bytes")]
    Leaf,
    #[msg("leaf: of another zone")]
    OtherZone,
    #[msg("leaf: its epoch is not in the zone's ring")]
    EpochNotHeld,
    #[msg("path: does not lead from the leaf to the epoch's root")]
    Path,
    #[msg("leaf: of another asset")]
    OtherAsset,
    #[msg("uri, picture: not those of the leaf's appearance")]
    WrongAppearance,
    #[msg("minter: neither the collection's authority nor its minter")]
    WrongMinter,
    #[msg("collection: paused")]
    Paused,
    #[msg("core_program: not Metaplex Core")]
    WrongCore,
    #[msg("collection: not the one of this config")]
    WrongCollection,
    #[msg("config: not the one of this symbiont")]
    WrongConfig,
    #[msg("asset: not the one of this symbiont")]
    WrongAsset,
    #[msg("asset: not a Core asset of this collection")]
    NotInCollection,
    #[msg("owner: not the asset's present owner")]
    WrongOwner,
    #[msg("consent: the owner neither signs nor has given standing consent")]
    ConsentMissing,
    #[msg("leaf: its version is not the stored one; was this sent before?")]
    WrongVersion,
    #[msg("leaf: a counter is lower than the stored one")]
    DeedsDecrease,
    #[msg("rule: not met, no new stage")]
    RuleNotMet,
    #[msg("collection: this symbiont has evolved as often today as its creator allows")]
    CapReached,
    #[msg("numbers: overflow")]
    Overflow,
    #[msg("name: shorter than the collection's present one; a name never gets shorter")]
    NameShorter,
    #[msg("basis_points: above 10,000")]
    BasisPoints,
    #[msg("shares: 1 to 5, of different people, 100 percent together")]
    Shares,
    #[msg("supply: above the present one; a limit is never raised")]
    SupplyRaised,
    #[msg("supply: below what is minted already")]
    SupplyBelowMinted,
    #[msg("collection: all that there will ever be are minted")]
    SoldOut,
    #[msg("price: above 1,000,000,000,000,000 lamports")]
    PriceLimit,
    #[msg("treasury: missing; a price must be paid to somebody")]
    TreasuryMissing,
    #[msg("treasury: not the collection's")]
    WrongTreasury,
    #[msg("model: fixed since the first mint")]
    ModelFixed,
    #[msg("deposit: 1,000,000 to 100,000,000,000 lamports")]
    DepositLimit,
    #[msg("side: 0 (who offers) or 1 (who accepts)")]
    NoSuchSide,
    #[msg("until: a minute to seven days from now")]
    OfferTime,
    #[msg("asset: both parents are one")]
    SameParent,
    #[msg("symbiont: a seed; it has to grow before it can have a child")]
    TooYoung,
    #[msg("symbiont: rests from its last brood")]
    Resting,
    #[msg("asset: a parent belongs to another by now")]
    ParentMoved,
    #[msg("breeding: not offered, or accepted already")]
    NotOffered,
    #[msg("breeding: the offer has run out")]
    OfferOver,
    #[msg("deposit, heir: not those of the offer")]
    OtherTerms,
    #[msg("breeding: not accepted, or drawn already")]
    NotAccepted,
    #[msg("slot_hashes: not the sysvar")]
    WrongSlotHashes,
    #[msg("breeding: the slot of its acceptance is not over")]
    SlotNotOver,
    #[msg("breeding: the slot of its acceptance is no longer among the latest 512")]
    SlotGone,
    #[msg("breeding: the slot's hash is not drawn yet")]
    NotDrawn,
    #[msg("secret: revealed before")]
    RevealedBefore,
    #[msg("breeding: the time to reveal is over")]
    RevealOver,
    #[msg("secret: not the one that was committed to")]
    WrongSecret,
    #[msg("breeding: a secret is not revealed")]
    NotRevealed,
    #[msg("genome: not the one that these parents, secrets and slot give")]
    WrongGenome,
    #[msg("payer: not who paid this deposit")]
    WrongPayer,
    #[msg("breeding: something may still come of it")]
    NotLapsed,
}

impl From<proof::Refusal> for EvolutionError {
    fn from(refusal: proof::Refusal) -> Self {
        use proof::Refusal;
        match refusal {
            Refusal::Leaf | Refusal::Header => Self::Leaf,
            Refusal::OtherZone => Self::OtherZone,
            Refusal::EpochNotHeld | Refusal::OtherRecall | Refusal::NotARecall => {
                Self::EpochNotHeld
            }
            Refusal::Path => Self::Path,
            Refusal::NotAZone => Self::NotAZone,
        }
    }
}
