use anchor_lang::{address_eq, prelude::*};

use crate::{
    breeding::{owner_of, A},
    Breeding, Config, EvolutionError,
};

#[derive(Accounts)]
pub struct WithdrawOffer {
    /// Who offered; may be left out once the offer has run out or the parent belongs to another.
    pub owner: Option<Signer>,
    pub config: Account<Config>,
    #[account(mut)]
    pub breeding: Account<Breeding>,
    pub asset_a: UncheckedAccount,
    #[account(mut, unsafe(dup))]
    pub payer_a: UncheckedAccount,
}

pub fn handler(ctx: &mut Context<WithdrawOffer>) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let breeding = &accounts.breeding;
    let other = breeding.assets[1];
    breeding.require_pair(&accounts.config, accounts.asset_a.address(), &other)?;
    let paid = address_eq(&breeding.payers[A], accounts.payer_a.address());
    require!(paid, EvolutionError::WrongPayer);
    let owner = owner_of(accounts.asset_a.account(), &accounts.config);
    let signer = accounts.owner.as_ref().map(|one| one.address());
    breeding.require_withdrawal(signer, owner, Clock::get()?.unix_timestamp)?;
    AccountClose::close(&mut accounts.breeding, *accounts.payer_a.account())?;
    Ok(())
}
