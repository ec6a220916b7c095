//! CreateV1 and CreateV2: asset, collection?, authority?, payer, owner?, update authority?, system
//! program, log wrapper?.
use anchor_lang::pinocchio::{account::AccountView, ProgramResult};

use super::{malformed, read_plugins};
use crate::{
    accounts::{create, Accounts},
    error::CoreError,
    permission::Scope,
    plugin::UpdateAuthority,
    reader::Reader,
    state::{Asset, Collection, Loaded},
};

pub fn process(views: &[AccountView], args: &mut Reader, v2: bool) -> ProgramResult {
    let data_state = args.u8().map_err(malformed)?;
    let name = args.string().map_err(malformed)?.to_vec();
    let uri = args.string().map_err(malformed)?.to_vec();
    let plugins = read_plugins(args, v2)?;

    let accounts = Accounts::new(views, 8)?;
    let mut view = accounts.signer(0)?;
    let mut payer = accounts.signer(3)?;
    let authority = accounts.authority(2, payer)?;
    accounts.system_program(6)?;
    accounts.log_wrapper(7)?;
    let named = accounts.optional(5);
    if named.is_some() && accounts.optional(1).is_some() {
        return Err(CoreError::ConflictingAuthority.into());
    }
    let mut collection_view = accounts.optional(1);
    let mut collection = match &collection_view {
        Some(view) => Some(Loaded::<Collection>::load(view)?),
        None => None,
    };
    let otherwise = named.unwrap_or(payer);
    let update_authority = match &collection_view {
        Some(view) => UpdateAuthority::Collection(*view.address()),
        None => UpdateAuthority::Address(*otherwise.address()),
    };
    if data_state != 0 {
        return Err(CoreError::NotAvailable.into());
    }
    let asset = Loaded {
        core: Asset {
            owner: *accounts.optional(4).unwrap_or(otherwise).address(),
            update_authority,
            name,
            uri,
            seq: None,
        },
        plugins,
        len: 0,
    };
    // in Core's order, so that of two faults the same one is named
    create(&mut view, &payer, &asset.encode(), true)?;
    Scope::of_asset(authority.address(), &asset, collection.as_ref())
        .may_create(collection.is_some())?;
    asset.check_plugins()?;
    if let (Some(collection), Some(view)) = (&mut collection, &mut collection_view) {
        let core = &mut collection.core;
        core.num_minted = core.num_minted.checked_add(1).ok_or(CoreError::NumericalOverflow)?;
        core.current_size = core.current_size.checked_add(1).ok_or(CoreError::NumericalOverflow)?;
        collection.save(view, &mut payer)?;
    }
    Ok(())
}
