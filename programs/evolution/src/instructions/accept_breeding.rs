use anchor_lang::{address_eq, prelude::*};

use crate::{
    breeding::{check_parent, owner_of, A},
    lamports::pay,
    Breeding, Config, EvolutionError, Side, Symbiont, Terms,
};

pub struct AcceptBreedingArgs {
    pub commit: [u8; 32],
    pub terms: Terms,
    pub consent: bool,
}

#[derive(Accounts)]
pub struct AcceptBreeding {
    /// Pays the deposit, and gets it back. May be the owner.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    pub owner: Signer,
    pub config: Account<Config>,
    #[account(mut)]
    pub symbiont_a: Account<Symbiont>,
    pub asset_a: UncheckedAccount,
    #[account(mut)]
    pub symbiont_b: Account<Symbiont>,
    pub asset_b: UncheckedAccount,
    #[account(mut)]
    pub breeding: Account<Breeding>,
    pub system_program: Program<System>,
}

/// Both parents rest from here on, whatever comes of it: who does not like what they see, and lets it lapse, has
/// that to wait for, too.
pub fn handler(ctx: &mut Context<AcceptBreeding>, args: AcceptBreedingArgs) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let clock = Clock::get()?;
    let now = clock.unix_timestamp;
    let (a, b) = (accounts.asset_a.address(), accounts.asset_b.address());
    accounts.config.require_running()?;
    accounts.breeding.require_pair(&accounts.config, a, b)?;
    check_parent(&accounts.symbiont_a, &accounts.config, a, now)?;
    check_parent(&accounts.symbiont_b, &accounts.config, b, now)?;
    let offered_by = owner_of(accounts.asset_a.account(), &accounts.config);
    let stays = offered_by.is_some_and(|one| address_eq(&one, &accounts.breeding.owners[A]));
    require!(stays, EvolutionError::ParentMoved);
    let owner = owner_of(accounts.asset_b.account(), &accounts.config);
    let owns = owner.is_some_and(|one| address_eq(&one, accounts.owner.address()));
    require!(owns, EvolutionError::WrongOwner);

    let side = Side {
        owner: *accounts.owner.address(),
        payer: *accounts.payer.address(),
        commit: args.commit,
        consent: args.consent,
    };
    accounts.breeding.accept(side, &args.terms, clock.slot, now)?;
    accounts.symbiont_a.rest(now);
    accounts.symbiont_b.rest(now);
    pay(accounts.payer.account(), accounts.breeding.account(), args.terms.deposit);
    Ok(())
}
