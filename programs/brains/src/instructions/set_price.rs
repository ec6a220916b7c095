use anchor_lang::prelude::*;

use crate::Brain;

#[derive(Accounts)]
pub struct SetPrice {
    pub author: Signer,
    #[account(mut)]
    pub brain: Account<Brain>,
}

pub fn handler(ctx: &mut Context<SetPrice>, price: u64) -> Result<()> {
    let accounts = &mut ctx.accounts;
    accounts.brain.require_author(accounts.author.address())?;
    accounts.brain.price = price;
    Ok(())
}
