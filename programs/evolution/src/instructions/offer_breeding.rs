use anchor_lang::{address_eq, prelude::*};

use crate::{
    breeding::{check_parent, owner_of},
    lamports::pay,
    Breeding, Config, EvolutionError, Side, Symbiont, Terms, SEED_BREEDING,
};

pub struct OfferBreedingArgs {
    pub commit: [u8; 32],
    pub terms: Terms,
    pub until: i64,
    pub consent: bool,
}

#[derive(Accounts)]
pub struct OfferBreeding {
    /// Pays rent and deposit, and gets both back. May be the owner.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    pub owner: Signer,
    // accounts of this program's and of their type lie where `init` put them: no seeds are hashed again
    pub config: Account<Config>,
    pub symbiont_a: Account<Symbiont>,
    pub asset_a: UncheckedAccount,
    pub symbiont_b: Account<Symbiont>,
    pub asset_b: UncheckedAccount,
    #[account(init, payer = payer, seeds = [SEED_BREEDING, asset_a.address().as_ref(), asset_b.address().as_ref()], bump)]
    pub breeding: Account<Breeding>,
    pub system_program: Program<System>,
}

pub fn handler(ctx: &mut Context<OfferBreeding>, args: OfferBreedingArgs) -> Result<()> {
    let bump = ctx.bumps.breeding;
    let accounts = &mut ctx.accounts;
    let now = Clock::get()?.unix_timestamp;
    let (a, b) = (accounts.asset_a.address(), accounts.asset_b.address());
    accounts.config.require_running()?;
    require!(!address_eq(a, b), EvolutionError::SameParent);
    check_parent(&accounts.symbiont_a, &accounts.config, a, now)?;
    check_parent(&accounts.symbiont_b, &accounts.config, b, now)?;
    let owner = owner_of(accounts.asset_a.account(), &accounts.config);
    let owns = owner.is_some_and(|one| address_eq(&one, accounts.owner.address()));
    require!(owns, EvolutionError::WrongOwner);

    let breeding = &mut accounts.breeding;
    breeding.config = *accounts.config.account().address();
    breeding.assets = [*a, *b];
    breeding.bump = bump;
    let side = Side {
        owner: *accounts.owner.address(),
        payer: *accounts.payer.address(),
        commit: args.commit,
        consent: args.consent,
    };
    breeding.offer(side, &args.terms, args.until, now)?;
    pay(accounts.payer.account(), accounts.breeding.account(), args.terms.deposit);
    Ok(())
}
