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
    #[msg("zone: not the collection's zone key, or it was revoked")]
    WrongZone,
    #[msg("minter: neither the collection's authority nor its zone key")]
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
    #[msg("version: not the stored one; was this sent before?")]
    WrongVersion,
    #[msg("deeds: a counter is lower than the stored one")]
    DeedsDecrease,
    #[msg("rule: not met, no new stage")]
    RuleNotMet,
    #[msg("numbers: overflow")]
    Overflow,
}
