//! ApprovePluginAuthorityV1 and RevokePluginAuthorityV1: asset, collection?, payer, authority?,
//! system program, log wrapper?. Their collection versions: the same without the asset.
use anchor_lang::{
    pinocchio::{account::AccountView, ProgramResult},
    Error,
};

use super::parse;
use crate::{
    accounts::Accounts,
    error::CoreError,
    permission::{collection_of, Scope},
    plugin::{Authority, Plugin, ATTRIBUTES, LAST_PLUGIN, ROYALTIES, UPDATE_DELEGATE},
    reader::{Malformed, Reader},
    state::{refuse_compressed, Asset, Collection, Loaded},
};

fn read_kind(args: &mut Reader) -> Result<u8, Malformed> {
    let kind = args.u8()?;
    if kind > LAST_PLUGIN {
        Err(Malformed)
    } else {
        Ok(kind)
    }
}

fn supported(kind: u8) -> Result<u8, Error> {
    if [ATTRIBUTES, ROYALTIES, UPDATE_DELEGATE].contains(&kind) {
        Ok(kind)
    } else {
        Err(CoreError::NotAvailable.into())
    }
}

pub fn approve_of_asset(views: &[AccountView], args: &mut Reader) -> ProgramResult {
    let (kind, new) = parse(args, |args| Ok((read_kind(args)?, Authority::read(args)?)))?;
    change_of_asset(views, supported(kind)?, Some(new))
}

pub fn revoke_of_asset(views: &[AccountView], args: &mut Reader) -> ProgramResult {
    let kind = parse(args, read_kind)?;
    change_of_asset(views, supported(kind)?, None)
}

pub fn approve_of_collection(views: &[AccountView], args: &mut Reader) -> ProgramResult {
    let (kind, new) = parse(args, |args| Ok((read_kind(args)?, Authority::read(args)?)))?;
    change_of_collection(views, supported(kind)?, Some(new))
}

pub fn revoke_of_collection(views: &[AccountView], args: &mut Reader) -> ProgramResult {
    let kind = parse(args, read_kind)?;
    change_of_collection(views, supported(kind)?, None)
}

/// Core makes room for the whole approved authority, not only for what it is longer than the old one.
fn left_behind(old: &Plugin, new: Option<Authority>) -> usize {
    if new.is_some() {
        old.authority.len()
    } else {
        0
    }
}

/// `new` is the approved authority, none revokes. What revoking frees goes to the payer only if the
/// plugin's manager does it, else it stays in the account.
fn change_of_asset(views: &[AccountView], kind: u8, new: Option<Authority>) -> ProgramResult {
    let accounts = Accounts::new(views, 6)?;
    let mut payer = accounts.signer(2)?;
    let authority = accounts.authority(3, payer)?;
    accounts.system_program(4)?;
    accounts.log_wrapper(5)?;
    let mut view = accounts.at(0);
    refuse_compressed(&view)?;
    let mut asset = Loaded::<Asset>::load(&view)?;
    let plugin = asset.plugin_mut(kind)?.clone();
    let collection = collection_of(&asset.core, accounts.optional(1).as_ref())?;
    let scope = Scope::of_asset(authority.address(), &asset, collection.as_ref());
    match new {
        Some(_) => scope.may_approve_authority(&plugin)?,
        None => scope.may_revoke_authority(&plugin)?,
    }
    if new.is_none() && !scope.manager() {
        payer = view;
    }
    asset.core.seq = asset.core.seq.map(|seq| seq.saturating_add(1));
    asset.plugin_mut(kind)?.authority = new.unwrap_or(Authority::MANAGER);
    asset.save_longer(&mut view, &mut payer, left_behind(&plugin, new))
}

fn change_of_collection(views: &[AccountView], kind: u8, new: Option<Authority>) -> ProgramResult {
    let accounts = Accounts::new(views, 5)?;
    let mut payer = accounts.signer(1)?;
    let authority = accounts.authority(2, payer)?;
    accounts.system_program(3)?;
    accounts.log_wrapper(4)?;
    let mut view = accounts.at(0);
    let mut collection = Loaded::<Collection>::load(&view)?;
    let plugin = collection.plugin_mut(kind)?.clone();
    let scope = Scope::of_collection(authority.address(), &collection);
    match new {
        Some(_) => scope.may_approve_authority(&plugin)?,
        None => scope.may_revoke_authority(&plugin)?,
    }
    if new.is_none() && !scope.manager() {
        payer = view;
    }
    collection.plugin_mut(kind)?.authority = new.unwrap_or(Authority::MANAGER);
    collection.save_longer(&mut view, &mut payer, left_behind(&plugin, new))
}
