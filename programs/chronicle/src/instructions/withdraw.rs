use anchor_lang::prelude::*;

use crate::{lamports::pay_out, ChronicleError, Zone, WITHDRAW_SECONDS};

#[derive(Accounts)]
pub struct Withdraw {
    #[account(mut)]
    pub authority: Signer,
    #[account(mut)]
    pub zone_account: Account<Zone>,
}

pub fn handler(ctx: &mut Context<Withdraw>) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let zone = &mut accounts.zone_account;
    zone.require_authority(accounts.authority.address())?;
    require!(zone.leaving_since != 0, ChronicleError::NotLeaving);
    let ready = zone.leaving_since.saturating_add(WITHDRAW_SECONDS);
    require!(Clock::get()?.unix_timestamp >= ready, ChronicleError::TooEarly);
    let bond = zone.take_bond();
    pay_out(zone.account(), accounts.authority.account(), bond)
}
