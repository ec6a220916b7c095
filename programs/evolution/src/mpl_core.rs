//! Metaplex Core as this program needs it: its accounts read, its instructions called. The bytes are
//! Core's own (metaplex-foundation/mpl-core, clients/js/src/generated).
use alloc::vec::Vec;

use anchor_lang::{
    pinocchio::{
        cpi::{invoke_signed_unchecked, CpiAccount, Seed, Signer as CpiSigner},
        instruction::{InstructionAccount, InstructionView},
    },
    prelude::*,
};

use crate::{EvolutionError, Symbiont, DEED_NAMES, MAX_NAME, MAX_URI, MPL_CORE_ID};

const CREATE: u8 = 0;
const CREATE_COLLECTION: u8 = 1;
const UPDATE_PLUGIN: u8 = 6;
const UPDATE: u8 = 15;
const KEY_ASSET: u8 = 1;
const IN_COLLECTION: u8 = 2;
const UPDATE_DELEGATE: u8 = 4;
const ATTRIBUTES: u8 = 6;
const AUTHORITY_ADDRESS: u8 = 3;
const NONE: u8 = 0;
const SOME: u8 = 1;

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

pub fn check_uri(uri: &str) -> Result<()> {
    require!(!uri.is_empty() && uri.len() <= MAX_URI as usize, EvolutionError::UriLength);
    Ok(())
}

/// A collection with the config as its update delegate.
pub fn create_collection_data(name: &str, uri: &str, delegate: &Address) -> Vec<u8> {
    let mut out = Vec::with_capacity(320);
    out.push(CREATE_COLLECTION);
    put_string(&mut out, name.as_bytes());
    put_string(&mut out, uri.as_bytes());
    out.extend_from_slice(&[SOME, 1, 0, 0, 0, UPDATE_DELEGATE, 0, 0, 0, 0]);
    out.extend_from_slice(&[SOME, AUTHORITY_ADDRESS]);
    out.extend_from_slice(delegate.as_ref());
    out
}

/// An asset with its attributes, which only the config may change.
pub fn create_data(name: &str, uri: &str, symbiont: &Symbiont) -> Vec<u8> {
    let mut out = Vec::with_capacity(1024);
    out.extend_from_slice(&[CREATE, 0]);
    put_string(&mut out, name.as_bytes());
    put_string(&mut out, uri.as_bytes());
    out.extend_from_slice(&[SOME, 1, 0, 0, 0]);
    put_attributes(&mut out, symbiont);
    out.extend_from_slice(&[SOME, AUTHORITY_ADDRESS]);
    out.extend_from_slice(symbiont.config.as_ref());
    out
}

/// A new URI; name and update authority stay.
pub fn update_data(uri: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    out.extend_from_slice(&[UPDATE, NONE, SOME]);
    put_string(&mut out, uri.as_bytes());
    out.push(NONE);
    out
}

/// New attributes.
pub fn update_attributes_data(symbiont: &Symbiont) -> Vec<u8> {
    let mut out = Vec::with_capacity(768);
    out.push(UPDATE_PLUGIN);
    put_attributes(&mut out, symbiont);
    out
}

fn put_attributes(out: &mut Vec<u8>, symbiont: &Symbiont) {
    out.extend_from_slice(&[ATTRIBUTES, DEED_NAMES.len() as u8 + 5, 0, 0, 0]);
    put_number(out, "stage", symbiont.stage as u64);
    put_number(out, "branch", symbiont.branch as u64);
    for (name, deed) in DEED_NAMES.iter().zip(&symbiont.deeds) {
        put_number(out, name, deed.get() as u64);
    }
    put_hex(out, "genome", &symbiont.genome);
    put_number(out, "version", symbiont.version.get());
    put_hex(out, "picture", &symbiont.picture);
}

fn put_string(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
    out.extend_from_slice(bytes);
}

fn put_number(out: &mut Vec<u8>, key: &str, mut value: u64) {
    put_string(out, key.as_bytes());
    let mut digits = [0; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    put_string(out, &digits[at..]);
}

fn put_hex(out: &mut Vec<u8>, key: &str, bytes: &[u8; 32]) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    put_string(out, key.as_bytes());
    let mut digits = [0; 64];
    for (i, byte) in bytes.iter().enumerate() {
        digits[2 * i] = HEX[(byte >> 4) as usize];
        digits[2 * i + 1] = HEX[(byte & 15) as usize];
    }
    put_string(out, &digits);
}

/// What an account is to the called instruction.
#[derive(Clone, Copy)]
pub struct Role {
    writable: bool,
    signer: bool,
}

pub const READ: Role = Role { writable: false, signer: false };
pub const WRITE: Role = Role { writable: true, signer: false };
pub const SIGN: Role = Role { writable: false, signer: true };
pub const WRITE_SIGN: Role = Role { writable: true, signer: true };

/// Calls Core. `None` is an optional account that is absent: Core's own address stands there.
/// A refusal of Core's ends the transaction with Core's code.
#[inline(never)]
pub fn call<const N: usize>(
    core: &AccountView,
    data: &[u8],
    accounts: [Option<(&AccountView, Role)>; N],
    seeds: &[&[Seed]],
) {
    let metas = accounts.map(|account| match account {
        Some((view, role)) => InstructionAccount::new(view.address(), role.writable, role.signer),
        None => InstructionAccount::new(&MPL_CORE_ID, false, false),
    });
    let views = accounts.map(|account| CpiAccount::from(account.map_or(core, |(view, _)| view)));
    let instruction = InstructionView { program_id: &MPL_CORE_ID, data, accounts: &metas };
    let mut signers = Vec::with_capacity(seeds.len());
    for seeds in seeds {
        signers.push(CpiSigner::from(*seeds));
    }
    // SAFETY: Core writes only accounts of its own and lamports; of those given to it here, our
    // zero-copy accounts are read-only signers, and no reference into a Core account is alive.
    unsafe { invoke_signed_unchecked(&instruction, &views, &signers) };
}
