//! What a zone's operator says has happened, with its bond behind it.
//!
//! Per epoch the operator publishes one header: a Merkle root over decisions, deeds and inputs, linked
//! to the header before. The last 64 stay in the zone's account; older ones are proven through the
//! links. Whoever shows one published decision that the named brain does not make takes the bond.
#![cfg_attr(not(feature = "idl-build"), no_std)]
extern crate alloc;
// memcpy and its like, by the SVM's own calls
use solana_compiler_builtins as _;

use anchor_lang::prelude::*;

mod constants;
mod errors;
mod instructions;
mod lamports;
mod state;

pub use constants::*;
pub use errors::*;
use instructions::*;
pub use state::*;

declare_id!("BkxJuTJgBRWKYNqiD1SxNgCRxhsghYZ8Hf5n6p7BCM3P");

#[program]
pub mod chronicle {
    use super::*;

    /// Opens a zone; the authority lays down the bond.
    pub fn register(
        ctx: &mut Context<Register>,
        zone: u32,
        world_seed: u32,
        operator: Address,
        bond: u64,
    ) -> Result<()> {
        register::handler(ctx, RegisterArgs { zone, world_seed, operator, bond })
    }

    /// Names the key that publishes from now on.
    pub fn set_operator(ctx: &mut Context<SetOperator>, operator: Address) -> Result<()> {
        set_operator::handler(ctx, operator)
    }

    /// Adds to the bond; anyone may.
    pub fn top_up(ctx: &mut Context<TopUp>, lamports: u64) -> Result<()> {
        top_up::handler(ctx, lamports)
    }

    /// Publishes an epoch's header (164 bytes).
    pub fn publish(ctx: &mut Context<Publish>, header: &[u8]) -> Result<()> {
        publish::handler(ctx, header)
    }

    /// Ends publishing, so that the bond can be withdrawn once everything published has had its time
    /// to be challenged.
    pub fn leave(ctx: &mut Context<Leave>) -> Result<()> {
        leave::leave(ctx)
    }

    /// Takes a leave back.
    pub fn stay(ctx: &mut Context<Leave>) -> Result<()> {
        leave::stay(ctx)
    }

    /// Pays the bond out to the authority.
    pub fn withdraw(ctx: &mut Context<Withdraw>) -> Result<()> {
        withdraw::handler(ctx)
    }

    /// Decides a published decision again. If it comes out otherwise, half of the bond goes to the
    /// challenger, half is burnt, and the epoch is marked; else the challenger's deposit goes to the
    /// bond. Returns three bytes: 1 if the challenge was won, the action, and the published one.
    pub fn challenge(ctx: &mut Context<Challenge>, index: u32, leaf: &[u8], path: &[u8]) -> Result<()> {
        challenge::handler(ctx, ChallengeArgs { index, leaf, path })
    }

    /// Proves old epochs, newest first: each header is the one that the later one names.
    pub fn recall(ctx: &mut Context<RecallEpochs>, headers: &[u8]) -> Result<()> {
        recall::begin(ctx, headers)
    }

    /// Goes further back with a recall.
    pub fn recall_on(ctx: &mut Context<RecallOn>, headers: &[u8]) -> Result<()> {
        recall::on(ctx, headers)
    }

    /// Gives a recall up, and its rent back.
    pub fn forget(ctx: &mut Context<Forget>) -> Result<()> {
        forget::handler(ctx)
    }
}
