use anchor_lang::{address_eq, prelude::*};

use crate::{mpl_core, Config, EvolutionError, Symbiont, NOBODY, SEED_CONFIG, SEED_SYMBIONT};

#[derive(Accounts)]
pub struct SetConsent {
    pub owner: Signer,
    #[account(seeds = [SEED_CONFIG, config.collection.as_ref()], bump = config.bump)]
    pub config: Account<Config>,
    #[account(mut, seeds = [SEED_SYMBIONT, asset.address().as_ref()], bump = symbiont.bump)]
    pub symbiont: Account<Symbiont>,
    pub asset: UncheckedAccount,
}

pub fn handler(ctx: &mut Context<SetConsent>, consent: bool) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let symbiont = &mut accounts.symbiont;
    require!(
        address_eq(&symbiont.config, accounts.config.account().address()),
        EvolutionError::WrongConfig
    );
    let asset = mpl_core::read_asset(accounts.asset.account(), &accounts.config.collection)?;
    require!(address_eq(&asset.owner, accounts.owner.address()), EvolutionError::WrongOwner);
    symbiont.consent = if consent { asset.owner } else { NOBODY };
    Ok(())
}
