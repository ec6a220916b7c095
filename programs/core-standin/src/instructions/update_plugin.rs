//! UpdatePluginV1: asset, collection?, payer, authority?, system program, log wrapper?.
//! UpdateCollectionPluginV1: the same without the asset.
use anchor_lang::{
    pinocchio::{account::AccountView, ProgramResult},
    Error,
};

use super::{end, malformed};
use crate::{
    accounts::Accounts,
    permission::{collection_of, Scope},
    plugin::read_plugin,
    reader::Reader,
    state::{refuse_compressed, Asset, Collection, Loaded},
};

fn read<'a>(args: &mut Reader<'a>) -> Result<&'a [u8], Error> {
    let data = read_plugin(args).map_err(malformed)??;
    end(args)?;
    Ok(data)
}

pub fn of_asset(views: &[AccountView], args: &mut Reader) -> ProgramResult {
    let data = read(args)?;
    let accounts = Accounts::new(views, 6)?;
    let mut payer = accounts.signer(2)?;
    let authority = accounts.authority(3, payer)?;
    accounts.system_program(4)?;
    accounts.log_wrapper(5)?;
    let mut view = accounts.at(0);
    refuse_compressed(&view)?;
    let mut asset = Loaded::<Asset>::load(&view)?;
    let old = asset.plugin_mut(data[0])?.clone();
    let collection = collection_of(&asset.core, accounts.optional(1).as_ref())?;
    Scope::of_asset(authority.address(), &asset, collection.as_ref())
        .may_update_plugin(&old, data)?;
    asset.core.seq = asset.core.seq.map(|seq| seq.saturating_add(1));
    asset.plugin_mut(data[0])?.data = data.to_vec();
    asset.save(&mut view, &mut payer)
}

pub fn of_collection(views: &[AccountView], args: &mut Reader) -> ProgramResult {
    let data = read(args)?;
    let accounts = Accounts::new(views, 5)?;
    let mut payer = accounts.signer(1)?;
    let authority = accounts.authority(2, payer)?;
    accounts.system_program(3)?;
    accounts.log_wrapper(4)?;
    let mut view = accounts.at(0);
    let mut collection = Loaded::<Collection>::load(&view)?;
    let old = collection.plugin_mut(data[0])?.clone();
    Scope::of_collection(authority.address(), &collection).may_update_plugin(&old, data)?;
    collection.plugin_mut(data[0])?.data = data.to_vec();
    collection.save(&mut view, &mut payer)
}
