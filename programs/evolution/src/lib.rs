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

mod breeding;
mod constants;
mod errors;
mod instructions;
mod lamports;
mod mix;
mod mpl_core;
mod royalties;
mod rule;
mod state;

pub use breeding::{Breeding, Side, Terms};
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
        supply: u32,
        price: u64,
        treasury: Address,
        model: [u8; 32],
        rule: RuleArgs,
    ) -> Result<()> {
        let args = CreateCollectionArgs {
            index,
            name,
            uri,
            zone,
            minter,
            daily_cap,
            supply,
            price,
            treasury,
            model,
            rule,
        };
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

    /// Limits how many symbionts there will ever be, bred ones among them. The limit only falls, and never
    /// below what is minted; 0: none, as long as there never was one.
    pub fn set_supply(ctx: &mut Context<SetSupply>, supply: u32) -> Result<()> {
        set_supply::handler(ctx, supply)
    }

    /// What a mint costs whoever is not the authority, in lamports, and whom it is paid to; 0: nothing.
    pub fn set_price(ctx: &mut Context<SetPrice>, price: u64, treasury: Address) -> Result<()> {
        set_price::handler(ctx, price, treasury)
    }

    /// Names the art model that draws the collection (its SHA-256; all zeros: the world's own), as long as
    /// nothing was minted.
    pub fn set_model(ctx: &mut Context<SetModel>, model: [u8; 32]) -> Result<()> {
        set_model::handler(ctx, model)
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

    /// Mints a symbiont of this genome, for the collection's price unless its authority mints. Its address is found from the genome, so that a collection
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

    /// Offers a brood to the owner of another symbiont of the collection, until `until` (Unix seconds). `commit` is
    /// SHA-256 of a secret of 32 bytes, the brood's address and the owner's. `heir`: whose the child will be, 0 who
    /// offers, 1 who accepts. Each side lays down `deposit` lamports. `consent` stands for the child, if it is theirs.
    pub fn offer_breeding(
        ctx: &mut Context<OfferBreeding>,
        commit: [u8; 32],
        deposit: u64,
        until: i64,
        heir: u8,
        consent: bool,
    ) -> Result<()> {
        let terms = Terms { deposit, heir };
        offer_breeding::handler(ctx, OfferBreedingArgs { commit, terms, until, consent })
    }

    /// Takes an offer back, by who made it; by anyone once it has run out or the parent has changed hands.
    pub fn withdraw_offer(ctx: &mut Context<WithdrawOffer>) -> Result<()> {
        withdraw_offer::handler(ctx)
    }

    /// Accepts an offer of these terms; both parents rest from now on. `commit` as in the offer.
    pub fn accept_breeding(
        ctx: &mut Context<AcceptBreeding>,
        commit: [u8; 32],
        deposit: u64,
        heir: u8,
        consent: bool,
    ) -> Result<()> {
        let terms = Terms { deposit, heir };
        accept_breeding::handler(ctx, AcceptBreedingArgs { commit, terms, consent })
    }

    /// Takes the hash of the slot in which the offer was accepted, while it is among the latest 512. Anyone may.
    pub fn draw(ctx: &mut Context<Draw>) -> Result<()> {
        draw::handler(ctx)
    }

    /// Shows the secret that a side (0 or 1) has committed to, once the slot is drawn. Anyone may who knows it.
    pub fn reveal(ctx: &mut Context<Reveal>, side: u8, secret: [u8; 32]) -> Result<()> {
        reveal::handler(ctx, side, secret)
    }

    /// Mints the child, whose genome is the one that both parents, both secrets and the slot give. Both deposits go
    /// back to who paid them.
    pub fn hatch(
        ctx: &mut Context<Hatch>,
        genome: [u8; 32],
        name: String,
        uri: String,
        picture: [u8; 32],
    ) -> Result<()> {
        hatch::handler(ctx, HatchArgs { genome, name, uri, picture })
    }

    /// Ends a brood of which nothing comes. The deposit of a side that did not reveal in time, or that gave its
    /// parent away, goes to the other; where both did or neither, each gets its own.
    pub fn lapse(ctx: &mut Context<Lapse>) -> Result<()> {
        lapse::handler(ctx)
    }
}
