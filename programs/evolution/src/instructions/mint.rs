// Anchor binds every argument that the accounts' seeds may name
#![allow(unused_variables)]
use alloc::string::String;

use anchor_lang::{address_eq, prelude::*};

use crate::{
    lamports::pay, mpl_core, Config, EvolutionError, Symbiont, MPL_CORE_ID, SEED_ASSET,
    SEED_CONFIG, SEED_SYMBIONT,
};

pub struct MintArgs {
    pub genome: [u8; 32],
    pub name: String,
    pub uri: String,
    pub picture: [u8; 32],
    pub consent: bool,
}

#[derive(Accounts)]
#[instruction(genome: [u8; 32])]
pub struct Mint {
    /// May be any of the others: only its lamports change, and Core and the system program see to them.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The collection's authority or its minter.
    pub minter: Signer,
    /// Anyone; signs only to give standing consent at once.
    pub owner: UncheckedAccount,
    #[account(mut, seeds = [SEED_CONFIG, collection.address().as_ref()], bump = config.bump)]
    pub config: Account<Config>,
    #[account(mut)]
    pub collection: UncheckedAccount,
    #[account(mut, seeds = [SEED_ASSET, collection.address().as_ref(), &genome], bump)]
    pub asset: UncheckedAccount,
    #[account(init, payer = payer, seeds = [SEED_SYMBIONT, asset.address().as_ref()], bump)]
    pub symbiont: Account<Symbiont>,
    /// Whom the price is paid to, where there is one to pay.
    #[account(mut, unsafe(dup))]
    pub treasury: Option<UncheckedAccount>,
    #[account(address = MPL_CORE_ID @ EvolutionError::WrongCore)]
    pub core_program: UncheckedAccount,
    pub system_program: Program<System>,
}

impl Mint {
    fn validate(&self, args: &MintArgs) -> Result<()> {
        let config = &self.config;
        require!(
            address_eq(&config.collection, self.collection.address()),
            EvolutionError::WrongCollection
        );
        require!(config.may_mint(self.minter.address()), EvolutionError::WrongMinter);
        config.require_running()?;
        mpl_core::check_name(&args.name)?;
        mpl_core::check_uri(args.uri.as_bytes())?;
        let consents = !args.consent || self.owner.account().is_signer();
        require!(consents, EvolutionError::ConsentMissing);
        Ok(())
    }

    fn pay(&self) -> Result<()> {
        let price = self.config.price_for(self.minter.address());
        if price == 0 {
            return Ok(());
        }
        let treasury = self.treasury.as_ref().ok_or(EvolutionError::WrongTreasury)?;
        require!(
            address_eq(&self.config.treasury, treasury.address()),
            EvolutionError::WrongTreasury
        );
        pay(self.payer.account(), treasury.account(), price);
        Ok(())
    }
}

pub fn handler(ctx: &mut Context<Mint>, args: MintArgs) -> Result<()> {
    ctx.accounts.validate(&args)?;
    ctx.accounts.pay()?;
    let (asset_bump, symbiont_bump) = (ctx.bumps.asset, ctx.bumps.symbiont);

    let accounts = &mut ctx.accounts;
    accounts.config.count_mint()?;
    let symbiont = &mut accounts.symbiont;
    symbiont.asset = *accounts.asset.address();
    symbiont.config = *accounts.config.account().address();
    if args.consent {
        symbiont.consent = *accounts.owner.address();
    }
    symbiont.genome = args.genome;
    symbiont.picture = args.picture;
    symbiont.bump = symbiont_bump;

    let data = mpl_core::create_data(&args.name, &args.uri, symbiont);
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
    Ok(())
}
