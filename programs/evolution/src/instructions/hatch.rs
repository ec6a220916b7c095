// Anchor binds every argument that the accounts' seeds may name
#![allow(unused_variables)]
use alloc::string::String;

use anchor_lang::{address_eq, prelude::*};

use crate::{
    breeding::{owner_of, settle, A, B},
    mix, mpl_core, Breeding, Config, EvolutionError, Symbiont, MPL_CORE_ID, SEED_ASSET,
    SEED_CONFIG, SEED_SYMBIONT,
};

pub struct HatchArgs {
    pub genome: [u8; 32],
    pub name: String,
    pub uri: String,
    pub picture: [u8; 32],
}

#[derive(Accounts)]
#[instruction(genome: [u8; 32])]
pub struct Hatch {
    /// Pays the child's rent. May be any of the others.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The collection's authority or its minter: name, URI and picture are their word, as at a mint.
    pub minter: Signer,
    /// Whose the child is to be.
    pub owner: UncheckedAccount,
    #[account(mut, seeds = [SEED_CONFIG, collection.address().as_ref()], bump = config.bump)]
    pub config: Account<Config>,
    #[account(mut)]
    pub collection: UncheckedAccount,
    #[account(mut)]
    pub breeding: Account<Breeding>,
    #[account(mut)]
    pub symbiont_a: Account<Symbiont>,
    pub asset_a: UncheckedAccount,
    #[account(mut)]
    pub symbiont_b: Account<Symbiont>,
    pub asset_b: UncheckedAccount,
    #[account(mut, unsafe(dup))]
    pub payer_a: UncheckedAccount,
    #[account(mut, unsafe(dup))]
    pub payer_b: UncheckedAccount,
    #[account(mut, seeds = [SEED_ASSET, collection.address().as_ref(), &genome], bump)]
    pub asset: UncheckedAccount,
    #[account(init, payer = payer, seeds = [SEED_SYMBIONT, asset.address().as_ref()], bump)]
    pub symbiont: Account<Symbiont>,
    #[account(address = MPL_CORE_ID @ EvolutionError::WrongCore)]
    pub core_program: UncheckedAccount,
    pub system_program: Program<System>,
}

impl Hatch {
    #[inline(never)]
    fn validate(&self, args: &HatchArgs) -> Result<()> {
        let (config, breeding) = (&self.config, &self.breeding);
        let collection = address_eq(&config.collection, self.collection.address());
        require!(collection, EvolutionError::WrongCollection);
        require!(config.may_mint(self.minter.address()), EvolutionError::WrongMinter);
        config.require_running()?;
        mpl_core::check_name(&args.name)?;
        mpl_core::check_uri(args.uri.as_bytes())?;
        breeding.require_pair(config, self.asset_a.address(), self.asset_b.address())?;
        breeding.require_payers(self.payer_a.address(), self.payer_b.address())?;
        require!(breeding.is_revealed(), EvolutionError::NotRevealed);
        let pair = address_eq(&self.symbiont_a.asset, self.asset_a.address())
            && address_eq(&self.symbiont_b.asset, self.asset_b.address());
        require!(pair, EvolutionError::WrongAsset);
        for (which, asset) in [(A, &self.asset_a), (B, &self.asset_b)] {
            let owner = owner_of(asset.account(), config);
            let stays = owner.is_some_and(|one| address_eq(&one, &breeding.owners[which]));
            require!(stays, EvolutionError::ParentMoved);
        }
        let heir = &breeding.owners[breeding.heir as usize];
        require!(address_eq(heir, self.owner.address()), EvolutionError::WrongOwner);
        require!(self.genome() == args.genome, EvolutionError::WrongGenome);
        Ok(())
    }

    #[inline(never)]
    fn genome(&self) -> [u8; 32] {
        let breeding = &self.breeding;
        let pair = [breeding.assets[A].as_ref(), breeding.assets[B].as_ref()];
        let chance = mix::entropy(&breeding.secrets, &breeding.slot_hash, pair);
        mix::mix(&self.symbiont_a.genome, &self.symbiont_b.genome, &chance)
    }

    #[inline(never)]
    fn bear(&mut self, args: &HatchArgs, bump: u8) -> Result<()> {
        self.config.count_mint()?;
        self.symbiont_a.count_child()?;
        self.symbiont_b.count_child()?;
        let later = self.symbiont_a.generation.get().max(self.symbiont_b.generation.get());
        let breeding = &self.breeding;
        let symbiont = &mut self.symbiont;
        symbiont.asset = *self.asset.address();
        symbiont.config = *self.config.account().address();
        if breeding.consents[breeding.heir as usize].get() {
            symbiont.consent = *self.owner.address();
        }
        symbiont.genome = args.genome;
        symbiont.picture = args.picture;
        symbiont.parents = breeding.assets;
        symbiont.generation = later.checked_add(1).ok_or(EvolutionError::Overflow)?.into();
        symbiont.bump = bump;
        Ok(())
    }
}

pub fn handler(ctx: &mut Context<Hatch>, args: HatchArgs) -> Result<()> {
    ctx.accounts.validate(&args)?;
    let asset_bump = ctx.bumps.asset;
    ctx.accounts.bear(&args, ctx.bumps.symbiont)?;

    let accounts = &mut ctx.accounts;
    let data = mpl_core::create_data(&args.name, &args.uri, &accounts.symbiont);
    mpl_core::create(
        accounts.core_program.account(),
        [
            accounts.asset.account(),
            accounts.collection.account(),
            accounts.config.account(),
            accounts.payer.account(),
            accounts.owner.account(),
            accounts.system_program.account(),
        ],
        &args.genome,
        [asset_bump, accounts.config.bump],
        &data,
    );
    // only now: lamports that move without a call have to add up before one
    let deposit = accounts.breeding.deposit.get();
    settle(&mut accounts.breeding, &accounts.payer_a, &accounts.payer_b, deposit)
}
