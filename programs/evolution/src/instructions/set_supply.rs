use anchor_lang::prelude::*;

use crate::{Config, SEED_CONFIG};

#[derive(Accounts)]
pub struct SetSupply {
    pub authority: Signer,
    #[account(mut, seeds = [SEED_CONFIG, config.collection.as_ref()], bump = config.bump)]
    pub config: Account<Config>,
}

pub fn handler(ctx: &mut Context<SetSupply>, supply: u32) -> Result<()> {
    let config = &mut ctx.accounts.config;
    config.require_authority(ctx.accounts.authority.address())?;
    config.limit_supply(supply)
}
