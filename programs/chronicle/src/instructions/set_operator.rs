use anchor_lang::prelude::*;

use crate::Zone;

#[derive(Accounts)]
pub struct SetOperator {
    pub authority: Signer,
    #[account(mut)]
    pub zone_account: Account<Zone>,
}

pub fn handler(ctx: &mut Context<SetOperator>, operator: Address) -> Result<()> {
    let accounts = &mut ctx.accounts;
    accounts.zone_account.require_authority(accounts.authority.address())?;
    accounts.zone_account.set_operator(operator)
}
