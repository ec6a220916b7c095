//! Metaplex Core as this program needs it: its accounts read, its instructions called. The bytes are
//! Core's own (metaplex-foundation/mpl-core, clients/js/src/generated).
mod call;
mod data;

use anchor_lang::prelude::*;
pub use call::*;
pub use data::*;

use crate::{EvolutionError, MAX_NAME, MAX_URI, MPL_CORE_ID};

const KEY_ASSET: u8 = 1;
const IN_COLLECTION: u8 = 2;

/// What an evolution has to know of a Core asset.
pub struct AssetView {
    pub owner: Address,
    pub uri_len: usize,
}

/// Reads an asset's account. Errors: not Core's, not an asset, not in this collection.
pub fn read_asset(view: &AccountView, collection: &Address) -> Result<AssetView> {
    require!(view.owned_by(&MPL_CORE_ID), EvolutionError::NotInCollection);
    // SAFETY: no mutable borrow of the asset's data is alive: it is Core's, and Core is not running.
    parse_asset(unsafe { view.borrow_unchecked() }, collection)
        .ok_or(EvolutionError::NotInCollection.into())
}

fn parse_asset(data: &[u8], collection: &Address) -> Option<AssetView> {
    if data.first() != Some(&KEY_ASSET) || data.get(33) != Some(&IN_COLLECTION) {
        return None;
    }
    if data.get(34..66)? != collection.as_ref() {
        return None;
    }
    let mut owner = [0; 32];
    owner.copy_from_slice(&data[1..33]);
    let name_len = read_u32(data, 66)? as usize;
    let uri_len = read_u32(data, name_len.checked_add(70)?)? as usize;
    Some(AssetView { owner: Address::new_from_array(owner), uri_len })
}

fn read_u32(data: &[u8], at: usize) -> Option<u32> {
    let bytes = data.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
}

pub fn check_name(name: &str) -> Result<()> {
    require!(!name.is_empty() && name.len() <= MAX_NAME as usize, EvolutionError::NameLength);
    Ok(())
}

pub fn check_uri(uri: &[u8]) -> Result<()> {
    require!(!uri.is_empty() && uri.len() <= MAX_URI as usize, EvolutionError::UriLength);
    Ok(())
}
