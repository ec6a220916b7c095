use anchor_lang::prelude::*;

use crate::{Config, SEED_CONFIG};

#[derive(Accounts)]
pub struct AcceptAuthority {
    /// Whom authority was proposed to: any key, a multisig's vault as well.
    pub proposed: Signer,
    #[account(mut, seeds = [SEED_CONFIG, config.collection.as_ref()], bump = config.bump)]
    pub config: Account<Config>,
}

pub fn handler(ctx: &mut Context<AcceptAuthority>) -> Result<()> {
    let accounts = &mut ctx.accounts;
    accounts.config.accept(accounts.proposed.address())
}
