use anchor_lang::{address_eq, prelude::*};

use crate::{ChronicleError, Recall};

#[derive(Accounts)]
pub struct Forget {
    #[account(mut)]
    pub payer: Signer,
    #[account(mut, close = payer)]
    pub recall: Account<Recall>,
}

pub fn handler(ctx: &mut Context<Forget>) -> Result<()> {
    let accounts = &ctx.accounts;
    require!(address_eq(&accounts.recall.payer, accounts.payer.address()), ChronicleError::WrongPayer);
    Ok(())
}
