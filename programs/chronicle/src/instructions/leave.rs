use anchor_lang::prelude::*;

use crate::{ChronicleError, Zone};

#[derive(Accounts)]
pub struct Leave {
    pub authority: Signer,
    #[account(mut)]
    pub zone_account: Account<Zone>,
}

pub fn leave(ctx: &mut Context<Leave>) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let zone = &mut accounts.zone_account;
    zone.require_authority(accounts.authority.address())?;
    require!(zone.leaving_since == 0, ChronicleError::Leaving);
    // 0 stands for staying
    zone.leaving_since = Clock::get()?.unix_timestamp.max(1);
    Ok(())
}

pub fn stay(ctx: &mut Context<Leave>) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let zone = &mut accounts.zone_account;
    zone.require_authority(accounts.authority.address())?;
    require!(zone.leaving_since != 0, ChronicleError::NotLeaving);
    zone.leaving_since = 0;
    Ok(())
}
