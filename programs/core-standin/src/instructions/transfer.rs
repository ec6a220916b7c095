//! TransferV1: asset, collection?, payer, authority?, new owner, system program?, log wrapper?.
use anchor_lang::pinocchio::{account::AccountView, ProgramResult};

use super::parse;
use crate::{
    accounts::Accounts,
    permission::{collection_of, Scope},
    reader::Reader,
    state::{refuse_other_than_asset, Asset, Loaded},
};

pub fn process(views: &[AccountView], args: &mut Reader) -> ProgramResult {
    // a proof would be for a compressed asset, which is not supported
    parse(args, |args| args.optional_rest())?;
    let accounts = Accounts::new(views, 7)?;
    let mut payer = accounts.signer(2)?;
    let authority = accounts.authority(3, payer)?;
    if accounts.optional(5).is_some() {
        accounts.system_program(5)?;
    }
    accounts.log_wrapper(6)?;
    let mut view = accounts.at(0);
    refuse_other_than_asset(&view)?;
    let mut asset = Loaded::<Asset>::load(&view)?;
    let collection = collection_of(&asset.core, accounts.optional(1).as_ref())?;
    Scope::of_asset(authority.address(), &asset, collection.as_ref()).may_transfer()?;
    asset.core.owner = *accounts.at(4).address();
    asset.core.seq = asset.core.seq.map(|seq| seq.saturating_add(1));
    asset.save(&mut view, &mut payer)
}
