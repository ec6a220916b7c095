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
const KEY_HEADER: u8 = 3;
const KEY_REGISTRY: u8 = 4;
const KEY_COLLECTION: u8 = 5;
const HEADER_BYTES: usize = 9;
/// Of a registry with one plugin, which is the update authority's.
const REGISTRY_BYTES: usize = 19;
/// Royalties among Core's plugins.
const ROYALTIES: u8 = 0;
const AUTHORITY_ADDRESS: u8 = 3;

/// What an evolution has to know of a Core asset.
pub struct AssetView {
    pub owner: Address,
    pub uri_len: usize,
    /// Its account has the length of one with our attributes and nothing else.
    pub as_minted: bool,
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
    let plugins = data.len().checked_sub(name_len)?.checked_sub(uri_len)?.checked_sub(75)?;
    let as_minted = plugins == HEADER_BYTES + ATTRIBUTES_BYTES + REGISTRY_BYTES;
    Some(AssetView { owner: Address::new_from_array(owner), uri_len, as_minted })
}

/// What a change of a collection has to know of it.
pub struct CollectionView {
    pub name_len: usize,
    pub uri_len: usize,
    pub royalties: bool,
}

/// Reads a collection's account. Errors: not Core's, or not a collection.
pub fn read_collection(view: &AccountView) -> Result<CollectionView> {
    require!(view.owned_by(&MPL_CORE_ID), EvolutionError::WrongCollection);
    // SAFETY: as in `read_asset`.
    parse_collection(unsafe { view.borrow_unchecked() })
        .ok_or(EvolutionError::WrongCollection.into())
}

fn parse_collection(data: &[u8]) -> Option<CollectionView> {
    if data.first() != Some(&KEY_COLLECTION) {
        return None;
    }
    let name_len = read_u32(data, 33)? as usize;
    let uri_len = read_u32(data, name_len.checked_add(37)?)? as usize;
    // two counters end what is the collection's own; plugins follow, if it has any
    let end = name_len.checked_add(uri_len)?.checked_add(49)?;
    let royalties = data.len() > end && has_plugin(data, end, ROYALTIES)?;
    Some(CollectionView { name_len, uri_len, royalties })
}

/// Whether the registry, to which the header at `header` points, has a record of this plugin.
fn has_plugin(data: &[u8], header: usize, kind: u8) -> Option<bool> {
    if data.get(header) != Some(&KEY_HEADER) {
        return None;
    }
    let registry = read_u32(data, header.checked_add(1)?)? as usize;
    if data.get(registry) != Some(&KEY_REGISTRY) {
        return None;
    }
    let mut record = registry.checked_add(5)?;
    for _ in 0..read_u32(data, registry.checked_add(1)?)? {
        if *data.get(record)? == kind {
            return Some(true);
        }
        let address = *data.get(record.checked_add(1)?)? == AUTHORITY_ADDRESS;
        // kind, authority, offset
        record = record.checked_add(if address { 42 } else { 10 })?;
    }
    Some(false)
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
