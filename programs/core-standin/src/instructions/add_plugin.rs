//! AddPluginV1: asset, collection?, payer, authority?, system program, log wrapper?.
//! AddCollectionPluginV1: the same without the asset.
use anchor_lang::pinocchio::{account::AccountView, ProgramResult};

use super::{end, read_pair};
use crate::{
    accounts::Accounts,
    permission::{collection_of, Scope},
    reader::Reader,
    state::{refuse_compressed, Asset, Collection, Loaded},
};

pub fn of_asset(views: &[AccountView], args: &mut Reader) -> ProgramResult {
    let plugin = read_pair(args)?;
    end(args)?;
    let accounts = Accounts::new(views, 6)?;
    let mut payer = accounts.signer(2)?;
    let authority = accounts.authority(3, payer)?;
    accounts.system_program(4)?;
    accounts.log_wrapper(5)?;
    let mut view = accounts.at(0);
    refuse_compressed(&view)?;
    let mut asset = Loaded::<Asset>::load(&view)?;
    let collection = collection_of(&asset.core, accounts.optional(1).as_ref())?;
    Scope::of_asset(authority.address(), &asset, collection.as_ref()).may_add(&plugin)?;
    asset.core.seq = asset.core.seq.map(|seq| seq.saturating_add(1));
    asset.add(plugin)?;
    asset.save(&mut view, &mut payer)
}

pub fn of_collection(views: &[AccountView], args: &mut Reader) -> ProgramResult {
    let plugin = read_pair(args)?;
    end(args)?;
    let accounts = Accounts::new(views, 5)?;
    let mut payer = accounts.signer(1)?;
    let authority = accounts.authority(2, payer)?;
    accounts.system_program(3)?;
    accounts.log_wrapper(4)?;
    let mut view = accounts.at(0);
    let mut collection = Loaded::<Collection>::load(&view)?;
    Scope::of_collection(authority.address(), &collection).may_add(&plugin)?;
    collection.add(plugin)?;
    collection.save(&mut view, &mut payer)
}
