use anchor_lang::prelude::*;

use crate::{Config, EvolutionError, RuleArgs, SEED_CONFIG};

#[derive(Accounts)]
pub struct SetRule {
    pub authority: Signer,
    #[account(mut, seeds = [SEED_CONFIG, config.collection.as_ref()], bump = config.bump)]
    pub config: Account<Config>,
}

/// A rule is a promise to whoever holds a symbiont: it is fixed by the first mint.
pub fn handler(ctx: &mut Context<SetRule>, rule: RuleArgs) -> Result<()> {
    let config = &mut ctx.accounts.config;
    config.require_authority(ctx.accounts.authority.address())?;
    require!(config.minted.get() == 0, EvolutionError::RuleFixed);
    config.rule = rule.checked()?;
    Ok(())
}
