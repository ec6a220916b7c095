// Anchor binds every argument that the accounts' seeds may name
#![allow(unused_variables)]
use alloc::string::String;

use anchor_lang::{
    pinocchio::cpi::{Seed, Signer as CpiSigner},
    prelude::*,
};

use crate::{
    mpl_core::{self, Call, READ, WRITE_SIGN},
    Config, EvolutionError, RuleArgs, MPL_CORE_ID, SEED_COLLECTION, SEED_CONFIG,
};

pub struct CreateCollectionArgs {
    pub index: u32,
    pub name: String,
    pub uri: String,
    pub zone: Address,
    pub minter: Address,
    pub daily_cap: u16,
    pub supply: u32,
    pub price: u64,
    pub treasury: Address,
    pub model: [u8; 32],
    pub rule: RuleArgs,
}

#[derive(Accounts)]
#[instruction(index: u32)]
pub struct CreateCollection {
    /// May be any of the others: only its lamports change, and Core and the system program see to them.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// Becomes the collection's authority.
    pub creator: Signer,
    #[account(init, payer = payer, seeds = [SEED_CONFIG, collection.address().as_ref()], bump)]
    pub config: Account<Config>,
    #[account(mut, seeds = [SEED_COLLECTION, creator.address().as_ref(), &index.to_le_bytes()], bump)]
    pub collection: UncheckedAccount,
    #[account(address = MPL_CORE_ID @ EvolutionError::WrongCore)]
    pub core_program: UncheckedAccount,
    pub system_program: Program<System>,
}

pub fn handler(ctx: &mut Context<CreateCollection>, args: CreateCollectionArgs) -> Result<()> {
    mpl_core::check_name(&args.name)?;
    mpl_core::check_uri(args.uri.as_bytes())?;
    let rule = args.rule.checked()?;
    let (config_bump, collection_bump) = (ctx.bumps.config, ctx.bumps.collection);

    let accounts = &mut ctx.accounts;
    let config = &mut accounts.config;
    config.authority = *accounts.creator.address();
    config.collection = *accounts.collection.address();
    config.zone = args.zone;
    config.minter = args.minter;
    config.daily_cap = args.daily_cap.into();
    config.limit_supply(args.supply)?;
    config.ask(args.price, args.treasury)?;
    config.model = args.model;
    config.bump = config_bump;
    config.rule = rule;

    let data = mpl_core::create_collection_data(&args.name, &args.uri);
    let index = args.index.to_le_bytes();
    let bump = [collection_bump];
    let seeds = [
        Seed::from(SEED_COLLECTION),
        Seed::from(accounts.creator.address().as_ref()),
        Seed::from(&index),
        Seed::from(&bump),
    ];
    let call = Call::new(
        accounts.core_program.account(),
        [
            Some((accounts.collection.account(), WRITE_SIGN)),
            // the update authority
            Some((accounts.config.account(), READ)),
            Some((accounts.payer.account(), WRITE_SIGN)),
            Some((accounts.system_program.account(), READ)),
        ],
    );
    call.invoke(&data, &[CpiSigner::from(&seeds)]);
    Ok(())
}
