use anchor_lang::prelude::*;

use crate::{
    breeding::{owner_of, settle, B},
    Breeding, Config,
};

#[derive(Accounts)]
pub struct Lapse {
    pub config: Account<Config>,
    #[account(mut)]
    pub breeding: Account<Breeding>,
    pub asset_a: UncheckedAccount,
    pub asset_b: UncheckedAccount,
    #[account(mut, unsafe(dup))]
    pub payer_a: UncheckedAccount,
    #[account(mut, unsafe(dup))]
    pub payer_b: UncheckedAccount,
}

/// Nobody signs: where it has come to nothing, anyone may say so.
pub fn handler(ctx: &mut Context<Lapse>) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let (a, b) = (&accounts.asset_a, &accounts.asset_b);
    accounts.breeding.require_pair(&accounts.config, a.address(), b.address())?;
    accounts.breeding.require_payers(accounts.payer_a.address(), accounts.payer_b.address())?;
    let owners = [owner_of(a.account(), &accounts.config), owner_of(b.account(), &accounts.config)];
    let shares = accounts.breeding.shares(owners, Clock::get()?.unix_timestamp)?;
    settle(&mut accounts.breeding, &accounts.payer_a, &accounts.payer_b, shares[B])
}
