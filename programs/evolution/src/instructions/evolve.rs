use alloc::vec::Vec;

use anchor_lang::{
    address_eq,
    pinocchio::cpi::{Seed, Signer as CpiSigner},
    prelude::*,
};

use crate::{
    mpl_core::{self, Call, READ, SIGN, WRITE, WRITE_SIGN},
    Config, EvolutionError, Symbiont, DEEDS, MPL_CORE_ID, SEED_CONFIG,
};

pub struct EvolveArgs {
    /// All counters, as they are now (not what was added).
    pub deeds: [u32; DEEDS],
    /// The stored version that this starts from.
    pub version: u64,
    pub uri: Vec<u8>,
    pub picture: [u8; 32],
}

#[derive(Accounts)]
pub struct Evolve {
    /// May be any of the others: only its lamports change, and Core and the system program see to them.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// Signs for the deeds.
    pub zone: Signer,
    /// The asset's owner, where consent is given by signature.
    pub owner: Option<Signer>,
    // an account of this program's and of this type lies where `init` put it: no seeds are hashed again
    pub config: Account<Config>,
    #[account(mut)]
    pub symbiont: Account<Symbiont>,
    #[account(mut)]
    pub asset: UncheckedAccount,
    pub collection: UncheckedAccount,
    #[account(address = MPL_CORE_ID @ EvolutionError::WrongCore)]
    pub core_program: UncheckedAccount,
    pub system_program: Program<System>,
}

impl Evolve {
    fn validate(&self, args: &EvolveArgs) -> Result<()> {
        let (config, symbiont) = (&self.config, &self.symbiont);
        require!(
            address_eq(&symbiont.config, config.account().address()),
            EvolutionError::WrongConfig
        );
        require!(address_eq(&symbiont.asset, self.asset.address()), EvolutionError::WrongAsset);
        require!(
            address_eq(&config.collection, self.collection.address()),
            EvolutionError::WrongCollection
        );
        require!(config.is_zone(self.zone.address()), EvolutionError::WrongZone);
        config.require_running()?;
        let asset = mpl_core::read_asset(self.asset.account(), &config.collection)?;
        if let Some(owner) = &self.owner {
            require!(address_eq(owner.address(), &asset.owner), EvolutionError::WrongOwner);
        } else {
            require!(symbiont.consents(&asset.owner), EvolutionError::ConsentMissing);
        }
        mpl_core::check_uri(&args.uri)?;
        require!(args.uri.len() >= asset.uri_len, EvolutionError::UriShorter);
        Ok(())
    }
}

pub fn handler(ctx: &mut Context<Evolve>, args: EvolveArgs) -> Result<()> {
    ctx.accounts.validate(&args)?;
    let accounts = &mut ctx.accounts;
    let symbiont = &mut accounts.symbiont;
    symbiont.grow(&accounts.config.rule, &args.deeds, args.version, &args.picture)?;

    let bump = [accounts.config.bump];
    let seeds = [
        Seed::from(SEED_CONFIG),
        Seed::from(accounts.collection.address().as_ref()),
        Seed::from(&bump),
    ];
    // both of Core's instructions take the same accounts
    let mut call = Call::new(
        accounts.core_program.account(),
        [
            Some((accounts.asset.account(), WRITE)),
            Some((accounts.collection.account(), READ)),
            Some((accounts.payer.account(), WRITE_SIGN)),
            Some((accounts.config.account(), SIGN)),
            Some((accounts.system_program.account(), READ)),
            None,
        ],
    );
    let signers = [CpiSigner::from(&seeds)];
    call.invoke(&mpl_core::update_data(&args.uri), &signers);
    call.refresh(0, accounts.asset.account());
    call.invoke(&mpl_core::update_attributes_data(&accounts.symbiont), &signers);
    Ok(())
}
