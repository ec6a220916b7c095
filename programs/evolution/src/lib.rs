//! Collections of symbionts with a rule of growth.
//!
//! A creator makes a collection and lays down its rule: what deeds lead from one stage to the next
//! and which deeds decide the branch. A symbiont is minted into it as a Metaplex Core asset. Whoever
//! proves by a Merkle path what it did, from a root that the zone's operator published with a bond behind
//! it, lets it evolve, if its owner consents: this program applies the rule and, only if the rule gives a
//! new stage, writes the growth into the asset through Core.
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
mod royalties;
mod rule;
mod state;

pub use constants::*;
pub use errors::*;
use instructions::*;
pub use royalties::*;
pub use rule::*;
pub use state::*;

declare_id!("HcqkNENNfKo5NfEsbijhEUgnNmRTatgU4yTBhNrrCytd");

#[program]
pub mod evolution {
    use super::*;

    /// Makes a Core collection whose update authority is the config, so that nobody writes what its assets
    /// show but this program, and stores its rule of growth.
    pub fn create_collection(
        ctx: &mut Context<CreateCollection>,
        index: u32,
        name: String,
        uri: String,
        zone: Address,
        minter: Address,
        daily_cap: u16,
        rule: RuleArgs,
    ) -> Result<()> {
        let args = CreateCollectionArgs { index, name, uri, zone, minter, daily_cap, rule };
        create_collection::handler(ctx, args)
    }

    /// Replaces the rule, as long as nothing was minted under the old one.
    pub fn set_rule(ctx: &mut Context<SetRule>, rule: RuleArgs) -> Result<()> {
        set_rule::handler(ctx, rule)
    }

    /// Names the chronicle's zone whose deeds count from now on; all zeros: none does.
    pub fn set_zone(ctx: &mut Context<SetZone>, zone: Address) -> Result<()> {
        set_zone::handler(ctx, zone)
    }

    /// Names who may mint besides the authority; all zeros: nobody.
    pub fn set_minter(ctx: &mut Context<SetMinter>, minter: Address) -> Result<()> {
        set_minter::handler(ctx, minter)
    }

    /// Limits the evolutions of one symbiont a day; 0: no limit.
    pub fn set_daily_cap(ctx: &mut Context<SetDailyCap>, daily_cap: u16) -> Result<()> {
        set_daily_cap::handler(ctx, daily_cap)
    }

    /// Offers authority to another key; all zeros takes the offer back.
    pub fn propose_authority(ctx: &mut Context<ProposeAuthority>, proposed: Address) -> Result<()> {
        propose_authority::handler(ctx, proposed)
    }

    /// Takes authority over.
    pub fn accept_authority(ctx: &mut Context<AcceptAuthority>) -> Result<()> {
        accept_authority::handler(ctx)
    }

    /// Stops or resumes minting and evolving.
    pub fn set_paused(ctx: &mut Context<SetPaused>, paused: bool) -> Result<()> {
        set_paused::handler(ctx, paused)
    }

    /// Gives the collection itself another name and URI, neither shorter than before.
    pub fn set_metadata(ctx: &mut Context<SetMetadata>, name: String, uri: String) -> Result<()> {
        set_metadata::handler(ctx, name, uri)
    }

    /// Sets what marketplaces are asked to pay on a sale, and to whom. No list of programs: royalties
    /// never stand in the way of a transfer.
    pub fn set_royalties(
        ctx: &mut Context<SetRoyalties>,
        basis_points: u16,
        shares: Vec<Share>,
    ) -> Result<()> {
        set_royalties::handler(ctx, basis_points, shares)
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

    /// Grows a symbiont by one stage, if the rule gives it for the deeds of this leaf: its zone published
    /// it at `index` among an epoch's leaves, and `path` (whole hashes, the leaf's neighbour first) leads to
    /// the root. Anyone may bring it, since the leaf also fixes what the symbiont looks like then. The URI
    /// comes as bytes: it is for Core to see that they are UTF-8.
    pub fn evolve(
        ctx: &mut Context<Evolve>,
        index: u32,
        picture: [u8; 32],
        leaf: &[u8],
        path: &[u8],
        uri: &[u8],
    ) -> Result<()> {
        evolve::handler(ctx, EvolveArgs { index, picture, leaf, path, uri })
    }
}
