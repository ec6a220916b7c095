use anchor_lang::prelude::*;

use crate::{Config, EvolutionError, SEED_CONFIG};

#[derive(Accounts)]
pub struct SetModel {
    pub authority: Signer,
    #[account(mut, seeds = [SEED_CONFIG, config.collection.as_ref()], bump = config.bump)]
    pub config: Account<Config>,
}

/// What draws a collection is fixed by the first mint, as its rule is.
pub fn handler(ctx: &mut Context<SetModel>, model: [u8; 32]) -> Result<()> {
    let config = &mut ctx.accounts.config;
    config.require_authority(ctx.accounts.authority.address())?;
    require!(config.minted.get() == 0, EvolutionError::ModelFixed);
    config.model = model;
    Ok(())
}
