use anchor_lang::prelude::*;

use crate::Brain;

#[derive(Accounts)]
pub struct Close {
    #[account(mut)]
    pub author: Signer,
    #[account(mut, close = author)]
    pub brain: Account<Brain>,
}

pub fn handler(ctx: &mut Context<Close>) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.brain.require_open(accounts.author.address())
}
