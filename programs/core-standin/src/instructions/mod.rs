//! One file per verb; the first byte of the data is the verb's number in Core.
mod add_plugin;
mod create;
mod create_collection;
mod plugin_authority;
mod transfer;
mod update;
mod update_plugin;

use alloc::vec::Vec;

use anchor_lang::{
    pinocchio::{account::AccountView, ProgramResult},
    Error,
};

use crate::{
    error::CoreError,
    plugin::{read_plugin, Authority, Plugin},
    reader::{Malformed, Reader},
};

/// The greatest instruction number that Core knows.
const LAST_INSTRUCTION: u8 = 32;

pub fn dispatch(accounts: &[AccountView], data: &[u8]) -> ProgramResult {
    let mut reader = Reader::new(data);
    let verb = reader.u8().map_err(malformed)?;
    let args = &mut reader;
    match verb {
        0 => create::process(accounts, args, false),
        1 => create_collection::process(accounts, args, false),
        2 => add_plugin::of_asset(accounts, args),
        3 => add_plugin::of_collection(accounts, args),
        6 => update_plugin::of_asset(accounts, args),
        7 => update_plugin::of_collection(accounts, args),
        8 => plugin_authority::approve_of_asset(accounts, args),
        9 => plugin_authority::approve_of_collection(accounts, args),
        10 => plugin_authority::revoke_of_asset(accounts, args),
        11 => plugin_authority::revoke_of_collection(accounts, args),
        14 => transfer::process(accounts, args),
        15 => update::of_asset(accounts, args, false),
        16 => update::of_collection(accounts, args),
        20 => create::process(accounts, args, true),
        21 => create_collection::process(accounts, args, true),
        30 => update::of_asset(accounts, args, true),
        0..=LAST_INSTRUCTION => Err(CoreError::NotAvailable.into()),
        _ => Err(Error::BorshIoError),
    }
}

/// What Core answers to instruction data that is not Borsh of its arguments.
fn malformed(_: Malformed) -> Error {
    Error::BorshIoError
}

/// Reads the arguments to the last byte.
fn parse<'a, T>(
    args: &mut Reader<'a>,
    read: impl FnOnce(&mut Reader<'a>) -> Result<T, Malformed>,
) -> Result<T, Error> {
    let value = read(args).map_err(malformed)?;
    end(args)?;
    Ok(value)
}

/// A plugin with its optional authority (its manager's unless given).
fn read_pair(args: &mut Reader) -> Result<Plugin, Error> {
    let data = read_plugin(args).map_err(malformed)??.to_vec();
    let given = args.option().map_err(malformed)?;
    let authority =
        if given { Authority::read(args).map_err(malformed)? } else { Authority::MANAGER };
    Ok(Plugin { data, authority })
}

/// What no argument may be followed by: anything.
fn end(args: &Reader) -> Result<(), Error> {
    if args.left() > 0 {
        Err(Error::BorshIoError)
    } else {
        Ok(())
    }
}

/// The arguments that end both create instructions: plugins and, in the second version, external
/// plugin adapters, of which none is supported. What follows a plugin without support is not read.
fn read_plugins(args: &mut Reader, v2: bool) -> Result<Vec<Plugin>, Error> {
    let mut plugins = Vec::new();
    if args.option().map_err(malformed)? {
        for _ in 0..args.u32().map_err(malformed)? {
            plugins.push(read_pair(args)?);
        }
    }
    if v2 && args.option().map_err(malformed)? && args.u32().map_err(malformed)? > 0 {
        return Err(CoreError::NotAvailable.into());
    }
    end(args)?;
    Ok(plugins)
}
