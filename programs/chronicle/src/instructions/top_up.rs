use anchor_lang::prelude::*;

use crate::{lamports::pay_in, ChronicleError, Zone};

#[derive(Accounts)]
pub struct TopUp {
    #[account(mut)]
    pub payer: Signer,
    #[account(mut)]
    pub zone_account: Account<Zone>,
    pub system_program: Program<System>,
}

pub fn handler(ctx: &mut Context<TopUp>, lamports: u64) -> Result<()> {
    require!(lamports > 0, ChronicleError::NoLamports);
    let accounts = &mut ctx.accounts;
    accounts.zone_account.add_bond(lamports)?;
    pay_in(&accounts.system_program, &mut accounts.payer, &mut accounts.zone_account, lamports)
}
