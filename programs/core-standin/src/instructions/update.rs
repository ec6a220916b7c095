//! UpdateV1: asset, collection?, payer, authority?, system program, log wrapper?.
//! UpdateV2: asset, collection?, payer, authority?, new collection?, system program, log wrapper?.
//! UpdateCollectionV1: collection, payer, authority?, new update authority?, system program, log
//! wrapper?.
use anchor_lang::pinocchio::{account::AccountView, ProgramResult};

use super::parse;
use crate::{
    accounts::Accounts,
    error::CoreError,
    permission::{collection_of, Scope},
    plugin::UpdateAuthority,
    reader::Reader,
    state::{refuse_compressed, Asset, Collection, Loaded},
};

/// Moving an asset into, out of or between collections is not supported.
pub fn of_asset(views: &[AccountView], args: &mut Reader, v2: bool) -> ProgramResult {
    let (name, uri, new_authority) = parse(args, |args| {
        let (name, uri) = (args.optional_string()?, args.optional_string()?);
        let new = if args.option()? { Some(UpdateAuthority::read(args)?) } else { None };
        Ok((name, uri, new))
    })?;
    let shift = v2 as usize;
    let accounts = Accounts::new(views, 6 + shift)?;
    let mut payer = accounts.signer(2)?;
    let authority = accounts.authority(3, payer)?;
    accounts.system_program(4 + shift)?;
    accounts.log_wrapper(5 + shift)?;
    let mut view = accounts.at(0);
    refuse_compressed(&view)?;
    let mut asset = Loaded::<Asset>::load(&view)?;
    let collection = collection_of(&asset.core, accounts.optional(1).as_ref())?;
    Scope::of_asset(authority.address(), &asset, collection.as_ref())
        .may_update(&asset.core, new_authority.as_ref())?;
    if let Some(new) = new_authority {
        if collection.is_some() || matches!(new, UpdateAuthority::Collection(_)) {
            return Err(CoreError::NotAvailable.into());
        }
        asset.core.update_authority = new;
    }
    if let Some(name) = name {
        asset.core.name = name.to_vec();
    }
    if let Some(uri) = uri {
        asset.core.uri = uri.to_vec();
    }
    asset.core.seq = asset.core.seq.map(|seq| seq.saturating_add(1));
    asset.save(&mut view, &mut payer)
}

pub fn of_collection(views: &[AccountView], args: &mut Reader) -> ProgramResult {
    let (name, uri) = parse(args, |args| Ok((args.optional_string()?, args.optional_string()?)))?;
    let accounts = Accounts::new(views, 6)?;
    let mut payer = accounts.signer(1)?;
    let authority = accounts.authority(2, payer)?;
    accounts.system_program(4)?;
    accounts.log_wrapper(5)?;
    let mut view = accounts.at(0);
    let mut collection = Loaded::<Collection>::load(&view)?;
    Scope::of_collection(authority.address(), &collection).may_manage()?;
    if let Some(new) = accounts.optional(3) {
        collection.core.update_authority = *new.address();
    }
    if let Some(name) = name {
        collection.core.name = name.to_vec();
    }
    if let Some(uri) = uri {
        collection.core.uri = uri.to_vec();
    }
    collection.save(&mut view, &mut payer)
}
