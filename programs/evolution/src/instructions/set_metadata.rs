use alloc::string::String;

use anchor_lang::{pinocchio::cpi::Signer as CpiSigner, prelude::*};

use crate::{
    mpl_core::{self, Call, READ, SIGN, WRITE, WRITE_SIGN},
    Config, EvolutionError, MPL_CORE_ID, SEED_CONFIG,
};

#[derive(Accounts)]
pub struct SetMetadata {
    /// May be any of the others: only its lamports change, and Core and the system program see to them.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    pub authority: Signer,
    #[account(seeds = [SEED_CONFIG, collection.address().as_ref()], bump = config.bump)]
    pub config: Account<Config>,
    #[account(mut)]
    pub collection: UncheckedAccount,
    #[account(address = MPL_CORE_ID @ EvolutionError::WrongCore)]
    pub core_program: UncheckedAccount,
    pub system_program: Program<System>,
}

pub fn handler(ctx: &mut Context<SetMetadata>, name: String, uri: String) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.config.require_authority(accounts.authority.address())?;
    mpl_core::check_name(&name)?;
    mpl_core::check_uri(uri.as_bytes())?;
    let before = mpl_core::read_collection(accounts.collection.account())?;
    require!(name.len() >= before.name_len, EvolutionError::NameShorter);
    require!(uri.len() >= before.uri_len, EvolutionError::UriShorter);
    let config_bump = [accounts.config.bump];
    let seeds = mpl_core::config_seeds(accounts.collection.address(), &config_bump);
    let call = Call::new(
        accounts.core_program.account(),
        [
            Some((accounts.collection.account(), WRITE)),
            Some((accounts.payer.account(), WRITE_SIGN)),
            Some((accounts.config.account(), SIGN)),
            None,
            Some((accounts.system_program.account(), READ)),
            None,
        ],
    );
    call.invoke(&mpl_core::update_collection_data(&name, &uri), &[CpiSigner::from(&seeds)]);
    Ok(())
}
