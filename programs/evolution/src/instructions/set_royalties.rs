use alloc::vec::Vec;

use anchor_lang::{pinocchio::cpi::Signer as CpiSigner, prelude::*};

use crate::{
    check_royalties,
    mpl_core::{self, Call, READ, SIGN, WRITE, WRITE_SIGN},
    Config, EvolutionError, Share, MPL_CORE_ID, SEED_CONFIG,
};

#[derive(Accounts)]
pub struct SetRoyalties {
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

pub fn handler(
    ctx: &mut Context<SetRoyalties>,
    basis_points: u16,
    shares: Vec<Share>,
) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.config.require_authority(accounts.authority.address())?;
    check_royalties(basis_points, &shares)?;
    let before = mpl_core::read_collection(accounts.collection.account())?;
    let config_bump = [accounts.config.bump];
    let seeds = mpl_core::config_seeds(accounts.collection.address(), &config_bump);
    // both of Core's instructions take the same accounts
    let call = Call::new(
        accounts.core_program.account(),
        [
            Some((accounts.collection.account(), WRITE)),
            Some((accounts.payer.account(), WRITE_SIGN)),
            Some((accounts.config.account(), SIGN)),
            Some((accounts.system_program.account(), READ)),
            None,
        ],
    );
    let data = mpl_core::royalties_data(basis_points, &shares, before.royalties);
    call.invoke(&data, &[CpiSigner::from(&seeds)]);
    Ok(())
}
