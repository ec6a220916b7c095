//! A registry of brains, and the referee.
//!
//! An author uploads a brain file (`create`, `write`) and seals it: the program hashes the file, reads
//! its text, and packs the network into the layout in which one decision costs few compute units. From
//! then on the account never changes, but for its price. `judge` decides again what a zone has
//! published; `evaluate` decides anything.
#![cfg_attr(not(feature = "idl-build"), no_std)]
extern crate alloc;
// memcpy and its like, by the SVM's own calls
use solana_compiler_builtins as _;

use anchor_lang::prelude::*;

mod errors;
mod instructions;
mod state;

pub use errors::*;
use instructions::*;
pub use state::*;

declare_id!("Yb6DDm5JzL27PGu2CbWBMUWBig21GLtayv7GCpML8mu");

/// Bytes of a brain's account before its network (or, until sealed, its file).
#[constant]
pub const BRAIN_HEADER_BYTES: u32 = referee::HEADER_BYTES as u32;
/// Bytes of a brain file that can be sealed, at most.
#[constant]
pub const MAX_FILE_BYTES: u32 = 112 * 1024;

#[program]
pub mod brains {
    use super::*;

    /// Begins a brain in an account of zeros that belongs to this program.
    pub fn create(
        ctx: &mut Context<Create>,
        id: [u8; 32],
        file_bytes: u32,
        parent: [u8; 32],
        training_root: [u8; 32],
        licence: [u8; 24],
        price: u64,
    ) -> Result<()> {
        create::handler(ctx, CreateArgs { id, file_bytes, parent, training_root, licence, price })
    }

    /// Writes a piece of the brain file.
    pub fn write(ctx: &mut Context<Write>, offset: u32, bytes: &[u8]) -> Result<()> {
        write::handler(ctx, offset, bytes)
    }

    /// Checks the file against the id and packs its network; nothing changes it afterwards.
    pub fn seal(ctx: &mut Context<Seal>) -> Result<()> {
        seal::handler(ctx)
    }

    /// Gives up a brain that is not sealed, and its rent back.
    pub fn close(ctx: &mut Context<Close>) -> Result<()> {
        close::handler(ctx)
    }

    /// What its use will cost, lamports.
    pub fn set_price(ctx: &mut Context<SetPrice>, price: u64) -> Result<()> {
        set_price::handler(ctx, price)
    }

    /// Decides a published decision again. Returns two bytes: the action, and the published one.
    pub fn judge(ctx: &mut Context<Judge>, index: u32, leaf: &[u8], path: &[u8]) -> Result<()> {
        judge::handler(ctx, JudgeArgs { index, leaf, path })
    }

    /// Decides. Returns the action (u8), then the logits (i32 each, 1/256 nat).
    pub fn evaluate(
        ctx: &mut Context<Evaluate>,
        mask: u32,
        world_seed: u32,
        tick: u32,
        npc: u32,
        observations: &[u8],
    ) -> Result<()> {
        evaluate::handler(ctx, referee::Draw { mask, world_seed, tick, npc }, observations)
    }
}
