//! Collections of symbionts with a rule of growth.
//!
//! A creator makes a collection and lays down its rule: what deeds lead from one stage to the next
//! and which deeds decide the branch. A symbiont is minted into it as a Metaplex Core asset. When the
//! zone's key attests what a symbiont did and its owner consents, this program applies the rule and,
//! only if the rule gives a new stage, writes the growth into the asset through Core.
#![cfg_attr(not(feature = "idl-build"), no_std)]
extern crate alloc;
// memcpy and its like, by the SVM's own calls
use solana_compiler_builtins as _;

use alloc::{string::String, vec::Vec};

use anchor_lang::prelude::*;

mod constants;
mod errors;
mod instructions;
mod mpl_core;
mod rule;
mod state;

pub use constants::*;
pub use errors::*;
use instructions::*;
pub use rule::*;
pub use state::*;

declare_id!("HcqkNENNfKo5NfEsbijhEUgnNmRTatgU4yTBhNrrCytd");

#[program]
pub mod evolution {
    use super::*;

    /// Makes a Core collection whose update authority is the creator and whose update delegate is the
    /// config, and stores its rule of growth.
    pub fn create_collection(
        ctx: &mut Context<CreateCollection>,
        index: u32,
        name: String,
        uri: String,
        zone: Address,
        rule: RuleArgs,
    ) -> Result<()> {
        create_collection::handler(ctx, CreateCollectionArgs { index, name, uri, zone, rule })
    }

    /// Replaces the rule, as long as nothing was minted under the old one.
    pub fn set_rule(ctx: &mut Context<SetRule>, rule: RuleArgs) -> Result<()> {
        set_rule::handler(ctx, rule)
    }

    /// Names the key that attests deeds from now on; all zeros revokes it without a successor.
    pub fn set_zone(ctx: &mut Context<SetZone>, zone: Address) -> Result<()> {
        set_zone::handler(ctx, zone)
    }

    /// Stops or resumes minting and evolving.
    pub fn set_paused(ctx: &mut Context<SetPaused>, paused: bool) -> Result<()> {
        set_paused::handler(ctx, paused)
    }

    /// Mints a symbiont of this genome. Its address is found from the genome, so that a collection
    /// never holds two of one genome and sending a mint twice changes nothing.
    pub fn mint(
        ctx: &mut Context<Mint>,
        genome: [u8; 32],
        name: String,
        uri: String,
        picture: [u8; 32],
        consent: bool,
    ) -> Result<()> {
        mint::handler(ctx, MintArgs { genome, name, uri, picture, consent })
    }

    /// The owner's standing consent to evolutions, given or taken back. It ends with a transfer.
    pub fn set_consent(ctx: &mut Context<SetConsent>, consent: bool) -> Result<()> {
        set_consent::handler(ctx, consent)
    }

    /// Grows a symbiont by one stage, if the rule gives it for the deeds that the zone attests. The URI
    /// comes as bytes: it is for Core to see that they are UTF-8.
    pub fn evolve(
        ctx: &mut Context<Evolve>,
        deeds: [u32; 8],
        version: u64,
        uri: Vec<u8>,
        picture: [u8; 32],
    ) -> Result<()> {
        evolve::handler(ctx, EvolveArgs { deeds, version, uri, picture })
    }
}
