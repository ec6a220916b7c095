// Anchor binds every argument that the accounts' seeds may name
#![allow(unused_variables)]
use anchor_lang::prelude::*;

use crate::{lamports::pay_in, ChronicleError, Zone, MIN_BOND, SEED_ZONE};

pub struct RegisterArgs {
    pub zone: u32,
    pub world_seed: u32,
    pub operator: Address,
    pub bond: u64,
}

#[derive(Accounts)]
#[instruction(zone: u32)]
pub struct Register {
    /// Pays rent and bond.
    #[account(mut)]
    pub authority: Signer,
    #[account(init, payer = authority, seeds = [SEED_ZONE, authority.address().as_ref(), &zone.to_le_bytes()], bump)]
    pub zone_account: Account<Zone>,
    pub system_program: Program<System>,
}

pub fn handler(ctx: &mut Context<Register>, args: RegisterArgs) -> Result<()> {
    require!(args.bond >= MIN_BOND, ChronicleError::BondTooSmall);
    let bump = ctx.bumps.zone_account;
    let accounts = &mut ctx.accounts;
    let zone = &mut accounts.zone_account;
    zone.authority = *accounts.authority.address();
    zone.set_operator(args.operator)?;
    zone.zone = args.zone;
    zone.world_seed = args.world_seed;
    zone.bump = bump;
    zone.add_bond(args.bond)?;
    pay_in(&accounts.system_program, &mut accounts.authority, &mut accounts.zone_account, args.bond)
}
