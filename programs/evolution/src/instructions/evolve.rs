use anchor_lang::{address_eq, pinocchio::cpi::Signer as CpiSigner, prelude::*};
use proof::{prove_deed, sha256, Deed, Proof, ZoneView};

use crate::{
    mpl_core::{self, Call, READ, SIGN, WRITE, WRITE_SIGN},
    Config, EvolutionError, Symbiont, MPL_CORE_ID,
};

pub struct EvolveArgs<'a> {
    /// Among the epoch's leaves.
    pub index: u32,
    pub picture: [u8; 32],
    pub leaf: &'a [u8],
    /// Whole hashes, the leaf's neighbour first.
    pub path: &'a [u8],
    pub uri: &'a [u8],
}

#[derive(Accounts)]
pub struct Evolve {
    /// May be any of the others: only its lamports change, and Core and the system program see to them.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The asset's owner, where consent is given by signature.
    pub owner: Option<Signer>,
    // an account of this program's and of this type lies where `init` put it: no seeds are hashed again
    pub config: Account<Config>,
    #[account(mut)]
    pub symbiont: Account<Symbiont>,
    #[account(mut)]
    pub asset: UncheckedAccount,
    pub collection: UncheckedAccount,
    /// The zone's account in the chronicle program.
    pub zone_account: UncheckedAccount,
    #[account(address = MPL_CORE_ID @ EvolutionError::WrongCore)]
    pub core_program: UncheckedAccount,
    pub system_program: Program<System>,
}

impl Evolve {
    /// Returns whether Core's account will have another length after it.
    fn validate(&self, args: &EvolveArgs) -> Result<bool> {
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
        config.require_running()?;
        let asset = mpl_core::read_asset(self.asset.account(), &config.collection)?;
        if let Some(owner) = &self.owner {
            require!(address_eq(owner.address(), &asset.owner), EvolutionError::WrongOwner);
        } else {
            require!(symbiont.consents(&asset.owner), EvolutionError::ConsentMissing);
        }
        mpl_core::check_uri(args.uri)?;
        require!(args.uri.len() >= asset.uri_len, EvolutionError::UriShorter);
        Ok(args.uri.len() != asset.uri_len || !asset.as_minted)
    }

    /// What the symbiont did, if the zone says so and stands behind it.
    fn prove<'a>(&self, args: &EvolveArgs<'a>) -> Result<Deed<'a>> {
        let account = self.zone_account.account();
        require!(address_eq(&self.config.zone, account.address()), EvolutionError::WrongZone);
        // SAFETY: this instruction writes no account of chronicle's.
        let (owner, data) = unsafe { (account.owner(), account.borrow_unchecked()) };
        let zone = ZoneView::read(owner.as_array(), data).map_err(EvolutionError::from)?;
        let address = account.address().as_array();
        let proof = Proof { zone, address, recall: None, index: args.index, path: args.path };
        let (deed, entry) = prove_deed(&proof, args.leaf).map_err(EvolutionError::from)?;
        require!(zone.stands(), EvolutionError::ZoneNotStanding);
        require!(!zone.is_marked(entry.epoch), EvolutionError::EpochMarked);
        require!(deed.asset() == self.asset.address().as_array(), EvolutionError::OtherAsset);
        let appearance = sha256(&[&args.picture, args.uri]);
        require!(appearance == *deed.appearance(), EvolutionError::WrongAppearance);
        Ok(deed)
    }
}

pub fn handler(ctx: &mut Context<Evolve>, args: EvolveArgs) -> Result<()> {
    let resized = ctx.accounts.validate(&args)?;
    let deed = ctx.accounts.prove(&args)?;
    let accounts = &mut ctx.accounts;
    let (config, symbiont) = (&accounts.config, &mut accounts.symbiont);
    let cap = config.daily_cap.get();
    if cap > 0 {
        symbiont.count_today(cap, Clock::get()?.unix_timestamp)?;
    }
    symbiont.grow(&config.rule, &deed.counters(), deed.version(), &args.picture)?;

    let config_bump = [accounts.config.bump];
    let seeds = mpl_core::config_seeds(accounts.collection.address(), &config_bump);
    let config = Some((accounts.config.account(), SIGN));
    // who pays for more room is not asked where none is needed, and an account less is cheaper
    let (payer, authority) = if resized {
        (Some((accounts.payer.account(), WRITE_SIGN)), config)
    } else {
        (config, None)
    };
    // both of Core's instructions take the same accounts
    let mut call = Call::new(
        accounts.core_program.account(),
        [
            Some((accounts.asset.account(), WRITE)),
            Some((accounts.collection.account(), READ)),
            payer,
            authority,
            Some((accounts.system_program.account(), READ)),
            None,
        ],
    );
    let signers = [CpiSigner::from(&seeds)];
    call.invoke(&mpl_core::update_data(args.uri), &signers);
    call.refresh(0, accounts.asset.account());
    call.invoke(&mpl_core::update_attributes_data(&accounts.symbiont), &signers);
    Ok(())
}
